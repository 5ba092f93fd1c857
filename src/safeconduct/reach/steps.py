"""Ways of an asset whose chain the case spells out: by air, road and ship, with what is done in between."""

from __future__ import annotations

from dataclasses import dataclass, replace

from safeconduct.model.assets import MOVES, Asset, AssetType, Base, Step
from safeconduct.model.sources import Spread
from safeconduct.model.space import LonLat
from safeconduct.motion.durations import combined
from safeconduct.motion.surface import hours_at
from safeconduct.reach.chain import Ground, Plan, PlanLeg, undominated, unknown_plan
from safeconduct.reach.flown import flight_leg, flight_legs, straight_km
from safeconduct.reach.plans import RESERVE_H, plans, range_km
from safeconduct.reach.route import FARTHEST_M, route_front

SITE = "site"

LONG_KM = 2500.0
"""Flights longer than this are looked for on the direct way alone."""

LONG_MARGIN_KM = 1500.0
"""Airspaces so far from the box around both ends may lie on the direct way, which bulges towards a pole."""

DIRECT = 1.002
"""Times the direct distance: no way round anything."""


@dataclass(frozen=True, slots=True)
class _Here:
    """Where a chain has come to."""

    name: str
    position: LonLat
    state: str


@dataclass(frozen=True, slots=True)
class _Chain:
    """What has been planned of a chain."""

    legs: tuple[PlanLeg, ...] = ()
    lands: tuple[tuple[str, int], ...] = ()
    range_left_km: float | None = None


def courses(asset: Asset, ground: Ground) -> tuple[Plan, ...]:
    """
    All ways of *asset*: along its own chain where the case spells one out, else over bases, roads and airspaces.

    Of the flights in a chain every Pareto-optimal (hours, states entered) choice is kept.
    """
    if not asset.steps:
        return plans(asset, ground)
    if asset.type is None:
        return (unknown_plan(asset, "the offer names no asset"),)
    base = ground.base(asset.base)
    if base is None:
        return (unknown_plan(asset, "no source names its base"),)
    missing = tuple(reason for step in asset.steps if (reason := _lacks(step, asset, asset.type)))
    if missing:
        return (Plan(asset.id, (), (), asset.effects, None, missing),)
    here, chains = _at(base), [_Chain()]
    for step in asset.steps:
        there = here if step.mode not in MOVES else _end(step, ground)
        begun = dict.fromkeys(_begun_h(chain, ground) for chain in chains)
        legs = {h: _legs(step, asset, asset.type, (here, h), there=there, ground=ground) for h in begun}
        chains = [_longer(c, leg, asset, asset.type, there) for c in chains for leg in legs[_begun_h(c, ground)]]
        here = there
    return undominated(
        [Plan(asset.id, c.legs, tuple(dict.fromkeys(c.lands)), asset.effects, c.range_left_km, ()) for c in chains]
    )


def _begun_h(chain: _Chain, ground: Ground) -> float:
    """Hours since it began to move, where that matters: in winds."""
    return 0.0 if ground.winds is None else sum(leg.hours.p50 for leg in chain.legs)


def _at(base: Base) -> _Here:
    return _Here(base.name, base.position, base.state)


def _end(step: Step, ground: Ground) -> _Here:
    base = None if step.to == SITE else ground.base(step.to)
    return _Here(SITE, ground.site, ground.host) if base is None else _at(base)


def _lacks(step: Step, asset: Asset, kind: AssetType) -> str:
    """What nobody says and the step needs; empty if nothing."""
    if step.mode == "fly":
        known = step.hours or asset.flight_time_h or kind.cruise_kmh
        return "" if known else f"its cruising speed is unknown ({step.id})"
    return "" if step.hours or step.speed_kmh else f"no case but this one says how long it takes: {step.id}"


def _legs(
    step: Step, asset: Asset, kind: AssetType, begin: tuple[_Here, float], *, there: _Here, ground: Ground
) -> list[PlanLeg]:
    """The leg of one step, from where and how many hours on it begins; for a flight each way through the airspaces."""
    here, _ = begin
    if step.mode == "fly":
        flown = replace(asset, flight_time_h=step.hours or asset.flight_time_h)
        found = _flown(step, flown, kind, begin, there=there, ground=ground)
        return [_of(step, replace(leg, hours=_scaled(leg.hours, step)), there) for leg in found]
    if step.mode not in MOVES:
        return [_of(step, _leg(step, here, there, distance_km=None, hours=step.hours, enters=()), there)]
    distance_km = straight_km(here.position, there.position)
    hours = step.hours or (None if step.speed_kmh is None else hours_at(step.speed_kmh, distance_km))
    entered = dict.fromkeys(s for s in (here.state, there.state, *step.enters) if s != asset.provider)
    return [
        _of(
            step,
            _leg(step, here, there, distance_km=distance_km, hours=hours, enters=tuple((s, 0.0) for s in entered)),
            there,
        )
    ]


