"""In which order to look."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.model.errors import InvalidInput, OutOfDomain
from safeconduct.search.look import expected_cost, looks

BOXES = ((0.4, 0.3, 0.2, 0.1), (0.3, 0.6, 0.9, 0.5), (1.0, 2.0, 3.0, 1.0))
SMALL = st.lists(st.tuples(st.floats(0.01, 1.0), st.floats(0.05, 0.95), st.floats(0.1, 5.0)), min_size=1, max_size=3)


def test_the_worked_example():
    """Order, gains and expected cost of the four boxes."""
    found = looks(*BOXES, 12)
    assert [look.box + 1 for look in found] == [1, 2, 1, 3, 1, 4, 1, 2, 1, 4, 1, 2]
    gains = [0.12, 0.18, 0.084, 0.18, 0.0588, 0.05, 0.04116, 0.072, 0.028812, 0.025, 0.0201684, 0.0288]
    assert [look.gain for look in found] == pytest.approx(gains, abs=1e-12)
    assert expected_cost(*BOXES) == pytest.approx(8.828645, abs=1e-6)


@given(SMALL, st.integers(1, 6))
def test_no_other_order_of_the_same_cost_finds_more(boxes, count):
    """Among all sequences of as many looks that cost no more than ours, none detects more."""
    poa, glimpse, cost = (tuple(column) for column in zip(*boxes, strict=True))
    ours = looks(poa, glimpse, cost, count)
    spent = math.fsum(cost[look.box] for look in ours)
    gained = math.fsum(look.gain for look in ours)
    for order in itertools.product(range(len(boxes)), repeat=len(ours)):
        if math.fsum(cost[box] for box in order) <= spent:
            times = [order.count(box) for box in range(len(boxes))]
            other = math.fsum(p * (1 - (1 - a) ** k) for p, a, k in zip(poa, glimpse, times, strict=True))
            assert other <= gained + 1e-12


@given(st.floats(0.01, 1.0), st.floats(0.01, 100.0), st.floats(0.1, 5.0))
def test_one_box_is_a_geometric_wait(glimpse, cost, weight):
    """With one box the expected cost is cost / glimpse, whatever its weight."""
    assert expected_cost([weight], [glimpse], [cost]) == pytest.approx(cost / glimpse, rel=1e-9)


@given(SMALL)
def test_the_best_order_costs_no_more_than_taking_turns(boxes):
    """Round after round through all boxes is never cheaper."""
    poa, glimpse, cost = (tuple(column) for column in zip(*boxes, strict=True))
    total = math.fsum(poa)
    turns = 0.0
    for box, (p, alpha, c) in enumerate(boxes):
        waited = math.fsum(cost[:box]) + c
        turns += p / total * (waited + math.fsum(cost) * (1.0 - alpha) / alpha)
    assert expected_cost(poa, glimpse, cost) <= turns * (1 + 1e-9)


def test_gains_add_up_to_what_can_be_found():
    """All gains together are the probability of the boxes in which looks find something."""
    found = looks((0.5, 0.3, 0.2), (0.5, 1.0, 0.0), (1, 1, 1), 200)
    assert math.fsum(look.gain for look in found) == pytest.approx(0.8)
    assert {look.box for look in found} == {0, 1}


def test_the_order_ends_when_nothing_more_can_be_found():
    """A certain look is made once, the better worth first; equal ones by number."""
    assert [look.box for look in looks((0.2, 0.2, 0.6), (1, 1, 1), (1, 1, 1), 10)] == [2, 0, 1]
    assert looks((), (), (), 5) == ()


def test_a_box_that_looks_cannot_search_makes_the_cost_infinite():
    """They may be where no look finds them: no finite expected cost."""
    assert expected_cost((0.5, 0.5), (0.5, 0.0), (1, 1)) == math.inf


@pytest.mark.parametrize(
    ("arguments", "where"),
    [
        (((-1,), (0.5,), (1,)), "poa[0]"),
        (((1,), (1.5,), (1,)), "glimpse[0]"),
        (((1,), (math.nan,), (1,)), "glimpse[0]"),
        (((1, 1), (0.5, 0.5), (1, 0)), "cost[1]"),
        (((0,), (0.5,), (1,)), "poa"),
        (((1,), (1e-9,), (1,)), "glimpse"),  # a thousand million looks
    ],
)
def test_outside_the_domain_it_refuses(arguments, where):
    """Each wrong number is named."""
    with pytest.raises(OutOfDomain) as caught:
        expected_cost(*arguments)
    assert caught.value.where == where


def test_lists_of_different_lengths_are_refused():
    """One glimpse and one cost for each box, and no more looks than a million."""
    with pytest.raises(InvalidInput):
        looks((1,), (0.5, 0.5), (1,), 3)
    with pytest.raises(OutOfDomain):
        looks((1,), (0.5,), (1,), 1_000_001)
