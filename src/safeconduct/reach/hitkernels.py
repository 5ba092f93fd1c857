"""Compiled loops of the implicit hitting set: one search per question, one exact cover. Import this module lazily."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from safeconduct.reach.kernels import _grown, _pop, _push, popcount


@njit(cache=True)
def explore(
    source: int, target: int, begin: Any, head: Any, length: Any, kind: Any, palette: Any, allowed: Any, bound: Any,
    limit: float, distance: Any, back: Any, cut: Any,
) -> bool:  # fmt: skip
    """
    Look for a way from *source* to *target*, no longer than *limit*, over the arcs whose colours lie within *allowed*.

    Args:
        source: Node.
        target: Node; -1 to measure to every node.
        begin: CSR offsets.
        head: Node each arc leads to.
        length: Length of each arc.
        kind: Row of the palette of each arc.
        palette: Colours as words.
        allowed: Words.
        bound: Lower bound of the length from each node to the target.
        limit: Longest way of interest.
        distance: Out: shortest length to each node reached, else inf.
        back: Out: arc by which each node was reached, -1 for none.
        cut: Out, where there is no way: colours not allowed of which every way within the limit needs one.

    Returns:
        Whether there is a way.
    """
    distance[:] = np.inf
    back[:] = -1
    cut[:] = 0
    usable = np.ones(palette.shape[0], dtype=np.bool_)
    for p in range(palette.shape[0]):
        for w in range(palette.shape[1]):
            if palette[p, w] & ~allowed[w]:
                usable[p] = False
    room = 1024
    heap, where, key = np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room, np.float64)
    where[0], key[0], distance[source], made = source, bound[source], 0.0, 1
    size = _push(heap, key, 0, 0) if bound[source] <= limit else 0
    while size > 0:
        size = _pop(heap, key, size)
        here = where[heap[size]]
        if key[heap[size]] > distance[here] + bound[here]:
            continue
        if here == target:
            return True
        for arc in range(begin[here], begin[here + 1]):
            to = head[arc]
            whole = distance[here] + length[arc]
            if whole + bound[to] > limit:
                continue
            if not usable[kind[arc]]:
                for w in range(cut.shape[0]):
                    cut[w] |= palette[kind[arc], w] & ~allowed[w]
            elif whole < distance[to]:
                distance[to] = whole
                back[to] = arc
                if made == key.shape[0]:
                    heap, where, key = _grown(heap), _grown(where), _grown(key)
                where[made], key[made] = to, whole + bound[to]
                size = _push(heap, key, size, made)
                made += 1
    return False


@njit(cache=True)
def cover(cuts: Any, below: int, budget: int) -> Any:
    """
    A smallest set that hits every cut, if it has fewer than *below* members: branch and bound over up to 64 colours.

    Args:
        cuts: uint64, shape (m,), none of them 0.
        below: Only smaller sets are of interest.
        budget: Most branches looked at.

    Returns:
        (whether the search was whole, a set or 0 if there is none that is smaller).
    """
    room = 256
    chosen = np.zeros(room, dtype=np.uint64)
    barred = np.zeros(room, dtype=np.uint64)
    best, found, depth, looked = below, np.uint64(0), 1, 0
    left = np.empty(cuts.shape[0], dtype=np.uint64)
    while depth > 0:
        depth -= 1
        mine, out = chosen[depth], barred[depth]
        looked += 1
        if looked > budget:
            return False, found
        open_count, fewest, pick, dead = 0, 65, np.uint64(0), False
        for i in range(cuts.shape[0]):
            if cuts[i] & mine:
                continue
            rest = cuts[i] & ~out
            if rest == 0:
                dead = True
                break
            ones = popcount(rest)
            left[open_count] = rest
            open_count += 1
            if ones < fewest:
                fewest, pick = ones, rest
        if dead:
            continue
        count = popcount(mine)
        if open_count == 0:
            if count < best:
                best, found = count, mine
            continue
        # Cuts that share no colour each need one of their own; the small ones first.
        used, apart = np.uint64(0), 0
        for want in range(1, 65):
            if want < fewest:
                continue
            if count + apart >= best or want > fewest + 6:
                break
            for i in range(open_count):
                if popcount(left[i]) == want and not left[i] & used:
                    used |= left[i]
                    apart += 1
        if count + max(apart, 1) >= best:
            continue
        if depth + 65 > chosen.shape[0]:
            chosen, barred = _grown(chosen), _grown(barred)
        # The colour that hits most comes last on the stack, so it is tried first.
        weight = np.zeros(64, dtype=np.int64)
        for i in range(open_count):
            for bit in range(64):
                if left[i] >> np.uint64(bit) & np.uint64(1):
                    weight[bit] += 1
        order = np.argsort(weight)
        for place in range(64):
            bit = np.uint64(1) << np.uint64(order[place])
            if not pick & bit:
                continue
            bar = np.uint64(0)
            for later in range(place + 1, 64):
                bar |= (np.uint64(1) << np.uint64(order[later])) & pick
            chosen[depth], barred[depth] = mine | bit, out | bar
            depth += 1
    return True, found
