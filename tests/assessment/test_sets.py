"""Minimal sets of clearances, held against enumeration of all subsets."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.assessment.games import NAMES, payoffs, subsets, worth

from safeconduct.assessment.duality import dualise, minimal_masks, transversals
from safeconduct.assessment.payoff import Payoff, payoff_families
from safeconduct.assessment.sets import Families, expand_families, from_table, merge_classes, minimal_families
from safeconduct.model.errors import InvalidInput, OutOfDomain


def minimal(found):
    return {each for each in found if not any(other < each for other in found)}


def by_enumeration(items, value, threshold):
    everything = frozenset(items)
    reached = {each: value(each) >= threshold - 1e-12 for each in subsets(items)}
    sufficient = minimal([each for each in reached if reached[each]])
    blocking = minimal([everything - each for each in reached if not reached[each]])
    return sufficient, blocking


def as_sets(families):
    assert len(set(families.sufficient)) == len(families.sufficient)
    assert len(set(families.blocking)) == len(families.blocking)
    return set(families.sufficient), set(families.blocking)


THRESHOLDS = st.sampled_from([-1.0, 0.0, 0.1, 0.3, 0.475, 0.5, 0.625, 0.9, 1.0, 1.5])


@settings(max_examples=60, deadline=None)
@given(payoffs(), st.sampled_from(["max", "noisy-or"]), THRESHOLDS)
def test_all_three_ways_of_finding_the_families_equal_enumeration(ways, combine, threshold):
    """Oracle, table and ways give exactly the minimal sets that enumeration of all subsets gives."""
    items = sorted(set().union(*(way.needs for way in ways)))
    memo = {each: worth(ways, combine, each) for each in subsets(items)}
    expected = by_enumeration(items, memo.__getitem__, threshold)
    table = np.array([memo[frozenset(items[i] for i in range(len(items)) if k >> i & 1)] for k in range(len(memo))])
    assert as_sets(minimal_families(items, memo.__getitem__, threshold)) == expected
    assert as_sets(from_table(items, table, threshold)) == expected
    assert as_sets(payoff_families(ways, combine, threshold)) == expected


@given(payoffs(6), st.sampled_from(["max", "noisy-or"]), THRESHOLDS)
def test_each_blocking_set_meets_each_sufficient_set(ways, combine, threshold):
    """The two families are each other's hitting sets: no blocking set leaves a sufficient one untouched."""
    families = payoff_families(ways, combine, threshold)
    assert all(block & enough for block in families.blocking for enough in families.sufficient)


def test_a_free_way_that_reaches_it_needs_nothing_and_cannot_be_blocked():
    """Reached with nothing: sufficient is one empty set, blocking none."""
    ways = [Payoff(frozenset(), 0.5), Payoff(frozenset({"A"}), 0.9)]
    expected = Families((frozenset(),), ())
    assert payoff_families(ways, "max", 0.5) == expected
    assert minimal_families(["A"], lambda k: worth(ways, "max", k), 0.5) == expected
    assert from_table(["A"], np.array([0.5, 0.9]), 0.5) == expected


def test_out_of_reach_with_all_is_blocked_by_nothing_at_all():
    """Not reached with everything: no sufficient set, and the empty set blocks."""
    ways = [Payoff(frozenset({"A"}), 0.4)]
    expected = Families((), (frozenset(),))
    assert payoff_families(ways, "max", 0.5) == expected
    assert minimal_families(["A"], lambda k: worth(ways, "max", k), 0.5) == expected
    assert from_table(["A"], np.array([0.0, 0.4]), 0.5) == expected


@pytest.mark.parametrize(("threshold", "reached"), [(0.0, True), (1e-13, True), (1e-11, False)])
def test_without_ways_the_value_is_zero(threshold, reached):
    """No ways and no clearances: only a threshold within the tolerance of zero is reached."""
    expected = Families((frozenset(),), ()) if reached else Families((), (frozenset(),))
    assert payoff_families([], "max", threshold) == expected
    assert payoff_families([], "noisy-or", threshold) == expected
    assert minimal_families([], lambda _: 0.0, threshold) == expected


def test_forty_clearances_are_no_obstacle():
    """Twenty pairs, any eighteen of which are enough: counts by arithmetic, far beyond a table of subsets."""
    pairs = [frozenset({f"a{i:02d}", f"b{i:02d}"}) for i in range(20)]
    items = sorted(frozenset().union(*pairs))
    families = minimal_families(items, lambda k: float(sum(pair <= k for pair in pairs)), 18.0)
    # any 18 of 20 pairs; blocking: three pairs, one member of each
    assert len(families.sufficient) == 190
    assert len(families.blocking) == 1140 * 8
    assert families.complete


def test_a_cap_leaves_right_sets_and_says_so():
    """With a limit the families are incomplete, within the limit, and each set listed belongs there."""
    pairs = [frozenset({f"a{i}", f"b{i}"}) for i in range(8)]
    items = sorted(frozenset().union(*pairs))
    families = minimal_families(items, lambda k: float(any(pair <= k for pair in pairs)), 1.0, limit=20)
    assert not families.complete
    assert len(families.sufficient) + len(families.blocking) == 20
    assert set(families.sufficient) <= set(pairs)
    assert all(len(block) == 8 and all(block & pair for pair in pairs) for block in families.blocking)


def test_the_oracle_is_asked_once_for_each_set():
    """No set is evaluated twice, since one evaluation may cost seconds."""
    asked = []

    def value(granted):
        asked.append(granted)
        return float(len(granted))

    minimal_families(NAMES[:7], value, 4.0)
    assert len(asked) == len(set(asked))


