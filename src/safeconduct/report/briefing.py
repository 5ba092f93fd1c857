"""What a crew is told before it goes, in sections that paper and plain text share."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from safeconduct.assessment.answer import Quantiles
from safeconduct.earth.grid import DATUM, written
from safeconduct.formats.searchshapes import mark_of
from safeconduct.model.assets import AssetType
from safeconduct.model.case import WeatherWindow
from safeconduct.model.instants import Instant
from safeconduct.model.space import LonLat
from safeconduct.report import choose
from safeconduct.report.figures import Scale, clock, hours, level, moment, percent
from safeconduct.report.search import between, risk
from safeconduct.search.assignments import Assignment, Task
from safeconduct.search.clearance import BESIDE_M, STEEP_M
from safeconduct.search.disclosure import COARSE_SAYS, coarse
from safeconduct.search.patterns import CONTOUR, CREEPING, NAMES, PARALLEL, Pattern
from safeconduct.search.planned import Planned
from safeconduct.search.relief import NO_TERRAIN
from safeconduct.search.separation import BUFFER_SAYS, LAYER_M
from safeconduct.search.turns import TURN_SAYS

BLANK = "______________"
CORNERS = ("SW", "SE", "NE", "NW")
EVIDENCE_SHOWN = 4
WEATHER_SHOWN = 4
LINES_SHOWN = 4
ORDER_SHOWN = 16
LONG = 150
"""Longest text of a report on a sheet; the plan has it whole."""


@dataclass(frozen=True, slots=True)
class Section:
    """
    A block of a sheet.

    Args:
        title: Its heading.

        rows: (name, text); an empty name continues the row before, or stands alone.
    """

    title: str
    rows: tuple[tuple[str, str], ...]


def title_of(planned: Planned, each: Assignment) -> str:
    """Sector, crew, and which of its sorties."""
    resource, sector = each.resource, each.sector
    own = sum(s.resource == resource.id for s in planned.plan.sectors)
    units = "1 unit" if len(each.tasks) == 1 else f"{len(each.tasks) or round(sector.units)} units"
    return f"{sector.id}  {resource.name} ({resource.provider}), {units}, sortie {sector.number} of {own}"


def heads(planned: Planned, each: Assignment) -> tuple[str, ...]:
    """Marks that stand over everything, the gravest first; none for a cleared crew of a real case."""
    marks = [mark_of(planned, each)] if mark_of(planned, each) else []
    return (*marks, *(f"WHAT-IF: {said}" for said in planned.what_if))


def withheld(planned: Planned, each: Assignment) -> bool:
    """Whether places are told to this crew only coarsely: another party's that is not cleared."""
    return each.resource.provider != planned.case.host and not each.flyable


def sections(planned: Planned, each: Assignment) -> tuple[Section, ...]:
    """The whole sheet but its map, corners and lanes."""
    return (
        Section("Why this crew, why here", tuple(_why(planned, each))),
        Section("Task", tuple(_task(planned, each))),
        Section("Time", tuple(_time(planned, each))),
        Section("Light and weather", tuple(_sky(planned, each))),
        Section("Ground and height", tuple(_ground(each))),
        Section("Clearances, leg by leg", tuple(_clearances(each))),
        Section("Risk to you", tuple(_risk(each))),
        Section("Others at the same time", tuple(_others(planned, each))),
        Section("Communications", tuple(_radio(planned))),
        Section("Sweep width", tuple(_width(planned, each))),
        Section("Not known", tuple(("", line) for line in _cut(each.unknown) or ["nothing more is marked unknown"])),
        Section("Report back", tuple(_back(planned))),
    )


def corner_rows(planned: Planned, each: Assignment) -> tuple[tuple[str, str, str, str, str], ...]:
    """Corners and commence point: name, degrees and minutes, decimal, UTM, MGRS; one coarse row where withheld."""
    if withheld(planned, each):
        near = written(coarse(each.sector.ring[0]))
        return (("about", near.minutes, COARSE_SAYS, "", ""),)
    places: list[tuple[str, LonLat]] = list(zip(CORNERS, each.sector.ring[:4], strict=True))
    if len(each.tasks) == 1:
        places.append(("CSP", each.tasks[0].start))
    rows = []
    for name, place in places:
        said = written(place)
        rows.append((name, said.minutes, said.decimal, said.grid, said.mgrs))
    return tuple(rows)


def lane_rows(planned: Planned, each: Assignment) -> tuple[tuple[str, str, str], ...]:
    """For more than one unit: unit, commence point (MGRS), first leg and length."""
    if len(each.tasks) < 2 or withheld(planned, each):
        return ()
    return tuple(
        (str(t.unit), written(t.start).mgrs, f"{t.first_deg:03.0f}° {metres(t.pattern.total_km)}") for t in each.tasks
    )


