"""What the commands of a party share: where it keeps its things, who signs, which passphrases, which clock."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from safeconduct.cli.console import CLOCK, clock, warn, when
from safeconduct.desk.party import latest_entry, open_party
from safeconduct.desk.voice import Voice
from safeconduct.model.errors import InvalidInput, Unavailable
from safeconduct.model.instants import Instant, iso
from safeconduct.store.home import PARTY_KEY

PASSPHRASE = "SAFECONDUCT_PASSPHRASE"  # noqa: S105 (the name of a variable)
HOME = "SAFECONDUCT_HOME"
BEHIND = timedelta(minutes=10)
"""A clock this far behind the latest entry of the own log is named; our convention, as for messages ahead."""

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


class Passphrases(Mapping[str, str]):
    """
    Passphrases by the name of the key: ``SAFECONDUCT_PASSPHRASE_LEGAL`` for one, ``SAFECONDUCT_PASSPHRASE`` for all the
    others. On a terminal a missing one is asked for when it is first needed; an empty line: not this key.

    Args:
        asks: Whether there is somebody to ask.

        offices: The only offices to ask for, beside the desk's own key; empty: any.

        fresh: Names of keys that are being made: what is typed for them is typed twice.
    """

    def __init__(self, *, asks: bool, offices: Collection[str] = (), fresh: Collection[str] | None = ()) -> None:
        self._asks, self._offices, self._fresh = asks, offices, fresh
        self._found: dict[str, str] = {}
        for name, value in os.environ.items():
            if name == PASSPHRASE:
                self._found["*"] = value
            elif name.startswith(f"{PASSPHRASE}_"):
                self._found[name.removeprefix(f"{PASSPHRASE}_").lower().replace("_", "-")] = value

    def __getitem__(self, office: str) -> str:
        if office not in self._found and office != "*":
            others = self._found.get("*", "")
            wanted = not self._offices or office in (*self._offices, PARTY_KEY)
            self._found[office] = others or (self._typed(office) if self._asks and wanted else "")
        if not self._found.get(office):
            raise KeyError(office)
        return self._found[office]

    def __iter__(self) -> Iterator[str]:
        return iter([name for name, typed in self._found.items() if typed])

    def __len__(self) -> int:
        return len(list(iter(self)))

    def get(self, name: str, default: Any = None) -> Any:
        """
        The passphrase; for ``*`` the default where there is none.

        Raises:
            InvalidInput: There is none for this key: with what to do.
        """
        if name == "*" or name in self:
            return super().get(name, default)
        variable = f"{PASSPHRASE}_{name.upper().replace('-', '_')}"
        expected = f"the variable {variable} or {PASSPHRASE}, or a terminal on which to type it"
        raise InvalidInput("no passphrase", where=f"key {name}", expected=expected)

    def _typed(self, name: str) -> str:
        typed = getpass.getpass(f"Passphrase of {name}: ")
        if (self._fresh is None or name in self._fresh) and typed != getpass.getpass("Once more: "):
            raise InvalidInput("two different passphrases", where=f"key {name}", expected="the same one twice")
        return typed


def passphrases(offices: Collection[str] = (), *, fresh: Collection[str] | None = ()) -> Passphrases:
    """From the environment, else from the terminal if there is one; *fresh* None: every key is being made."""
    return Passphrases(asks=sys.stdin.isatty(), offices=offices, fresh=fresh)


def voice(path: Path | None, signers: str | None = None, *, fresh: Collection[str] = ()) -> Voice:
    """
    Open the party; a clock that cannot be right, and a disk that can only be read, are said on stderr.

    Raises:
        InvalidInput: There is no party in that directory, or it has no such office.
    """
    names = listed(signers)
    found = open_party(home(path), clock(), os.urandom, passphrases(names, fresh=fresh))
    if not found.home.takes_more():
        warn((f"{found.home.path} cannot be written to: what is there is read, and nothing is kept",))
    card = found.card()
    for each in names:
        if card.office(each) is None:
            known = ", ".join(office.office for office in card.offices)
            raise InvalidInput("no such office", where="--as", expected=known, got=each)
    since = latest_entry(found)
    if since is not None and found.at + BEHIND < since:
        said = f"{CLOCK} or the machine's clock says {iso(found.at)}, and this record was written until {iso(since)}"
        warn((f"{said}: is the clock right?",))
    return found


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


def ahead(text: str | None, option: str, party: Voice) -> Instant | None:
    """
    An instant that is still to come, or None where nothing was said.

    Raises:
        InvalidInput: It is past by this party's clock: a date mistyped binds nobody as meant.
    """
    found = when(text, option)
    if found is not None and found <= party.at:
        raise InvalidInput("an hour that is past", where=option, expected=f"after {iso(party.at)}", got=iso(found))
    return found


def read_file(path: Path, what: str) -> bytes:
    """
    The bytes of a file; ``-`` is standard input.

    Raises:
        InvalidInput: It cannot be read.
    """
    try:
        return sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as error:
        said = error.strerror or str(error)
        raise InvalidInput(
            f"{what} cannot be read", where=str(path), expected="a file that is there and readable", got=said
        ) from None


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Errors about what stands in a file name the file."""
    try:
        yield
    except InvalidInput as error:
        if error.where.startswith(str(path)):
            raise
        where = f"{path} {error.where}".strip()
        raise type(error)(error.message, where=where, expected=error.expected, got=error.got) from None


def write_file(path: Path, data: bytes) -> None:
    """
    Write a file whole or not at all: beside it first, then in its place.

    Raises:
        Unavailable: It cannot be written; what stood there stands there still.
    """
    beside = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        expected = "a place that can be written to; what was to go out still waits"
        raise Unavailable("cannot be written", where=str(path), expected=expected, got=str(error.strerror)) from None
