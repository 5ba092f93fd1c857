"""Compiled loops that pull a way straight. Import this module lazily."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from safeconduct.reach.kernels import leg_meets


@njit(cache=True)
def _clear(a: Any, b: Any, ends: Any, owner: Any, start: Any, members: Any, allowed: Any, scratch: Any) -> bool:
    """Whether the leg crosses no border of an owner outside *allowed*."""
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
def taut(path: Any, allowed: Any, ends: Any, owner: Any, start: Any, members: Any, rounds: int) -> Any:
    """
    Pull a way straight without crossing any border that is not allowed; unit vectors, shape (k, 3), in and out.

    First corners are left out where the leg past them is clear; then each corner is cut as far inward as is clear,
    again and again. Never longer than it was.
    """
    count = path.shape[0]
    room = 4 * count + 64
    now = np.empty((room, 3))
    now[:count] = path
    after = np.empty((room, 3))
    scratch = np.zeros(allowed.shape[0], dtype=np.uint64)
    p, q = np.empty(3), np.empty(3)
    for turn in range(rounds + 1):
        # Leave out: from each kept corner go to the farthest later one in clear sight.
        kept, here = 1, 0
        after[0] = now[0]
        while here < count - 1:
            there = count - 1 if turn == 0 else min(count - 1, here + 4)
            while there > here + 1 and not _clear(now[here], now[there], ends, owner, start, members, allowed, scratch):
                there -= 1
            after[kept] = now[there]
            kept += 1
            here = there
        count = kept
        now[:count] = after[:count]
        if turn == rounds or count == 2 or 2 * count + 2 > room:
            break
        kept = 1
        for i in range(1, count - 1):
            before, corner, onward = after[kept - 1], now[i], now[i + 1]
            one = two = straight = 0.0
            for k in range(3):
                one += (corner[k] - before[k]) ** 2
                two += (corner[k] - onward[k]) ** 2
                straight += (before[k] - onward[k]) ** 2
            if math.sqrt(one) + math.sqrt(two) - math.sqrt(straight) < 1e-5:  # 60 m to gain at most
                after[kept] = corner
                kept += 1
                continue
            low, high = 0.0, 1.0
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
        count = kept + 1
        now[:count] = after[:count]
    return now[:count].copy()
