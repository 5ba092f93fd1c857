"""
Generated pages are what their command prints, and relative links lead somewhere.

A file under docs/ that a command writes says so in one of its first five lines, in whatever form its format has for a
comment: `generated: safeconduct validate --markdown`, ended by `;`, `-->`, a quote or the line. The file must equal the
command's output, which may or may not contain that line.

    check_docs.py           compare; exit 1 with a diff where a file is stale
    check_docs.py --write   write the files anew
"""

import argparse
import difflib
import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MARK = re.compile(r"generated: ((?:safeconduct|python) [^;\"\n]*?)\s*(?:;|-->|\"|$)")
LINK = re.compile(r"\]\((?!\w+:|#)([^)\s#]+)(?:#[^)]*)?\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def marked(text: str) -> tuple[str, str] | None:
    """The generating command and the line that names it, or None for a page written by hand."""
    for line in text.splitlines(keepends=True)[:5]:
        mark = MARK.search(line)
        if mark:
            return mark.group(1), line
    return None


def fresh(command: str, line: str) -> str:
    """What the file should hold: the command's output, below the marker line unless the output carries it."""
    program, *arguments = shlex.split(command)
    python = [sys.executable] if program == "python" else [sys.executable, "-m", "safeconduct"]
    done = subprocess.run([*python, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{command}: status {done.returncode}\n{done.stderr}")
    return done.stdout if line in done.stdout else line + done.stdout


def stale(path: Path, *, write: bool) -> bool:
    """Compare one file with its command, or write it."""
    text = path.read_text(encoding="utf-8")
    mark = marked(text)
    if mark is None:
        return False
    expected = fresh(*mark)
    if expected == text:
        return False
    if write:
        path.write_text(expected, encoding="utf-8")
        print(f"{path.relative_to(ROOT)}: written")
        return False
    name = str(path.relative_to(ROOT))
    sys.stdout.writelines(
        difflib.unified_diff(text.splitlines(True), expected.splitlines(True), name, f"{name} (make docs)")
    )
    return True


def dead_links(page: Path) -> list[str]:
    """Relative links of a page that lead nowhere."""
    prose = FENCE.sub("", page.read_text(encoding="utf-8"))
    return [target for target in LINK.findall(prose) if not (page.parent / target).exists()]


def main() -> int:
    """Check, or write, every page."""
    parser = argparse.ArgumentParser(description="Check the generated pages and the links.")
    parser.add_argument("--write", action="store_true", help="write the generated pages anew")
    arguments = parser.parse_args()
    files = sorted(path for path in (ROOT / "docs").rglob("*") if path.suffix in {".md", ".json", ".txt"})
    wrong = sum([stale(path, write=arguments.write) for path in files])
    for page in [*sorted(ROOT.glob("*.md")), *(path for path in files if path.suffix == ".md")]:
        for target in dead_links(page):
            wrong += 1
            print(f"{page.relative_to(ROOT)}: the link to {target} leads nowhere")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
