"""
Ways of one asset to one site: chains of legs with the states they enter, before any permission is looked at.

Label-setting over the bases that the asset may use: a label is (hours, states entered, range left), and one label
beats another if it is no later, enters no other state and has no less range left.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from safeconduct.model.assets import Asset, AssetType, Base, GroundLink
from safeconduct.model.errors import Bug
from safeconduct.model.sources import Cite, Dated, Spread
from safeconduct.model.space import Airspace, LonLat
from safeconduct.reach.route import RouteOption, route_front

WIND_KMH = 55.6
"""A wind of 30 kt, with or against: the spread of a flight time (reference: reach 1, its worked example)."""

RESERVE_H = 1.0 / 3.0
"""Fuel kept in reserve: 20 minutes at cruise (reference: parameters 4, US military helicopter VFR)."""

ON_SCENE_H = 0.5
"""Least time on scene that fuel must allow, our assumption."""

STOP_H = Spread(
    0.5, 0.75, 1.5, Cite((), "assumed", "landing, refuelling and leaving again"), "refuelling stops; no source", None
)
MOST_STATES = 5
"""Ways that enter more foreign states than this are not looked for."""

DETOUR_LIMIT = 1.2
DETOUR_EXTRA_M = 100_000.0
"""Ways longer than this over the direct one are not looked for; the answer says so."""

AIR = ("helicopter", "fixed-wing", "uav")


class SkiesLike(Protocol):
    """What reach asks of the airspaces."""

    def near(self, points: tuple[LonLat, ...], margin_km: float) -> tuple[str, ...]:
        """Codes of the airspaces near the points."""
        ...

    def airspaces(self, codes: Iterable[str]) -> tuple[Airspace, ...]:
        """Their shapes."""
        ...


@dataclass(frozen=True, slots=True)
class PlanLeg:
    """
    One leg.

    Args:
        mode: fly, land, drive, walk, sail, handle, formalities or remote.

        hours: How long it takes.

        enters: (state, share of the leg flown or driven when it is entered), in order; the asset's own state left out.

        id: Name of the step of the case that it stands for; empty where the program made it.

        waits: Ids of assets that must have arrived before it begins.

        after: A dated event before which it cannot begin.

        state: On whose territory it ends, for a step of the case; empty otherwise.

        told: Whether the case itself names the states whose leave the flight needs; what else it flies over is not
            looked for.
    """

    mode: str
    start: str
    end: str
    path: tuple[LonLat, ...]
    distance_km: float | None
    hours: Spread
    enters: tuple[tuple[str, float], ...]
    id: str = ""
    waits: tuple[str, ...] = ()
    after: Dated | None = None
    state: str = ""
    told: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """
    One course of action of one asset.

    Args:
        asset: Id.

        legs: From where it is to the effect on scene; empty where something needed is unknown.

        lands: (state, index of the leg before whose end it lands), states other than its own.

        effects: What it does at the end of this chain.

        range_left_km: After reaching the site, with the way to the nearest base that may have fuel and reserve taken
            off; None where the range is unknown or does not matter. Below zero the way is physically closed.

        hoped_fuel: Bases whose fuel is unknown and without which the range would not do.

        unknown: What is missing to say more.
    """

    asset: str
    legs: tuple[PlanLeg, ...]
    lands: tuple[tuple[str, int], ...]
    effects: tuple[str, ...]
    range_left_km: float | None
    unknown: tuple[str, ...]
    hoped_fuel: tuple[str, ...] = ()

    @property
    def hours(self) -> float:
        """Median hours, legs added."""
        return sum(leg.hours.p50 for leg in self.legs)

    @property
    def states(self) -> frozenset[str]:
        """States entered, the asset's own left out."""
        return frozenset(s for leg in self.legs for s, _ in leg.enters) | frozenset(s for s, _ in self.lands)


@dataclass(frozen=True, slots=True)
class Ground:
    """What ways are planned over."""

    site: LonLat
    host: str
    bases: tuple[Base, ...]
    links: tuple[GroundLink, ...]
    skies: SkiesLike

    def base(self, name: str | None) -> Base | None:
        """The base of that id, or None."""
        return next((b for b in self.bases if b.id == name), None)


