"""
What of a search plan goes into map files, said once for every format.

The rules of DESIGN.md section 5 are kept here: a leg that is not granted is drawn broken and named, its track is not
written; a what-if and an exercise mark every name; places carry their disclosure.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from safeconduct.model.instants import Instant, iso
from safeconduct.model.space import LonLat
from safeconduct.search.assignments import Assignment, Task
from safeconduct.search.disclosure import COARSE_SAYS, EXACT_SAYS, coarse
from safeconduct.search.outline import rings_of
from safeconduct.search.patterns import NAMES
from safeconduct.search.planned import Planned

AREA, LINE, POINT = "area", "line", "point"
SHARES = (0.5, 0.9)

Value = str | float | bool | None


@dataclass(frozen=True, slots=True)
class Shape:
    """
    One thing on a map.

    Args:
        group: Folder it belongs to.

        kind: `AREA`, `LINE` or `POINT`.

        points: (lon, lat); of an area the corners, the first repeated.

        name: With every mark it must bear.

        broken: Whether it is drawn broken: no line of it may be flown.

        facts: Named values for the reader of the file.

        span: From when to when it holds; None for always.
    """

    group: str
    kind: str
    points: tuple[LonLat, ...]
    name: str
    says: str
    broken: bool
    facts: tuple[tuple[str, Value], ...]
    span: tuple[Instant, Instant] | None = None


def mark_of(planned: Planned, assignment: Assignment) -> str:
    """Every mark that the sheets and lines of a crew must bear; empty for none."""
    marks = ["EXERCISE"] if planned.exercise else []
    marks += ["WHAT-IF"] if planned.what_if else []
    resource = assignment.resource
    granted = resource.cleared and all(each.grants for each in assignment.permits if each.status == "granted")
    if not granted:
        marks.append(resource.mark or f"NOT CLEARED - DO NOT {'FLY' if resource.flies else 'CROSS'}")
    return "; ".join(marks)


def named(planned: Planned, assignment: Assignment, what: str) -> str:
    """A name with its marks before it, where nobody can overlook them."""
    mark = mark_of(planned, assignment)
    return f"{mark}: {what}" if mark else what


def shapes(planned: Planned, assigned: Sequence[Assignment]) -> Iterator[Shape]:
    """All of it, in the order of drawing."""
    yield from _areas(planned)
    for each in assigned:
        yield from _assignment(planned, each)
    yield from _reports(planned)


def _general(planned: Planned) -> str:
    marks = (["EXERCISE"] if planned.exercise else []) + (["WHAT-IF"] if planned.what_if else [])
    return f"{'; '.join(marks)}: " if marks else ""


def _areas(planned: Planned) -> Iterator[Shape]:
    chart = planned.plan.map
    for share in SHARES:
        for number, ring in enumerate(rings_of(chart.grid, chart.inside(share)), 1):
            name = f"{_general(planned)}{100 * share:.0f} % of the map's probability, part {number}"
            facts: tuple[tuple[str, Value], ...] = (("share", share), ("disclosure", EXACT_SAYS))
            yield Shape("probability", LINE, (*ring, ring[0]), name, planned.plan.never, False, facts)


def _assignment(planned: Planned, each: Assignment) -> Iterator[Shape]:
    sector, resource = each.sector, each.resource
    span = (sector.start, sector.end)
    broken = bool(mark_of(planned, each)) and not (planned.exercise and each.resource.cleared)
    title = f"{sector.id} {resource.name}"
    facts = sector_facts(each)
    ring = (*sector.ring[:4], sector.ring[0])
    yield Shape("sectors", AREA, ring, named(planned, each, title), task_says(each), broken, facts, span)
    if resource.base is not None:
        shown = resource.base if each.flyable else coarse(resource.base)
        told = EXACT_SAYS if each.flyable else COARSE_SAYS
        where = (("disclosure", told), ("sector", sector.id))
        end = each.tasks[0].start if each.flyable and each.tasks else sector.ring[0]
        name = named(planned, each, f"transit to {sector.id}")
        yield Shape("transit", LINE, (shown, end), name, "straight line, no route", broken, where, span)
        yield Shape("bases", POINT, (shown,), f"{_general(planned)}base of {resource.name}", told, False, where)
    if each.flyable:
        for task in each.tasks:
            yield from _task(planned, each, task, broken=broken)


def _task(planned: Planned, each: Assignment, task: Task, *, broken: bool) -> Iterator[Shape]:
    sector = each.sector
    span = (sector.start, sector.end)
    unit = f" unit {task.unit}" if len(each.tasks) > 1 else ""
    facts: tuple[tuple[str, Value], ...] = (
        ("sector", sector.id),
        ("unit", float(task.unit)),
        ("pattern", task.pattern.kind),
        ("legs_km", task.pattern.legs_km),
        ("total_km", task.pattern.total_km),
        ("spacing_km", finite(task.pattern.spacing_km)),
        ("disclosure", EXACT_SAYS),
    )
    says = f"{NAMES[task.pattern.kind]}, first leg {task.first_deg:03.0f} degrees true"
    yield Shape("tracks", LINE, task.track, named(planned, each, f"{sector.id}{unit} track"), says, broken, facts, span)
    name = named(planned, each, f"{sector.id}{unit} CSP")
    yield Shape("starts", POINT, (task.start,), name, "commence search point", False, facts, span)


def _reports(planned: Planned) -> Iterator[Shape]:
    for piece in planned.book.pieces:
        place = piece.report.place
        if not piece.counts or place is None or not place.points:
            continue
        facts: tuple[tuple[str, Value], ...] = (
            ("report", piece.report.id),
            ("grade", piece.report.reliability + piece.report.credibility),
            ("verified", piece.report.cite.verified),
            ("disclosure", EXACT_SAYS),
        )
        name = f"{_general(planned)}{piece.report.id}"
        kind = POINT if len(place.points) == 1 else LINE
        yield Shape("reports", kind, tuple(place.points), name, piece.report.what, False, facts)


def sector_facts(each: Assignment) -> tuple[tuple[str, Value], ...]:
    """Numbers of an assignment, each with its unit in its name."""
    sector, resource = each.sector, each.resource
    return (
        ("sector", sector.id),
        ("crew", resource.id),
        ("provider", resource.provider),
        ("cleared", not resource.missing),
        ("missing", ", ".join(resource.missing)),
        ("from", iso(sector.start)),
        ("until", iso(sector.end)),
        ("pattern", each.choice.kind),
        ("length_km", sector.length_km),
        ("width_km", sector.width_km),
        ("poa", sector.poa),
        ("pod_exponential", each.pod[0]),
        ("pod_inverse_cube", each.pod[1]),
        ("coverage", each.coverage),
        ("height_m", resource.sensor.height_m),
        ("layer", float(each.layer)),
        ("sweep_width_source", resource.sensor.says),
        ("sweep_width_verified", resource.sensor.verified),
        ("disclosure", EXACT_SAYS),
    )


def task_says(each: Assignment) -> str:
    """One line about an assignment."""
    low, high = (round(100 * p) for p in each.pod)
    pattern = NAMES.get(each.choice.kind, "no pattern")
    return f"{iso(each.sector.start)} to {iso(each.sector.end)}; {pattern}; POD {low}-{high} %; {each.choice.why}"


def finite(number: float) -> float | None:
    """The number, or None where it is not finite."""
    return number if math.isfinite(number) else None
