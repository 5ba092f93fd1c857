"""
Bundles in: each step either holds or names what does not, and nothing is receipted before it is durable.

A bundle that fails as a whole changes nothing. A message that fails alone is refused alone, by name, and kept beside
the record with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import timedelta

from safeconduct.desk.memory import Known
from safeconduct.desk.party import entry
from safeconduct.desk.sending import seen_head, take_over, told_by, waiting_for
from safeconduct.desk.speaking import Said, Speech, able, drawn_up
from safeconduct.desk.voice import Voice, card_thing, message_thing, pinned
from safeconduct.exchange.canonical import canonical
from safeconduct.exchange.card import Card, SignedCard, card_hash, check_card
from safeconduct.exchange.codec import to_json, written
from safeconduct.exchange.contents import Carried, Contents, read_contents
from safeconduct.exchange.disclosure import check_disclosure, disclosure_hash
from safeconduct.exchange.message import Message, message_hash
from safeconduct.exchange.parcel import Parcel, check_parcel, read_parcel
from safeconduct.exchange.powers import replaced_at
from safeconduct.exchange.record import check_inclusion, document_hash, read_head, witnesses
from safeconduct.exchange.sealing import unseal
from safeconduct.exchange.signed import SignedMessage, check_signed, signed_hash
from safeconduct.model.errors import InvalidInput
from safeconduct.model.instants import Instant, hours_between, iso
from safeconduct.store.contract import Batch, Thing

STEPS = ("received", "opened", "verified", "stored", "receipted")
"""The steps of taking a bundle in, in order; what was done up to one of them is durable or was never said."""

AHEAD = timedelta(minutes=10)
"""A message dated further ahead of the own clock than this is named; our convention."""

MOST_AHEAD = timedelta(days=1)
"""Further than this it is refused until a clock is mended: what it grants would begin nowhere; our convention."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """
    What a bundle brought.

    Args:
        carried: For whom it was taken over; None: it was for this party.

        fresh: Ids of messages that were new.

        known: How many were held already.

        refused: (message id, reason).

        receipts: Ids of the receipts made; they go out with the next bundle.

        unreceipted: Messages that still lack one: no office here could sign.

        wants: What the other side asked for, and got put out again.

        ahead: (message id, hours) of new messages dated ahead of the own clock: one of two clocks is wrong.
    """

    parcel: str
    sender: str
    carried: str | None
    fresh: tuple[str, ...] = ()
    known: int = 0
    refused: tuple[tuple[str, str], ...] = ()
    receipts: tuple[str, ...] = ()
    unreceipted: tuple[str, ...] = ()
    wants: tuple[str, ...] = ()
    ahead: tuple[tuple[str, float], ...] = ()


def _quiet(step: str) -> None:
    """The observer that does not look."""


def receive(voice: Voice, data: bytes, told: Callable[[str], None] = _quiet) -> Arrival:
    """
    Take a bundle in: for this party, or to carry.

    Args:
        told: Told of each of `STEPS` once it is done.

    Raises:
        InvalidInput: Not a bundle, cut short or altered; a party that is not trusted; a signature that does not hold;
            not for this party; a log that forked, shrank or was rewritten. Nothing was kept.
    """
    parcel = read_parcel(data)
    told("received")
    _check_route(voice, parcel)
    if parcel.routing.recipient != voice.party:
        taken = take_over(voice, parcel)
        told("stored")
        return Arrival(parcel.routing.id, parcel.routing.sender, taken.routing.recipient)
    contents = read_contents(unseal(parcel.sealed, voice.secrets().sealing))
    told("opened")
    fresh = _new_cards(voice, parcel.routing.sender, contents)
    cards = voice.cards() | {card_hash(each.card): each.card for each in fresh}
    check_parcel(parcel, cards)
    head, heads = seen_head(voice, cards[parcel.routing.card], parcel.routing.checkpoint, parcel.routing.growths)
    for each in contents.proofs:
        check_inclusion(each, head)  # what is kept here is shown as evidence
    sifted = _sifted(voice, parcel, contents, cards)
    told("verified")
    arrival = _kept(voice, parcel, contents, sifted, (*_cards(voice, fresh), Batch(heads)))
    told("stored")
    told("receipted")
    return arrival


def _check_route(voice: Voice, parcel: Parcel) -> None:
    routing = parcel.routing
    where = f"parcel {routing.id}"
    if routing.recipient == voice.party and len(parcel.hops) < len(routing.via):
        missing = routing.via[len(parcel.hops)]
        raise InvalidInput("a carrier on the route did not sign for it", where=where, expected=missing)
    if voice.party not in (routing.recipient, *routing.via):
        raise InvalidInput("a bundle for others", where=where, expected=f"for {voice.party}", got=routing.recipient)
    if voice.at > routing.until_at and routing.recipient != voice.party:
        raise InvalidInput("a parcel that has expired", where=where, got=routing.until_at.isoformat())


def _new_cards(voice: Voice, sender: str, contents: Contents) -> tuple[SignedCard, ...]:
    """Cards that continue the sender's trusted chain."""
    chain = voice.chain(sender)
    if not chain:
        expected = f"first: safeconduct party trust {sender}.card --fingerprint ..."
        raise InvalidInput("a party whose card is not trusted", where=sender, expected=expected)
    known = {card_hash(each.card) for each in chain}
    last = chain[-1].card
    fresh = []
    for each in contents.cards:
        if card_hash(each.card) not in known:
            check_card(each, last)
            last = each.card
            fresh.append(each)
    return tuple(fresh)