def _why(planned: Planned, each: Assignment) -> Iterator[tuple[str, str]]:
    sector = each.sector
    low, high = each.pod
    yield "holds", f"{percent(sector.poa)} of all probability when planned, in {sector.area_km2:.3g} km²"
    yield "expected POD", f"{between(low, high)} (exponential to inverse cube), coverage {each.coverage:.2f}"
    finds = Quantiles(sector.poa * low, sector.poa * low, sector.poa * high)
    yield "finds", level(finds, Scale("probability", 1.0, planned.unverified_share))
    told = {p.report.id: p for p in planned.book.pieces}
    worths = {w.id: w for w in planned.worths}
    for name, times in sector.why[:EVIDENCE_SHOWN]:
        report = told[name].report
        likely = worths[name].true_now if name in worths else None
        now = f", likely true {percent(likely)}" if likely is not None else ""
        unread = "" if report.cite.verified else ", UNVERIFIED"
        grade = f"{report.reliability}{report.credibility}"
        yield "", f"{name} x{times:.1f} ({grade}{now}{unread}): {short(report.what)}"
    if not sector.why:
        yield "evidence", "what is left where nothing better is known"


def _task(planned: Planned, each: Assignment) -> Iterator[tuple[str, str]]:
    resource, sensor = each.resource, each.resource.sensor
    yield "look for", planned.options.object or planned.case.search_object or "unknown"
    if not each.tasks:
        yield "pattern", "none could be fitted; the coordinator draws it"
        return
    task = each.tasks[0]
    pattern = task.pattern
    yield "pattern", f"{NAMES[pattern.kind]}: {each.choice.why}"
    yield "sector", f"{metres(each.sector.length_km)} x {metres(each.sector.width_km)}"
    if each.flyable:
        yield "begin", f"at the CSP, first leg {task.first_deg:03.0f}° true; {_turns(task)}"
    else:
        yield "begin", "no track is written: not cleared"
    count = len(pattern.legs)
    if pattern.kind != CONTOUR:
        yield "legs", f"{count}, {metres(pattern.legs_km / count)} each; spacing {metres(pattern.spacing_km)}"
    order = leg_order(pattern)
    if order:
        yield "order", f"legs counted from the CSP: {order}; spares tight turns"
    each_unit = " each unit" if len(each.tasks) > 1 else ""
    left = f"; {metres(each.left_km)} of the planned {metres(each.effort_km)} left over" if each.left_km > 0.05 else ""
    yield "track", f"{metres(each.track_km)}{each_unit}, turns {metres(pattern.turns_km)} of it{left}"
    height = (
        "on the ground"
        if not resource.flies
        else (
            f"{sensor.height_m:.0f} m ({sensor.height_m / 0.3048:.0f} ft) above ground"
            if sensor.height_m
            else "unknown"
        )
    )
    yield "height", height
    yield "speed", f"{sensor.speed_kmh:g} km/h" + (f" ({sensor.speed_kmh / 1.852:.0f} kt)" if resource.flies else "")


def leg_order(pattern: Pattern) -> str:
    """In which order even legs are flown, counted across from the first; empty where one follows the other."""
    if pattern.kind not in (PARALLEL, CREEPING) or len(pattern.legs) < 3:
        return ""
    step = np.abs(pattern.legs[0, 1] - pattern.legs[0, 0])
    beside = pattern.legs[:, 0, 1 if step[0] >= step[1] else 0]
    numbers = np.rint(np.abs(beside - beside[0]) / pattern.spacing_km).astype(int) + 1
    told = ", ".join(map(str, numbers[:ORDER_SHOWN].tolist()))
    more = ", and so on as the track file has it" if len(numbers) > ORDER_SHOWN else ""
    return "" if (np.diff(numbers) == 1).all() else f"{told}{more}"


def _turns(task: Task) -> str:
    if task.pattern.beyond_km > 0.0:
        return f"turns reach {metres(task.pattern.beyond_km)} beyond the sector"
    return "turns stay inside"


def _time(planned: Planned, each: Assignment) -> Iterator[tuple[str, str]]:
    sector, near = each.sector, planned.plan.at
    yield "on scene", f"{clock(sector.start, near=near)} to {clock(sector.end, near=near)} ({hours(sector.stay_h)})"
    workable = sector.hours / sector.units if sector.units else 0.0
    yield "workable", f"{hours(workable)} of it expected; this pattern takes {hours(each.work_h)}"
    if each.transit_km is None:
        yield "transit", "unknown: base not known"
    elif each.transit_h is None:
        yield "transit", f"{each.transit_km:.0f} km from base as the crow flies; time unknown"
    else:
        part = f"; on station {percent(each.station_share or 0.0)} of the time away" if each.station_share else ""
        yield "transit", f"{each.transit_km:.0f} km, {hours(each.transit_h)} each way, straight{part}"
    limit = each.resource.endurance_h
    yield "endurance", f"{limit:.1f} h, no reserve taken off" if limit is not None else "unknown"
    low, high = each.resource.arrival
    yield "arrival", f"p10 {clock(low, near=near)}, p90 {clock(high, near=near)}"