def plans(asset: Asset, ground: Ground) -> tuple[Plan, ...]:
    """
    All Pareto-optimal (hours, states entered) ways of *asset*; one plan that says what is unknown where there is none.
    """
    if asset.type is None:
        return (_unknown(asset, "the offer names no asset"),)
    if asset.type.kind == "satellite":
        return (_remote(asset),)
    base = ground.base(asset.base)
    if base is None:
        return (_unknown(asset, "no source names its base"),)
    found = list(_ground_plans(asset, base, ground))
    if asset.type.kind in AIR:
        found = list(_air_plans(asset, asset.type, base, ground))
    if not found:
        return (_unknown(asset, "no road, runway or landing place in the case leads it to the site"),)
    return _pareto(found)


def _unknown(asset: Asset, reason: str) -> Plan:
    return Plan(asset.id, (), (), asset.effects, None, (reason,))


def _remote(asset: Asset) -> Plan:
    if asset.product_time_h is None:
        return _unknown(asset, "no source says how long its product takes")
    leg = PlanLeg("remote", asset.name, "coordinator", (), None, asset.product_time_h, ())
    return Plan(asset.id, (leg,), (), asset.effects, None, ())


def _pareto(found: list[Plan]) -> tuple[Plan, ...]:
    """
    Of the known plans those that no other beats; unknown ones only where nothing is known. One within range beats one
    out of range however much slower it is.
    """
    known = [p for p in found if not p.unknown]
    if not known:
        return (found[0],)
    kept: list[Plan] = []
    for plan in sorted(known, key=lambda p: (_closed(p), p.hours, len(p.states), sorted(p.states))):
        if not any(k.effects == plan.effects and k.states <= plan.states and _as_sure(k, plan) for k in kept):
            kept.append(plan)
    return tuple(kept)


def _ground_plans(asset: Asset, base: Base, ground: Ground) -> Iterator[Plan]:
    for link in ground.links:
        if link.start == base.id:
            legs, lands, missing = _by_road(asset, base, link, ground)
            yield Plan(asset.id, () if missing else legs, lands, asset.effects, None, missing)


def _by_road(
    asset: Asset, base: Base, link: GroundLink, ground: Ground
) -> tuple[tuple[PlanLeg, ...], tuple[tuple[str, int], ...], tuple[str, ...]]:
    own = asset.provider
    entered = [s for s in (*link.enters, ground.host) if s not in (own, base.state)]
    states = tuple(dict.fromkeys([*([base.state] if base.state != own else []), *entered]))
    legs, missing = [], []
    if link.drive_h is None:
        missing.append(f"no source gives the road time from {base.name}")
    else:
        enters = tuple((s, 0.0 if s == base.state else 0.5) for s in states)
        path = (base.position, ground.site)
        legs.append(PlanLeg("drive", base.name, "road end", path, None, link.drive_h, enters))
    if link.walk_h is None:
        missing.append("walking time unknown: no terrain")
    else:
        legs.append(PlanLeg("walk", "road end", "site", (ground.site,), None, link.walk_h, ()))
    return tuple(legs), tuple((s, 0) for s in states), tuple(missing)


def _closed(plan: Plan) -> bool:
    """Whether it is out of range."""
    return plan.range_left_km is not None and plan.range_left_km < 0.0


def _as_sure(plan: Plan, other: Plan) -> bool:
    """Whether *plan* rests on no unknown fuel, unless *other* does too or is out of range anyway."""
    return not plan.hoped_fuel or bool(other.hoped_fuel) or _closed(other)


@dataclass(frozen=True, slots=True)
class _Label:
    """A partial flight: at *base* after *legs*."""

    base: Base
    legs: tuple[PlanLeg, ...]
    lands: tuple[tuple[str, int], ...]
    range_km: float | None
    hoped: tuple[str, ...] = ()

    @property
    def hours(self) -> float:
        return sum(leg.hours.p50 for leg in self.legs)

    @property
    def states(self) -> frozenset[str]:
        return frozenset(s for leg in self.legs for s, _ in leg.enters) | frozenset(s for s, _ in self.lands)

    def beats(self, other: _Label) -> bool:
        left, least = self.range_km, other.range_km
        enough = left is None or (least is not None and left >= least)
        return self.base.id == other.base.id and self.hours <= other.hours and self.states <= other.states and enough


