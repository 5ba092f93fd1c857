"""
The airspace of every state: its land and 12 NM of territorial sea (Chicago Convention, articles 1 and 2).

The world's airspaces are data (data/borders, with provenance); a case may bring its own. Units whose code begins with
``??:`` are attributed to no state: no state's clearance opens them. Antarctica and the high seas are nobody's.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from safeconduct.earth.geodesy import EARTH_RADIUS_M, unit_vectors
from safeconduct.model.errors import Corrupt, InvalidInput, OutOfDomain
from safeconduct.model.space import Airspace, LonLat, Polygon, Ring, lon_lat

UNATTRIBUTED = "??:"
"""Beginning of the code of an area that the source attributes to no state."""

_DATA = "borders/airspace.npz"

_LEAST_COSINE = 1e-6
"""A ring must lie within the hemisphere around its middle for its smaller side to be plain."""

Floats = NDArray[np.float64]
Integers = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Box:
    """Bounds in degrees; longitudes run eastward from *west*, and *east* may pass 180."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True, slots=True, eq=False)
class _World:
    """The packaged file as arrays: parts belong to units, rings to parts; corners follow each other ring by ring."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    part_unit: Integers
    part_box: Floats
    ring_part: Integers
    ring_start: Integers
    corners: Floats

    def rings(self, part: int) -> list[Floats]:
        first, last = np.searchsorted(self.ring_part, [part, part + 1])
        return [self.corners[self.ring_start[r] : self.ring_start[r + 1]] for r in range(first, last)]

    def polygon(self, part: int) -> Polygon:
        shell, *holes = (tuple(map(tuple, ring.tolist())) for ring in self.rings(part))
        return Polygon(shell, tuple(holes))


@cache
def _world() -> _World:
    path = resources.files("safeconduct").joinpath("data", _DATA)
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as raw:
            grid_deg = float(raw["grid_deg"])
            deltas = np.stack([raw["lon_delta"], raw["lat_delta"]], axis=1)
            return _World(
                codes=tuple(raw["codes"].tolist()),
                names=tuple(raw["names"].tolist()),
                part_unit=raw["part_unit"],
                part_box=raw["part_box"] * grid_deg,
                ring_part=raw["ring_part"],
                ring_start=np.concatenate([[0], np.cumsum(raw["ring_size"])]).astype(np.int32),
                corners=np.round(np.cumsum(deltas, axis=0) * grid_deg, 9),
            )
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as fault:
        raise Corrupt("the packaged borders cannot be read", where=f"data/{_DATA}", got=str(fault)) from None


@cache
def _world_airspace(code: str) -> Airspace:
    world = _world()
    parts = np.flatnonzero(world.part_unit == world.codes.index(code))
    return Airspace(code, tuple(world.polygon(int(part)) for part in parts))


def codes() -> tuple[str, ...]:
    """Every code the world's airspaces go by, sorted: ISO 3166-1 alpha-2, XK, and those of unattributed areas."""
    return _world().codes


def name_of(code: str) -> str:
    """
    The English short name that goes with a code.

    Raises:
        InvalidInput: No airspace goes by that code.
    """
    return _world().names[_world().codes.index(_known(code))]


def is_attributed(code: str) -> bool:
    """Whether the code is one that some authority can grant clearances for."""
    return not code.startswith(UNATTRIBUTED)


def airspaces(codes: Iterable[str]) -> tuple[Airspace, ...]:
    """
    Airspaces of the world by code, in the order asked; none for no codes.

    Parts are cut at the antimeridian, where two of one state share an edge.

    Raises:
        InvalidInput: No airspace goes by one of the codes.
    """
    return Skies().airspaces(codes)


def states_at(position: LonLat) -> frozenset[str]:
    """
    Codes of the airspaces the position lies in; the border counts as inside. Empty over the high seas.

    The file's error is about 1-2 km (data/borders/PROVENANCE.md).

    Raises:
        InvalidInput: A coordinate is not finite or out of range.
    """
    return Skies().at(position)


def states_near(points: Sequence[LonLat], margin_km: float) -> tuple[str, ...]:
    """
    Codes, sorted, of the airspaces that may come within *margin_km* of the box around the points.

    A test of bounding boxes: it may name a state too many, never one too few. No points: no states.

    Raises:
        InvalidInput: A coordinate or the margin is not finite or out of range.
    """
    return Skies().near(points, margin_km)


