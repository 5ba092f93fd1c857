"""A search plan on a terminal: what to look at first, who looks where, why, and what is not known."""

from __future__ import annotations

import math
from collections.abc import Iterator

from safeconduct.assessment.answer import Quantiles
from safeconduct.earth.grid import degrees_minutes
from safeconduct.model.instants import Instant
from safeconduct.report import choose
from safeconduct.report.figures import WORDS_ABOVE, Scale, area, clock, hours, level, moment, percent, share
from safeconduct.search.plan import Resource, Sector
from safeconduct.search.planned import Planned
from safeconduct.search.stance import COUNTED, NO_PLACE

EXERCISE = "EXERCISE EXERCISE EXERCISE"
NOT_IN_PLAN_SHOWN = 12
SETTLE_SHOWN = 3


def plan_lines(planned: Planned) -> Iterator[str]:
    """The whole plan, a line each; long lines are wrapped by the caller."""
    if planned.exercise:
        yield EXERCISE
    for said in planned.what_if:
        yield f"WHAT-IF: {said}"
    incident = planned.case.incident_at
    yield f"Search plan: {planned.case.title}"
    yield f"As known at {moment(incident, planned.plan.at)}. {planned.plan.never}"
    yield ""
    yield from map_lines(planned)
    yield ""
    yield from evidence_lines(planned)
    yield ""
    yield from sector_lines(planned)
    yield ""
    yield from end_lines(planned)


def map_lines(planned: Planned) -> Iterator[str]:
    """Where they are, as far as it is known."""
    chart = planned.plan.map
    likeliest = degrees_minutes(*chart.best)
    yield (
        f"WHERE  half of the probability lies in {area(chart.area_km2(0.5))}, nine tenths in "
        f"{area(chart.area_km2(0.9))}; likeliest near {likeliest}; outside of the map {percent(chart.outside)}"
    )
    yield f"  {share(planned.unverified_share)} of the reports and sweep widths behind this is unverified"
    if len(planned.book.accounts) > 1:
        for account in planned.book.accounts:
            shares = f"{percent(account.before)} before the reports, {percent(account.after)} now"
            yield f"  {account.id}: {account.says}: {shares}"
    for flown in planned.flown:
        yield f"  searched, not found: {flown.id} by {flown.resource}, {area(flown.area_km2)}, {flown.says}"
        yield from (f"    warning: {warning}" for warning in flown.warnings)


def evidence_lines(planned: Planned) -> Iterator[str]:
    """What each report is worth, and what would change the plan most."""
    yield "EVIDENCE  weight by grade (our assumption) -> likely true now; information; effort that settling it moves"
    quiet = []
    for piece, worth in zip(planned.book.pieces, planned.worths, strict=True):
        report = piece.report
        if piece.status == NO_PLACE:
            quiet.append(report.id)
            continue
        if not piece.counts:
            yield f"  {report.id} ({report.reliability}{report.credibility}): {piece.status}; it has no say"
            continue
        stance = "" if piece.status == COUNTED else f" {piece.status.upper()}"
        unread = "" if report.cite.verified else "?"
        yield (
            f"  {report.id} ({report.reliability}{report.credibility}){unread}{stance}: {percent(worth.weight)} -> "
            f"{percent(worth.true_now or 0.0)}; {worth.bits:.2f} bits; {percent(worth.moves)} of the effort"
        )
        if piece.likelihood:
            yield from (f"    {each}" for each in piece.likelihood.unknown)
    if quiet:
        yield f"  no coordinates, so no say: {', '.join(quiet)}"
    yield from settle_lines(planned)
    for pair in planned.at_odds:
        yield f"  at odds: {pair.first} and {pair.second} can hardly both be true ({pair.ratio:.2g} of chance)"


def settle_lines(planned: Planned) -> Iterator[str]:
    """What would change the plan most, in a sentence each."""
    ordered = sorted((w for w in planned.worths if w.moves > 0.01), key=lambda w: -w.moves)[:SETTLE_SHOWN]
    for number, worth in enumerate(ordered):
        head = "  What would change the plan most: " if number == 0 else "  then: "
        yield (
            f"{head}to know whether {worth.id} is true: {percent(worth.moves)} of the effort would move in expectation "
            f"({worth.settle_bits:.2f} bits); without it {percent(worth.drop_moves)} would"
        )


