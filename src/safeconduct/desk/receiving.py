"""
Bundles in: each step either holds or names what does not, and nothing is receipted before it is durable.

A bundle that fails as a whole changes nothing. One that holds is made durable group by group, each message with its
receipt. A message that fails alone is refused alone, by name, and kept beside the record with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from safeconduct.desk.again import again
from safeconduct.desk.beside import inclusion_thing, lacking
from safeconduct.desk.judging import Bundle, Good, Judged, by_hash, check_route, judge, legs, sifted
from safeconduct.desk.memory import Known
from safeconduct.desk.party import entry
from safeconduct.desk.sending import take_over, waiting_for
from safeconduct.desk.speaking import Said, Speech, able, drawn_up
from safeconduct.desk.voice import Voice, message_thing
from safeconduct.exchange.canonical import canonical
from safeconduct.exchange.codec import to_json
from safeconduct.exchange.contents import read_contents
from safeconduct.exchange.message import Message, message_hash
from safeconduct.exchange.parcel import read_parcel
from safeconduct.exchange.record import check_inclusion, read_head
from safeconduct.exchange.sealing import unseal
from safeconduct.exchange.signed import SignedMessage, signed_hash
from safeconduct.model.instants import Instant, hours_between
from safeconduct.store.contract import Batch, Thing

STEPS = ("received", "opened", "verified", "stored", "receipted")
"""The steps of taking a bundle in, in order; what was done up to one of them is durable or was never said."""

AHEAD = timedelta(minutes=10)
"""A message dated further ahead of the own clock than this is named; our convention."""

TOGETHER = 100
"""Messages to a commit; our convention: the disk is waited for little, and little is done twice after a failure."""


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

        legs: (party, hours) who had it for how long: its sender, then each carrier. Whoever delays it is named.

        until_at: Until when carriers were to have it.
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
    legs: tuple[tuple[str, float], ...] = ()
    until_at: Instant | None = None


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

        Unavailable: The disk is full, or another process keeps writing to the store. What was told is kept, and the
            bundle can be taken in again.
    """
    parcel = read_parcel(data)
    told("received")
    check_route(voice, parcel)
    if parcel.routing.recipient != voice.party:
        taken = take_over(voice, parcel)
        told("stored")
        return Arrival(parcel.routing.id, parcel.routing.sender, taken.routing.recipient)
    contents = read_contents(unseal(parcel.sealed, *voice.secrets().identities))
    brought = {signed_hash(each): each for each in contents.messages}
    told("opened")
    bundle = Bundle(parcel, contents, brought, by_hash(contents.proofs))
    judged = again(voice.store, lambda mark: judge(voice, bundle, mark))
    head = read_head(parcel.routing.checkpoint, judged.cards[parcel.routing.card])
    for each in contents.proofs:
        check_inclusion(each, head)  # what is kept here is shown as evidence
    told("verified")
    return _kept(voice, bundle, judged, told, together)


@dataclass(slots=True)
class _Taken:
    """What of a bundle is durable so far, or will be with the next commit."""

    good: Good = field(default_factory=dict)
    refused: list[tuple[SignedMessage, str]] = field(default_factory=list)
    fresh: list[Message] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    wanted: tuple[str, ...] = ()

    def add(self, more: _Taken) -> None:
        """What has become durable after this."""
        self.good |= more.good
        self.refused += more.refused
        self.fresh += more.fresh
        self.said += more.said
        self.wanted += more.wanted


@dataclass(frozen=True, slots=True)
class _Group:
    """
    Messages that become durable in one commit.

    Args:
        judged: The bundle, as it was judged at first.

        digests: Theirs.

        first, last: Whether they are the first ones of the bundle, and the last.
    """

    judged: Judged
    digests: tuple[str, ...]
    first: bool
    last: bool


