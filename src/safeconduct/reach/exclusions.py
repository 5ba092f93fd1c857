"""
Why no other small set of permissions opens a way: cuts that are proved one by one, until they exclude every other.

The minimal sets found within a cap on their size have hitting sets that are no true cuts: a larger set may open a way
past them. So cuts are not taken from the sets; each is looked for, and proved, where a set of permitted size is left
that hits all cuts so far and contains no set that opens. What is left at the end is listed as undecided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from safeconduct.reach.graph import ColouredGraph, colours_of

Prove = Callable[[frozenset[str]], frozenset[str] | None]
"""Given permissions, a proved cut that none of them is in; None where there is none or it was not found."""

MOST_BRANCHES = 20_000
"""Sets looked at before those left are called undecided: a second or two."""

SPARE = (1.03, 1.015)
"""A set is held to close the airspaces for good where the lattice has no way within the limit times this: the lattice
leaves some gaps out, and walls keep inside the airspaces. Tried in this order."""


@dataclass(frozen=True, slots=True)
class Exclusions:
    """
    What is excluded.

    Args:
        cuts: Proved, in the order in which they were found.

        undecided: Sets of which it is not proved that a permitted number of permissions with them, none that is known
            to open a way among them, opens none. None contains another.
    """

    cuts: tuple[frozenset[str], ...]
    undecided: tuple[frozenset[str], ...]


def exclusions(
    opens: Iterable[frozenset[str]], most: int | None, cuts: Iterable[frozenset[str]], prove: Prove
) -> Exclusions:
    """
    Cuts that every set of at most *most* permissions without one of *opens* in it misses, as far as they are found.

    Args:
        opens: Sets that open a way.

        most: Cap on the size of the sets that are excluded; None: of any size.

        cuts: Proved already.

        prove: Looks for one more.
    """
    search = _Search(tuple(opens), most, list(cuts), prove)
    search.look(frozenset(), frozenset())
    left = search.undecided
    kept = [each for each in dict.fromkeys(left) if not any(other < each for other in left)]
    return Exclusions(tuple(search.cuts), tuple(sorted(kept, key=lambda each: (len(each), sorted(each)))))


class _Search:
    """Every set is looked at once, by the cut that it does not hit yet; what is barred was looked at elsewhere."""

    def __init__(
        self, opens: tuple[frozenset[str], ...], most: int | None, cuts: list[frozenset[str]], prove: Prove
    ) -> None:
        self.cuts, self.undecided = cuts, list[frozenset[str]]()
        self._opens, self._most, self._prove, self._left = opens, most, prove, MOST_BRANCHES

    def look(self, chosen: frozenset[str], barred: frozenset[str]) -> None:
        """All sets that contain *chosen* and nothing that is *barred*."""
        if any(each <= chosen for each in (*self._opens, *self.undecided)):
            return
        self._left -= 1
        cut = min((each - barred for each in self.cuts if not each & chosen), key=len, default=None)
        if cut is None:
            proved = self._prove(chosen) if self._left > 0 else None
            if proved is not None:
                self.cuts.append(proved)
                cut = proved - barred
        whole = self._most is not None and len(chosen) == self._most
        if cut is None or (cut and not whole and self._left <= 0):
            self.undecided.append(chosen)
        elif not whole:
            items = sorted(cut)
            for place, item in enumerate(items):
                self.look(chosen | {item}, barred.union(items[:place]))


class GraphCuts:
    """
    Cuts of a coloured graph.

    Args:
        graph: Node 0 is the start, node 1 the end.

        names: Of the colours.

        early: Names that are dropped first where a cut is made smaller: those that many sets need.
    """

    def __init__(self, graph: ColouredGraph, names: tuple[str, ...], early: Iterable[str] = ()) -> None:
        from scipy.sparse import csr_matrix  # lazy: only where a proof is wanted

        rows = [frozenset(names[colour] for colour in colours_of(row)) for row in graph.palette]
        early = tuple(early)
        self._order = {name: (-early.count(name), name) for name in frozenset[str]().union(*rows)}
        self._needs = np.array([[name in row for name in self._order] for row in rows], dtype=np.bool_)
        self._graph = graph
        self._arcs = csr_matrix((graph.length.copy(), graph.head, graph.begin), shape=(graph.nodes, graph.nodes))

    def closes(self, cut: frozenset[str], limit: float) -> bool:
        """Whether without the cut no way is within the limit."""
        from scipy.sparse.csgraph import dijkstra  # lazy: as above

        barred = np.flatnonzero(self._needs[:, [name in cut for name in self._order]].any(axis=1))
        self._arcs.data[:] = np.where(np.isin(self._graph.kind, barred), np.inf, self._graph.length)
        return not float(dijkstra(self._arcs, indices=0)[1]) <= limit

    def cut(self, chosen: frozenset[str], limit: float) -> frozenset[str] | None:
        """A cut without which each of its members is not one, away from *chosen*; None if with these there is a way."""
        cut = frozenset(self._order) - chosen
        if not self.closes(cut, limit):
            return None
        for name in sorted(cut, key=self._order.__getitem__):
            if self.closes(cut - {name}, limit):
                cut -= {name}
        return cut

    def hints(self, chosen: frozenset[str], limit: float) -> Iterator[frozenset[str]]:
        """Cuts away from *chosen* that are likely to hold off the lattice as well, the surest first."""
        for spare in SPARE:
            cut = self.cut(chosen, limit * spare)
            if cut is not None:
                yield cut
