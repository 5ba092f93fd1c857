"""
Compiled search over labels (length, colours), bounded by labels and by comparisons. Import this module lazily.

Sets of colours are rows of words, as in `kernels`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from safeconduct.reach.kernels import doubled, pop, popcount, push

DONE, LABELS_SPENT, WORK_SPENT = 0, 1, 2


@njit(cache=True)
def _covered(first: int, onward: Any, masks: Any, far: Any, mask: Any, whole: float, work: Any) -> bool:
    """
    Whether a label of the list that begins at *first* is no longer than *whole* and needs nothing outside *mask*.

    Each label looked at is counted in *work*.
    """
    label, looked, found = first, 0, False
    while label >= 0 and not found:
        looked += 1
        if far[label] <= whole:
            found = True
            for w in range(mask.shape[0]):
                if masks[label, w] & ~mask[w]:
                    found = False
                    break
        label = onward[label]
    work[0] += looked
    return found


@njit(cache=True)
def _drop_covered(
    first: Any, to: int, onward: Any, masks: Any, far: Any, dead: Any, mask: Any, whole: float, work: Any
) -> None:  # fmt: skip
    """Take out of a node's list the labels that are no shorter than a new one and need all that it needs."""
    last, label, looked = -1, first[to], 0
    while label >= 0:
        looked += 1
        after = onward[label]
        useless = far[label] >= whole
        w = 0
        while useless and w < mask.shape[0]:
            useless = not mask[w] & ~masks[label, w]
            w += 1
        if useless:
            dead[label] = True
            if last < 0:
                first[to] = after
            else:
                onward[last] = after
        else:
            last = label
        label = after
    work[0] += looked


@njit(cache=True)
def _offer(made: int, size: int, to: int, whole: float, back: int, mask: Any, labels: Any, bound: Any) -> Any:
    """Add a label (from label *back*, -1 for none) unless its node has one that is no worse; new counts."""
    node, parent, onward, far, key, masks, dead, heap, first, work = labels
    if _covered(first[to], onward, masks, far, mask, whole, work):
        return made, size
    _drop_covered(first, to, onward, masks, far, dead, mask, whole, work)
    for w in range(mask.shape[0]):
        masks[made, w] = mask[w]
    node[made], parent[made], far[made], key[made], dead[made] = to, back, whole, whole + bound[to], False
    onward[made], first[to] = first[to], made
    return made + 1, push(heap, key, size, made)


@njit(cache=True)
def _joined(mask: Any, colours: Any, fresh: Any) -> int:
    """Both sets into *fresh*; how many colours that are, or -1 where the second adds nothing to the first."""
    ones, same = 0, True
    for w in range(fresh.shape[0]):
        fresh[w] = mask[w] | colours[w]
        same = same and fresh[w] == mask[w]
        ones += popcount(fresh[w])
    return -1 if same else ones


@njit(cache=True)
def _room_for(begin: Any, seeds: int, budget: int, words: int) -> Any:
    """
    Columns for *budget* labels and those of one node's arcs: node, parent, next of the same node, length, key, words,
    whether it is of no use any more; the heap; the first label of each node; and the comparisons made so far.
    """
    widest = seeds + 2
    for here in range(begin.shape[0] - 1):
        widest = max(widest, begin[here + 1] - begin[here] + 2)
    room = budget + 2 * widest  # the pages of what is not used are never touched
    node, parent, onward = np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room, np.int32)
    masks, dead = np.empty((room, words), dtype=np.uint64), np.empty(room, np.bool_)
    heap, first = np.empty(room, np.int32), np.full(begin.shape[0], -1, dtype=np.int32)
    return node, parent, onward, np.empty(room), np.empty(room), masks, dead, heap, first, np.zeros(1, np.int64)


