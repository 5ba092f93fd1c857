"""A situation report in the order that rescue services use: IAMSAR's items A to M, in our words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from safeconduct.assessment.answer import Assessment, Way
from safeconduct.model.instants import iso
from safeconduct.report.figures import area

NONE = "not known"


@dataclass(frozen=True, slots=True)
class Heading:
    """
    From whom, to whom, the how many-th.

    Args:
        sender: The centre that sends it, as its party calls it.

        number: Counted by the sender in this case, from 1.

        exercise: Whether it is one, whatever the case is.

        centre: The host's own coordinating centre as its card names it, for a case that names none; empty: none.
    """

    sender: str
    to: str
    number: int
    exercise: bool
    centre: str = ""


def sitrep(answer: Assessment, heading: Heading, position: str, wanted: Sequence[Way]) -> str:
    """
    The report as text, for the party whose ways are *wanted*: what the sender would do otherwise stays with the sender.

    Args:
        position: As far as it is to be told: the exact place is disclosed on its own.
    """
    drill = ["EXERCISE EXERCISE EXERCISE"] if heading.exercise else []
    return "\n".join((*drill, *_lines(answer, heading, position, wanted))) + "\n"


def _lines(answer: Assessment, heading: Heading, position: str, wanted: Sequence[Way]) -> Iterator[str]:
    rcc = answer.coordination.rcc or heading.centre or NONE
    yield f"SITREP {heading.number}, from {heading.sender} to {heading.to}, as known at {iso(answer.as_of)}"
    yield f"A. Identity: {answer.case.lost}"
    yield f"B. Position: {position}"
    yield f"C. Situation: {answer.case.emergency}, {iso(answer.case.incident_at)}"
    for each in answer.persons:
        yield f"D. Persons at risk: {each.count}, {each.injury}; {each.exposure}"
    names = dict.fromkeys(way.asset.name or way.asset.id for way in wanted)
    yield f"E. Assistance required: {'; '.join(names) or NONE}"
    yield f"F. Coordinating centre: {rcc}; {answer.coordination.contact or 'contact not published'}"
    yield f"G. Search and rescue mission coordinator: {answer.coordination.smc or NONE}"
    for window in answer.windows.weather:
        weather = _weather(window.visibility_m, window.cloud_base_m)
        yield f"H. Weather at {window.place}, from {iso(window.start)}: {weather}"
    arrived = [f"{way.asset.name or way.asset.id} ({way.state})" for way in answer.ways if way.state != "possible"]
    yield f"I. Under way or done: {'; '.join(arrived) or 'nothing is on record'}"
    outlines = "; ".join(f"{each.share:.0%} within {area(each.area_km2)}" for each in answer.where.containment)
    yield f"J. Search area: {'none, the place is known' if answer.where.known else outlines or NONE}"
    yield f"K. Coordination: with {answer.coordination.rcc or heading.centre or heading.sender}"
    needs = dict.fromkeys(each for way in wanted for each in way.needs)
    yield f"L. Permissions that this takes: {'; '.join(needs) or 'none'}"
    yield "M. Drawn by a program from the case file; read, corrected and signed by offices."


def _weather(visibility_m: float | None, base_m: float | None) -> str:
    seen = NONE if visibility_m is None else f"{visibility_m:.0f} m"
    base = NONE if base_m is None else f"{base_m:.0f} m above ground"
    return f"visibility {seen}, cloud base {base}"
