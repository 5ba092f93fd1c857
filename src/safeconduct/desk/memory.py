"""
What a process remembers of a store it has read: where each message stands, what is owed, what is missing.

Read once, then only what is new: a conversation of thousands stays quick. It holds some hundred bytes for each message
and none of their words; the words of the last few thousand are kept by `read_back` and read again when they are gone.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from safeconduct.exchange.canonical import parse
from safeconduct.exchange.card import SignedCard, read_card
from safeconduct.exchange.codec import from_json
from safeconduct.exchange.merkle import leaf_hash
from safeconduct.exchange.message import Message, message_hash
from safeconduct.exchange.record import Entry
from safeconduct.exchange.signed import SignedMessage, read_signed
from safeconduct.model.errors import Bug
from safeconduct.store.contract import Store

MOST_MESSAGES = 1 << 12
"""Messages whose words are kept in memory; our convention, about 40 MB of them."""

Thread: TypeAlias = "tuple[str, str]"
"""Case and origin."""


@dataclass(frozen=True, slots=True)
class Known:
    """
    A message that is held, without its words.

    Args:
        key: On the shelf of messages.

        digest: Hash with its signatures (`signed_hash`).

        hash: Without them (`message_hash`).
    """

    key: str
    digest: str
    hash: str
    id: str
    case: str
    origin: str
    sender: str
    content: str
    preceding: str | None


@dataclass(slots=True)
class Memory:
    """
    An index over messages and log that is brought up to date by `refresh`.

    Args:
        known: In the order in which they became durable.

        by_name: By id and by hash.

        by_digest: By hash with signatures.

        threads: By case and origin.

        ends: Hashes that no other message of the thread names: what the next one stands on.

        owed: By sender: what it sent and this party has not acknowledged.

        acknowledged: (case, id, sender) of what this party made a receipt for: others may use the same id.

        heads: By party: the key of the longest of its logs that was seen.

        missing: (case, hash or id) that messages name and that are not held.

        logged: Where each hash stands in the log, and the bytes of its entry (`entries`).

        leaves: Leaf hashes of the log.

        cards: By hash, in the order in which they became durable.
    """

    known: list[Known] = field(default_factory=list)
    by_name: dict[str, list[Known]] = field(default_factory=dict)
    by_digest: dict[str, Known] = field(default_factory=dict)
    threads: dict[Thread, list[Known]] = field(default_factory=dict)
    ends: dict[Thread, set[str]] = field(default_factory=dict)
    owed: dict[str, dict[tuple[str, str], Known]] = field(default_factory=dict)
    acknowledged: set[tuple[str, str, str]] = field(default_factory=set)
    heads: dict[str, str] = field(default_factory=dict)
    missing: set[tuple[str, str]] = field(default_factory=set)
    logged: dict[str, list[tuple[int, bytes]]] = field(default_factory=dict)
    leaves: list[bytes] = field(default_factory=list)
    cards: dict[str, SignedCard] = field(default_factory=dict)
    _party: str = ""
    _mark: object = None
    _cards_mark: object = None
    _place: int = 0
    _named: set[tuple[Thread, str]] = field(default_factory=set)

    def refresh(self, store: Store, party: str) -> None:
        """Take in what became durable since the last time, whoever wrote it; *party* is the owner of the store."""
        mark = store.mark()
        if mark == self._mark:
            return
        self._party = party
        for place, shelf, key in store.news(("message", "head"), self._place):
            if shelf == "head":
                owner = key.partition("/")[0]
                self.heads[owner] = max(self.heads.get(owner, key), key)
            else:
                self._add(key, read_back(store, key))
            self._place = place
        for index, data in enumerate(store.entries(len(self.leaves)), start=len(self.leaves)):
            self.logged.setdefault(json.loads(data)["hash"], []).append((index, data))
            self.leaves.append(leaf_hash(data))
        self._mark = mark

    def entries(self, digest: str) -> tuple[tuple[int, Entry], ...]:
        """The entries of a hash, each with its place in the log."""
        return tuple((index, from_json(Entry, parse(data))) for index, data in self.logged.get(digest, ()))

    def held_cards(self, store: Store) -> dict[str, SignedCard]:
        """By hash, in the order in which they became durable."""
        mark = store.mark()
        if mark != self._cards_mark:
            for key in store.keys("card"):
                digest = key.rpartition("/")[2]
                if digest not in self.cards:
                    self.cards[digest] = read_card(_lasting(store, "card", key))
            self._cards_mark = mark
        return self.cards

    def ends_after(self, thread: Thread, arriving: Sequence[Message]) -> tuple[str, ...]:
        """The ends of a thread once these messages of it are held, sorted."""
        found = set(self.ends.get(thread, ()))
        for each in arriving:
            found.add(message_hash(each))
        named = {digest for each in arriving for digest in each.previous}
        return tuple(sorted(each for each in found - named if (thread, each) not in self._named))

    def _add(self, key: str, signed: SignedMessage) -> None:
        message = signed.message
        found = Known(
            key,
            key.rpartition("/")[2],
            message_hash(message),
            message.id,
            message.case,
            message.origin,
            message.sender,
            message.content,
            message.preceding,
        )
        self.known.append(found)
        self.by_digest[found.digest] = found
        thread = (message.case, message.origin)
        self.threads.setdefault(thread, []).append(found)
        for name in (found.id, found.hash):
            self.by_name.setdefault(name, []).append(found)
            self.missing.discard((message.case, name))
        self._stand(thread, found, message)
        self._owe(found, message.recipients[0])

    def _stand(self, thread: Thread, found: Known, message: Message) -> None:
        """What the message stands on: no longer an end of its thread, and missing where it is not held."""
        ends = self.ends.setdefault(thread, set())
        for name in (*message.previous, *([message.preceding] if message.preceding is not None else [])):
            if not any(each.case == message.case for each in self.by_name.get(name, ())):
                self.missing.add((message.case, name))
        for digest in message.previous:
            ends.discard(digest)
            self._named.add((thread, digest))
        if (thread, found.hash) not in self._named:
            ends.add(found.hash)

    def _owe(self, found: Known, to: str) -> None:
        """
        What is owed a receipt.

        Args:
            to: Its first recipient; of a receipt the one whose message it is for.
        """
        if found.content == "Acknowledge":
            if found.sender == self._party and found.preceding is not None:
                self.acknowledged.add((found.case, found.preceding, to))
                self.owed.get(to, {}).pop((found.case, found.preceding), None)
        elif found.sender != self._party and (found.case, found.id, found.sender) not in self.acknowledged:
            self.owed.setdefault(found.sender, {})[found.case, found.id] = found


def _lasting(store: Store, shelf: str, key: str) -> bytes:
    data = store.get(shelf, key)
    if data is None:
        raise Bug("a lasting thing that vanished", where=f"{shelf} {key}")
    return data


_WORDS: OrderedDict[str, SignedMessage] = OrderedDict()
"""By name on the shelf of messages, which ends with the hash: the same words are asked for by one step after the other,
and what was just written need not be read."""


def read_back(store: Store, key: str) -> SignedMessage:
    """
    A message that is held, by its name on the shelf.

    Raises:
        InvalidInput: As `read_signed`.
    """
    found = _WORDS.get(key)
    return found if found is not None else keep(key, read_signed(_lasting(store, "message", key)))


def keep(key: str, signed: SignedMessage) -> SignedMessage:
    """Keep the words of a message beside its name, in place of those kept longest."""
    _WORDS[key] = signed
    if len(_WORDS) > MOST_MESSAGES:
        _WORDS.popitem(last=False)
    return signed


def forget_words() -> None:
    """Keep none: they are read again when they are asked for."""
    _WORDS.clear()