def _flown(
    step: Step, asset: Asset, kind: AssetType, begin: tuple[_Here, float], *, there: _Here, ground: Ground
) -> list[PlanLeg]:
    """
    The flights of one step: through the airspaces that the case names, on the direct way; else over all choices.

    Beyond `LONG_KM` only the direct way is looked for: over a continent the choices are too many to be told apart.
    """
    here, begun_h = begin
    ends = (here.name, here.position), (there.name, there.position)
    direct_m = straight_km(here.position, there.position) * 1000.0
    if not step.enters and direct_m <= LONG_KM * 1000.0:
        return flight_legs(asset, kind, *ends, ground, begun_h)
    if direct_m > FARTHEST_M:
        return _nearly_opposite(step, asset, kind, begin, there=there, ground=ground)
    codes = step.enters or ground.skies.near((here.position, there.position), LONG_MARGIN_KM)
    options = route_front(
        here.position,
        there.position,
        ground.skies.airspaces(sorted({*codes, here.state, there.state}))
        if step.enters
        else ground.skies.airspaces(codes),
        free=frozenset({asset.provider}),
        limit_m=direct_m * DIRECT,
    )
    leg = flight_leg(asset, kind, (here.name, there.name), options[0], ground, begun_h)
    return [replace(leg, told=bool(step.enters))]


def _nearly_opposite(
    step: Step, asset: Asset, kind: AssetType, begin: tuple[_Here, float], *, there: _Here, ground: Ground
) -> list[PlanLeg]:
    """
    The flight between ends of which no way is the direct one: the fastest that is found, whatever it enters; with
    states named, any great circle, and the leave of these alone.
    """
    here, begun_h = begin
    ends = (here.name, here.position), (there.name, there.position)
    found = flight_legs(asset, kind, *ends, ground, begun_h)
    if found and not step.enters:
        return found[:1]
    option = ground.flights.straight(here.position, there.position)
    leg = flight_leg(asset, kind, (here.name, there.name), option, ground, begun_h)
    if not step.enters:
        return [leg]
    named = [s for s in dict.fromkeys((here.state, *step.enters, there.state)) if s != asset.provider]
    return [replace(leg, enters=tuple((s, i / len(named)) for i, s in enumerate(named)), told=True)]


def _scaled(hours: Spread, step: Step) -> Spread:
    """A planned flight with the error that plans of other flights had."""
    return hours if step.factor is None else combined(hours, step.factor)


def _leg(
    step: Step,
    here: _Here,
    there: _Here,
    *,
    distance_km: float | None,
    hours: Spread | None,
    enters: tuple[tuple[str, float], ...],
) -> PlanLeg:
    path = (here.position,) if distance_km is None else (here.position, there.position)
    known = hours or Spread(0.0, 0.0, 0.0, step.cite)
    return PlanLeg(step.mode, here.name, there.name, path, distance_km, known, enters)


def _of(step: Step, leg: PlanLeg, there: _Here) -> PlanLeg:
    return replace(leg, id=step.id, waits=step.needs, after=step.after, state=there.state)


def _longer(chain: _Chain, leg: PlanLeg, asset: Asset, kind: AssetType, there: _Here) -> _Chain:
    """*chain* with one more leg."""
    lands, left = chain.lands, chain.range_left_km
    moved = leg.mode in MOVES
    if moved and there.state != asset.provider and (leg.mode != "fly" or there.name != SITE):
        lands = (*lands, (there.state, len(chain.legs)))
    reach = range_km(kind)
    if leg.mode == "fly" and reach is not None and leg.distance_km is not None:
        cruise = kind.cruise_kmh.value if kind.cruise_kmh else 0.0
        spare = reach - leg.spent_km - RESERVE_H * cruise
        left = spare if left is None else min(left, spare)
    return _Chain((*chain.legs, leg), lands, left)