@dataclass(frozen=True, slots=True)
class Skies:
    """
    The airspaces a case is judged by.

    Args:
        custom: Airspaces the case brings. One replaces the world's of the same code; XA-XZ are free for invention.

        world: Whether the world's airspaces count as well.
    """

    custom: tuple[Airspace, ...] = ()
    world: bool = True

    def at(self, position: LonLat) -> frozenset[str]:
        """
        Codes of the airspaces the position lies in; the border counts as inside.

        Raises:
            InvalidInput: A coordinate is not finite or out of range.
            OutOfDomain: A ring of the case's own does not fit within a hemisphere.
        """
        lon, lat = lon_lat(*position)
        found = {own.needs for own in self.custom if any(contains(p, (lon, lat)) for p in own.polygons)}
        if self.world:
            world, replaced = _world(), self._replaced()
            for part in np.flatnonzero(_overlaps(world.part_box, Box(lon, lat, lon, lat))):
                code = world.codes[world.part_unit[part]]
                if code not in found and code not in replaced and _within(world.rings(int(part)), (lon, lat)):
                    found.add(code)
        return frozenset(found)

    def near(self, points: Sequence[LonLat], margin_km: float) -> tuple[str, ...]:
        """
        Codes, sorted, of the airspaces that may come within *margin_km* of the box around the points.

        Raises:
            InvalidInput: A coordinate or the margin is not finite or out of range.
        """
        box = bounds(points, margin_km)
        if box is None:
            return ()
        found: set[str] = set()
        for own in self.custom:
            boxes = [bounds(polygon.shell, 0.0) for polygon in own.polygons]
            rows = np.array([[b.west, b.south, b.east, b.north] for b in boxes if b is not None]).reshape(-1, 4)
            if _overlaps(rows, box).any():
                found.add(own.needs)
        if self.world:
            world = _world()
            units = set(world.part_unit[_overlaps(world.part_box, box)].tolist())
            found |= {world.codes[unit] for unit in units} - self._replaced()
        return tuple(sorted(found))

    def airspaces(self, codes: Iterable[str]) -> tuple[Airspace, ...]:
        """
        Airspaces by code, in the order asked.

        Raises:
            InvalidInput: No airspace goes by one of the codes.
        """
        return tuple(self._airspace(code) for code in codes)

    def _airspace(self, code: str) -> Airspace:
        own = tuple(polygon for each in self.custom if each.needs == code for polygon in each.polygons)
        if own or code in self._replaced():
            return Airspace(code, own)
        if not self.world:
            expected = ", ".join(sorted(self._replaced())) or "nothing: the case has no airspaces"
            raise InvalidInput("no airspace goes by this code", expected=expected, got=code)
        return _world_airspace(_known(code))

    def _replaced(self) -> frozenset[str]:
        return frozenset(own.needs for own in self.custom)


def contains(polygon: Polygon, position: LonLat) -> bool:
    """
    Whether a position lies in a polygon of great-circle edges; its border counts as inside.

    Edges are those of the sphere: beside the geodesics of WGS 84 they are off by less than 0.2 % of their length.

    Raises:
        InvalidInput: A coordinate is not finite or out of range, or a ring has fewer than three corners.
        OutOfDomain: A ring does not fit within a hemisphere.
    """
    rings = []
    for ring in (polygon.shell, *polygon.holes):
        if len(ring) < 3:
            raise InvalidInput("not a ring", expected="at least three corners", got=f"{len(ring)}")
        rings.append(np.array([lon_lat(*corner) for corner in ring]))
    return _within(rings, lon_lat(*position))


