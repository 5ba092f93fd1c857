"""What is wrong with a message in its thread: recorded beside it, for the record must hold what really happened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from safeconduct.exchange.content import ANSWERS, NEEDS_RESOURCE, SCHEDULES, STARTS
from safeconduct.exchange.message import GateEntry, LineItem, Message
from safeconduct.exchange.order import Ordered, stands_on
from safeconduct.model.instants import iso

_TAKES_UP = frozenset({"RequisitionResource", "ResponseToOfferUnsolicitedResource", "CommitResource"})
"""They take up what somebody said, so they come while it stands."""

_OWES_ANSWER = frozenset(
    {
        "ResponseToRequestResource",
        "ResponseToRequestReturn",
        "ResponseToRequestExtendedDeploymentDuration",
        "ResponseToOfferUnsolicitedResource",
    }
)
"""They say yes, no or an alternative to each line item, or to the whole where there is none."""

CODES = (
    "resource-unidentified",
    "origin-mismatch",
    "duplicate-item",
    "zone-missing",
    "recall-unknown",
    "contact-empty",
    "reason-missing",
    "preceding-unknown",
    "schedule-type",
    "quantity-exceeded",
    "not-addressee",
    "exercise-mixed",
    "receipt-missing",
    "entry-uncleared",
    "not-authority",
    "message-forked",
    "chain-forked",
    "expiry-missing",
    "revoked-backwards",
    "validity-over",
    "answer-missing",
)
"""The codes of DESIGN.md section 6, then those of what EDXL-RM has no words for: gates, and histories that part."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One breach: code of `CODES`, the message in breach, and a sentence for a person."""

    code: str
    message_id: str
    message: str


def alone(message: Message) -> Iterator[Violation]:
    """Breaches that the message shows by itself."""
    for found, count in Counter(item.id for item in message.items).items():
        if count > 1:
            yield Violation("duplicate-item", message.id, f"line item {found} occurs {count} times")
    if not message.contacts or any(not (each.role or each.description) for each in message.contacts):
        yield Violation("contact-empty", message.id, "a contact needs a role or a description")
    if not message.sent.zoned:
        yield Violation("zone-missing", message.id, "the time it was sent has no zone")
    for item in message.items:
        yield from _of_item(message, item)
    for gate in message.gates:
        yield from _of_gate(message, gate)
    for said in _unanswered(message):
        yield Violation("answer-missing", message.id, f"{said}: neither yes, nor no, nor an alternative")


def _unanswered(message: Message) -> Iterator[str]:
    if message.content == "ResponseToRequestClearance":
        yield from (f"{gate.gate} of {gate.item}" for gate in message.gates if gate.answer is None)
        if not message.gates:
            yield "no clearance"
    elif message.content in _OWES_ANSWER and message.response is None:
        yield from (f"line item {item.id}" for item in message.items if item.response is None)
        if not message.items:
            yield "no line item"
    elif message.content == "RespondToPublicStatement" and message.response is None:
        yield "the statement"


def _of_gate(message: Message, gate: GateEntry) -> Iterator[Violation]:
    if message.content == "ResponseToRequestClearance" and gate.answer == "Granted" and gate.until_at is None:
        yield Violation("expiry-missing", message.id, f"{gate.gate} of {gate.item} is granted without an end")
    effective = gate.effective_at
    if message.content == "RevokeClearance" and effective is not None and effective < message.sent.at:
        said = f"{gate.gate} of {gate.item} is revoked from {iso(effective)} on, before that was said"
        yield Violation("revoked-backwards", message.id, said)


def _of_item(message: Message, item: LineItem) -> Iterator[Violation]:
    found = item.resource
    if (found is None and message.content in NEEDS_RESOURCE) or (
        found is not None and not (found.id or found.name or found.type)
    ):
        yield Violation("resource-unidentified", message.id, f"line item {item.id} has no id, name or type")
    if item.response is not None and item.response.answer == "Provisional" and not item.response.reason:
        yield Violation("reason-missing", message.id, f"line item {item.id} is provisional and gives no reason")
    for entry in item.schedule:
        if entry.moment is not None and not entry.moment.zoned:
            yield Violation("zone-missing", message.id, f"{entry.type} of line item {item.id} has no zone")
        if message.content in SCHEDULES and entry.type not in SCHEDULES[message.content]:
            yield Violation("schedule-type", message.id, f"{message.content} may not carry {entry.type}")


def in_thread(place: int, thread: Ordered, receipts: AbstractSet[tuple[str, str]]) -> Iterator[Violation]:
    """
    Breaches that the message at *place* shows against those before it.

    Args:
        receipts: Who acknowledged which message so far: by its hash, or by its id where what was acknowledged is not
            shown to be at hand.
    """
    message = thread.messages[place][1]
    if thread.at[message.id][0] < place:
        yield Violation("message-forked", message.id, "its id was used before for other content")
    if message.recall is not None and not any(
        thread.messages[at][1].sender == message.sender for at in _earlier(message.recall.message, place, thread)
    ):
        yield Violation("recall-unknown", message.id, "it recalls no earlier message of its sender")
    found = answered(place, thread)
    if found.message is not None:
        yield from _against(message, found.message, found.digest, receipts)
    elif not found.doubtful:
        yield from _without_preceding(message)


