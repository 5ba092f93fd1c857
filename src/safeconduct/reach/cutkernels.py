"""Compiled parts of the branching search: lengths over open arcs, and small cuts. Import it lazily."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

OPEN, IN, OUT, LENT = 0, 1, 2, 3  # state of a colour: undecided, granted, closed, granted for a bound only


class Arcs(NamedTuple):
    """
    The arcs in one direction: CSR by tail, and by colour.

    Args:
        begin: Offsets by tail.
        head: Where each arc leads.
        length: Of each arc.
        kind: Of each arc.
        tail: Where each arc comes from.
        first: Offsets by colour into *member*.
        member: Arcs whose kind has the colour.
    """

    begin: Any
    head: Any
    length: Any
    kind: Any
    tail: Any
    first: Any
    member: Any


class Kinds(NamedTuple):
    """
    Which colours make up a kind of arc, and which kinds a colour is part of: two CSR tables.

    Args:
        begin: Offsets by kind into *colour*.
        colour: Colours.
        first: Offsets by colour into *member*.
        member: Kinds.
    """

    begin: Any
    colour: Any
    first: Any
    member: Any


class Region(NamedTuple):
    """
    Nodes reached from one end, with room for a search.

    Args:
        far: Length to each node, inf where not reached.
        kept: A copy of *far* to go back to.
        queue: Nodes to look at, as a ring.
        waits: Whether a node is in the queue.
    """

    far: Any
    kept: Any
    queue: Any
    waits: Any


@njit(cache=True)
def spread(arcs: Arcs, barred: Any, rest: Any, limit: float, region: Region, size: int, onward: Any) -> bool:
    """
    Go on from the first *size* nodes of the queue over arcs that nothing bars, until all is reached that can be, or a
    node from which *onward* says that the goal is within the limit: then True.

    Labels are corrected first in, first out: on arcs of one length each node is looked at once.
    """
    far, queue, waits = region.far, region.queue, region.waits
    room, at = queue.shape[0], 0
    while size > 0:
        here = queue[at]
        at = at + 1 if at + 1 < room else 0
        size -= 1
        waits[here] = False
        for arc in range(arcs.begin[here], arcs.begin[here + 1]):
            if barred[arcs.kind[arc]] > 0:
                continue
            to = arcs.head[arc]
            whole = far[here] + arcs.length[arc]
            if whole < far[to] and whole + rest[to] <= limit:
                far[to] = whole
                if whole + onward[to] <= limit:
                    while size > 0:
                        waits[queue[at]] = False
                        at = at + 1 if at + 1 < room else 0
                        size -= 1
                    return True
                if not waits[to]:
                    waits[to] = True
                    end = at + size
                    queue[end if end < room else end - room] = to
                    size += 1
    return False


@njit(cache=True)
def start(arcs: Arcs, barred: Any, rest: Any, limit: float, region: Region, source: int, onward: Any) -> bool:
    """The region of *source* from nothing; whether it led to the goal, as `spread`."""
    region.far[:] = np.inf
    if rest[source] > limit:
        return False
    region.far[source] = 0.0
    region.queue[0] = source
    region.waits[source] = True
    return spread(arcs, barred, rest, limit, region, 1, onward)


@njit(cache=True)
def widen(arcs: Arcs, barred: Any, rest: Any, limit: float, region: Region, colour: int, onward: Any) -> bool:
    """The region with the arcs of one more colour, where nothing else bars them; whether that led to the goal."""
    far, size = region.far, 0
    for place in range(arcs.first[colour], arcs.first[colour + 1]):
        arc = arcs.member[place]
        if barred[arcs.kind[arc]] > 0:
            continue
        to = arcs.head[arc]
        whole = far[arcs.tail[arc]] + arcs.length[arc]
        if whole < far[to] and whole + rest[to] <= limit:
            far[to] = whole
            if whole + onward[to] <= limit:
                for i in range(size):
                    region.waits[region.queue[i]] = False
                return True
            if not region.waits[to]:
                region.waits[to] = True
                region.queue[size] = to
                size += 1
    return spread(arcs, barred, rest, limit, region, size, onward)


@njit(cache=True)
def edge_of(
    arcs: Arcs, kinds: Kinds, lack: Any, dead: Any, rest: Any, limit: float, far: Any, state: Any, inside: Any, cut: Any
) -> int:  # fmt: skip
    """
    Undecided colours that bar the arcs out of a region: one for each arc. Returns how many.

    Args:
        arcs: Arcs.
        kinds: Kinds.
        lack: Of each kind, how many of its colours are not granted.
        dead: Of each kind, how many are closed.
        rest: Lower bound of the length onward from each node.
        limit: Longest way.
        far: Lengths of the region.
        state: Of each colour.
        inside: False for each colour; left so.
        cut: Out.
    """
    count = 0
    for here in range(far.shape[0]):
        if not far[here] < np.inf:  # every node reached is within the limit
            continue
        for arc in range(arcs.begin[here], arcs.begin[here + 1]):
            kind = arcs.kind[arc]
            if lack[kind] == 0 or dead[kind] > 0:
                continue
            to = arcs.head[arc]
            whole = far[here] + arcs.length[arc]
            if whole >= far[to] or whole + rest[to] > limit:
                continue
            pick = -1
            for place in range(kinds.begin[kind], kinds.begin[kind + 1]):
                colour = kinds.colour[place]
                if state[colour] == OPEN:
                    pick = colour
                    if inside[colour]:
                        break
            if pick >= 0 and not inside[pick]:
                inside[pick] = True
                cut[count] = pick
                count += 1
    for i in range(count):
        inside[cut[i]] = False
    return count


@njit(cache=True)
def shrink(
    arcs: Arcs, kinds: Kinds, dead: Any, rest: Any, limit: float, region: Region, barred: Any, cut: Any, count: int,
    back: Arcs, before: Any, other: Region, goal: int, nowhere: Any,
) -> int:  # fmt: skip
    """
    Open all that is neither closed nor in the cut, then colours of the cut, while the goal is not reached.

    Args:
        arcs: Arcs.
        kinds: Kinds.
        dead: Of each kind, how many of its colours are closed.
        rest: Lower bound of the length onward.
        limit: Longest way.
        region: Of one end; left as it was.
        barred: Room, one for each kind.
        cut: Colours around the region; those that are left come first.
        count: How many.
        back: Arcs the other way round.
        before: Lower bound of the length from the region's end.
        other: Region of the goal; left as it was.
        goal: Node.
        nowhere: inf for each node.

    Returns:
        How many colours are left.
    """
    region.kept[:] = region.far
    barred[:] = dead
    for i in range(count):
        for place in range(kinds.first[cut[i]], kinds.first[cut[i] + 1]):
            barred[kinds.member[place]] += 1
    other.kept[:] = other.far
    start(back, barred, before, limit, other, goal, nowhere)
    onward = other.far
    spare = np.zeros(count, dtype=np.bool_)
    last = region.far.copy()
    for i in range(count):
        colour = cut[i]
        for place in range(kinds.first[colour], kinds.first[colour + 1]):
            barred[kinds.member[place]] -= 1
        if widen(arcs, barred, rest, limit, region, colour, onward):
            region.far[:] = last
            for place in range(kinds.first[colour], kinds.first[colour + 1]):
                barred[kinds.member[place]] += 1
        else:
            spare[i] = True
            last[:] = region.far
    region.far[:] = region.kept
    other.far[:] = other.kept
    left = 0
    for i in range(count):
        if not spare[i]:
            cut[left] = cut[i]
            left += 1
    return left
