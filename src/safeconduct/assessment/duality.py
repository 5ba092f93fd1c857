"""Minimal sufficient and minimal blocking sets of a monotone question, each the hitting-set dual of the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dual:
    """
    Two families of sets of items, each set a bit mask (bit i stands for item i).

    Args:
        sufficient: Minimal sets that are enough.

        blocking: Minimal sets without which the rest is not enough.

        complete: False if the search was cut short; each set listed is still right, others may be missing.
    """

    sufficient: tuple[int, ...]
    blocking: tuple[int, ...]
    complete: bool


def bits(mask: int) -> Iterator[int]:
    """Positions of the ones in *mask* >= 0, lowest first; none for 0."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def minimal_masks(masks: Iterable[int]) -> tuple[int, ...]:
    """Those of *masks* that contain no other of them, each once, by number of ones and then by value."""
    kept: list[int] = []
    for mask in sorted(set(masks), key=lambda each: (each.bit_count(), each)):
        if not any(small & mask == small for small in kept):
            kept.append(mask)
    return tuple(kept)


def dualise(count: int, enough: Callable[[int], bool], *, limit: int | None = None) -> Dual:
    """
    Find all minimal sufficient and all minimal blocking sets of a monotone oracle over *count* items.

    Dualise and advance (Gunopulos, Khardon, Mannila, Saluja, Toivonen, Verma and Sharma, "Discovering all most
    specific sentences", ACM TODS 28, 2003): each minimal hitting set T of the sufficient sets known so far is either
    blocking, or all items but T are enough and shrink to a sufficient set that was not known. The hitting sets are
    walked depth first (Kavvadias and Stavropoulos, J. Graph Algorithms Appl. 9, 2005), so memory grows with the answer
    and the oracle's memory alone.

    Args:
        count: Number of items, >= 0. Any size; the work grows with the size of the answer.

        enough: The oracle: whether the items in a bit mask are enough. Must be monotone (more is never worse), or the
            answer means nothing. Asked at most once for each mask.

        limit: Stop when this many sets of both kinds together are found, >= 0; None for no limit.

    Returns:
        The two families in the order found. Enough with nothing: sufficient (0,), blocking (). Never enough:
        sufficient (), blocking (0,).
    """
    everything = (1 << count) - 1
    memo: dict[int, bool] = {}

    def asked(mask: int) -> bool:
        if mask not in memo:
            memo[mask] = enough(mask)
        return memo[mask]

    hypergraph = _Hypergraph(count)
    blocking: list[int] = []
    open_sets = [0]
    while open_sets:
        if limit is not None and len(hypergraph.edges) + len(blocking) >= limit:
            return Dual(tuple(hypergraph.edges), tuple(blocking), complete=False)
        chosen = open_sets.pop()
        children = hypergraph.extensions(chosen)
        if children is not None:
            open_sets.extend(children)
        elif asked(everything & ~chosen):
            hypergraph.add(_shrink(everything & ~chosen, asked))
            open_sets.append(chosen)
        else:
            blocking.append(chosen)
    return Dual(tuple(hypergraph.edges), tuple(blocking), complete=True)


def transversals(count: int, edges: Sequence[int], *, limit: int | None = None) -> Dual:
    """
    Find all minimal sets that hit every one of *edges*: the dual of a family that is known outright.

    Args:
        count: Number of items, >= 0.

        edges: Bit masks below 2**count; those that contain another one are left out first.

        limit: Stop when this many hitting sets are found; None for no limit.

    Returns:
        The minimal edges as `sufficient`, their minimal hitting sets as `blocking`. No edges: the empty set hits all.
        An empty edge: nothing hits it.
    """
    hypergraph = _Hypergraph(count)
    for edge in minimal_masks(edges):
        hypergraph.add(edge)
    hitting: list[int] = []
    open_sets = [0]
    while open_sets:
        if limit is not None and len(hitting) >= limit:
            return Dual(tuple(hypergraph.edges), tuple(hitting), complete=False)
        chosen = open_sets.pop()
        children = hypergraph.extensions(chosen)
        if children is None:
            hitting.append(chosen)
        else:
            open_sets.extend(children)
    return Dual(tuple(hypergraph.edges), tuple(hitting), complete=True)


def _shrink(mask: int, enough: Callable[[int], bool]) -> int:
    """Drop items from a sufficient set, last first, while it stays sufficient; what remains is minimal."""
    for item in reversed(tuple(bits(mask))):
        smaller = mask & ~(1 << item)
        if enough(smaller):
            mask = smaller
    return mask


class _Hypergraph:
    """
    Edges in the order in which they became known, and the tree of the minimal hitting sets of their beginnings.

    A node is a minimal hitting set of the first j edges; its children hit edge j too. Edges are only ever added at the
    end, and a set already found blocking hits whatever comes later, so the walk goes on through a growing list.
    """

    __slots__ = ("edges", "occurrences")

    def __init__(self, count: int) -> None:
        self.edges: list[int] = []
        self.occurrences = [0] * count
        """For each item a bit mask over the edges that contain it."""

    def add(self, edge: int) -> None:
        mark = 1 << len(self.edges)
        self.edges.append(edge)
        for item in bits(edge):
            self.occurrences[item] |= mark

    def extensions(self, chosen: int) -> list[int] | None:
        """Children of the node *chosen*, possibly none; None if it hits every known edge already."""
        hit = hit_twice = 0
        members = [self.occurrences[item] for item in bits(chosen)]
        for edges in members:
            hit_twice |= hit & edges
            hit |= edges
        missed = ((1 << len(self.edges)) - 1) & ~hit
        if not missed:
            return None
        first = missed & -missed
        # An item earns its place by an edge, before the first one missed, that it alone hits.
        alone = hit & ~hit_twice & (first - 1)
        private = [edges & alone for edges in members]
        children = []
        for item in bits(self.edges[first.bit_length() - 1]):
            others = ~self.occurrences[item]
            if all(edges & others for edges in private):
                children.append(chosen | 1 << item)
        return children
