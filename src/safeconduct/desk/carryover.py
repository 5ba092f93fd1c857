"""From messages to the case: what was asked, granted, refused, revoked and offered, with the message as its source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from safeconduct.assessment.board import DECISIONS
from safeconduct.assessment.engine import required_records
from safeconduct.desk.party import open_party
from safeconduct.exchange.breaches import addressed, answered
from safeconduct.exchange.content import ANSWERS
from safeconduct.exchange.message import GateEntry, Message, Response
from safeconduct.exchange.order import Ordered, ordered, recalled
from safeconduct.model.assets import Asset
from safeconduct.model.case import Case, ClearanceEvent, ClearanceRecord
from safeconduct.model.errors import Bug
from safeconduct.model.instants import Instant, iso
from safeconduct.model.known import as_known
from safeconduct.model.sources import Cite, Dated, Source
from safeconduct.wiring.rooms import means

_ACCEPTS = frozenset({"ResponseToRequestResource", "CommitResource"})
_DECISIONS_OF_AUTHORITY = frozenset({"granted", "refused", "revoked"})


def with_messages(case: Case, messages: Iterable[Message]) -> Case:
    """
    The case with what its conversation did to clearances and assets.

    Only messages of this case, of its own status, count: an exercise moves no actual case. A clearance that the case
    does not know is left out (`with_named` adds those that its rules engage); a question, an answer or a revocation
    names it by its id, and only its authority grants, refuses or revokes it, for the provider that asked or that the
    answer is addressed to (`Gates`). A request of the host to a provider is the host's request; a commitment is the
    provider's own approval; an item by the id of an asset makes that asset offered. What is recalled ends.
    """
    sequence = ordered(_own(case, messages))
    thread = [each for _, each in sequence.messages]
    sources = tuple(Source(_source(each), f"{each.content} of {each.sender}, {iso(each.sent.at)}") for each in thread)
    case = replace(case, sources=(*case.sources, *sources))
    for place, message in enumerate(thread):
        if _counts(place, sequence):
            for each in recalled(place, sequence):
                case = _taken_back(case, each, message)
            if message.recall is None or message.recall.type != "Cancel":
                case = _moved(case, message, answered(place, sequence).message)
    return case


def _counts(place: int, sequence: Ordered) -> bool:
    """Whether a message moves anything: by itself, not by its id, under which somebody else may write another."""
    message, found = sequence.messages[place][1], answered(place, sequence)
    if found.doubtful or (found.message is not None and not addressed(message, found.message)):
        return False
    loose = message.content in ANSWERS or message.content == "Acknowledge" or message.preceding is not None
    # A revocation counts at once, whether or not the grant that it names is at hand; so does what is taken back.
    ends = message.content == "RevokeClearance" or message.recall is not None
    return found.message is not None or ends or not loose


def with_named(case: Case, messages: Iterable[Message], at: Instant, rules: Path | None = None) -> Case:
    """
    The case with a record for each permission that its messages name and that only the rules of law engage.

    Most permissions stand in no case file: the rules say that a way needs them, a request names them, and a grant of
    one is to count like any other.

    Args:
        at: As known at; which ways there are then decides which permissions the rules engage.

        rules: A user's own rules, in place of ours by id.
    """
    named = {gate.gate for each in _own(case, messages) for gate in each.gates if each.sent.at <= at}
    if not named - {each.id for each in case.clearances} or at < case.incident_at:
        return case
    known = {each.id for each in case.clearances}
    engaged = required_records(as_known(case, at), at, means(rules, without=case.id)).clearances
    made = tuple(each for each in engaged if each.id in named - known)
    return replace(case, clearances=(*case.clearances, *made))


def recorded(case: Case, path: Path, at: Instant | None = None, rules: Path | None = None) -> Case:
    """
    The case with what a party's own record holds of it.

    Args:
        at: The hour to be assessed; None is the case's ``assess_at``.

        rules: A user's own rules, in place of ours by id.

    Raises:
        InvalidInput: There is no party in that directory.
    """
    messages = _held(case, path)
    return with_messages(with_named(case, messages, at or case.assess_at, rules), messages)


def passed_over(case: Case, path: Path, at: Instant) -> tuple[str, ...]:
    """
    What of a party's record does not count in an assessment, in words: a screen that is silent about it misleads.

    Args:
        case: With what the record holds of it (`recorded`).

        at: The hour that was assessed.
    """
    status = _status(case)
    found = _held(case, path)
    own = _own(case, found)
    said = []
    if not found:
        said.append(f"the record holds no message of the case {case.id}")
    if len(own) < len(found):
        other = "actual" if status == "Exercise" else "an exercise or a test"
        left = f"{len(found) - len(own)} of {len(found)} messages do not count"
        how = f"; to play it: safeconduct case new NAME --exercise-of {case.id}" if other != "actual" else ""
        said.append(f"{left}: the case is {case.kind}, and they are {other}{how}")
    late = sum(each.sent.at > at for each in own)
    if late:
        said.append(f"{late} of {len(found)} messages do not count yet: they are later than {iso(at)} (--at)")
    known = {each.id for each in case.clearances}
    named = dict.fromkeys(gate.gate for each in own for gate in each.gates if each.sent.at <= at)
    stray = [each for each in named if each not in known]
    if stray:
        said.append(f"permissions that no way of the case needs at that hour do not count: {', '.join(stray)}")
    return tuple(said)


def _held(case: Case, path: Path) -> tuple[Message, ...]:
    return tuple(each.message for each in open_party(path, case.assess_at, _no_dice, {}).messages(case.id))


def _status(case: Case) -> str:
    return "Exercise" if case.kind == "exercise" else "Actual"


def _own(case: Case, messages: Iterable[Message]) -> list[Message]:
    return [each for each in messages if each.case == case.id and each.status == _status(case)]


def _no_dice(count: int) -> bytes:
    raise Bug("reading a record needs no randomness", got=str(count))


def _moved(case: Case, message: Message, before: Message | None) -> Case:
    for name, event in _events(message, before):
        changed = (
            replace(c, events=(*_before(c, event), *_until(c, event)))
            if c.id == name and _concerns(c, event, message, before)
            else c
            for c in case.clearances
        )
        case = replace(case, clearances=tuple(changed))
    if message.content == "RequestResource" and message.sender == case.host:
        for provider in message.recipients:
            case = _asked(case, message, provider)
    if message.content == "OfferUnsolicitedResource" or message.content in _ACCEPTS:
        names = {each.id for each in message.items if _offers(message, each.response)}
        case = replace(case, assets=tuple(_offered(each, message, names) for each in case.assets))
    if message.content == "CommitResource" and any(_offers(message, each.response) for each in message.items):
        names = {each.id for each in message.items if _offers(message, each.response)}
        case = _approved(case, message, names, "granted")
    declined = {each.id for each in message.items if each.response is not None and each.response.answer == "Decline"}
    if message.content in _ACCEPTS and declined:
        case = _approved(case, message, declined, "revoked")
    return case


def _concerns(record: ClearanceRecord, event: ClearanceEvent, message: Message, before: Message | None) -> bool:
    """Only its authority decides, and a grant is for who asked and for those it is addressed to who were not asked."""
    if event.status in _DECISIONS_OF_AUTHORITY and message.sender != record.authority:
        return False
    if event.status != "granted" or before is None or not record.provider:
        return True
    return record.provider in {before.sender, *message.recipients} - set(before.recipients)


def _taken_back(case: Case, earlier: Message, message: Message) -> Case:
    """Every yes that rests on a message which its sender recalled ends: only a new one lifts that."""
    event = _event("revoked", message, None)
    changed = tuple(
        replace(c, events=(*_before(c, event), event)) if _rests_on(c, earlier) else c for c in case.clearances
    )
    return replace(case, clearances=changed)


def _rests_on(record: ClearanceRecord, message: Message) -> bool:
    """Whether the latest yes is that message's; what a revocation ahead left of it is."""
    ended = {each.cite.sources for each in record.events if each.status == "revoked"}
    grants = [e for e in record.events if e.status == "granted" and e.cite.sources not in ended]
    return bool(grants) and grants[-1].cite.sources == (_source(message),)


