"""The situation part of the answer: where, who, weather and light, who coordinates, the timeline."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import numpy as np

from safeconduct.assessment.answer import (
    Containment,
    Coordination,
    InstantQuantiles,
    LightWindow,
    MapSource,
    Moment,
    Persons,
    Quantiles,
    WeatherReport,
    Where,
    Windows,
)
from safeconduct.assessment.clocks import ends
from safeconduct.assessment.draws import Draws
from safeconduct.assessment.survival import alive, counted, factors, silent
from safeconduct.assessment.windy import told
from safeconduct.earth.sun import light_windows
from safeconduct.model.case import Case, WeatherWindow
from safeconduct.model.instants import Instant, after, hours_between
from safeconduct.model.persons import PersonGroup
from safeconduct.model.sources import Cite
from safeconduct.model.space import LonLat
from safeconduct.search.outline import rings_of
from safeconduct.search.whereabouts import Whereabouts

SHARES = (0.5, 0.9)


def where(case: Case, chart: Whereabouts | None, site: LonLat) -> Where:
    """Where they are, and which reports cannot be put on a map."""
    silent = tuple(e.what for e in case.evidence if e.place is None)
    if chart is None:
        return Where(False, site, (), (), silent)
    sources = tuple(
        MapSource(
            s.evidence.id,
            s.evidence.what,
            s.weight,
            s.evidence.reliability,
            s.evidence.credibility,
            s.middle,
            s.evidence.cite.grade,
            s.evidence.cite.verified,
            s.evidence.cite.sources,
        )
        for s in chart.reports
    )
    held = [(share, area) for share in SHARES if math.isfinite(area := chart.map.area_km2(share))]
    areas = tuple(Containment(share, area, rings_of(chart.map.grid, chart.map.inside(share))) for share, area in held)
    return Where(chart.known, site, areas, sources, silent)


def persons(case: Case, at_h: float, draws: Draws) -> tuple[Persons, ...]:
    """Each group with its chance of being alive now, where anything public says so."""
    return tuple(_group(g, at_h, draws) for g in case.persons)


def _group(group: PersonGroup, at_h: float, draws: Draws) -> Persons:
    cites = [group.cite, *(c.cite for c in group.claims or group.supply)]
    if not group.claims and not group.supply and group.survival:
        cites.append(group.survival.cite)
    now = None
    if counted(group) and not silent(group, at_h):
        chance = alive(group, np.full((draws.draws, 1), at_h), factors(group, draws))[:, 0]
        low, middle, high = np.quantile(chance, [0.1, 0.5, 0.9], method="inverted_cdf")
        now = Quantiles(float(low), float(middle), float(high))
    return Persons(
        group.id,
        group.count,
        group.injury,
        group.exposure,
        counted(group),
        now,
        _survival_says(group),
        all(c.verified for c in cites),
        tuple(dict.fromkeys(s for c in cites for s in c.sources)),
    )


def _survival_says(group: PersonGroup) -> str:
    if group.claims:
        hours = ", ".join(f"{c.hours:g}" for c in group.claims)
        return f"reported last alive {hours} h after the incident (the reports conflict; equal weights)"
    if group.supply:
        hours = ", ".join(f"{c.hours:.1f}" for c in group.supply)
        return f"air said to last until {hours} h after the incident (equal weights)"
    if group.survival is None:
        return f"not counted: {group.outside or 'no public model holds for such injuries'}"
    model = group.survival
    note = f"; {model.note}" if model.note else ""
    return f"model {model.id}, holds to {model.domain_h:g} h; beyond it nothing is counted{note}"


def windows(case: Case, site: LonLat, at_h: float, start: Instant, end: Instant) -> Windows:
    """Light at the site and the weather as reported."""
    light = tuple(LightWindow(w.start, w.end, w.kind) for w in light_windows(site, start, end))
    return Windows(light, tuple(_report(w, case, at_h) for w in case.weather), told(case.winds))


def _report(window: WeatherWindow, case: Case, at_h: float) -> WeatherReport:
    rivals = [w for w in case.weather if w.alternative and w.alternative == window.alternative]
    share = window.weight / sum(w.weight for w in rivals) if rivals else 1.0
    until = None
    if window.end is None and window.end_after_h is not None:
        hours = ends(window, case.incident_at, at_h, np.array([0.1, 0.5, 0.9]))
        until = InstantQuantiles(*(after(case.incident_at, float(h)) for h in hours))
    return WeatherReport(
        window.id,
        window.place,
        window.start,
        window.end,
        until,
        window.visibility_m,
        window.cloud_base_m,
        window.ground_hidden,
        window.icing,
        window.temperature_c,
        share,
        window.cite.grade,
        window.cite.verified,
        window.cite.sources,
        window.note,
    )


def daylight(site: LonLat, incident: Instant, steps: int, step_h: float) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Whether there is daylight or civil twilight at each step since the incident, shape (steps,)."""
    hours = np.arange(steps) * step_h
    end = incident + timedelta(hours=math.ceil(steps * step_h) + 1)
    light = np.zeros(steps, dtype=np.bool_)
    for window in light_windows(site, incident, end):
        if window.kind != "night":
            first, last = hours_between(incident, window.start), hours_between(incident, window.end)
            light |= (hours >= first) & (hours < last)
    return light


