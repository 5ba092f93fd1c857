"""Labels, hitting set and an integer program must name the same optimum, and whole families must be the same."""

import random

import numpy as np
import pytest
from benchmarks.airspaces.instances import maplike, scattered
from benchmarks.airspaces.integer import fewest_by_milp

from safeconduct.assessment.duality import dualise
from safeconduct.reach.hitting import fewest_colours
from safeconduct.reach.labels import graph_front, minimal_sets

IN_CI = 1_000
IN_SOAK = 10_000
FAMILIES = 500


def drawn(seed):
    """One random question: graph, source, target, limit; every fifth one has a limit that may be too short."""
    draw = random.Random(seed)
    side, colours = draw.randint(3, 4), draw.randint(3, 8)
    graph = (maplike if seed % 2 else scattered)(side, colours, seed)
    slack = draw.choice([0.9, 1.0, 1.2, 1.5, 2.5])
    return graph, 0, side * side - 1, (2 * side - 2) * slack + 1e-9


def optima(seed):
    graph, source, target, limit = drawn(seed)
    front = graph_front(graph, source, target, limit)
    by_labels = min((len(way.colours) for way in front.ways), default=None)
    hit = fewest_colours(graph, source, target, limit)
    by_cuts = None if hit.colours is None else len(hit.colours)
    assert hit.proved
    return by_labels, by_cuts, fewest_by_milp(graph, source, target, limit)


def test_three_methods_agree_on_the_optimum():
    """On a thousand random instances, map-like and scattered, labels, cuts and the integer program find one optimum."""
    answers = {seed: optima(seed) for seed in range(IN_CI)}
    assert {seed: each for seed, each in answers.items() if len(set(each)) != 1} == {}


@pytest.mark.soak
def test_three_methods_agree_on_ten_thousand():
    """The same on ten thousand other instances."""
    answers = ((seed, optima(seed)) for seed in range(IN_CI, IN_CI + IN_SOAK))
    assert [(seed, each) for seed, each in answers if len(set(each)) != 1] == []


def test_whole_families_agree():
    """The minimal sets of the front are those that dualisation finds by asking an oracle, on five hundred instances."""
    different = []
    for seed in range(20_000, 20_000 + FAMILIES):
        graph, source, target, limit = drawn(seed)
        opened = {}

        def enough(mask, graph=graph, source=source, target=target, limit=limit, opened=opened):
            if mask not in opened:
                allowed = graph.palette[:, 0] & ~np.uint64(mask) == 0
                opened[mask] = shortest(graph, source, target, allowed) <= limit
            return opened[mask]

        by_oracle = frozenset(
            frozenset(c for c in range(graph.colours) if mask >> c & 1)
            for mask in dualise(graph.colours, enough).sufficient
        )
        if minimal_sets(graph_front(graph, source, target, limit)) != by_oracle:
            different.append(seed)
    assert different == []


def shortest(graph, source, target, usable):
    """Plain Bellman-Ford over the usable kinds of arcs; shares no code with the solvers."""
    far = [float("inf")] * graph.nodes
    far[source] = 0.0
    arcs = list(zip(graph.tail.tolist(), graph.head.tolist(), graph.length.tolist(), graph.kind.tolist(), strict=True))
    open_arcs = [(tail, head, length) for tail, head, length, kind in arcs if usable[kind]]
    for _ in range(graph.nodes):
        changed = False
        for tail, head, length in open_arcs:
            if far[tail] + length < far[head]:
                far[head], changed = far[tail] + length, True
        if not changed:
            break
    return far[target]
