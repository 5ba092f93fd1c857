"""
Compiled branch and bound over colours: is there a way that needs no more than so many? Import this module lazily.

At each node some colours are granted and some closed. The regions reached from both ends over what is granted are
fenced by undecided colours: a cut. Cuts that share no colour need one each, which is the bound; where it allows a set,
the colours of the smallest cut are granted one after the other, each closed once it has been tried.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from safeconduct.reach.cutkernels import IN, LENT, OPEN, OUT, Arcs, Kinds, Region, edge_of, shrink, start, widen

REFUTED, FOUND, SPENT, FULL = 0, 1, 2, 3
LEVEL, DESCEND, MOST, SOURCE, TARGET = 0, 1, 2, 3, 4  # places in Stack.at_work
FEW = 4  # colours still to choose up to which one small cut is made, not a whole packing of them


class Board(NamedTuple):
    """
    What is granted and closed, and room to work in.

    Args:
        state: Of each colour: OPEN, IN, OUT or LENT.
        lack: Of each kind, how many of its colours are not granted.
        dead: Of each kind, how many are closed.
        lent: As *lack*, with colours lent for a bound.
        barred: Of each kind, for `shrink`.
        inside: Of each colour, False between uses.
        weight: Of each colour.
        cut: Room for a cut.
        other: Room for another.
        fore: Region of the source.
        back: Region of the target.
    """

    state: Any
    lack: Any
    dead: Any
    lent: Any
    barred: Any
    inside: Any
    weight: Any
    cut: Any
    other: Any
    fore: Region
    back: Region
    goal: Any
    home: Any
    nowhere: Any


class Stack(NamedTuple):
    """
    The branches still to look at, and what was learnt on the way down.

    Args:
        branch: Colours to try, level after level.
        begin: Of each level, into *branch*.
        size: Of each level.
        at: Place of the colour that each level is trying; -1 before the first.
        row: Of each level, the lengths it uses.
        ends: Of each level, how many cuts are known.
        cuts: Colours of the cuts.
        offset: Of each cut, into *cuts*.
        ahead: Lengths to the target over what is not closed, a row each.
        behind: Lengths from the source.
        at_work: Level, whether it is new, most colours, source, target.
    """

    branch: Any
    begin: Any
    size: Any
    at: Any
    row: Any
    ends: Any
    cuts: Any
    offset: Any
    ahead: Any
    behind: Any
    at_work: Any


@njit(cache=True)
def grant(kinds: Kinds, board: Board, colour: int) -> None:
    """Grant an undecided colour."""
    board.state[colour] = IN
    for place in range(kinds.first[colour], kinds.first[colour + 1]):
        board.lack[kinds.member[place]] -= 1


@njit(cache=True)
def _withdraw(kinds: Kinds, board: Board, colour: int) -> None:
    board.state[colour] = OPEN
    for place in range(kinds.first[colour], kinds.first[colour + 1]):
        board.lack[kinds.member[place]] += 1


@njit(cache=True)
def close(kinds: Kinds, board: Board, colour: int, by: int) -> None:
    board.state[colour] = OUT if by > 0 else OPEN
    for place in range(kinds.first[colour], kinds.first[colour + 1]):
        board.dead[kinds.member[place]] += by


@njit(cache=True)
def _keep(stack: Stack, count: int, cut: Any, size: int) -> int:
    """Remember a cut, as long as there is room. Returns how many are known."""
    begin = stack.offset[count]
    if size == 0 or count + 2 > stack.offset.shape[0] or begin + size > stack.cuts.shape[0]:
        return count
    stack.cuts[begin : begin + size] = cut[:size]
    stack.offset[count + 1] = begin + size
    return count + 1


@njit(cache=True)
def _known(board: Board, stack: Stack, count: int, most: int) -> Any:
    """
    The bound by the cuts on the stack. Returns (how many share no colour, the smallest cut and its size).

    More than *most* are not counted.
    """
    sizes = np.zeros(count, dtype=np.int64)
    small, smallest, largest = -1, 1 << 30, 0
    for i in range(count):
        free = 0
        for place in range(stack.offset[i], stack.offset[i + 1]):
            state = board.state[stack.cuts[place]]
            if state == IN:
                free = -1
                break
            if state == OPEN:
                free += 1
        sizes[i] = free
        if free == 0:
            return most + 1, i, 0
        if free > 0:
            largest = max(largest, free)
            if free < smallest:
                small, smallest = i, free
    apart = 0
    for want in range(smallest, largest + 1):
        for i in range(count):
            if sizes[i] != want or apart > most:
                continue
            clear = True
            for place in range(stack.offset[i], stack.offset[i + 1]):
                if board.inside[stack.cuts[place]]:
                    clear = False
                    break
            if clear:
                apart += 1
                for place in range(stack.offset[i], stack.offset[i + 1]):
                    if board.state[stack.cuts[place]] == OPEN:
                        board.inside[stack.cuts[place]] = True
    board.inside[:] = False
    return apart, small, smallest


@njit(cache=True)
def _common(board: Board, stack: Stack, count: int) -> int:
    """Leave in board.other the undecided colours that lie in every cut on the stack not yet hit; returns how many."""
    board.weight[:] = 0
    whole = 0
    for i in range(count):
        hit = False
        for place in range(stack.offset[i], stack.offset[i + 1]):
            if board.state[stack.cuts[place]] == IN:
                hit = True
                break
        if not hit:
            whole += 1
            for place in range(stack.offset[i], stack.offset[i + 1]):
                board.weight[stack.cuts[place]] += 1
    found = 0
    for colour in range(board.state.shape[0]):
        if board.state[colour] == OPEN and board.weight[colour] == whole:
            board.other[found] = colour
            found += 1
    return found


@njit(cache=True)
def _meet(board: Board, common: int, size: int) -> int:
    """Keep in board.other the colours that are in board.cut too."""
    for i in range(size):
        board.inside[board.cut[i]] = True
    left = 0
    for i in range(common):
        if board.inside[board.other[i]]:
            board.other[left] = board.other[i]
            left += 1
    for i in range(size):
        board.inside[board.cut[i]] = False
    return left


@njit(cache=True)
def _last(fore: Arcs, back: Arcs, kinds: Kinds, board: Board, stack: Stack, limit: float, row: int, common: int) -> bool:
    """Whether one more colour, of those in board.other, opens a way; it is granted then. The source is explored."""
    source, target = stack.at_work[SOURCE], stack.at_work[TARGET]
    ahead, behind = stack.ahead[row], stack.behind[row]
    size = edge_of(fore, kinds, board.lack, board.dead, ahead, limit, board.fore.far, board.state, board.inside, board.cut)
    common = _meet(board, common, size)
    if common == 0:
        return False
    start(back, board.lack, behind, limit, board.back, target, board.home)
    size = edge_of(back, kinds, board.lack, board.dead, behind, limit, board.back.far, board.state, board.inside, board.cut)
    common = _meet(board, common, size)
    board.fore.kept[:] = board.fore.far
    while common > 0:
        colour = board.other[common - 1]
        common -= 1
        grant(kinds, board, colour)
        if widen(fore, board.lack, ahead, limit, board.fore, colour, board.goal):
            return True
        size = edge_of(fore, kinds, board.lack, board.dead, ahead, limit, board.fore.far, board.state, board.inside, board.cut)
        common = _meet(board, common, size)
        _withdraw(kinds, board, colour)
        board.fore.far[:] = board.fore.kept
    return False


@njit(cache=True)
def _pack(
    fore: Arcs, back: Arcs, kinds: Kinds, board: Board, stack: Stack, limit: float, row: int, count: int, most: int
) -> Any:  # fmt: skip
    """
    Cuts that share no colour, from both ends inwards. Both regions are known. Returns (how many, cuts on the stack).
    """
    source, target = stack.at_work[SOURCE], stack.at_work[TARGET]
    ahead, behind = stack.ahead[row], stack.behind[row]
    board.lent[:] = board.lack
    apart = 0
    while apart <= min(most, 0 if most <= FEW else most):
        near = edge_of(fore, kinds, board.lent, board.dead, ahead, limit, board.fore.far, board.state, board.inside, board.cut)
        far = edge_of(back, kinds, board.lent, board.dead, behind, limit, board.back.far, board.state, board.inside, board.other)
        if near == 0 or far == 0:
            apart = most + 1  # an end is shut in by what is closed
            break
        if most <= FEW:
            count = _keep(stack, count, board.cut, near)
            count = _keep(stack, count, board.other, far)
        if near <= far:
            cut = board.cut
            size = shrink(fore, kinds, board.dead, ahead, limit, board.fore, board.barred, cut, near, back, behind, board.back, target, board.nowhere)
        else:
            cut = board.other
            size = shrink(back, kinds, board.dead, behind, limit, board.back, board.barred, cut, far, fore, ahead, board.fore, source, board.nowhere)
        count = _keep(stack, count, cut, size)
        apart += 1
        through = False
        for i in range(size):
            board.state[cut[i]] = LENT
            for place in range(kinds.first[cut[i]], kinds.first[cut[i] + 1]):
                board.lent[kinds.member[place]] -= 1
        for i in range(size):
            if widen(fore, board.lent, ahead, limit, board.fore, cut[i], board.goal):
                through = True
                break
            widen(back, board.lent, behind, limit, board.back, cut[i], board.home)
        if through:
            break
    for colour in range(board.state.shape[0]):
        if board.state[colour] == LENT:
            board.state[colour] = OPEN
    return apart, count


@njit(cache=True)
def _take(board: Board, stack: Stack, level: int, small: int) -> None:
    begin, size = stack.begin[level], 0
    for place in range(stack.offset[small], stack.offset[small + 1]):
        if board.state[stack.cuts[place]] == OPEN:
            stack.branch[begin + size] = stack.cuts[place]
            size += 1
    stack.size[level] = size


@njit(cache=True)
def _look(fore: Arcs, back: Arcs, kinds: Kinds, board: Board, stack: Stack, limit: float) -> int:
    """The node on top: FOUND, REFUTED, FULL, or SPENT when its level was given colours to try."""
    level = stack.at_work[LEVEL]
    most = stack.at_work[MOST] - level
    source, target = stack.at_work[SOURCE], stack.at_work[TARGET]
    count = stack.ends[level - 1] if level else 0
    row = stack.row[level - 1] if level else 0
    stack.size[level], stack.row[level], stack.ends[level] = 0, row, count
    apart, small, smallest = _known(board, stack, count, most)
    if apart > most:
        return REFUTED
    common = _common(board, stack, count) if most == 1 else 1
    if common == 0:
        return REFUTED
    if level and stack.at[level - 1] > 0 and most >= FEW and row + 1 < stack.ahead.shape[0]:
        board.back.kept[:] = stack.behind[row]
        start(back, board.dead, board.back.kept, limit, board.back, target, board.nowhere)
        stack.ahead[row + 1] = board.back.far
        if board.back.far[source] > limit:
            return REFUTED
        start(fore, board.dead, stack.ahead[row + 1], limit, board.fore, source, board.nowhere)
        row += 1
        stack.behind[row] = board.fore.far
        stack.row[level] = row
    if start(fore, board.lack, stack.ahead[row], limit, board.fore, source, board.goal):
        return FOUND
    if most <= 1:
        return FOUND if most == 1 and _last(fore, back, kinds, board, stack, limit, row, common) else REFUTED
    start(back, board.lack, stack.behind[row], limit, board.back, target, board.home)
    apart, count = _pack(fore, back, kinds, board, stack, limit, row, count, most)
    stack.ends[level] = count
    if apart > most:
        return REFUTED
    apart, small, smallest = _known(board, stack, count, most)
    if apart > most:
        return REFUTED
    if small < 0:
        return FULL
    _take(board, stack, level, small)
    return SPENT


@njit(cache=True)
def search(fore: Arcs, back: Arcs, kinds: Kinds, board: Board, stack: Stack, limit: float, budget: int) -> Any:
    """
    Go on with a search for as many as *budget* nodes.

    Args:
        fore: Arcs.
        back: Arcs the other way round.
        kinds: Kinds.
        board: What is granted at the node on top; all of it when a way is found.
        stack: Branches; at_work tells where it is.
        limit: Longest way.
        budget: Nodes to look at.

    Returns:
        (FOUND, REFUTED, SPENT, or FULL when there is no room for a cut; nodes looked at).
    """
    looked = 0
    work = stack.at_work
    while True:
        level = work[LEVEL]
        if work[DESCEND]:
            if looked >= budget:
                return SPENT, looked
            looked += 1
            said = _look(fore, back, kinds, board, stack, limit)
            if said in (FOUND, FULL):
                return said, looked
            stack.at[level] = -1
            work[DESCEND] = 0
        begin, size, at = stack.begin[level], stack.size[level], stack.at[level]
        if at >= 0:
            colour = stack.branch[begin + at]
            _withdraw(kinds, board, colour)
            close(kinds, board, colour, 1)
        at += 1
        if at < size:
            stack.at[level] = at
            grant(kinds, board, stack.branch[begin + at])
            work[LEVEL], work[DESCEND] = level + 1, 1
            stack.begin[level + 1] = begin + size
            continue
        for place in range(begin, begin + size):
            close(kinds, board, stack.branch[place], -1)
        if level == 0:
            return REFUTED, looked
        work[LEVEL] = level - 1
