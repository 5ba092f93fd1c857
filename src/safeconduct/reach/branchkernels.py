"""
Compiled branch and bound over colours: is there a way that needs no more than so many? Import this module lazily.

At each node some colours are granted and some closed. The regions reached from both ends over what is granted are
fenced by undecided colours: a cut. Cuts that share no colour need one each, which is the bound; where it allows a set,
the colours of the smallest cut are granted one after the other, each closed once it has been tried. The last few
colours are chosen many sets at a time (`lanekernels`).
"""

from __future__ import annotations

from typing import Any

from numba import njit

from safeconduct.reach.boardkernels import (
    DESCEND,
    LEVEL,
    MOST,
    SOURCE,
    TARGET,
    Board,
    Stack,
    close,
    grant,
    keep,
    known,
    withdraw,
)
from safeconduct.reach.cutkernels import LENT, OPEN, Arcs, Kinds, edge_of, shrink, start, widen
from safeconduct.reach.lanekernels import DEEP, Lanes, finish

REFUTED, FOUND, SPENT, FULL = 0, 1, 2, 3
FEW = 5  # colours still to choose up to which one small cut is made, not a whole packing of them
PATIENCE = 1 << 13  # choices of the last colours that are listed at one node


@njit(cache=True)
def _raw(fore: Arcs, back: Arcs, kinds: Kinds, board: Board, stack: Stack, limit: float, row: int, lack: Any) -> Any:
    """The cuts right around both ends, in board.cut and board.other: their sizes. Both regions are known."""
    near = edge_of(fore, kinds, lack, board.dead, stack.ahead[row], limit, board.fore.far, board.state, board.inside,
                   board.cut)  # fmt: skip
    far = edge_of(back, kinds, lack, board.dead, stack.behind[row], limit, board.back.far, board.state, board.inside,
                  board.other)  # fmt: skip
    return near, far


@njit(cache=True)
def _shrunk(
    fore: Arcs, back: Arcs, kinds: Kinds, board: Board, stack: Stack, limit: float, row: int, near: int, far: int
) -> Any:  # fmt: skip
    """The smaller one of the two ends' cuts without its spare colours, and its size."""
    source, target = stack.at_work[SOURCE], stack.at_work[TARGET]
    ahead, behind = stack.ahead[row], stack.behind[row]
    if near <= far:
        return board.cut, shrink(fore, kinds, board.dead, ahead, limit, board.fore, board.barred, board.cut, near,
                                 back, behind, board.back, target, board.nowhere)  # fmt: skip
    return board.other, shrink(back, kinds, board.dead, behind, limit, board.back, board.barred, board.other, far,
                               fore, ahead, board.fore, source, board.nowhere)  # fmt: skip


@njit(cache=True)
def _lend(
    fore: Arcs, back: Arcs, kinds: Kinds, board: Board, stack: Stack, limit: float, row: int, cut: Any, size: int
) -> bool:  # fmt: skip
    """Widen both regions as if the colours of a cut were granted; whether that opens a way."""
    for i in range(size):
        board.state[cut[i]] = LENT
        for place in range(kinds.first[cut[i]], kinds.first[cut[i] + 1]):
            board.lent[kinds.member[place]] -= 1
    for i in range(size):
        if widen(fore, board.lent, stack.ahead[row], limit, board.fore, cut[i], board.goal):
            return True
        widen(back, board.lent, stack.behind[row], limit, board.back, cut[i], board.home)
    return False


@njit(cache=True)
def _pack(
    fore: Arcs, back: Arcs, kinds: Kinds, board: Board, stack: Stack, limit: float, row: int, count: int, most: int
) -> Any:  # fmt: skip
    """
    Cuts that share no colour, from both ends inwards. Both regions are known. Returns (how many, cuts on the stack).
    """
    board.lent[:] = board.lack
    apart = 0
    while apart <= most:
        near, far = _raw(fore, back, kinds, board, stack, limit, row, board.lent)
        if near == 0 or far == 0:
            apart = most + 1  # an end is shut in by what is closed
            break
        if most <= FEW:
            count = keep(stack, count, board.cut, near)
            count = keep(stack, count, board.other, far)
        cut, size = _shrunk(fore, back, kinds, board, stack, limit, row, near, far)
        count = keep(stack, count, cut, size)
        apart += 1
        if most <= FEW or _lend(fore, back, kinds, board, stack, limit, row, cut, size):
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
def _fresh(fore: Arcs, back: Arcs, board: Board, stack: Stack, limit: float, row: int) -> bool:
    """Measure the lengths of the next row over what is not closed; whether there is a way at all."""
    source, target = stack.at_work[SOURCE], stack.at_work[TARGET]
    board.back.kept[:] = stack.behind[row]
    start(back, board.dead, board.back.kept, limit, board.back, target, board.nowhere)
    stack.ahead[row + 1] = board.back.far
    if board.back.far[source] > limit:
        return False
    start(fore, board.dead, stack.ahead[row + 1], limit, board.fore, source, board.nowhere)
    stack.behind[row + 1] = board.fore.far
    return True


