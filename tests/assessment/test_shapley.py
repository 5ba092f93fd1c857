"""What a clearance is worth, held against averaging over all orders of granting."""

from itertools import permutations
from math import factorial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.assessment.games import payoffs, subsets, worth

from safeconduct.assessment.payoff import Payoff, payoff_shapley
from safeconduct.assessment.shapley import interaction, moebius, shapley_from_table, shapley_sampled
from safeconduct.model.errors import InvalidInput, OutOfDomain

TABLES = st.integers(0, 6).flatmap(lambda n: st.lists(st.floats(-100, 100), min_size=2**n, max_size=2**n).map(np.array))


def by_weights(items, value):
    """Shapley values by the textbook sum over all sets without the item."""
    n = len(items)
    result = {}
    for item in items:
        without = subsets([each for each in items if each != item])
        result[item] = sum(
            factorial(len(k)) * factorial(n - 1 - len(k)) / factorial(n) * (value[k | {item}] - value[k])
            for k in without
        )
    return result


@settings(max_examples=40, deadline=None)
@given(payoffs(), st.sampled_from(["max", "noisy-or"]))
def test_worth_equals_the_sum_over_all_sets(ways, combine):
    """With classes merged, the worth of each single clearance is the textbook Shapley value."""
    items = sorted(set().union(*(way.needs for way in ways)))
    value = {each: worth(ways, combine, each) for each in subsets(items)}
    assert payoff_shapley(ways, combine) == pytest.approx(by_weights(items, value), abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(payoffs(9), st.sampled_from(["max", "noisy-or"]))
def test_worth_from_dividends_alone_equals_worth_from_the_table(ways, combine):
    """Where no table is made, the sparse dividends give the same values."""
    dense = payoff_shapley(ways, combine)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("safeconduct.assessment.payoff.MOST_TABLE_ITEMS", -1)
        assert payoff_shapley(ways, combine) == pytest.approx(dense, abs=1e-12)


def test_average_over_all_orders():
    """The value of each of three items is its mean gain over the six orders of granting."""
    table = np.array([0.0, 0.1, 0.2, 0.9, 0.0, 0.4, 0.3, 1.0])
    gains = np.zeros(3)
    for order in permutations(range(3)):
        mask = 0
        for i in order:
            gains[i] += table[mask | 1 << i] - table[mask]
            mask |= 1 << i
    assert shapley_from_table(table, 3) == pytest.approx(gains / 6)


@given(TABLES)
def test_dividends_add_up_to_the_values(table):
    """The zeta transform of the dividends is the table again."""
    dividends = moebius(table)
    rebuilt = [sum(dividends[s] for s in range(table.size) if s & k == s) for k in range(table.size)]
    assert rebuilt == pytest.approx(table.tolist(), abs=1e-9)


def test_the_table_handed_in_is_left_alone():
    """The transform works on a copy."""
    table = np.array([0.0, 1.0, 2.0, 5.0])
    moebius(table)
    shapley_from_table(table, 2)
    assert table.tolist() == [0.0, 1.0, 2.0, 5.0]


@given(TABLES, st.data())
def test_worth_of_all_members_adds_up_to_the_whole(table, data):
    """Efficiency: members times worth sum to value(all) - value(none), whatever the class sizes."""
    n = table.size.bit_length() - 1
    weights = data.draw(st.lists(st.integers(1, 4), min_size=n, max_size=n))
    each = shapley_from_table(table, n, weights)
    assert float(np.dot(each, weights)) == pytest.approx(table[-1] - table[0], abs=1e-9)


def test_interaction_equals_its_definition():
    """I_ij is the weighted mean of value(K+i+j) - value(K+i) - value(K+j) + value(K)."""
    n = 5
    table = np.random.default_rng(7).normal(size=1 << n)
    index = interaction(moebius(table), n)
    for i in range(n):
        for j in range(n):
            pair = 1 << i | 1 << j
            expected = 0.0
            for k in range(1 << n):
                if i != j and not k & pair:
                    size = k.bit_count()
                    weight = factorial(size) * factorial(n - 2 - size) / factorial(n - 1)
                    expected += weight * (table[k | pair] - table[k | 1 << i] - table[k | 1 << j] + table[k])
            assert index[i, j] == pytest.approx(expected, abs=1e-12)


def test_complements_help_and_substitutes_replace():
    """Two clearances of one way interact by its whole value; two that each suffice by its negative."""
    assert interaction(moebius([0.0, 0.0, 0.0, 0.6]), 2)[0, 1] == pytest.approx(0.6)
    assert interaction(moebius([0.0, 0.6, 0.6, 0.6]), 2)[0, 1] == pytest.approx(-0.6)


def test_members_of_one_class_interact_on_the_diagonal():
    """A class of two that alone gives 0.6, written as one bit, is the same as the pair written out."""
    index = interaction(moebius([0.0, 0.6]), 1, [2])
    assert index.tolist() == [[pytest.approx(0.6)]]
    assert interaction(moebius([0.0, 0.6]), 1).tolist() == [[0.0]]


def test_sampling_comes_within_its_stated_error():
    """Estimates lie within five standard errors of the exact values and add up exactly."""
    ways = [Payoff(frozenset(each), v) for each, v in (("AB", 0.5), ("BC", 0.6), ("D", 0.2), ("ADE", 0.9))]
    exact = payoff_shapley(ways, "noisy-or")
    drawn = shapley_sampled(sorted(exact), lambda k: worth(ways, "noisy-or", k), 11, 400)
    assert all(abs(mean - exact[item]) <= 5 * error for item, (mean, error) in drawn.items())
    assert all(0 < error < 0.05 for _, error in drawn.values())
    assert sum(mean for mean, _ in drawn.values()) == pytest.approx(worth(ways, "noisy-or", frozenset("ABCDE")))


def test_the_same_seed_gives_the_same_sample():
    """Randomness comes from the seed alone."""
    first, again, other = (shapley_sampled("ABC", lambda k: float({"A", "B"} <= k), s, 9) for s in (1, 1, 2))
    assert first == again != other


@pytest.mark.parametrize(
    ("items", "seed", "samples"),
    [("AB", 0, 1), ("AB", -1, 9), ("AA", 0, 9)],  # no error from one draw; no such seed; doubled item
)
def test_bad_samples_are_refused(items, seed, samples):
    """Each argument out of its domain is bad input."""
    with pytest.raises(InvalidInput):
        shapley_sampled(items, lambda _: 0.0, seed, samples)


@pytest.mark.parametrize("weights", [[1], [1, 0], [1, 1, 1]])
def test_class_sizes_must_fit(weights):
    """One size of at least one for each class."""
    with pytest.raises(InvalidInput):
        shapley_from_table(np.zeros(4), 2, weights)


@pytest.mark.parametrize("size", [0, 3, 6])
def test_a_table_has_a_power_of_two_of_entries(size):
    """Anything else is not a table of all subsets."""
    with pytest.raises(InvalidInput):
        moebius(np.zeros(size))


def test_over_twenty_four_classes_no_table_is_made():
    """A table of 2**25 numbers is refused, not attempted."""
    with pytest.raises(OutOfDomain, match="24"):
        shapley_from_table(np.zeros(2), 25)


def test_thirty_clearances_are_exact_without_a_table():
    """A chain of growing needs over thirty clearances: each step is shared by those who make it possible."""
    ways = [Payoff(frozenset(f"c{j:02d}" for j in range(i + 1)), (i + 1) / 30) for i in range(30)]
    expected = {f"c{j:02d}": sum((1 / 30) / (i + 1) for i in range(j, 30)) for j in range(30)}
    assert payoff_shapley(ways, "max") == pytest.approx(expected, abs=1e-14)


@pytest.mark.parametrize("combine", ["max", "noisy-or"])
def test_too_many_unions_are_refused(combine):
    """Thirty lone ways have 2**30 unions of needs: an error states the limit."""
    ways = [Payoff(frozenset({f"c{i:02d}"}), (i + 1) / 30) for i in range(30)]
    with pytest.raises(OutOfDomain, match="1048576"):
        payoff_shapley(ways, combine)


def test_values_that_rounding_would_swallow_are_refused():
    """Where dividends grow so large that digits are lost, there is an error instead of a wrong number."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("safeconduct.assessment.payoff.WORST_ERROR", 1e-16)
        ways = [Payoff(frozenset({f"c{i:02d}", "hub"}), 0.5) for i in range(13)]
        ways += [Payoff(frozenset({"one", *(f"d{i:02d}" for i in range(k))}), 0.5) for k in range(13)]
        with pytest.raises(OutOfDomain, match="rounding"):
            payoff_shapley(ways, "noisy-or")
