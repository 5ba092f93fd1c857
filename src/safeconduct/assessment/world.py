"""Everything uncertain about each way, drawn once: what all regimes and all sets of clearances share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from safeconduct.assessment.board import Permit, WayNeeds, barred_by
from safeconduct.assessment.clocks import Clock, Sky, arrival_clock, search_clock
from safeconduct.assessment.draws import Array, Draws, at_quantile
from safeconduct.assessment.needs import Need, needed
from safeconduct.assessment.survival import counted, factors
from safeconduct.assessment.windy import leg_hours
from safeconduct.model.assets import Asset, AssetType, Record
from safeconduct.model.case import Case
from safeconduct.model.errors import OutOfDomain
from safeconduct.model.instants import Instant, hours_between
from safeconduct.model.persons import PersonGroup
from safeconduct.model.sources import Cite, Figure, Spread
from safeconduct.model.space import LonLat
from safeconduct.motion.air import ISA_LAPSE_C_PER_M, ISA_SEA_LEVEL_C, hover
from safeconduct.reach.plans import Plan
from safeconduct.search.whereabouts import Whereabouts

TURN_ROUND_H = 1.0
"""Hours on the ground between two sorties, our assumption."""

LOCAL_AIR_H = Spread(
    0.1, 0.25, 0.6, Cite((), "assumed", "from where it searches to the find, and landing or hoisting"), "", None
)
WALK_KMH = Spread(1.5, 2.5, 4.0, Cite(("case:varzaqan-2024",), "B", "40-60 min for about 2 km in mud: 2-3 km/h"), "", 1)
MINIMUM_SWEEP_KM = 0.005
NO_TIME = Spread(0.0, 0.0, 0.0, Cite((), "calc"))


@dataclass(frozen=True, slots=True)
class Wait:
    """
    What a leg waits for.

    Args:
        leg: Its index.

        others: Ways that must have arrived.

        after: Hours before which it cannot begin; None where no event is known.
    """

    leg: int
    others: tuple[WayModel, ...]
    after: float | None


@dataclass(frozen=True, slots=True)
class WayModel:
    """
    One way with its draws; hours since the incident unless said otherwise.

    Args:
        mobilise_h: From its start to moving, shape (draws,).

        legs_h: Hours of each leg, shape (legs, draws).

        arrive: When it may be on scene.

        search: When it can search; None if it does not.

        work_h: Hours of undisturbed search until it would strike, shape (draws, chances); inf for never.

        strikes: For a single product: whether it shows the place, shape (draws, chances); None otherwise.

        local_h: From a find to its persons being treated or lifted, shape (draws,).

        reaches: Whether it treats or lifts.

        departed, arrived: Recorded hours; None where not recorded.

        begun: Recorded hour at which it began to move; None where not recorded.

        done: (leg, recorded hour of its end), in order.

        finds_h: Recorded hours of its finds, contested ones included.

        waits: What its legs wait for.

        on_scene_h: Work on scene, part of *local_h*, shape (draws,); None where there is none.

        ended: Hours at which it was recorded as over; None while it is not.

        grounded: The physical fact that closes it whatever the weather (range, ceiling); empty if none.

        bar: The red line it crosses, or the rule that bars it; empty if none.

        unknown: What is missing to say more.
    """

    id: str
    asset: Asset
    plan: WayNeeds
    needs: tuple[Need, ...]
    request: str
    approval: str
    mobilise_h: Array
    legs_h: Array
    arrive: Clock
    search: Clock | None
    work_h: Array
    strikes: Array | None
    local_h: Array
    reaches: bool
    departed: float | None
    arrived: float | None
    ended: float | None
    grounded: str
    bar: str
    unknown: tuple[str, ...]
    begun: float | None = None
    done: tuple[tuple[int, float], ...] = ()
    waits: tuple[Wait, ...] = ()
    on_scene_h: Array | None = None
    finds_h: tuple[float, ...] = ()

    @property
    def transit_h(self) -> Array:
        """All legs added, shape (draws,)."""
        total: Array = self.legs_h.sum(axis=0)
        return total

    @property
    def finds(self) -> bool:
        """Whether it searches, or brings a product that may show the place."""
        return self.search is not None


@dataclass(frozen=True, slots=True)
class World:
    """
    The case as known at *at*, in numbers.

    Args:
        at: Hours of the assessment.

        by: Hours by which found or reached is asked.

        chart: The map that is searched: without the find that ended the search.

        shown: The map as known, the find included.

        found: Hours at which the place was recorded as found; 0 where it was never unknown; None while it is.

        alarms: Hours at which each party came to know; absent where that is not known.

        groups: Counted groups with their stretch factors.
    """

    case: Case
    at: float
    by: float
    chart: Whereabouts | None
    shown: Whereabouts | None
    found: float | None
    reached: float | None
    alarms: Mapping[str, float]
    ways: tuple[WayModel, ...]
    permits: tuple[Permit, ...]
    groups: tuple[tuple[PersonGroup, Array], ...]
    draws: Draws
    site: Sky

    def permit(self, name: str) -> Permit:
        """The clearance of that id."""
        return next(p for p in self.permits if p.id == name)

    @property
    def persons(self) -> int:
        """How many persons are counted."""
        return sum(g.count for g, _ in self.groups)


@dataclass(frozen=True, slots=True)
class Setting:
    """What every way of a case is drawn from."""

    case: Case
    chart: Whereabouts | None
    place: Array
    found: float | None
    site: Sky
    draws: Draws
    permits: tuple[Permit, ...]


OFF_MAP = -1
"""In place of a cell: they are nowhere on the map, and no search on it finds them."""


def places(chart: Whereabouts | None, draws: Draws, truth: LonLat | None) -> Array:
    """
    Cell in which they are, by draw and chance, shape (draws, chances), as floats of whole numbers; `OFF_MAP` for none.

    Args:
        truth: Where they were found, once that is known: what-ifs about the search before the find look there.
    """
    if chart is None:
        return np.zeros((draws.draws, draws.chances))
    if truth is not None:
        x_km, y_km = chart.map.grid.plane(*truth)
        away = np.hypot(chart.map.grid.x_km - x_km, chart.map.grid.y_km - y_km)
        return np.full((draws.draws, draws.chances), float(np.argmin(away)))
    cumulative = np.cumsum(chart.map.poa)
    uniform = draws.chance("place")
    cells = np.minimum(np.searchsorted(cumulative, uniform), chart.map.poa.size - 1)
    off = (uniform > cumulative[-1]) & (chart.map.outside > 0.0)  # rounding alone puts nobody off the map
    found: Array = np.where(off, OFF_MAP, cells).astype(np.float64)
    return found


def groups_of(case: Case, draws: Draws) -> tuple[tuple[PersonGroup, Array], ...]:
    """Groups for which survival is known, with their stretch factors."""
    return tuple((g, factors(g, draws)) for g in case.persons if counted(g))


def recorded_find(case: Case, chart: Whereabouts | None) -> float | None:
    """Hours at which the place was settled: 0 if a report knew it from the start, None while it is unknown."""
    if chart is None or not chart.known:
        return None
    report = chart.reports[0].evidence
    if not report.finds:
        return 0.0
    return hours_between(case.incident_at, report.at or report.known_at)


def way_model(name: str, asset: Asset, needs: WayNeeds, setting: Setting) -> WayModel:
    """Draw one way."""
    draws, kind = setting.draws, asset.type
    legs = needs.plan.legs
    unknown = list(needs.plan.unknown)
    mobilisation = _mobilisation(asset)
    if mobilisation is None and not unknown:
        unknown.append("no source gives its readiness")
    names = [f"leg:{asset.id}:{i}:{leg.mode}" for i, leg in enumerate(legs)]
    winds = setting.case.winds
    legs_h = np.array([leg_hours(leg, each, winds, draws) for leg, each in zip(legs, names, strict=True)])
    legs_h = legs_h.reshape(len(legs), draws.draws)
    finds = kind is not None and bool({"find", "image"} & set(needs.plan.effects)) and not unknown
    work, search, strikes, blind = (
        _searching(asset, kind, legs_h, setting) if finds and kind else (None, None, None, "")
    )
    line = barred_by(asset, setting.case.red_lines)
    gates = {p.id: p.record.gate for p in setting.permits if p.record is not None and p.record.gate}
    on_scene_h = draws.of(asset.work_h, f"work:{asset.id}") if asset.work_h is not None else None
    return WayModel(
        id=name,
        asset=asset,
        plan=needs,
        needs=tuple(needed(c, needs.plan, legs_h, gates.get(c[0], "")) for c in needs.clearances),
        request=next((n for n, k, _ in needs.clearances if k == "request"), ""),
        approval=next((n for n, k, _ in needs.clearances if k == "deploy"), ""),
        mobilise_h=draws.of(mobilisation, f"mobilise:{asset.id}") if mobilisation else np.full(draws.draws, np.inf),
        legs_h=legs_h,
        arrive=arrival_clock(kind, setting.site) if kind else Clock.of(np.zeros_like(setting.site.visibility_m)),
        search=search,
        work_h=work if work is not None else np.full((draws.draws, draws.chances), np.inf),
        strikes=strikes,
        local_h=_local(asset, kind, setting) + (0.0 if on_scene_h is None else on_scene_h),
        reaches="reach" in needs.plan.effects and not _cannot_hover(kind, setting.case),
        departed=_hour(asset, setting.case.incident_at, "take-off"),
        arrived=_hour(asset, setting.case.incident_at, "on-scene"),
        ended=_hour(asset, setting.case.incident_at, "left", "ended", "turned-back"),
        grounded=_grounded(kind, needs.plan, setting.case),
        bar=line.id if line else needs.barred_by,
        unknown=(*unknown, *((blind,) if blind and not needs.plan.unknown else ())),
        begun=_hour(asset, setting.case.incident_at, "mobilising"),
        done=_done(asset, needs.plan, setting.case.incident_at),
        on_scene_h=on_scene_h,
        finds_h=tuple(hours_between(setting.case.incident_at, r.at) for r in asset.records if r.event == "find"),
    )


def _mobilisation(asset: Asset) -> Spread | None:
    kind = asset.type
    told = asset.mobilisation_h or (kind.mobilisation_h if kind else None)
    if told is None and kind is not None and kind.kind == "satellite":
        return NO_TIME  # its product time runs from the approval
    return told


def _grounded(kind: AssetType | None, plan: Plan, case: Case) -> str:
    """``range`` or ``ceiling`` where that closes the way, else empty. What is unknown closes nothing."""
    if plan.range_left_km is not None and plan.range_left_km < 0.0:
        return "range"
    heights = [h.value for h in case.site_elevation_m]
    low = kind is not None and kind.ceiling_m is not None and heights and min(heights) >= kind.ceiling_m.value
    return "ceiling" if low else ""


def _cannot_hover(kind: AssetType | None, case: Case) -> bool:
    """Whether it is a helicopter that can hover at none of the elevations that sources give for the site."""
    if kind is None or kind.kind != "helicopter" or kind.hover_oge_m is None or not case.site_elevation_m:
        return False
    return all(hover_at(kind.hover_oge_m, h, case)[0] == "no" for h in case.site_elevation_m)


def hover_at(ceiling: Figure, height: Figure, case: Case) -> tuple[str, float]:
    """(yes, marginal, no or unknown; temperature) at one elevation, at the warmest temperature reported."""
    told = [w.temperature_c for w in case.weather if w.place == "site" and w.temperature_c is not None]
    temperature = max(told) if told else ISA_SEA_LEVEL_C - ISA_LAPSE_C_PER_M * height.value
    try:
        return hover(ceiling.value, height.value, temperature), temperature
    except OutOfDomain:
        return "unknown", temperature


def _hour(asset: Asset, incident: Instant, *events: str) -> float | None:
    hits = sorted((r for r in asset.records if r.event in events), key=_when)
    return hours_between(incident, hits[0].at) if hits else None


def _when(record: Record) -> Instant:
    return record.at


def _done(asset: Asset, plan: Plan, incident: Instant) -> tuple[tuple[int, float], ...]:
    """(leg, hours at which it was recorded as done) of the steps of its chain, in the order of the chain."""
    legs = {leg.id: index for index, leg in enumerate(plan.legs) if leg.id}
    ended = {legs[r.step]: hours_between(incident, r.at) for r in asset.records if r.step in legs and not r.contested}
    return tuple(sorted(ended.items()))


def _local(asset: Asset, kind: AssetType | None, setting: Setting) -> Array:
    """
    Hours from a find to its persons: a hop for an aircraft; on foot half the spacing of the teams where they are, who
    stand as the effort of the search is spread.
    """
    draws = setting.draws
    if kind is None:
        return np.full(draws.draws, np.inf)
    if kind.kind == "helicopter":
        return draws.of(LOCAL_AIR_H, f"local:{asset.id}")
    if setting.chart is None or setting.chart.known:
        return np.zeros(draws.draws)
    density = setting.chart.effort_km2() * max(asset.count, 1.0)
    at = density[np.maximum(setting.place.astype(np.int64), 0)]
    spacing_km = np.median(1.0 / np.sqrt(np.maximum(at, 1e-12)), axis=1)
    walked: Array = 0.5 * spacing_km / draws.of(WALK_KMH, f"walk:{asset.id}")
    return walked


def _searching(
    asset: Asset, kind: AssetType, legs_h: Array, setting: Setting
) -> tuple[Array | None, Clock | None, Array | None, str]:
    """(hours of work until it would strike, clock, strikes of a single product, what is unknown)."""
    draws = setting.draws
    if setting.chart is None:
        return None, None, None, "no report says where to look"
    if asset.detect_once is not None:
        chance = np.minimum(at_quantile(asset.detect_once, draws.uniform(f"product:{asset.id}")), 1.0)
        strikes = (draws.chance(f"strike:{asset.id}") < chance[:, None]).astype(np.float64) * (setting.place >= 0.0)
        return np.zeros_like(strikes), search_clock(kind, setting.site, None), strikes, ""
    width = asset.sweep_width_km or kind.sweep_width_km
    if width is None or kind.search_speed_kmh is None:
        return None, None, None, "its sweep width is unknown"
    drawn = np.maximum(draws.of(width, f"sweep:{asset.id}"), MINIMUM_SWEEP_KM)
    place = setting.place.astype(np.int64)
    effort = np.where(place >= 0, setting.chart.effort_km2()[place], 0.0)
    rate = asset.count * drawn[:, None] * kind.search_speed_kmh.value * effort * _on_station(kind, legs_h)
    work = draws.exponential(f"detect:{asset.id}") / np.maximum(rate, 1e-12)
    return work, search_clock(kind, setting.site, sweep_km(asset)), None, ""


def sweep_km(asset: Asset) -> float | None:
    """Median sweep width in good visibility; None where no figure is given."""
    width = asset.sweep_width_km or (asset.type.sweep_width_km if asset.type else None)
    return width.p50 if width else None


def _on_station(kind: AssetType, legs_h: Array) -> float:
    """Share of the time that one aircraft spends on scene, flying home and back in between; 1 where not known."""
    if kind.kind not in ("helicopter", "fixed-wing", "uav") or legs_h.size == 0:
        return 1.0
    endurance = kind.endurance_h.value if kind.endurance_h else None
    if endurance is None and kind.range_km and kind.cruise_kmh:
        endurance = kind.range_km.value / kind.cruise_kmh.value
    if endurance is None:
        return 1.0
    leg = float(np.median(legs_h[-1]))
    return max(endurance - 2.0 * leg, 0.25) / (endurance + TURN_ROUND_H)
