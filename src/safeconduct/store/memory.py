"""A store in memory that polices the contract: what a careless caller does wrong fails here first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from safeconduct.model.errors import Bug, InvalidInput
from safeconduct.store.contract import FOREVER, PASSING, SHELVES, Batch, Overtaken, Thing


class MemoryStore:
    """The contract without a disk: nothing survives the process."""

    def __init__(self) -> None:
        self._things: dict[str, dict[str, bytes]] = {shelf: {} for shelf in SHELVES}
        self._places: dict[tuple[str, str], int] = {}
        self._entries: list[bytes] = []
        self._commits = 0
        self._alone = False
        self._open = True

    def commit(self, batches: tuple[Batch, ...], since: object = None) -> tuple[bool, ...]:
        """See `Store.commit`; a batch that breaks the rules of use is a `Bug`."""
        self._used()
        if since is not None and since != self._commits:
            raise Overtaken("another process wrote meanwhile", expected="try again")
        things = {shelf: dict(found) for shelf, found in self._things.items()}
        entries = list(self._entries)
        fresh = []
        for batch in batches:
            _police(batch)
            fresh.append(_put(things, batch))
            if fresh[-1]:
                entries += batch.entries
        self._things, self._entries = things, entries
        self._commits += 1
        for each in (each for batch in batches for each in batch.things if each.shelf in FOREVER):
            self._places.setdefault((each.shelf, each.key), len(self._places) + 1)
        return tuple(fresh)

    def get(self, shelf: str, key: str) -> bytes | None:
        """See `Store.get`."""
        self._used()
        return self._things[_shelf(shelf)].get(key)

    def keys(self, shelf: str, start: str = "") -> tuple[str, ...]:
        """See `Store.keys`."""
        self._used()
        return tuple(key for key in self._things[_shelf(shelf)] if key.startswith(start))

    def news(self, shelves: tuple[str, ...], after: int) -> tuple[tuple[int, str, str], ...]:
        """See `Store.news`; a passing shelf, where names come and go, is a `Bug`."""
        self._used()
        if not set(shelves) <= set(FOREVER):
            raise Bug("news of a passing shelf", where=" ".join(shelves))
        found = ((place, *name) for name, place in self._places.items())
        return tuple(each for each in found if each[0] > after and each[1] in shelves)

    def entries(self, start: int = 0) -> Iterator[bytes]:
        """See `Store.entries`."""
        self._used()
        return iter(tuple(self._entries[start:]))

    def mark(self) -> object:
        """See `Store.mark`."""
        self._used()
        return self._commits

    @contextmanager
    def alone(self) -> Iterator[None]:
        """See `Store.alone`; one within another is a `Bug`, since it would wait for itself."""
        self._used()
        if self._alone:
            raise Bug("alone twice")
        self._alone = True
        try:
            yield
        finally:
            self._alone = False

    def size(self) -> int:
        """See `Store.size`."""
        self._used()
        return len(self._entries)

    def check(self) -> None:
        """Memory is not damaged."""
        self._used()

    def backup(self, path: str) -> None:
        """A store in memory has no copy on disk."""
        raise Bug("a store in memory was asked for a backup", where=path)

    def close(self) -> None:
        """Further use is a `Bug`."""
        self._open = False

    def _used(self) -> None:
        if not self._open:
            raise Bug("a closed store was used")


def _put(things: dict[str, dict[str, bytes]], batch: Batch) -> bool:
    lasting = [each for each in batch.things if each.shelf in FOREVER]
    fresh = not lasting
    for each in batch.things:
        shelf = things[each.shelf]
        if each.shelf in FOREVER and shelf.get(each.key, each.data) != each.data:
            raise InvalidInput("other bytes under a name that is taken", where=f"{each.shelf} {each.key}")
        fresh = fresh or (each.shelf in FOREVER and each.key not in shelf)
        shelf[each.key] = each.data
    for forgotten, key in batch.forgets:
        things[forgotten].pop(key, None)
    return fresh


def _police(batch: Batch) -> None:
    for each in batch.things:
        _shelf(each.shelf)
        if not isinstance(each, Thing) or not isinstance(each.data, bytes) or not each.key:
            raise Bug("not a thing to store", where=f"{each.shelf} {each.key}")
    names = [(each.shelf, each.key) for each in batch.things]
    if len(set(names)) < len(names):
        raise Bug("one name twice in a batch", where=str(names))
    if any(shelf not in PASSING for shelf, _ in batch.forgets):
        raise Bug("a lasting thing is to be forgotten", where=str(batch.forgets))
    if any(not isinstance(each, bytes) or not each for each in batch.entries):
        raise Bug("not an entry")


def _shelf(name: str) -> str:
    if name not in SHELVES:
        raise Bug("no such shelf", where=name)
    return name
