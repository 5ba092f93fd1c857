"""
What each kind of place says of every point of the plane: one function each.

What is reported about a place is never taken as a hard edge except where the report itself has one (an area, a disc):
bearings, rings and ranges fall off smoothly.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from safeconduct.model.case import Place
from safeconduct.model.errors import Bug
from safeconduct.model.places import Bearing, CloudImpact, Flight, PhoneSector, Rings, Searched, Witness
from safeconduct.model.sources import Spread
from safeconduct.search.distances import ring_density_km2
from safeconduct.search.grid import Array, SearchGrid
from safeconduct.search.relief import NO_TERRAIN, TerrainLike

Mask: TypeAlias = npt.NDArray[np.bool_]

Z90 = 1.2815515655446004
"""Standard normal quantile at 0.9."""

ELSEWHERE = 0.05
"""Share of the greatest likelihood that a telephone's ring and a line of sight leave to every other place: masts are
passed over, network positions can be grossly wrong (reference: search, section 3.6). Our assumption."""

HIDDEN = 0.1
"""Likelihood of having been seen from a place that terrain hides, beside one in the open. Our assumption."""

EDGE_SHARE = 0.25
"""Softness of a ring or range: standard deviation of its edge as a share of its width. Our assumption."""

FIX_DRIFT = 0.1
"""Dead reckoning from the last fix errs by a tenth of the distance (IAMSAR-type table D-6:3 of NATSAR 2023)."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Points of the plane with what some kinds need besides: degrees and terrain."""

    grid: SearchGrid
    x: Array
    y: Array
    terrain: TerrainLike | None

    def corners(self, place: Place) -> list[tuple[float, float]]:
        """The points of a place on the plane."""
        x, y = self.grid.plane([p[0] for p in place.points], [p[1] for p in place.points])
        return list(zip(x.tolist(), y.tolist(), strict=True))

    def degrees(self) -> tuple[Array, Array]:
        """The points in degrees."""
        return self.grid.globe(self.x, self.y)


Values: TypeAlias = tuple[Array, tuple[str, ...]]


def _normal(away: Array, sigma: float) -> Array:
    made: Array = np.exp(-0.5 * (away / sigma) ** 2)
    return made


def _point(place: Place, scene: Scene) -> Values:
    """Two-dimensional normal density per square kilometre about the point."""
    sigma = _sigma(place, scene)
    ((x, y),) = scene.corners(place)
    return _normal(np.hypot(scene.x - x, scene.y - y), sigma) / (2.0 * math.pi * sigma**2), ()


def _sigma(place: Place, scene: Scene) -> float:
    """Not finer than half a cell, so that the cell a report lies in is not missed."""
    return max(place.sigma_km or 0.0, scene.grid.cell_km / 2.0)


def _disc(place: Place, scene: Scene) -> Values:
    ((x, y),) = scene.corners(place)
    return np.where(np.hypot(scene.x - x, scene.y - y) <= max(place.radius_km or 0.0, scene.grid.cell_km), 1.0, 0.0), ()


def _track(place: Place, scene: Scene) -> Values:
    across, _, _ = _off_line(scene.corners(place), scene)
    return _normal(across, _sigma(place, scene)), ()


def _route(place: Place, scene: Scene) -> Values:
    """Across the line a normal, along it what speed and time aloft allow."""
    shape = place.shape
    if not isinstance(shape, Flight):
        raise Bug("a route without its flight", where=place.kind)
    across, along, _ = _off_line(scene.corners(place), scene)
    return _normal(across, _sigma(place, scene)) * _travelled(shape, along, _sigma(place, scene)), ()


def _fixes(place: Place, scene: Scene) -> Values:
    """From the last fix on along the last heading; the error grows by a tenth of the way."""
    shape = place.shape
    if not isinstance(shape, Flight):
        raise Bug("fixes without their flight", where=place.kind)
    corners = scene.corners(place)
    (x0, y0), (x1, y1) = corners[-2], corners[-1]
    length = math.hypot(x1 - x0, y1 - y0)
    east, north = ((x1 - x0) / length, (y1 - y0) / length) if length > 0.0 else (0.0, 1.0)
    along = (scene.x - x1) * east + (scene.y - y1) * north
    across = np.abs((scene.x - x1) * north - (scene.y - y1) * east)
    sigma = np.hypot(_sigma(place, scene), FIX_DRIFT * np.maximum(along, 0.0))
    made: Array = np.exp(-0.5 * (across / sigma) ** 2) / sigma
    return made * _travelled(shape, along, _sigma(place, scene)), ()