def _before(record: ClearanceRecord, event: ClearanceEvent) -> Iterator[ClearanceEvent]:
    """What happened so far: a new grant lifts a revocation ahead, and a no lifts a grant ahead."""
    for each in record.events:
        lifted = each.status == "revoked" if event.status == "granted" else each.status == "granted"
        if not (event.status in _DECISIONS_OF_AUTHORITY and lifted and each.known_at > event.known_at):
            yield each


def _until(record: ClearanceRecord, event: ClearanceEvent) -> Iterator[ClearanceEvent]:
    """
    A revocation ahead: from the hour at which it was said the grant is known to end at the hour that it names.

    Of two grants the later answer counts, if it ends earlier, too; one that begins after the other's end counts from
    that end on, so that nobody takes the time between for permitted.
    """
    decided = [each for each in record.events if each.status in DECISIONS and each.known_at <= event.known_at]
    held = max(reversed(decided), key=lambda each: each.known_at, default=None)  # of equal hours the later one
    if event.status == "revoked" and event.at > event.known_at:
        if held is not None and held.status == "granted" and not (held.valid_until and held.valid_until < event.at):
            yield replace(event, at=event.known_at)
            yield replace(held, at=event.known_at, known_at=event.known_at, valid_until=event.at, cite=event.cite)
        yield replace(event, known_at=event.at)
    elif event.status == "granted" and held is not None and held.status == "granted":
        ends, start = held.valid_until, max(event.at, event.valid_from or event.at)
        if event.valid_until is not None and (ends is None or ends > event.valid_until):
            yield replace(event, status="revoked", conditions=(), valid_from=None, valid_until=None)
        apart = ends is not None and event.known_at < ends < start
        yield replace(event, known_at=ends) if ends is not None and apart else event
    else:
        yield event


