"""
The fewest permissions that open a way: exact, and at any moment with a bound on both sides.

Every set of colours that opens no way leaves a *cut*: colours of which each way needs one. A set that opens a way hits
every cut. Unlike labels, cuts do not mind how the colours are scattered; they find one optimum, not the front.

First sets of one colour, of two, and so on are refuted by branch and bound, each node with cuts of its own, while known
sets are made smaller. Then, for those who want to check, an implicit hitting set looks for a few cuts that prove the
bound on their own: the smallest set that hits all cuts found so far is a bound, and gives the next cut.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from safeconduct.reach.branching import DROPPED, Question, Search, smaller_near
from safeconduct.reach.graph import ColouredGraph, Words, colours_of, from_arcs, words_of

BRANCHES = 20_000  # looked at by the own cover before the integer program takes over
TRIES = 1  # cuts grown from each set that opens nothing
GUESSES = 32  # between two looks at the clock
BATCHES = 8  # of guesses before the next proof, so that there is a bound long before the end
PLAIN = 64  # colours that one word holds
SLICE_S = (0.02, 0.1)  # a piece of the search that took less is doubled, one that took more is halved
MOST_NODES = 1 << 20  # in one piece
NEAR_SHARE = 0.25  # of the time of the proof is for smaller sets near the best one: a proof too many costs more
CUTS_SHARE = 0.2  # of the time allowed is kept for cuts that prove the bound on their own
CUTS_S = 1.0  # and as much again as the search took is spent on them


@dataclass(frozen=True, slots=True)
class Fewest:
    """
    The fewest colours that open a way, and the proof.

    Args:
        colours: A set that opens a way; None if there is no way with everything allowed.

        path: Nodes of a way that needs no other colours; empty if there is none.

        length: Its length.

        lower_bound: No set with fewer colours opens a way; equal to the size of *colours* when *proved*.

        cuts: Sets of colours of which every way within the limit needs one.

        proved: Whether the set is a smallest one.

        bound_by_cuts: Every set that hits all *cuts* has at least so many members; less than *lower_bound* where a
            proof by cuts would be too long, or was not asked for.
    """

    colours: frozenset[int] | None
    path: tuple[int, ...]
    length: float
    lower_bound: int
    cuts: tuple[frozenset[int], ...]
    proved: bool
    bound_by_cuts: int


def fewest_colours(
    graph: ColouredGraph,
    source: int,
    target: int,
    limit: float,
    *,
    seconds: float = 60.0,
    certify: bool = True,
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

        seconds: When they are spent, the best set so far and its bound are given; a single search of the graph or
            round of guesses is not broken off.

        certify: Whether to look for cuts that prove the bound on their own, as far as time allows.

        seed: Of the order in which cuts are grown; the optimum does not depend on it, the set may.

        clock: Seconds that only go forward.

    Source: reference reach.md, section 3 E; Moreno-Centeno and Karp 2013, "The implicit hitting set approach" [K].
    """
    began = clock()
    found = _Hunt(graph, source, target, limit, seed, clock, began + seconds)
    if found.opened():
        found.search(began + seconds * (1.0 - CUTS_SHARE if certify else 1.0))
        if certify:
            found.certify(min(began + seconds, clock() + CUTS_S + (clock() - began)))
    return found.answer()


