"""The best path against a wandering target."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.model.errors import InvalidInput, OutOfDomain
from safeconduct.search.path import Grid, best_path


def at(grid, cell):
    """A target known to be in one cell."""
    return [float(each == cell) for each in range(grid.rows * grid.columns)]


def neighbours(grid, cell):
    row, column = divmod(cell, grid.columns)
    around = [(row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)]
    return [r * grid.columns + c for r, c in around if 0 <= r < grid.rows and 0 <= c < grid.columns]


def moved(grid, mass):
    """One step of the target, cell by cell."""
    after = [0.0] * len(mass)
    for cell, here in enumerate(mass):
        near = neighbours(grid, cell)
        after[cell] += here * (grid.stay if near else 1.0)
        for other in near:
            after[other] += here * (1.0 - grid.stay) / len(near)
    return after


def worth(grid, searcher, prior, glimpse, path):
    """Probability that the looks of a path find it, by following the mass; the path must be walkable."""
    mass, found = list(prior), 0.0
    for cell in path:
        assert cell == searcher or cell in neighbours(grid, searcher)
        mass = moved(grid, mass)
        found += glimpse[cell] * mass[cell]
        mass[cell] *= 1.0 - glimpse[cell]
        searcher = cell
    return found


def walks(grid, searcher, steps):
    """Every path there is."""
    if steps == 0:
        yield ()
        return
    for cell in (searcher, *neighbours(grid, searcher)):
        for rest in walks(grid, cell, steps - 1):
            yield (cell, *rest)


def myopic(grid, searcher, prior, glimpse, steps):
    """Always the next look that finds most."""
    mass, path = list(prior), []
    for _ in range(steps):
        mass = moved(grid, mass)
        searcher = max((searcher, *neighbours(grid, searcher)), key=lambda cell: glimpse[cell] * mass[cell])
        mass[searcher] *= 1.0 - glimpse[searcher]
        path.append(searcher)
    return path


@st.composite
def problems(draw, most_steps=5):
    grid = Grid(draw(st.integers(1, 3)), draw(st.integers(1, 3)), draw(st.sampled_from([0.0, 0.25, 0.4, 1.0])))
    size = grid.rows * grid.columns
    prior = draw(st.lists(st.integers(0, 5), min_size=size, max_size=size))
    glimpse = draw(st.lists(st.sampled_from([0.0, 0.3, 0.5, 1.0]), min_size=size, max_size=size))
    searcher = draw(st.integers(0, size - 1))
    return grid, searcher, [each / max(sum(prior), 1) for each in prior], glimpse, draw(st.integers(0, most_steps))


@pytest.mark.parametrize(
    ("glimpse", "steps", "best"), [(1.0, 4, 0.4408), (1.0, 6, 0.620368), (0.5, 6, 0.3616715), (0.5, 8, 0.45369731375)]
)
def test_the_three_by_three_values(glimpse, steps, best):
    """From corner to corner with a target that stays with 0.4, the layout of Eagle (1984)."""
    grid = Grid(3, 3, 0.4)
    plan = best_path(grid, searcher=0, prior=at(grid, 8), glimpse=glimpse, steps=steps)
    assert plan.p == pytest.approx(best, abs=1e-9)
    assert plan.proven
    assert worth(grid, 0, at(grid, 8), [glimpse] * 9, plan.path) == pytest.approx(plan.p, abs=1e-12)


def test_looking_ahead_beats_the_myopic_path():
    """0.620368 against 0.426352 in six steps."""
    grid = Grid(3, 3, 0.4)
    path = myopic(grid, 0, at(grid, 8), [1.0] * 9, 6)
    assert worth(grid, 0, at(grid, 8), [1.0] * 9, path) == pytest.approx(0.426352, abs=1e-6)


@settings(deadline=None, max_examples=60)
@given(problems())
def test_equals_the_best_of_all_paths(problem):
    """Full enumeration finds no better path, and the path is worth what it says."""
    grid, searcher, prior, glimpse, steps = problem
    plan = best_path(grid, searcher=searcher, prior=prior, glimpse=glimpse, steps=steps)
    best = max(worth(grid, searcher, prior, glimpse, path) for path in walks(grid, searcher, steps))
    assert plan.p == pytest.approx(best, abs=1e-9)
    assert plan.proven
    assert len(plan.path) == steps
    assert worth(grid, searcher, prior, glimpse, plan.path) == pytest.approx(plan.p, abs=1e-12)


@settings(deadline=None, max_examples=40)
@given(problems(8))
def test_it_is_never_worse_than_myopic_nor_than_fewer_steps(problem):
    """The optimum is at least the myopic value, and does not fall with more steps."""
    grid, searcher, prior, glimpse, steps = problem
    plan = best_path(grid, searcher=searcher, prior=prior, glimpse=glimpse, steps=steps)
    greedy = worth(grid, searcher, prior, glimpse, myopic(grid, searcher, prior, glimpse, steps))
    assert plan.p >= greedy - 1e-12
    longer = best_path(grid, searcher=searcher, prior=prior, glimpse=glimpse, steps=steps + 1)
    assert longer.p >= plan.p - 1e-12


@settings(deadline=None, max_examples=40)
@given(problems(8), st.floats(0.0, 1.0))
def test_a_better_glimpse_never_finds_less(problem, factor):
    """P does not fall with g."""
    grid, searcher, prior, glimpse, steps = problem
    sharp = best_path(grid, searcher=searcher, prior=prior, glimpse=glimpse, steps=steps)
    dull = best_path(grid, searcher=searcher, prior=prior, glimpse=[factor * g for g in glimpse], steps=steps)
    assert dull.p <= sharp.p + 1e-12


@settings(deadline=None, max_examples=40)
@given(problems(7))
def test_a_mirrored_problem_has_the_same_value(problem):
    """Turning the grid over by rows changes nothing."""
    grid, searcher, prior, glimpse, steps = problem
    over = np.arange(grid.rows * grid.columns).reshape(grid.rows, grid.columns)[::-1].ravel()
    plan = best_path(grid, searcher=searcher, prior=prior, glimpse=glimpse, steps=steps)
    turned = best_path(
        grid,
        searcher=int(np.flatnonzero(over == searcher)[0]),
        prior=[prior[i] for i in over],
        glimpse=[glimpse[i] for i in over],
        steps=steps,
    )
    assert turned.p == pytest.approx(plan.p, abs=1e-12)


def test_a_resting_target_within_one_move_is_searched_by_index():
    """In a row of two with a resting target the looks are those of the index policy."""
    grid = Grid(1, 2, 1.0)
    plan = best_path(grid, searcher=0, prior=[0.6, 0.4], glimpse=0.5, steps=4)
    gains = sorted((p * 0.5**k * 0.5 for p, k in itertools.product((0.6, 0.4), range(4))), reverse=True)
    assert plan.p == pytest.approx(sum(gains[:4]), abs=1e-12)


def test_cut_short_it_says_how_much_is_open():
    """On a large grid with little work allowed, the path is valid and its bound holds the proven optimum."""
    grid = Grid(8, 8, 0.4)
    full = best_path(grid, searcher=0, prior=at(grid, 60), glimpse=0.6, steps=14)
    short = best_path(grid, searcher=0, prior=at(grid, 60), glimpse=0.6, steps=14, work=20_000)
    assert full.proven
    assert not short.proven
    assert short.p <= full.p + 1e-12 <= short.bound + 2e-12
    assert worth(grid, 0, at(grid, 60), [0.6] * 64, short.path) == pytest.approx(short.p, abs=1e-12)


def test_no_steps_and_one_cell():
    """No steps find nothing; in one cell every look counts, for the target cannot leave."""
    assert best_path(Grid(2, 2, 0.5), searcher=0, prior=[0, 0, 0, 1], glimpse=1.0, steps=0).path == ()
    alone = best_path(Grid(1, 1, 0.0), searcher=0, prior=[1.0], glimpse=0.5, steps=3)
    assert (alone.p, alone.path) == (0.875, (0, 0, 0))


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"searcher": 4}, "searcher"),
        ({"searcher": -1}, "searcher"),
        ({"steps": -1}, "steps"),
        ({"steps": 10_000_000}, "steps"),
        ({"glimpse": 1.5}, "glimpse[0]"),
        ({"prior": [0, 0, 0, float("nan")]}, "prior[3]"),
    ],
)
def test_outside_the_domain_it_refuses(changed, where):
    """Each wrong argument is named."""
    good = {"searcher": 0, "prior": [0, 0, 0, 1.0], "glimpse": 1.0, "steps": 3}
    with pytest.raises(OutOfDomain) as caught:
        best_path(Grid(2, 2, 0.5), **(good | changed))
    assert caught.value.where == where


def test_lists_that_do_not_fit_are_refused():
    """One probability and one glimpse for each cell, and no more than 1 in all."""
    with pytest.raises(InvalidInput):
        best_path(Grid(2, 2, 0.5), searcher=0, prior=[1.0], glimpse=1.0, steps=1)
    with pytest.raises(InvalidInput):
        best_path(Grid(2, 2, 0.5), searcher=0, prior=[0.5, 0.5, 0.5, 0], glimpse=1.0, steps=1)
    with pytest.raises(InvalidInput):
        best_path(Grid(2, 2, 0.5), searcher=0, prior=[1.0, 0, 0, 0], glimpse=[1.0], steps=1)


@pytest.mark.parametrize("size", [(0, 3, 0.5), (3, -1, 0.5), (3, 3, 1.1), (2000, 2000, 0.5)])
def test_no_such_grid(size):
    """At least one cell, at most a million, and a probability to stay."""
    with pytest.raises(OutOfDomain):
        Grid(*size)
