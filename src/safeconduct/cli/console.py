"""What every command needs to print: errors to stderr, data to stdout."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from safeconduct.model.errors import SafeConductError
from safeconduct.model.instants import Instant, instant

CLOCK = "SAFECONDUCT_NOW"
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def told(fault: SafeConductError) -> None:
    """One error on stderr."""
    sys.stderr.write(_STEERING.sub("\N{REPLACEMENT CHARACTER}", f"error: {fault}\n"))


def warn(lines: tuple[str, ...]) -> None:
    """Warnings on stderr."""
    for line in lines:
        sys.stderr.write(f"warning: {line}\n")


def say(text: str) -> None:
    """Text on stdout, ending in a newline."""
    sys.stdout.write(text if text.endswith("\n") else text + "\n")


def say_foreign(text: str) -> None:
    """As `say`, where others wrote part of the text: it steers no terminal and turns no line round."""
    say(_STEERING.sub("\N{REPLACEMENT CHARACTER}", text))


def can_write(*files: Path | None) -> None:
    """
    Ask before long work whether its files can be written; nothing is made.

    Raises:
        OSError: No such folder, a folder in the file's place, or no right to write.
    """
    for file in files:
        if file is None:
            continue
        if file.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(file))
        if not file.parent.is_dir():
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(file))
        if not os.access(file if file.exists() else file.parent, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(file))


def dump(document: Any) -> None:
    """A JSON document on stdout."""
    say(json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False))


def width() -> int:
    """Columns of the terminal; 120 where there is none."""
    return max(80, min(shutil.get_terminal_size((120, 50)).columns, 160))


def colour() -> bool:
    """Whether to colour: a terminal, and nobody said no (https://no-color.org)."""
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ


def clock() -> Instant:
    """The machine's clock; an exercise may set another with a variable."""
    said = os.environ.get(CLOCK)
    return (instant(said, where=CLOCK) if said else datetime.now(tz=UTC)).replace(microsecond=0)


def when(text: str | None, option: str, *, or_now: bool = False) -> Instant | None:
    """An instant given on the command line; ``now`` where the option allows it."""
    if text is None:
        return None
    if text == "now" and or_now:
        return clock()
    return instant(text, where=option)
