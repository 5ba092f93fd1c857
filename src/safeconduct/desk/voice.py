"""A party at work: its store, its cards and those it trusts, the keys that were unlocked, its clock and its dice."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from safeconduct.desk.memory import Known, Memory, keep, read_back
from safeconduct.exchange.card import Card, SignedCard, card_hash, write_card
from safeconduct.exchange.keybox import unlock
from safeconduct.exchange.merkle import Tree, tree
from safeconduct.exchange.signature import public_key
from safeconduct.exchange.signed import SignedMessage, signed_bytes
from safeconduct.exchange.sounding import sounding_key
from safeconduct.model.errors import InvalidInput
from safeconduct.model.instants import Instant
from safeconduct.store.contract import Store, Thing
from safeconduct.store.home import PARTY_KEY, Home


@dataclass(frozen=True, slots=True)
class Secrets:
    """
    The secrets of a party's own desk.

    Args:
        sealing: age identity.

        sounding, log, witness: 32 bytes each.

        earlier: (sealing, sounding) of the cards before, the latest first: what is under way was sealed to them.
    """

    sealing: str
    sounding: bytes
    log: bytes
    witness: bytes
    earlier: tuple[tuple[str, bytes], ...] = ()

    @property
    def identities(self) -> tuple[str, ...]:
        """Every age identity that may open what comes in, the present one first."""
        return (self.sealing, *(sealing for sealing, _ in self.earlier))

    @property
    def ears(self) -> tuple[bytes, ...]:
        """Every key for which a sounding may have been written, the present one first."""
        return (self.sounding, *(sounding for _, sounding in self.earlier))


@dataclass(frozen=True, slots=True)
class Voice:
    """
    A party that can speak.

    Args:
        party: Its id.

        at: The hour, from the caller's clock.

        draw: So many random bytes.

        passphrases: By name of the key; the name ``*`` serves those that are not listed.

        opened: Keys that were unlocked: unlocking takes a good part of a second, on purpose.

        memory: What was read of the store; `index` brings it up to date.
    """

    party: str
    home: Home
    store: Store
    at: Instant
    draw: Callable[[int], bytes]
    passphrases: Mapping[str, str] = field(default_factory=dict)
    opened: dict[str, bytes] = field(default_factory=dict, repr=False, compare=False)
    memory: Memory = field(default_factory=Memory, repr=False, compare=False)

    def chain(self, party: str) -> tuple[SignedCard, ...]:
        """The cards of a party that are held, in the order of their chain; those of the latest new start."""
        found = [each for each in self._held_cards().values() if each.card.party == party]
        starts = [place for place, each in enumerate(found) if each.card.previous is None]
        return tuple(found[starts[-1] :]) if starts else ()

    def card(self, party: str | None = None) -> Card:
        """
        A party's latest card, by default its own.

        Raises:
            InvalidInput: None is trusted.
        """
        chain = self.chain(party or self.party)
        if not chain:
            expected = f"first: safeconduct party trust {party}.card --fingerprint ..."
            raise InvalidInput("a party whose card is not trusted", where=party or self.party, expected=expected)
        return chain[-1].card

    def cards(self) -> dict[str, Card]:
        """Every card that is held, its own among them, by hash."""
        return {digest: each.card for digest, each in self._held_cards().items()}

    def parties(self) -> tuple[str, ...]:
        """Parties whose cards are held, its own among them."""
        return tuple(dict.fromkeys(each.card.party for each in self._held_cards().values()))

    def data(self, shelf: str, key: str) -> bytes:
        """
        Bytes that are known to be there.

        Raises:
            InvalidInput: They are not.
        """
        found = self.store.get(shelf, key)
        if found is None:
            raise InvalidInput("nothing of that name", where=shelf, got=key)
        return found

    def messages(self, case: str | None = None) -> Iterator[SignedMessage]:
        """Messages sent and received, of one case or of all, in the order in which they became durable."""
        for each in self.index().known:
            if case is None or each.case == case:
                yield self.message(each)

    def message(self, known: Known) -> SignedMessage:
        """One of the messages that are held."""
        return read_back(self.store, known.key)

    def index(self) -> Memory:
        """What is held, up to date."""
        self.memory.refresh(self.store, self.party)
        return self.memory

    def cases(self) -> tuple[str, ...]:
        """Cases in which something was said, in the order of their first message."""
        return tuple(dict.fromkeys(each.case for each in self.index().known))

    def log(self) -> Tree:
        """The party's log."""
        return tree(self.index().leaves)

    def pin(self, name: str) -> Any:
        """A remembered JSON value, or None."""
        found = self.store.get("pin", name)
        return None if found is None else json.loads(found)

    def has_key(self, office: str) -> bool:
        """Whether the office's key lies here and a passphrase for it was given."""
        here = office in self.opened or self.home.has_key(office)
        return here and (office in self.passphrases or "*" in self.passphrases)

    def seed(self, office: str) -> bytes:
        """
        The office's seed.

        Raises:
            InvalidInput: Its key is kept elsewhere, or the passphrase is another.
        """
        seed = self._unlock(office)
        key = self.card().office(office)
        if key is not None and public_key(seed).hex() != key.public_key:
            seed = self._renewed(office, key.public_key)
        return seed

    def secrets(self) -> Secrets:
        """
        The secrets of the desk.

        Raises:
            InvalidInput: The passphrase is another.
        """
        found = _secrets(self._unlock(PARTY_KEY))
        key = self.card().sounding
        return found if sounding_key(found.sounding) == key else _secrets(self._renewed(PARTY_KEY, key))

    def new_id(self) -> str:
        """A name that nobody has used: 128 random bits."""
        return f"urn:sc:{self.party.lower()}:{self.draw(16).hex()}"

    def _held_cards(self) -> dict[str, SignedCard]:
        """By hash, in the order in which they became durable."""
        return self.memory.held_cards(self.store)

    def _renewed(self, name: str, public: str) -> bytes:
        """The key anew: another process changed it, or a change was cut short after its card had become durable."""
        self.home.promote_key(name, public)
        self.opened.pop(name, None)
        return self._unlock(name)

    def _unlock(self, name: str) -> bytes:
        if name not in self.opened:
            passphrase = self.passphrases.get(name, self.passphrases.get("*", ""))
            self.opened[name] = unlock(self.home.read_key(name), name, passphrase)
        return self.opened[name]


def _secrets(data: bytes) -> Secrets:
    found = json.loads(data)
    sounding, log, witness = (bytes.fromhex(found[name]) for name in ("sounding", "log", "witness"))
    earlier = tuple((sealing, bytes.fromhex(sounding)) for sealing, sounding in found.get("earlier", ()))
    return Secrets(found["sealing"], sounding, log, witness, earlier)


def pinned(name: str, value: Any) -> Thing:
    """A JSON value to remember."""
    return Thing("pin", name, json.dumps(value, sort_keys=True).encode())


def card_thing(signed: SignedCard) -> Thing:
    """A card to keep."""
    card = signed.card
    return Thing("card", f"{card.party}/{card.serial:06d}/{card_hash(card)}", write_card(signed))


def message_thing(signed: SignedMessage, digest: str) -> Thing:
    """A message to keep, by case and hash (`signed_hash`)."""
    key = f"{signed.message.case}/{digest}"
    keep(key, signed)
    return Thing("message", key, signed_bytes(signed))
