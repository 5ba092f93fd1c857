"""Outlines of a set of cells."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.search.grid import SearchGrid
from safeconduct.search.outline import rings_of


def square(columns, rows, at=(10.0, 0.1), cell_km=0.5):
    return SearchGrid(at, -columns * cell_km / 2, -rows * cell_km / 2, cell_km, columns, rows)


def disc(grid, middle_km, radius_km):
    return np.hypot(grid.x_km - middle_km[0], grid.y_km - middle_km[1]) <= radius_km


def signed_km2(grid, ring):
    """Area of a ring on the plane of the grid, positive where it runs anticlockwise."""
    x, y = grid.plane(*np.array(ring).T)
    return float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]) / 2)


def test_rings_are_closed():
    """The first corner is repeated at the end."""
    grid = square(40, 40)
    rings = rings_of(grid, disc(grid, (0.0, 0.0), 5.0))
    assert all(ring[0] == ring[-1] for ring in rings)
    assert len(rings) == 1


@pytest.mark.parametrize("at", [(10.0, 0.1), (179.99, 10.0), (-179.999, -60.0), (20.0, 78.0)])
@pytest.mark.parametrize("radius_km", [2.0, 7.0])
def test_the_ring_holds_the_area_of_its_cells(at, radius_km):
    """The outline encloses as many square kilometres as the cells have, across the antimeridian too."""
    grid = square(40, 40, at)
    mask = disc(grid, (0.0, 0.0), radius_km)
    total = sum(signed_km2(grid, ring) for ring in rings_of(grid, mask))
    assert total == pytest.approx(mask.sum() * grid.cell_km2, rel=1e-6)


def test_two_places_give_two_rings():
    """Areas far from each other are outlined apart."""
    grid = square(40, 40)
    assert len(rings_of(grid, disc(grid, (-5.0, 0.0), 2.0) | disc(grid, (5.0, 0.0), 2.0))) == 2


def test_at_most_so_many_rings_the_longest_first():
    """The shortest rings are left out."""
    grid = square(40, 40)
    mask = disc(grid, (-6.0, 0.0), 1.0) | disc(grid, (5.0, 0.0), 4.0)
    both, one = rings_of(grid, mask), rings_of(grid, mask, most=1)
    assert one == both[:1]
    assert signed_km2(grid, both[0]) > signed_km2(grid, both[1])


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**20 - 1), st.integers(2, 5))
def test_any_set_of_cells_is_enclosed_exactly(bits, columns):
    """Whatever the cells (touching at corners, with holes): the signed areas of the rings add up to theirs."""
    grid = square(columns, 4, (0.0, 0.0), 0.1)
    mask = np.array([bool(bits >> i & 1) for i in range(grid.size)])
    total = sum(signed_km2(grid, ring) for ring in rings_of(grid, mask, most=99))
    assert total == pytest.approx(mask.sum() * grid.cell_km2, rel=1e-6, abs=1e-9)


def test_a_single_cell_has_an_outline_of_four_corners():
    """One cell: four corners and the first again."""
    rings = rings_of(square(1, 1), np.ones(1, dtype=bool))
    assert len(rings) == 1
    assert len(rings[0]) == 5


def test_no_cell_has_no_outline():
    """Nothing to enclose."""
    assert rings_of(square(3, 3), np.zeros(9, dtype=bool)) == ()
