"""From the sectors of a plan to what each crew is handed: pattern, lanes, times, heights, neighbours, clearances."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from safeconduct.earth.geodesy import distance_m
from safeconduct.earth.sun import LightWindow, light_windows
from safeconduct.earth.terrain import Terrain
from safeconduct.model.case import WeatherWindow
from safeconduct.model.errors import OutOfDomain
from safeconduct.model.space import LonLat, Ring
from safeconduct.search.choice import Choice, choose, fit, mirrored, ring_of
from safeconduct.search.clearance import Leg, relief_of, under
from safeconduct.search.detection import exponential, inverse_cube
from safeconduct.search.frame import Frame, frame_of
from safeconduct.search.lanes import Lane, lanes
from safeconduct.search.patterns import Pattern
from safeconduct.search.permits import Held, held
from safeconduct.search.plan import Resource, Sector
from safeconduct.search.planned import Planned
from safeconduct.search.relief import NO_TERRAIN
from safeconduct.search.separation import Box, Near, layers, neighbours
from safeconduct.search.turns import turn_radius_km
from safeconduct.search.wanted import AUTO


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """
    What one unit of a crew does.

    Args:
        unit: From 1.

        ring: Corners of its lane, (lon, lat), first not repeated.

        pattern: In the frame of the sector.

        track: All of it, (lon, lat), from the commence search point.

        turning: Ends of the search legs, in order.

        first_deg: Direction of the first leg, from true north.

        legs: Ground under each leg; empty without terrain or on foot.
    """

    unit: int
    ring: Ring
    pattern: Pattern
    track: tuple[LonLat, ...]
    turning: tuple[LonLat, ...]
    first_deg: float
    legs: tuple[Leg, ...]

    @property
    def start(self) -> LonLat:
        """Commence search point."""
        return self.track[0]


@dataclass(frozen=True, slots=True, eq=False)
class _Given:
    """What all units of a crew share."""

    resource: Resource
    effort_km: float
    radius_km: float
    terrain: Terrain | None


@dataclass(frozen=True, slots=True, eq=False)
class Assignment:
    """
    One sector as a crew is briefed for it.

    Args:
        tasks: One for each unit; empty where no pattern could be fitted, which `warns` then says.

        choice: Which pattern and why.

        effort_km: Track that the plan gives each unit.

        radius_km: Of its turns; 0 on foot.

        coverage: Area that the search legs sweep, over the area.

        pod: (exponential, inverse cube) of that coverage.

        transit_km: From the base to the commence search point; None where the base is not known.

        transit_h: Time for it; None where base or speed is not known.

        light: Windows of light while on scene.

        weather: Reported or forecast windows at the site while on scene.

        relief_m: Lowest and highest ground in the sector; None without terrain.

        layer: Height layer, 0 the lowest.

        permits: Clearances of this crew for this time.

        flyable: Whether tracks may be written: every clearance granted, and no what-if; or an exercise.
    """

    sector: Sector
    resource: Resource
    tasks: tuple[Task, ...]
    choice: Choice
    effort_km: float
    radius_km: float
    coverage: float
    pod: tuple[float, float]
    transit_km: float | None
    transit_h: float | None
    light: tuple[LightWindow, ...]
    weather: tuple[WeatherWindow, ...]
    relief_m: tuple[float, float] | None
    near: tuple[Near, ...]
    layer: int
    permits: tuple[Held, ...]
    flyable: bool
    warns: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def track_km(self) -> float:
        """The longest track of a unit."""
        return max((t.pattern.total_km for t in self.tasks), default=0.0)

    @property
    def work_h(self) -> float:
        """Time that the longest track takes at search speed."""
        return self.track_km / self.resource.sensor.speed_kmh

    @property
    def left_km(self) -> float:
        """Track of the plan that the pattern leaves over, each unit."""
        return max(0.0, self.effort_km - self.track_km)

    @property
    def station_share(self) -> float | None:
        """Share of the time away from base that is spent on scene; None where the transit is not known."""
        if self.transit_h is None:
            return None
        return self.sector.stay_h / (self.sector.stay_h + 2.0 * self.transit_h)


def assignments(planned: Planned, *, terrain: Terrain | None = None, pattern: str = AUTO) -> tuple[Assignment, ...]:
    """
    Every sector of a plan as an assignment, in the order of the plan.

    Args:
        terrain: Heights for clearance and contours; None leaves them unknown.

        pattern: One of `PATTERNS` for all sectors, or ``auto``.

    Raises:
        InvalidInput: No such pattern.
    """
    made = [_assigned(planned, sector, terrain, pattern) for sector in planned.plan.sectors]
    boxes = [Box(a.sector, _room(a.tasks), a.resource.flies) for a in made]
    above = layers(boxes)
    return tuple(replace(each, near=neighbours(boxes, place), layer=above[place]) for place, each in enumerate(made))


def _room(tasks: Sequence[Task]) -> float:
    return max((task.pattern.beyond_km for task in tasks), default=0.0)


def _assigned(planned: Planned, sector: Sector, terrain: Terrain | None, pattern: str) -> Assignment:
    resource = planned.plan.resource(sector.resource)
    warns: list[str] = []
    unknown = [] if terrain is not None else [f"terrain clearance, contour pattern: {NO_TERRAIN}"]
    radius = turn_radius_km(resource.sensor.speed_kmh) if resource.flies else 0.0
    units = max(1, round(sector.units))
    transit_km, transit_h = _transit(resource, sector)
    effort = _effort(resource, sector, units, transit_h, warns)
    tasks: tuple[Task, ...] = ()
    choice = Choice("", "")
    relief: tuple[float, float] | None = None
    try:
        frame = frame_of(sector, planned.plan.map.grid)
        choice = choose(planned, sector, frame, terrain, pattern=pattern, effort_km=effort, units=units)
        cut = lanes(frame.length_km, frame.width_km, units)
        given = _Given(resource, effort, radius, terrain)
        tasks = tuple(_task(i, lane, frame, choice, given) for i, lane in enumerate(cut, 1))
        relief = relief_of(terrain, sector.ring)
    except OutOfDomain as fault:
        warns.append(f"no pattern: {fault}")
    area = sector.area_km2 or math.inf
    swept = math.fsum(t.pattern.legs_km for t in tasks) * resource.sensor.width_km.p50
    coverage = swept / area
    permits = held(planned.case, resource, sector.start, sector.end)
    granted = resource.cleared and all(each.grants for each in permits if each.status == "granted")
    return Assignment(
        sector=sector,
        resource=resource,
        tasks=tasks,
        choice=choice,
        effort_km=effort,
        radius_km=radius,
        coverage=coverage,
        pod=(float(exponential(coverage)), float(inverse_cube(coverage))),
        transit_km=transit_km,
        transit_h=transit_h,
        light=light_windows(_middle(planned, sector), sector.start, sector.end),
        weather=_weather(planned, sector),
        relief_m=relief,
        near=(),
        layer=0,
        permits=permits,
        flyable=planned.exercise or (granted and not planned.what_if),
        warns=(*warns, *choice.warns),
        unknown=(*unknown, *resource.unknown),
    )


def _middle(planned: Planned, sector: Sector) -> LonLat:
    x, y = (sum(p[axis] for p in sector.corners_km[:4]) / 4.0 for axis in (0, 1))
    return planned.plan.map.grid.place(x, y)


def _transit(resource: Resource, sector: Sector) -> tuple[float | None, float | None]:
    """From the base to the nearest corner, as the crow flies."""
    if resource.base is None:
        return None, None
    away = min(distance_m(resource.base, corner) for corner in sector.ring) / 1000.0
    if not resource.flies or not resource.transit_kmh:
        return away, None
    return away, away / resource.transit_kmh


def _effort(resource: Resource, sector: Sector, units: int, transit_h: float | None, warns: list[str]) -> float:
    """Track of one unit: the plan's, but never more than its stay or its endurance allows."""
    speed = resource.sensor.speed_kmh
    hours = min(sector.hours / units, sector.stay_h)
    if transit_h is not None and resource.endurance_h is not None:
        rest = resource.endurance_h - 2.0 * transit_h
        if rest <= 0.0:
            warns.append(
                f"there and back takes {2.0 * transit_h:.1f} h of an endurance of {resource.endurance_h:.1f} h: "
                "it needs a stop nearer by, which the plan assumes"
            )
        else:
            hours = min(hours, rest)
    return speed * hours


def _weather(planned: Planned, sector: Sector) -> tuple[WeatherWindow, ...]:
    return tuple(
        w
        for w in planned.case.weather
        if w.place == "site" and w.start < sector.end and (w.end is None or w.end > sector.start)
    )


def _task(unit: int, lane: Lane, frame: Frame, choice: Choice, given: _Given) -> Task:
    base = None
    place = given.resource.base
    if place is not None:
        base = frame.points(np.array([place[0]]), np.array([place[1]]))[0]
    made = fit(choice, frame, lane, effort_km=given.effort_km, radius_km=given.radius_km, terrain=given.terrain)
    pattern = mirrored(made, lane, choice.heavy, base)
    legs = pattern.legs
    ends = legs.reshape(-1, 2)
    keep = np.append(True, np.abs(np.diff(ends, axis=0)).max(axis=1) > 1e-9)
    return Task(
        unit,
        ring_of(frame, lane),
        pattern,
        frame.degrees(pattern.track),
        frame.degrees(ends[keep]),
        frame.bearing_deg(legs[0, 1] - legs[0, 0]),
        under(given.terrain, [frame.degrees(leg) for leg in legs]) if given.resource.flies else (),
    )
