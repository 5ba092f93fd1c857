"""
No file of the project names a package registry's host or an absolute path of the machine it was written on.

What to look for is asked of this machine (pip's settings, the home and temporary directories, the tree's own place), so
that the check itself names none of it. Prints one line per find; exit 1 if there is one.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from pip._internal.models import index

ROOT = Path(__file__).resolve().parent.parent
GENERAL = (
    r"\bregistry\.[a-z]+\.(?:org|com)\b",  # the registries of other languages
    r"(?<![\w/])/(?:home|Users)/[a-z]\w*/",  # somebody's home directory
    r"--(?:extra-)?index-url|--find-links|--trusted-host",  # where a lock file would name its source
)
MAY_NAME_OPTIONS = {"tools/check_names.py", "tools/lock.sh"}


def registry_hosts() -> set[str]:
    """Hosts of the package index pip knows by itself, and hosts and directories it is told to use here."""
    known = (index.PyPI, index.TestPyPI)
    hosts = {place.netloc for place in known} | {place.file_storage_domain for place in known}
    told = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=True)
    settings = re.findall(r"https?://([^/\s']+)|file://(/[^\s']+)", told.stdout)
    return hosts | {host or place for host, place in settings}


def machine_paths() -> set[str]:
    """Directories that mean something on this machine alone: the tree, its parent, home, and the temporary one."""
    places = {ROOT, ROOT.parent, Path.home(), Path(tempfile.gettempdir())}
    return {f"{place}/" for place in places if place != Path("/")}


def main() -> int:
    """Report each line of a tracked or new text file that names a host or a place."""
    words = sorted(registry_hosts() | machine_paths())
    literal = re.compile("|".join(rf"(?<![\w.]){re.escape(word)}" for word in words))
    general = re.compile("|".join(GENERAL))
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.split(b"\0")
    found = 0
    for name in sorted(name.decode() for name in names if name):
        path = ROOT / name
        data = path.read_bytes() if path.is_file() else b""
        if b"\0" in data[:8192]:
            continue
        for number, line in enumerate(data.decode(errors="replace").splitlines(), 1):
            hit = literal.search(line) or (name not in MAY_NAME_OPTIONS and general.search(line))
            if hit:
                found += 1
                print(f"{name}:{number}: names a registry or a place of one machine: {hit.group()!r}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
