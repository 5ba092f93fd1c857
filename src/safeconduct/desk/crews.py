"""From the ways of an assessment to crews that search: when each is on scene, for how long, and what it sweeps."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from safeconduct.assessment.limits import limits, risk
from safeconduct.assessment.regimes import Regime, asked_now, movement
from safeconduct.assessment.survival import alive
from safeconduct.assessment.wayroom import NOT_CLEARED, NOT_CLEARED_GROUND
from safeconduct.assessment.world import TURN_ROUND_H, WayModel, World
from safeconduct.formats.sweepwidths import sweep_standards
from safeconduct.model.instants import Instant, after, hours_between
from safeconduct.search.grid import Array
from safeconduct.search.plan import Crews, Resource, Stay
from safeconduct.search.sensors import NIGHT_ON_FOOT, Sensor, Sought, sensor_of

STEP_H = 1.0 / 6.0
"""The assessment's grid of time."""

GROUND_STAY_H = 6.0
"""Hours that a team on foot searches one sector. Our assumption."""

LEAST_STAY_H = 0.25
LEAST_WORK_H = 0.1
"""A stay in which less work is expected is not planned: cloud, dark, or an aircraft below its minima."""

FOG_M = 1000.0
"""Visibility under which it is fog (WMO)."""

OPEN = 0.02
"""A stay begins in the first slice in which at least this share of an hour is workable."""