class _Hunt:
    def __init__(  # noqa: PLR0917
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
        self.source, self.target, self.limit = source, target, limit
        self.random, self.clock, self.until = np.random.default_rng(seed), clock, until
        self.distance = np.empty(graph.nodes)
        self.back = np.empty(graph.nodes, dtype=np.int32)
        self.bound = self._bounds(graph)
        self.names, self.graph = self._within(graph)
        self.everything = words_of([range(len(self.names))], len(self.names))[0]
        self.cut = np.zeros_like(self.everything)
        self.cuts: list[Words] = []
        self.best: frozenset[int] | None = None
        self.path: tuple[int, ...] = ()
        self.length = float("inf")
        self.lower = self.by_cuts = 0

    def _bounds(self, graph: ColouredGraph) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """Shortest length from each node to the target with everything allowed."""
        back, bound = graph.reverse(), np.empty(graph.nodes)
        everything = np.bitwise_or.reduce(graph.palette, axis=0)
        self._kernels.explore(
            self.target, -1, back.begin, back.head, back.length, back.kind, back.palette, everything,
            np.zeros(graph.nodes), self.limit, bound, self.back, everything.copy(),
        )  # fmt: skip
        return bound

    def _within(self, graph: ColouredGraph) -> tuple[tuple[int, ...], ColouredGraph]:
        """The arcs that some way within the limit may use, their colours numbered anew."""
        everything = np.bitwise_or.reduce(graph.palette, axis=0)
        self._kernels.explore(
            self.source, -1, graph.begin, graph.head, graph.length, graph.kind, graph.palette, everything,
            np.zeros(graph.nodes), self.limit, self.distance, self.back, everything.copy(),
        )  # fmt: skip
        near = self.distance[graph.tail] + graph.length + self.bound[graph.head] <= self.limit
        kinds, kind = np.unique(graph.kind[near], return_inverse=True)
        sets = [colours_of(graph.palette[row]) for row in kinds.tolist()]
        names = tuple(sorted(frozenset().union(*sets)))
        place = {name: number for number, name in enumerate(names)}
        palette = words_of([[place[c] for c in each] for each in sets], len(names))
        part = from_arcs(graph.nodes, graph.tail[near], graph.head[near], graph.length[near], kind, palette, len(names))
        return names, part

    def opened(self) -> bool:
        """Whether there is any way; then there is a best set and a first cut."""
        shut = not self._opens(np.zeros_like(self.everything))
        first = self.cut.copy()
        if not self._opens(self.everything):
            return False
        if shut:
            self.cuts.append(first)  # so that there is a bound from the start
            self.lower = 1
        self._keep_shrunk()
        return True

    def search(self, until: float) -> None:
        """Refute ever larger sets and look for smaller ones, until they meet."""
        best = self.best or frozenset()
        if self.lower >= len(best) or self.clock() >= until:
            return
        question = Question(self.graph, self.source, self.target, self.limit)
        proof, near = Search(question, len(best)), Search(question, max(DROPPED))
        proof.begin(self.lower)
        known, nodes, spent, aside = best, 1, 0.0, 0.0
        kernels = question.kernels
        while self.lower < len(self.best or ()) and (now := self.clock()) < until:
            said = proof.go_on(nodes)
            if said == kernels.FULL or (said == kernels.FOUND and not self._better(proof.granted())):
                return
            if said == kernels.REFUTED:
                self.cuts += [self._words(cut) for cut in proof.first_cuts()]
                self.lower += 1
                proof.begin(self.lower)
            took = self.clock() - now
            nodes = (
                min(2 * nodes, MOST_NODES) if took < SLICE_S[0] else max(1, nodes // 2) if took > SLICE_S[1] else nodes
            )
            spent += took
            while aside < NEAR_SHARE * spent and self.lower < len(self.best or ()) and (now := self.clock()) < until:
                other, less = smaller_near(near, known, self.random)
                known = other if other is not None else known
                if other is not None and less and len(other) < len(self.best or ()):
                    self._better(other)
                aside += self.clock() - now

    def _better(self, colours: frozenset[int]) -> bool:
        """Keep a set that the branching search found, if it opens a way within the limit to the last digit."""
        opens = self._opens(self._words(colours))
        if opens:
            self._keep()
        return opens

    def certify(self, until: float) -> None:
        """Look for cuts that prove the bound on their own."""
        self.until = until
        while self.by_cuts < min(self.lower, len(self.best or ())) and self.clock() < self.until:
            if len(self.names) <= PLAIN:
                self._harvest(self.everything)
            else:
                self._guess()
            if self.clock() < self.until:
                self._prove()

    def answer(self) -> Fewest:
        """What is known now."""

        def named(colours: frozenset[int]) -> frozenset[int]:
            return frozenset(self.names[c] for c in colours)

        if self.best is None:
            return Fewest(None, (), float("inf"), 0, (), proved=True, bound_by_cuts=0)
        cuts = tuple(dict.fromkeys(named(colours_of(cut)) for cut in self.cuts))
        apart, used = 0, frozenset[int]()
        for cut in sorted(cuts, key=len):  # cuts that share nothing need one colour each
            if not cut & used:
                apart, used = apart + 1, used | cut
        by_cuts = max(self.by_cuts, apart)
        lower = max(self.lower, by_cuts)
        return Fewest(named(self.best), self.path, self.length, lower, cuts, lower >= len(self.best), by_cuts)

    def _opens(self, allowed: Words) -> bool:
        graph = self.graph
        found = self._kernels.explore(
            self.source, self.target, graph.begin, graph.head, graph.length, graph.kind, graph.palette, allowed,
            self.bound, self.limit, self.distance, self.back, self.cut,
        )  # fmt: skip
        return bool(found)

    def _keep(self) -> None:
        """Keep the way just found if its own colours are fewer than the best set's."""
        nodes, at = [self.target], self.target
        words = np.zeros_like(self.everything)
        while at != self.source:
            arc = int(self.back[at])
            words |= self.graph.palette[self.graph.kind[arc]]
            at = int(self.graph.tail[arc])
            nodes.append(at)
        colours = colours_of(words)
        if self.best is None or len(colours) < len(self.best):
            self.best, self.path, self.length = colours, tuple(nodes[::-1]), float(self.distance[self.target])

    def _keep_shrunk(self) -> None:
        """Keep the way just found, then drop colours one by one while a way stays open."""
        self._keep()
        for colour in self.random.permutation(sorted(self.best or ())).tolist():
            held = self.best or frozenset()
            if colour in held and self.clock() < self.until and self._opens(self._words(held - {colour})):
                self._keep()

    def _words(self, colours: frozenset[int]) -> Words:
        row: Words = words_of([colours], 64 * len(self.everything))[0]
        return row

    def _harvest(self, given: Words) -> None:
        """Guess and grow in compiled code until a way opens or guesses are no longer smaller than the best set."""
        graph, best = self.graph, self.best or frozenset()
        for _ in range(BATCHES):
            if self.clock() >= self.until:
                return
            room = np.zeros(len(self.cuts) + GUESSES * TRIES, dtype=np.uint64)
            room[: len(self.cuts)] = [cut[0] for cut in self.cuts]
            found, stale, count = self._kernels.harvest(
                self.source, self.target, graph.begin, graph.head, graph.length, graph.kind, graph.palette,
                self.bound, self.limit, self.distance, self.back, room, len(self.cuts), self.everything[0], given[0],
                len(best), GUESSES, TRIES, int(self.random.integers(1 << 31)),
            )  # fmt: skip
            self.cuts += [room[i : i + 1].copy() for i in range(len(self.cuts), count)]
            if found:
                self._keep()
                return
            if stale or given[0] != self.everything[0]:
                return

    def _guess(self) -> None:
        """The same for any number of colours."""
        stale = 0
        while self.clock() < self.until and stale <= 3:
            guess = self._greedy()
            if len(guess) >= len(self.best or ()):
                stale += 1
                continue
            allowed = self._words(guess)
            if self._opens(allowed):
                self._keep()
                return
            self._grow(allowed)

    def _greedy(self) -> frozenset[int]:
        """A hitting set of the cuts: mostly the colour that hits most, sometimes one that hits nearly as many."""
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
        """Allow ever more colours while no way opens; what is left is a cut, when time allows one without a spare."""
        self._opens(allowed)
        cut = self.cut.copy()
        for colour in self.random.permutation(sorted(colours_of(cut))).tolist():
            if self.clock() >= self.until:
                break
            bit = self._words(frozenset((colour,)))
            if (cut & bit).any() and not self._opens((self.everything & ~cut) | bit):
                cut = self.cut & cut
        self.cuts.append(cut)

    def _prove(self) -> None:
        """A smallest hitting set of all cuts: raises the bound, and opens a way or gives more cuts."""
        best = self.best or frozenset()
        smallest = self._cover(len(best))
        if smallest is None:
            return
        self.by_cuts = max(self.by_cuts, min(len(smallest), len(best)))
        if len(smallest) >= len(best):
            return
        allowed = self._words(smallest)
        if self._opens(allowed):
            self._keep()
        elif len(self.names) <= PLAIN:
            self._harvest(allowed)
        else:
            self._grow(allowed)

    def _cover(self, below: int) -> frozenset[int] | None:
        """A smallest hitting set; the best set itself if none is smaller than *below*; None if time ran out."""
        if not self.cuts:
            return frozenset()
        if len(self.names) <= PLAIN:
            masks = np.array([cut[0] for cut in self.cuts], dtype=np.uint64)
            whole, found = self._kernels.cover(masks, below, BRANCHES)
            if whole:
                return colours_of(np.array([found], dtype=np.uint64)) if found else self.best
        return self._integer_cover()

    def _integer_cover(self) -> frozenset[int] | None:
        from scipy.optimize import Bounds, LinearConstraint, milp  # lazy: only the hardest instances get here

        rows = self._matrix()[:, : len(self.names)].astype(np.float64)
        answer = milp(
            np.ones(len(self.names)),
            constraints=LinearConstraint(rows, lb=1.0),
            bounds=Bounds(0.0, 1.0),
            integrality=np.ones(len(self.names)),
            options={"time_limit": max(0.1, (self.until - self.clock()) / 3.0)},
        )
        floor = getattr(answer, "mip_dual_bound", None)
        if answer.status != 0 or answer.x is None:
            if floor is not None and np.isfinite(floor):
                self.by_cuts = max(self.by_cuts, min(int(np.ceil(floor - 1e-6)), len(self.best or ())))
            return None
        return frozenset(c for c, x in enumerate(answer.x) if x > 0.5)
