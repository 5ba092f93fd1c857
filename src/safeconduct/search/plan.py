"""A plan of the search: who looks where and when, what that is worth, and what no plan could exceed."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from safeconduct.earth.terrain import Terrain
from safeconduct.model.instants import Instant
from safeconduct.model.space import LonLat, Ring
from safeconduct.search.book import Book
from safeconduct.search.detection import exponential, inverse_cube
from safeconduct.search.grid import Array, SearchMap
from safeconduct.search.schedule import Schedule, schedule
from safeconduct.search.sectors import Blocks, Placed, Rectangle, Sortie, blocks_of, members, place_sectors
from safeconduct.search.sensors import Sensor
from safeconduct.search.shadow import shadow
from safeconduct.search.weigh import why

NEVER_ENDS = (
    "This plan does not advise ending the search: what is not found may be elsewhere, or may not have been seen."
)

CLIMBS = 8
"""Rounds of the divisible optimum; its bound holds after any number."""


@dataclass(frozen=True, slots=True)
class Resource:
    """
    One resource that can search.

    Args:
        base: Where it starts from; None where no source says.

        open_h: Expected working hours of one unit in each slice of the plan, from its arrival on.

        transit_kmh: Speed to and from the scene; None where it is not known.

        endurance_h: Hours aloft or at work; None where it is not known.

        on_scene: Median arrival; None where it never arrives in half of the draws.

        arrival: (p10, p90) of the arrival; None for never.

        cleared: Whether every clearance that it needs is granted.

        missing: Clearances that are not.

        mark: What every sheet of it must bear; empty where it is cleared.

        risk: To those who fly or walk.

        unknown: What is missing to say more.
    """

    id: str
    name: str
    kind: str
    provider: str
    count: float
    base: LonLat | None
    sensor: Sensor
    open_h: tuple[float, ...]
    transit_kmh: float | None
    endurance_h: float | None
    on_scene: Instant | None
    arrival: tuple[Instant | None, Instant | None]
    cleared: bool
    missing: tuple[str, ...]
    mark: str
    risk: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def flies(self) -> bool:
        """Whether it must keep clear of other aircraft."""
        return self.kind in ("helicopter", "fixed-wing", "uav")

    @property
    def rate_km2h(self) -> float:
        """Square kilometres that one unit sweeps in an hour of work."""
        return self.sensor.width_km.p50 * self.sensor.speed_kmh


@dataclass(frozen=True, slots=True)
class Stay:
    """
    One stay of a resource on scene.

    Args:
        resource: Position among the resources.

        number: Which of its stays, from 1.

        start, end: On scene.

        hours: Expected working hours of one unit in each slice, shape (slices,).
    """

    resource: int
    number: int
    start: Instant
    end: Instant
    hours: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Crews:
    """
    Who can search, and when.

    Args:
        slices: Edges of the slices of time, n + 1 of them for n slices, rising.

        idle: (id, reason) of every resource that is left out.
    """

    resources: tuple[Resource, ...]
    stays: tuple[Stay, ...]
    slices: tuple[Instant, ...]
    idle: tuple[tuple[str, str], ...]

    @property
    def swept_km2(self) -> float:
        """Area that all stays sweep together, expected."""
        each = (
            self.resources[s.resource].count * self.resources[s.resource].rate_km2h * math.fsum(s.hours)
            for s in self.stays
        )
        return math.fsum(each)


@dataclass(frozen=True, slots=True)
class Sector:
    """
    One rectangle for one stay of one resource.

    Args:
        ring: Closed, (lon, lat), first corner repeated.

        corners_km: The same on the plane of the map's grid.

        length_km, width_km: Long and short side.

        bearing_deg: Of the long side, 0 (north) or 90 (east): sectors lie along the grid.

        hours: Expected working hours of all units together.

        stay_h: Hours on scene.

        spacing_km: Track spacing that gives the coverage, one unit beside the other.

        coverage: Area swept over area.

        pod: (exponential, inverse cube): the truth lies between (Koester, ICE-SAR 2018). Terrain shadow is in it.

        poa: Probability inside when the plan was made.

        pos: Probability that this stay finds them in it, seen from when the plan was made; exponential.

        why: Reports that put the probability there, each with how many times it lifts it.
    """

    id: str
    resource: str
    number: int
    ring: Ring
    corners_km: tuple[tuple[float, float], ...]
    length_km: float
    width_km: float
    bearing_deg: float
    area_km2: float
    start: Instant
    end: Instant
    stay_h: float
    hours: float
    units: float
    spacing_km: float
    coverage: float
    pod: tuple[float, float]
    poa: float
    pos: float
    why: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True, eq=False)
class SearchPlan:
    """
    The whole plan.

    Args:
        crews: Who searches, and the slices of time.

        worth: Worth of a find in each slice, never rising; 1 would be all that can be hoped for.

        worth_says: What that worth is.

        blocks: Areas of the divisible optimum.

        best: The divisible optimum; its hours have the shape (blocks and coarse areas beyond, resources, slices).

        found: For each slice (low, middle, high) probability of having found them by its end, by the sectors: with the
            widths' p10 and the exponential law, p50 and exponential, p90 and inverse cube.

        value: What the sectors are worth; `bound` is what no plan for the same stays could exceed.

        sectors: In order of start.
    """

    map: SearchMap
    crews: Crews
    worth: tuple[float, ...]
    worth_says: str
    blocks: Blocks
    best: Schedule
    found: tuple[tuple[float, float, float], ...]
    value: float
    bound: float
    sectors: tuple[Sector, ...]
    never: str = NEVER_ENDS

    @property
    def gap(self) -> float:
        """How much of the best possible the sectors may be short of, as a share; 0 where nothing can be found."""
        return 1.0 - self.value / self.bound if self.bound > 0.0 else 0.0

    @property
    def at(self) -> Instant:
        """When the plan begins."""
        return self.crews.slices[0]

    def resource(self, name: str) -> Resource:
        """The resource of that id."""
        return next(r for r in self.crews.resources if r.id == name)


def make_plan(book: Book, crews: Crews, worth: Array, worth_says: str, *, terrain: Terrain | None = None) -> SearchPlan:
    """
    Plan the stays of all resources.

    Args:
        worth: Of a find in each slice, shape (slices,), never rising.

        terrain: Hides ground from those whose height above ground is known; None hides nothing.
    """
    blocks = blocks_of(book.map, crews.swept_km2)
    seen = _seen(blocks, crews, terrain)
    sorties = tuple(_sortie(crews.resources[s.resource], s, seen[s.resource]) for s in crews.stays)
    placed = place_sectors(blocks, sorties, worth)
    rate = np.array([r.count * r.rate_km2h for r in crews.resources])
    hours = np.zeros((len(crews.resources), worth.size))
    for stay in crews.stays:
        hours[stay.resource] += stay.hours
    areas_km2 = np.concatenate([np.full(blocks.poa.size, blocks.km**2), blocks.rest_km2])
    poa = np.concatenate([blocks.poa, blocks.rest_poa])
    rates = rate[None, :] / areas_km2[:, None]
    for position, share in enumerate(seen):
        if share is not None:
            rates[: share.size, position] *= share
    best = schedule(poa, rates, hours, worth, sweeps=CLIMBS)
    sectors = [
        _sector(book, blocks, crews.resources[stay.resource], (sortie, stay), rectangle)
        for stay, sortie, rectangle in zip(crews.stays, sorties, placed.rectangles, strict=True)
        if rectangle is not None
    ]
    sectors.sort(key=lambda s: (s.start, s.resource, s.number))
    return SearchPlan(
        map=book.map,
        crews=crews,
        worth=tuple(worth.tolist()),
        worth_says=worth_says,
        blocks=blocks,
        best=best,
        found=_found(blocks, crews, placed, sorties),
        value=placed.value,
        bound=max(best.bound, placed.value),
        sectors=tuple(replace(sector, id=f"S{number}") for number, sector in enumerate(sectors, 1)),
    )


def _seen(blocks: Blocks, crews: Crews, terrain: Terrain | None) -> list[Array | None]:
    """For each resource the share of each block in its sight; None where terrain or its height is not known."""
    made: dict[tuple[float, float], Array] = {}
    out: list[Array | None] = []
    for resource in crews.resources:
        height, reach = resource.sensor.height_m, resource.sensor.width_km.p50
        if terrain is None or height is None:
            out.append(None)
            continue
        if (height, reach) not in made:
            share = shadow(terrain, blocks.window, height_m=height, reach_km=reach).share
            made[height, reach] = np.where(np.isnan(share), 1.0, share)
        out.append(made[height, reach])
    return out


def _sortie(resource: Resource, stay: Stay, seen: Array | None) -> Sortie:
    works = [i for i, h in enumerate(stay.hours) if h > 0.0] or [0]
    swept = tuple(resource.count * resource.rate_km2h * h for h in stay.hours)
    return Sortie(stay.resource, swept, works[0], works[-1], resource.flies, seen)


def _pods(
    poa: Array, coverage: float, seen: Array | None, within: npt.NDArray[np.int64]
) -> tuple[tuple[float, float], float]:
    """POD of a rectangle under both laws, where they are likeliest counting most, and the exponential one's yield."""
    share = np.ones(within.size) if seen is None else seen[within]
    weight = poa[within] if poa[within].any() else np.ones(within.size)
    low, high = exponential(coverage * share), inverse_cube(coverage * share)
    total = float(weight.sum())
    return (float((weight * low).sum()) / total, float((weight * high).sum()) / total), float((poa[within] * low).sum())