def _travelled(flight: Flight, along: Array, smear_km: float) -> Array:
    """
    Density of the distance flown: speed times time aloft, both two-piece log-normal, spreads added in quadrature.

    It is smeared by *smear_km*: a distance cannot be known better than the line.
    """
    middle = flight.aloft_h.p50 * flight.speed_kmh.p50
    low = math.hypot(_log_step(flight.aloft_h, low=True), _log_step(flight.speed_kmh, low=True))
    high = math.hypot(_log_step(flight.aloft_h, low=False), _log_step(flight.speed_kmh, low=False))
    low, high = (math.hypot(each, smear_km / max(middle, smear_km)) for each in (low, high))
    step = np.log(np.maximum(along, 1e-6) / middle)
    made: Array = np.exp(-0.5 * (step / np.where(step < 0.0, low, high)) ** 2) / np.maximum(along, smear_km)
    return np.where(along > 0.0, made, 0.0)


def _log_step(spread: Spread, *, low: bool) -> float:
    """Standard deviation of the logarithm on one side of the median."""
    return math.log(spread.p50 / spread.p10 if low else spread.p90 / spread.p50) / Z90


def _bearing(place: Place, scene: Scene) -> Values:
    shape = place.shape
    if not isinstance(shape, Bearing):
        raise Bug("a bearing without its direction", where=place.kind)
    away, azimuth = _polar(place, scene)
    return _towards(azimuth, shape.bearing_deg, shape.sigma_deg) * _within(away, shape.far_km), ()


def _phone(place: Place, scene: Scene) -> Values:
    """Ring and beam with soft edges, line of sight from the mast where there is terrain, and a floor everywhere."""
    shape = place.shape
    if not isinstance(shape, PhoneSector):
        raise Bug("a telephone without its mast", where=place.kind)
    away, azimuth = _polar(place, scene)
    soft = max(EDGE_SHARE * (shape.far_km - shape.near_km), 0.25, scene.grid.cell_km)
    off = np.maximum(np.maximum(shape.near_km - away, away - shape.far_km), 0.0)
    made = _normal(off, soft)
    if shape.bearing_deg is not None and shape.beam_deg < 360.0:
        beyond = np.maximum(np.abs(_turn(azimuth, shape.bearing_deg)) - shape.beam_deg / 2.0, 0.0)
        made = made * _normal(beyond, shape.beam_deg / 4.0)
    seen, unknown = _sight(place, scene, shape.mast_m, "line of sight from the mast")
    made = made * seen
    return ELSEWHERE + (1.0 - ELSEWHERE) * made, unknown


def _seen(place: Place, scene: Scene) -> Values:
    made, _ = _heard(place, scene)
    seen, unknown = _sight(place, scene, 1.7, "line of sight from the witness")
    return made * seen, unknown


def _heard(place: Place, scene: Scene) -> Values:
    """Falls to a half at the distance told, with the direction told; sound bends, so terrain hides nothing."""
    shape = place.shape
    if not isinstance(shape, Witness):
        raise Bug("a witness without a distance", where=place.kind)
    away, azimuth = _polar(place, scene)
    made = _within(away, shape.far_km)
    if shape.bearing_deg is not None and shape.sigma_deg is not None:
        made = made * _towards(azimuth, shape.bearing_deg, shape.sigma_deg)
    return made, ()


def _sight(place: Place, scene: Scene, above_ground_m: float | None, what: str) -> Values:
    """1 in sight, `HIDDEN` out of it; 1 where it is not known."""
    if scene.terrain is None:
        return np.ones_like(scene.x), (f"{what}: {NO_TERRAIN}",)
    if above_ground_m is None:
        return np.ones_like(scene.x), (f"{what}: its height is unknown",)
    lon, lat = scene.degrees()
    seen = scene.terrain.sees(place.points[0], above_ground_m, lon, lat)
    made: Array = np.where(np.isnan(seen), 1.0, np.where(seen > 0.5, 1.0, HIDDEN))
    return made, ()


def _cloud(place: Place, scene: Scene) -> Values:
    """
    Ground at or above the cloud base, along the route; nothing is said without terrain.

    Where the altitude of the flight is told, the ground that it meets first, in the order of the route (`impact`).
    """
    shape = place.shape
    if not isinstance(shape, CloudImpact):
        raise Bug("cloud without its base", where=place.kind)
    if scene.terrain is None:
        return np.ones_like(scene.x), (f"terrain in cloud: {NO_TERRAIN}",)
    if shape.altitude_m is not None:
        return _first_contact(place, scene, scene.terrain, shape)
    across, _, _ = _off_line(scene.corners(place), scene)
    height = scene.terrain.heights_m(*scene.degrees())
    into = np.exp(-0.5 * (np.maximum(shape.base_m - height, 0.0) / shape.sigma_m) ** 2)
    made: Array = np.where(np.isnan(height), 1.0, into) * _normal(across, _sigma(place, scene))
    return made, ()