def _air_plans(asset: Asset, kind: AssetType, base: Base, ground: Ground) -> Iterator[Plan]:
    if kind.cruise_kmh is None and asset.flight_time_h is None:
        yield _unknown(asset, "its cruising speed is unknown")
        return
    start = _Label(base, (), (), _range_km(kind))
    settled: list[_Label] = []
    open_labels = [start]
    while open_labels:
        label = min(open_labels, key=lambda x: (x.hours, len(x.states), x.base.id))
        open_labels.remove(label)
        if any(s.beats(label) for s in settled):
            continue
        settled.append(label)
        open_labels += [n for stop in _stops(asset, label, ground) for n in _flown_to(asset, kind, label, stop, ground)]
    for label in settled:
        yield from _finishes(asset, kind, label, ground)


def _range_km(kind: AssetType) -> float | None:
    if kind.range_km is not None:
        return kind.range_km.value
    if kind.endurance_h is not None and kind.cruise_kmh is not None:
        return kind.endurance_h.value * kind.cruise_kmh.value
    return None


def _stops(asset: Asset, label: _Label, ground: Ground) -> list[Base]:
    seen = {label.base.id} | {leg.end for leg in label.legs}
    return [b for b in ground.bases if b.id in asset.via and b.id not in seen and b.name not in seen]


def _flown_to(asset: Asset, kind: AssetType, label: _Label, stop: Base, ground: Ground) -> Iterator[_Label]:
    if not _lands_at(kind, stop):
        return
    for leg in _flights(asset, kind, (label.base.name, label.base.position), (stop.name, stop.position), ground):
        if label.range_km is not None and leg.distance_km is not None and not _within(kind, label, leg.distance_km):
            continue
        stopped = PlanLeg("land", stop.name, stop.name, (stop.position,), None, STOP_H, ())
        legs = (*label.legs, leg, stopped)
        lands = label.lands if stop.state == asset.provider else (*label.lands, (stop.state, len(legs) - 2))
        flown = leg.distance_km or 0.0
        fuelled = stop.fuel is not False
        left = _range_km(kind) if fuelled else (None if label.range_km is None else label.range_km - flown)
        hoped = (*label.hoped, stop.name) if stop.fuel is None else label.hoped
        yield _Label(stop, legs, lands, left, hoped)


def _within(kind: AssetType, label: _Label, distance_km: float) -> bool:
    cruise = kind.cruise_kmh.value if kind.cruise_kmh else 0.0
    return label.range_km is None or distance_km + RESERVE_H * cruise <= label.range_km


def _lands_at(kind: AssetType, base: Base) -> bool:
    """Whether the runway is long enough; an unknown runway or need does not bar it here (it is shown as a limit)."""
    if kind.kind == "helicopter" or kind.runway_m is None or base.runway_m is None:
        return True
    return base.runway_m >= kind.runway_m.value


def _finishes(asset: Asset, kind: AssetType, label: _Label, ground: Ground) -> Iterator[Plan]:
    brings = asset.persons > 0 and kind.kind == "fixed-wing"
    if brings:
        yield from _on_by_road(asset, kind, label, ground)
        return
    for leg in _flights(asset, kind, (label.base.name, label.base.position), ("site", ground.site), ground):
        left, home = _range_left(kind, label, leg, ground)
        hoped = (*label.hoped, home.name) if home.fuel is None and home.id != asset.base else label.hoped
        yield Plan(asset.id, (*label.legs, leg), label.lands, asset.effects, left, (), tuple(dict.fromkeys(hoped)))


def _on_by_road(asset: Asset, kind: AssetType, label: _Label, ground: Ground) -> Iterator[Plan]:
    """Land, and go on by road and foot."""
    flown = bool(label.legs)
    legs = label.legs[:-1] if flown and label.legs[-1].mode == "land" else label.legs
    for link in ground.links:
        if link.start == label.base.id and (flown or kind.kind not in AIR):
            road, lands, missing = _by_road(asset, label.base, link, ground)
            landed = label.lands
            unload = replace(STOP_H, cite=Cite((), "assumed", "unloading and changing to vehicles"))
            stop = PlanLeg("land", label.base.name, label.base.name, (label.base.position,), None, unload, ())
            extra = tuple((s, len(legs) + i) for s, i in lands if s not in {x for x, _ in landed})
            known = () if missing else (*legs, stop, *road)
            searches = asset.sweep_width_km is not None
            effects = tuple(e for e in asset.effects if e == "reach" or (e == "find" and searches)) or ("reach",)
            yield Plan(asset.id, known, (*landed, *extra), effects, None, missing)


