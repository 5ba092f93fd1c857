"""Conversations on a terminal: what came in, where each item and permission stands, what a bundle proves."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import wraps
from itertools import islice
from types import MappingProxyType
from typing import ParamSpec

from safeconduct.exchange.disclosure import Disclosure
from safeconduct.exchange.message import GateEntry, LineItem, Message, Scheduled
from safeconduct.exchange.proving import Proof, Spoken, Step
from safeconduct.exchange.sounding import Sounding
from safeconduct.exchange.terms import StatementState, TermsState
from safeconduct.exchange.thread import Thread
from safeconduct.model.instants import Instant, iso

NOTICE = "A notice is no clearance, silence is no consent, and a record protects nobody. Not legal advice."
_END = 8
_ID = re.compile(r"urn:sc:[^:\s]+:[0-9a-f]{32}")


_P = ParamSpec("_P")


def _in_lines(lines: Callable[_P, Iterator[str]]) -> Callable[_P, Iterator[str]]:
    """A line feed in what others wrote makes no line of its own: nobody writes our words into their message."""

    @wraps(lines)
    def inside(*args: _P.args, **kwargs: _P.kwargs) -> Iterator[str]:
        return (" / ".join(each.splitlines()) for each in lines(*args, **kwargs))

    return inside


@_in_lines
def message_lines(
    message: Message, *, disclosures: Sequence[Disclosure] = (), sizes: Mapping[str, int] = MappingProxyType({})
) -> Iterator[str]:
    """One message as a person reads it before signing and after receiving; *sizes*: attached bytes by their hash."""
    if message.status != "Actual":
        yield f"{message.status.upper()} {message.status.upper()} {message.status.upper()}"
    yield f"{message.content}, {message.sender} to {', '.join(message.recipients)}, {iso(message.sent.at)}"
    yield from _named(message)
    if message.description:
        yield f"  {message.description}"
    for item in message.items:
        yield f"  item {_item(item)}"
        yield from (f"    {_entry(each)}" for each in item.schedule)
    for gate in message.gates:
        at_once = message.content == "RevokeClearance" and gate.effective_at is None
        said = _asked(gate) if message.content == "RequestClearance" else _said(gate)
        name = f"permission {_plain(gate.item)}:{_plain(gate.gate)}"
        yield f"  {name}{said}" + (", taking effect at once" if at_once else "")
    yield from _whole(message)
    for each in message.attachments:
        size = f"{sizes[each.digest]} bytes, " if each.digest in sizes else ""
        yield f"  attached: {each.name} ({each.media}), {size}{each.digest[:16]}"
    for held in message.withheld:
        yield f"  {held.name}: {held.shown or 'not shown'}; exactly, to be disclosed: {held.digest[:16]}"
    for shown in disclosures:
        yield f"  {shown.name}, disclosed to {shown.to} at {iso(shown.at)}: {shown.value}"


def _named(message: Message) -> Iterator[str]:
    yield f"  id {message.id}" + (f", answers {message.preceding}" if message.preceding else "")
    if message.recall is not None:
        meant = "TAKES BACK" if message.recall.type == "Cancel" else "REPLACES"
        yield f"  {meant} {message.recall.message}"


_HOURS: Mapping[str, str] = {
    "RequestExtendedDeploymentDuration": "stay",
    "ResponseToRequestExtendedDeploymentDuration": "stay",
    "AdhereToTerms": "to be revealed by all",
}
"""What the hours of a message are of, where it is not how long the message itself stands."""


def _whole(message: Message) -> Iterator[str]:
    """What it says as a whole, beside its items and permissions."""
    if message.from_at is not None or message.until_at is not None:
        yield f"  {_HOURS.get(message.content, 'stands')}{_span(message.from_at, message.until_at)}"
    if message.digest is not None:
        yield f"  about the words {message.digest[:16]}"
    if message.response is not None:
        yield f"  {message.response.answer}" + (f": {message.response.reason}" if message.response.reason else "")


_GIST = 3
"""So many items or permissions of a message stand in its one line."""


def gist(message: Message) -> str:
    """What a message says, on one line: what it takes back, its permissions or items, or its words."""
    if message.recall is not None and message.recall.type == "Cancel":
        return f"takes back {short(message.recall.message)}"
    said = [f"{each.item}:{each.gate}{f' {each.answer}' if each.answer else ''}" for each in message.gates]
    if not said or message.content == "RequestResource":
        said = [_item_in_short(each) for each in message.items]
    more = [f"and {len(said) - _GIST} more"] if len(said) > _GIST else []
    words = message.response.answer if message.response else message.description or ""
    return " / ".join((", ".join((*said[:_GIST], *more)) or words).splitlines())


def _item_in_short(item: LineItem) -> str:
    count = f" {item.quantity:g}" if item.quantity is not None else ""
    said = item.response.answer if item.response else item.deployment
    return f"{item.id}{count}{f' {said}' if said else ''}"


def short(name: str) -> str:
    """The end of an id: every command takes it, as long as no other ends so."""
    return name[-_END:] if name.startswith("urn:sc:") else name


def in_short(text: str) -> str:
    """The same with each id by its end."""
    return _ID.sub(lambda found: short(found.group()), text)


@_in_lines
def thread_lines(
    case: str,
    thread: Thread,
    terms: Sequence[TermsState],
    statements: Sequence[StatementState],
    *,
    brief: bool = False,
) -> Iterator[str]:
    """Where a case's conversation stands; *brief*: ids by their end."""
    named = _key if brief else _plain
    yield f"{case}: {', '.join(sorted({status for _, status in thread.statuses})) or 'nothing said'}"
    for item in thread.items:
        agreed = {each.until_at for each in item.parts if each.until_at and each.state == item.state == "Extended"}
        until = f" until {iso(max(agreed))}" if agreed else ""
        yield f"  {item.state:<12} item {named(item.key)}{until}"
    for gate in thread.gates:
        by = f" by {gate.by}" if gate.by else (f", asked of {', '.join(gate.asked_of)}" if gate.asked_of else "")
        name = f"permission {named(gate.item)}:{_plain(gate.gate)}"
        ends = f", revoked from {iso(gate.revoked_at)} on" if gate.revoked_at is not None else ""
        due = f", answer due by {iso(gate.answer_by)}" if gate.answer_by is not None and gate.by is None else ""
        given = f", on condition {'; '.join(gate.conditions)}" if gate.conditions else ""
        yield f"  {gate.state:<12} {name}{by}{_span(gate.from_at, gate.until_at)}{ends}{due}{given}"
    for each in terms:
        said = f"committed {_names(each.committed)}, revealed {_names(each.revealed)}"
        yield f"  {each.state:<12} terms {each.digest[:16]}: {said}"
    for statement in statements:
        yield f"  {statement.state:<12} statement {statement.digest[:16]}: agreed {_names(statement.agreed)}"
    for violation in thread.violations:
        said = in_short(violation.message) if brief else violation.message
        yield f"  breach       {violation.code} in {named(violation.message_id)}: {said}"
    for doubt in thread.doubtful:
        yield f"  doubtful     {named(doubt)}: it stands on what is missing, and moves nothing until that is here"
    for hole in thread.holes:
        yield f"  missing      {named(hole)}: asked for with the next bundle, and comes if it is addressed here"


