"""Terrain shadow of passing searchers."""

import math

import numpy as np
import pytest
from tests.terrain import MIDDLE, flat, rough, terrain

from safeconduct.model.errors import OutOfDomain
from safeconduct.search.grid import SearchGrid
from safeconduct.search.shadow import shadow

GRID = SearchGrid(MIDDLE, -2.0, -2.0, 0.25, 16, 16)


def test_a_plain_hides_nothing():
    """Over level ground every look reaches every point."""
    found = shadow(flat(401, 401), GRID, height_m=100.0, reach_km=1.0)
    assert found.share == pytest.approx(1.0)
    assert not found.blind.any()


def test_a_canyon_hides_its_floor_from_low_passes():
    """From 30 m above the rim half of the looks or fewer reach the floor of a slot; from far above all do."""
    x = (np.arange(401) - 200.0) * 30.0
    ground = terrain(np.tile(np.where(np.abs(x) < 200.0, 500.0, 1000.0), (401, 1)))
    floor = np.abs(GRID.x_km) < 0.13
    low = shadow(ground, GRID, height_m=30.0, reach_km=1.0)
    high = shadow(ground, GRID, height_m=9000.0, reach_km=1.0)
    assert low.share[floor].max() < 0.6
    assert high.share[floor].min() > 0.85
    assert low.share[np.abs(GRID.x_km) > 1.0].min() > 0.9


def test_higher_passes_see_more_of_the_mountains():
    """On mountains the share rises with the height of the pass, and what stays blind falls."""
    ground = rough(401, seed=3, relief_m=2000.0)
    found = [shadow(ground, GRID, height_m=high, reach_km=1.5) for high in (50.0, 300.0, 1500.0)]
    shares = [float(each.share.mean()) for each in found]
    assert shares == sorted(shares)
    assert shares[0] < 0.9 < shares[2]
    blind = [float(each.blind.mean()) for each in found]
    assert blind == sorted(blind, reverse=True)


def test_the_sample_is_fine_enough():
    """Forty-eight looks differ from three thousand by 0.07 or less, one standard deviation over the cells."""
    ground = rough(401, seed=4, relief_m=2000.0)
    grid = SearchGrid(MIDDLE, -1.0, -1.0, 0.5, 4, 4)
    few = shadow(ground, grid, height_m=150.0, reach_km=1.5).share
    many = shadow(ground, grid, height_m=150.0, reach_km=1.5, looks=3200).share
    assert np.sqrt(((few - many) ** 2).mean()) < 0.07
    assert abs(float((few - many).mean())) < 0.02


def test_beyond_the_terrain_it_is_unknown():
    """Cells that terrain does not cover have no factor."""
    found = shadow(flat(101, 101), GRID, height_m=100.0, reach_km=0.5)
    assert np.isnan(found.share[np.abs(GRID.x_km) > 1.8]).all()
    assert found.share[(np.abs(GRID.x_km) < 0.5) & (np.abs(GRID.y_km) < 0.5)] == pytest.approx(1.0)


@pytest.mark.parametrize(
    "wrong", [{"height_m": -1.0}, {"reach_km": 0.0}, {"height_m": math.nan}, {"looks": 3}], ids=str
)
def test_numbers_out_of_range_are_refused(wrong):
    """A height under the ground, no reach, a NaN: one clear error."""
    with pytest.raises(OutOfDomain):
        shadow(flat(), GRID, **{"height_m": 100.0, "reach_km": 1.0, **wrong})
