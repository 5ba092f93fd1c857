"""Where a party keeps its things: one directory with the store and a key file for each office."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from safeconduct.model.errors import InvalidInput, Unavailable
from safeconduct.store.sqlite import SqliteStore

PARTY_KEY = "party"
"""Name of the key file with the secrets of the party's own desk: sealing, soundings, log, cosigning."""

NEXT = "-next-"
"""Between the name of a key and the beginning of its public key: it waits until the card that names it is durable."""

_STORE = "record.db"
_PRIVATE = 0o700


def next_name(name: str, public: str) -> str:
    """Under which name a key waits for its card; *public*: its public key, hexadecimal digits."""
    return f"{name}{NEXT}{public[:16]}"


@dataclass(frozen=True, slots=True)
class Home:
    """
    A party's directory.

    Args:
        path: Readable by its owner alone, where the system knows owners.
    """

    path: Path

    def make(self) -> SqliteStore:
        """
        Make the directory and an empty store in it.

        Raises:
            Unavailable: A store is there already, or the place cannot be written to.
        """
        try:
            (self.path / "keys").mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
            self.path.chmod(_PRIVATE)
        except OSError as error:
            raise Unavailable("the party's directory cannot be made", where=str(self.path), got=str(error)) from None
        return SqliteStore(self.path / _STORE, create=True)

    def store(self) -> SqliteStore:
        """
        Open the store.

        Raises:
            Unavailable: There is none, or it cannot be used.

            Corrupt: It is damaged.
        """
        return SqliteStore(self.path / _STORE)

    def takes_more(self) -> bool:
        """Whether the store can be written to; else it can only be read."""
        return os.access(self.path / _STORE, os.W_OK) and os.access(self.path, os.W_OK)

    def write_key(self, name: str, box: bytes) -> None:
        """
        Keep a key file, whole or not at all.

        Raises:
            Unavailable: It cannot be written.
        """
        place = self._key(name)
        beside = place.with_suffix(f".{os.getpid()}.new")
        try:
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(box)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(place)
        except OSError as error:
            raise Unavailable("a key file cannot be written", where=str(place), got=str(error)) from None

    def promote_key(self, name: str, public: str) -> None:
        """
        Put a key that was kept for the next card in the place of the present one; none waiting is no error.

        Args:
            public: The public key that the card names.

        Raises:
            Unavailable: It cannot be moved.
        """
        waiting = self._key(next_name(name, public))
        try:
            waiting.replace(self._key(name))
        except FileNotFoundError:
            return  # another process did it
        except OSError as error:
            raise Unavailable("a key file cannot be moved", where=str(waiting), got=str(error)) from None

    def drop_key(self, name: str) -> None:
        """Delete a key that came to nothing; where that cannot be done it lies there sealed and opens nothing."""
        with suppress(OSError):
            self._key(name).unlink(missing_ok=True)

    def read_key(self, name: str) -> bytes:
        """
        A key file.

        Raises:
            InvalidInput: It is not there: that office's key is kept elsewhere.
        """
        try:
            return self._key(name).read_bytes()
        except OSError:
            found = sorted(each.stem for each in (self.path / "keys").glob("*.key") if NEXT not in each.stem)
            expected = f"that file, or one of those here: {', '.join(found) or 'none'}"
            raise InvalidInput("no key of this office here", where=str(self._key(name)), expected=expected) from None

    def has_key(self, name: str) -> bool:
        """Whether the office's key is kept here."""
        return self._key(name).exists()

    def _key(self, name: str) -> Path:
        if not name or not all(each.isalnum() or each in "-_" for each in name):
            raise InvalidInput(
                "not the name of an office", where="office", expected="letters, digits, - and _", got=name
            )
        return self.path / "keys" / f"{name}.key"
