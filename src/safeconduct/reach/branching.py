"""Branch and bound over colours: refutes sets up to a size, piece by piece, and looks for smaller ones near a known."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from safeconduct.reach.graph import ColouredGraph, colours_of

CELLS = 1 << 21  # lengths kept for the levels of a search, 8 bytes each
ROOM = 1 << 22  # colours of the cuts that a search remembers, 4 bytes each
CUTS = 1 << 14  # cuts that a search remembers
ROUNDING = 1e-12  # ways within the limit but for rounding are refuted too
DROPPED = (6, 11)  # colours taken out of a set at a time when looking for a smaller one, the last not included
NEAR = 100  # nodes looked at before another try near a known set


class Question:
    """
    A graph laid out for the compiled search; searches of one question share it.

    Args:
        graph: Coloured arcs; each colour is on some arc.

        source: Node.

        target: Node that the source reaches within *limit*.

        limit: Longest way of interest.
    """

    def __init__(self, graph: ColouredGraph, source: int, target: int, limit: float) -> None:
        from safeconduct.reach import (  # lazy: compiled code, not wanted before a route is
            boardkernels,
            branchkernels,
            cutkernels,
            lanekernels,
        )

        self.kernels, self.boards, self.cutkernels, self.lanes = branchkernels, boardkernels, cutkernels, lanekernels
        self.ends, self.limit = (source, target), limit * (1.0 + ROUNDING)
        self.step = float(graph.length.min()) if len(graph.length) else 0.0
        self.nodes, self.colours = graph.nodes, graph.colours
        sets = [np.array(sorted(colours_of(row)), dtype=np.int32) for row in graph.palette]
        self.sizes = np.array([len(each) for each in sets], dtype=np.int32)
        begin = np.concatenate([[0], np.cumsum(self.sizes)]).astype(np.int32)
        colour = np.concatenate([np.empty(0, dtype=np.int32), *sets])
        kind_of = np.repeat(np.arange(len(sets), dtype=np.int32), self.sizes)
        self.kinds = cutkernels.Kinds(begin, colour, *_rows(colour, kind_of, graph.colours))
        self.fore, self.back = (self._arcs(each) for each in (graph, graph.reverse()))

    def _arcs(self, graph: ColouredGraph) -> Any:
        many = self.sizes[graph.kind]
        arc = np.repeat(np.arange(len(graph.kind), dtype=np.int32), many)
        within = np.arange(len(arc)) - np.repeat(np.cumsum(many) - many, many)
        colour = self.kinds.colour[np.repeat(self.kinds.begin[graph.kind], many) + within]
        return self.cutkernels.Arcs(
            graph.begin, graph.head, graph.length, graph.kind, graph.tail, *_rows(colour, arc, graph.colours)
        )


def _rows(of: Any, member: Any, count: int) -> tuple[Any, Any]:
    order = np.argsort(of, kind="stable")
    return np.concatenate([[0], np.cumsum(np.bincount(of, minlength=count))]).astype(np.int32), member[order]


def _room(question: Question) -> Any:
    many, deep, width = question.lanes.LANES, question.lanes.DEEP, (question.colours + 63) // 64

    def words(*shape: int) -> Any:
        return np.zeros(shape, dtype=np.uint64)

    def numbers(*shape: int) -> Any:
        return np.zeros(shape, dtype=np.int32)

    return question.lanes.Lanes(
        words(question.nodes), words(2, question.nodes), numbers(2, question.nodes),
        words(len(question.sizes)), words(question.colours), numbers(many, deep), numbers(deep),
        words(deep, width), words(deep, width), words(deep, CUTS, width), numbers(deep),
    )  # fmt: skip


class Search:
    """
    One search of a question; `begin` it, then `go_on` until it says that it is done.

    Args:
        question: The question.

        most: No search will be for more colours than this.
    """

    def __init__(self, question: Question, most: int) -> None:
        self.question = question
        nodes, colours, kinds = question.nodes, question.colours, len(question.sizes)
        source, target = question.ends

        def words(size: int) -> Any:
            return np.zeros(size, dtype=np.int32)

        def region() -> Any:
            far = np.full(nodes, np.inf)
            return question.cutkernels.Region(far, far.copy(), words(nodes + 1), np.zeros(nodes, np.bool_))

        goals = np.full((3, nodes), np.inf)
        goals[0, target] = goals[1, source] = 0.0
        self.board = question.boards.Board(
            np.zeros(colours, np.int8), *(words(kinds) for _ in range(4)), np.zeros(colours, np.bool_),
            words(colours), words(colours), region(), region(), *goals,
        )  # fmt: skip
        levels, rows = most + 2, max(1, min(most + 2, CELLS // nodes))
        self.stack = question.boards.Stack(
            words(levels * colours), *(words(levels) for _ in range(5)), words(min(ROOM, levels * levels * colours)),
            words(CUTS), np.empty((rows, nodes)), np.empty((rows, nodes)), np.zeros(5, dtype=np.int64),
        )  # fmt: skip
        self.lanes = _room(question)
        start, board, stack = question.cutkernels.start, self.board, self.stack
        start(question.back, board.dead, np.zeros(nodes), question.limit, board.back, target, board.nowhere)
        stack.ahead[0] = board.back.far
        start(question.fore, board.dead, stack.ahead[0], question.limit, board.fore, source, board.nowhere)
        stack.behind[0] = board.fore.far

    def begin(self, most: int, given: frozenset[int] = frozenset(), without: int = -1) -> None:
        """Look for at most *most* colours beside those *given* that open a way; one colour may be ruled out."""
        board, boards = self.board, self.question.boards
        board.state[:], board.lack[:], board.dead[:] = 0, self.question.sizes, 0
        self.stack.at_work[:] = (0, 1, most, *self.question.ends)
        self.stack.begin[0] = self.stack.offset[0] = 0
        for colour in given:
            boards.grant(self.question.kinds, board, colour)
        if without >= 0:
            boards.close(self.question.kinds, board, without, 1)

    def go_on(self, nodes: int) -> int:
        """FOUND, REFUTED, SPENT or FULL of the kernels, after at most so many nodes."""
        asked = self.question
        said, _ = asked.kernels.search(
            asked.fore, asked.back, asked.kinds, self.board, self.stack, self.lanes, asked.limit, asked.step, nodes
        )
        return int(said)

    def granted(self) -> frozenset[int]:
        """The colours of the set found."""
        return frozenset(np.flatnonzero(self.board.state == self.question.cutkernels.IN).tolist())

    def first_cuts(self) -> list[frozenset[int]]:
        """The cuts of the first node, after something was looked at: they hold whatever is granted or closed."""
        stack = self.stack
        offset = stack.offset[: int(stack.ends[0]) + 1].tolist()
        return [frozenset(stack.cuts[a:b].tolist()) for a, b in pairwise(offset)]


def smaller_near(
    search: Search, known: frozenset[int], random: np.random.Generator
) -> tuple[frozenset[int] | None, bool]:
    """
    Try to replace a few colours of a set by fewer, or by as many others.

    Returns:
        (another set that opens a way, or None; whether it is smaller).
    """
    names = random.permutation(sorted(known)).tolist()
    drop = names[: min(len(names), int(random.integers(*DROPPED)))]
    less = bool(random.random() < 0.5)
    search.begin(len(drop) - less, known - set(drop), -1 if less else drop[0])
    said = search.go_on(NEAR)
    return (search.granted(), less) if said == search.question.kernels.FOUND else (None, less)
