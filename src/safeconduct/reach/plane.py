"""
Points of the globe as unit vectors, and flat charts on which geodesics are straight.

The sphere used for *directions* carries geodetic longitude and latitude. A WGS 84 geodesic and the great circle of that
sphere through the same two ends part by less than 20 m over 500 km, 270 m over 2 000 km and 1.8 km over 5 000 km
(measured on random pairs; no other auxiliary latitude does better). *Lengths* are always those of WGS 84.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from safeconduct.earth import geodesy
from safeconduct.model.errors import OutOfDomain
from safeconduct.model.space import LonLat

Floats: TypeAlias = NDArray[np.float64]

PIECE_M = 250_000.0  # so short a geodesic leaves its great circle by less than 3 m
OPPOSITE = -math.cos(math.radians(1.0))  # between ends with a smaller product no one way is the direct one
WIDEST_CAP_DEG = 80.0  # a chart magnifies by 1 / cos^2 of the distance from its centre: 33-fold here


def cross(a: Floats, b: Floats) -> Floats:
    """Cross product of vectors in the last axis; numpy's own spends most of its time on axes that ours never move."""
    ax, ay, az = a[..., 0], a[..., 1], a[..., 2]
    bx, by, bz = b[..., 0], b[..., 1], b[..., 2]
    first = ay * bz - az * by
    out = np.empty((*first.shape, 3))
    out[..., 0], out[..., 1], out[..., 2] = first, az * bx - ax * bz, ax * by - ay * bx
    return out


def distances_m(origin: LonLat, lons_deg: Floats, lats_deg: Floats) -> Floats:
    """Geodesic distances from one point to many, metres; shape of the input."""
    return geodesy.distances_m(origin[0], origin[1], lons_deg, lats_deg)


def unit_vectors(points: Sequence[LonLat] | Floats) -> Floats:
    """Unit vectors, shape (n, 3), of (lon, lat) in degrees."""
    lon, lat = np.asarray(points, dtype=np.float64).reshape(-1, 2).T
    return geodesy.unit_vectors(lon, lat)


def opposite(start: LonLat, end: LonLat) -> bool:
    """Whether two places lie so nearly opposite each other, within a degree, that no one way is the direct one."""
    here, there = unit_vectors([start, end])
    return float(here @ there) < OPPOSITE


def lon_lats(vectors: Floats) -> Floats:
    """(lon, lat) in degrees, shape (n, 2), of vectors of any length but zero. The inverse of `unit_vectors`."""
    x, y, z = vectors.T
    degrees = np.degrees(np.stack([np.arctan2(y, x), np.arctan2(z, np.hypot(x, y))], axis=-1))
    return np.asarray(degrees, dtype=np.float64)


def along_great_circles(path: Sequence[LonLat]) -> tuple[LonLat, ...]:
    """The path with points set at most 250 km apart on its great circles, so that its geodesics keep to them."""
    points = unit_vectors(path)
    followed = [path[0]]
    for begin, end, there in zip(points[:-1], points[1:], path[1:], strict=True):
        arc = float(np.arctan2(np.linalg.norm(cross(begin, end)), begin @ end))
        count = max(1, int(np.ceil(arc * geodesy.EARTH_RADIUS_M / PIECE_M)))
        share = np.arange(1, count)[:, None] / count
        middle = lon_lats(np.sin((1.0 - share) * arc) * begin + np.sin(share * arc) * end)
        followed += [(float(lon), float(lat)) for lon, lat in middle]
        followed.append(there)
    return tuple(followed)


def tangents(vector: Floats) -> tuple[Floats, Floats]:
    """Two unit vectors that make a right-handed frame with the given one: any frame, the poles included."""
    x, y, z = vector.tolist()  # plain numbers: a search asks for thousands of frames
    if abs(z) < 0.9:
        size = math.hypot(x, y)
        right = (-y / size, x / size, 0.0)
    else:
        size = math.hypot(y, z)
        right = (0.0, -z / size, y / size)
    up = (y * right[2] - z * right[1], z * right[0] - x * right[2], x * right[1] - y * right[0])
    return np.array(right), np.array(up)


@dataclass(frozen=True, slots=True, eq=False)
class Chart:
    """
    A gnomonic chart: great circles are straight lines. It shows less than the half globe around its centre.

    Args:
        centre: Unit vector.

        right: Unit vector of the chart's first axis.

        up: Unit vector of the chart's second axis.

        radius_rad: Distance from the centre within which it is used.
    """

    centre: Floats
    right: Floats
    up: Floats
    radius_rad: float

    def flat(self, vectors: Floats) -> Floats:
        """Plane coordinates, shape (n, 2), in Earth radii at the centre; not finite beyond the horizon."""
        depth = vectors @ self.centre
        with np.errstate(divide="ignore", invalid="ignore"):
            depth = np.where(depth > 1e-9, depth, np.nan)
            return np.stack([vectors @ self.right / depth, vectors @ self.up / depth], axis=-1)

    def lifted(self, flat: Floats) -> Floats:
        """Unit vectors, shape (n, 3), of plane coordinates."""
        vectors = self.centre + flat[:, :1] * self.right + flat[:, 1:2] * self.up
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float64)

    def width(self, metres: float) -> float:
        """
        A width on the chart that is everywhere at least so many metres, and at most 1 / cos^2(radius) times as many.
        """
        return float(metres / geodesy.EARTH_RADIUS_M / np.cos(self.radius_rad) ** 2)


def chart_around(vectors: Floats, *, where: str = "") -> Chart:
    """
    The chart centred in (nearly) the smallest cap around the points.

    Raises:
        OutOfDomain: They do not fit in a cap of 80 degrees; the place to cut such an area is the caller's to choose.
    """
    centre = vectors.mean(axis=0)
    if np.linalg.norm(centre) < 1e-6:
        centre = vectors[0]
    centre = centre / np.linalg.norm(centre)
    # Badoiu and Clarkson 2003: step towards the farthest point, ever less; only wide areas need it.
    for step in range(2, 200 if (vectors @ centre).min() < np.cos(np.radians(30.0)) else 2):
        centre = centre + (vectors[int(np.argmin(vectors @ centre))] - centre) / step
        centre = centre / np.linalg.norm(centre)
    radius_rad = float(np.arccos(np.clip((vectors @ centre).min(), -1.0, 1.0)))
    if radius_rad > np.radians(WIDEST_CAP_DEG):
        raise OutOfDomain(
            "the ring is too wide to tell its inside",
            where=where,
            expected=f"a ring within {WIDEST_CAP_DEG:.0f} degrees of one point",
            got=f"{np.degrees(radius_rad):.1f} degrees",
        )
    right, up = tangents(centre)
    return Chart(centre, right, up, radius_rad)
