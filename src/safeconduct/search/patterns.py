"""
Search patterns on a plane: parallel track, creeping line, expanding square, sector, track line.

Shapes after IAMSAR volume II, chapter 5, as the reference repeats them (search, section 6): the first leg half a
spacing inside the edge, legs along the long axis, turns outside of the area; the square's legs S, S, 2S, 2S and so on;
the sector search's three triangles of nine radii. The frame is the sector's own: x along its long side, y along the
short one, kilometres from its middle.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from safeconduct.model.errors import OutOfDomain
from safeconduct.search.grid import Array
from safeconduct.search.turns import room_km, u_turn, u_turn_km

PARALLEL, CREEPING, SQUARE, SECTOR, TRACK, CONTOUR = "parallel", "creeping", "square", "sector", "track", "contour"
PATTERNS = (PARALLEL, CREEPING, SQUARE, SECTOR, TRACK, CONTOUR)
NAMES = {
    PARALLEL: "parallel track (PS)",
    CREEPING: "creeping line (CS)",
    SQUARE: "expanding square (SS)",
    SECTOR: "sector search (VS)",
    TRACK: "track line (TS)",
    CONTOUR: "contour (OS)",
}

TOLERANCE = 0.05
"""Even legs fit when they leave at most this share of the effort over. They are never longer than it."""

MOST_LEGS = 2000


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """
    What one unit flies or walks.

    Args:
        kind: One of `PATTERNS`.

        legs: Start and end of each search leg, in order, shape (n, 2, 2).

        track: All of it with the turns, from the commence search point, shape (m, 2), m >= 2.

        legs_km: Length of the search legs together.

        turns_km: Length of the turns and cross legs between them.

        spacing_km: Between neighbouring legs.

        beyond_km: How far the track may leave the area it was fitted to.
    """

    kind: str
    legs: Array
    track: Array
    legs_km: float
    turns_km: float
    spacing_km: float
    beyond_km: float

    @property
    def total_km(self) -> float:
        """Whole length."""
        return self.legs_km + self.turns_km


def sweep(length_km: float, width_km: float, effort_km: float, radius_km: float, *, across: bool = False) -> Pattern:
    """
    Even legs over a rectangle, in all as long as the effort allows, turns included.

    The number of legs is the most that fits; their ends draw in by at most half a spacing, which is where IAMSAR puts
    the commence search point, until the length is that of the effort. Legs nearer to each other than a turn is wide are
    not flown one after the other. With *across* the legs run along the short side (creeping line). Effort for less than
    one leg makes one leg through the middle.

    Args:
        length_km: Long side, > 0.

        width_km: Short side, > 0.

        effort_km: Track length to be spent, > 0.

        radius_km: Of a turn; 0 on foot.

    Raises:
        OutOfDomain: A length is not above 0.
    """
    _checked(length_km, width_km, effort_km)
    along, beside = (width_km, length_km) if across else (length_km, width_km)
    count = 0
    while count < MOST_LEGS and _least(along, beside, count + 1, radius_km) <= effort_km:
        count += 1
    if count == 0:
        return _one_leg(length_km, effort_km)
    spacing = beside / count
    order, turns = _order(count, spacing, radius_km)
    inset = min(_most_inset(along, spacing), max(0.0, (count * along + turns - effort_km) / (2.0 * count)))
    half = along / 2.0 - inset
    offsets = (np.array(order) + 0.5) * spacing - beside / 2.0
    ways = np.where(np.arange(count) % 2 == 0, 1.0, -1.0)
    starts = np.column_stack([-ways * half, offsets])
    ends = np.column_stack([ways * half, offsets])
    track = [starts[0][None, :]]
    for i in range(count):
        track.append(ends[i][None, :])
        if i + 1 < count:
            ahead, over = np.array([ways[i], 0.0]), offsets[i + 1] - offsets[i]
            track.append(u_turn(ends[i], ahead, np.array([0.0, np.sign(over)]), abs(over), radius_km))
    rooms = [room_km(abs(over), radius_km) for over in np.unique(np.diff(offsets))] or [(0.0, 0.0)]
    far, side = (max(room[k] for room in rooms) for k in (0, 1))
    legs, way = np.stack([starts, ends], axis=1), np.vstack(track)
    if across:
        legs, way = legs[..., ::-1].copy(), way[:, ::-1].copy()
    beyond = max(0.0, far - inset, side - spacing / 2.0)
    return Pattern(CREEPING if across else PARALLEL, legs, way, count * 2.0 * half, turns, spacing, beyond)


def _most_inset(along: float, spacing: float) -> float:
    return min(spacing / 2.0, along / 4.0)


def _least(along: float, beside: float, count: int, radius_km: float) -> float:
    spacing = beside / count
    return count * (along - 2.0 * _most_inset(along, spacing)) + _order(count, spacing, radius_km)[1]


def _order(count: int, spacing_km: float, radius_km: float) -> tuple[tuple[int, ...], float]:
    """
    In which order to fly even legs so that the turns are shortest, and how long these are together.

    Where neighbours lie nearer than a turn is wide, every k-th leg is flown and those between on the way back.
    """
    widest = max(1, min((count + 1) // 2, math.ceil(2.0 * radius_km / spacing_km)))
    best: tuple[int, ...] = tuple(range(count))
    least = (count - 1) * u_turn_km(spacing_km, radius_km)
    for skip in range(2, widest + 1):
        order = tuple(_skipping(count, skip))
        jumps = [abs(b - a) for a, b in pairwise(order)]
        length = math.fsum(jumps.count(j) * u_turn_km(j * spacing_km, radius_km) for j in set(jumps))
        if length < least - 1e-9:
            best, least = order, length
    return best, least


def _skipping(count: int, skip: int) -> Iterator[int]:
    """0, k, 1, k + 1 and so on, in blocks of 2k; the last block is halved."""
    for first in range(0, count, 2 * skip):
        size = min(2 * skip, count - first)
        half = (size + 1) // 2
        for i in range(half):
            yield first + i
            if half + i < size:
                yield first + half + i


def _one_leg(length_km: float, effort_km: float) -> Pattern:
    half = min(length_km, effort_km) / 2.0
    leg = np.array([[-half, 0.0], [half, 0.0]])
    return Pattern(TRACK, leg[None, :, :], leg, 2.0 * half, 0.0, math.inf, 0.0)


def best_sweep(length_km: float, width_km: float, effort_km: float, radius_km: float) -> Pattern:
    """
    Legs along the long side; along the short one where the long ones leave more than the tolerance of the effort over
    and the short ones search more in spite of their turns.

    What is left over is always less than one leg more would take.
    """
    long = sweep(length_km, width_km, effort_km, radius_km)
    if effort_km - long.total_km <= TOLERANCE * effort_km:
        return long
    short = sweep(length_km, width_km, effort_km, radius_km, across=True)
    return short if short.legs_km > long.legs_km + 1e-9 else long


def square(side_km: float, effort_km: float, spacing_km: float) -> Pattern:
    """
    Expanding square about the middle: 2m legs are m (m + 1) S long.

    Args:
        side_km: Of the square it must stay in, > 0.

        effort_km: Track length to be spent, > 0; the last leg ends where it is spent.

        spacing_km: S, > 0.

    Raises:
        OutOfDomain: A length is not above 0.
    """
    _checked(side_km, side_km, effort_km)
    _checked(spacing_km, spacing_km, effort_km)
    points, left = [np.zeros(2)], effort_km
    heading = np.array([0.0, 1.0])
    for number in range(MOST_LEGS):
        whole = (number // 2 + 1) * spacing_km
        step = min(whole, left)
        ahead = points[-1] + heading * step
        if np.abs(ahead).max() > side_km / 2.0 + 1e-9:
            break
        points.append(ahead)
        left -= step
        if left <= 1e-9:
            break
        heading = np.array([heading[1], -heading[0]])
    if len(points) < 2:
        return _one_leg(side_km, effort_km)
    track = np.array(points)
    legs = np.stack([track[:-1], track[1:]], axis=1)
    return Pattern(SQUARE, legs, track, effort_km - left, 0.0, spacing_km, 0.0)


def sector(side_km: float, effort_km: float) -> Pattern:
    """
    Sector search: three triangles through the middle, nine radii; each further pass is turned by 30 degrees.

    The radius is the largest that the effort and the square allow; a pass that cannot be finished is not begun.

    Args:
        side_km: Of the square it must stay in, > 0.

        effort_km: Track length to be spent, > 0.

    Raises:
        OutOfDomain: A length is not above 0.
    """
    _checked(side_km, side_km, effort_km)
    passes = max(1, math.floor(effort_km / (9.0 * side_km / 2.0) + 1e-9))
    radius = min(side_km / 2.0, effort_km / (9.0 * passes))
    points = [np.zeros(2)]
    for turn in range(min(passes, 2)):
        for corner in (0.0, 240.0, 120.0):
            for bearing in (corner, corner + 60.0):
                angle = math.radians(bearing + 30.0 * turn)
                points.append(radius * np.array([math.sin(angle), math.cos(angle)]))
            points.append(np.zeros(2))
    track = np.array(points)
    legs = np.stack([track[:-1], track[1:]], axis=1)
    return Pattern(SECTOR, legs, track, 9.0 * radius * min(passes, 2), 0.0, radius, 0.0)


def track_line(route: Array, effort_km: float, spacing_km: float, radius_km: float) -> Pattern:
    """
    Along a route: out on one side and back on the other where the effort allows (TSR), else once along it (TSN).

    Args:
        route: Shape (n, 2), n >= 2.

        effort_km: Track length to be spent, > 0.

        spacing_km: Between the way out and the way back.

    Raises:
        OutOfDomain: No route, or a length that is not above 0.
    """
    if len(route) < 2:
        raise OutOfDomain("not a route", where="route", expected="at least two places", got=str(len(route)))
    _checked(effort_km, spacing_km, effort_km)
    turn = u_turn_km(spacing_km, radius_km)
    left, right = _beside(route, spacing_km / 2.0), _beside(route, -spacing_km / 2.0)[::-1]
    both = line_km(left) + turn + line_km(right)
    if both > effort_km:
        once = cut(route, effort_km)
        return Pattern(TRACK, np.stack([once[:-1], once[1:]], axis=1), once, line_km(once), 0.0, math.inf, 0.0)
    ahead = (left[-1] - left[-2]) / max(float(np.hypot(*(left[-1] - left[-2]))), 1e-12)
    aside = (right[0] - left[-1]) / max(float(np.hypot(*(right[0] - left[-1]))), 1e-12)
    bend = u_turn(left[-1], ahead, aside, spacing_km, radius_km)
    legs = [np.stack([part[:-1], part[1:]], axis=1) for part in (left, right)]
    far, side = room_km(spacing_km, radius_km)
    beyond = spacing_km + max(far, side)
    return Pattern(TRACK, np.vstack(legs), np.vstack([left, bend, right[1:]]), both - turn, turn, spacing_km, beyond)


def _beside(route: Array, offset: float) -> Array:
    """The route moved to one side; at a corner along the mean of the two normals."""
    steps = np.diff(route, axis=0)
    unit = steps / np.maximum(np.hypot(steps[:, 0], steps[:, 1]), 1e-12)[:, None]
    normal = np.column_stack([-unit[:, 1], unit[:, 0]])
    at = np.vstack([normal[:1], normal[:-1] + normal[1:], normal[-1:]])
    moved: Array = route + offset * at / np.maximum(np.hypot(at[:, 0], at[:, 1]), 1e-12)[:, None]
    return moved


def line_km(line: Array) -> float:
    return float(np.hypot(*np.diff(line, axis=0).T).sum())


def cut(line: Array, most_km: float) -> Array:
    """The first part of a line, at most that long."""
    steps = np.hypot(*np.diff(line, axis=0).T)
    reached = np.concatenate([[0.0], np.cumsum(steps)])
    if reached[-1] <= most_km:
        return line
    last = int(np.searchsorted(reached, most_km))
    share = (most_km - reached[last - 1]) / max(float(steps[last - 1]), 1e-12)
    end = line[last - 1] + share * (line[last] - line[last - 1])
    made: Array = np.vstack([line[:last], end])
    return made


def _checked(*lengths: float) -> None:
    for length in lengths:
        if not (math.isfinite(length) and length > 0.0):
            raise OutOfDomain("not a length", where="pattern", expected="kilometres > 0", got=str(length))