def _kept(voice: Voice, bundle: Bundle, judged: Judged, told: Callable[[str], None], together: int) -> Arrival:
    """
    Make everything durable, group by group, each message in one commit with its receipt: there is neither a receipt
    without its message nor, where an office can sign, a message without its receipt.
    """
    digests, sender, taken = tuple(bundle.brought), bundle.sender, _Taken()
    for start in range(0, len(digests) or 1, together):
        group = _Group(judged, digests[start : start + together], start == 0, start + together >= len(digests))
        taken.add(again(voice.store, partial(_group, voice, bundle, group, taken)))
        told("stored")
        told("receipted")
    return Arrival(
        bundle.parcel.routing.id,
        sender,
        None,
        tuple(each.id for each in taken.fresh),
        len(taken.good) - len(taken.fresh),
        tuple((each.message.id, reason) for each, reason in taken.refused),
        tuple(each.signed.message.id for each in taken.said),
        tuple(each.id for each in owed(voice, sender)),
        taken.wanted,
        tuple(
            (each.id, hours_between(voice.at, each.sent.at)) for each in taken.fresh if each.sent.at > voice.at + AHEAD
        ),
        legs(bundle.parcel, voice.at),
        bundle.parcel.routing.until_at,
    )


def _group(voice: Voice, bundle: Bundle, group: _Group, taken: _Taken, mark: object) -> _Taken:
    """
    Make some messages durable, with their receipts.

    Args:
        taken: What was made durable before.

    Returns:
        What became durable with these.
    """
    judged = group.judged
    if (group.first or group.last) and judged.mark != mark:
        judged = judge(voice, bundle, mark)  # what was pinned meanwhile is not to be pinned back
    passed, failed = sifted(voice, bundle, {**voice.cards(), **judged.cards}, group.digests)
    held = voice.index().by_digest
    new = [each.message for digest, each in passed.items() if digest not in held]
    said = _receipts(voice, bundle.sender, new) if able(voice, "Acknowledge") else []
    found = _Taken(passed, failed, new, [each for each, _ in said])
    batches = [*(judged.before if group.first else ()), *_logged(voice, bundle, passed), *(batch for _, batch in said)]
    if group.last:
        wanted = _put_out(voice, bundle.sender, bundle.contents.wants)
        confirmed = _confirmed(voice, bundle.sender, taken.good | passed, bundle)
        gone = tuple(("outbox", f"{bundle.sender}/{digest}") for digest in confirmed)
        batches += [judged.after, Batch(_set_aside(voice, bundle, [*taken.refused, *failed])), Batch(forgets=gone)]
        batches.append(Batch(tuple(wanted.values())))
        found.wanted = tuple(wanted)
    voice.store.commit(tuple(each for each in batches if each != Batch()), mark)
    return found


def _logged(voice: Voice, bundle: Bundle, good: Good) -> Iterator[Batch]:
    """Each message with its entry in the log, and its proofs; one that is held already is not logged twice."""
    for digest, each in good.items():
        yield Batch((message_thing(each, digest),), (entry("received", digest, voice.at),))
        yield Batch(lacking(voice, [inclusion_thing(proof) for proof in bundle.proofs.get(digest, ())]))


def _confirmed(voice: Voice, sender: str, good: Good, bundle: Bundle) -> Iterator[str]:
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


def _set_aside(voice: Voice, bundle: Bundle, refused: Sequence[tuple[SignedMessage, str]]) -> tuple[Thing, ...]:
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

    def act(mark: object) -> tuple[str, ...]:
        said = _receipts(voice, sender, ()) if able(voice, "Acknowledge") else []
        if said:
            voice.store.commit(tuple(batch for _, batch in said), mark)
        return tuple(each.signed.message.id for each, _ in said)

    return again(voice.store, act)


def _receipts(voice: Voice, sender: str, arriving: Sequence[Message]) -> list[tuple[Said, Batch]]:
    """Receipts for what was owed to a party and for what arrives from it now, ready to be committed with it."""
    index = voice.index()
    due = [each for each in arriving if each.sender == sender and each.content != "Acknowledge"]
    waiting = {name: each.hash for name, each in index.owed.get(sender, {}).items()}
    waiting = {(each.case, each.id): message_hash(each) for each in due} | waiting
    speeches = [
        Speech("Acknowledge", case, (sender,), name, to_words=digest)
        for (case, name), digest in waiting.items()
        if (case, name, sender) not in index.acknowledged
    ]
    return drawn_up(voice, speeches, arriving) if speeches else []
