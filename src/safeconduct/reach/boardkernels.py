"""Compiled state of the branching search: what is granted and closed, and the cuts learnt. Import it lazily."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from safeconduct.reach.cutkernels import IN, OPEN, OUT, Kinds, Region

LEVEL, DESCEND, MOST, SOURCE, TARGET = 0, 1, 2, 3, 4  # places in Stack.at_work


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
def withdraw(kinds: Kinds, board: Board, colour: int) -> None:
    board.state[colour] = OPEN
    for place in range(kinds.first[colour], kinds.first[colour + 1]):
        board.lack[kinds.member[place]] += 1


@njit(cache=True)
def close(kinds: Kinds, board: Board, colour: int, by: int) -> None:
    board.state[colour] = OUT if by > 0 else OPEN
    for place in range(kinds.first[colour], kinds.first[colour + 1]):
        board.dead[kinds.member[place]] += by


@njit(cache=True)
def keep(stack: Stack, count: int, cut: Any, size: int) -> int:
    """Remember a cut, as long as there is room. Returns how many are known."""
    begin = stack.offset[count]
    if size == 0 or count + 2 > stack.offset.shape[0] or begin + size > stack.cuts.shape[0]:
        return count
    stack.cuts[begin : begin + size] = cut[:size]
    stack.offset[count + 1] = begin + size
    return count + 1


@njit(cache=True)
def known(board: Board, stack: Stack, count: int, most: int) -> Any:
    """
    The bound by the cuts on the stack. Returns (how many share no colour, the smallest cut or -1).

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
            return most + 1, i
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
    return apart, small