def _without_preceding(message: Message) -> Iterator[Violation]:
    if message.content in STARTS and message.preceding is None:
        if message.origin != message.id:
            yield Violation("origin-mismatch", message.id, "it begins a thread and names another origin")
    elif message.preceding is not None or message.content in ANSWERS or message.content == "Acknowledge":
        yield Violation("preceding-unknown", message.id, "the message it answers is not before it in the thread")


def _against(
    message: Message, found: Message, digest: str, receipts: AbstractSet[tuple[str, str]]
) -> Iterator[Violation]:
    if message.origin != found.origin:
        yield Violation("origin-mismatch", message.id, f"the message it answers is of thread {found.origin}")
    if not addressed(message, found):
        yield Violation("not-addressee", message.id, f"{found.id} was not addressed to {message.sender}")
    if message.content in _TAKES_UP and not _declines(message):
        yield from _in_time(message, found)
    if message.content in ANSWERS and not {(message.sender, digest), (message.sender, found.id)} & receipts:
        yield Violation("receipt-missing", message.id, f"{message.sender} had not acknowledged {found.id}")


def _declines(message: Message) -> bool:
    said = [each for each in (message.response, *(item.response for item in message.items)) if each is not None]
    return bool(said) and all(each.answer == "Decline" for each in said)


def _in_time(message: Message, found: Message) -> Iterator[Violation]:
    if found.until_at is not None and message.sent.at > found.until_at:
        yield Violation("validity-over", message.id, f"{found.id} stood until {iso(found.until_at)}")
    if found.from_at is not None and message.sent.at < found.from_at:
        yield Violation("validity-over", message.id, f"{found.id} stands from {iso(found.from_at)} on, not before")


def addressed(message: Message, found: Message) -> bool:
    """Whether its sender may give this answer or receipt to *found*; other messages may follow whatever they like."""
    return message.content not in ANSWERS | {"Acknowledge"} or message.sender in found.recipients


@dataclass(frozen=True, slots=True)
class Answered:
    """
    What a message answers.

    Args:
        message: None where nothing at hand is shown to be it.

        digest: Its hash; empty where there is none.

        doubtful: Whether a message of that id is at hand, and what the answer stands on is not: it may have been given
            to other words under the same id.
    """

    message: Message | None
    digest: str = ""
    doubtful: bool = False


def answered(place: int, thread: Ordered) -> Answered:
    """
    The message that the one at *place* answers, if it stands before it.

    An id names whatever its owner puts under it later; a hash does not. So an answer or a receipt that names hashes
    answers what these lead to, directly or through others, and nothing else of that id: no question can be exchanged
    for another once it was answered. Where no hashes are named, one addressed to its sender, else the first.
    """
    message = thread.messages[place][1]
    preceding = message.preceding
    earlier = _earlier(preceding, place, thread) if preceding is not None else ()
    if not earlier:
        return Answered(None)
    found = [(at, *thread.messages[at]) for at in earlier]
    if message.previous and message.content in ANSWERS | {"Acknowledge"}:
        led, whole = stands_on(place, earlier, thread)
        known = next(((digest, each) for at, digest, each in found if at == led), None)
        return Answered(known[1], known[0]) if known is not None else Answered(None, doubtful=not whole)
    named = [(digest, each) for _, digest, each in found if digest in message.previous]
    asked = [(digest, each) for _, digest, each in found if addressed(message, each)]
    first = next(iter([*named, *asked, *((digest, each) for _, digest, each in found)]))
    return Answered(first[1], first[0])


def statuses(thread: Ordered) -> dict[str, str]:
    """
    Actual, exercise or test, for each origin: as the message that began it says, else the first one at hand.

    Where those differ and one is actual, the thread is actual: no exercise is ever taken for it.
    """
    begun: dict[str, list[str]] = {}
    others: dict[str, list[str]] = {}
    for _, each in thread.messages:
        (begun if each.id == each.origin else others).setdefault(each.origin, []).append(each.status)
    found = others | begun
    return {origin: "Actual" if "Actual" in each else each[0] for origin, each in found.items()}


def _earlier(name: str, place: int, thread: Ordered) -> tuple[int, ...]:
    return tuple(at for at in thread.at.get(name, ()) if at < place)


def forks(thread: Ordered) -> Iterator[Violation]:
    """
    Senders whose own messages part: one that names earlier messages, but not, directly or through others, its sender's
    own latest one. Where a message it stands on is missing nothing is said: the missing one may join them.

    Receipts are no part of it: they are made by the import, while a message that waits for its second office stands on
    what was held when the first one signed.
    """
    latest: Counter[tuple[str, str]] = Counter()
    seen: dict[str, Counter[tuple[str, str]] | None] = {}
    for digest, message in thread.messages:
        own = (message.sender, message.origin)  # two threads of one sender go on beside each other
        known: Counter[tuple[str, str]] | None = Counter()
        for each in message.previous:
            upto = seen.get(each)
            known = None if known is None or upto is None else known | upto
        if message.content == "Acknowledge":
            seen[digest] = known
            continue
        if known is not None and message.previous and known[own] < latest[own]:
            said = f"{message.sender} wrote it without regard to a message of its own"
            yield Violation("chain-forked", message.id, said)
        latest[own] += 1
        seen[digest] = None if known is None else known | Counter({own: latest[own]})
