"""The implicit hitting set on its own: proofs, limits, and answers in time on hostile graphs."""

import itertools
import random
import tracemalloc

import pytest
from benchmarks.airspaces.instances import scattered

from safeconduct.reach.graph import graph_of
from safeconduct.reach.hitting import fewest_colours
from safeconduct.reach.labels import LABELS, WORK, graph_front


def test_no_way_at_all_is_said():
    """Where no permission helps, there is no set and no path."""
    found = fewest_colours(graph_of(3, [(0, 1, 1.0, frozenset())], 1), 0, 2, 10.0)
    assert (found.colours, found.path, found.proved) == (None, (), True)


def test_the_limit_counts():
    """A way that is too long opens nothing: the colour that shortens it is needed."""
    arcs = [(0, 1, 5.0, frozenset()), (0, 1, 1.0, frozenset({0}))]
    graph = graph_of(2, arcs, 1)
    assert fewest_colours(graph, 0, 1, 5.0).colours == frozenset()
    assert fewest_colours(graph, 0, 1, 4.9).colours == frozenset({0})


def test_the_cuts_prove_the_bound():
    """No set smaller than the bound hits all cuts: tried one by one."""
    for seed in range(6):
        graph = scattered(5, 8, seed)
        found = fewest_colours(graph, 0, 24, 12.0)
        assert found.proved
        smaller = itertools.combinations(range(8), found.lower_bound - 1)
        assert not any(all(set(each) & cut for cut in found.cuts) for each in smaller)


def test_more_than_64_colours():
    """A hundred colours in a row, one on each arc: all are needed."""
    arcs = [(n, n + 1, 1.0, frozenset({n})) for n in range(100)]
    found = fewest_colours(graph_of(101, arcs, 100), 0, 100, 1000.0)
    assert found.proved
    assert found.colours == frozenset(range(100))


def hostile():
    """A thousand scattered colours on a hundred thousand nodes, from corner to corner."""
    side, draw = 316, random.Random(1)
    edges = [(r * side + c, r * side + c + 1) for r in range(side) for c in range(side - 1)]
    edges += [(r * side + c, (r + 1) * side + c) for r in range(side - 1) for c in range(side)]
    arcs = [(a, b, 1.0, frozenset({draw.randrange(1000)})) for a, b in edges]
    return graph_of(side * side, arcs, 1000, both_ways=True), side


def test_a_hostile_graph_gets_an_answer_with_its_bounds():
    """A thousand scattered colours on a hundred thousand nodes: a way, a bound, and an end, by an injected clock."""
    graph, side = hostile()
    ticks = itertools.count()
    found = graph_front(
        graph, 0, side * side - 1, 1.5 * 2 * side, labels=20_000, seconds=40.0, clock=lambda: next(ticks)
    )
    assert not found.complete
    assert found.method == "labels, then hitting set"
    assert found.fewest is not None
    assert found.fewest.colours is not None
    assert 1 <= found.fewest.lower_bound <= len(found.fewest.colours)
    assert len(found.ways) == 1


def scarce(side, colours):
    """A scattered grid, with an arc's two nodes in its middle as ends and a limit that never binds."""
    middle = side * side // 2
    return scattered(side, colours, 1), middle, middle + 1, 100.0 * side


def test_comparisons_are_bounded_where_labels_are_few():
    """Ends side by side and no limit that binds: comparisons run out long before labels, the answer says how far."""
    question = scarce(40, 200)
    short = graph_front(*question, work=1_000_000)
    longer = graph_front(*question, work=4_000_000)
    for found, budget in ((short, 1_000_000), (longer, 4_000_000)):
        assert budget < found.comparisons < 1.1 * budget
        assert found.labels < 40_000
        assert not found.complete
        assert found.method == "labels, then hitting set"
        assert (found.fewest.lower_bound, len(found.fewest.colours)) == (1, 1)
    assert 1.0 < short.proved_length <= longer.proved_length < 100.0


def test_what_is_said_of_a_front_cut_short_holds():
    """Up to the proved length, a front cut short by comparisons has the ways of a front with a larger budget."""
    question = scarce(12, 30)
    whole = graph_front(*question, labels=40_000)
    checked = 0
    for work in (10, 1_000, 30_000, 1_000_000):
        found = graph_front(*question, work=work)
        assert not found.complete
        proved = min(found.proved_length, whole.proved_length)
        theirs, ours = ({(w.length, w.colours) for w in each.ways if w.length < proved} for each in (whole, found))
        assert {length for length, _ in theirs} == {length for length, _ in ours}
        assert minimal(theirs) == minimal(ours)
        checked += len(ours)
    assert checked > 100


