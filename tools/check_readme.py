"""
Run the commands that README.md and docs/ show, as printed.

A ```console block holds lines `$ command`. Those that start with `safeconduct`, `python -m safeconduct` or `make` are
run, others (git clone, cd, an editor) are not; `export NAME=VALUE` holds for the rest of the page. Blocks of one page
share one scratch directory, in which `safeconduct` runs; `make` runs in the tree. A command must end with status 0, or
with the one its line names: `$ safeconduct ...  # exit 2`.
In a block that opens with ```console exact, the lines below a command are its whole output, where a line `...` stands
for any lines.
A block that opens with ```yaml into=NAME is written into the scratch directory before what follows it: the first of a
name anew, each further one below it. So a page can build a file under the reader's eyes and run commands on it.
Prints one line per command; exit 1 if one of them did not do as printed.

    check_readme.py [--already TARGET,..] [PAGE ..]

Make targets named by --already have just been run by the caller: here they must only exist.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"^```(console|yaml into=)([^\n]*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
STATUS = re.compile(r"\s+# exit (\d)\s*$")
EXPORT = re.compile(r"export (\w+)=(\S*)")
LIMIT_S = 600


@dataclass(frozen=True, slots=True)
class Shown:
    """A command a page shows: its place, what it should end with, and its whole output if that is promised."""

    where: str
    command: str
    status: int
    output: str | None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a file that the page has its reader write; *more* goes below what is there."""

    name: str
    text: str
    more: bool


def shown_on(page: Path) -> Iterator[Shown | Part]:
    """Commands of the page's console blocks and parts of files, in order."""
    text = page.read_text(encoding="utf-8")
    begun: set[str] = set()
    for block in BLOCK.finditer(text):
        if block.group(1) != "console":
            name = Path(block.group(2).strip()).name  # never outside the scratch directory
            yield Part(name, block.group(3), name in begun)
            begun.add(name)
            continue
        first_line = text.count("\n", 0, block.start(3)) + 1
        lines = block.group(3).splitlines()
        starts = [n for n, line in enumerate(lines) if line.startswith("$ ")]
        for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
            command = lines[start][2:]
            rest = start + 1
            while command.endswith("\\") and rest < end:
                command = command[:-1] + lines[rest].removeprefix("> ").strip()
                rest += 1
            status = STATUS.search(command)
            exact = "exact" in block.group(2).split()
            yield Shown(
                where=f"{page.relative_to(ROOT)}:{first_line + start}",
                command=STATUS.sub("", command).strip(),
                status=int(status.group(1)) if status else 0,
                output="\n".join(lines[rest:end]).strip("\n") if exact else None,
            )


def as_promised(promised: str, got: str) -> bool:
    """Whether *got* is the promised text, a promised line `...` standing for any lines."""
    any_lines = r"(?:.*\n)*?"
    lines = (any_lines if line.strip() == "..." else re.escape(line) + r"[ \t]*\n" for line in promised.splitlines())
    return re.fullmatch("".join(lines), got.strip("\n") + "\n") is not None


def run(shown: Shown, scratch: Path, already: set[str], exported: Mapping[str, str]) -> str | None:
    """Run one command; None if it did as printed, else what was wrong."""
    words = shown.command.split()
    in_tree = words[0] == "make"
    dry = in_tree and not already.isdisjoint(words)
    bin_dir = Path(sys.executable).parent
    usual = {"PATH": f"{bin_dir}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "120", "NO_COLOR": "1"}
    environment = os.environ | exported | usual
    done = subprocess.run(
        shown.command.replace("make", "make --dry-run", 1) if dry else shown.command,
        shell=True,  # the page's reader types it into a shell: pipes and redirections count
        cwd=ROOT if in_tree else scratch,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    if done.returncode != shown.status:
        return f"status {done.returncode}, expected {shown.status}\n{(done.stdout + done.stderr)[-2000:]}"
    if shown.output is not None and not dry and not as_promised(shown.output, done.stdout + done.stderr):
        return f"printed\n{done.stdout + done.stderr}\nbut the page shows\n{shown.output}"
    return None


def main() -> int:
    """Run what the pages show."""
    parser = argparse.ArgumentParser(description="Run the commands that README.md and docs/ show.")
    parser.add_argument("--already", default="", help="make targets just run, comma-separated")
    parser.add_argument("pages", nargs="*", type=Path)
    arguments = parser.parse_args()
    pages = [page.resolve() for page in arguments.pages] or [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    wrong = ran = 0
    for page in pages:
        with tempfile.TemporaryDirectory() as scratch:
            exported: dict[str, str] = {}
            for shown in shown_on(page):
                if isinstance(shown, Part):
                    with Path(scratch, shown.name).open("a" if shown.more else "w", encoding="utf-8") as stream:
                        stream.write(shown.text)
                    continue
                if named := EXPORT.fullmatch(shown.command):
                    exported[named.group(1)] = named.group(2)
                if not re.match(r"(safeconduct|make|python -m safeconduct)(\s|$)", shown.command):
                    continue
                began = time.monotonic()
                problem = run(shown, Path(scratch), set(filter(None, arguments.already.split(","))), exported)
                ran += 1
                wrong += problem is not None
                verdict = "WRONG" if problem else "ok   "
                print(f"{verdict} {time.monotonic() - began:5.1f} s  {shown.where}: {shown.command}", flush=True)
                if problem:
                    print(problem)
    print(f"{ran} commands of {len(pages)} pages run, {wrong} not as printed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