def sector_lines(planned: Planned) -> Iterator[str]:
    """Who looks where and when, and why there."""
    plan = planned.plan
    yield f"SECTORS  {plan.worth_says}"
    if not plan.sectors:
        yield "  none: nobody is known who could search within the hours of the plan; see below"
    for sector in plan.sectors:
        resource = plan.resource(sector.resource)
        mark = f"  {resource.mark} (missing {', '.join(resource.missing)})" if resource.mark else ""
        yield (
            f"  {sector.id} {resource.name} ({resource.provider}), {units(sector.units)}, {span(sector, plan.at)}:"
            f"{mark}"
        )
        yield (
            f"      {bounds(sector)}: {sector.length_km:.1f} x {sector.width_km:.1f} km, spacing {spacing(sector)}, "
            f"coverage {sector.coverage:.2f}, POD {pod(sector)}, holds {percent(sector.poa)}, "
            f"finds {percent(sector.pos)}"
        )
        yield f"      why here: {reasons(sector)}"
        yield f"      risk to the searchers: {risk(resource)}"
    if plan.found:
        by = clock(plan.crews.slices[-1], near=plan.at)
        words = planned.unverified_share > WORDS_ABOVE
        kind = (
            "numbers in --json" if words else "the range is that of the sweep widths p10-p90 and of both detection laws"
        )
        yield f"  Found by {by}: {likely(planned, plan.found[-1])}; {kind}"
        yield f"  The sectors reach {percent(1.0 - plan.gap)} of the best that any plan for these stays could"


def likely(planned: Planned, found: tuple[float, float, float]) -> str:
    """A probability of having found them with its range; in words where over half of the input is unverified."""
    return level(Quantiles(*found), Scale("probability", 1.0, planned.unverified_share))


def end_lines(planned: Planned) -> Iterator[str]:
    """Standard, what is not in the plan, limits, unknowns."""
    plan = planned.plan
    yield f"SWEEP WIDTHS  standard {planned.options.standard}; the standards differ by a factor of two (--standard)"
    for resource in plan.crews.resources:
        width = resource.sensor.width_km
        unread = "" if resource.sensor.verified else ", UNVERIFIED"
        yield (
            f"  {resource.id}: {width.p50:.3g} km ({width.p10:.3g}-{width.p90:.3g}) at "
            f"{resource.sensor.speed_kmh:g} km/h; {resource.sensor.says}{unread}"
        )
    idle = plan.crews.idle
    if idle:
        yield "NOT IN THE PLAN"
        yield from (f"  {name}: {why}" for name, why in idle[:NOT_IN_PLAN_SHOWN])
        if len(idle) > NOT_IN_PLAN_SHOWN:
            yield f"  and {len(idle) - NOT_IN_PLAN_SHOWN} more (--json shows all)"
    yield "LIMITS"
    yield from (f"  {each}" for each in planned.limits)
    yield "UNKNOWN"
    yield from (f"  {each}" for each in planned.unknown)


def bounds(sector: Sector) -> str:
    """South-west and north-east corners."""
    return f"{degrees_minutes(*sector.ring[0])} to {degrees_minutes(*sector.ring[2])}"


def span(sector: Sector, near: Instant) -> str:
    """From when to when, and how much of it can be worked."""
    each = sector.hours / sector.units if sector.units else 0.0
    return f"{clock(sector.start, near=near)}-{clock(sector.end, near=near)}, {hours(each)} of it workable"


def units(count: float) -> str:
    """How many."""
    return f"{count:g} unit{'' if count == 1 else 's'}"


def spacing(sector: Sector) -> str:
    """Track spacing in kilometres, or metres under one."""
    if not math.isfinite(sector.spacing_km):
        return "unknown"
    return f"{sector.spacing_km:.2f} km" if sector.spacing_km >= 1.0 else f"{sector.spacing_km * 1000.0:.0f} m"


def pod(sector: Sector) -> str:
    """The two laws."""
    return between(*sector.pod)


def between(low: float, high: float) -> str:
    """
    Print two probabilities as a range.

    >>> between(0.41, 0.49)
    '41-49 %'
    """
    least, most = percent(low), percent(high)
    return (
        f"{least.removesuffix(' %')}-{most}" if least.endswith(" %") and most.endswith(" %") else f"{least} to {most}"
    )


def reasons(sector: Sector) -> str:
    """Reports that put the probability there."""
    told = [f"{name} x{times:.1f}" for name, times in sector.why[:3]]
    return ", ".join(told) or "what is left where nothing better is known"


def risk(resource: Resource) -> str:
    """Level and reasons."""
    level, *why = resource.risk or ("unknown",)
    return f"{level}{': ' if why else ''}{'; '.join(choose.clean(each) for each in why)}"