def test_ways_kept_are_bounded():
    """Where many long ways arrive with labels to spare, the longer are left out, and the answer says from where on."""
    question = scarce(8, 12)
    whole = graph_front(*question)
    assert whole.complete
    sizes = [len(way.path) + len(way.colours) for way in whole.ways]
    found = graph_front(*question, room=sum(sizes[:-1]))
    assert (found.complete, found.method) == (False, "labels, then hitting set")
    assert found.ways[: len(sizes) - 1] == whole.ways[:-1]
    assert found.proved_length == whole.ways[-1].length
    assert found.fewest.proved


@pytest.mark.soak
def test_a_layered_graph_of_equal_ways_takes_little_memory():
    """Tens of thousands of ways over a thousand layers, all as long: under a gigabyte, and cut short."""
    draw, wide, deep = random.Random(3), 100, 1000
    arcs = [
        (layer * wide + i, (layer + 1) * wide + draw.randrange(wide), 1.0, frozenset({draw.randrange(1000)}))
        for layer, i, _ in itertools.product(range(deep - 1), range(wide), range(3))
    ]
    arcs += [(wide * deep, i, 1.0, frozenset()) for i in range(wide)]
    arcs += [((deep - 1) * wide + i, wide * deep + 1, 1.0, frozenset()) for i in range(wide)]
    graph = graph_of(wide * deep + 2, arcs, 1000)
    tracemalloc.start()
    try:
        found = graph_front(graph, wide * deep, wide * deep + 1, seconds=2.0)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert not found.complete
    assert found.proved_length == deep + 1
    assert most < 1e9


def minimal(ways):
    """Each set of colours that no other's shorter or equal way with fewer makes needless."""
    return {
        (length, colours) for length, colours in ways if not any(other < colours and at <= length for at, other in ways)
    }


def test_the_same_budget_gives_the_same_front():
    """Comparisons are counted, not timed: twice the same question has twice the same ways."""
    question = scarce(20, 100)
    one, two = (graph_front(*question, work=300_000) for _ in range(2))
    assert (one.ways, one.labels, one.comparisons) == (two.ways, two.labels, two.comparisons)


@pytest.mark.soak
def test_a_hostile_graph_with_ends_side_by_side_ends():
    """A hundred thousand nodes, a thousand colours, no limit that binds: the default budgets cut it short."""
    graph, side = hostile()
    middle = side * side // 2
    found = graph_front(graph, middle, middle + 1, 300.0)
    assert WORK < found.comparisons < 1.01 * WORK
    assert found.labels < LABELS
    assert not found.complete
    assert found.proved_length > 10.0
    assert (found.fewest.lower_bound, len(found.fewest.colours)) == (1, 1)


@pytest.mark.soak
def test_a_hostile_graph_takes_little_memory():
    """Half a minute on the hostile graph: bounds on both sides, in less than 300 MB beside the graph."""
    graph, side = hostile()
    tracemalloc.start()
    try:
        found = fewest_colours(graph, 0, side * side - 1, 1.5 * 2 * side, seconds=30.0)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert 1 <= found.lower_bound <= len(found.colours or ())
    assert most < 300e6


def test_a_scattered_grid_of_forty_colours_is_proved():
    """Branch and bound proves what a hitting set of stored cuts left open: 13 of 40 colours, none fewer."""
    graph = scattered(20, 40, 0)
    found = fewest_colours(graph, 0, 399, 1.2 * 38 + 1e-6, seconds=600.0, certify=False)
    assert (found.proved, found.lower_bound, len(found.colours or ())) == (True, 13, 13)
    assert found.bound_by_cuts <= found.lower_bound


def test_the_bound_by_cuts_is_theirs():
    """With or without a proof wanted of the cuts alone, no smaller set than they say hits them all."""
    for seed, certify in itertools.product(range(4), (False, True)):
        found = fewest_colours(scattered(5, 8, seed), 0, 24, 12.0, certify=certify)
        smaller = itertools.combinations(range(8), found.bound_by_cuts - 1)
        assert not any(all(set(each) & cut for cut in found.cuts) for each in smaller)
        assert found.proved


def test_what_is_found_does_not_depend_on_the_seed():
    """Another seed may give another set, never another size."""
    graph = scattered(8, 12, 3)
    sizes = {len(fewest_colours(graph, 0, 63, 20.0, seed=seed).colours or ()) for seed in range(5)}
    assert len(sizes) == 1


def test_arcs_that_need_several_permissions():
    """Arcs of up to three of seventy colours: the same optimum as the labels find."""
    for seed in range(20):
        draw = random.Random(seed)
        arcs = [
            (a, b, 1.0, frozenset(draw.sample(range(70), draw.randint(0, 3))))
            for a, b in itertools.permutations(range(9), 2)
            if draw.random() < 0.3
        ]
        graph = graph_of(9, arcs, 70)
        front = graph_front(graph, 0, 8, 5.0)
        found = fewest_colours(graph, 0, 8, 5.0)
        assert found.proved
        assert (None if found.colours is None else len(found.colours)) == min(
            (len(way.colours) for way in front.ways), default=None
        )