def _events(message: Message, before: Message | None) -> Iterator[tuple[str, ClearanceEvent]]:
    question = before if before is not None and before.content == "RequestClearance" else None
    if message.content == "Acknowledge" and question is not None:
        for entry in question.gates:
            yield entry.gate, _event("acknowledged", message, entry)
    asked = {(each.item, each.gate) for each in question.gates} if question is not None else set()
    for entry in message.gates:
        if message.content == "RequestClearance":
            yield entry.gate, _event("asked", message, entry)
        elif (
            message.content == "ResponseToRequestClearance"
            and entry.answer is not None
            and (entry.item, entry.gate) in asked
        ):
            yield entry.gate, _event("granted" if entry.answer == "Granted" else "refused", message, entry)
        elif message.content == "RevokeClearance":
            yield entry.gate, _event("revoked", message, entry)


def _event(status: str, message: Message, entry: GateEntry | None) -> ClearanceEvent:
    granted = entry is not None and status == "granted"
    sent_at = message.sent.at
    at = max(entry.effective_at or sent_at, sent_at) if entry is not None and status == "revoked" else sent_at
    return ClearanceEvent(
        status,
        at,
        sent_at,
        entry.conditions if granted and entry else (),
        entry.from_at if granted and entry else None,
        entry.until_at if granted and entry else None,
        _cite(message),
    )


def _asked(case: Case, message: Message, provider: str) -> Case:
    """The host's own request: a permission that it gives by asking."""
    event = _event("granted", message, None)
    held = next((c for c in case.clearances if c.kind == "request" and c.provider == provider), None)
    if held is not None:
        changed = (replace(c, events=(*c.events, event)) if c is held else c for c in case.clearances)
        return replace(case, clearances=tuple(changed))
    name = f"{case.host}-REQUEST-{provider}"
    record = ClearanceRecord(name, "request", case.host, "", provider, (), (event,), None, (), _cite(message))
    return replace(case, clearances=(*case.clearances, record))


def _approved(case: Case, message: Message, names: set[str], status: str) -> Case:
    """Whoever commits a resource has approved its deployment, and whoever declines it afterwards no longer does."""
    event = _event(status, message, None)

    def of_items(record: ClearanceRecord) -> bool:
        same = (record.kind, record.provider, record.authority) == ("deploy", message.sender, message.sender)
        given = [each for each in record.events if each.status in DECISIONS][-1:]
        lifts = status == "granted" or (bool(given) and given[0].status == "granted")
        return same and lifts and (not record.assets or bool(names & set(record.assets)))

    changed = (replace(c, events=(*c.events, event)) if of_items(c) else c for c in case.clearances)
    return replace(case, clearances=tuple(changed))


def _offers(message: Message, response: Response | None) -> bool:
    return message.content == "OfferUnsolicitedResource" or (response is not None and response.answer == "Accept")


def _offered(asset: Asset, message: Message, names: set[str]) -> Asset:
    if asset.id not in names or asset.provider != message.sender or asset.offered is not None:
        return asset
    return replace(asset, offered=Dated(message.sent.at, message.sent.at, _cite(message)))


def _cite(message: Message) -> Cite:
    return Cite((_source(message),), "A", "a signed message of the party itself")


def _source(message: Message) -> str:
    return f"message {message.id}"
