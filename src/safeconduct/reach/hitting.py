"""
The fewest permissions that open a way: an implicit hitting set, exact, and at any moment with a bound on both sides.

Every set of colours that opens no way leaves a *cut*: colours of which each way needs one. A set that opens a way hits
every cut; the smallest set that hits all cuts found so far is a lower bound, and when it opens a way it is the answer.
Unlike labels it does not mind how the colours are scattered, and it finds one optimum, not the front.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from safeconduct.reach.graph import ColouredGraph, Words, colours_of, words_of

BRANCHES = 300_000  # looked at by the own cover before the integer program takes over
TRIES = 4  # cuts grown from each set that opens nothing
PLAIN = 64  # colours that one word holds


@dataclass(frozen=True, slots=True)
class Fewest:
    """
    The fewest colours that open a way, and the proof.

    Args:
        colours: A set that opens a way; None if there is no way with everything allowed.

        path: Nodes of a way that needs no other colours; empty if there is none.

        length: Its length.

        lower_bound: No set with fewer colours opens a way; equal to the size of *colours* when *proved*.

        cuts: Sets of colours of which every way within the limit needs one; every set that hits them all has at least
            *lower_bound* members.

        proved: Whether the set is a smallest one.
    """

    colours: frozenset[int] | None
    path: tuple[int, ...]
    length: float
    lower_bound: int
    cuts: tuple[frozenset[int], ...]
    proved: bool


def fewest_colours(
    graph: ColouredGraph,
    source: int,
    target: int,
    limit: float,
    *,
    seconds: float = 60.0,
    seed: int = 0,
    clock: Callable[[], float] = time.monotonic,
) -> Fewest:
    """
    A smallest set of colours with a way from *source* to *target* no longer than *limit*.

    Args:
        graph: Coloured arcs.

        source: Node.

        target: Node.

        limit: Longest way of interest, in the unit of the arcs.

        seconds: When they are spent, the best set so far and its bound are given.

        seed: Of the order in which cuts are grown; the optimum does not depend on it, the set may.

        clock: Seconds that only go forward.

    Source: reference reach.md, section 3 E; Moreno-Centeno and Karp 2013, "The implicit hitting set approach" [K].
    """
    return _Search(graph, source, target, limit, seed, clock, clock() + seconds).run()


class _Search:
    def __init__(
        self,
        graph: ColouredGraph,
        source: int,
        target: int,
        limit: float,
        seed: int,
        clock: Callable[[], float],
        until: float,
    ) -> None:
        from safeconduct.reach import hitkernels  # lazy: compiled code, not wanted before a route is

        self._kernels = hitkernels
        self.graph, self.source, self.target, self.limit = graph, source, target, limit
        self.random, self.clock, self.until = np.random.default_rng(seed), clock, until
        self.distance = np.empty(graph.nodes)
        self.back = np.empty(graph.nodes, dtype=np.int32)
        self.cut = np.zeros(graph.palette.shape[1], dtype=np.uint64)
        self.everything = np.bitwise_or.reduce(graph.palette, axis=0)
        back = graph.reverse()
        nothing = np.zeros(graph.nodes)
        self.bound = np.empty(graph.nodes)
        hitkernels.explore(
            target, -1, back.begin, back.head, back.length, back.kind, back.palette, self.everything, nothing, limit,
            self.bound, self.back, self.cut,
        )  # fmt: skip
        self.cuts: list[Words] = []
        self.best: frozenset[int] | None = None
        self.path: tuple[int, ...] = ()
        self.length = float("inf")
        self.lower = 0

    def run(self) -> Fewest:
        if not self._opens(self.everything):
            return Fewest(None, (), float("inf"), 0, (), proved=True)
        self._keep_shrunk()
        while self.best is not None and self.lower < len(self.best) and self.clock() < self.until:
            if self._by_guess() and self.clock() < self.until:
                self._by_proof()
        assert self.best is not None  # noqa: S101: for the type checker; `_keep_shrunk` has set it
        cuts = tuple(colours_of(cut) for cut in self.cuts)
        return Fewest(self.best, self.path, self.length, self.lower, cuts, self.lower >= len(self.best))

    def _opens(self, allowed: Words) -> bool:
        graph = self.graph
        return bool(
            self._kernels.explore(
                self.source, self.target, graph.begin, graph.head, graph.length, graph.kind, graph.palette, allowed,
                self.bound, self.limit, self.distance, self.back, self.cut,
            )  # fmt: skip
        )

    def _keep(self) -> None:
        """Keep the way just found if its own colours are fewer than the best set's."""
        nodes, arcs, at = [self.target], [], self.target
        while at != self.source:
            arcs.append(int(self.back[at]))
            at = int(self.graph.tail[arcs[-1]])
            nodes.append(at)
        words = np.zeros_like(self.everything)
        for arc in arcs:
            words |= self.graph.palette[self.graph.kind[arc]]
        colours = colours_of(words)
        if self.best is None or len(colours) < len(self.best):
            self.best, self.path, self.length = colours, tuple(nodes[::-1]), float(self.distance[self.target])

    def _keep_shrunk(self) -> None:
        """Keep the way just found, then drop colours one by one while a way stays open."""
        self._keep()
        assert self.best is not None  # noqa: S101: for the type checker
        for colour in self.random.permutation(sorted(self.best)).tolist():
            if colour in self.best and self.clock() < self.until:
                if self._opens(self._words(self.best - {colour})):
                    self._keep()

    def _words(self, colours: frozenset[int]) -> Words:
        row: Words = words_of([colours], 64 * len(self.everything))[0]
        return row

    def _by_guess(self) -> bool:
        """Grow cuts from quick hitting sets; True when those no longer help."""
        assert self.best is not None  # noqa: S101: for the type checker
        stale = 0
        while self.clock() < self.until:
            guess = self._greedy()
            if len(guess) >= len(self.best):
                stale += 1
                if stale > 3:
                    return True
                continue
            allowed = self._words(guess)
            if self._opens(allowed):
                self._keep()
                return self.lower < len(self.best)
            self._grow(allowed)
        return False

    def _greedy(self) -> frozenset[int]:
        """A hitting set of the cuts: often the colour that hits most, sometimes one that hits nearly as many."""
        if not self.cuts:
            return frozenset()
        matrix = self._matrix()
        chosen: list[int] = []
        left = np.ones(len(matrix), dtype=np.bool_)
        while left.any():
            hits = matrix[left].sum(axis=0) * (1.0 + 0.2 * self.random.random(matrix.shape[1]))
            chosen.append(int(np.argmax(hits)))
            left &= ~matrix[:, chosen[-1]]
        for colour in list(chosen):
            rest = [each for each in chosen if each != colour]
            if rest and matrix[:, rest].any(axis=1).all():
                chosen = rest
        return frozenset(chosen)

    def _matrix(self) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
        raw = np.ascontiguousarray(np.stack(self.cuts)).view(np.uint8)
        return np.unpackbits(raw, axis=1, bitorder="little").astype(np.bool_)

    def _grow(self, allowed: Words) -> None:
        """Allow ever more colours while no way opens; what is left is a cut none of which can be spared."""
        self._opens(allowed)
        first = self.cut.copy()
        for _ in range(TRIES):
            cut = first.copy()
            for colour in self.random.permutation(sorted(colours_of(cut))).tolist():
                if self.clock() >= self.until:
                    break
                bit = self._words(frozenset((colour,)))
                if (cut & bit).any() and not self._opens(self.everything & ~cut | bit):
                    cut = self.cut & cut
            if not any((known == cut).all() for known in self.cuts[-4 * TRIES :]):
                self.cuts.append(cut)
            if self.clock() >= self.until:
                break

    def _by_proof(self) -> None:
        """A smallest hitting set of all cuts: raises the bound, and opens a way or gives another cut."""
        assert self.best is not None  # noqa: S101: for the type checker
        smallest = self._cover(len(self.best))
        if smallest is None:
            return
        self.lower = max(self.lower, min(len(smallest), len(self.best)))
        if len(smallest) < len(self.best):
            allowed = self._words(smallest)
            if self._opens(allowed):
                self._keep()
            else:
                self._grow(allowed)

    def _cover(self, below: int) -> frozenset[int] | None:
        """A smallest hitting set; *below* colours of the best set if none is smaller; None if time ran out."""
        assert self.best is not None  # noqa: S101: for the type checker
        used = sorted(colours_of(np.bitwise_or.reduce(np.stack(self.cuts), axis=0))) if self.cuts else []
        if not used:
            return frozenset()
        if len(used) <= PLAIN:
            place = {colour: number for number, colour in enumerate(used)}
            masks = np.array([sum(1 << place[c] for c in colours_of(cut)) for cut in self.cuts], dtype=np.uint64)
            whole, found = self._kernels.cover(masks, below, BRANCHES)
            if whole:
                found = int(found)
                return frozenset(c for c in used if found >> place[c] & 1) if found else self.best
        return self._integer_cover(used)

    def _integer_cover(self, used: list[int]) -> frozenset[int] | None:
        from scipy.optimize import Bounds, LinearConstraint, milp  # lazy: only the hardest instances get here

        assert self.best is not None  # noqa: S101: for the type checker
        rows = self._matrix()[:, used].astype(np.float64)
        answer = milp(
            np.ones(len(used)),
            constraints=LinearConstraint(rows, lb=1.0),
            bounds=Bounds(0.0, 1.0),
            integrality=np.ones(len(used)),
            options={"time_limit": max(0.1, self.until - self.clock())},
        )
        if answer.status != 0:
            floor = getattr(answer, "mip_dual_bound", None)
            if floor is not None and np.isfinite(floor):
                self.lower = max(self.lower, min(int(np.ceil(floor - 1e-6)), len(self.best)))
            return None
        return frozenset(c for c, x in zip(used, answer.x, strict=True) if x > 0.5)
