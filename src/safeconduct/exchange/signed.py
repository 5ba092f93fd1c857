"""
A message with the signatures of the offices that speak for its sender.

What each office signs names the party, the office, the card it speaks under and the message by hash: no signature fits
another party, office, message, case or version.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from safeconduct.exchange.card import Card, Signature, card_hash, lacking
from safeconduct.exchange.codec import read_exactly, written
from safeconduct.exchange.message import Message, message_bytes, message_hash
from safeconduct.exchange.remembered import remembered
from safeconduct.exchange.signature import public_key, sign, verifies
from safeconduct.model.errors import InvalidInput
from safeconduct.model.instants import Instant


@dataclass(frozen=True, slots=True)
class SignedMessage:
    """
    A message and who signed it.

    Args:
        card: Hash of the sender's card under which they speak.

        signatures: By office, each once, sorted; as many as there are so far.
    """

    message: Message
    card: str
    signatures: tuple[Signature, ...] = ()

    def __post_init__(self) -> None:
        offices = [each.office for each in self.signatures]
        if offices != sorted(set(offices)):
            raise InvalidInput("not signatures", where="signatures", expected="sorted by office, each once")


# Each step of an import asks for them again.
@remembered(1 << 14)
def signed_bytes(signed: SignedMessage) -> bytes:
    """The one form of a signed message: what is logged by hash, sealed and sent."""
    # The message is written once, for its own hash too; the fields of the rest stand in the order of RFC 8785.
    parts = (written(signed.card), message_bytes(signed.message), written(signed.signatures))
    return b'{"card":%b,"message":%b,"signatures":%b}' % parts


@remembered(1 << 14)
def signed_hash(signed: SignedMessage) -> str:
    """
    SHA-256 over `signed_bytes`.

    It hides what it is the hash of: the message's id holds 128 bits drawn at random.
    """
    return sha256(signed_bytes(signed)).hexdigest()


def read_signed(data: bytes) -> SignedMessage:
    """
    The signed message that `signed_bytes` wrote; no signature is verified.

    Raises:
        InvalidInput: In any respect not those bytes. The place is a JSON path.
    """
    return read_exactly(SignedMessage, data, signed_bytes, "a signed message")


def sign_message(message: Message, card: Card, seeds: Mapping[str, bytes]) -> SignedMessage:
    """
    Sign for the offices whose *seeds* are given; others may add theirs (`with_signature`).

    Raises:
        InvalidInput: The message is another party's, or an office is not on the card.
    """
    signed = SignedMessage(message, card_hash(card))
    for office, seed in seeds.items():
        signed = with_signature(signed, card, office, seed)
    return signed


def with_signature(signed: SignedMessage, card: Card, office: str, seed: bytes) -> SignedMessage:
    """
    Add one office's signature, in place of an earlier one of its own.

    Raises:
        InvalidInput: The message is another party's or under another card, the office is not on the card, or the seed
            is not that of its key.
    """
    _check_card(signed, card)
    key = card.office(office)
    if key is None or public_key(seed).hex() != key.public_key:
        raise _fault(signed, card, office)
    value = Signature(office, sign(seed, _payload(signed, message_hash(signed.message), office)).hex())
    others = tuple(each for each in signed.signatures if each.office != office)
    return replace(signed, signatures=tuple(sorted((*others, value), key=lambda each: each.office)))


def check_signed(signed: SignedMessage, card: Card, until: Instant | None = None) -> tuple[str, ...]:
    """
    Refuse a message that is not its sender's word.

    Args:
        until: When a later card replaced this one (`replaced_at`); None: none is known.

    Returns:
        The offices in whose place it was signed.

    Raises:
        InvalidInput: Another party's card, another card or one replaced by then, a signature that does not hold, a key
            out of date, an office beyond its powers, too few offices, or the keys of an exercise on an actual message.
    """
    _check_card(signed, card)
    message = signed.message
    digest = message_hash(message)
    for each in signed.signatures:
        key = card.office(each.office)
        payload = _payload(signed, digest, each.office)
        if key is None or not verifies(bytes.fromhex(key.public_key), payload, bytes.fromhex(each.value)):
            raise _fault(signed, card, each.office)
    where = f"message {message.id}"
    if card.status == "Exercise" and message.status == "Actual":
        raise InvalidInput("keys of an exercise on an actual message", where=where, expected="an actual card")
    if card.made_at > message.sent.at:
        raise InvalidInput(
            "a card younger than the message", where=where, expected="the card in force when it was sent"
        )
    if until is not None and message.sent.at > until:
        expected = "the card in force when it was sent"
        raise InvalidInput("a card that was replaced before the message", where=where, expected=expected)
    return lacking(card, message.content, [each.office for each in signed.signatures], message.sent.at, where)


def _check_card(signed: SignedMessage, card: Card) -> None:
    if signed.message.sender != card.party or signed.card != card_hash(card):
        where = f"message {signed.message.id}"
        raise InvalidInput("not the card it was signed under", where=where, expected=signed.card, got=card_hash(card))


def _fault(signed: SignedMessage, card: Card, office: str) -> InvalidInput:
    where = f"message {signed.message.id}"
    return InvalidInput("a signature that does not hold", where=where, got=f"{card.party} {office}")


def _payload(signed: SignedMessage, message: str, office: str) -> bytes:
    party = signed.message.sender
    return written(
        {"safeconduct": "message", "party": party, "office": office, "card": signed.card, "message": message}
    )