def _first_contact(place: Place, scene: Scene, terrain: TerrainLike, shape: CloudImpact) -> Values:
    if shape.altitude_m is None:
        raise Bug("a flight without its altitude", where=place.kind)
    from safeconduct.search.impact import first_contact  # lazy: it loads scipy, and few cases tell a flight's altitude

    found = first_contact(
        lambda x, y: terrain.heights_m(*scene.grid.globe(x, y)),
        scene.corners(place),
        _sigma(place, scene),
        shape.altitude_m,
        base_m=shape.base_m,
        base_sigma_m=shape.sigma_m,
    )
    unknown = (
        () if found.unknown == 0.0 else (f"terrain in cloud: unknown on {100.0 * found.unknown:.0f} % of the way",)
    )
    return found.density_km2(scene.x, scene.y, scene.grid.cell_km), unknown


def _searched(place: Place, scene: Scene) -> Values:
    shape = place.shape
    if not isinstance(shape, Searched):
        raise Bug("an area searched without its POD", where=place.kind)
    inside = within(scene.corners(place), place.radius_km, scene.x, scene.y)
    return np.where(inside, 1.0 - shape.pod, 1.0), ()


def _rings(place: Place, scene: Scene) -> Values:
    """Density per square kilometre of a table of distances that the user brought."""
    shape = place.shape
    if not isinstance(shape, Rings):
        raise Bug("rings without their radii", where=place.kind)
    away, _ = _polar(place, scene)
    return ring_density_km2(shape, away), ()


KINDS: Mapping[str, Callable[[Place, Scene], Values]] = {
    "point": _point,
    "detection": _point,
    "disc": _disc,
    "track": _track,
    "route": _route,
    "fixes": _fixes,
    "bearing": _bearing,
    "phone": _phone,
    "seen": _seen,
    "heard": _heard,
    "cloud": _cloud,
    "searched": _searched,
    "rings": _rings,
}
"""What each kind of place says of every point."""


def within(corners: list[tuple[float, float]], radius_km: float | None, x: Array, y: Array) -> Mask:
    """Which points lie inside a ring, or within a radius of one point (crossings of a ray, even and odd)."""
    if radius_km is not None:
        return np.asarray(np.hypot(x - corners[0][0], y - corners[0][1]) <= radius_km)
    inside = np.zeros(x.shape, dtype=np.bool_)
    for (x1, y1), (x2, y2) in pairwise([*corners, corners[0]]):
        if y1 == y2:
            continue
        crosses = (y1 > y) != (y2 > y)
        inside ^= crosses & (x < (x2 - x1) * (y - y1) / (y2 - y1) + x1)
    return inside


def _polar(place: Place, scene: Scene) -> tuple[Array, Array]:
    """Kilometres and bearing of each point from the station."""
    ((x, y),) = scene.corners(place)[:1]
    east, north = scene.x - x, scene.y - y
    return np.hypot(east, north), np.degrees(np.arctan2(east, north))


def _turn(azimuth: Array, towards: float) -> Array:
    return (azimuth - towards + 180.0) % 360.0 - 180.0


def _towards(azimuth: Array, bearing_deg: float, sigma_deg: float) -> Array:
    return _normal(_turn(azimuth, bearing_deg), sigma_deg)


def _within(away: Array, far_km: float) -> Array:
    """1 near by, a half at the distance told, then falling (logistic in the logarithm of the distance)."""
    made: Array = 1.0 / (1.0 + (away / far_km) ** 6)
    return made


def _off_line(corners: list[tuple[float, float]], scene: Scene) -> tuple[Array, Array, float]:
    """Distance of each point from the line, how far along it the nearest part lies, and the line's length."""
    best, along, done = np.full(scene.x.shape, np.inf), np.zeros(scene.x.shape), 0.0
    for (x1, y1), (x2, y2) in pairwise(corners):
        length = max(math.hypot(x2 - x1, y2 - y1), 1e-9)
        share = np.clip(((scene.x - x1) * (x2 - x1) + (scene.y - y1) * (y2 - y1)) / length**2, 0.0, 1.0)
        away = np.hypot(scene.x - (x1 + share * (x2 - x1)), scene.y - (y1 + share * (y2 - y1)))
        nearer = away < best
        best = np.where(nearer, away, best)
        along = np.where(nearer, done + share * length, along)
        done += length
    return best, along, done