@njit(cache=True)
def _seeded(
    seed_node: Any, seed_length: Any, seed_words: Any, labels: Any, bound: Any, extra: Any, limit: float, most: int,
    fresh: Any,
) -> Any:  # fmt: skip
    """The labels at the ends of the first legs; how many were made, and the size of the heap."""
    made = size = 0
    none = np.zeros(fresh.shape[0], dtype=np.uint64)
    for s in range(seed_node.shape[0]):
        to, whole = seed_node[s], seed_length[s]
        ones = max(0, _joined(none, seed_words[s], fresh))
        if whole + bound[to] <= limit and extra[to] + bound[to] <= limit and ones <= most:
            made, size = _offer(made, size, to, whole, -1, fresh, labels, bound)
    return made, size


@njit(cache=True)
def pareto(
    begin: Any, head: Any, length: Any, kind: Any, palette: Any,
    seed_node: Any, seed_length: Any, seed_words: Any,
    exit_row: Any, exit_length: Any, exit_words: Any,
    bound: Any, extra: Any, limit: float, most: int, budget: int, most_work: int,
) -> Any:  # fmt: skip
    """
    Label-setting A* over (length, colours), from the seeds to the exits.

    Args:
        begin: to `palette`: CSR offsets, heads, lengths, rows of the palette, and the palette without free colours.
        seed_node: Where first legs lead, n for the goal itself; with their lengths and colours.
        exit_row: For each node the row of its last leg to the goal, -1 for none; with their lengths and colours.
        bound: Lower bound of the length from each node to the goal, inf where there is no way, shape (n + 1,).
        extra: Lower bound from the start to each node; 0 where unknown, shape (n + 1,).
        limit: Longest way of interest.
        most: Largest number of colours of interest.
        budget: Most labels made, but for those of one node's arcs.
        most_work: Most comparisons of two labels, but for those that one arc asks for.

    Returns:
        (DONE, LABELS_SPENT or WORK_SPENT, labels made, comparisons, proved length: every way shorter has been looked
        at, arrival labels, and node, parent, length and words of every label). Nodes are those of the graph, n for the
        goal.
    """
    goal = begin.shape[0] - 1
    fresh = np.zeros(palette.shape[1], dtype=np.uint64)
    labels = _room_for(begin, seed_node.shape[0], budget, palette.shape[1])
    node, parent, onward, far, key, masks, dead, heap, first, work = labels
    made, size = _seeded(seed_node, seed_length, seed_words, labels, bound, extra, limit, most, fresh)
    status, proved, arrivals = DONE, np.inf, 0
    arrived = np.empty(64, dtype=np.int32)
    while size > 0:
        size = pop(heap, key, size)
        label = heap[size]
        here, mask, least = node[label], masks[label], key[label]
        if dead[label] or (here != goal and _covered(first[goal], onward, masks, far, mask, least, work)):
            continue
        if made >= budget:
            status, proved = LABELS_SPENT, least
            break
        if here == goal:
            arrived = doubled(arrived) if arrivals == arrived.shape[0] else arrived
            arrived[arrivals] = label
            arrivals += 1
            continue
        last, useful = -1, False
        for arc in range(begin[here], begin[here + 1]):
            if work[0] > most_work:
                break
            to, whole = head[arc], far[label] + length[arc]
            if not whole + bound[to] <= limit or not extra[to] + bound[to] <= limit:
                continue
            if kind[arc] != last:  # arcs side by side mostly need the same
                last = kind[arc]
                ones = _joined(mask, palette[last], fresh)
                useful = ones <= most and (
                    ones < 0 or not _covered(first[goal], onward, masks, far, fresh, least, work)
                )
            if useful:
                made, size = _offer(made, size, to, whole, label, fresh, labels, bound)
        row = exit_row[here]
        if row >= 0 and far[label] + exit_length[row] <= limit and _joined(mask, exit_words[row], fresh) <= most:
            made, size = _offer(made, size, goal, far[label] + exit_length[row], label, fresh, labels, bound)
        if work[0] > most_work:
            status, proved = WORK_SPENT, least
            break
    return status, made, work[0], proved, arrived[:arrivals], node, parent, far, masks