def test_two_runs_give_the_same_order():
    """Sets come by size and then by sorted identifiers, whatever the order of the items."""
    ways = [Payoff(frozenset(each), 1.0) for each in ("C", "BA", "DA", "EFG")]
    forward = payoff_families(ways, "max", 1.0)
    assert [sorted(each) for each in forward.sufficient] == [["C"], ["A", "B"], ["A", "D"], ["E", "F", "G"]]
    assert forward == minimal_families("GFEDCBA", lambda k: worth(ways, "max", k), 1.0)


@pytest.mark.parametrize(
    ("items", "threshold"),
    [(["A", "A"], 0.5), (["A", "B"], float("nan")), (["A", "B"], float("inf"))],
)
def test_bad_questions_are_refused(items, threshold):
    """A doubled identifier or a threshold that is not finite is bad input for oracle and table alike."""
    with pytest.raises(InvalidInput):
        minimal_families(items, lambda _: 0.0, threshold)
    with pytest.raises(InvalidInput):
        from_table(items, np.zeros(4), threshold)


@pytest.mark.parametrize("values", [[0.0, 1.0], [0.0, 1.0, 0.0, 0.0], [0.0, np.nan, 1.0, 1.0], [[0.0, 1.0, 1.0, 1.0]]])
def test_a_table_that_is_none_is_refused(values):
    """Wrong length, a set that loses by one more clearance, NaN, wrong shape."""
    with pytest.raises(InvalidInput):
        from_table(["A", "B"], np.array(values), 0.5)


def test_a_value_that_is_not_a_number_is_refused():
    """An oracle that returns NaN must not pass for one that falls short."""
    with pytest.raises(OutOfDomain, match=r"value of \{A\}"):
        minimal_families(["A"], lambda _: float("nan"), 0.5)


@pytest.mark.parametrize("value", [-0.1, float("nan"), float("inf")])
def test_a_way_is_worth_a_finite_number_from_zero_up(value):
    """A negative or infinite payoff would break monotony."""
    with pytest.raises(OutOfDomain):
        Payoff(frozenset(), value)


def test_a_chance_over_one_is_refused():
    """1 - prod(1 - v) means nothing for v > 1; a largest value may be any size."""
    ways = [Payoff(frozenset({"A"}), 2.0)]
    assert payoff_families(ways, "max", 1.5).sufficient == (frozenset({"A"}),)
    with pytest.raises(OutOfDomain, match=r"ways\[0\]\.value"):
        payoff_families(ways, "noisy-or", 0.5)


def test_more_sets_than_can_be_listed_are_refused():
    """Forty disjoint pairs have 2**40 blocking sets; the answer is an error that states the limit."""
    ways = [Payoff(frozenset({f"a{i}", f"b{i}"}), 1.0) for i in range(40)]
    with pytest.raises(OutOfDomain, match="1000000"):
        payoff_families(ways, "max", 1.0)


@given(st.lists(st.integers(0, 63), max_size=8))
def test_hitting_sets_of_hitting_sets_are_the_minimal_edges(edges):
    """Taking the dual twice returns the minimal edges (Berge)."""
    once = transversals(6, edges)
    twice = transversals(6, once.blocking)
    assert sorted(twice.blocking) == sorted(minimal_masks(edges))


def test_hitting_sets_stop_at_their_limit():
    """A cap on hitting sets is kept and reported."""
    found = transversals(6, [0b11, 0b1100, 0b110000], limit=3)
    assert len(found.blocking) == 3
    assert not found.complete
    assert dualise(3, lambda mask: mask == 7, limit=0).complete is False


def test_classes_are_clearances_that_always_occur_together():
    """Interchangeable clearances fall into one class named by its first member; others stay alone."""
    needs = [frozenset("BAX"), frozenset("AB"), frozenset("Y"), frozenset()]
    assert merge_classes(needs) == (("A", "B"), ("X",), ("Y",))
    assert merge_classes([]) == ()


@given(payoffs(8), THRESHOLDS, st.integers(0, 6))
def test_expanded_classes_are_the_smallest_sets_of_clearances(ways, threshold, most):
    """From families of classes: counts of all minimal sets, and the first by size and identifiers."""
    items = sorted(set().union(*(way.needs for way in ways)))
    classes = merge_classes(way.needs for way in ways)
    member_of = {each[0]: frozenset(each) for each in classes}
    by_class = minimal_families(
        [each[0] for each in classes],
        lambda k: worth(ways, "max", frozenset().union(*(member_of[name] for name in k))),
        threshold,
    )
    every = minimal_families(items, lambda k: worth(ways, "max", k), threshold)
    expanded = expand_families(by_class, classes, most)
    assert expanded.sufficient == every.sufficient[:most]
    assert expanded.sufficient_count == len(every.sufficient)
    assert expanded.blocking == every.blocking[:most]
    assert expanded.blocking_count == len(every.blocking)


def test_choices_of_huge_classes_are_counted_without_being_made():
    """Thirty classes of ten members stand for 10**30 blocking sets; the five smallest come at once."""
    classes = tuple(tuple(f"k{i:02d}m{j}" for j in range(10)) for i in range(30))
    families = Families((), (frozenset(each[0] for each in classes),))
    expanded = expand_families(families, classes)
    assert expanded.blocking_count == 10**30
    assert len(expanded.blocking) == 5
    assert expanded.blocking[0] == families.blocking[0]


def test_a_class_by_another_name_is_refused():
    """Families must name classes by first members."""
    with pytest.raises(InvalidInput):
        expand_families(Families((frozenset("B"),), ()), (("A", "B"),))
