"""Where search time is best spent."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.model.errors import InvalidInput, OutOfDomain
from safeconduct.search.effort import allocate

TOLERANCE = math.sqrt(np.finfo(np.float64).eps)
PUBLISHED = [  # ctwardy/SORAL, TestBed.cpp and testcases.m; shares re-derived
    pytest.param([4], [[4]], 0.05, [0.05], 0.181269, id="0"),
    pytest.param([8, 4, 1, 2], [[1], [4], [12], [8]], 0.05, [0, 0.033333, 0, 0.0166667], 0.049931, id="1"),
    pytest.param([4, 2, 8, 1], [[4], [1], [1], [12]], 0.10, [0.092980, 0, 0, 0.007020], 0.088210, id="2"),
    pytest.param(
        [2, 4, 2], [[9], [3], [6]], 0.20, [0.07322410073711, 0.08451726617526, 0.04225863308763], 0.288630, id="3"
    ),
    pytest.param([1, 4, 20, 0], [[8], [4], [0], [10]], 0.50, [0.10890, 0.39110, 0, 0], 0.149788, id="4"),
    pytest.param([0, 7, 0, 5], [[8], [0], [0], [0]], 0.50, [0, 0, 0, 0], 0.0, id="6, nothing viable"),
]


def detected(p, w, t):
    """Share of the probability that the times detect."""
    p, w, t = (np.asarray(each, dtype=float) for each in (p, w, t))
    return float(p @ -np.expm1(-(w * t).sum(axis=1)) / p.sum()) if p.sum() > 0 else 0.0


def uneven(p, w, t, budget):
    """
    How far from the conditions of Karush, Kuhn and Tucker: in each used pair p w e^-(..) is the resource's greatest.

    As the share of the detected probability that moving all of a resource's time could still win, first order.
    """
    p, w, t = (np.asarray(each, dtype=float) for each in (p, w, t))
    returns = (p * np.exp(-(w * t).sum(axis=1)))[:, None] * w
    return float(((returns.max(axis=0) - returns) * t).sum() / p.sum())


def case(draw_from):
    """Areas and resources with zeros, ties and unlike sizes."""
    number = st.one_of(st.just(0.0), st.sampled_from([0.5, 1.0, 2.0]), draw_from)
    return st.integers(1, 6).flatmap(
        lambda areas: st.integers(1, 4).flatmap(
            lambda crews: st.tuples(
                st.lists(number, min_size=areas, max_size=areas),
                st.lists(st.lists(number, min_size=crews, max_size=crews), min_size=areas, max_size=areas),
                st.lists(number, min_size=crews, max_size=crews),
            )
        )
    )


CASES = case(st.floats(0.01, 20.0))


@pytest.mark.parametrize(("p", "w", "budget", "times", "share"), PUBLISHED)
def test_the_published_cases(p, w, budget, times, share):
    """Times and detected share of every published single-resource case."""
    found = allocate(p, w, [budget])
    assert found.time_h[:, 0] == pytest.approx(times, abs=1e-5)
    assert found.pos == pytest.approx(share, abs=1e-6)
    assert found.gap < 1e-9


@pytest.mark.parametrize(
    "budget", [5.0 * math.exp(-5.0) * math.sqrt(TOLERANCE) / 2.0, 5e-5 * math.sqrt(TOLERANCE) / 2.0]
)
def test_the_published_degenerate_tolerance(budget):
    """
    Case 9, in either reading of its time: all of it is spent, and that is 0 within the case's own precision.

    The published 0 comes from that program's tolerance; with exact arithmetic a single area gets all the time there is.
    """
    found = allocate([2.0 * TOLERANCE], [[1.0 / TOLERANCE]], [budget])
    assert found.time_h[0, 0] == pytest.approx(budget, rel=1e-12)
    assert found.time_h[0, 0] == pytest.approx(0.0, abs=1e-5)
    assert found.pos == pytest.approx(-math.expm1(-budget / TOLERANCE), rel=1e-9)


def test_a_thousandth_of_the_time_more_is_worth_its_price():
    """The price of each resource is the derivative of the detected share with respect to its time."""
    rng = np.random.default_rng(5)
    p, w, budget = rng.random(40), rng.random((40, 3)), np.array([3.0, 9.0, 1.0])
    found = allocate(p, w, budget)
    for resource, price in enumerate(found.price_per_h):
        more = budget.copy()
        more[resource] += 1e-3
        assert allocate(p, w, more).pos - found.pos == pytest.approx(1e-3 * price, rel=1e-3)


@settings(deadline=None)
@given(CASES)
def test_it_is_feasible_and_the_gap_is_closed(drawn):
    """Times are never negative, none has more than it has, pos is what they detect, and the dual bound is met."""
    p, w, budget = drawn
    found = allocate(p, w, budget)
    assert np.all(found.time_h >= 0.0)
    assert np.all(found.time_h.sum(axis=0) <= np.array(budget) * (1 + 1e-9))
    assert found.pos == pytest.approx(detected(p, w, found.time_h), abs=1e-12)
    assert 0.0 <= found.gap <= 1e-8


@settings(deadline=None)
@given(CASES)
def test_every_used_pair_has_the_greatest_return(drawn):
    """The conditions for a best plan hold: no resource would detect more by moving time elsewhere."""
    p, w, budget = drawn
    if sum(p) > 0.0:
        assert uneven(p, w, allocate(p, w, budget).time_h, budget) <= 1e-6


@settings(deadline=None)
@given(CASES, st.integers(0, 2**32 - 1))
def test_no_random_plan_detects_more(drawn, seed):
    """Any feasible split stays below pos + gap, and so does the myopic one that puts each in its best area."""
    p, w, budget = (np.array(each) for each in drawn)
    best = allocate(p, w, budget)
    rng = np.random.default_rng(seed)
    split = rng.dirichlet(np.full(p.size, 0.5), size=budget.size).T * budget
    greedy = np.zeros_like(w)
    greedy[np.argmax(p[:, None] * w, axis=0), np.arange(budget.size)] = budget
    for plan in (split, greedy):
        assert detected(p, w, plan) <= best.pos + best.gap + 1e-12


@settings(deadline=None)
@given(CASES, st.floats(1.0, 3.0))
def test_more_time_never_detects_less(drawn, factor):
    """P is non-decreasing in every resource's time."""
    p, w, budget = drawn
    assert allocate(p, w, [factor * t for t in budget]).pos >= allocate(p, w, budget).pos - 1e-8