@_in_lines
def sounding_lines(sounding: Sounding) -> Iterator[str]:
    """A sounding; it is no message, and nobody can show it to anybody."""
    what = f"answers {sounding.answers}: {sounding.would}" if sounding.answers else "asks"
    yield f"SOUNDING {sounding.sender} to {sounding.recipient}, {iso(sounding.sent_at)}, until {iso(sounding.until_at)}"
    yield f"  id {sounding.id}, {what}"
    yield f"  {sounding.about}"
    yield from (f"  condition: {each}" for each in sounding.conditions)
    yield from (f"  would refuse: {each}" for each in sounding.refuses)


@_in_lines
def proof_lines(proof: Proof) -> Iterator[str]:
    """What is proved, step by step, and what is not; under each message what it says."""
    yield f"{'HOLDS' if proof.holds else 'DOES NOT HOLD'}: evidence of the case {proof.case}"
    yield "Compare with what each party says of itself:"
    yield from (f"  {party}  {fingerprint}" for party, fingerprint in proof.fingerprints)
    for number, step in enumerate(proof.steps, 1):
        yield from step_lines(number, step)
    parties = [party for party, _ in proof.fingerprints]
    receipts = _receipts(proof)
    folded = {each.message.id for found in receipts.values() for each in found}
    yield "Who said what, each with its receipt:"
    for each in proof.messages:
        if each.message.id in folded:
            continue
        yield f"  {_spoken(each)}"
        if parties.count(each.message.sender) > 1:
            yield f"  under the chain of cards {each.under}"
        if each.message.id in proof.thread.doubtful:
            yield "  DOUBTFUL to what: what it stands on is missing, and may be other words than those shown here"
        heads = 1 + (each.message.status != "Actual")
        yield from (f"  {line}" for line in islice(message_lines(each.message), heads, None))
        yield from (f"    {_spoken(found)}; {short(found.message.id)}" for found in receipts.get(each.message.id, ()))
    yield from thread_lines(proof.case, replace(proof.thread, violations=()), proof.terms, proof.statements)
    yield "Not proved:"
    yield from (f"  - {each}" for each in proof.not_proved)