def _range_left(kind: AssetType, label: _Label, leg: PlanLeg, ground: Ground) -> tuple[float | None, Base]:
    """
    Range left over at the site after the way to the nearest place with fuel, time on scene and reserve.

    A base whose fuel is unknown counts only where the known ones lie too far.
    """
    homes = [b for b in ground.bases if b.fuel is not False and _lands_at(kind, b)] or [label.base]
    sure = [b for b in homes if b.fuel] + [label.base]

    def back(base: Base) -> float:
        return _straight_km(ground.site, base.position)

    if label.range_km is None or leg.distance_km is None:
        return None, label.base
    cruise = kind.cruise_kmh.value if kind.cruise_kmh else 0.0
    left = label.range_km - leg.distance_km - (RESERVE_H + ON_SCENE_H) * cruise
    near = min(sure, key=back)
    home = near if left >= back(near) else min(homes, key=back)
    return left - back(home), home


def _straight_km(a: LonLat, b: LonLat) -> float:
    from safeconduct.earth.geodesy import distance_m  # lazy: cases without flights need no geodesy

    return distance_m(a, b) / 1000.0


def _flights(
    asset: Asset, kind: AssetType, start: tuple[str, LonLat], end: tuple[str, LonLat], ground: Ground
) -> list[PlanLeg]:
    direct_m = _straight_km(start[1], end[1]) * 1000.0
    limit_m = DETOUR_LIMIT * direct_m + DETOUR_EXTRA_M
    codes = ground.skies.near((start[1], end[1]), limit_m / 1000.0 - direct_m / 1000.0)
    near = tuple(_clipped(each, start[1], end[1], limit_m) for each in ground.skies.airspaces(codes))
    options = route_front(
        start[1],
        end[1],
        tuple(each for each in near if each.polygons),
        free=frozenset({asset.provider}),
        limit_m=limit_m,
        max_needs=MOST_STATES,
    )
    return [_flight_leg(asset, kind, start[0], end[0], option) for option in options]


def _clipped(airspace: Airspace, start: LonLat, end: LonLat, limit_m: float) -> Airspace:
    """Leave out the parts that no way within the limit can meet, judged by a circle around each."""
    from safeconduct.earth.geodesy import haversine_m  # lazy: as above

    kept = []
    for polygon in airspace.polygons:
        corners = np.array(polygon.shell)
        middle = corners[len(corners) // 2]
        radius = float(np.max(haversine_m(middle[0], middle[1], corners[:, 0], corners[:, 1])))
        ends = haversine_m(np.array([start[0], end[0]]), np.array([start[1], end[1]]), middle[0], middle[1])
        if float(np.sum(ends)) - 2.0 * radius <= limit_m * 1.02:
            kept.append(polygon)
    return Airspace(airspace.needs, tuple(kept))


def _flight_leg(asset: Asset, kind: AssetType, start: str, end: str, option: RouteOption) -> PlanLeg:
    length = max(option.distance_m, 1.0)
    first: dict[str, float] = {}
    for crossing in option.crossings:
        if crossing.needs != asset.provider:
            share = min(max(crossing.enter_m / length, 0.0), 1.0)
            first[crossing.needs] = min(share, first.get(crossing.needs, 1.0))
    for state in option.needs:
        first.setdefault(state, 0.0)
    hours = asset.flight_time_h or flight_hours(kind, option.distance_m / 1000.0)
    enters = tuple(sorted(first.items(), key=lambda item: (item[1], item[0])))
    return PlanLeg("fly", start, end, option.path, option.distance_m / 1000.0, hours, enters)


def flight_hours(kind: AssetType, distance_km: float) -> Spread:
    """
    Hours in the air at planning speed; p10 and p90 with 30 kt of wind behind and against.

    Domain: cruising speeds above 1.5 times that wind.
    """
    if kind.cruise_kmh is None:
        raise Bug("a flight needs a cruising speed", where=kind.id)
    speed = kind.cruise_kmh.value
    against = max(speed - WIND_KMH, speed / 3.0)
    return Spread(
        distance_km / (speed + WIND_KMH), distance_km / speed, distance_km / against, kind.cruise_kmh.cite, "", None
    )
