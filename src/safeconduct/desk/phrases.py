"""What can be said, one function each: it makes the speech and leaves signing and sending to others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from safeconduct.desk.speaking import Speech
from safeconduct.desk.voice import Voice
from safeconduct.exchange.message import (
    DEPLOYMENTS,
    Attachment,
    GateEntry,
    LineItem,
    Message,
    Recall,
    Resource,
    Response,
    message_hash,
)
from safeconduct.exchange.record import document_hash
from safeconduct.exchange.terms import COMMITMENT, OPENING, RELEASES, commitment_to, statement_states
from safeconduct.model.errors import InvalidInput
from safeconduct.model.instants import Instant
from safeconduct.store.contract import Thing

ANSWERED_BY: Mapping[str, str] = {
    "RequestResource": "ResponseToRequestResource",
    "OfferUnsolicitedResource": "ResponseToOfferUnsolicitedResource",
    "RequestInformation": "ResponseToRequestInformation",
    "RequestReturn": "ResponseToRequestReturn",
    "RequestQuote": "ResponseToRequestQuote",
    "RequestExtendedDeploymentDuration": "ResponseToRequestExtendedDeploymentDuration",
    "RequestResourceDeploymentStatus": "ReportResourceDeploymentStatus",
}
"""The type that answers each question; permissions, terms and statements have answers of their own."""

_SALT_BYTES = 32
_TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Choice:
    """
    Yes, no, or a reasonable alternative, for line items.

    Args:
        answer: ``Accept``, ``Decline`` or ``Provisional``.

        items: ``ID`` or ``ID=QUANTITY``; empty: every item of the message.

        reason: Owed by an alternative.
    """

    answer: str
    items: tuple[str, ...] = ()
    reason: str | None = None


def answer(message: Message, choice: Choice, *, says: str | None = None, until: Instant | None = None) -> Speech:
    """
    Answer a request or an offer.

    Raises:
        InvalidInput: It is no question that is answered so, or it has no such item.
    """
    content = ANSWERED_BY.get(message.content)
    if content is None:
        said = "clear, terms or statement" if message.content in _OTHERWISE else "nothing"
        raise _unfit(message, "not answered so", said)
    if choice.answer == "Provisional" and not choice.reason:
        raise InvalidInput("an alternative without its reason", where="--reason", expected="what would be possible")
    response = Response(choice.answer, choice.reason)
    if message.content == "RequestExtendedDeploymentDuration" and choice.answer == "Accept":
        until = until or message.until_at  # yes to a longer stay is yes until the hour that was asked for
    items = tuple(LineItem(name, None, count, response) for name, count in _items(message, choice.items))
    whole = None if items else response  # a general offer has no items to answer one by one
    return _reply(message, content, {"items": items, "response": whole, "description": says, "until_at": until})


def select(message: Message, items: Sequence[str], *, until: Instant | None = None) -> Speech:
    """
    Take up what was offered: this much of it (``RequisitionResource``).

    Raises:
        InvalidInput: It has no such item, or offers less.
    """
    chosen = tuple(LineItem(name, _resource(message, name), count) for name, count in _at_most(message, items))
    return _reply(message, "RequisitionResource", {"items": chosen, "until_at": until})


def commit(message: Message, items: Sequence[str], *, until: Instant | None = None) -> Speech:
    """
    Bind oneself to what was selected (``CommitResource``).

    Raises:
        InvalidInput: It has no such item, or names less.
    """
    yes = Response("Accept")
    chosen = tuple(LineItem(name, None, count, yes) for name, count in _at_most(message, items))
    return _reply(message, "CommitResource", {"items": chosen, "until_at": until})


def offer(case: str, to: str, items: Sequence[str], *, says: str | None = None, exercise: bool = False) -> Speech:
    """
    Offer without having been asked.

    Args:
        items: ``ID=NAME`` or ``ID=NAME=QUANTITY``; none for a general offer, which then says what in *says*.

    Raises:
        InvalidInput: An item of another form, or neither items nor words.
    """
    if not items and not says:
        raise InvalidInput("an offer of nothing", where="offer", expected="--item ID=NAME, or --says for a general one")
    made = tuple(_offered(each) for each in items)
    return Speech("OfferUnsolicitedResource", case, (to,), None, exercise, {"items": made, "description": says})


def permissions(message: Message, gates: Sequence[str], permission: GateEntry) -> Speech:
    """
    Answer a request for permissions.

    Args:
        gates: ``ITEM:GATE``; empty: all that were asked.

        permission: Answer, conditions, reason and times; its item and gate are replaced by each of *gates*.

    Raises:
        InvalidInput: The message asks for no permission, or not for that one.
    """
    if message.content != "RequestClearance":
        raise _unfit(
            message, "not a request for permissions", "a RequestClearance, as exchange inbox lists them; or --ask"
        )
    asked = {f"{each.item}:{each.gate}": each for each in message.gates}
    for each in gates:
        if each not in asked:
            raise InvalidInput("not among what was asked", where="--gate", expected=", ".join(asked), got=each)
    chosen = [asked[each] for each in (gates or asked)]
    entries = tuple(replace(permission, item=each.item, gate=each.gate) for each in chosen)
    return _reply(message, "ResponseToRequestClearance", {"gates": entries})


def revoke(message: Message, gates: Sequence[str], *, effective: Instant | None, reason: str | None) -> Speech:
    """
    Take back permissions that a message granted, from an hour on; whoever is under way then has until that hour.

    Raises:
        InvalidInput: The message granted nothing of the kind.
    """
    granted = [each for each in message.gates if each.answer == "Granted"]
    if not granted:
        raise _unfit(message, "it grants nothing", "a ResponseToRequestClearance of one's own that grants")
    chosen = [each for each in granted if not gates or f"{each.item}:{each.gate}" in gates]
    if not chosen:
        known = ", ".join(f"{each.item}:{each.gate}" for each in granted)
        raise InvalidInput("not granted by this message", where="--gate", expected=known, got=", ".join(gates))
    entries = tuple(GateEntry(each.item, each.gate, reason=reason, effective_at=effective) for each in chosen)
    return replace(_reply(message, "RevokeClearance", {"gates": entries}), recipients=message.recipients)


def report(message: Message, items: Sequence[str], deployment: str, *, says: str | None = None) -> Speech:
    """Where a resource is (``ReportResourceDeploymentStatus``)."""
    if deployment not in DEPLOYMENTS:
        raise InvalidInput("not a state", where="--state", expected=" | ".join(DEPLOYMENTS), got=deployment)
    made = tuple(LineItem(name, None, deployment=deployment) for name, _ in _items(message, items))
    return _reply(message, "ReportResourceDeploymentStatus", {"items": made, "description": says})


def release(message: Message, items: Sequence[str], *, says: str | None = None) -> Speech:
    """Let resources go (``ReleaseResource``)."""
    made = tuple(LineItem(name, _resource(message, name), count) for name, count in _at_most(message, items))
    return _reply(message, "ReleaseResource", {"items": made, "description": says})


def extend(message: Message, items: Sequence[str], until: Instant) -> Speech:
    """Ask for a longer stay (``RequestExtendedDeploymentDuration``)."""
    made = tuple(LineItem(name, _resource(message, name), count) for name, count in _at_most(message, items))
    return _reply(message, "RequestExtendedDeploymentDuration", {"items": made, "until_at": until})


def adhere(voice: Voice, message: Message, text: bytes | None, until: Instant) -> Speech:
    """
    Commit to terms without showing the adherence yet: it counts once every party's is revealed, until the hour given.

    Args:
        text: The terms; their hash is what is adhered to. None: those of the message, as they came with it.

    Raises:
        InvalidInput: The message brings no terms, or *text* differs from those it brings.
    """
    theirs = message.digest if message.content == "AdhereToTerms" else None
    held = voice.store.get("enclosure", theirs) if theirs is not None else None
    text = text if text is not None else held
    if text is None:
        raise _unfit(message, "no terms", "--text FILE")
    digest = document_hash(text)
    kept = voice.store.get("secret", f"terms/{digest}")  # committed to before: one commitment, one opening
    salt = kept.decode() if kept is not None else voice.draw(_SALT_BYTES).hex()
    if theirs is not None and theirs != digest:
        expected = f"no --text, to adhere to them; other terms answer {message.preceding or 'another message'}"
        raise InvalidInput("other words than the terms of this message", where="--text", expected=expected)
    shown = Attachment(COMMITMENT, "application/octet-stream", commitment_to(voice.party, digest, salt))
    things = (Thing("enclosure", digest, text), Thing("secret", f"terms/{digest}", salt.encode()))
    more = {"digest": digest, "until_at": until, "attachments": (shown, Attachment("terms", _TEXT, digest))}
    return _reply(message, "AdhereToTerms", more, things)


def reveal(voice: Voice, message: Message) -> Speech:
    """
    Reveal one's adherence to the terms of a message.

    Raises:
        InvalidInput: One has not committed to them.
    """
    kept = voice.store.get("secret", f"terms/{message.digest}")
    if kept is None:
        raise _unfit(message, "no adherence to reveal", "exchange terms MESSAGE --until T first")
    opening = Attachment(OPENING, "application/octet-stream", kept.decode())
    more = {"digest": message.digest, "response": Response("Accept"), "attachments": (opening,)}
    return _reply(message, "AdhereToTerms", more)


def decline_terms(message: Message, reason: str | None) -> Speech:
    """Refuse terms, or withdraw from them before they are in force."""
    return _reply(message, "AdhereToTerms", {"digest": message.digest, "response": Response("Decline", reason)})


def propose_statement(message: Message, text: bytes) -> Speech:
    """Propose the words of a public statement: nobody releases it before all have agreed to these words."""
    digest = document_hash(text)
    more = {"digest": digest, "attachments": (Attachment("statement", _TEXT, digest),)}
    return _reply(message, "ProposePublicStatement", more, (Thing("enclosure", digest, text),))


def answer_statement(message: Message, choice: Choice) -> Speech:
    """Agree to the words of a statement, or not."""
    _check_proposed(message)
    more = {"digest": message.digest, "response": Response(choice.answer, choice.reason)}
    return _reply(message, "RespondToPublicStatement", more)


def _check_proposed(message: Message) -> None:
    if message.content != "ProposePublicStatement" or message.digest is None:
        raise _unfit(message, "not a proposed statement", "a ProposePublicStatement")


def release_statement(voice: Voice, message: Message, *, one_sided: bool = False) -> Speech:
    """
    Report a statement released, to everybody whom it was proposed to or by.

    Args:
        one_sided: Although not all have agreed to these words; the record says so.

    Raises:
        InvalidInput: It is no proposed statement, or not all have agreed and *one_sided* was not said.
    """
    _check_proposed(message)
    held = (each.message for each in voice.messages(message.case))
    states = [each for each in statement_states(held) if (each.digest, each.by) == (message.digest, message.sender)]
    lacking = sorted({party for each in states for party in message.recipients if party not in each.agreed})
    if lacking and not one_sided:
        expected = "every agreement first, or --one-sided to have the record say so"
        raise InvalidInput("not agreed by all", where="statement", expected=expected, got=", ".join(lacking))
    others = tuple(each for each in (message.sender, *message.recipients) if each != voice.party)
    return replace(_reply(message, RELEASES, {"digest": message.digest}), recipients=others)


def recall(voice: Voice, message: Message, speech: Speech | None = None) -> Speech:
    """
    Take back an own message (``Cancel``), or replace it by *speech* (``Update``).

    Raises:
        InvalidInput: It is another party's.
    """
    if message.sender != voice.party:
        raise InvalidInput("another party's message", where="recall", expected="one of one's own", got=message.sender)
    if speech is None:
        more = {"recall": Recall(message.id, "Cancel"), "distribution": "Cancel", "items": message.items}
        apart = message.preceding is None and message.origin != message.id  # it went to one without the thread
        before = message.id if apart else message.preceding
        if before is None:  # in the same second only this says which of the two came first
            more["previous"] = (message_hash(message),)
        return Speech(message.content, message.case, message.recipients, before, more=more)
    more = {**speech.more, "recall": Recall(message.id, "Update"), "distribution": "Update"}
    return replace(speech, more=more)


def with_files(speech: Speech, files: Mapping[str, bytes]) -> Speech:
    """
    The same with files attached, such as a form that an office completed; one of the same name is replaced.

    Args:
        files: By name; text is taken for text where it is UTF-8.
    """
    kept = tuple(each for each in speech.more.get("attachments", ()) if each.name not in files)
    made = tuple(Attachment(name, _media(data), document_hash(data)) for name, data in files.items())
    things = {each.key: each for each in speech.things}
    things |= {document_hash(data): Thing("enclosure", document_hash(data), data) for data in files.values()}
    return replace(speech, more={**speech.more, "attachments": (*kept, *made)}, things=tuple(things.values()))


def _media(data: bytes) -> str:
    try:
        data.decode()
    except UnicodeDecodeError:
        return "application/octet-stream"
    return _TEXT


def check_channel(case: str, to: Sequence[str], *, exercise: bool = True) -> Speech:
    """A drill of the channel: does this reach you, and who is on duty? It asks for nothing else."""
    return Speech("ChannelCheck", case, tuple(to), None, exercise)


_OTHERWISE = frozenset({"RequestClearance", "AdhereToTerms", "ProposePublicStatement"})


def _unfit(message: Message, said: str, expected: str) -> InvalidInput:
    return InvalidInput(said, where=f"message {message.id}", expected=expected, got=message.content)


def _reply(message: Message, content: str, more: Mapping[str, Any], things: tuple[Thing, ...] = ()) -> Speech:
    words = message_hash(message)
    return Speech(content, message.case, (message.sender,), message.id, more=more, things=things, to_words=words)


def _items(message: Message, names: Sequence[str]) -> list[tuple[str, float | None]]:
    held = {each.id: each.quantity for each in message.items}
    found = []
    for each in names or held:
        name, equals, count = each.partition("=")
        if name not in held:
            raise InvalidInput(
                "no such item", where="--item", expected=", ".join(held) or "a message with items", got=name
            )
        found.append((name, _count(count) if equals else held[name]))
    return found


def _at_most(message: Message, names: Sequence[str]) -> list[tuple[str, float | None]]:
    """As `_items`, and no more of each than the message names."""
    held = {each.id: each.quantity for each in message.items}
    found = _items(message, names)
    for name, count in found:
        most = held[name]
        if most is not None and count is not None and count > most:
            raise InvalidInput(
                "more than the message names", where="--item", expected=f"at most {most:g}", got=f"{count:g}"
            )
    return found


def _offered(text: str) -> LineItem:
    name, equals, rest = text.partition("=")
    title, _, count = rest.partition("=")
    if not name or not equals or not title:
        raise InvalidInput("not an item", where="--item", expected="ID=NAME or ID=NAME=QUANTITY", got=text)
    return LineItem(name, Resource(name=title), _count(count) if count else None)


def _count(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise InvalidInput("not a quantity", where="--item", expected="a number", got=text) from None


def _resource(message: Message, name: str) -> Resource | None:
    held = next((each.resource for each in message.items if each.id == name), None)
    return held or Resource(id=name)
