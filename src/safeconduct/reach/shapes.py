"""One polygon of an airspace, checked and laid flat: its true rings, its sealed rings and the corners to turn at."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from safeconduct.earth.geodesy import EARTH_RADIUS_M, densify
from safeconduct.model.errors import InvalidInput
from safeconduct.model.space import Polygon, Ring
from safeconduct.reach.plane import PIECE_M, Chart, Floats, chart_around, lon_lats, unit_vectors

SAME_POINT_RAD = 1e-10  # corners nearer than 0.6 mm are one corner
SHORT = math.cos(0.99 * PIECE_M / EARTH_RADIUS_M)  # the flattening adds at most 0.6 %: no such edge is a long one
MITRE_LIMIT = 2.0  # corners sharper than 60 degrees are cut at twice the offset: the path round them stays short


@dataclass(frozen=True, slots=True, eq=False)
class Rings:
    """
    Closed rings of great-circle edges.

    Args:
        points: Unit vectors, shape (n, 3).

        following: For each point the index of the next one on its ring, shape (n,).
    """

    points: Floats
    following: np.ndarray[Any, np.dtype[np.intp]]


@dataclass(frozen=True, slots=True, eq=False)
class Corners:
    """
    The convex corners round which a shortest path outside may turn.

    Args:
        points: Unit vectors, shape (n, 3), a little outside.

        before: The ring's previous corners, shape (n, 3).

        after: The ring's next corners, shape (n, 3).
    """

    points: Floats
    before: Floats
    after: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """
    A polygon as it is.

    Args:
        chart: The chart it is flat on.

        region: Its area on the chart (shapely).

        rings: Its edges.
    """

    chart: Chart
    region: Any
    rings: Rings

    def contains(self, vectors: Floats) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Whether each point, shape (n, 3), lies inside; the edge itself does not."""
        return contains(self.chart, self.region, vectors)


@dataclass(frozen=True, slots=True, eq=False)
class Sealed:
    """
    A polygon widened a little, so that a crack between neighbours drawn differently is no way.

    Args:
        chart: The chart it is flat on.

        region: Its widened area on the chart (shapely).

        rings: The widened edges: a path that meets them needs the permission.

        corners: Where paths turn: the corners of the polygon widened twice as much.
    """

    chart: Chart
    region: Any
    rings: Rings
    corners: Corners

    def contains(self, vectors: Floats) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Whether each point, shape (n, 3), lies inside the widened polygon."""
        return contains(self.chart, self.region, vectors)


def contains(chart: Chart, region: Any, vectors: Floats) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Whether each point, shape (n, 3), lies inside a region of a chart; what the chart does not show does not."""
    import shapely  # lazy: nobody flies until a route is asked for

    inside = np.zeros(len(vectors), dtype=np.bool_)
    near = np.flatnonzero(vectors @ chart.centre > math.cos(min(chart.radius_rad + 0.01, 1.55)))
    if len(near):
        flat = chart.flat(vectors[near])
        inside[near] = shapely.contains_xy(region, flat[:, 0], flat[:, 1])
    return inside


@functools.lru_cache(maxsize=4096)
def shape_of(polygon: Polygon, where: str) -> Shape:
    """
    Check a polygon and lay it flat.

    Args:
        polygon: Corners in degrees. Its inside is the smaller side; it may hold a pole or cross the antimeridian.

        where: Its name in an error.

    Raises:
        InvalidInput: A corner is not a position, a ring has fewer than three different corners or crosses itself.

        OutOfDomain: The ring is wider than a cap of 80 degrees.
    """
    import shapely  # lazy: nobody flies until a route is asked for

    shell = _followed(_distinct(polygon.shell, where))
    chart = chart_around(shell, where=where)
    region = _area(chart, shell, where)
    named = ((f"{where} hole {number}", hole) for number, hole in enumerate(polygon.holes))
    holes = [_area(chart, _followed(_distinct(hole, name)), name) for name, hole in named]
    if holes:
        region = region.difference(shapely.union_all(holes))
    shapely.prepare(region)
    return Shape(chart, region, _rings(chart, region))


@functools.lru_cache(maxsize=4096)
def sealed(polygon: Polygon, where: str, seal_m: float) -> Sealed:
    """
    A polygon widened by `seal_m`, and the corners of the same widened by twice that.

    On a chart wider than a few degrees the width grows towards the centre, to at most 1 / cos^2 of the radius.

    Raises:
        InvalidInput: As `shape_of`.
    """
    import shapely  # lazy: nobody flies until a route is asked for

    shape = shape_of(polygon, where)
    width = shape.chart.width(seal_m)
    region, outer = (
        shape.region.buffer(times * width, join_style="mitre", mitre_limit=MITRE_LIMIT) for times in (1.0, 2.0)
    )
    shapely.prepare(region)
    return Sealed(shape.chart, region, _rings(shape.chart, region), _corners(shape.chart, outer))