def coordination(case: Case) -> Coordination:
    """Who coordinates, as far as the case says."""
    host = case.party(case.host)
    rcc = host.rcc if host else None
    return Coordination(rcc.name if rcc else "", (rcc.contact or "") if rcc else "", case.smc, case.phase, case.srr)


def timeline(case: Case) -> tuple[Moment, ...]:
    """Everything dated that is known, in order of time."""
    return tuple(sorted(_moments(case), key=lambda m: (m.at, m.kind, m.says)))


def _moment(at: datetime, says: str, kind: str, cite: Cite, *, contested: bool = False, party: str = "") -> Moment:
    return Moment(at, says, kind, cite.grade, cite.verified, cite.sources, contested, party)


def _moments(case: Case) -> Iterator[Moment]:
    yield _moment(case.incident_at, f"Incident: {case.lost}", "incident", case.incident_cite, party=case.host)
    for party in case.parties:
        if party.alarm is not None:
            yield _moment(party.alarm.at, f"{party.id} comes to know", "alarm", party.alarm.cite, party=party.id)
    for report in case.evidence:
        contested = report.withdrawn_at is not None or any(report.id in e.contradicts for e in case.evidence)
        at = report.at or report.known_at
        yield _moment(at, report.what, "evidence", report.cite, contested=contested, party=report.by)
    yield from _acts(case)
    for offer in case.offers:
        yield _moment(offer.at, f"{offer.party} offers {offer.says}", "offer", offer.cite, party=offer.party)
    for happening in case.happenings:
        yield _moment(happening.at, happening.says, "other", happening.cite, contested=happening.approximate)


def _acts(case: Case) -> Iterator[Moment]:
    for record in case.clearances:
        for event in record.events:
            kind = "request" if record.kind == "request" else "clearance"
            says = f"{record.id} {event.status}"
            yield _moment(event.at, says, kind, event.cite, party=record.authority)
    for asset in case.assets:
        for step in asset.records:
            says = f"{asset.name}: {step.event}{f' ({step.note})' if step.note else ''}"
            yield _moment(step.at, says, "asset", step.cite, contested=step.contested, party=asset.provider)
        if asset.offered is not None:
            says = f"{asset.provider} offers {asset.name}"
            yield _moment(asset.offered.at, says, "offer", asset.offered.cite, party=asset.provider)


def verified_share(cites: Iterable[Cite]) -> float:
    """Share of the facts that are verified; 1 where there is none."""
    flags = [c.verified for c in cites]
    return sum(flags) / len(flags) if flags else 1.0
