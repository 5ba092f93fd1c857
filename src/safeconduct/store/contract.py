"""
What a party's store promises, whatever it is made of.

Durability: when `commit` returns, what it was given survives the loss of power. Atomicity: all of a batch is there, or
none of it; nobody ever sees half. Order: entries of the log stand in the order in which they were committed, without
gaps, and are never changed. Idempotence: a thing that is already there, byte for byte, may be committed again and
changes nothing, and its batch appends no entries a second time. One writer at a time: another that tries waits some
seconds and is then told so.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from safeconduct.model.errors import Unavailable

FOREVER = (
    "card",
    "message",
    "enclosure",
    "parcel",
    "carried",
    "disclosure",
    "cosigned",
    "head",
    "inclusion",
    "refused",
)
"""Shelves whose things are written once and kept."""

PASSING = ("pin", "draft", "sounding", "secret", "want", "outbox")
"""Shelves whose things may be replaced and forgotten: nothing on them is part of the record."""

SHELVES = FOREVER + PASSING


class Overtaken(Unavailable):
    """Another process committed after what this one rests on was read; nothing of it was kept: read anew."""


@dataclass(frozen=True, slots=True)
class Thing:
    """
    Bytes under a name.

    Args:
        shelf: Of `SHELVES`.

        key: Unique on its shelf.
    """

    shelf: str
    key: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Batch:
    """
    What is to become durable together.

    Args:
        things: New things; on a passing shelf they replace what is there.

        entries: Entries for the end of the log, as bytes; appended only if at least one of *things* on a lasting shelf
            was not there before, or if there are no such things at all.

        forgets: (shelf, key) to remove, of passing shelves; what is not there is no error.
    """

    things: tuple[Thing, ...] = ()
    entries: tuple[bytes, ...] = ()
    forgets: tuple[tuple[str, str], ...] = ()


class Store(Protocol):
    """
    Where a party keeps what it sent, received and promised. Semantics: see the head of this module.

    Errors of every method: `Unavailable` where the disk is full, read-only or busy (nothing was changed; try again when
    it is mended), `Corrupt` where what is stored is not what was written (restore a backup and import again).
    """

    def commit(self, batches: tuple[Batch, ...], since: object = None) -> tuple[bool, ...]:
        """
        Make batches durable, in order, with one flush for all of them.

        Args:
            since: A `mark`: they rest on what was read then, and are kept only if nothing was committed meanwhile. None
                where they hold whatever else was committed.

        Returns:
            For each batch whether it was new: False where its lasting things were all there already.

        Raises:
            Overtaken: Something was committed since; nothing of any batch was kept.

            InvalidInput: A thing on a lasting shelf is there with other bytes; nothing of any batch was kept.
        """

    def get(self, shelf: str, key: str) -> bytes | None:
        """The bytes under that name, or None."""

    def keys(self, shelf: str, start: str = "") -> tuple[str, ...]:
        """Names on a shelf that begin with *start*, in the order in which they were first committed."""

    def news(self, shelves: tuple[str, ...], after: int) -> tuple[tuple[int, str, str], ...]:
        """
        What came onto lasting shelves after a place, in order: (place, shelf, name).

        Places grow; 0 is before all of them, and the last one of an answer is where the next one goes on.
        """

    def entries(self, start: int = 0) -> Iterator[bytes]:
        """Entries of the log from index *start* on."""

    def mark(self) -> object:
        """Another value after every commit, by whoever: while it is the same, so is all the rest."""

    def alone(self) -> AbstractContextManager[None]:
        """
        Until the next `commit`, or the end of the block, nobody else commits: others wait some seconds.

        Raises:
            Unavailable: Somebody else is writing and does not come to an end.
        """

    def size(self) -> int:
        """How many entries the log has."""

    def check(self) -> None:
        """Read everything and refuse what is damaged (`Corrupt`)."""

    def backup(self, path: str) -> None:
        """Write a whole copy, which is itself a store, to a path where nothing is."""

    def close(self) -> None:
        """Let go of it; whatever was committed stays."""