@dataclass(frozen=True, slots=True)
class _Sifted:
    """The messages that are good, by their hash with signatures, and the others with the reason."""

    good: Mapping[str, SignedMessage]
    refused: tuple[tuple[SignedMessage, str], ...]


def _sifted(voice: Voice, parcel: Parcel, contents: Contents, cards: Mapping[str, Card]) -> _Sifted:
    proofs = {each.entry.hash for each in contents.proofs if each.entry.kind == "sent"}
    ends = replaced_at(cards)
    good, refused = {}, []
    for each in contents.messages:
        digest = signed_hash(each)
        try:
            _check_message(voice, each, cards, ends)
            if each.message.sender == parcel.routing.sender:
                _check_logged(each, digest, proofs)
            good[digest] = each
        except InvalidInput as error:
            refused.append((each, str(error)))
    return _Sifted(good, tuple(refused))


def _check_logged(signed: SignedMessage, digest: str, logged: AbstractSet[str]) -> None:
    if digest not in logged:
        raise InvalidInput("no proof that its sender logged it", where=f"message {signed.message.id}")


def _check_message(voice: Voice, signed: SignedMessage, cards: Mapping[str, Card], ends: Mapping[str, Instant]) -> None:
    where = f"message {signed.message.id}"
    if signed.card not in cards:
        raise InvalidInput("signed under a card that is not trusted", where=where, got=signed.card)
    check_signed(signed, cards[signed.card], ends.get(signed.card))
    if voice.party not in signed.message.recipients:
        raise InvalidInput("a message for others", where=where, got=", ".join(signed.message.recipients))
    if signed.message.sent.at > voice.at + MOST_AHEAD:
        expected = f"at most a day after {iso(voice.at)}, the hour of this clock"
        raise InvalidInput("from the future", where=where, expected=expected, got=iso(signed.message.sent.at))


def _kept(voice: Voice, parcel: Parcel, contents: Contents, sifted: _Sifted, before: tuple[Batch, ...]) -> Arrival:
    """
    Make everything durable, and the receipts for it, in one commit: there is neither a receipt without its message nor,
    where an office can sign, a message without its receipt. One that is held already is not logged twice.
    """
    sender, at = parcel.routing.sender, voice.at
    held = voice.index().by_digest
    fresh = [each.message for digest, each in sifted.good.items() if digest not in held]
    said = _receipts(voice, sender, fresh)
    wanted = _put_out(voice, sender, contents.wants)
    batches = [
        *before,
        *(Batch((message_thing(each),), (entry("received", digest, at),)) for digest, each in sifted.good.items()),
        Batch(_beside(voice, parcel, contents)),
        Batch(_set_aside(voice, parcel, sifted.refused)),
        *(batch for _, batch in said),
        Batch(tuple(wanted.values())),
        Batch(
            forgets=tuple(("outbox", f"{sender}/{digest}") for digest in _confirmed(voice, sender, sifted, contents))
        ),
    ]
    voice.store.commit(tuple(each for each in batches if each != Batch()))
    return Arrival(
        parcel.routing.id,
        sender,
        None,
        tuple(each.id for each in fresh),
        len(sifted.good) - len(fresh),
        tuple((each.message.id, reason) for each, reason in sifted.refused),
        tuple(each.signed.message.id for each, _ in said),
        tuple(each.id for each in owed(voice, sender)),
        tuple(wanted),
        tuple((each.id, hours_between(at, each.sent.at)) for each in fresh if each.sent.at > at + AHEAD),
    )


def _cards(voice: Voice, fresh: Sequence[SignedCard]) -> Iterator[Batch]:
    for each in fresh:
        yield Batch((card_thing(each),), (entry("card", card_hash(each.card), voice.at),))


