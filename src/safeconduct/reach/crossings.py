"""Where along a path each airspace is entered and left, on the true borders."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from safeconduct.earth.geodesy import EARTH_RADIUS_M, densify, distance_m
from safeconduct.model.space import LonLat
from safeconduct.reach.plane import PIECE_M, Floats, cross, unit_vectors
from safeconduct.reach.shapes import Shape

TOUCH_M = 1.0  # a shorter stay is a touch, not a crossing


@dataclass(frozen=True, slots=True)
class Crossing:
    """
    One stay of a path in one airspace.

    Args:
        needs: The airspace's permission.

        enter_m: Distance along the path where the stay begins.

        leave_m: Distance along the path where it ends.
    """

    needs: str
    enter_m: float
    leave_m: float


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """
    A piece of a path, short enough to be a great circle.

    Args:
        begin: Unit vector of its first point.

        end: Unit vector of its last point.

        from_m: Distance along the path of the first.

        length_m: Its length.
    """

    begin: Floats
    end: Floats
    from_m: float
    length_m: float


def path_length_m(path: Sequence[LonLat]) -> float:
    """Length of a path of geodesic legs on WGS 84."""
    return sum(distance_m(here, there) for here, there in pairwise(path))


def crossings(path: Sequence[LonLat], shapes: Sequence[tuple[str, Shape]]) -> tuple[Crossing, ...]:
    """
    The stays of a path in the given airspaces, in the order of entering.

    Args:
        path: Points joined by geodesic legs.

        shapes: Polygons, each with its airspace's permission.

    Returns:
        Stays of at least a metre; parts of one airspace that overlap or adjoin make one stay. A path of no length
        has a stay of no length in each airspace around it.
    """
    pieces = _pieces(path)
    total_m = pieces[-1].from_m + pieces[-1].length_m if pieces else 0.0
    by_name: dict[str, list[Shape]] = {}
    for needs, shape in shapes:
        by_name.setdefault(needs, []).append(shape)
    found = []
    for needs, parts in by_name.items():
        if total_m == 0.0:
            if any(part.contains(unit_vectors(path[:1]))[0] for part in parts):
                found.append(Crossing(needs, 0.0, 0.0))
            continue
        found += [Crossing(needs, enter, leave) for enter, leave in _stays(pieces, parts, total_m)]
    return tuple(sorted(found, key=lambda stay: (stay.enter_m, stay.leave_m, stay.needs)))


def _stays(pieces: list[Piece], parts: list[Shape], total_m: float) -> list[tuple[float, float]]:
    cuts = {0.0, total_m}
    begins = np.array([piece.begin for piece in pieces])
    for part in parts:
        reach = part.chart.radius_rad + 1.02 * PIECE_M / EARTH_RADIUS_M  # 2 %: sphere for ellipsoid
        near = np.flatnonzero(begins @ part.chart.centre > math.cos(min(reach, math.pi)))
        for index in near.tolist():
            cuts.update(_cuts(pieces[index], part))
    marks = sorted(cuts)
    middles = np.array([(enter + leave) / 2.0 for enter, leave in pairwise(marks)])
    between = _points_at(pieces, middles)
    inside = functools.reduce(np.logical_or, (part.contains(between) for part in parts))
    stays: list[tuple[float, float]] = []
    for (enter, leave), within in zip(pairwise(marks), inside, strict=True):
        if within and stays and enter - stays[-1][1] < TOUCH_M:
            stays[-1] = (stays[-1][0], leave)
        elif within:
            stays.append((enter, leave))
    return [(enter, leave) for enter, leave in stays if leave - enter >= min(TOUCH_M, total_m / 2.0)]


def _cuts(piece: Piece, part: Shape) -> list[float]:
    """Distances along the path at which a piece meets a polygon's true edges."""
    points = part.rings.points
    across = cross(piece.begin, piece.end)
    side = points @ across
    split = np.flatnonzero((side > 0.0) != (side[part.rings.following] > 0.0))
    if not split.size:
        return []
    begins, ends = points[split], points[part.rings.following[split]]
    meet = cross(across, cross(begins, ends))
    meet *= np.sign(np.einsum("ij,ij->i", meet, begins + ends))[:, None]
    width = float(np.linalg.norm(across))
    along = np.arctan2(cross(piece.begin, meet) @ across, (meet @ piece.begin) * width)
    share = along / math.asin(min(1.0, width))
    on_piece = (share >= 0.0) & (share <= 1.0)
    return [float(cut) for cut in piece.from_m + share[on_piece] * piece.length_m]


def _points_at(pieces: list[Piece], at_m: Floats) -> Floats:
    """Unit vectors at distances along the path."""
    begins = np.array([piece.from_m for piece in pieces])
    which = np.clip(np.searchsorted(begins, at_m, side="right") - 1, 0, len(pieces) - 1)
    rows = []
    for index, distance in zip(which, at_m, strict=True):
        piece = pieces[index]
        share = (distance - piece.from_m) / piece.length_m
        # On 250 km the chord's share and the arc's differ by less than 10 m, and the point is only asked for its side.
        rows.append((1.0 - share) * piece.begin + share * piece.end)
    points = np.array(rows).reshape(-1, 3)
    return np.asarray(points / np.linalg.norm(points, axis=1, keepdims=True), dtype=np.float64)


def _pieces(path: Sequence[LonLat]) -> list[Piece]:
    pieces: list[Piece] = []
    from_m = 0.0
    for here, there in pairwise(path):
        length = distance_m(here, there)
        if length == 0.0:
            continue
        points = unit_vectors(densify(here, there, PIECE_M))
        count = len(points) - 1
        for begin, end in pairwise(points):
            pieces.append(Piece(begin, end, from_m, length / count))
            from_m += length / count
    return pieces
