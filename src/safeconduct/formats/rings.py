"""Whether a ring on the globe meets itself, decided on the sphere, so that no meridian and no pole is special."""

from __future__ import annotations

import math
from typing import TypeAlias

from safeconduct.model.space import Ring

CORNERS_LIMIT = 5000
"""More corners than any border that is written by hand; the check grows with their square at worst."""

TOUCH = 1e-9
"""Corners nearer than this to an edge lie on it: radians on the unit sphere, about 6 mm."""

Vector: TypeAlias = tuple[float, float, float]


def crossing(ring: Ring) -> tuple[int, int] | None:
    """
    Find two edges that meet elsewhere than at the corner they share.

    Edges are great circles here; geodesics of the ellipsoid differ from them by less than 0.2 % of their length, so a
    ring that all but touches itself may be judged either way.

    Args:
        ring: At least three corners, not closed.

    Returns:
        Indexes of the first corners of two such edges, the smaller first, or None. A corner that is visited twice, an
        edge of no length and a spike that runs back on itself count as meeting.
    """
    corners = [_vector(lon, lat) for lon, lat in ring]
    n = len(corners)
    seen: dict[tuple[float, float], int] = {}
    for index, (lon, lat) in enumerate(ring):
        key = (0.0 if abs(lat) == 90.0 else lon % 360.0, lat)
        if key in seen:
            return seen[key], index
        seen[key] = index
    reach = [_reach(corners[k], corners[(k + 1) % n]) for k in range(n)]
    order = sorted(range(n), key=lambda k: reach[k][0])
    worst: tuple[int, int] | None = None
    for place, k in enumerate(order):
        for j in order[place + 1 :]:
            if reach[j][0] > reach[k][1]:
                break
            pair = (min(j, k), max(j, k))
            if (worst is None or pair < worst) and _meet(corners, *pair):
                worst = pair
    return worst


def _vector(lon_deg: float, lat_deg: float) -> Vector:
    lon, lat = math.radians(lon_deg), math.radians(lat_deg)
    return math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)


def _cross(a: Vector, b: Vector) -> Vector:
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


def _dot(a: Vector, b: Vector) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def _reach(a: Vector, b: Vector) -> tuple[float, float]:
    """Range of the third coordinate along an edge, widened by the height of the arc over its chord."""
    half_chord = math.sqrt(max(0.0, (1.0 - _dot(a, b)) / 2.0))
    sagitta = 1.0 - math.sqrt(max(0.0, 1.0 - half_chord * half_chord)) + TOUCH
    return min(a[2], b[2]) - sagitta, max(a[2], b[2]) + sagitta


def _meet(corners: list[Vector], j: int, k: int) -> bool:
    n = len(corners)
    a, b, c, d = corners[j], corners[(j + 1) % n], corners[k], corners[(k + 1) % n]
    if (j + 1) % n == k:  # b is c: they may only meet there
        return _on(d, a, b) or _on(a, c, d)
    if (k + 1) % n == j:  # d is a
        return _on(c, a, b) or _on(b, c, d)
    if _on(a, c, d) or _on(b, c, d) or _on(c, a, b) or _on(d, a, b):
        return True
    ab, cd = _cross(a, b), _cross(c, d)
    signs = (-_dot(ab, c), _dot(ab, d), -_dot(cd, b), _dot(cd, a))
    return all(s > 0 for s in signs) or all(s < 0 for s in signs)


def _on(p: Vector, a: Vector, b: Vector) -> bool:
    """Whether *p* lies on the edge from *a* to *b*, both of which it differs from."""
    normal = _cross(a, b)
    size = math.sqrt(_dot(normal, normal))
    if size < 1e-15 or abs(_dot(normal, p)) > TOUCH * size:
        return False
    return _dot(_cross(normal, a), p) > 0.0 and _dot(_cross(b, normal), p) > 0.0
