"""
Bundles in: each step either holds or names what does not, and nothing is receipted before it is durable.

A bundle that fails as a whole changes nothing. One that holds is made durable group by group, each message with its
receipt. A message that fails alone is refused alone, by name, and kept beside the record with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias

from safeconduct.desk.beside import beside, inclusion_thing, lacking
from safeconduct.desk.memory import Known
from safeconduct.desk.party import entry
from safeconduct.desk.sending import seen_head, take_over, waiting_for
from safeconduct.desk.speaking import Said, Speech, able, drawn_up
from safeconduct.desk.voice import Voice, card_thing, message_thing
from safeconduct.exchange.canonical import canonical
from safeconduct.exchange.card import Card, SignedCard, card_hash, check_card
from safeconduct.exchange.codec import to_json
from safeconduct.exchange.contents import Contents, read_contents
from safeconduct.exchange.message import Message
from safeconduct.exchange.parcel import Parcel, check_parcel, read_parcel
from safeconduct.exchange.powers import replaced_at
from safeconduct.exchange.record import Inclusion, check_inclusion
from safeconduct.exchange.sealing import unseal
from safeconduct.exchange.signed import SignedMessage, check_signed, signed_hash
from safeconduct.model.errors import InvalidInput
from safeconduct.model.instants import Instant, hours_between, iso
from safeconduct.store.contract import Batch, Thing

STEPS = ("received", "opened", "verified", "stored", "receipted")
"""The steps of taking a bundle in, in order; what was done up to one of them is durable or was never said."""

AHEAD = timedelta(minutes=10)
"""A message dated further ahead of the own clock than this is named; our convention."""

TOGETHER = 100
"""Messages to a commit; our convention: the disk is waited for little, and little is done twice after a failure."""

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


def receive(voice: Voice, data: bytes, told: Callable[[str], None] = _quiet, *, together: int = TOGETHER) -> Arrival:
    """
    Take a bundle in: for this party, or to carry.

    Args:
        told: Told of each of `STEPS` once it is done; of the last two after each commit.

        together: Messages that become durable, with their receipts, in one commit, >= 1. With 1 each is safe before the
            next is looked at; with more the disk is waited for less often.

    Raises:
        InvalidInput: Not a bundle, cut short or altered; a party that is not trusted; a signature that does not hold;
            not for this party; a log that forked, shrank or was rewritten. Nothing was kept.

        Unavailable: The disk is full, or another process wrote to the store meanwhile. What was told is kept, and the
            bundle can be taken in again.
    """
    parcel = read_parcel(data)
    told("received")
    _check_route(voice, parcel)
    mark = voice.store.mark()
    if parcel.routing.recipient != voice.party:
        taken = take_over(voice, parcel)
        told("stored")
        return Arrival(parcel.routing.id, parcel.routing.sender, taken.routing.recipient)
    contents = read_contents(unseal(parcel.sealed, voice.secrets().sealing))
    brought = {signed_hash(each): each for each in contents.messages}
    told("opened")
    fresh = _new_cards(voice, parcel.routing.sender, contents)
    cards = voice.cards() | {card_hash(each.card): each.card for each in fresh}
    check_parcel(parcel, cards)
    head, heads = seen_head(voice, cards[parcel.routing.card], parcel.routing.checkpoint, parcel.routing.growths)
    for each in contents.proofs:
        check_inclusion(each, head)  # what is kept here is shown as evidence
    before, after = (*_cards(voice, fresh), Batch(heads)), Batch(beside(voice, parcel, contents, brought))
    bundle = _Bundle(
        parcel, contents, brought, cards, replaced_at(cards), _by_hash(contents.proofs), before, after, mark
    )
    told("verified")
    return _kept(voice, bundle, told, together)


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
class _Bundle:
    """
    A bundle whose signatures and proofs hold; what its messages are judged by.

    Args:
        brought: Its messages, by their hash with signatures.

        cards: That are trusted, by hash.

        ends: Since when a card is replaced, by hash.

        proofs: By the hash of what was logged.

        before: What is kept no later than its first message.

        after: What is kept with its last one: the sender is not told that its parcel arrived before all of it did.

        mark: Of the store by which it was judged.
    """

    parcel: Parcel
    contents: Contents
    brought: Mapping[str, SignedMessage]
    cards: Mapping[str, Card]
    ends: Mapping[str, Instant]
    proofs: Mapping[str, tuple[Inclusion, ...]]
    before: tuple[Batch, ...]
    after: Batch
    mark: object

    @property
    def sender(self) -> str:
        """Who made it."""
        return self.parcel.routing.sender


_Good: TypeAlias = dict[str, SignedMessage]
"""By their hash with signatures."""


def _by_hash(proofs: Sequence[Inclusion]) -> dict[str, tuple[Inclusion, ...]]:
    found: dict[str, tuple[Inclusion, ...]] = {}
    for each in proofs:
        found[each.entry.hash] = (*found.get(each.entry.hash, ()), each)
    return found


def _sifted(voice: Voice, bundle: _Bundle, digests: Sequence[str]) -> tuple[_Good, list[tuple[SignedMessage, str]]]:
    """The messages that are good, and the others with the reason."""
    good, refused = {}, []
    for digest in digests:
        each = bundle.brought[digest]
        try:
            _check_message(voice, each, bundle.cards, bundle.ends)
            if each.message.sender == bundle.sender:
                _check_logged(each, bundle.proofs.get(digest, ()))
            good[digest] = each
        except InvalidInput as error:
            refused.append((each, str(error)))
    return good, refused


def _check_logged(signed: SignedMessage, proofs: Sequence[Inclusion]) -> None:
    if not any(each.entry.kind == "sent" for each in proofs):
        raise InvalidInput("no proof that its sender logged it", where=f"message {signed.message.id}")


def _check_message(voice: Voice, signed: SignedMessage, cards: Mapping[str, Card], ends: Mapping[str, Instant]) -> None:
    where = f"message {signed.message.id}"
    if signed.card not in cards:
        raise InvalidInput("signed under a card that is not trusted", where=where, got=signed.card)
    check_signed(signed, cards[signed.card], ends.get(signed.card))
    if voice.party not in (signed.message.sender, *signed.message.recipients):  # one's own: lost with an older store
        raise InvalidInput("a message for others", where=where, got=", ".join(signed.message.recipients))
    if signed.message.sent.at > voice.at + MOST_AHEAD:
        expected = f"at most a day after {iso(voice.at)}, the hour of this clock"
        raise InvalidInput("from the future", where=where, expected=expected, got=iso(signed.message.sent.at))


def _kept(voice: Voice, bundle: _Bundle, told: Callable[[str], None], together: int) -> Arrival:
    """
    Make everything durable, group by group, each message in one commit with its receipt: there is neither a receipt
    without its message nor, where an office can sign, a message without its receipt.
    """
    digests, sender, at = tuple(bundle.brought), bundle.sender, voice.at
    good: _Good = {}
    refused: list[tuple[SignedMessage, str]] = []
    fresh: list[Message] = []
    said: list[tuple[Said, Batch]] = []
    wanted, mark = _put_out(voice, sender, bundle.contents.wants), bundle.mark
    signs = able(voice, "Acknowledge")
    for start in range(0, len(digests) or 1, together):
        passed, failed = _sifted(voice, bundle, digests[start : start + together])
        held = voice.index().by_digest
        new = [each.message for digest, each in passed.items() if digest not in held]
        made = _receipts(voice, sender, new) if signs else []
        good |= passed
        refused += failed
        fresh += new
        said += made
        batches = [*(() if start else bundle.before), *_logged(voice, bundle, passed), *(batch for _, batch in made)]
        if start + together >= len(digests):
            gone = tuple(("outbox", f"{sender}/{digest}") for digest in _confirmed(voice, sender, good, bundle))
            batches += [bundle.after, Batch(_set_aside(voice, bundle, refused)), Batch(forgets=gone)]
            batches.append(Batch(tuple(wanted.values())))
        voice.store.commit(tuple(each for each in batches if each != Batch()), mark)
        mark = voice.store.mark()
        told("stored")
        told("receipted")
    return Arrival(
        bundle.parcel.routing.id,
        sender,
        None,
        tuple(each.id for each in fresh),
        len(good) - len(fresh),
        tuple((each.message.id, reason) for each, reason in refused),
        tuple(each.signed.message.id for each, _ in said),
        tuple(each.id for each in owed(voice, sender)),
        tuple(wanted),
        tuple((each.id, hours_between(at, each.sent.at)) for each in fresh if each.sent.at > at + AHEAD),
    )


def _logged(voice: Voice, bundle: _Bundle, good: _Good) -> Iterator[Batch]:
    """Each message with its entry in the log, and its proofs; one that is held already is not logged twice."""
    for digest, each in good.items():
        yield Batch((message_thing(each, digest),), (entry("received", digest, voice.at),))
        yield Batch(lacking(voice, [inclusion_thing(proof) for proof in bundle.proofs.get(digest, ())]))


def _cards(voice: Voice, fresh: Sequence[SignedCard]) -> Iterator[Batch]:
    for each in fresh:
        yield Batch((card_thing(each),), (entry("card", card_hash(each.card), voice.at),))


def _confirmed(voice: Voice, sender: str, good: _Good, bundle: _Bundle) -> Iterator[str]:
    """Hashes of what was put out for the sender and is now known to have arrived."""
    messages = [each.message for each in good.values()]
    named = {digest for each in messages for digest in each.previous}
    receipted = {each.preceding for each in messages if each.content == "Acknowledge"}
    holds, wants = set(bundle.contents.holds), set(bundle.contents.wants)
    for digest, known in waiting_for(voice, sender):
        # The sender's own, that it had lost and asked for: it asks no more.
        back = known.sender == sender and not wants & {known.id, known.hash}
        if back or digest in holds or known.id in receipted or known.hash in named:
            yield digest


def _set_aside(voice: Voice, bundle: _Bundle, refused: Sequence[tuple[SignedMessage, str]]) -> tuple[Thing, ...]:
    """Keep what was refused beside the record, with the reason: the dispute may be about it."""
    things = {
        f"{bundle.parcel.routing.id}/{signed_hash(each)}": canonical({"reason": reason, "message": to_json(each)})
        for each, reason in refused
    }
    return lacking(voice, [Thing("refused", key, data) for key, data in things.items()])


def _put_out(voice: Voice, to: str, wants: Sequence[str]) -> dict[str, Thing]:
    """What another party knows of and lacks, where it was addressed to it or is its own, put out again: by id."""
    known = voice.index().by_name
    named = {each.key: voice.message(each) for name in wants for each in known.get(name, ())}
    return {
        each.message.id: Thing("outbox", f"{to}/{signed_hash(each)}", each.message.case.encode())
        for each in named.values()
        if to in (each.message.sender, *each.message.recipients)
    }


def owed(voice: Voice, sender: str) -> tuple[Known, ...]:
    """Messages of a party for which this one has made no receipt yet."""
    return tuple(voice.index().owed.get(sender, {}).values())


def receipts(voice: Voice, sender: str) -> tuple[str, ...]:
    """
    Make the receipts owed to a party, in one commit; the ids of them.

    Nothing is receipted that is not durable. Where no office here can sign, none is made and nothing is lost.
    """
    mark = voice.store.mark()
    said = _receipts(voice, sender, ()) if able(voice, "Acknowledge") else []
    if said:
        voice.store.commit(tuple(batch for _, batch in said), mark)
    return tuple(each.signed.message.id for each, _ in said)


def _receipts(voice: Voice, sender: str, arriving: Sequence[Message]) -> list[tuple[Said, Batch]]:
    """Receipts for what was owed to a party and for what arrives from it now, ready to be committed with it."""
    index = voice.index()
    due = [each for each in arriving if each.sender == sender and each.content != "Acknowledge"]
    waiting = dict.fromkeys([*index.owed.get(sender, ()), *((each.case, each.id) for each in due)])
    speeches = [
        Speech("Acknowledge", case, (sender,), name) for case, name in waiting if (case, name) not in index.acknowledged
    ]
    return drawn_up(voice, speeches, arriving) if speeches else []
