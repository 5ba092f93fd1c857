"""The map of a search: cells on a plane and the outside."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.strategies import positions

from safeconduct.model.errors import InvalidInput, OutOfDomain
from safeconduct.search.grid import SearchGrid, SearchMap, grid_over, normalised

GRID = SearchGrid((10.0, 50.0), -5.0, -5.0, 1.0, 10, 10)


def test_cells_run_row_by_row_from_the_south_west():
    """The first cell is in the south-west, the second east of it, the eleventh north of it."""
    assert (GRID.x_km[0], GRID.y_km[0]) == (-4.5, -4.5)
    assert (GRID.x_km[1], GRID.y_km[1]) == (-3.5, -4.5)
    assert (GRID.x_km[10], GRID.y_km[10]) == (-4.5, -3.5)


def test_every_cell_finds_itself():
    """The middle of each cell lies in it, at the antimeridian too; a place off the grid lies in none."""
    for grid in (GRID, SearchGrid((179.99, 20.0), -5.0, -5.0, 1.0, 10, 10)):
        places = zip(grid.lon_deg, grid.lat_deg, strict=True)
        assert [grid.cell_of(lon, lat) for lon, lat in places] == list(range(grid.size))
    assert GRID.cell_of(11.0, 50.0) == -1


@given(positions(), st.floats(-50.0, 50.0), st.floats(-50.0, 50.0))
def test_plane_and_globe_undo_each_other(origin, x, y):
    """To the globe and back within a metre, wherever the plane does not reach over a pole."""
    if abs(origin[1]) < 80.0:
        grid = SearchGrid(origin, 0.0, 0.0, 1.0, 1, 1)
        back = grid.plane(*grid.globe(x, y))
        assert math.dist((float(back[0]), float(back[1])), (x, y)) < 1e-3


@given(st.lists(st.floats(0.0, 1e6), min_size=4, max_size=4), st.floats(0.0, 1e3))
def test_a_map_adds_up_to_one_with_its_outside(weights, outside):
    """Whatever the weights: 1 within 1e-12."""
    grid = SearchGrid((0.0, 0.0), 0.0, 0.0, 1.0, 2, 2)
    if sum(weights) + outside > 1e-200:
        chart = normalised(grid, np.array(weights), outside)
        assert abs(math.fsum((*chart.poa, chart.outside)) - 1.0) <= 1e-12


def test_searching_moves_belief_outside():
    """Bayes with the outside: POA (.5, .3, .2 outside) searched with POD .8 in the first cell."""
    grid = SearchGrid((0.0, 0.0), 0.0, 0.0, 1.0, 2, 1)
    after = SearchMap(grid, np.array([0.5, 0.3]), 0.2).searched(np.array([0.8, 0.0]))
    assert after.poa == pytest.approx([1.0 / 6.0, 0.5], abs=1e-12)
    assert after.outside == pytest.approx(1.0 / 3.0, abs=1e-12)


def test_what_the_map_does_not_hold_has_no_area():
    """With a fifth outside no area on the map holds nine tenths."""
    grid = SearchGrid((0.0, 0.0), 0.0, 0.0, 2.0, 2, 1)
    chart = SearchMap(grid, np.array([0.5, 0.3]), 0.2)
    assert (chart.area_km2(0.5), chart.area_km2(0.8), chart.area_km2(0.9)) == (4.0, 8.0, math.inf)
    assert chart.inside(0.5).tolist() == [True, False]
    assert chart.best == pytest.approx((grid.lon_deg[0], grid.lat_deg[0]))


@pytest.mark.parametrize(
    ("weights", "outside", "where"),
    [
        ([0.0] * 100, 0.0, "map"),  # all zero
        ([1.0] * 99 + [math.nan], 0.0, "map[99]"),
        ([1.0] * 99 + [-1.0], 0.0, "map[99]"),
        ([1.0], 0.0, "map"),  # one cell where a hundred are
        ([1.0] * 100, math.inf, "outside"),
    ],
)
def test_what_is_no_map_is_one_clear_error(weights, outside, where):
    """All zero, not a number, negative, too few cells: each is named."""
    with pytest.raises(OutOfDomain) as caught:
        normalised(GRID, np.array(weights), outside)
    assert caught.value.where == where


def test_a_map_of_one_cell_is_a_map():
    """One cell holds all there is."""
    chart = normalised(SearchGrid((0.0, 0.0), 0.0, 0.0, 1.0, 1, 1), np.array([3.0]), 1.0)
    assert (chart.poa[0], chart.outside) == (0.75, 0.25)


@pytest.mark.parametrize(("cell", "columns"), [(0.0, 2), (math.nan, 2), (1.0, 0), (1.0, 3000)])
def test_no_such_grid(cell, columns):
    """Cells have a size, and there are neither none nor too many of them."""
    with pytest.raises(OutOfDomain):
        SearchGrid((0.0, 0.0), 0.0, 0.0, cell, columns, 2000)


def test_no_place_no_grid():
    """A grid needs something to lie over, and holds all of it with its margin."""
    with pytest.raises(InvalidInput):
        grid_over([], [], across=10, least_km=0.1)
    grid = grid_over([(10.0, 50.0), (10.2, 50.0)], [1.0, 3.0], across=10, least_km=0.1)
    assert grid.cell_of(10.2, 50.025) >= 0
    assert max(grid.columns, grid.rows) <= 11


def test_everything_outside_is_a_map():
    """After a search that was certain everywhere, all that is left is outside, and no area on the map holds any."""
    grid = SearchGrid((0.0, 0.0), 0.0, 0.0, 1.0, 2, 1)
    after = SearchMap(grid, np.array([0.6, 0.3]), 0.1).searched(np.ones(2))
    assert (after.poa.sum(), after.outside) == (0.0, 1.0)
    assert after.area_km2(0.5) == math.inf
