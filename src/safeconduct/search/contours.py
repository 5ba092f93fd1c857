"""
Contour search: round a height, one circuit below the other, from the top down.

After NATSAR and IAMSAR, as the reference repeats them (search, section 6): from the highest peak, one circuit for each
500 ft down. Dangerous: for crews trained in mountains, in good visibility and light wind.
"""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from safeconduct.search.grid import Array
from safeconduct.search.patterns import CONTOUR, Pattern, cut, line_km

STEP_M = 152.4
"""One circuit for each 500 ft."""

CONTOUR_WARNS = (
    "Contour search: only a crew trained in mountains, good visibility, light wind; ways between circuits are drawn "
    "straight: find your own"
)

LEAST_KM = 0.5
"""A shorter line is no leg."""

_Edge: TypeAlias = tuple[int, int, int]

_ENDS = {
    1: ((3, 0),),
    2: ((0, 1),),
    3: ((3, 1),),
    4: ((1, 2),),
    5: ((3, 0), (1, 2)),
    6: ((0, 2),),
    7: ((3, 2),),
    8: ((2, 3),),
    9: ((2, 0),),
    10: ((0, 1), (2, 3)),
    11: ((2, 1),),
    12: ((1, 3),),
    13: ((1, 0),),
    14: ((0, 3),),
}
"""Sides (south, east, north, west) that a contour joins, by which corners of a cell are above: bits from the south-west
through south-east and north-east."""


def contour(heights_m: npt.NDArray[np.floating], x_km: Array, y_km: Array, effort_km: float) -> Pattern | None:
    """
    Circuits from the top down until the effort is spent.

    Args:
        heights_m: Shape (rows, columns), rows from the south; NaN unknown, where no line is drawn.

        x_km: Of the columns, shape (columns,).

        y_km: Of the rows, shape (rows,).

        effort_km: Track length to be spent, > 0, with the ways between circuits. These are straight on the map: the
            crew finds its own over the ground.

    Returns:
        None where no line of half a kilometre is to be had: flat or unknown ground.
    """
    if not np.isfinite(heights_m).any():
        return None
    top, bottom = float(np.nanmax(heights_m)), float(np.nanmin(heights_m))
    lines: list[Array] = []
    left, over = effort_km, 0.0
    for number in range(1, math.ceil((top - bottom) / STEP_M)):
        found = [
            line for line in level_lines(heights_m, x_km, y_km, top - number * STEP_M) if line_km(line) >= LEAST_KM
        ]
        while found and left > 0.0:
            place = _next(found, lines[-1][-1] if lines else None)
            line = _begun_near(found.pop(place), lines[-1][-1] if lines else None)
            away = math.dist(lines[-1][-1], line[0]) if lines else 0.0
            if away >= left:
                left = 0.0
                break
            lines.append(cut(line, left - away))
            left -= away + line_km(lines[-1])
            over += away
    if not lines:
        return None
    legs = np.vstack([np.stack([line[:-1], line[1:]], axis=1) for line in lines])
    return Pattern(CONTOUR, legs, np.vstack(lines), math.fsum(map(line_km, lines)), over, math.inf, 0.0)


def _next(found: list[Array], at: Array | None) -> int:
    """The longest line to begin with, then the one that comes nearest."""
    if at is None:
        return max(range(len(found)), key=lambda i: line_km(found[i]))
    return min(range(len(found)), key=lambda i: math.dist(_begun_near(found[i], at)[0], at))


def _begun_near(line: Array, at: Array | None) -> Array:
    """The same line begun at its end nearer to a place, a closed one at its nearest point."""
    if at is None:
        return line
    if np.allclose(line[0], line[-1]):
        start = int(np.argmin(np.hypot(*(line - at).T)))
        return np.vstack([line[start:], line[1 : start + 1]])
    return line if math.dist(line[0], at) <= math.dist(line[-1], at) else line[::-1]


def level_lines(heights_m: npt.NDArray[np.floating], x_km: Array, y_km: Array, level_m: float) -> list[Array]:
    """Lines of one height by marching squares, each of shape (n, 2); closed ones end where they began."""
    above = heights_m > level_m
    known = np.isfinite(heights_m)
    whole = known[:-1, :-1] & known[:-1, 1:] & known[1:, :-1] & known[1:, 1:]
    code = above[:-1, :-1] + 2 * above[:-1, 1:] + 4 * above[1:, 1:] + 8 * above[1:, :-1]
    joins: dict[_Edge, list[_Edge]] = {}
    for row, column in zip(*np.nonzero(whole & (code > 0) & (code < 15)), strict=True):
        r, c = int(row), int(column)
        sides: tuple[_Edge, ...] = ((0, r, c), (1, r, c + 1), (0, r + 1, c), (1, r, c))
        for a, b in _ENDS[int(code[r, c])]:
            joins.setdefault(sides[a], []).append(sides[b])
            joins.setdefault(sides[b], []).append(sides[a])
    return [np.array([_crossing(edge, heights_m, x_km, y_km, level_m) for edge in chain]) for chain in _chains(joins)]


def _chains(joins: dict[_Edge, list[_Edge]]) -> list[list[_Edge]]:
    """Follow joined edges: open lines from their ends first, then closed ones."""
    out = []
    for start in sorted(joins, key=lambda edge: (len(joins[edge]) != 1, edge)):
        while joins[start]:
            chain = [start]
            while joins[chain[-1]]:
                onward = joins[chain[-1]].pop()
                joins[onward].remove(chain[-1])
                chain.append(onward)
            out.append(chain)
    return out


def _crossing(
    edge: _Edge, heights_m: npt.NDArray[np.floating], x_km: Array, y_km: Array, level_m: float
) -> tuple[float, float]:
    upright, row, column = edge
    end = (row + 1, column) if upright else (row, column + 1)
    first, last = float(heights_m[row, column]), float(heights_m[end])
    share = (level_m - first) / (last - first) if last != first else 0.5
    x = x_km[column] if upright else x_km[column] + share * (x_km[column + 1] - x_km[column])
    y = y_km[row] + share * (y_km[row + 1] - y_km[row]) if upright else y_km[row]
    return float(x), float(y)
