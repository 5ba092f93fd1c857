"""Compiled loops that look for one way with given permissions and pull it straight. Import this module lazily."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from safeconduct.earth.geodesy import EARTH_RADIUS_M
from safeconduct.reach.kernels import doubled, leg_meets, pop, push
from safeconduct.reach.plane import OPPOSITE

LEAST_RADIUS_M = 0.9943 * EARTH_RADIUS_M  # geodesics of WGS 84 are no shorter than arcs of this radius
LEAST_GAIN = 1e-5  # corners by which no more than this is to be gained are left: 60 m


@njit(cache=True)
def _clear(a: Any, b: Any, ends: Any, owner: Any, start: Any, members: Any, allowed: Any, scratch: Any) -> bool:
    """Whether the leg crosses no border of an owner outside *allowed*, and there is one shortest leg at all."""
    if a[0] * b[0] + a[1] * b[1] + a[2] * b[2] < OPPOSITE:
        return False
    scratch[:] = allowed  # so that only what is not allowed is looked for
    return not leg_meets(a, b, ends, owner, start, members, scratch, True)


@njit(cache=True)
def _toward(a: Any, b: Any, share: float, out: Any) -> None:
    """The point a share of the way from a to b, by the chord."""
    size = 0.0
    for k in range(3):
        out[k] = a[k] + share * (b[k] - a[k])
        size += out[k] * out[k]
    size = math.sqrt(size)
    for k in range(3):
        out[k] /= size


@njit(cache=True)
def _skipped(now: Any, count: int, ahead: int, after: Any, borders: Any, scratch: Any) -> int:
    """From each kept corner to the farthest of the next *ahead* in clear sight, into *after*; returns their number."""
    ends, owner, start, members, allowed = borders
    kept, here = 1, 0
    after[0] = now[0]
    while here < count - 1:
        there = min(count - 1, here + ahead)
        while there > here + 1 and not _clear(now[here], now[there], ends, owner, start, members, allowed, scratch):
            there -= 1
        after[kept] = now[there]
        kept += 1
        here = there
    return kept


@njit(cache=True)
def _gain(before: Any, corner: Any, onward: Any) -> float:
    """How much shorter the chord past a corner is."""
    one = two = straight = 0.0
    for k in range(3):
        one += (corner[k] - before[k]) ** 2
        two += (corner[k] - onward[k]) ** 2
        straight += (before[k] - onward[k]) ** 2
    return math.sqrt(one) + math.sqrt(two) - math.sqrt(straight)


@njit(cache=True)
def _cut(now: Any, count: int, after: Any, borders: Any, scratch: Any) -> int:
    """Cut each corner as far inward as is clear, into *after*; how many there are then."""
    ends, owner, start, members, allowed = borders
    p, q = np.empty(3), np.empty(3)
    kept = 1
    for i in range(1, count - 1):
        before, corner, onward = after[kept - 1], now[i], now[i + 1]
        low, high = 0.0, 1.0
        if _gain(before, corner, onward) >= LEAST_GAIN:
            for _ in range(6):
                share = 0.5 * (low + high)
                _toward(corner, before, share, p)
                _toward(corner, onward, share, q)
                if _clear(p, q, ends, owner, start, members, allowed, scratch):
                    low = share
                else:
                    high = share
        if low > 0.0:
            _toward(corner, before, low, after[kept])
            _toward(corner, onward, low, after[kept + 1])
            kept += 2
        else:
            after[kept] = corner
            kept += 1
    after[kept] = now[count - 1]
    return kept + 1


@njit(cache=True)
def taut(path: Any, allowed: Any, ends: Any, owner: Any, start: Any, members: Any, rounds: int) -> Any:
    """
    Pull a way straight without crossing any border that is not allowed; unit vectors, shape (k, 3), in and out.

    First corners are left out where the leg past them is clear; then each corner is cut as far inward as is clear,
    again and again. Never longer than it was.
    """
    count = path.shape[0]
    room = 4 * count + 64
    now, after = np.empty((room, 3)), np.empty((room, 3))
    now[:count] = path
    scratch = np.zeros(allowed.shape[0], dtype=np.uint64)
    borders = (ends, owner, start, members, allowed)
    for turn in range(rounds + 1):
        count = _skipped(now, count, count if turn == 0 else 4, after, borders, scratch)
        now[:count] = after[:count]
        if turn == rounds or count == 2 or 2 * count + 2 > room:
            break
        count = _cut(now, count, after, borders, scratch)
        now[:count] = after[:count]
    return now[:count].copy()


@njit(cache=True)
def _within(words: Any, allowed: Any) -> bool:
    """Whether a set of colours is one of those allowed."""
    extra = np.uint64(0)
    for w in range(allowed.shape[0]):
        extra |= words[w] & ~allowed[w]
    return not extra


@njit(cache=True)
def _least_m(a: Any, b: Any) -> float:
    """No geodesic between two points (unit vectors) is shorter."""
    square = (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2
    return LEAST_RADIUS_M * 2.0 * math.asin(min(1.0, 0.5 * math.sqrt(square)))


@njit(cache=True)
def shortest(
    begin: Any, head: Any, length: Any, kind: Any, palette: Any, points: Any, allowed: Any,
    seed_node: Any, seed_length: Any, seed_words: Any,
    exit_row: Any, exit_length: Any, exit_words: Any, goal: Any, limit: float,
) -> Any:  # fmt: skip
    """
    A* over arcs whose colours are all allowed, from the seeds to the exits beside *goal* (a unit vector).

    Returns the length, inf where no way is within the limit, the nodes passed, and how many arcs were followed.
    """
    count = begin.shape[0] - 1
    open_ = np.empty(palette.shape[0], dtype=np.bool_)
    for p in range(palette.shape[0]):
        open_[p] = _within(palette[p], allowed)
    far, back = np.full(count + 1, np.inf), np.full(count + 1, -1, dtype=np.int32)
    heap, where, key = np.empty(4096, np.int32), np.empty(4096, np.int32), np.empty(4096, np.float64)
    made = size = 0
    for s in range(seed_node.shape[0]):
        if _within(seed_words[s], allowed):
            to = seed_node[s]
            far[to], where[made], key[made] = seed_length[s], to, seed_length[s] + _least_m(points[to], goal)
            size = push(heap, key, size, made)
            made += 1
    while size > 0:
        size = pop(heap, key, size)
        label = heap[size]
        here = where[label]
        if here == count or key[label] > limit:
            break
        if key[label] > far[here] + _least_m(points[here], goal) + 1e-6:
            continue
        while made + begin[here + 1] - begin[here] + 1 > key.shape[0]:
            heap, where, key = doubled(heap), doubled(where), doubled(key)
        for arc in range(begin[here], begin[here + 1]):
            to, whole = head[arc], far[here] + length[arc]
            if open_[kind[arc]] and whole < far[to]:
                far[to], back[to] = whole, here
                where[made], key[made] = to, whole + _least_m(points[to], goal)
                size = push(heap, key, size, made)
                made += 1
        row = exit_row[here]
        if row >= 0 and far[here] + exit_length[row] < far[count] and _within(exit_words[row], allowed):
            far[count], back[count] = far[here] + exit_length[row], here
            where[made], key[made] = count, far[count]
            size = push(heap, key, size, made)
            made += 1
    steps, at = 0, back[count]
    while at >= 0:
        steps, at = steps + 1, back[at]
    path = np.empty(steps, dtype=np.int32)
    at = back[count]
    for step in range(steps):
        path[steps - 1 - step], at = at, back[at]
    return far[count], path, made