def test_likenesses_are_split_without_loss():
    """Four crews that differ in speed alone are one crew with the sum of their speeds."""
    rng = np.random.default_rng(2)
    p, w, speeds, hours = (
        rng.random(500),
        rng.random(500),
        np.array([1.0, 2.0, 0.5, 3.0]),
        np.array([9.0, 2.0, 7.0, 4.0]),
    )
    together = allocate(p, w[:, None], [float(speeds @ hours)])
    apart = allocate(p, np.outer(w, speeds), hours)
    assert apart.pos == pytest.approx(together.pos, abs=1e-9)


def test_a_second_plan_adds_up_to_the_whole():
    """Planning 2 h, finding nothing, and planning 3 h more detects as much as planning 5 h at once."""
    rng = np.random.default_rng(3)
    p, w = rng.random(200), rng.random((200, 1))
    p /= p.sum()
    first = allocate(p, w, [2.0])
    left = p * np.exp(-(w * first.time_h).sum(axis=1))
    second = allocate(left, w, [3.0])
    assert first.pos + second.pos * left.sum() == pytest.approx(allocate(p, w, [5.0]).pos, abs=1e-12)


@pytest.mark.parametrize(
    ("z", "pos"), [(0.5, 0.0902), (1, 0.2642), (1.5, 0.4422), (2, 0.5940), (3, 0.8009), (4, 0.9084), (6, 0.9826)]
)
def test_koopman_on_fine_cells(z, pos):
    """On cells of sigma/20 of a normal map 1 - (1 + z) e^-z is detected within 1 %, out to sqrt(2z) sigma."""
    middles = (np.arange(-120, 120) + 0.5) / 20.0
    x, y = np.meshgrid(middles, middles)
    cell = 1.0 / 20.0**2
    p = np.exp(-0.5 * (x**2 + y**2)).ravel() / (2.0 * math.pi) * cell
    found = allocate(p, np.full((p.size, 1), 1.0 / cell), [math.pi * z**2])
    exact = 1.0 - (1.0 + z) * math.exp(-z)
    assert exact == pytest.approx(pos, abs=5e-5)
    assert found.pos == pytest.approx(exact, rel=0.01)
    searched = np.hypot(x, y).ravel()[found.time_h[:, 0] > 0.0]
    assert searched.max() == pytest.approx(math.sqrt(2.0 * z), abs=0.05)


