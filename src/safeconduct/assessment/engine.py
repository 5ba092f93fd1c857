"""From a case as known at an instant to the world in numbers: map, sky, ways with their needs, board."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from safeconduct.assessment.board import LawOf, board
from safeconduct.assessment.clocks import STEP_H, sky, steps_for
from safeconduct.assessment.draws import Draws
from safeconduct.assessment.linking import linked
from safeconduct.assessment.situation import daylight
from safeconduct.assessment.world import Setting, World, groups_of, places, recorded_find, way_model
from safeconduct.model.assets import Asset
from safeconduct.model.case import Case, ClearanceRecord
from safeconduct.model.errors import InvalidInput
from safeconduct.model.instants import Instant, hours_between
from safeconduct.model.sources import Cite
from safeconduct.model.space import LonLat
from safeconduct.reach.plans import Ground, Plan, SkiesLike
from safeconduct.reach.steps import courses
from safeconduct.reach.winds import Winds
from safeconduct.search.whereabouts import Whereabouts, whereabouts

HORIZON_H = 48.0
"""Weather, light and arrivals are followed for so long after the assessment, or to --by if that is later."""

CHAIN_HORIZON_H = 336.0
"""The same where a case spells out chains: gear that changes carriers and lorries at a border take days."""

NIGHT_ITEMS = frozenset({"night-vision", "flir"})


@dataclass(frozen=True, slots=True)
class Means:
    """
    What the assessment is given to work with.

    Args:
        law: The room `law` with its rules.

        skies: Airspaces of a case.
    """

    law: LawOf
    skies: Callable[[Case], SkiesLike]


def build(case: Case, at: Instant, by: Instant, means: Means, draws: Draws) -> tuple[World, LonLat]:
    """
    The world of *case*, which must already be cut to what is known at *at*.

    Returns:
        The world, and the point that ways are computed to.

    Raises:
        InvalidInput: Nothing says where the site is.
    """
    at_h, by_h = hours_between(case.incident_at, at), hours_between(case.incident_at, by)
    shown = whereabouts(case)
    site = _site(shown)
    chart = whereabouts(case, found=False) if shown is not None and shown.known else shown
    chart = chart or shown
    ahead = CHAIN_HORIZON_H if any(asset.steps for asset in case.assets) else HORIZON_H
    steps = steps_for(max(at_h + ahead, by_h + 1.0))
    light = daylight(site, case.incident_at, steps, STEP_H)
    over_site = sky(tuple(w for w in case.weather if w.place == "site"), case.incident_at, at_h, light, draws)
    ground = _ground(case, at, site, means)
    planned = [(asset, plan) for asset in map(_fitted, case.assets) for plan in courses(asset, ground)]
    needs, permits = board(case, at, planned, means.law)
    found = recorded_find(case, shown)
    setting = Setting(case, chart, places(chart, draws, site if found else None), found, over_site, draws, permits)
    names = _names(planned)
    ways = linked(
        tuple(
            way_model(name, asset, need, setting) for name, (asset, _), need in zip(names, planned, needs, strict=True)
        ),
        case.incident_at,
    )
    return (
        World(
            case,
            at_h,
            by_h,
            chart,
            shown,
            found,
            _reached(case),
            _alarms(case),
            ways,
            permits,
            groups_of(case, draws),
            draws,
            over_site,
        ),
        site,
    )


def _ground(case: Case, at: Instant, site: LonLat, means: Means) -> Ground:
    """What its ways are planned over."""
    winds = Winds(case.winds, at) if case.winds else None
    return Ground(site, case.host, case.bases, case.ground, means.skies(case), winds)


def _fitted(asset: Asset) -> Asset:
    """The asset with what it carries: night vision or an infrared camera lets it search by night."""
    if asset.type is None or not NIGHT_ITEMS & set(asset.items):
        return asset
    return replace(asset, type=replace(asset.type, night_sensor=True))


def _site(chart: Whereabouts | None) -> LonLat:
    if chart is not None:
        return chart.site
    raise InvalidInput(
        "nothing that is known says where they are",
        where="evidence",
        expected="at least one report with a place, known by the instant of the assessment",
    )


def named_plans(case: Case, at: Instant, means: Means) -> tuple[tuple[str, Asset, Plan], ...]:
    """
    Every way of *case* as known at *at*, by the name under which an assessment shows it.

    Raises:
        InvalidInput: Nothing says where the site is.
    """
    site = _site(whereabouts(case))
    ground = _ground(case, at, site, means)
    planned = [(asset, plan) for asset in map(_fitted, case.assets) for plan in courses(asset, ground)]
    return tuple((name, asset, plan) for name, (asset, plan) in zip(_names(planned), planned, strict=True))


def _names(planned: list[tuple[Asset, Plan]]) -> list[str]:
    """Asset id, with a number from the second way on."""
    seen: dict[str, int] = {}
    names = []
    for asset, _ in planned:
        seen[asset.id] = seen.get(asset.id, 0) + 1
        names.append(asset.id if seen[asset.id] == 1 else f"{asset.id}.{seen[asset.id]}")
    return names


def _reached(case: Case) -> float | None:
    hits = [r.at for a in case.assets for r in a.records if r.event == "reached" and not r.contested]
    return min(hours_between(case.incident_at, at) for at in hits) if hits else None


def _alarms(case: Case) -> dict[str, float]:
    return {p.id: hours_between(case.incident_at, p.alarm.at) for p in case.parties if p.alarm is not None}


def required_records(case: Case, at: Instant, means: Means) -> Case:
    """
    The case with a record for every clearance that some way needs, so that a what-if can decide it by its id.

    Args:
        case: As known at *at*.
    """
    site = _site(whereabouts(case))
    ground = _ground(case, at, site, means)
    planned = [(asset, plan) for asset in case.assets for plan in courses(asset, ground)]
    _, permits = board(case, at, planned, means.law)
    cite = Cite((), "calc", "engaged by the rules; the case records nothing of it")
    made = tuple(
        ClearanceRecord(p.id, p.kind, p.authority, "", p.provider, (), (), None, (), cite)
        for p in permits
        if p.record is None
    )
    return replace(case, clearances=(*case.clearances, *made))
