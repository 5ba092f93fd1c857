"""
A store in one SQLite file.

Write-ahead log, synchronous=FULL: a commit returns after the disk has it. Every row carries the hash of its bytes, so a
page that rots is found when it is read, not when it is believed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import TracebackType

from safeconduct.model.errors import Corrupt, InvalidInput, Unavailable
from safeconduct.store.contract import FOREVER, Batch, Overtaken, Thing

MIGRATIONS = (
    """
    CREATE TABLE thing (
        place INTEGER PRIMARY KEY AUTOINCREMENT,
        shelf TEXT NOT NULL,
        key TEXT NOT NULL,
        hash BLOB NOT NULL,
        data BLOB NOT NULL,
        UNIQUE (shelf, key)
    ) STRICT;
    CREATE TABLE entry (
        place INTEGER PRIMARY KEY,
        hash BLOB NOT NULL,
        data BLOB NOT NULL
    ) STRICT;
    """,
)
"""One script for each version of the file, run once each, in order; a newer file is refused by an older program."""

_BUSY_S = 15.0

_NEWS = "SELECT place, shelf, key FROM thing WHERE place > ? ORDER BY place"
_ALL = "SELECT place, shelf, key FROM thing WHERE +place > ? ORDER BY +place"
"""The newest rows stand at the end of the table; to find them all (the plus) the index is enough, without the data."""

_AFTER_ALL = "\U0010ffff"
"""No name goes on with this: names are written by this program."""


class SqliteStore:
    """
    The contract on a file.

    Args:
        path: Of the file. It is made where there is none if *create*.

        create: Otherwise a missing file is an error: an empty store in place of a lost one would be a forgotten past.

    Raises:
        Unavailable: It cannot be opened or made, or another process is writing. On a disk that takes nothing it is
            opened to be read, and what would write raises this.

        Corrupt: It is no store, or one of a newer version.
    """

    def __init__(self, path: Path, *, create: bool = False) -> None:
        self._path = path
        self._mapped = _Mapped(path)
        if create:
            _claim(path)
        elif not path.exists():
            expected = "a store; make one with: safeconduct party init"
            raise Unavailable("no store", where=str(path), expected=expected)
        with self._mapped:
            self._db = _connected(path)
            self._migrate()

    def commit(self, batches: tuple[Batch, ...], since: object = None) -> tuple[bool, ...]:
        """See `Store.commit`."""
        with self._mapped:
            if not self._db.in_transaction:  # else it is alone already
                self._db.execute("BEGIN IMMEDIATE")
            try:
                self._check_since(since)
                (size,) = self._db.execute("SELECT COALESCE(MAX(place) + 1, 0) FROM entry").fetchone()
                fresh = []
                for batch in batches:
                    fresh.append(self._put(batch))
                    if fresh[-1]:
                        size = self._append(batch.entries, size)
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
        return tuple(fresh)

    def get(self, shelf: str, key: str) -> bytes | None:
        """See `Store.get`."""
        with self._mapped:
            found = self._db.execute(
                "SELECT hash, data FROM thing WHERE shelf = ? AND key = ?", (shelf, key)
            ).fetchone()
        return None if found is None else self._whole(found, f"{shelf} {key}")

    def keys(self, shelf: str, start: str = "") -> tuple[str, ...]:
        """See `Store.keys`."""
        sql = "SELECT key FROM thing WHERE shelf = ? AND key >= ? AND key < ? ORDER BY place"
        with self._mapped:
            return tuple(key for (key,) in self._db.execute(sql, (shelf, start, start + _AFTER_ALL)))

    def news(self, shelves: tuple[str, ...], after: int) -> tuple[tuple[int, str, str], ...]:
        """See `Store.news`."""
        sql = _NEWS if after else _ALL
        with self._mapped:
            return tuple(each for each in self._db.execute(sql, (after,)) if each[1] in shelves)

    def entries(self, start: int = 0) -> Iterator[bytes]:
        """See `Store.entries`."""
        with self._mapped:
            found = self._db.execute("SELECT place, hash, data FROM entry WHERE place >= ? ORDER BY place", (start,))
            rows = found.fetchall()
        for expected, (place, digest, data) in enumerate(rows, start=start):
            if place != expected:
                raise _corrupt(self._path, f"entry {expected}", "an entry is missing")
            yield self._whole((digest, data), f"entry {place}")

    def mark(self) -> object:
        """See `Store.mark`."""
        with self._mapped:  # of others' commits the pragma knows, of one's own the counter
            return self._db.execute("PRAGMA data_version").fetchone(), self._db.total_changes

    @contextmanager
    def alone(self) -> Iterator[None]:
        """See `Store.alone`."""
        with self._mapped:
            self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            if self._db.in_transaction:
                with self._mapped:
                    self._db.execute("ROLLBACK")

    def size(self) -> int:
        """See `Store.size`."""
        with self._mapped:
            return int(self._db.execute("SELECT COALESCE(MAX(place) + 1, 0) FROM entry").fetchone()[0])

    def check(self) -> None:
        """See `Store.check`."""
        with self._mapped:
            said = self._db.execute("PRAGMA integrity_check").fetchone()[0]
            rows = self._db.execute("SELECT shelf || ' ' || key, hash, data FROM thing").fetchall()
        if said != "ok":
            raise _corrupt(self._path, "integrity_check", said)
        for name, digest, data in rows:
            self._whole((digest, data), name)
        for _ in self.entries():
            pass

    def backup(self, path: str) -> None:
        """See `Store.backup`."""
        if Path(path).exists():
            raise Unavailable("a file is there already", where=path, expected="a path where nothing is")
        with self._mapped:
            copy = sqlite3.connect(path)
            try:
                self._db.backup(copy)
            finally:
                copy.close()

    def close(self) -> None:
        """See `Store.close`."""
        self._db.close()

    def _check_since(self, mark: object) -> None:
        if mark is not None and mark != self.mark():
            raise Overtaken("another process wrote meanwhile", where=str(self._path), expected="try again")

    def _put(self, batch: Batch) -> bool:
        lasting = [each for each in batch.things if each.shelf in FOREVER]
        fresh = not lasting
        for each in batch.things:
            digest = sha256(each.data).digest()
            if each.shelf not in FOREVER:
                self._db.execute(
                    "INSERT INTO thing (shelf, key, hash, data) VALUES (?, ?, ?, ?)"
                    " ON CONFLICT (shelf, key) DO UPDATE SET hash = excluded.hash, data = excluded.data",
                    (each.shelf, each.key, digest, each.data),
                )
            elif self._insert(each, digest):
                fresh = True
        self._db.executemany("DELETE FROM thing WHERE shelf = ? AND key = ?", batch.forgets)
        return fresh

    def _insert(self, each: Thing, digest: bytes) -> bool:
        sql = "INSERT OR IGNORE INTO thing (shelf, key, hash, data) VALUES (?, ?, ?, ?)"
        if self._db.execute(sql, (each.shelf, each.key, digest, each.data)).rowcount:
            return True
        if self.get(each.shelf, each.key) != each.data:
            raise InvalidInput("other bytes under a name that is taken", where=f"{each.shelf} {each.key}")
        return False

    def _append(self, entries: tuple[bytes, ...], size: int) -> int:
        rows = [(place, sha256(data).digest(), data) for place, data in enumerate(entries, start=size)]
        self._db.executemany("INSERT INTO entry (place, hash, data) VALUES (?, ?, ?)", rows)
        return size + len(rows)

    def _migrate(self) -> None:
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if version > len(MIGRATIONS):
            raise _corrupt(self._path, "version", f"version {version}, and this program knows {len(MIGRATIONS)}")
        for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
            self._db.executescript(f"BEGIN IMMEDIATE; {script} PRAGMA user_version = {number}; COMMIT;")

    def _whole(self, found: tuple[bytes, bytes], name: str) -> bytes:
        digest, data = found
        if sha256(data).digest() != digest:
            raise _corrupt(self._path, name, "bytes that are not those written")
        return data


@dataclass(frozen=True, slots=True)
class _Mapped:
    """The one place where errors of SQLite become ours: entered for every statement, so it costs next to nothing."""

    path: Path

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        # OperationalError: full, read-only, locked, no such place; the rest: what is there is not what was written.
        if isinstance(error, sqlite3.OperationalError):
            expected, got = "a disk with room that can be written to, and no other writer", str(error)
            raise Unavailable("the store cannot be used", where=str(self.path), expected=expected, got=got) from None
        if isinstance(error, sqlite3.DatabaseError):
            raise _corrupt(self.path, "file", str(error)) from None


def _connected(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=_BUSY_S, isolation_level=None)
    try:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "fullfsync=ON"):
            db.execute(f"PRAGMA {pragma}")
    except sqlite3.OperationalError as error:
        db.close()
        if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN):
            raise
        return _to_read(path)
    return db


def _to_read(path: Path) -> sqlite3.Connection:
    """On a disk that takes nothing: what stands in the file can be read, and whatever writes says why it cannot."""
    beside = path.with_name(f"{path.name}-wal")
    if beside.exists() and beside.stat().st_size:
        expected = "the whole directory, copied to a disk that can be written to"
        got = f"{beside.name} holds what is not in the file yet"
        raise Unavailable("the store cannot be read where it lies", where=str(path), expected=expected, got=got)
    # Nobody writes there, so nothing need be locked: without this SQLite would want to write a file beside it.
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None)


def _claim(path: Path) -> None:
    """Of two that make a store in one place at once, one is told that it came second."""
    try:
        path.open("xb").close()
    except FileExistsError:
        raise Unavailable("no place for a new store", where=str(path), expected="no file there yet") from None
    except OSError as error:
        raise Unavailable("the store cannot be used", where=str(path), got=str(error)) from None


def _corrupt(path: Path, where: str, said: str) -> Corrupt:
    expected = "a sound store: restore the last backup, then import the bundles since"
    return Corrupt("the store is damaged", where=f"{path} {where}", expected=expected, got=said)