def bounds(points: Sequence[LonLat] | Ring, margin_km: float) -> Box | None:
    """
    The narrowest box around the points and the great circles between them, widened by a margin; None for no points.

    The box takes the side of the globe that leaves out the widest empty range of longitudes. Within the margin of a
    pole it spans all longitudes.

    Raises:
        InvalidInput: A coordinate or the margin is not finite or out of range.
    """
    if not (0.0 <= margin_km < float("inf")):
        raise InvalidInput("not a margin", expected="kilometres, 0 or more", got=str(margin_km))
    if not points:
        return None
    checked = np.array([lon_lat(*point) for point in points])
    margin_deg = float(np.degrees(margin_km * 1000.0 / EARTH_RADIUS_M)) * 1.01  # 1 %: sphere for ellipsoid
    lons = np.sort(np.mod(checked[:, 0], 360.0))  # repeats only make gaps of nothing
    gaps = np.diff(np.append(lons, lons[0] + 360.0))
    widest = int(np.argmax(gaps))
    west, width = float(lons[(widest + 1) % len(lons)]), float(360.0 - gaps[widest])
    south, north = _bulge(float(checked[:, 1].min()), float(checked[:, 1].max()), width)
    south, north = max(-90.0, south - margin_deg), min(90.0, north + margin_deg)
    steepest = max(abs(south), abs(north))
    reach = np.sin(np.radians(min(margin_deg, 90.0))) / max(1e-12, np.cos(np.radians(steepest - margin_deg)))
    if steepest >= 90.0 or reach >= 1.0 or width >= 180.0:
        return Box(-180.0, south, 180.0, north)
    side = float(np.degrees(np.arcsin(reach)))
    west = (west - side + 180.0) % 360.0 - 180.0
    return Box(west, south, west + min(360.0, width + 2 * side), north)


def _bulge(south: float, north: float, width_deg: float) -> tuple[float, float]:
    """Latitudes reached by great circles across *width_deg* of longitude: tan(top) = tan(lat) / cos(width / 2)."""
    if width_deg >= 180.0:
        return (-90.0 if south < 0.0 else south, 90.0 if north > 0.0 else north)
    flat = float(np.cos(np.radians(width_deg / 2)))
    top = float(np.degrees(np.arctan2(np.sin(np.radians(north)), np.cos(np.radians(north)) * flat)))
    low = float(np.degrees(np.arctan2(np.sin(np.radians(south)), np.cos(np.radians(south)) * flat)))
    return (min(south, low), max(north, top))


def _overlaps(boxes: Floats, box: Box) -> NDArray[np.bool_]:
    """Which rows (west, south, east, north) share a place with the box, whichever way round the globe."""
    west, south, east, north = boxes.T
    high = (south <= box.north) & (north >= box.south)
    slack = 1e-9
    starts_in = np.mod(west - box.west + slack, 360.0) <= box.east - box.west + 2 * slack
    begins_before = np.mod(box.west - west + slack, 360.0) <= east - west + 2 * slack
    return np.asarray(high & (starts_in | begins_before))


def _within(rings: list[Floats], position: LonLat) -> bool:
    """Inside or on the shell, and not strictly inside a hole."""
    if _side(rings[0], position) < 0:
        return False
    return all(_side(hole, position) <= 0 for hole in rings[1:])


def _side(ring: Floats, position: LonLat) -> int:
    """
    Side of a ring a position is on: 1 inside, 0 on the line, -1 outside.

    The directions from the position to the corners turn once around it when exactly one of the position and its
    antipode is inside; which of the two, the ring's hemisphere says.
    """
    corners = unit_vectors(ring[:, 0], ring[:, 1])
    middle = corners.mean(axis=0)
    length = float(np.linalg.norm(middle))
    if length == 0.0 or (corners @ middle / length).min() < _LEAST_COSINE:
        raise OutOfDomain("a ring too large", expected="one that fits within a hemisphere", got=f"{len(ring)} corners")
    here = unit_vectors(*position)
    if float(here @ middle) <= 0.0:
        return -1
    east = np.array([-np.sin(np.radians(position[0])), np.cos(np.radians(position[0])), 0.0])
    x, y = corners @ east, corners @ np.cross(here, east)
    near = (np.hypot(x, y) < 1e-12) & (corners @ here > 0)
    if near.any():
        return 0
    turns = np.angle(np.roll(x + 1j * y, -1) * np.conj(x + 1j * y))
    ahead = corners @ here
    on_edge = (np.abs(turns) > np.pi - 1e-9) & (ahead + np.roll(ahead, -1) > 0)
    if on_edge.any():
        return 0
    return 1 if abs(float(turns.sum())) > np.pi else -1


def _known(code: str) -> str:
    if code not in _world().codes:
        import difflib  # lazy: only on the way to an error

        near = difflib.get_close_matches(code.upper(), _world().codes, n=3, cutoff=0.4)
        expected = "an ISO 3166-1 alpha-2 code" + (f", such as {', '.join(near)}" if near else "")
        raise InvalidInput("no airspace goes by this code", expected=expected, got=code)
    return code
