"""What the commands of a party share: where it keeps its things, who signs, which passphrases, which clock."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from safeconduct.cli.console import when
from safeconduct.desk.assess import now
from safeconduct.desk.party import open_party
from safeconduct.desk.voice import Voice
from safeconduct.model.errors import InvalidInput
from safeconduct.model.instants import Instant

PASSPHRASE = "SAFECONDUCT_PASSPHRASE"  # noqa: S105 (the name of a variable)
HOME = "SAFECONDUCT_HOME"
CLOCK = "SAFECONDUCT_NOW"

HomeOption = Annotated[
    Path | None, typer.Option("--home", help=f"The party's directory. Default: ${HOME}, or ~/.safeconduct.")
]
Offices = Annotated[
    str | None, typer.Option("--as", help="Offices that sign, such as duty,legal. Default: as many as it takes.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def home(path: Path | None) -> Path:
    """The party's directory: the option, the variable, or the usual place."""
    return path or Path(os.environ.get(HOME) or Path.home() / ".safeconduct")


def clock() -> Instant:
    """The machine's clock; an exercise may set another with a variable."""
    said = os.environ.get(CLOCK)
    return ((when(said, CLOCK) if said else None) or now()).replace(microsecond=0)


def passphrases(offices: Sequence[str] = ()) -> Mapping[str, str]:
    """
    Passphrases by office: ``SAFECONDUCT_PASSPHRASE_LEGAL`` for one, ``SAFECONDUCT_PASSPHRASE`` for all the others.

    On a terminal, what is missing is asked for.
    """
    found = {}
    for name, value in os.environ.items():
        if name == PASSPHRASE:
            found["*"] = value
        elif name.startswith(f"{PASSPHRASE}_"):
            found[name.removeprefix(f"{PASSPHRASE}_").lower().replace("_", "-")] = value
    if not found and sys.stdin.isatty():
        found = {each: getpass.getpass(f"Passphrase of {each}: ") for each in (*offices, "party")}
    return found


def voice(path: Path | None, signers: str | None = None) -> Voice:
    """
    Open the party.

    Raises:
        InvalidInput: There is no party in that directory.
    """
    return open_party(home(path), clock(), os.urandom, passphrases(listed(signers)))


def listed(text: str | None) -> tuple[str, ...]:
    """Names separated by commas."""
    return tuple(each.strip() for each in (text or "").split(",") if each.strip())


def span(text: str, option: str) -> timedelta:
    """
    A length of time such as ``90m``, ``12h`` or ``7d``.

    Raises:
        InvalidInput: It is none.
    """
    units = {"m": "minutes", "h": "hours", "d": "days"}
    try:
        return timedelta(**{units[text[-1:]]: float(text[:-1])})
    except (KeyError, ValueError, OverflowError):
        raise InvalidInput("not a length of time", where=option, expected="such as 90m, 12h or 7d", got=text) from None


def read_file(path: Path, what: str) -> bytes:
    """
    The bytes of a file; ``-`` is standard input.

    Raises:
        InvalidInput: It cannot be read.
    """
    try:
        return sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as error:
        raise InvalidInput(f"{what} cannot be read", where=str(path), got=error.strerror or str(error)) from None


def write_file(path: Path, data: bytes) -> None:
    """Write a file whole or not at all: beside it first, then in its place."""
    beside = path.with_name(path.name + ".part")
    with beside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
