"""
What a carrier carries: routing for all to read, the contents sealed, and a receipt for each hop.

A carrier checks who sent it and that nothing was changed, signs for having taken it over, and learns neither what is in
it nor how long it is to within 4 KB.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from safeconduct.exchange.canonical import parse
from safeconduct.exchange.card import TRANSIT, Card, Signature, card_hash, lacking
from safeconduct.exchange.codec import from_json, written
from safeconduct.exchange.powers import replaced_at
from safeconduct.exchange.record import Growth
from safeconduct.exchange.signature import sign, verifies
from safeconduct.model.errors import InvalidInput
from safeconduct.model.instants import Instant, iso

VERSION = 1


@dataclass(frozen=True, slots=True)
class Routing:
    """
    What a carrier may know.

    Args:
        id: Unique.

        recipient: For whom it is.

        via: Who is to carry it, in order; empty: handed over directly.

        status: ``Actual`` or ``Exercise``: of the sender's card.

        until_at: After it the parcel is not carried further.

        card: Hash of the sender's card.

        body: SHA-256 of the sealed contents.

        checkpoint: The head of the sender's log, as a signed note: carriers cosign it.

        growths: That it continues those which the recipient and the carriers saw last.
    """

    id: str
    sender: str
    recipient: str
    via: tuple[str, ...]
    status: str
    made_at: Instant
    until_at: Instant
    card: str
    body: str
    checkpoint: str
    growths: tuple[Growth, ...]
    version: int

    def __post_init__(self) -> None:
        parties = (self.sender, *self.via, self.recipient)
        if not self.id or len(set(parties)) < len(parties) or self.version != VERSION:
            raise InvalidInput("not a route", where="via", expected="each party once", got=" > ".join(parties))


@dataclass(frozen=True, slots=True)
class Hop:
    """
    A carrier's receipt: this parcel was taken over, whole, at that hour.

    Args:
        after: Hash of the receipt before it; of the routing for the first.

        card: Hash of the carrier's card.

        checkpoint: The sender's checkpoint with the carrier's cosignature; None where the carrier saw no proof that it
            continues what it saw before.
    """

    party: str
    taken_at: Instant
    after: str
    card: str
    checkpoint: str | None
    signature: Signature


@dataclass(frozen=True, slots=True)
class Parcel:
    """
    Routing, signed by an office of the sender; receipts so far; sealed contents.

    Args:
        sealed: As age wrote it; `contents` opens it.
    """

    routing: Routing
    signature: Signature
    hops: tuple[Hop, ...]
    sealed: bytes


@dataclass(frozen=True, slots=True)
class _Head:
    safeconduct: str
    routing: Routing
    signature: Signature
    hops: tuple[Hop, ...]


def write_parcel(parcel: Parcel) -> bytes:
    """A parcel as a file: a line of JSON, a line of base64."""
    head = _Head("parcel", parcel.routing, parcel.signature, parcel.hops)
    return written(head) + b"\n" + base64.b64encode(parcel.sealed) + b"\n"


def read_parcel(data: bytes) -> Parcel:
    """
    The parcel that `write_parcel` wrote. No signature is verified; the sealed contents are those the routing names.

    Raises:
        InvalidInput: Not a parcel, cut short, or contents other than the routing names.
    """
    first, _, rest = data.partition(b"\n")
    head = from_json(_Head, parse(first))
    try:
        sealed = base64.b64decode(rest.removesuffix(b"\n"), validate=True)
    except ValueError:
        raise InvalidInput("not a parcel", where="body", expected="base64") from None
    parcel = Parcel(head.routing, head.signature, head.hops, sealed)
    if head.safeconduct != "parcel" or write_parcel(parcel) != data:
        raise InvalidInput("not a parcel", where="$", expected="the one spelling of it", got=head.safeconduct)
    if sha256(sealed).hexdigest() != head.routing.body:
        raise InvalidInput("contents that are not those sent", where=f"parcel {head.routing.id}", expected="unaltered")
    return parcel


def send(routing: Routing, sealed: bytes, card: Card, office: str, seed: bytes) -> Parcel:
    """
    Sign a parcel for its sender.

    Raises:
        InvalidInput: The office may not (`check_parcel`).
    """
    parcel = Parcel(routing, Signature(office, sign(seed, _sent(_routing_hash(routing), office)).hex()), (), sealed)
    check_parcel(parcel, {card_hash(card): card})
    return parcel


def carry(parcel: Parcel, at: Instant, card: Card, signer: tuple[str, bytes], note: str | None) -> Parcel:
    """
    Add a carrier's receipt.

    Args:
        signer: An office of the carrier and its seed.

        note: The sender's checkpoint as the carrier cosigned it; None where it did not.

    Raises:
        InvalidInput: The parcel is not for this carrier to take now, or it has expired.
    """
    office, seed = signer
    routing = parcel.routing
    turn = len(parcel.hops)
    if turn >= len(routing.via) or routing.via[turn] != card.party:
        expected = " > ".join((routing.sender, *routing.via, routing.recipient))
        raise InvalidInput("not this carrier's turn", where=f"parcel {routing.id}", expected=expected, got=card.party)
    if at > routing.until_at:
        raise InvalidInput("a parcel that has expired", where=f"parcel {routing.id}", got=routing.until_at.isoformat())
    blank = Hop(card.party, at, _last(parcel), card_hash(card), note, Signature(office, "0" * 128))
    hop = replace(blank, signature=Signature(office, sign(seed, _carried(blank)).hex()))
    return replace(parcel, hops=(*parcel.hops, hop))


def check_parcel(parcel: Parcel, cards: Mapping[str, Card]) -> None:
    """
    Refuse a parcel whose signatures do not hold.

    Args:
        cards: By hash: the cards that are trusted.

    Raises:
        InvalidInput: A card is not among *cards* or was replaced by then, a signature does not hold, an office may not,
            a receipt is of one who is not on the route at that place, or the receipts are not one chain.
    """
    routing = parcel.routing
    where = f"parcel {routing.id}"
    ends = replaced_at(cards)
    card = known(cards, routing.card, routing.sender, where)
    if routing.status != card.status:
        raise InvalidInput("an exercise mixed with the actual", where=where, expected=card.status, got=routing.status)
    after = _routing_hash(routing)
    _check(parcel.signature, _sent(after, parcel.signature.office), card, routing.made_at, where)
    _check_in_force(ends.get(routing.card), routing.made_at, where)
    if len(parcel.hops) > len(routing.via):
        raise InvalidInput("a receipt of one who is not on the route", where=where)
    for place, hop in zip(routing.via, parcel.hops, strict=False):
        if (hop.party, hop.after) != (place, after):
            raise InvalidInput("receipts that are not one chain", where=where, expected=place, got=hop.party)
        carrier = known(cards, hop.card, hop.party, where)
        _check(hop.signature, _carried(hop), carrier, hop.taken_at, where)
        _check_in_force(ends.get(hop.card), hop.taken_at, where)
        after = _hop_hash(hop)


def hop_words(routing: Routing, hops: Sequence[Hop]) -> tuple[str, ...]:
    """Who says to have taken a parcel over when; an hour before the one that was signed before it is named as such."""
    hours = (routing.made_at, *(hop.taken_at for hop in hops))
    return tuple(
        f"{hop.party} took it over at {iso(hop.taken_at)}"
        + (f", which is before {iso(before)}: one of two clocks is wrong" if hop.taken_at < before else "")
        for hop, before in zip(hops, hours, strict=False)
    )


def parcel_hash(parcel: Parcel) -> str:
    """What a carrier logs: the hash of the routing, which names the sealed contents."""
    return _routing_hash(parcel.routing)


def known(cards: Mapping[str, Card], digest: str, party: str, where: str) -> Card:
    """
    The trusted card of that hash.

    Raises:
        InvalidInput: It is not among *cards*, or it is another party's.
    """
    card = cards.get(digest)
    if card is None or card.party != party:
        expected = f"one that is held: a bundle of {party} for this party brings its later cards, party trust a first"
        raise InvalidInput("a card that is not trusted", where=where, expected=expected, got=digest)
    return card


def _check(signature: Signature, text: bytes, card: Card, at: Instant, where: str) -> None:
    key = card.office(signature.office)
    if key is None or not verifies(bytes.fromhex(key.public_key), text, bytes.fromhex(signature.value)):
        raise InvalidInput("a signature that does not hold", where=where, got=f"{card.party} {signature.office}")
    lacking(card, TRANSIT, [signature.office], at, where)


def _check_in_force(until: Instant | None, at: Instant, where: str) -> None:
    if until is not None and at > until:
        raise InvalidInput("a card that was replaced before", where=where, expected="the card in force at that hour")


def _last(parcel: Parcel) -> str:
    return _hop_hash(parcel.hops[-1]) if parcel.hops else _routing_hash(parcel.routing)


def _routing_hash(routing: Routing) -> str:
    return sha256(written(routing)).hexdigest()


def _hop_hash(hop: Hop) -> str:
    return sha256(written(hop)).hexdigest()


def _sent(routing: str, office: str) -> bytes:
    return written({"safeconduct": "parcel", "office": office, "routing": routing})


def _carried(hop: Hop) -> bytes:
    blank = replace(hop, signature=Signature(hop.signature.office, "0" * 128))
    return written({"safeconduct": "hop", "hop": _hop_hash(blank)})
