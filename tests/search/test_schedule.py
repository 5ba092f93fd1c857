"""Where and when search time is best spent."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from safeconduct.model.errors import InvalidInput, OutOfDomain
from safeconduct.search.effort import allocate
from safeconduct.search.schedule import schedule, worth_of


def problem(seed, areas, crews, slices):
    """Unlike areas, crews, hours and a worth that falls."""
    rng = np.random.default_rng(seed)
    p = rng.dirichlet(np.ones(areas))
    w = rng.uniform(0.0, 3.0, (areas, crews)) * (rng.random((areas, crews)) < 0.8)
    hours = rng.uniform(0.0, 2.0, (crews, slices)) * (rng.random((crews, slices)) < 0.7)
    worth = np.sort(rng.random(slices))[::-1]
    return p, w, hours, worth


def effort_of(time, w):
    return np.einsum("ars,ar->as", time, w).cumsum(axis=1)


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.integers(1, 5), st.integers(1, 3), st.integers(1, 4))
def test_it_is_feasible_and_below_its_bound(seed, areas, crews, slices):
    """Hours add up, the value is what the hours are worth, and the bound holds it."""
    p, w, hours, worth = problem(seed, areas, crews, slices)
    made = schedule(p, w, hours, worth, good=1e-9, sweeps=200)
    spent = made.time_h.sum(axis=0)
    usable = np.where(w.any(axis=0)[:, None], hours, 0.0)
    assert (made.time_h >= 0.0).all()
    assert (spent <= hours + 1e-9).all()
    assert ((spent >= usable - 1e-9) | (worth[None, :] == 0.0)).all()
    assert made.value == pytest.approx(worth_of(p, effort_of(made.time_h, w), worth), abs=1e-12)
    assert made.value <= made.bound + 1e-12
    assert made.bound - made.value <= 1e-6


@pytest.mark.parametrize("seed", range(4))
def test_an_independent_optimiser_finds_nothing_better(seed):
    """Sequential quadratic programming on the same problem stays at our value and below our bound."""
    p, w, hours, worth = problem(seed, 3, 2, 3)
    made = schedule(p, w, hours, worth, good=1e-10, sweeps=500)
    shape = made.time_h.shape

    def loss(flat):
        return -worth_of(p, effort_of(flat.reshape(shape), w), worth)

    limits = [
        {"type": "eq", "fun": lambda x, r=r, s=s: x.reshape(shape)[:, r, s].sum() - hours[r, s]}
        for r in range(2)
        for s in range(3)
    ]
    even = np.broadcast_to(hours[None, :, :] / 3.0, shape).ravel()
    theirs = minimize(loss, even, bounds=[(0.0, None)] * even.size, constraints=limits, options={"maxiter": 500})
    assert -theirs.fun <= made.bound + 1e-9
    assert made.value >= -theirs.fun - 1e-6


def test_one_slice_is_the_allocation():
    """With one slice the answer is that of the allocation solver, to 1e-6."""
    rng = np.random.default_rng(3)
    p, w, hours = rng.dirichlet(np.ones(30)), rng.uniform(0.0, 2.0, (30, 3)), np.array([[3.0], [1.0], [4.0]])
    assert schedule(p, w, hours, [1.0], good=1e-9).value == pytest.approx(allocate(p, w, hours[:, 0]).pos, abs=1e-6)


def test_worth_that_does_not_fall_is_the_allocation_of_all_hours():
    """If late is as good as soon, only the sums of the hours count."""
    rng = np.random.default_rng(4)
    p, w = rng.dirichlet(np.ones(20)), rng.uniform(0.1, 2.0, (20, 1))
    made = schedule(p, w, np.array([[1.0, 2.0, 3.0]]), np.ones(3), good=1e-9)
    assert made.value == pytest.approx(allocate(p, w, [6.0]).pos, abs=1e-6)


def test_one_searcher_is_never_better_off_by_waiting():
    """One resource, one rate: the plan for the first hours is the plan of the first hours alone (Stone: it is best at
    every time)."""
    p = np.array([0.5, 0.3, 0.2])
    w = np.array([[1.0], [2.0], [0.5]])
    made = schedule(p, w, np.array([[1.0, 1.0, 1.0]]), np.array([1.0, 0.5, 0.2]), good=1e-10, sweeps=500)
    for hours, found in zip((1.0, 2.0, 3.0), made.found, strict=True):
        assert found == pytest.approx(allocate(p, w, [hours]).pos, abs=1e-6)


def test_nobody_or_nothing():
    """No hours, no rates, an empty map: nothing is found, and the bound says so."""
    for p, w, hours in (([1.0], [[1.0]], [[0.0]]), ([1.0], [[0.0]], [[1.0]]), ([0.0], [[1.0]], [[1.0]])):
        made = schedule(p, w, hours, [1.0])
        assert (made.value, made.found[0]) == (0.0, 0.0)
        assert made.bound == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize(
    ("p", "w", "hours", "worth", "fault"),
    [
        ([1.0], [[1.0]], [[1.0, 1.0]], [0.5, 1.0], OutOfDomain),  # worth rises
        ([1.0], [[-1.0]], [[1.0]], [1.0], OutOfDomain),
        ([np.nan], [[1.0]], [[1.0]], [1.0], OutOfDomain),
        ([1.0], [[1.0]], [[1.0]], [1.0, 0.5], InvalidInput),
        ([1.0, 0.0], [[1.0]], [[1.0]], [1.0], InvalidInput),
        ([[1.0]], [[1.0]], [[1.0]], [1.0], InvalidInput),
    ],
)
def test_what_does_not_fit_is_refused(p, w, hours, worth, fault):
    """Shapes and numbers."""
    with pytest.raises(fault):
        schedule(p, w, hours, worth)
