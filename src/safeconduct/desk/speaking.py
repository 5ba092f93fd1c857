"""To say something: fill in the envelope, have the offices sign, log it, put it out for the next bundle."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from safeconduct.desk.again import again
from safeconduct.desk.memory import Thread
from safeconduct.desk.numbering import check_number, numbered
from safeconduct.desk.party import entry
from safeconduct.desk.voice import Voice, message_thing
from safeconduct.exchange.breaches import Violation
from safeconduct.exchange.card import Card, card_hash, lacking
from safeconduct.exchange.content import distribution_of
from safeconduct.exchange.gates import CLEARANCE_TYPES
from safeconduct.exchange.message import Contact, Message, Moment, message_hash
from safeconduct.exchange.signed import (
    SignedMessage,
    read_signed,
    sign_message,
    signed_bytes,
    signed_hash,
    with_signature,
)
from safeconduct.exchange.thread import thread_state
from safeconduct.model.errors import InvalidInput
from safeconduct.model.instants import iso
from safeconduct.store.contract import Batch, Thing

OPEN = "open"
_ENOUGH = 16


@dataclass(frozen=True, slots=True)
class Speech:
    """
    What is to be said; the envelope is filled in.

    Args:
        content: Type of the message.

        recipients: Party ids.

        preceding: Id of the message it answers.

        more: Further fields of `Message`.

        things: What is to be kept with it: bytes of attachments, salts.

        report: The how many-th situation report of this party in this case it bears; None: it bears none.

        to_words: Hash of the message it answers: of two under one id, the one that was read.

        apart: It goes to somebody who does not hold the thread: it is of it and answers nothing, for what it answered
            would never come there. *preceding* only says which thread it is.
    """

    content: str
    case: str
    recipients: tuple[str, ...]
    preceding: str | None = None
    exercise: bool = False
    more: Mapping[str, Any] = field(default_factory=dict)
    things: tuple[Thing, ...] = ()
    report: int | None = None
    to_words: str | None = None
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """
    What came of it.

    Args:
        signed: With the signatures so far.

        sent: Whether enough offices signed and it is logged; False: a draft that waits for more.

        missing: In words, what the draft waits for.

        violations: What is wrong with it in its thread: it may be sent all the same.
    """

    signed: SignedMessage
    sent: bool
    missing: str
    violations: tuple[Violation, ...]


def say(
    voice: Voice, speech: Speech, offices: Sequence[str] = (), check: Callable[[Voice, Speech], None] | None = None
) -> Said:
    """
    Sign a message and, where enough offices did, log it and put it out.

    Args:
        offices: To sign; empty: as many as the party's card asks for, of those whose keys are open here.

        check: Refuses what is not to be said; asked about the very state that the message is signed on.

    Raises:
        InvalidInput: The message holds not, or an office's key does not open; as *check*.
    """

    def act(mark: object) -> Said:
        if check is not None:
            check(voice, speech)
        _check_secrets(voice, speech)
        check_number(voice, speech.case, speech.report)
        card = voice.card()
        _check_clock(voice, card)
        message = composed(voice, speech)
        signers = offices or default_signers(voice, card, message.content)
        signed = sign_message(message, card, {name: voice.seed(name) for name in signers})
        return _settled(voice, signed, card, (*speech.things, *numbered(speech.case, speech.report)), mark)

    return again(voice.store, act)


def sign_draft(
    voice: Voice, draft: str, offices: Sequence[str], check: Callable[[Voice, Message], None] | None = None
) -> Said:
    """
    Add offices' signatures to a draft; *check* refuses what its thread has left behind.

    Raises:
        InvalidInput: There is no such draft, the card has changed since, or an office may not; as *check*.
    """

    def act(mark: object) -> Said:
        signed = read_signed(voice.data("draft", draft))
        card = voice.card()
        why = void(voice, signed)
        if why:
            expected = "exchange drop, and the same said anew"
            raise InvalidInput("a draft that nobody can sign any more", where=draft, expected=expected, got=why)
        if check is not None:
            check(voice, signed.message)
        for name in offices:
            signed = with_signature(signed, card, name, voice.seed(name))
        return _settled(voice, signed, card, (), mark)

    return again(voice.store, act)


def void(voice: Voice, draft: SignedMessage) -> str:
    """In words, why a draft can no longer be signed; empty: it can."""
    if draft.card == card_hash(voice.card()):
        return ""
    before = next((each for digest, each in voice.cards().items() if digest == draft.card), None)
    old = f"card {before.serial}" if before is not None else "another card"
    return f"signed under {old}, and card {voice.card().serial} is in force since {iso(voice.card().made_at)}"


def composed(voice: Voice, speech: Speech) -> Message:
    """
    The message, its envelope filled in: id, time, thread, the latest messages held, the contact.

    Raises:
        InvalidInput: What it answers is not held.
    """
    before = _answered(voice, speech)
    ends = voice.index().ends.get((speech.case, before.origin), set()) if before else set()
    return _filled(voice, speech, voice.card(), before, tuple(sorted(ends)))


def _answered(voice: Voice, speech: Speech) -> Message | None:
    """The message that it answers."""
    if speech.preceding is None:
        return None
    held = voice.index().by_name.get(speech.preceding, ())
    named = [each for each in held if (each.case, each.id) == (speech.case, speech.preceding)]
    found = {each.hash: each for each in reversed(named) if speech.to_words in (None, each.hash)}
    if not found:
        raise InvalidInput("a message that is not held", where="preceding", got=speech.preceding)
    if len(found) > 1 and speech.content != "Acknowledge":
        raise _several("preceding", found)
    return voice.message(list(found.values())[-1]).message


def _several(where: str, found: Collection[str]) -> InvalidInput:
    expected = f"the hash of the one that is meant: {', '.join(sorted(each[:_ENOUGH] for each in found))}"
    return InvalidInput("several messages under one name", where=where, expected=expected, got=str(len(found)))


def _filled(voice: Voice, speech: Speech, card: Card, before: Message | None, ends: tuple[str, ...]) -> Message:
    """Envelope and words; *ends*: the latest messages of the thread."""
    name = voice.new_id()
    fields: dict[str, Any] = {
        "distribution": distribution_of(speech.content),
        "status": before.status if before else _status(card, exercise=speech.exercise),
        "confidentiality": OPEN,
        "languages": ("en",),
        "contacts": (Contact("RCC" if card.rcc else "Duty office", card.rcc or card.name),),
        "previous": tuple(sorted({*ends, message_hash(before)} if before else ends)),  # to these words, no others
    }
    return Message(
        name,
        speech.content,
        before.origin if before else name,
        speech.case,
        voice.party,
        _recipients(voice, speech, before),
        Moment(voice.at.replace(microsecond=0)),
        preceding=None if speech.apart else speech.preceding,
        **{**fields, **speech.more},
    )


def _recipients(voice: Voice, speech: Speech, before: Message | None) -> tuple[str, ...]:
    """
    What follows a message of one's own goes to those who got that one.

    Where several got a question for permissions, its answer or its revocation, what answers or receipts it goes to all
    of them: the host of a resource counts a grant of a state on the way only if it holds question, receipt and grant.
    """
    found = speech.recipients
    if before is not None and before.sender == voice.party and found == (voice.party,):
        found = before.recipients
    elif before is not None and before.content in CLEARANCE_TYPES and found == (before.sender,):
        told = speech.content in ("Acknowledge", "ResponseToRequestClearance")
        found = (*found, *(each for each in before.recipients if told and each != voice.party))
    if voice.party in found:
        raise InvalidInput("a message to oneself", where="recipients", expected="other parties", got=voice.party)
    return found


def default_signers(voice: Voice, card: Card, content: str) -> tuple[str, ...]:
    """As many offices as the rule for this message needs, of those whose keys are open here."""
    rule = card.rule(content)
    found = [
        each.office
        for each in card.offices
        if rule
        and card.made_at <= voice.at
        and each.in_date(voice.at)
        and (each.acting_for or each.office) in rule.offices
        and voice.has_key(each.office)
    ]
    return tuple(found[: rule.needed if rule else 0])


def able(voice: Voice, content: str) -> bool:
    """Whether enough offices whose keys are open here may say this."""
    card = voice.card()
    rule = card.rule(content)
    return rule is not None and len(default_signers(voice, card, content)) == rule.needed


def say_all(voice: Voice, speeches: Sequence[Speech]) -> tuple[Said, ...]:
    """
    Say several things of one sort at once, durable in one commit; each stands on the one before.

    Raises:
        InvalidInput: As `say`; nothing was said.
    """

    def act(mark: object) -> tuple[Said, ...]:
        found = drawn_up(voice, speeches)
        voice.store.commit(tuple(batch for _, batch in found), mark)
        return tuple(said for said, _ in found)

    return again(voice.store, act)


def drawn_up(voice: Voice, speeches: Sequence[Speech], arriving: Sequence[Message] = ()) -> list[tuple[Said, Batch]]:
    """
    Sign several things, each standing on the one before: what will have been said once the batches are committed.

    Args:
        arriving: Messages that become durable in the same commit, before these: what is said may answer them.

    Raises:
        InvalidInput: As `say`.
    """
    card, index = voice.card(), voice.index()
    come: dict[Thread, list[Message]] = {}
    for each in arriving:
        come.setdefault((each.case, each.origin), []).append(each)
    known = {(each.case, each.id, message_hash(each)): each for each in arriving}
    ends: dict[Thread, tuple[str, ...]] = {}
    seeds: dict[str, dict[str, bytes]] = {}
    found = []
    for speech in speeches:
        words = (speech.case, speech.preceding or "", speech.to_words or "")
        before = known.get(words) or _answered(voice, speech)
        thread = (speech.case, before.origin if before else "")
        stands_on = ends.get(thread) or index.ends_after(thread, come.get(thread, ()))
        message = _filled(voice, speech, card, before, stands_on)
        ends[message.case, message.origin] = (message_hash(message),)
        if message.content not in seeds:
            signers = default_signers(voice, card, message.content)
            seeds[message.content] = {name: voice.seed(name) for name in signers}
        signed = sign_message(message, card, seeds[message.content])
        missing = _missing(signed, card)
        if missing:
            raise InvalidInput(missing, where=f"message {message.id}")
        found.append((Said(signed, sent=True, missing="", violations=()), _batch(voice, signed, speech.things)))
    return found


def by_id(voice: Voice, name: str) -> Message:
    """
    A message that is held, by its id or the end of it, or by its hash or the first 16 digits of that.

    Raises:
        InvalidInput: None or several; of two under one id none is taken for the other.
    """
    hashed = name if len(name) >= _ENOUGH else None
    known = voice.index().known
    found = {e.hash: e for e in known if e.id.endswith(name) or (hashed is not None and e.hash.startswith(hashed))}
    if not found:
        expected = "an id that exchange inbox lists, or as much of its end as no other has"
        raise InvalidInput("no such message", where="MESSAGE", expected=expected, got=name)
    if len(found) > 1:
        raise _several("MESSAGE", found)
    return voice.message(next(iter(found.values()))).message


def _check_clock(voice: Voice, card: Card) -> None:
    """
    What is dated before the card nobody takes; once logged it would be on record for good.

    Raises:
        InvalidInput: The card is younger than this hour: the clock is behind, or another process has just changed it.
    """
    if card.made_at > voice.at:
        expected = f"after {iso(card.made_at)}: the same once more, or the clock set right"
        raise InvalidInput(
            "the own card is younger than this hour", where="clock", expected=expected, got=iso(voice.at)
        )


def _check_secrets(voice: Voice, speech: Speech) -> None:
    """
    A secret that what was said rests on is not replaced: without it no commitment could be revealed any more.

    Raises:
        InvalidInput: Another process committed to the same words after this speech was drawn up.
    """
    for each in speech.things:
        if each.shelf == "secret" and voice.store.get(each.shelf, each.key) not in (None, each.data):
            raise InvalidInput("committed to meanwhile", where=speech.content, expected="the same once more")


def _settled(voice: Voice, signed: SignedMessage, card: Card, things: tuple[Thing, ...], mark: object) -> Said:
    message = signed.message
    held = _thread(voice, message)
    breaches = tuple(each for each in thread_state([*held, message]).violations if each.message_id == message.id)
    missing = _missing(signed, card)
    draft = Thing("draft", message.id, signed_bytes(signed))
    if missing:
        voice.store.commit((Batch((draft, *things)),), mark)
        return Said(signed, sent=False, missing=missing, violations=breaches)
    voice.store.commit((_batch(voice, signed, things),), mark)
    return Said(signed, sent=True, missing="", violations=breaches)


def _batch(voice: Voice, signed: SignedMessage, things: tuple[Thing, ...]) -> Batch:
    """The message, its entry in the log and its place in the outbox: together or not at all."""
    message = signed.message
    digest = signed_hash(signed)
    out = tuple(Thing("outbox", f"{to}/{digest}", message.case.encode()) for to in message.recipients)
    kept = (message_thing(signed, digest), *out, *things)
    return Batch(kept, (entry("sent", digest, voice.at),), (("draft", message.id),))


def _missing(signed: SignedMessage, card: Card) -> str:
    try:
        offices = [each.office for each in signed.signatures]
        lacking(card, signed.message.content, offices, signed.message.sent.at, "signatures")
    except InvalidInput as error:
        return str(error)
    return ""


def _thread(voice: Voice, message: Message) -> list[Message]:
    """The messages that may show a breach in this one: its thread, and whatever it answers or recalls elsewhere."""
    index = voice.index()
    found = {each.key: each for each in index.threads.get((message.case, message.origin), ())}
    for name in filter(None, (message.preceding, message.recall.message if message.recall else None)):
        found |= {each.key: each for each in index.by_name.get(name, ()) if each.case == message.case}
    return [voice.message(each).message for each in found.values()]


def _status(card: Card, *, exercise: bool) -> str:
    if card.status == "Exercise" or exercise:
        return "Exercise"
    return "Actual"
