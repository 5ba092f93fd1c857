"""
A party's record: a log of hashes that only grows, whose head others cosign.

Nothing but hashes enters it, so it can be shown to a witness who may not read a word. Each entry says what kind of
thing the hash is of and when the party logged it; the order of the entries is the order in which they became durable.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from safeconduct.exchange.card import Card
from safeconduct.exchange.codec import written
from safeconduct.exchange.merkle import HASH_BYTES, Tree, is_consistent, is_included, leaf_hash
from safeconduct.exchange.note import (
    COSIGNATURE,
    Checkpoint,
    Note,
    NoteKey,
    Signer,
    read_checkpoint,
    read_note,
    signed,
    signers,
    write_note,
)
from safeconduct.model.errors import InvalidInput
from safeconduct.model.instants import Instant

KINDS = ("sent", "received", "card", "transit", "disclosed", "trust")
"""What a hash in the log is of: a message sent or received, a card of a party, a parcel carried for others, a withheld
fact disclosed to somebody, an act of trusting a party's card."""


@dataclass(frozen=True, slots=True)
class Entry:
    """
    One entry of a record.

    Args:
        kind: Of `KINDS`.

        hash: SHA-256 of what it is about, 64 hexadecimal digits.

        at: When it was logged, by the party's own clock.
    """

    kind: str
    hash: str
    at: Instant

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InvalidInput("not a kind of entry", where="kind", expected=" | ".join(KINDS), got=self.kind)


@dataclass(frozen=True, slots=True)
class Inclusion:
    """
    That an entry stands in a log.

    Args:
        log: Name of the log.

        index: Of the entry, counted from 0.

        size: Of the log whose head the path leads to.

        path: Hashes, leaf end first, 64 hexadecimal digits each.
    """

    log: str
    entry: Entry
    index: int
    size: int
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Growth:
    """
    That a log continues an earlier state of itself.

    Args:
        before: Entries of the earlier log, > 0.

        size: Entries of the later one.
    """

    log: str
    before: int
    size: int
    path: tuple[str, ...]


def entry_leaf(entry: Entry) -> bytes:
    """Leaf hash of an entry."""
    return leaf_hash(written(entry))


def log_key(card: Card) -> NoteKey:
    """The key that signs the checkpoints of the card's party."""
    return NoteKey(card.log_name, bytes.fromhex(card.log_key))


def witness_key(card: Card) -> NoteKey:
    """The key with which the card's party cosigns the checkpoints of others."""
    return NoteKey(card.log_name, bytes.fromhex(card.witness_key), COSIGNATURE)


def check_log_name(card: Card, others: Iterable[Card]) -> None:
    """
    Refuse a card whose log bears the name of another party's: its heads would make that log look forked.

    Raises:
        InvalidInput: One of *others* is another party's and names its log so.
    """
    for each in others:
        if each.log_name == card.log_name and each.party != card.party:
            where, expected = f"card {card.party} {card.serial}", f"a name of its own: this is the log of {each.party}"
            raise InvalidInput("the name of another party's log", where=where, expected=expected, got=card.log_name)


def checkpoint(card: Card, log: Tree, seed: bytes) -> str:
    """
    The head of the party's own log as a signed note.

    Raises:
        InvalidInput: The seed is not that of the card's log key.
    """
    text = Checkpoint(card.log_name, log.size, log.head()).text
    return write_note(Note(text, (signed(text, log_key(card), seed),))).decode()


def cosigned(note: str, card: Card, seed: bytes, at: Instant) -> str:
    """
    Another party's checkpoint with this one's cosignature added: seen at that hour, and a continuation of what it saw.

    That it does continue it is for the caller to have checked (`check_growth`).

    Raises:
        InvalidInput: Not a note, or the seed is not that of the card's witness key.
    """
    read = read_note(note.encode())
    key = witness_key(card)
    line = signed(read.text, key, seed, time_s=int(at.timestamp()))
    others = tuple(each for each in read.signatures if (each.name, each.key_id) != (key.name, key.id))
    return write_note(Note(read.text, (*others, line))).decode()