def _sky(planned: Planned, each: Assignment) -> Iterator[tuple[str, str]]:
    near = planned.plan.at
    names = {"day": "day", "civil-twilight": "civil twilight", "night": "night"}
    spans = [f"{names[w.kind]} until {clock(w.end, near=near)}" for w in each.light]
    yield "light", "; ".join(spans) or "unknown"
    for window in each.weather[:WEATHER_SHOWN]:
        yield "weather", _window(window, near)
    if not each.weather:
        yield "weather", "unknown: no report for these hours; the plan took it as clear"
    yield "your limits", _minima(planned, each)


def _window(window: WeatherWindow, near: Instant) -> str:
    said = []
    if window.visibility_m is not None:
        said.append(f"visibility {window.visibility_m:.0f} m")
    if window.cloud_base_m is not None:
        said.append(f"cloud base {window.cloud_base_m:.0f} m above ground")
    if window.ground_hidden:
        said.append("ground hidden from above")
    if window.icing:
        said.append("icing")
    if window.temperature_c is not None:
        said.append(f"{window.temperature_c:g} °C")
    rival = f"; one of several reports ({percent(window.weight)})" if window.alternative else ""
    unread = "" if window.cite.verified else ", UNVERIFIED"
    end = clock(window.end, near=near) if window.end is not None else "an unknown hour"
    return f"{window.id}, until {end}: {', '.join(said) or 'no figure'}{rival}{unread}"


def _minima(planned: Planned, each: Assignment) -> str:
    kind: AssetType | None = next((a.type for a in planned.case.assets if a.id == each.resource.id), None)
    if kind is None or not each.resource.flies:
        return "daylight and footing; no figure is recorded" if not each.resource.flies else "unknown"
    day = f"{kind.visibility_min_m.value:.0f} m by day" if kind.visibility_min_m else "unknown by day"
    night = f"{kind.visibility_min_night_m.value:.0f} m by night" if kind.visibility_min_night_m else "none by night"
    base = f"{kind.ceiling_min_m.value:.0f} m" if kind.ceiling_min_m else "unknown"
    ice = {True: "approved", False: "barred", None: "unknown"}[kind.icing_approved]
    return f"least visibility {day}, {night}; least cloud base {base}; known icing {ice}. Yours hold if stricter."


def _ground(each: Assignment) -> Iterator[tuple[str, str]]:
    if each.relief_m is None:
        yield "terrain", NO_TERRAIN
        yield "clearance", NO_TERRAIN if each.resource.flies else "on the ground"
        return
    low, high = each.relief_m
    yield "terrain", f"{low:.0f} to {high:.0f} m above sea level in the sector"
    legs = [leg for task in each.tasks for leg in task.legs]
    if not legs or not each.resource.flies:
        return
    known = [leg for leg in legs if leg.known > 0.0]
    if len(known) < len(legs) or any(leg.known < 1.0 for leg in known):
        yield "caution", "ground under part of the legs is unknown"
    if known:
        top = max(leg.high_m for leg in known)
        above = each.resource.sensor.height_m
        safe = f"; {top + above:.0f} m keeps the search height over all of it" if above else ""
        yield "clearance", f"highest ground within {BESIDE_M:.0f} m of a leg {top:.0f} m{safe}"
        steep = sum(leg.high_m - leg.low_m > STEEP_M for leg in known)
        if steep and each.tasks[0].pattern.kind != CONTOUR:
            yield "steep legs", f"{steep} of {len(legs)} cross more than {STEEP_M:.0f} m of rise and fall"
    yield "", "obstacles, wires: unknown; no data"


def _clearances(each: Assignment) -> Iterator[tuple[str, str]]:
    granted = not each.resource.missing and all(h.grants for h in each.permits if h.status == "granted")
    mark = (
        "" if granted else (each.resource.mark or f"NOT CLEARED - DO NOT {'FLY' if each.resource.flies else 'CROSS'}")
    )
    for leg in ("out", "search", "back"):
        yield leg, mark or "cleared"
    for permit in each.permits[:LINES_SHOWN]:
        said = f": {permit.says}" if permit.says else ""
        yield permit.id, f"{permit.status}{said}"
    if not each.permits:
        yield "", "no clearance is engaged that the case knows of"
    elif len(each.permits) > LINES_SHOWN:
        yield "", f"and {len(each.permits) - LINES_SHOWN} more"


