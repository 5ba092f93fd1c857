"""Compiled loops of the implicit hitting set: one search per question, one exact cover. Import this module lazily."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from safeconduct.reach.kernels import doubled, pop, popcount, push


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
    size = push(heap, key, 0, 0) if bound[source] <= limit else 0
    while size > 0:
        size = pop(heap, key, size)
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
                    heap, where, key = doubled(heap), doubled(where), doubled(key)
                where[made], key[made] = to, whole + bound[to]
                size = push(heap, key, size, made)
                made += 1
    return False


@njit(cache=True)
def _unhit(cuts: Any, mine: Any, out: Any, left: Any) -> Any:
    """Fill *left* with what the cuts not hit may still be hit by: how many, the fewest colours, a cut of so few."""
    count, fewest, pick = 0, 65, np.uint64(0)
    for i in range(cuts.shape[0]):
        if cuts[i] & mine:
            continue
        rest = cuts[i] & ~out
        ones = popcount(rest)
        left[count] = rest
        count += 1
        if ones < fewest:
            fewest, pick = ones, rest
            if rest == 0:
                break
    return count, fewest, pick


@njit(cache=True)
def _apart(left: Any, count: int, fewest: int, enough: int) -> int:
    """Cuts that share no colour each need one of their own; the small ones first, until they are enough."""
    used, apart = np.uint64(0), 0
    for want in range(fewest, min(64, fewest + 6) + 1):
        if apart >= enough:
            break
        for i in range(count):
            if popcount(left[i]) == want and not left[i] & used:
                used |= left[i]
                apart += 1
    return apart


@njit(cache=True)
def _by_hits(left: Any, count: int) -> Any:
    """The 64 colours, those in most cuts last."""
    weight = np.zeros(64, dtype=np.int64)
    for i in range(count):
        for bit in range(64):
            if left[i] >> np.uint64(bit) & np.uint64(1):
                weight[bit] += 1
    return np.argsort(weight)


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
    best, found, depth = below, np.uint64(0), 1
    left = np.empty(cuts.shape[0], dtype=np.uint64)
    for _ in range(budget):
        if depth == 0:
            return True, found
        depth -= 1
        mine, out = chosen[depth], barred[depth]
        count, fewest, pick = _unhit(cuts, mine, out, left)
        size = popcount(mine)
        if count == 0:
            if size < best:
                best, found = size, mine
            continue
        if fewest == 0 or size + max(_apart(left, count, fewest, best - size), 1) >= best:
            continue
        if depth + 65 > chosen.shape[0]:
            chosen, barred = doubled(chosen), doubled(barred)
        # The colour that hits most comes last on the stack, so it is tried first.
        order, bar = _by_hits(left, count), out | pick
        for place in range(64):
            one = np.uint64(1) << np.uint64(order[place])
            if pick & one:
                bar &= ~one
                chosen[depth], barred[depth] = mine | one, bar
                depth += 1
    return depth == 0, found


@njit(cache=True)
def _hitting(cuts: Any, count: int, colours: int) -> Any:
    """A hitting set of the cuts, quick and nearly smallest: at random among the colours that hit nearly the most."""
    chosen = np.uint64(0)
    hit = np.zeros(count, dtype=np.bool_)
    left = count
    weight = np.empty(colours, dtype=np.int64)
    while left > 0:
        weight[:] = 0
        for i in range(count):
            if not hit[i]:
                rest = cuts[i]
                while rest:
                    low = rest & (~rest + np.uint64(1))
                    weight[popcount(low - np.uint64(1))] += 1
                    rest ^= low
        pick, most = 0, -1.0
        for c in range(colours):
            worth = weight[c] * (1.0 + 0.2 * np.random.random())
            if worth > most:
                pick, most = c, worth
        bit = np.uint64(1) << np.uint64(pick)
        chosen |= bit
        for i in range(count):
            if not hit[i] and cuts[i] & bit:
                hit[i] = True
                left -= 1
    for c in np.random.permutation(colours):
        bit = np.uint64(1) << np.uint64(c)
        if chosen & bit:
            spare = True
            for i in range(count):
                if not cuts[i] & (chosen ^ bit):
                    spare = False
                    break
            if spare:
                chosen ^= bit
    return chosen


@njit(cache=True)
def harvest(
    source: int, target: int, begin: Any, head: Any, length: Any, kind: Any, palette: Any, bound: Any, limit: float,
    distance: Any, back: Any, cuts: Any, count: int, everything: Any, given: Any, below: int, rounds: int, tries: int,
    seed: int,
) -> Any:  # fmt: skip
    """
    Up to 64 colours: guess hitting sets and grow cuts from those that open no way.

    Args:
        source: to `distance`: as in `explore`.
        target: Node.
        begin: CSR offsets.
        head: Heads.
        length: Lengths.
        kind: Rows of the palette.
        palette: One word each.
        bound: Lower bounds to the target.
        limit: Longest way of interest.
        distance: Out.
        back: Out; leads back from the target where a way was found.
        cuts: Known cuts, shape (room,), with the new ones added.
        count: How many are known.
        everything: The word of all colours.
        given: A set to begin with instead of a guess, or the word of all colours.
        below: Guesses of this size or more are of no use.
        rounds: Guesses to make.
        tries: Cuts to grow from each.
        seed: Of the guesses.

    Returns:
        (a way was found, guesses became too large, number of cuts known).
    """
    np.random.seed(seed)
    colours = popcount(everything)
    allowed, cut = np.zeros(1, dtype=np.uint64), np.zeros(1, dtype=np.uint64)
    stale = 0
    for turn in range(rounds):
        guess = given if turn == 0 and given != everything else _hitting(cuts, count, colours)
        if popcount(guess) >= below:
            stale += 1
            if stale > 3:
                return False, True, count
            continue
        allowed[0] = guess
        if explore(
            source, target, begin, head, length, kind, palette, allowed, bound, limit, distance, back, cut
        ):  # fmt: skip
            return True, False, count
        first = cut[0]
        for _ in range(tries):
            grown = first
            for c in np.random.permutation(colours):
                bit = np.uint64(1) << np.uint64(c)
                if not grown & bit:
                    continue
                allowed[0] = (everything & ~grown) | bit
                if not explore(
                    source, target, begin, head, length, kind, palette, allowed, bound, limit, distance, back, cut
                ):  # fmt: skip
                    grown = cut[0]
            fresh = True
            for i in range(count):
                if cuts[i] & grown == cuts[i]:
                    fresh = False
                    break
            if fresh and count < cuts.shape[0]:
                cuts[count] = grown
                count += 1
    return False, False, count