def _receipts(proof: Proof) -> dict[str, list[Spoken]]:
    """Receipts that say nothing else, by the id of the one message of the file that they are shown to acknowledge."""
    names = Counter(each.message.id for each in proof.messages)
    held = {name for name, count in names.items() if count == 1}
    found: dict[str, list[Spoken]] = {}
    for each in proof.messages:
        answered = each.message.preceding
        plain = each.message.content == "Acknowledge" and not each.message.description
        if plain and answered in held and each.message.id not in proof.thread.doubtful:
            found.setdefault(answered, []).append(each)
    return found


def step_lines(number: int, step: Step) -> Iterator[str]:
    """One step of a check."""
    yield f"{number}. {step.name}: {'holds' if step.holds else 'DOES NOT HOLD'}"
    yield from (f"     {each}" for each in step.says)
    yield from (f"     FAULT {each}" for each in step.faults)


def _spoken(each: Spoken) -> str:
    message = each.message
    seen = f"existed by {iso(each.existed_by)} ({each.seen_by})" if each.existed_by else "seen by nobody else's log"
    status = "" if message.status == "Actual" else f"{message.status.upper()} "
    head = f"{iso(message.sent.at)} {message.sender} to {', '.join(message.recipients)}: {status}{message.content}"
    signed = ", ".join(office + (f" for {place}" if place else "") for office, place in each.signed_by)
    return f"{head}; signed {signed}; {seen}"


def _item(item: LineItem) -> str:
    response = item.response
    parts = (
        _plain(item.id),
        item.resource.name if item.resource else None,
        f"{item.quantity:g}" if item.quantity is not None else None,
        response.answer + (f" ({response.reason})" if response.reason else "") if response else None,
        item.deployment,
    )
    return ", ".join(filter(None, parts))


def _entry(entry: Scheduled) -> str:
    """When and where, such as ``RequestedArrival 2030-03-01T06:00:00Z, about 38.7 46.7``."""
    when = iso(entry.moment.at) if entry.moment is not None else None
    return f"{entry.type} {', '.join(filter(None, (when, entry.place)))}".rstrip()


def _asked(gate: GateEntry) -> str:
    """The hour in a question is not how long the permission is wanted for."""
    return f", answer due by {iso(gate.until_at)}" if gate.until_at is not None else ""


def _said(gate: GateEntry) -> str:
    said = f": {gate.answer}" if gate.answer else ""
    said += f" on condition {'; '.join(gate.conditions)}" if gate.conditions else ""
    said += f" ({gate.reason})" if gate.reason else ""
    said += f", taking effect {iso(gate.effective_at)}" if gate.effective_at is not None else ""
    return said + _span(gate.from_at, gate.until_at)


def _span(start: Instant | None, end: Instant | None) -> str:
    return (f" from {iso(start)}" if start else "") + (f" until {iso(end)}" if end else "")


def _plain(name: str) -> str:
    """A name by which something is granted, with its characters spelled out where another's may look the same."""
    return name if name.isascii() else f"{name} [{ascii(name)[1:-1]}]"


def _names(parties: Sequence[str]) -> str:
    return ", ".join(parties) or "nobody"


def _key(key: str) -> str:
    """The key of an item with its origin by the end."""
    origin, slash, item = key.partition("/")
    return _plain(f"{short(origin)}{slash}{item}")