def _distinct(ring: Ring, where: str) -> Floats:
    """Unit vectors of the corners without repeats and without spikes (a map that ends at a pole has one there)."""
    array = np.asarray(ring, dtype=np.float64).reshape(-1, 2)
    good = np.isfinite(array).all(axis=1) & (np.abs(array[:, 0]) <= 180.0) & (np.abs(array[:, 1]) <= 90.0)
    if not good.all():
        corner = int(np.flatnonzero(~good)[0])
        raise InvalidInput(
            "a corner is not a position",
            where=f"{where} corner {corner}",
            expected="longitude in [-180, 180], latitude in [-90, 90]",
            got=str(tuple(array[corner])),
        )
    vectors = unit_vectors(array)
    kept = _kept(vectors)
    if len(kept) < 3:
        raise InvalidInput(
            "a ring encloses nothing",
            where=where,
            expected="at least three different corners",
            got=f"{len(kept)} different corners",
        )
    return vectors[kept]


def _kept(vectors: Floats) -> list[int]:
    """Indices of the corners that stay: no repeat of the last one kept, and no way back to the one before it."""
    if not (_same(vectors, np.roll(vectors, 1, axis=0)) | _same(vectors, np.roll(vectors, 2, axis=0))).any():
        return list(range(len(vectors)))
    kept: list[int] = []
    for index in range(len(vectors)):
        if kept and _same(vectors[kept[-1]], vectors[index]):
            continue
        if len(kept) >= 2 and _same(vectors[kept[-2]], vectors[index]):
            kept.pop()
            continue
        kept.append(index)
    while len(kept) > 1 and _same(vectors[kept[0]], vectors[kept[-1]]):
        kept.pop()
    return kept


def _followed(ring: Floats) -> Floats:
    """The ring with points set along its long edges, so that its great circles keep to the geodesics of WGS 84."""
    onward = np.roll(ring, -1, axis=0)
    nearness = np.einsum("ij,ij->i", ring, onward)
    if nearness.min() > math.cos(PIECE_M / EARTH_RADIUS_M):
        return ring
    places = [(float(lon), float(lat)) for lon, lat in lon_lats(ring)]
    edges = zip(places, [*places[1:], places[0]], (nearness < SHORT).tolist(), strict=True)
    return unit_vectors(
        [point for here, there, long in edges for point in (densify(here, there, PIECE_M)[:-1] if long else [here])]
    )


def _same(first: Floats, second: Floats) -> Any:
    """Whether points of the last axis are one corner."""
    return np.abs(first - second).max(axis=-1) < SAME_POINT_RAD


def _area(chart: Chart, ring: Floats, where: str) -> Any:
    """The flat area within a ring. A ring that only touches itself is taken apart; one that crosses itself is wrong."""
    import shapely  # lazy: nobody flies until a route is asked for

    flat = chart.flat(ring)
    if not np.isfinite(flat).all():
        raise InvalidInput("a hole lies outside its shell", where=where, expected="a hole within the shell", got="")
    area = shapely.Polygon(flat)
    if area.is_valid:
        return area
    reason = str(shapely.is_valid_reason(area))
    if reason.startswith("Ring Self-intersection"):
        return shapely.make_valid(area)
    place = ""
    if "[" in reason:
        spot = np.array([[float(number) for number in reason.split("[")[1].rstrip("]").split()[:2]]])
        lon, lat = lon_lats(chart.lifted(spot))[0]
        place = f" near ({lon:.4f}, {lat:.4f})"
    raise InvalidInput(
        "a ring crosses itself" if place else "a ring encloses nothing",
        where=where,
        expected="a ring whose edges meet only at its corners",
        got=f"{reason.split('[', maxsplit=1)[0].lower()}{place}",
    )


def _loops(region: Any) -> list[Floats]:
    """The rings of a flat area, its inside to the left of each."""
    from shapely.geometry.polygon import orient  # lazy: as above

    parts = [part for part in getattr(region, "geoms", [region]) if part.geom_type == "Polygon" and not part.is_empty]
    loops = []
    for part in parts:
        turned = orient(part, 1.0)
        loops += [np.asarray(line.coords)[:-1, :2] for line in (turned.exterior, *turned.interiors)]
    return loops


def _rings(chart: Chart, region: Any) -> Rings:
    loops = _loops(region)
    starts = np.cumsum([0, *(len(loop) for loop in loops)])
    following = [
        np.roll(np.arange(start, start + len(loop)), -1) for start, loop in zip(starts[:-1], loops, strict=True)
    ]
    points = chart.lifted(np.concatenate(loops)) if loops else np.empty((0, 3))
    return Rings(points, np.concatenate(following) if loops else np.empty(0, dtype=np.intp))


def _corners(chart: Chart, region: Any) -> Corners:
    found: list[tuple[Floats, Floats, Floats]] = []
    for loop in _loops(region):
        before, after = np.roll(loop, 1, axis=0), np.roll(loop, -1, axis=0)
        into, out = loop - before, after - loop
        convex = into[:, 0] * out[:, 1] - into[:, 1] * out[:, 0] > 0.0  # inside to the left: a left turn sticks out
        found.append((loop[convex], before[convex], after[convex]))
    if not found:
        nothing = np.empty((0, 3))
        return Corners(nothing, nothing, nothing)
    points, before, after = (chart.lifted(np.concatenate(column)) for column in zip(*found, strict=True))
    return Corners(points, before, after)
