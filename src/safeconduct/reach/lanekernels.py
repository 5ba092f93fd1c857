"""
Compiled end of the branching search: the last few colours, up to 64 choices of them at once. Import it lazily.

A choice that opens a way hits every cut known, so those are listed that do. Each is one bit of a word: one search of
the graph carries for each node the word of the choices that reach it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from safeconduct.reach.boardkernels import SOURCE, Board, Stack, grant, withdraw
from safeconduct.reach.cutkernels import IN, OPEN, Arcs, Kinds, start

LANES = 64  # bits of a word
DEEP = 4  # colours still to choose from which on the choices are listed


class Lanes(NamedTuple):
    """
    Room to list choices and to try them.

    Args:
        reach: Of each node, the choices that reach it.
        fresh: Of each node, those that reached it in the last step and in this one; 0 between uses; shape (2, nodes).
        queue: Nodes reached in the last step and in this one, shape (2, nodes).
        through: Of each kind of arc, the choices that may use it.
        has: Of each colour, the choices that have it.
        choice: Colours of each choice, shape (LANES, DEEP).
        path: Colours chosen so far, shape (DEEP,).
        free: Of each depth, the colours that may still be chosen, as words.
        todo: Of each depth, the colours to try next, as words.
        cuts: Of each depth, the cuts not hit yet, as words: shape (DEEP, cuts, W).
        count: Of each depth, how many they are.
    """

    reach: Any
    fresh: Any
    queue: Any
    through: Any
    has: Any
    choice: Any
    path: Any
    free: Any
    todo: Any
    cuts: Any
    count: Any


@njit(cache=True)
def _ones(word: Any) -> int:
    word -= (word >> np.uint64(1)) & np.uint64(0x5555555555555555)
    word = (word & np.uint64(0x3333333333333333)) + ((word >> np.uint64(2)) & np.uint64(0x3333333333333333))
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return int((word * np.uint64(0x0101010101010101)) >> np.uint64(56))


@njit(cache=True)
def _gather(board: Board, stack: Stack, lanes: Lanes, count: int) -> int:
    """The undecided colours, and the cuts on the stack that nothing granted hits. Returns how many are undecided."""
    undecided, left = 0, 0
    free, cuts, state, offset, colours = lanes.free, lanes.cuts, board.state, stack.offset, stack.cuts
    free[0] = 0
    for colour in range(state.shape[0]):
        if state[colour] == OPEN:
            free[0, colour >> 6] |= np.uint64(1) << np.uint64(colour & 63)
            undecided += 1
    for i in range(count):
        cuts[0, left] = 0
        hit = False
        for place in range(offset[i], offset[i + 1]):
            colour = colours[place]
            if state[colour] == IN:
                hit = True
                break
            cuts[0, left, colour >> 6] |= np.uint64(1) << np.uint64(colour & 63)
        if not hit:
            left += 1
    lanes.count[0] = left
    return undecided


@njit(cache=True)
def _list(todo: Any, free: Any, cuts: Any, count: int, depth: int, last: bool) -> None:
    """Colours to try next: for the last one those in all cuts not hit, else those of the smallest cut."""
    words = todo.shape[1]
    for w in range(words):
        todo[depth, w] = free[depth, w]
    fewest = 1 << 30
    for i in range(count):
        size = 0
        for w in range(words):
            if last:
                todo[depth, w] &= cuts[depth, i, w]
            else:
                size += _ones(cuts[depth, i, w] & free[depth, w])
        if not last and size < fewest:
            fewest = size
            for w in range(words):
                todo[depth, w] = cuts[depth, i, w] & free[depth, w]


@njit(cache=True)
def _next(todo: Any, free: Any, depth: int) -> int:
    """The next colour to try, struck off; -1 if none is left."""
    for w in range(todo.shape[1]):
        word = todo[depth, w]
        if word:
            low = word & (~word + np.uint64(1))
            todo[depth, w] ^= low
            free[depth, w] &= ~low
            return 64 * w + _ones(low - np.uint64(1))
    return -1


@njit(cache=True)
def _fill(todo: Any, path: Any, choice: Any, depth: int, many: int) -> int:
    """List a choice for each colour that may come last, struck off, while there is room. Returns how many there are."""
    for w in range(todo.shape[1]):
        word = todo[depth, w]
        while word and many < LANES:
            low = word & (~word + np.uint64(1))
            word ^= low
            for i in range(depth):
                choice[many, i] = path[i]
            choice[many, depth] = 64 * w + _ones(low - np.uint64(1))
            many += 1
        todo[depth, w] = word
    return many


@njit(cache=True)
def _descend(free: Any, cuts: Any, count: int, depth: int, colour: int) -> int:
    """Choose a colour: what may be chosen beside it, and the cuts that it leaves. Returns how many cuts."""
    words, left = free.shape[1], 0
    for w in range(words):
        free[depth + 1, w] = free[depth, w]
    for i in range(count):
        if not (cuts[depth, i, colour >> 6] >> np.uint64(colour & 63)) & np.uint64(1):
            for w in range(words):
                cuts[depth + 1, left, w] = cuts[depth, i, w]
            left += 1
    return left


@njit(cache=True)
def _open(kinds: Kinds, board: Board, lanes: Lanes, many: int, most: int) -> Any:
    """For each kind of arc the choices that may use it; returns the word of all choices."""
    every = ~np.uint64(0) >> np.uint64(LANES - many)
    has, choice, through = lanes.has, lanes.choice, lanes.through
    begin, colours, state, lack, dead = kinds.begin, kinds.colour, board.state, board.lack, board.dead
    has[:] = 0
    for lane in range(many):
        for i in range(most):
            has[choice[lane, i]] |= np.uint64(1) << np.uint64(lane)
    for kind in range(lack.shape[0]):
        word = np.uint64(0) if dead[kind] > 0 else every
        if lack[kind] > 0:
            for place in range(begin[kind], begin[kind + 1]):
                if state[colours[place]] != IN:
                    word &= has[colours[place]]
        through[kind] = word
    return every


@njit(cache=True)
def _spread(
    fore: Arcs, lanes: Lanes, every: Any, source: int, ahead: Any, home: Any, limit: float, step: float
) -> Any:  # fmt: skip
    """
    The choices with a way from *source* to where *home* tells the rest of the length.

    Each arc counts as *step*, the shortest of them: exact where all have one length, else more choices may be named.
    """
    reach, fresh, queue = lanes.reach, lanes.fresh, lanes.queue
    begin, head, kind, through = fore.begin, fore.head, fore.kind, lanes.through
    reach[:] = 0
    reach[source] = fresh[0, source] = every
    queue[0, 0] = source
    size, length, won, now = 1, 0.0, np.uint64(0), 0
    while size > 0:
        length += step
        found = 0
        for i in range(size):
            here = queue[now, i]
            word = fresh[now, here] & ~won
            fresh[now, here] = 0
            for arc in range(begin[here], begin[here + 1]):
                to = head[arc]
                new = word & through[kind[arc]] & ~reach[to]
                if new == 0 or length + ahead[to] > limit:
                    continue
                reach[to] |= new
                if length + home[to] <= limit:
                    won |= new
                if fresh[1 - now, to] == 0:
                    queue[1 - now, found] = to
                    found += 1
                fresh[1 - now, to] |= new
        size, now = found, 1 - now
    return won


@njit(cache=True)
def _one_opens(
    fore: Arcs, kinds: Kinds, board: Board, stack: Stack, lanes: Lanes, limit: float, step: float, row: int, many: int,
    most: int,
) -> bool:  # fmt: skip
    """Whether one of the choices listed opens a way; its colours are granted then."""
    source, ahead = stack.at_work[SOURCE], stack.ahead[row]
    every = _open(kinds, board, lanes, many, most)
    won = _spread(fore, lanes, every, source, ahead, board.back.far, limit, step)
    for lane in range(many):
        if not (won >> np.uint64(lane)) & np.uint64(1):
            continue
        for i in range(most):
            grant(kinds, board, lanes.choice[lane, i])
        if start(fore, board.lack, ahead, limit, board.fore, source, board.goal):
            return True
        for i in range(most):
            withdraw(kinds, board, lanes.choice[lane, i])
    return False


@njit(cache=True)
def finish(
    fore: Arcs, kinds: Kinds, board: Board, stack: Stack, lanes: Lanes, limit: float, step: float, row: int, count: int,
    most: int, patience: int,
) -> int:  # fmt: skip
    """
    Try every choice of the last colours that hits the cuts on the stack.

    Choices of just *most* colours are enough: more colours never close a way.

    Args:
        fore: Arcs.
        kinds: Kinds.
        board: What is granted; its region of the target is known. Where a choice opens a way, that is granted too.
        stack: Cuts and lengths.
        lanes: Room.
        limit: Longest way.
        step: Length of the shortest arc.
        row: Lengths to use.
        count: How many cuts are known.
        most: Colours to choose, 1 to DEEP.
        patience: Choices to try at most, unless *most* is 1.

    Returns:
        1 if a choice opens a way, 0 if none does, -1 if there were too many.
    """
    most = min(most, _gather(board, stack, lanes, count))
    many, tried, depth = 0, 0, 0
    todo, free, cuts, counts, path, choice = lanes.todo, lanes.free, lanes.cuts, lanes.count, lanes.path, lanes.choice
    if most > 0:
        _list(todo, free, cuts, counts[0], 0, most == 1)
    while depth >= 0 and most > 0:
        if depth + 1 == most:
            many = _fill(todo, path, choice, depth, many)
            if many < LANES:
                depth -= 1
                continue
            if _one_opens(fore, kinds, board, stack, lanes, limit, step, row, many, most):
                return 1
            many, tried = 0, tried + many
            if tried >= patience and most > 1:
                return -1
            continue
        colour = _next(todo, free, depth)
        if colour < 0:
            depth -= 1
            continue
        path[depth] = colour
        counts[depth + 1] = _descend(free, cuts, counts[depth], depth, colour)
        depth += 1
        _list(todo, free, cuts, counts[depth], depth, depth + 1 == most)
    return 1 if many > 0 and _one_opens(fore, kinds, board, stack, lanes, limit, step, row, many, most) else 0
