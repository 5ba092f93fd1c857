"""
A party's record beside the disk it stands on: bundles taken in, verified, logged, made durable and receipted, against
bare SQLite committing rows of that size, one commit each, on the same disk in the same run. And evidence verified.

The ratio of the first two rows is the share of the bare rate; messages a second = the number in the row's name by the
seconds beside it. One writer: each message is durable and receipted, by a commit of its own, before the next is looked
at, first in a bundle for each, then in bundles of many. Group commit: many messages and their receipts to a commit.
"""

import gc
import random
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from safeconduct.cli.main import CYCLES_LEFT
from safeconduct.desk import memory
from safeconduct.desk.party import Founding, found_party, own_card, trust
from safeconduct.desk.receiving import TOGETHER, receive
from safeconduct.desk.sending import dispatch
from safeconduct.desk.speaking import Speech, say_all
from safeconduct.desk.voice import Voice
from safeconduct.desk.witnessing import evidence
from safeconduct.exchange.card import card_hash
from safeconduct.exchange.evidence import read_evidence
from safeconduct.exchange.message import LineItem, Resource, message_bytes
from safeconduct.exchange.note import read_note
from safeconduct.exchange.proving import prove
from safeconduct.exchange.signature import verifies
from safeconduct.exchange.signed import SignedMessage, signed_bytes, signed_hash
from safeconduct.model.instants import instant

Row = tuple[str, float, float, float, bool]
START = instant("2031-03-01T06:00Z")
ALONE, MANY, EVIDENCE = 200, 2000, 10_000
BUNDLE = 100
ITEMS = tuple(LineItem(f"i{i}", Resource(name="helicopter"), float(i + 1)) for i in range(9))


def main() -> list[Row]:
    """One writer, group commit, evidence of 10,000 messages."""
    gc.set_threshold(CYCLES_LEFT)  # as the commands do
    with tempfile.TemporaryDirectory(dir=Path(__file__).parent) as folder:
        sender, taker = couple(Path(folder))
        size = len(signed_bytes(said(sender, 1)))
        rows = [
            taken_in(name, (sender, taker), counts, Path(folder) / "bare.db", size)
            for name, counts in (
                ("messages in, one writer, a bundle each / bare SQLite rows", (ALONE, 1, 1)),
                ("messages in, one writer / bare SQLite rows", (MANY, BUNDLE, 1)),
                ("messages in, group commit / bare SQLite rows", (MANY, BUNDLE, TOGETHER)),
            )
        ]
        for each in (sender, taker):
            each.store.close()
        return [*rows, verified(Path(folder))]


def couple(folder: Path) -> tuple[Voice, Voice]:
    """Two parties that trust each other."""
    made = []
    for code in ("XA", "XB"):
        founding = Founding(code, code, None, ("duty", "legal"), exercise=True)
        made.append(found_party(folder / code, founding, START, random.Random(code).randbytes, {"*": "benchmark"}))
    for one, other in (made, made[::-1]):
        trust(one, own_card(other), card_hash(other.card()))
        one.secrets()
        one.seed("duty"), one.seed("legal")
    return made[0], made[1]


def said(sender: Voice, count: int) -> SignedMessage:
    """So many requests of 2 KB, each signed by two offices; the last of them."""
    return say_all(sender, [Speech("RequestResource", "c", ("XB",), more={"items": ITEMS})] * count)[-1].signed


def taken_in(name: str, parties: tuple[Voice, Voice], counts: tuple[int, int, int], path: Path, size: int) -> Row:
    """
    Import bundles one after the other, with the answers going back; only the import is timed.

    Every message must be there and receipted, once, and the same bundle again must bring nothing.

    Args:
        counts: Messages, of them to a bundle, of them to a commit.

        path: Of the bare database, whose rows of *size* bytes are written in turns with the bundles: the disk may be
            busy with other things, now more and now less.
    """
    (sender, taker), (count, bundle, together) = parties, counts
    before, ours_s, theirs_s, fresh, receipts = len(taker.index().known), 0.0, 0.0, 0, 0
    with rows_of(path) as db:
        for first in range(0, count, bundle):
            theirs_s += bare(db, range(first, first + bundle), size)
            said(sender, bundle)
            data = dispatch(sender, "XB").data
            forget()
            start = time.perf_counter()
            arrival = receive(taker, data, together=together)
            ours_s += time.perf_counter() - start
            fresh, receipts = fresh + len(arrival.fresh), receipts + len(arrival.receipts)
            receive(sender, dispatch(taker, "XA").data)
    path.unlink()
    whole = receive(taker, data).fresh == () and len(taker.index().known) - before == fresh + receipts
    same = whole and count <= fresh == receipts
    return (f"{count} {name}", ours_s, theirs_s, theirs_s / ours_s, same)


def forget() -> None:
    """Empty what one process remembers for both parties: the taker has not yet seen what the sender wrote."""
    for cache in (message_bytes, signed_bytes, signed_hash, read_note):
        cache.cache_clear()
    memory.forget_words()


def bare(db: sqlite3.Connection, numbers: range, size: int) -> float:
    """Seconds in which bare SQLite makes so many rows durable, one commit each."""
    start = time.perf_counter()
    for number in numbers:
        db.execute("INSERT INTO row VALUES (?, ?)", (number, bytes(size)))
    return time.perf_counter() - start


@contextmanager
def rows_of(path: Path) -> Iterator[sqlite3.Connection]:
    """A database with the settings of the store and one table."""
    db = sqlite3.connect(path, isolation_level=None)
    try:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=FULL")
        db.execute("CREATE TABLE row (id INTEGER PRIMARY KEY, data BLOB)")
        yield db
    finally:
        db.close()


def verified(folder: Path) -> Row:
    """Evidence of 10,000 messages of 2 KB with two signatures each: read and proved, beside the signatures alone."""
    for each in ("XA", "XB"):
        shutil.rmtree(folder / each)
    sender, taker = couple(folder)
    for _ in range(0, EVIDENCE, 1000):
        said(sender, 1000)
    data = evidence(sender, "c")
    card, messages = sender.card(), [each for each in read_evidence(data).messages if each.message.sender == "XA"]
    keys = {each.office: bytes.fromhex(each.public_key) for each in card.offices}
    signed = [
        (keys[s.office], message_bytes(m.message), bytes.fromhex(s.value)) for m in messages for s in m.signatures
    ]
    theirs_s, _ = processor_s(lambda: [verifies(*each) for each in signed])
    forget()
    ours_s, proof = processor_s(lambda: prove(read_evidence(data)))
    for each in (sender, taker):
        each.store.close()
    same = proof.holds and len(proof.messages) == EVIDENCE
    return (f"verify {EVIDENCE} messages of 2 KB / their signatures alone", ours_s, theirs_s, theirs_s / ours_s, same)


def processor_s(work: Callable[[], object]) -> tuple[float, object]:
    """Seconds of one processor, and what came out."""
    start = time.process_time()
    found = work()
    return time.process_time() - start, found
