"""From the case to the message: a request drawn from what an assessment says is worth asking for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from safeconduct.assessment.answer import Assessment, Way
from safeconduct.desk.assess import assess
from safeconduct.desk.cases import open_case
from safeconduct.desk.disclosing import withheld
from safeconduct.desk.entry import forms
from safeconduct.desk.numbering import REPORT, reports
from safeconduct.desk.speaking import Speech
from safeconduct.desk.voice import Voice
from safeconduct.exchange.message import (
    Attachment,
    GateEntry,
    LineItem,
    Message,
    Moment,
    Resource,
    Scheduled,
    message_hash,
)
from safeconduct.exchange.record import document_hash
from safeconduct.model.errors import InvalidInput
from safeconduct.model.instants import Instant, iso
from safeconduct.report.entry import form_lines
from safeconduct.report.law import lines
from safeconduct.report.sitrep import Heading, sitrep
from safeconduct.store.contract import Thing

POINTLESS = frozenset({"physical", "red line", "superseded"})
"""Verdicts that no request changes: such ways are asked for only by name."""

PLACE = "place"
_PAGE_WIDTH = 100
COARSE_DEG = 0.1
"""Places go out to a tenth of a degree, about 10 km, until the other side has accepted (DESIGN.md section 5)."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """
    A message before it is signed, and what it rests on.

    Args:
        left_out: (way, verdict) of the provider's ways that it does not ask for.
    """

    speech: Speech
    answer: Assessment
    left_out: tuple[tuple[str, str], ...]


def request(
    voice: Voice, name: str, to: str, *, at: Instant | None = None, ways: Sequence[str] = (), exercise: bool = False
) -> Drawn:
    """
    A request to a provider, drawn from the case: what could come in time, and the permissions each of it needs.

    Args:
        at: As known at; None is the party's own hour where it lies between the incident and the case's hour, since
            nobody asks on the ground of what is not known yet, and else the case's hour.

        ways: Ids of assets or ways to ask for; empty: every one of the provider's that a request could help.

    Raises:
        InvalidInput: The case names no such provider or asset, or none of its ways could be helped by asking.
    """
    case = open_case(name).case
    if at is None and case.incident_at <= voice.at < case.assess_at:
        at = voice.at
    answer = assess(case, at=at)
    own = [each for each in answer.ways if each.provider == to]
    if not own:
        known = ", ".join(sorted({each.provider for each in answer.ways}))
        raise InvalidInput("no way of this party in the case", where="--to", expected=known, got=to)
    chosen = _chosen(own, ways)
    left_out = tuple((each.id, each.verdict) for each in own if each not in chosen)
    if not chosen:
        said = "; ".join(f"{way}: {verdict}" for way, verdict in left_out)
        raise InvalidInput("no way of this party that asking could help", where="--to", expected="--way ID", got=said)
    training = exercise or case.kind == "exercise" or voice.card().status == "Exercise"
    number = reports(voice, case.id) + 1
    heading = Heading(voice.card().rcc or voice.card().name, to, number, training)
    if voice.party == case.host:
        heading = replace(heading, centre=voice.card().rcc or "")
    report = sitrep(answer, heading, _coarse(answer), chosen)
    things, attachments = _attached(name, report, chosen, at)
    exact = _exact(answer)
    place, secret = withheld(voice, PLACE, exact, _coarse(answer))
    items = {each.asset.id: each for each in chosen}
    more = {
        "description": f"{case.title}. As known at {iso(answer.as_of)}. Drawn from the case and signed by offices.",
        "items": tuple(_item(each, answer) for each in items.values()),
        "gates": tuple(GateEntry(each.asset.id, gate) for each in items.values() for gate in _gates(each, answer)),
        "attachments": attachments,
        "withheld": (place,),
    }
    speech = Speech("RequestResource", case.id, (to,), None, training, more, (*things, secret), number)
    return Drawn(speech, answer, left_out)


def clearances(
    voice: Voice, preceding: Message, gates: Sequence[str], until: Instant | None = None, to: Sequence[str] = ()
) -> Speech:
    """
    A request for permissions that a line item of a message needs, to the party that gives them.

    Args:
        gates: ``ITEM:GATE``.

        until: By when the answer is needed; silence begins there.

        to: Whom to ask where it is not the other side of the message, such as a state on the way; then those who are
            told of the question and of its answer.

    Raises:
        InvalidInput: An entry that is not of that form.
    """
    entries = []
    for each in gates:
        item, colon, gate = each.partition(":")
        if not colon or not item or not gate:
            raise InvalidInput("not a gate of an item", where="--gate", expected="ITEM:GATE", got=each)
        entries.append(GateEntry(item, gate, until_at=until))
    other = preceding.sender if preceding.sender != voice.party else preceding.recipients[0]
    recipients = tuple(dict.fromkeys(to)) or (other,)
    more = {"gates": tuple(entries)}
    apart = bool(set(recipients) - _party_to(voice, preceding))
    words = message_hash(preceding)
    return Speech("RequestClearance", preceding.case, recipients, preceding.id, more=more, to_words=words, apart=apart)


def uninformed(voice: Voice, preceding: Message, to: Sequence[str]) -> tuple[str, ...]:
    """Parties to the thread of a message that learn nothing of a question to *to*, nor of its answer."""
    return tuple(sorted(_party_to(voice, preceding) - {voice.party, *to}))


def _party_to(voice: Voice, message: Message) -> set[str]:
    """Who got the message that began the thread; where that is not held, who got this one."""
    held = [voice.message(each).message for each in voice.index().by_name.get(message.origin, ())]
    began = next((each for each in held if each.case == message.case), message)
    return {began.sender, *began.recipients}


def _chosen(own: Sequence[Way], names: Sequence[str]) -> list[Way]:
    for name in names:
        if not any(name in (each.id, each.asset.id) for each in own):
            known = ", ".join(dict.fromkeys(each.asset.id for each in own))
            raise InvalidInput("no such way of this party", where="--way", expected=known, got=name)
    if names:
        return [each for each in own if {each.id, each.asset.id} & set(names)]
    return [each for each in own if each.verdict not in POINTLESS and each.state == "possible"]


def _gates(way: Way, answer: Assessment) -> tuple[str, ...]:
    """The permissions that messages carry: the request is this message, and a provider approves by committing."""
    kinds = {each.id: each.kind for each in answer.clearances}
    return tuple(each for each in way.needs if kinds.get(each) not in ("request", "deploy"))


def _item(way: Way, answer: Assessment) -> LineItem:
    latest = [c.last_useful_at for c in answer.clearances if c.id in way.needs and c.last_useful_at is not None]
    schedule = (
        (Scheduled("RequestedArrival", Moment(min(latest).replace(microsecond=0)), _coarse(answer)),) if latest else ()
    )
    resource = Resource(way.asset.id, way.asset.name or None, way.asset.type or None)
    return LineItem(way.asset.id, resource, way.asset.count or None, schedule=schedule)


def _attached(
    name: str, report: str, chosen: Sequence[Way], at: Instant | None
) -> tuple[tuple[Thing, ...], tuple[Attachment, ...]]:
    """The situation report, and the entry form of each way that flies across a border."""
    pages = {REPORT: report}
    for way in chosen:
        try:
            for each in forms(name, way.id, at=at):
                said = form_lines(each.way, each.state, each.fields, exercise=each.exercise)
                pages[f"entry form {each.way} {each.state}"] = lines(said, _PAGE_WIDTH)
        except InvalidInput:
            continue  # it crosses no border in the air: there is no such form
    things, attachments = [], []
    for title, text in pages.items():
        data = text.encode()
        digest = document_hash(data)
        things.append(Thing("enclosure", digest, data))
        attachments.append(Attachment(title, "text/plain; charset=utf-8", digest))
    return tuple({each.key: each for each in things}.values()), tuple(attachments)


def _exact(answer: Assessment) -> str:
    lon, lat = _lonlat(answer)
    return f"{lat:.5f} {lon:.5f} WGS 84" + ("" if answer.where.known else ", likeliest cell of the map, not a find")


def _coarse(answer: Assessment) -> str:
    lon, lat = _lonlat(answer)
    return f"about {round(lat / COARSE_DEG) * COARSE_DEG:.1f} {round(lon / COARSE_DEG) * COARSE_DEG:.1f} (to 10 km)"


def _lonlat(answer: Assessment) -> tuple[float, float]:
    site = answer.where.site
    return (site[0], site[1])