def test_a_hundred_thousand_areas_with_four_resources_close_the_gap():
    """Size does not widen the gap."""
    rng = np.random.default_rng(1)
    p = rng.random(100_000) ** 4
    found = allocate(p, np.exp(rng.normal(size=(100_000, 4))), [1e3, 2e3, 3e2, 7e2])
    assert found.gap <= 1e-8
    assert found.time_h.sum(axis=0) == pytest.approx([1e3, 2e3, 3e2, 7e2])


@pytest.mark.parametrize("scale", [1e-290, 1e-50, 1.0, 1e90])
def test_the_scale_of_the_map_does_not_matter(scale):
    """Probabilities need not add up to 1, not even nearly."""
    p, w = np.array([4.0, 2.0, 8.0, 1.0]), [[4, 1], [1, 3], [1, 1], [12, 0]]
    assert allocate(p * scale, w, [0.1, 0.2]).pos == pytest.approx(allocate(p, w, [0.1, 0.2]).pos, rel=1e-9)


@pytest.mark.parametrize("areas", [0, 3])
@pytest.mark.parametrize("crews", [0, 2])
def test_nothing_anywhere(areas, crews):
    """An empty map, no resources, or a map of zeros: no times, nothing detected."""
    found = allocate([0.0] * areas, [[1.0] * crews] * areas, [1.0] * crews)
    assert (found.pos, found.gap, float(found.time_h.sum())) == (0.0, 0.0, 0.0)
    assert found.time_h.shape == (areas, crews)


def test_a_resource_without_time_or_use_gets_none():
    """No time, or nowhere to detect anything: its column is 0, the others are as without it."""
    found = allocate([0.5, 0.5], [[1, 1, 0], [2, 1, 0]], [1.0, 0.0, 5.0])
    assert np.all(found.time_h[:, 1:] == 0.0)
    assert found.pos == pytest.approx(allocate([0.5, 0.5], [[1], [2]], [1.0]).pos)
    assert found.price_per_h[1:] == (0.0, 0.0)


@settings(deadline=None)
@given(case(st.floats(0.0, 1e100)))
def test_extreme_numbers_give_numbers(drawn):
    """Anything in the stated domain gives finite times within the budget and a share in [0, 1], without a warning."""
    p, w, budget = drawn
    found = allocate(p, w, budget)
    assert np.all(np.isfinite(found.time_h) & (found.time_h >= 0.0))
    assert np.all(found.time_h.sum(axis=0) <= np.array(budget) * (1 + 1e-9))
    assert 0.0 <= found.pos <= 1.0
    assert math.isfinite(found.gap)


@pytest.mark.parametrize(
    ("p", "w", "budget", "where"),
    [
        ([1.0, -1.0], [[1], [1]], [1], "poa[1]"),
        ([math.nan], [[1]], [1], "poa[0]"),
        ([1.0], [[1, math.inf]], [1, 1], "rate_per_h[0][1]"),
        ([1.0], [[1]], [2e100], "time_h[0]"),
    ],
)
def test_numbers_out_of_range_are_refused_with_their_place(p, w, budget, where):
    """Negative, infinite and NaN are named where they stand."""
    with pytest.raises(OutOfDomain) as caught:
        allocate(p, w, budget)
    assert caught.value.where == where


@pytest.mark.parametrize(
    ("p", "w", "budget", "where"),
    [([1.0], [[1], [1]], [1], "rate_per_h"), (1.0, [[1]], [1], "poa"), ([1.0], [[1]], 1.0, "time_h")],
)
def test_shapes_that_do_not_fit_are_refused(p, w, budget, where):
    """One rate for each area and resource, and lists where lists are meant."""
    with pytest.raises(InvalidInput) as caught:
        allocate(p, w, budget)
    assert caught.value.where == where
