"""Lines and areas for files: cut where they cross the antimeridian, and broken into dashes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from safeconduct.model.space import LonLat

DASHES = 12
"""Dashes to a stretch from one corner to the next."""


def unwrapped(points: Sequence[LonLat]) -> list[LonLat]:
    """The same line with longitudes that do not jump: each within 180 degrees of the one before."""
    out: list[LonLat] = []
    for lon, lat in points:
        turn = round((lon - out[-1][0]) / 360.0) if out else 0
        out.append((lon - 360.0 * turn, lat))
    return out


def cut_line(points: Sequence[LonLat]) -> list[list[LonLat]]:
    """
    The stretches of a line on either side of the antimeridian (RFC 7946, section 3.1.9).

    >>> cut_line([(179.0, 0.0), (-179.0, 2.0)])
    [[(179.0, 0.0), (180.0, 1.0)], [(-180.0, 1.0), (-179.0, 2.0)]]
    """
    parts: list[list[LonLat]] = []
    side: int | None = None
    for start, end in pairwise(unwrapped(points)):
        stops = [start, *_crossed(start, end), end]
        for a, b in pairwise(stops):
            # The middle of a stretch says on which turn of the globe it lies; its ends may be on the seam itself.
            turn = math.floor(((a[0] + b[0]) / 2.0 + 180.0) / 360.0)
            if turn != side:
                parts.append([(a[0] - 360.0 * turn, a[1])])
                side = turn
            parts[-1].append((b[0] - 360.0 * turn, b[1]))
    return parts


def _crossed(start: LonLat, end: LonLat) -> list[LonLat]:
    """Where a stretch crosses 180 degrees, or 180 and whole turns, between its ends."""
    low, high = min(start[0], end[0]), max(start[0], end[0])
    first = math.floor((low - 180.0) / 360.0) + 1
    seams = [180.0 + 360.0 * k for k in range(first, first + 2) if low < 180.0 + 360.0 * k < high]
    places = [(seam, start[1] + (seam - start[0]) / (end[0] - start[0]) * (end[1] - start[1])) for seam in seams]
    return places if end[0] > start[0] else places[::-1]


def _home(lon: float) -> float:
    return lon if -180.0 <= lon <= 180.0 else (lon + 180.0) % 360.0 - 180.0


def cut_area(ring: Sequence[LonLat]) -> list[list[LonLat]]:
    """
    The parts of a convex area on either side of the antimeridian, each closed and counter-clockwise (RFC 7946).

    Args:
        ring: Corners, the first repeated or not.
    """
    open_ring = list(ring[:-1]) if ring[0] == ring[-1] else list(ring)
    flat = unwrapped(open_ring)
    west = min(p[0] for p in flat)
    shift = 360.0 * math.floor((west + 180.0) / 360.0)
    flat = [(lon - shift, lat) for lon, lat in flat]
    parts = [_half(flat, left=True), [(lon - 360.0, lat) for lon, lat in _half(flat, left=False)]]
    return [_closed(part) for part in parts if len(part) > 2]


def _half(ring: list[LonLat], *, left: bool) -> list[LonLat]:
    """What lies on one side of 180 degrees (Sutherland and Hodgman, 1974, one edge)."""
    sign = 1.0 if left else -1.0
    out: list[LonLat] = []
    for a, b in zip(ring, [*ring[1:], ring[0]], strict=True):
        inside_a, inside_b = sign * (180.0 - a[0]) >= 0.0, sign * (180.0 - b[0]) >= 0.0
        if inside_a:
            out.append(a)
        if inside_a != inside_b and a[0] != 180.0 and b[0] != 180.0:
            share = (180.0 - a[0]) / (b[0] - a[0])
            out.append((180.0, a[1] + share * (b[1] - a[1])))
    kept = [p for k, p in enumerate(out) if k == 0 or p != out[k - 1]]
    return kept if any(p[0] != 180.0 for p in kept) else []


def _closed(ring: list[LonLat]) -> list[LonLat]:
    twice = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True))
    wound = ring if twice >= 0.0 else ring[::-1]
    return [*wound, wound[0]]


def dashes(points: Sequence[LonLat]) -> list[list[LonLat]]:
    """A line as dashes with gaps of the same length, so that no program draws or flies it as one."""
    out: list[list[LonLat]] = []
    flat = unwrapped(points)
    for a, b in pairwise(flat):
        for k in range(DASHES):
            first, last = (2 * k) / (2 * DASHES - 1), (2 * k + 1) / (2 * DASHES - 1)
            ends = [(a[0] + s * (b[0] - a[0]), a[1] + s * (b[1] - a[1])) for s in (first, last)]
            out += cut_line([(_home(lon), lat) for lon, lat in ends])
    return out
