"""
Compiled branch and bound over colours: is there a way that needs no more than so many? Import this module lazily.

At each node some colours are granted and some closed. The regions reached from both ends over what is granted are
fenced by undecided colours: a cut. Cuts that share no colour need one each, which is the bound; where it allows a set,
the colours of the smallest cut are granted one after the other, each closed once it has been tried.
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
    common,
    grant,
    keep,
    known,
    meet,
    withdraw,
)
from safeconduct.reach.cutkernels import LENT, OPEN, Arcs, Kinds, Region, edge_of, shrink, start, widen

REFUTED, FOUND, SPENT, FULL = 0, 1, 2, 3
RAW = 3  # colours still to choose up to which the two ends' own cuts are enough
FEW = 5  # colours still to choose up to which one small cut is made, not a whole packing of them


@njit(cache=True)
def _edge(arcs: Arcs, kinds: Kinds, board: Board, lack: Any, rest: Any, limit: float, region: Region, cut: Any) -> int:
    return int(edge_of(arcs, kinds, lack, board.dead, rest, limit, region.far, board.state, board.inside, cut))


@njit(cache=True)
def _last(
    fore: Arcs, back: Arcs, kinds: Kinds, board: Board, stack: Stack, limit: float, row: int, candidates: int
) -> bool:
    """Whether one more colour, of those in board.other, opens a way; it is granted then. The source is explored."""
    target = stack.at_work[TARGET]
    ahead, behind = stack.ahead[row], stack.behind[row]
    size = _edge(fore, kinds, board, board.lack, ahead, limit, board.fore, board.cut)
    candidates = meet(board, candidates, size)
    if candidates == 0:
        return False
    start(back, board.lack, behind, limit, board.back, target, board.home)
    size = _edge(back, kinds, board, board.lack, behind, limit, board.back, board.cut)
    candidates = meet(board, candidates, size)
    board.fore.kept[:] = board.fore.far
    while candidates > 0:
        colour = board.other[candidates - 1]
        candidates -= 1
        grant(kinds, board, colour)
        if widen(fore, board.lack, ahead, limit, board.fore, colour, board.goal):
            return True
        size = _edge(fore, kinds, board, board.lack, ahead, limit, board.fore, board.cut)
        candidates = meet(board, candidates, size)
        withdraw(kinds, board, colour)
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
        near = _edge(fore, kinds, board, board.lent, ahead, limit, board.fore, board.cut)
        far = _edge(back, kinds, board, board.lent, behind, limit, board.back, board.other)
        if near == 0 or far == 0:
            apart = most + 1  # an end is shut in by what is closed
            break
        if most <= FEW:
            count = keep(stack, count, board.cut, near)
            count = keep(stack, count, board.other, far)
            if most <= RAW:
                return 1, count
        if near <= far:
            cut = board.cut
            size = shrink(
                fore,
                kinds,
                board.dead,
                ahead,
                limit,
                board.fore,
                board.barred,
                cut,
                near,
                back,
                behind,
                board.back,
                target,
                board.nowhere,
            )
        else:
            cut = board.other
            size = shrink(
                back,
                kinds,
                board.dead,
                behind,
                limit,
                board.back,
                board.barred,
                cut,
                far,
                fore,
                ahead,
                board.fore,
                source,
                board.nowhere,
            )
        count = keep(stack, count, cut, size)
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
def _look(fore: Arcs, back: Arcs, kinds: Kinds, board: Board, stack: Stack, limit: float) -> int:
    """The node on top: FOUND, REFUTED, FULL, or SPENT when its level was given colours to try."""
    level = stack.at_work[LEVEL]
    most = stack.at_work[MOST] - level
    count = stack.ends[level - 1] if level else 0
    row = stack.row[level - 1] if level else 0
    stack.size[level], stack.row[level], stack.ends[level] = 0, row, count
    candidates = common(board, stack, count) if most == 1 else 0
    if (most == 1 and candidates == 0) or (most > 1 and known(board, stack, count, most)[0] > most):
        return REFUTED
    if level and stack.at[level - 1] > 0 and most >= FEW and row + 1 < stack.ahead.shape[0]:
        if not _fresh(fore, back, board, stack, limit, row):
            return REFUTED
        row += 1
        stack.row[level] = row
    if start(fore, board.lack, stack.ahead[row], limit, board.fore, stack.at_work[SOURCE], board.goal):
        return FOUND
    if most == 1 and _last(fore, back, kinds, board, stack, limit, row, candidates):
        return FOUND
    return _branch(fore, back, kinds, board, stack, limit, row, count) if most > 1 else REFUTED


@njit(cache=True)
def _branch(
    fore: Arcs, back: Arcs, kinds: Kinds, board: Board, stack: Stack, limit: float, row: int, count: int
) -> int:  # fmt: skip
    """Give the level the colours of a small cut to try, unless cuts that share no colour are too many."""
    level = stack.at_work[LEVEL]
    most = stack.at_work[MOST] - level
    target = stack.at_work[TARGET]
    start(back, board.lack, stack.behind[row], limit, board.back, target, board.home)
    apart, count = _pack(fore, back, kinds, board, stack, limit, row, count, most)
    stack.ends[level] = count
    if apart > most:
        return REFUTED
    apart, small, _ = known(board, stack, count, most)
    if apart > most or small < 0:
        return REFUTED if small >= 0 else FULL
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