@njit(cache=True)
def _look(
    fore: Arcs, back: Arcs, kinds: Kinds, board: Board, stack: Stack, lanes: Lanes, limit: float, step: float
) -> int:  # fmt: skip
    """The node on top: FOUND, REFUTED, FULL, or SPENT when its level was given colours to try."""
    level = stack.at_work[LEVEL]
    most = stack.at_work[MOST] - level
    count = stack.ends[level - 1] if level else 0
    row = stack.row[level - 1] if level else 0
    stack.size[level], stack.row[level], stack.ends[level] = 0, row, count
    if most > DEEP and known(board, stack, count, most)[0] > most:
        return REFUTED
    if level and stack.at[level - 1] > 0 and most >= FEW and row + 1 < stack.ahead.shape[0]:
        if not _fresh(fore, back, board, stack, limit, row):
            return REFUTED
        row += 1
        stack.row[level] = row
    if start(fore, board.lack, stack.ahead[row], limit, board.fore, stack.at_work[SOURCE], board.goal):
        return FOUND
    if most == 0:
        return REFUTED
    start(back, board.lack, stack.behind[row], limit, board.back, stack.at_work[TARGET], board.home)
    if most <= DEEP:
        said, count = _end(fore, back, kinds, board, stack, lanes, limit, step, row, count, most)
        if said != SPENT:
            return int(said)
    return _branch(fore, back, kinds, board, stack, limit, row, count)


@njit(cache=True)
def _end(
    fore: Arcs, back: Arcs, kinds: Kinds, board: Board, stack: Stack, lanes: Lanes, limit: float, step: float, row: int,
    count: int, most: int,
) -> Any:  # fmt: skip
    """The last colours: (FOUND, REFUTED, or SPENT where there are too many choices; cuts on the stack)."""
    near, far = _raw(fore, back, kinds, board, stack, limit, row, board.lack)
    if near == 0 or far == 0:
        return REFUTED, count
    count = keep(stack, keep(stack, count, board.cut, near), board.other, far)
    tried = finish(fore, kinds, board, stack, lanes, limit, step, row, count, most, PATIENCE)
    if tried < 0:
        return SPENT, count
    return (FOUND if tried else REFUTED), count


@njit(cache=True)
def _branch(
    fore: Arcs, back: Arcs, kinds: Kinds, board: Board, stack: Stack, limit: float, row: int, count: int
) -> int:  # fmt: skip
    """Give the level the colours of a small cut to try, unless cuts that share no colour are too many."""
    level = stack.at_work[LEVEL]
    most = stack.at_work[MOST] - level
    if most > DEEP:
        apart, count = _pack(fore, back, kinds, board, stack, limit, row, count, most)
        if apart > most:
            return REFUTED
    stack.ends[level] = count
    apart, small = known(board, stack, count, most)
    if apart > most or small < 0:
        return REFUTED if small >= 0 else FULL
    _take(board, stack, level, small)
    return SPENT


@njit(cache=True)
def search(
    fore: Arcs, back: Arcs, kinds: Kinds, board: Board, stack: Stack, lanes: Lanes, limit: float, step: float,
    budget: int,
) -> Any:  # fmt: skip
    """
    Go on with a search for as many as *budget* nodes.

    Args:
        fore: Arcs.
        back: Arcs the other way round.
        kinds: Kinds.
        board: What is granted at the node on top; all of it when a way is found.
        stack: Branches; at_work tells where it is.
        lanes: Room for the last colours.
        limit: Longest way.
        step: Length of the shortest arc.
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
            said = _look(fore, back, kinds, board, stack, lanes, limit, step)
            if said in (FOUND, FULL):
                return said, looked
            stack.at[level] = -1
            work[DESCEND] = 0
        begin, size, at = stack.begin[level], stack.size[level], stack.at[level]
        if at >= 0:
            colour = stack.branch[begin + at]
            withdraw(kinds, board, colour)
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