NEGLIGIBLE = 0.005
"""Below half a percentage point nothing is left of an objective (DESIGN.md, section 3)."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """
    What the crews are planned for.

    Args:
        hours: Length of the plan.

        sought: Object, cover, height, fatigue.

        standard: Id of the sweep width standard.

        hypothetical: Whether assets that no source names are planned too.
    """

    hours: int
    sought: Sought
    standard: str
    hypothetical: bool


def crews_of(world: World, wanted: Wanted) -> Crews:
    """
    Who can search from now on, as far as the case knows, every open clearance taken as asked now.

    Raises:
        InvalidInput: No such standard, object or cover.
    """
    start = after(world.case.incident_at, world.at)
    assert start is not None
    slices = tuple(start + timedelta(hours=h) for h in range(wanted.hours + 1))
    regime = asked_now(world)
    resources: list[Resource] = []
    stays: list[Stay] = []
    idle: list[tuple[str, str]] = []
    for way in _first_ways(world, regime):
        made = _resource(world, way, regime, wanted, slices)
        if isinstance(made, str):
            idle.append((way.asset.id, made))
            continue
        own = _stays(len(resources), way, made, slices)
        if own:
            resources.append(made)
            stays += own
        else:
            idle.append(
                (way.asset.id, f"no working hours before {wanted.hours} h from now: cloud, dark, or on its way")
            )
    return Crews(tuple(resources), tuple(stays), slices, tuple(idle))


def _first_ways(world: World, regime: Regime) -> list[WayModel]:
    """Of each asset that is to find or look the way with the earliest median arrival."""
    best: dict[str, tuple[float, WayModel]] = {}
    for way in world.ways:
        if not {"find", "image"} & set(way.asset.effects):
            continue
        middle = _quantile(movement(way, regime)[1], 0.5)
        if way.asset.id not in best or middle < best[way.asset.id][0]:
            best[way.asset.id] = (middle, way)
    return [way for _, way in best.values()]


def _quantile(hours: Array, share: float) -> float:
    return float(np.quantile(hours, share, method="inverted_cdf"))


def _resource(
    world: World, way: WayModel, regime: Regime, wanted: Wanted, slices: tuple[Instant, ...]
) -> Resource | str:
    """The resource, or why it is not in the plan."""
    asset, kind = way.asset, way.asset.type
    arrival = movement(way, regime)[1]
    why = _left_out(world, way, wanted, _quantile(arrival, 0.5))
    if why or kind is None or way.search is None:
        return why or "nothing says how it searches"
    sensor = sensor_of(asset, kind, wanted.sought, wanted.standard, sweep_standards())
    if sensor is None:
        return "its sweep width or search speed is unknown"
    missing = tuple(n.clearance for n in way.needs if world.permit(n.clearance).status != "granted")
    mark = (
        "" if not missing else NOT_CLEARED if kind.kind in ("helicopter", "fixed-wing", "uav") else NOT_CLEARED_GROUND
    )
    base = world.case.base(asset.base)
    on_scene = max(_quantile(arrival, 0.5), world.at)
    return Resource(
        id=asset.id,
        name=asset.name,
        kind=kind.kind,
        provider=asset.provider,
        count=asset.count,
        base=base.position if base else None,
        sensor=sensor,
        open_h=_open(world, way, sensor, on_scene, slices),
        transit_kmh=kind.cruise_kmh.value if kind.cruise_kmh else None,
        endurance_h=_endurance(way),
        on_scene=after(world.case.incident_at, on_scene),
        arrival=(_instant(world, _quantile(arrival, 0.1)), _instant(world, _quantile(arrival, 0.9))),
        cleared=not missing,
        missing=missing,
        mark=mark,
        risk=_risk(world, way, on_scene),
        unknown=way.unknown,
    )


def _risk(world: World, way: WayModel, on_scene_h: float) -> tuple[str, ...]:
    """Level and reasons: of an aircraft as the assessment says it, on the ground by dark, fog and what is not known."""
    kind = way.asset.type
    if kind is None or kind.kind not in ("team", "vehicle"):
        danger = risk(way, world, limits(way, world))
        return (danger.level, *danger.why)
    step = min(max(round(on_scene_h / STEP_H), 0), world.site.steps - 1)
    why = [] if world.site.day[step] else ["night on arrival"]
    seen = float(np.median(world.site.visibility_m[:, step]))
    if seen < FOG_M:
        why.append(f"visibility {seen:.0f} m on arrival")
    return ("elevated" if why else "unknown", *why, "steepness of the ground unknown: no terrain read for it")


def _instant(world: World, hours: float) -> Instant | None:
    return after(world.case.incident_at, max(hours, world.at)) if math.isfinite(hours) else None


def _left_out(world: World, way: WayModel, wanted: Wanted, arrival: float) -> str:
    """Why a way is not planned, the first reason that holds; empty if it is."""
    reasons = (
        (way.asset.hypothetical and not wanted.hypothetical, "no source names it (--hypothetical plans it too)"),
        (bool(way.bar), f"barred: {way.bar}"),
        (bool(way.unknown), next(iter(way.unknown), "")),
        (way.search is None, "it does not search"),
        (way.strikes is not None, "remote: its product is worth having, but nobody flies a sector for it"),
        (way.ended is not None, "it has left"),
        (not math.isfinite(arrival), "it does not arrive in half of the draws"),
        (
            arrival >= world.at + wanted.hours,
            f"it arrives {arrival - world.at:.0f} h from now, after the end of the plan",
        ),
    )
    return next((said for holds, said in reasons if holds), "")


def _open(
    world: World, way: WayModel, sensor: Sensor, on_scene_h: float, slices: tuple[Instant, ...]
) -> tuple[float, ...]:
    """Expected share of full work in each slice, over the weather histories, from the arrival on."""
    if way.search is None:
        return ()
    rate = way.search.rate
    if sensor.table is not None:
        # The clock's own share is for the type's width; by the table the width itself goes with visibility.
        seen = world.site.visibility_m / 1000.0
        share = {float(v): sensor.seeing(float(v)) for v in np.unique(seen)}
        rate = (rate > 0.0) * np.vectorize(share.__getitem__, otypes=[np.float64])(seen)
    if way.asset.type is not None and way.asset.type.kind == "team":
        rate = rate * np.where(world.site.day[None, :], 1.0, NIGHT_ON_FOOT)
    mean = rate.mean(axis=0)
    out = []
    for begin in (hours_between(world.case.incident_at, at) for at in slices[:-1]):
        steps = np.arange(round(begin / STEP_H), round((begin + 1.0) / STEP_H))
        here = steps * STEP_H >= on_scene_h - 1e-9
        inside = steps < mean.size
        out.append(float(np.where(here & inside, mean[np.minimum(steps, mean.size - 1)], 0.0).mean()))
    return tuple(out)


def _endurance(way: WayModel) -> float | None:
    kind = way.asset.type
    if kind is None:
        return None
    if kind.endurance_h is not None:
        return kind.endurance_h.value
    if kind.range_km is not None and kind.cruise_kmh is not None:
        return kind.range_km.value / kind.cruise_kmh.value
    return None


def _stays(position: int, way: WayModel, resource: Resource, slices: tuple[Instant, ...]) -> list[Stay]:
    """One stay after the other: an aircraft flies home, refuels and comes back; a team is given a new sector."""
    leg = float(np.median(way.legs_h[-1])) if resource.flies and way.legs_h.size else 0.0
    if resource.flies and resource.endurance_h is not None:
        stay, away = max(resource.endurance_h - 2.0 * leg, LEAST_STAY_H), 2.0 * leg + TURN_ROUND_H
    else:
        stay, away = GROUND_STAY_H, 0.0
    out: list[Stay] = []
    end = float(len(slices) - 1)
    at = max(0.0, hours_between(slices[0], resource.on_scene)) if resource.on_scene else end
    while at < end:
        opening = next((i for i in range(int(at), len(resource.open_h)) if resource.open_h[i] >= OPEN), None)
        if opening is None:
            break
        at = max(at, float(opening))
        until = min(at + stay, end)
        hours = tuple(
            max(0.0, min(until, i + 1.0) - max(at, float(i))) * share for i, share in enumerate(resource.open_h)
        )
        if math.fsum(hours) >= LEAST_WORK_H:
            begin, finish = slices[0] + timedelta(hours=at), slices[0] + timedelta(hours=until)
            out.append(Stay(position, len(out) + 1, begin, finish, hours))
        at = until + away
    return out


def worth_of_slices(world: World, slices: tuple[Instant, ...]) -> tuple[Array, str]:
    """
    Worth of a find in each slice, never rising, and what it is.

    The chance that a counted person is alive in the middle of the slice; where that is negligible throughout, or
    nobody is counted, earlier is better by a straight line, so that the plan finds soonest.
    """
    middles = np.array([hours_between(world.case.incident_at, at) + 0.5 for at in slices[:-1]])
    total = sum(g.count for g, _ in world.groups)
    lives = np.zeros(middles.size)
    for group, stretch in world.groups:
        lives += group.count * alive(group, np.tile(middles, (stretch.size, 1)), stretch).mean(axis=0) / total
    if lives.size and float(lives.max()) >= NEGLIGIBLE:
        return np.minimum.accumulate(lives), f"chance that a counted person is alive when found ({total} counted)"
    straight: Array = 1.0 - np.arange(middles.size) / middles.size
    reason = "nobody is counted" if total == 0 else "by what is known no counted person would be alive"
    return straight, f"soonest find, falling from 1 now to 0 at the end of the plan ({reason})"
