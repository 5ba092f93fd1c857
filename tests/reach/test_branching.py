"""Branch and bound over colours against every set tried one by one."""

import itertools
import random

import numpy as np
import pytest

from safeconduct.reach.branching import Question, Search
from safeconduct.reach.graph import graph_of
from safeconduct.reach.hitting import fewest_colours

PIECE = 1 << 20  # more nodes than any of these searches has


def opens(graph, source, target, limit, allowed):
    """Plain Bellman-Ford over the arcs whose colours are allowed; shares no code with the search."""
    far = [float("inf")] * graph.nodes
    far[source] = 0.0
    words = np.uint64(sum(1 << colour for colour in allowed))
    usable = (graph.palette[:, 0] & ~words) == 0
    arcs = list(zip(graph.tail.tolist(), graph.head.tolist(), graph.length.tolist(), graph.kind.tolist(), strict=True))
    for _, (tail, head, length, kind) in itertools.product(range(graph.nodes), arcs):
        if usable[kind]:
            far[head] = min(far[head], far[tail] + length)
    return far[target] <= limit


def drawn(seed, lengths):
    """A grid of 4 x 4 nodes, 8 colours, up to two on an edge, and a limit that shuts out some ways."""
    draw = random.Random(seed)
    across = [(4 * r + c, 4 * r + c + 1) for r in range(4) for c in range(3)]
    down = [(4 * r + c, 4 * r + c + 4) for r in range(3) for c in range(4)]
    rows = [
        (a, b, draw.choice(lengths), frozenset(draw.sample(range(8), draw.choice([1, 1, 1, 2]))))
        for a, b in across + down
    ]
    return graph_of(16, rows, 8, both_ways=True), 0, 15, 6.0 * max(lengths) * draw.choice([0.8, 1.0, 1.4])


@pytest.mark.parametrize("lengths", [(1.0,), (0.0, 0.5, 1.7)])
def test_a_search_says_what_trying_every_set_says(lengths):
    """For each size, with a colour given and one ruled out: a set is found just where there is one, and it opens."""
    for seed in range(40):
        graph, source, target, limit = drawn(seed, lengths)
        if not opens(graph, source, target, limit, range(8)):
            continue
        search, given, without = Search(Question(graph, source, target, limit), 8), seed % 8, (seed + 3) % 8
        rest = [colour for colour in range(8) if colour not in (given, without)]
        for most in range(7):
            search.begin(most, frozenset({given}), without)
            said = search.go_on(PIECE)
            sets = itertools.combinations(rest, most)
            expected = any(opens(graph, source, target, limit, (given, *each)) for each in sets)
            assert said == (search.question.kernels.FOUND if expected else search.question.kernels.REFUTED)
            if expected:
                granted = search.granted()
                assert len(granted) <= most + 1
                assert without not in granted
                assert opens(graph, source, target, limit, granted)


@pytest.mark.parametrize("stages", [3, 4, 5])
def test_wide_cuts_are_branched_on_instead_of_listed(stages):
    """Forty ways through each of some gates in a row: more sets of three than are listed at one node, 40 per gate."""
    arcs = [(gate, gate + 1, 1.0, frozenset({40 * gate + way})) for gate in range(stages) for way in range(40)]
    found = fewest_colours(graph_of(stages + 1, arcs, 40 * stages), 0, stages, 100.0, certify=False)
    assert (found.proved, len(found.colours or ())) == (True, stages)


def test_fewer_colours_than_may_be_chosen():
    """Where two colours are left and three may be chosen, both together are tried, and not more."""
    graph = graph_of(3, [(0, 1, 1.0, frozenset({0})), (1, 2, 1.0, frozenset({1}))], 2)
    search = Search(Question(graph, 0, 2, 2.0), 3)
    search.begin(3)
    assert search.go_on(PIECE) == search.question.kernels.FOUND
    assert search.granted() == frozenset({0, 1})
    search.begin(3, without=1)
    assert search.go_on(PIECE) == search.question.kernels.REFUTED
