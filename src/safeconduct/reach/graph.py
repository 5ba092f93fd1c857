"""Graphs whose arcs have colours: the common ground of the solvers, of the certificates and of the benchmark."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from safeconduct.model.errors import InvalidInput

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int32]
Words: TypeAlias = NDArray[np.uint64]
Bools: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class ColouredGraph:
    """
    Directed arcs in rows by tail; each needs a set of colours, held once in a palette.

    Args:
        begin: Offsets of each node's arcs, int32, shape (n + 1,).

        head: Node each arc leads to, int32, shape (m,).

        length: Length of each arc, any one unit, >= 0, shape (m,).

        kind: Row of the palette of each arc, int32, shape (m,).

        palette: Sets of colours, uint64, shape (p, W): colour c is bit c % 64 of word c // 64.

        colours: How many colours there are.
    """

    begin: Integers
    head: Integers
    length: Floats
    kind: Integers
    palette: Words
    colours: int
    _tail: list[Integers] = field(init=False, default_factory=list)

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return len(self.begin) - 1

    @property
    def tail(self) -> Integers:
        """Node each arc comes from, shape (m,)."""
        if not self._tail:
            self._tail.append(np.repeat(np.arange(self.nodes, dtype=np.int32), np.diff(self.begin)))
        return self._tail[0]

    def reverse(self) -> ColouredGraph:
        """The same arcs the other way round."""
        return from_arcs(self.nodes, self.head, self.tail, self.length, self.kind, self.palette, self.colours)


def from_arcs(  # noqa: PLR0917
    nodes: int, tails: Any, heads: Any, lengths: Any, kinds: Any, palette: Words, colours: int
) -> ColouredGraph:
    """
    A graph of arcs in any order; arcs of one tail keep theirs.

    Raises:
        InvalidInput: The columns differ in length, an arc leads nowhere, or a length is negative or not finite.
    """
    tail, head = np.asarray(tails, dtype=np.int32), np.asarray(heads, dtype=np.int32)
    length, kind = np.asarray(lengths, dtype=np.float64), np.asarray(kinds, dtype=np.int32)
    if not len(tail) == len(head) == len(length) == len(kind):
        raise InvalidInput("not a graph", where="arcs", expected="columns of one length", got="different lengths")
    if len(tail) and not (min(tail.min(), head.min()) >= 0 and max(tail.max(), head.max()) < nodes):
        raise InvalidInput("not a graph", where="arcs", expected=f"nodes 0 to {nodes - 1}", got="another node")
    if len(tail) and not (np.isfinite(length).all() and length.min() >= 0.0):
        raise InvalidInput("not a graph", where="arcs", expected="lengths >= 0", got="another number")
    order = np.argsort(tail, kind="stable")
    begin = np.concatenate([[0], np.cumsum(np.bincount(tail, minlength=nodes))]).astype(np.int32)
    return ColouredGraph(begin, head[order], length[order], kind[order], palette, colours)


def words_of(sets: Iterable[Iterable[int]], colours: int) -> Words:
    """Sets of colours as rows of words, shape (sets, ceil(colours / 64) or 1)."""
    rows = [tuple(each) for each in sets]
    words = np.zeros((len(rows), max(1, (colours + 63) // 64)), dtype=np.uint64)
    for row, each in enumerate(rows):
        for colour in each:
            words[row, colour >> 6] |= np.uint64(1) << np.uint64(colour & 63)
    return words


def colours_of(words: Words) -> frozenset[int]:
    """The colours of one row of words."""
    return frozenset(
        64 * place + bit for place, word in enumerate(words.tolist()) for bit in range(64) if word >> bit & 1
    )


def graph_of(
    nodes: int, arcs: Sequence[tuple[int, int, float, frozenset[int]]], colours: int, *, both_ways: bool = False
) -> ColouredGraph:
    """
    A graph of (tail, head, length, colours) rows; *both_ways* adds each arc's reverse.

    Raises:
        InvalidInput: As `from_arcs`, or a colour is out of range.
    """
    if any(not 0 <= colour < colours for arc in arcs for colour in arc[3]):
        raise InvalidInput("not a graph", where="arcs", expected=f"colours 0 to {colours - 1}", got="another colour")
    rows = [*arcs, *((head, tail, length, needs) for tail, head, length, needs in arcs)] if both_ways else list(arcs)
    kinds: dict[frozenset[int], int] = {frozenset(): 0}
    kind = [kinds.setdefault(needs, len(kinds)) for _, _, _, needs in rows]
    palette = words_of(kinds, colours)
    columns = [[row[place] for row in rows] for place in range(3)]
    return from_arcs(nodes, columns[0], columns[1], columns[2], kind, palette, colours)
