"""Compiled loops of lines of sight over a grid of elevations. Import this module lazily."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

BLOCK = 16
"""Cells on the side of a block whose highest corner is kept: a line that passes above it need not look closer."""

EDGE = 1e-9
"""A line this near to a corner, in cells, passes through it: rounding must not carry it off the grid."""

HIDDEN, SEEN, UNKNOWN = 0, 1, -1


@njit(cache=True)
def tops(z: Any) -> Any:
    """Highest elevation of each block with the first row and column of the next; infinite where one is unknown."""
    rows, cols = z.shape
    out = np.full(((rows + BLOCK - 1) // BLOCK, (cols + BLOCK - 1) // BLOCK), -np.inf)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            for r in range(i * BLOCK, min(rows, (i + 1) * BLOCK + 1)):
                for c in range(j * BLOCK, min(cols, (j + 1) * BLOCK + 1)):
                    if z[r, c] > out[i, j]:
                        out[i, j] = z[r, c]
                    elif z[r, c] != z[r, c]:
                        out[i, j] = np.inf
    return out


@njit(cache=True)
def _over(top: Any, u0: float, u1: float, k0: int, k1: int, across: bool, bound: float) -> bool:
    """Whether the blocks that a stretch of a line passes through all lie below *bound*."""
    a, b = int(max(min(u0, u1), 0.0)) // BLOCK, int(max(u0, u1, 0.0)) // BLOCK
    c, d = min(k0, k1) // BLOCK, max(k0, k1) // BLOCK
    if (b - a + 1) * (d - c + 1) > abs(k1 - k0):
        return False  # no cheaper than to look
    for i in range(a, b + 1):
        for j in range(c, d + 1):
            highest = top[i, j] if across else top[j, i]
            if highest > bound:
                return False
    return True


@njit(cache=True)
def _crossings(
    z: Any, top: Any, u0: float, v0: float, h0: float, u1: float, v1: float, h1: float, drop: float, across: bool
) -> int:
    """
    Look along a line where it crosses the grid lines of whole v; between two corners the ground is straight.

    With *across* v are columns and u rows, else the other way round. *drop* is what the Earth falls away over the
    whole line, metres.
    """
    dv = v1 - v0
    if dv == 0.0:
        return SEEN
    step = 1 if dv > 0.0 else -1
    k = int(math.floor(v0)) + 1 if step > 0 else int(math.ceil(v0)) - 1
    last = int(math.ceil(v1)) - 1 if step > 0 else int(math.floor(v1)) + 1
    count = (last - k) * step + 1
    found = SEEN
    while count > 0:
        size = (BLOCK - k % BLOCK) if step > 0 else (k % BLOCK + 1)
        size = min(size, count)
        end = k + (size - 1) * step
        if size > 2:
            t0, t1 = (k - v0) / dv, (end - v0) / dv
            bound = min(h0 + (h1 - h0) * t0, h0 + (h1 - h0) * t1) + drop * t0 * t0
            if _over(top, u0 + (u1 - u0) * t0, u0 + (u1 - u0) * t1, k, end, across, bound):
                k, count = end + step, count - size
                continue
        for _ in range(size):
            t = (k - v0) / dv
            u = max(u0 + (u1 - u0) * t, 0.0)
            i = int(u)
            f = u - i
            ground = z[i, k] if across else z[k, i]
            if f > EDGE:
                ground += f * ((z[i + 1, k] if across else z[k, i + 1]) - ground)
            if not ground <= h0 + (h1 - h0) * t + drop * t * t:
                if ground == ground:
                    return HIDDEN
                found = UNKNOWN
            k += step
        count -= size
    return found


@njit(cache=True)
def look(
    z: Any, top: Any, r0: float, c0: float, h0: float, r1: float, c1: float, h1: float, curve: float, cell: float
) -> int:
    """
    Whether a target is seen: 1, hidden: 0, or depends on ground that is not known: -1.

    Rows and columns count cells from the middle of the first; *h0*, *h1* are heights above sea level at both ends;
    *curve* is half the Earth's effective curvature, 1/m.
    """
    if not (h0 == h0 and h1 == h1):
        return UNKNOWN
    drop = curve * ((r1 - r0) ** 2 + (c1 - c0) ** 2) * cell * cell
    far = h1 - drop
    # The line in the flat frame runs to the target lowered by the drop; ground at share t is lowered by drop t^2.
    one = _crossings(z, top, r0, c0, h0, r1, c1, far, drop, True)
    if one == HIDDEN:
        return HIDDEN
    two = _crossings(z, top, c0, r0, h0, c1, r1, far, drop, False)
    return two if two != SEEN else one


@njit(cache=True)
def whole(
    z: Any, top: Any, r0: float, c0: float, h0: float, target: float, reach: float, curve: float, cell: float
) -> Any:
    """What an eye sees of every cell within reach; cells beyond are hidden. int8, shape of *z*."""
    out = np.zeros(z.shape, np.int8)
    most = reach / cell
    for r in range(max(0, math.ceil(r0 - most)), min(z.shape[0] - 1, math.floor(r0 + most)) + 1):
        for c in range(max(0, math.ceil(c0 - most)), min(z.shape[1] - 1, math.floor(c0 + most)) + 1):
            if (r - r0) ** 2 + (c - c0) ** 2 <= most * most:
                out[r, c] = look(z, top, r0, c0, h0, float(r), float(c), z[r, c] + target, curve, cell)
    return out


@njit(cache=True)
def some(z: Any, top: Any, r0: Any, c0: Any, h0: Any, r1: Any, c1: Any, h1: Any, curve: float, cell: float) -> Any:
    """What is seen along each of many lines, int8, shape (n,)."""
    out = np.empty(r1.size, np.int8)
    for i in range(r1.size):
        out[i] = look(z, top, r0[i], c0[i], h0[i], r1[i], c1[i], h1[i], curve, cell)
    return out