def read_head(note: str, card: Card, *others: Card) -> Checkpoint:
    """
    The head that the card's party signed.

    Args:
        others: Further cards whose keys may have signed it: a log keeps its name while its key changes.

    Raises:
        InvalidInput: Not a checkpoint of that party's log, or its signature does not hold.
    """
    read = read_note(note.encode())
    head = read_checkpoint(read.text)
    keys = dict.fromkeys(log_key(each) for each in (card, *others) if each.log_name == card.log_name)
    if head.origin != card.log_name or not signers(read, tuple(keys)):
        raise InvalidInput("not a checkpoint of this party's log", where=f"log {card.log_name}", got=head.origin)
    return head


def witnesses(note: str, cards: Iterable[Card]) -> tuple[Signer, ...]:
    """
    Who cosigned a checkpoint, of the parties of *cards*, and when.

    Raises:
        InvalidInput: A cosignature in the name of one of them does not hold.
    """
    return signers(read_note(note.encode()), [witness_key(each) for each in cards])


def inclusion(log: Tree, name: str, entry: Entry, index: int, size: int | None = None) -> Inclusion:
    """Prove an entry against the head of a log of *size* entries, by default the present one."""
    path = tuple(each.hex() for each in log.inclusion(index, size))
    return Inclusion(name, entry, index, log.size if size is None else size, path)


def growth(log: Tree, name: str, before: int, size: int | None = None) -> Growth:
    """Prove that the log of *size* entries, by default the present one, continues the one of *before* entries."""
    upto = log.size if size is None else size
    return Growth(name, before, upto, tuple(each.hex() for each in log.consistency(before, upto)))


def check_inclusion(proof: Inclusion, head: Checkpoint) -> None:
    """
    Refuse a proof that does not lead from its entry to this head.

    Raises:
        InvalidInput: Another log, another size, or hashes that lead elsewhere.
    """
    same = (proof.log, proof.size) == (head.origin, head.size)
    if not same or not is_included(proof.index, proof.size, entry_leaf(proof.entry), _hashes(proof.path), head.head):
        raise InvalidInput("an entry that is not in the log", where=f"log {head.origin}", got=proof.entry.hash)


def check_growth(before: Checkpoint, after: Checkpoint, proof: Growth | None, whose: str = "") -> None:
    """
    Refuse a log that does not continue what was seen of it.

    Args:
        proof: None where there is none: then only an equal size can be judged.

        whose: The party whose log it is, to be named.

    Raises:
        InvalidInput: Two heads of one size that differ (a fork), a log that shrank, no proof of its growth, or a proof
            that does not hold (a rewritten past).
    """
    where = f"log {before.origin}" + (f" of {whose}" if whose else "")
    sizes = f"sizes {before.size} and {after.size}"
    if after.origin != before.origin:
        raise InvalidInput("another log", where=where, got=after.origin)
    if after.size == before.size:
        if after.head != before.head:
            heads = f"size {after.size}, heads {before.head.hex()[:16]} and {after.head.hex()[:16]}"
            expected = (
                "one head for each size: keep both files and ask its owner; after a restore, party rotate --new-log"
            )
            raise InvalidInput("a forked log: two heads of one size", where=where, expected=expected, got=heads)
        return
    if after.size < before.size:
        raise InvalidInput("a log that shrank", where=where, expected=f"at least {before.size}", got=str(after.size))
    if before.size == 0:
        return  # an empty log starts every log
    if proof is None or (proof.log, proof.before, proof.size) != (before.origin, before.size, after.size):
        raise InvalidInput("growth without proof", where=where, expected=f"from {before.size} to {after.size}")
    if not is_consistent(before.size, after.size, before.head, after.head, _hashes(proof.path)):
        raise InvalidInput("a rewritten past: the log does not continue itself", where=where, got=sizes)


def continues(before: Checkpoint, after: Checkpoint, proof: Growth) -> bool:
    """Whether the proof shows the later log to continue the earlier one (`check_growth`)."""
    try:
        check_growth(before, after, proof)
    except InvalidInput:
        return False
    return True


def document_hash(data: bytes) -> str:
    """SHA-256, 64 hexadecimal digits: how an entry, an attachment or a sealed body is named."""
    return sha256(data).hexdigest()


def _hashes(path: tuple[str, ...]) -> list[bytes]:
    try:
        found = [bytes.fromhex(each) for each in path]
    except ValueError:
        found = [b""]
    return found if all(len(each) == HASH_BYTES for each in found) else [b""]