def _sector(book: Book, blocks: Blocks, resource: Resource, job: tuple[Sortie, Stay], rectangle: Rectangle) -> Sector:
    (sortie, stay), grid = job, blocks.grid
    west, south = blocks.west_km + rectangle.column * blocks.km, blocks.south_km + rectangle.row * blocks.km
    east, north = west + rectangle.width * blocks.km, south + rectangle.height * blocks.km
    corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
    area = (east - west) * (north - south)
    hours = resource.count * math.fsum(stay.hours)
    coverage = resource.rate_km2h * hours / area
    within = members(blocks, rectangle)
    chosen = np.isin(blocks.of_cell, within).nonzero()[0]
    poa = float(book.map.poa[chosen].sum())
    pod, pos = _pods(blocks.poa, coverage, sortie.seen, within)
    return Sector(
        id="",
        resource=resource.id,
        number=stay.number,
        ring=tuple(grid.place(x, y) for x, y in corners),
        corners_km=corners,
        length_km=max(east - west, north - south),
        width_km=min(east - west, north - south),
        bearing_deg=90.0 if east - west >= north - south else 0.0,
        area_km2=area,
        start=stay.start,
        end=stay.end,
        stay_h=(stay.end - stay.start).total_seconds() / 3600.0,
        hours=hours,
        units=resource.count,
        spacing_km=resource.sensor.width_km.p50 / coverage if coverage > 0.0 else math.inf,
        coverage=coverage,
        pod=pod,
        poa=poa,
        pos=pos,
        why=why(book, chosen.tolist()) if chosen.size else (),
    )