def _risk(each: Assignment) -> Iterator[tuple[str, str]]:
    yield "", risk(each.resource)
    for line in _cut(each.warns):
        yield "", line
    if each.resource.flies and each.tasks:
        yield "", TURN_SAYS


def _others(planned: Planned, each: Assignment) -> Iterator[tuple[str, str]]:
    if each.resource.flies:
        yield "your layer", "lowest" if each.layer == 0 else f"{each.layer * LAYER_M:.0f} m above the lowest"
    if len(each.tasks) > 1 and each.resource.flies:
        yield "own units", f"lanes touch: fly {LAYER_M:.0f} m apart in height or one after the other"
    for near in each.near[:LINES_SHOWN]:
        other = planned.plan.resource(next(s.resource for s in planned.plan.sectors if s.id == near.sector))
        where = "touching" if near.gap_km == 0.0 else f"{metres(near.gap_km)} away"
        if near.flies and each.resource.flies:
            how = "clear by distance" if near.clear else "SEPARATE BY HEIGHT OR TIME"
        elif near.flies or each.resource.flies:
            how = "people on the ground under you" if each.resource.flies else "aircraft overhead: be seen"
        else:
            how = "on the ground beside you: agree on the edge"
        yield near.sector, f"{other.name}, {where}: {how}"
    if not each.near:
        yield "", "nobody of this plan near you; other traffic unknown"
    if any(near.flies for near in each.near) and each.resource.flies:
        yield "", BUFFER_SAYS


def _radio(planned: Planned) -> Iterator[tuple[str, str]]:
    party = planned.case.party(planned.case.host)
    rcc = party.rcc if party else None
    yield "RCC", f"{rcc.name}: {rcc.contact or BLANK}" if rcc else BLANK
    yield "on-scene", f"coordinator {BLANK} callsign {BLANK}"
    yield "frequencies", f"primary {BLANK} secondary {BLANK}"
    yield "next report", f"{BLANK} lost contact: {BLANK}"


def _width(planned: Planned, each: Assignment) -> Iterator[tuple[str, str]]:
    sensor, width = each.resource.sensor, each.resource.sensor.width_km
    unread = "" if sensor.verified else "; UNVERIFIED"
    yield "W", f"{metres(width.p50)} ({metres(width.p10)} to {metres(width.p90)}){unread}"
    chosen = f"; standard {planned.options.standard}" if sensor.table is not None else ""
    yield "source", f"{sensor.says}{chosen}"


def _back(planned: Planned) -> Iterator[tuple[str, str]]:
    yield "found", "position, persons, state, time; mark it; stay if safe"
    yield "not found", "track (GPX), times, height, what was not covered; the map is updated from it"
    yield "", planned.plan.never


def _cut(lines: Sequence[str]) -> list[str]:
    kept = [short(line) for line in lines[:LINES_SHOWN]]
    return kept + [f"and {len(lines) - LINES_SHOWN} more in the plan"] * (len(lines) > LINES_SHOWN)


def short(words: str) -> str:
    """A text cut to the room there is, with a mark where it was."""
    said = choose.clean(words)
    return said if len(said) <= LONG else said[: LONG - 1].rstrip() + "…"


def metres(km: float) -> str:
    """
    Print a length in kilometres, or metres under one.

    >>> metres(2.345), metres(0.0641), metres(99.1)
    ('2.35 km', '64 m', '99.1 km')
    """
    if not math.isfinite(km):
        return "one line"
    if km >= 1000.0:
        return f"{km:,.0f} km"
    return f"{km:.3g} km" if km >= 1.0 else f"{km * 1000.0:.0f} m"


def briefing_lines(planned: Planned, assigned: Sequence[Assignment]) -> Iterator[str]:
    """The sheets of one crew as plain text."""
    for each in assigned:
        for mark in heads(planned, each):
            yield f"*** {mark} ***"
        yield f"SEARCH BRIEFING  {title_of(planned, each)}"
        yield f"{planned.case.title}. As known at {moment(planned.case.incident_at, planned.plan.at)}. Datum {DATUM}."
        yield ""
        for name, *notations in corner_rows(planned, each):
            yield "  ".join([f"{name:<5}", *(n for n in notations if n)])
        for unit, start, first in lane_rows(planned, each):
            yield f"unit {unit:>2}  CSP {start}  {first}"
        for block in sections(planned, each):
            yield ""
            yield block.title.upper()
            for name, said in block.rows:
                yield f"  {name + ': ' if name else ''}{said}"
        yield ""
        yield ""