def _beside(voice: Voice, parcel: Parcel, contents: Contents) -> tuple[Thing, ...]:
    """What came with the messages: proofs, attachments, cosignatures, carriers' receipts, disclosures."""
    routing = parcel.routing
    things = [Thing("enclosure", each.digest, each.content) for each in contents.enclosures]
    things += [_json("inclusion", f"{each.entry.hash}/{each.log}", each) for each in contents.proofs]
    things += _cosigned(voice, routing.sender, contents)
    arrived = Carried(routing, parcel.signature, parcel.hops)
    things.append(_json("carried", f"{routing.sender}/{routing.id}", arrived))
    for each in contents.carried:
        new = voice.store.get("carried", f"{voice.party}/{each.routing.id}") is None
        if each.routing.sender == voice.party and new:
            check_parcel(Parcel(each.routing, each.signature, each.hops, b""), voice.cards())
            things.append(_json("carried", f"{voice.party}/{each.routing.id}", each))
    things += _disclosed(voice, contents)
    things += told_by(voice, routing.sender, contents)
    lasting = {(each.shelf, each.key): each for each in things}
    return tuple(
        each for each in lasting.values() if each.shelf == "pin" or voice.store.get(each.shelf, each.key) is None
    )


def _disclosed(voice: Voice, contents: Contents) -> Iterator[Thing]:
    """Withheld facts that were disclosed, of messages that are held or came with them."""
    brought = {message_hash(each.message): each.message for each in contents.messages if contents.disclosures}
    known = voice.index().by_name
    for found in contents.disclosures:
        held = [voice.message(each).message for each in known.get(found.message, ())]
        of = next(iter(held), brought.get(found.message))
        if of is not None:
            check_disclosure(found, of)
            yield _json("disclosure", f"{voice.party}/{disclosure_hash(found)}", found)


def _cosigned(voice: Voice, sender: str, contents: Contents) -> Iterator[Thing]:
    """The sender's cosignatures of the own log; what it has seen for certain, earlier states need no proof from."""
    own, seen = voice.card(), 0
    for note in contents.cosigned:
        kept = Thing("cosigned", f"mine/{document_hash(note.encode())}", note.encode())
        if voice.store.get(kept.shelf, kept.key) is None:
            head = read_head(note, own)
            if witnesses(note, [voice.card(sender)]):
                seen = max(seen, head.size)
                yield kept
    sizes = voice.pin(f"seen/{sender}") or []
    if seen and any(size < seen for size in sizes):
        yield pinned(f"seen/{sender}", [seen, *(size for size in sizes if size > seen)])


def _confirmed(voice: Voice, sender: str, sifted: _Sifted, contents: Contents) -> Iterator[str]:
    """Hashes of what was put out for the sender and is now known to have arrived."""
    good = [each.message for each in sifted.good.values()]
    named = {digest for each in good for digest in each.previous}
    receipted = {each.preceding for each in good if each.content == "Acknowledge"}
    holds = set(contents.holds)
    for digest, known in waiting_for(voice, sender):
        if digest in holds or known.id in receipted or known.hash in named:
            yield digest


def _set_aside(voice: Voice, parcel: Parcel, refused: Sequence[tuple[SignedMessage, str]]) -> tuple[Thing, ...]:
    """Keep what was refused beside the record, with the reason: the dispute may be about it."""
    things = {
        f"{parcel.routing.id}/{signed_hash(each)}": canonical({"reason": reason, "message": to_json(each)})
        for each, reason in refused
    }
    return tuple(Thing("refused", key, data) for key, data in things.items() if voice.store.get("refused", key) is None)


def _put_out(voice: Voice, to: str, wants: Sequence[str]) -> dict[str, Thing]:
    """What another party knows of and lacks, where it was addressed to it, put out again: by id."""
    known = voice.index().by_name
    named = {each.key: voice.message(each) for name in wants for each in known.get(name, ())}
    return {
        each.message.id: Thing("outbox", f"{to}/{signed_hash(each)}", each.message.case.encode())
        for each in named.values()
        if to in each.message.recipients
    }


def owed(voice: Voice, sender: str) -> tuple[Known, ...]:
    """Messages of a party for which this one has made no receipt yet."""
    return tuple(voice.index().owed.get(sender, {}).values())


def receipts(voice: Voice, sender: str) -> tuple[str, ...]:
    """
    Make the receipts owed to a party, in one commit; the ids of them.

    Nothing is receipted that is not durable. Where no office here can sign, none is made and nothing is lost.
    """
    said = _receipts(voice, sender, ())
    if said:
        voice.store.commit(tuple(batch for _, batch in said))
    return tuple(each.signed.message.id for each, _ in said)


def _receipts(voice: Voice, sender: str, arriving: Sequence[Message]) -> list[tuple[Said, Batch]]:
    """Receipts for what was owed to a party and for what arrives from it now, ready to be committed with it."""
    done = voice.index().acknowledged
    due = [each for each in arriving if each.sender == sender and each.content != "Acknowledge"]
    waiting = dict.fromkeys(
        [*((each.case, each.id) for each in owed(voice, sender)), *((each.case, each.id) for each in due)]
    )
    speeches = [Speech("Acknowledge", case, (sender,), name) for case, name in waiting if (case, name) not in done]
    return drawn_up(voice, speeches, arriving) if speeches and able(voice, "Acknowledge") else []


def _json(shelf: str, key: str, value: object) -> Thing:
    return Thing(shelf, key, written(value))