def _found(
    blocks: Blocks, crews: Crews, placed: Placed, sorties: tuple[Sortie, ...]
) -> tuple[tuple[float, float, float], ...]:
    """Probability of having found them by the end of each slice, with the widths' spread and the two laws."""
    slices = len(sorties[0].swept_km2) if sorties else 0
    low, high = np.zeros((blocks.poa.size, slices)), np.ones((blocks.poa.size, slices))
    for stay, sortie, rectangle in zip(crews.stays, sorties, placed.rectangles, strict=True):
        if rectangle is None:
            continue
        width = crews.resources[stay.resource].sensor.width_km
        cells = members(blocks, rectangle)
        area = rectangle.height * rectangle.width * blocks.km**2
        coverage = np.cumsum(sortie.swept_km2) / area * np.ones((cells.size, 1))
        if sortie.seen is not None:
            coverage *= sortie.seen[cells, None]
        low[cells] += coverage * (width.p10 / width.p50)
        high[cells] *= 1.0 - inverse_cube(coverage * (width.p90 / width.p50))
    poa = blocks.poa[:, None]
    rows = (
        (poa * -np.expm1(-low)).sum(axis=0).tolist(),
        (poa * -np.expm1(-placed.effort)).sum(axis=0).tolist() if slices else [],
        (poa * (1.0 - high)).sum(axis=0).tolist(),
    )
    return tuple(zip(*rows, strict=True))
