"""What a track achieved."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.terrain import MIDDLE, flat, ridge

from safeconduct.model.errors import InvalidInput, OutOfDomain
from safeconduct.search.detection import exponential, inverse_cube
from safeconduct.search.grid import SearchGrid
from safeconduct.search.track import Track, swept

GRID = SearchGrid(MIDDLE, -5.0, -5.0, 0.25, 40, 40)


def track(x_km, y_km, *, gap=None, height_m=None):
    """A track by its places on the map's plane."""
    lon, lat = GRID.globe(np.asarray(x_km, float), np.asarray(y_km, float))
    n = len(lon)
    high = np.full(n, np.nan if height_m is None else height_m)
    return Track("t", lon, lat, None, high, np.zeros(n - 1, bool) if gap is None else np.asarray(gap))


@given(st.lists(st.tuples(st.floats(-3, 3), st.floats(-3, 3)), min_size=2, max_size=8), st.floats(0.02, 1.5))
def test_no_effort_is_lost_or_gained(corners, width_km):
    """Coverage summed over area is sweep width times length, for a track that keeps a disc off the map's edge."""
    way = track(*zip(*corners, strict=True))
    total = swept(way, GRID, width_km).coverage.sum() * GRID.cell_km2
    assert total == pytest.approx(width_km * way.length_km, rel=1e-9, abs=1e-12)


def test_parallel_legs_one_width_apart_cover_once():
    """Legs one sweep width apart give coverage 1 between them, and so 63 to 79 % detection."""
    x, y = [], []
    for k, at in enumerate(np.arange(-4.0, 4.01, 0.5)):
        x += [-6.0, 6.0] if k % 2 == 0 else [6.0, -6.0]
        y += [at, at]
    done = swept(track(x, y), GRID, 0.5)
    inner = (np.abs(GRID.x_km) < 3.0) & (np.abs(GRID.y_km) < 3.0)
    assert done.coverage[inner] == pytest.approx(1.0, abs=0.25)
    assert done.coverage[inner].mean() == pytest.approx(1.0, abs=0.02)
    low, high = exponential(done.coverage), inverse_cube(done.coverage)
    assert low[inner].mean() == pytest.approx(0.632, abs=0.02)
    assert high[inner].mean() == pytest.approx(0.790, abs=0.02)


def test_gaps_cover_nothing():
    """A stretch that is a gap counts neither as length nor as coverage."""
    way = track([-3.0, -1.0, 1.0, 3.0], [0.0] * 4, gap=[False, True, False])
    assert way.length_km == pytest.approx(4.0, rel=0.01)
    done = swept(way, GRID, 0.3)
    middle = (np.abs(GRID.x_km) < 0.5) & (np.abs(GRID.y_km) < 1.0)
    assert done.coverage[middle].max() == 0.0


def test_a_ridge_hides_its_far_side():
    """Flown low along the west of a ridge, its far side is not covered; flown above the crest, it is."""
    ground = ridge(401, 401, crest_m=300.0, half_m=600.0)
    way = track([-0.5, -0.5], [-3.0, 3.0])
    behind = (GRID.x_km > 0.3) & (GRID.x_km < 1.0) & (np.abs(GRID.y_km) < 2.0)
    before = (GRID.x_km < -0.4) & (GRID.x_km > -1.2) & (np.abs(GRID.y_km) < 2.0)
    free = swept(way, GRID, 1.5)
    low = swept(way, GRID, 1.5, terrain=ground, height_m=50.0)
    high = swept(way, GRID, 1.5, terrain=ground, height_m=2000.0)
    assert low.coverage[behind].max() == 0.0
    assert low.coverage[before] == pytest.approx(free.coverage[before])
    assert high.coverage == pytest.approx(free.coverage)
    assert low.shadow > 0.2
    assert high.shadow == 0.0
    assert math.isnan(free.shadow)
    assert any("no terrain" in warning for warning in free.warnings)


def test_heights_above_the_sea_serve_too():
    """Without a height above ground the track's own is taken; where it has none either, that is said."""
    ground = ridge(401, 401, base_m=500.0, crest_m=300.0)
    behind = (GRID.x_km > 0.3) & (GRID.x_km < 1.0) & (np.abs(GRID.y_km) < 2.0)
    low = swept(track([-0.9, -0.9], [-3.0, 3.0], height_m=560.0), GRID, 2.0, terrain=ground)
    assert low.coverage[behind].max() == 0.0
    blind = swept(track([-0.9, -0.9], [-3.0, 3.0]), GRID, 2.0, terrain=ground)
    assert any("height" in warning for warning in blind.warnings)
    assert blind.coverage[behind].min() > 0.0


def test_beyond_the_terrain_effort_does_not_count_and_it_is_said():
    """What terrain does not cover is unknown, never taken for seen."""
    done = swept(track([-3.0, 3.0], [0.0, 0.0]), GRID, 0.5, terrain=flat(101, 101), height_m=100.0)
    assert 0.4 < done.unknown < 0.6
    assert any("does not count" in warning for warning in done.warnings)
    assert done.coverage[np.abs(GRID.x_km) > 2.2].max() == 0.0


def test_a_track_off_the_map_covers_nothing():
    """A track elsewhere is no error: it covers nothing, and that is said."""
    done = swept(track([30.0, 40.0], [0.0, 0.0]), GRID, 0.5)
    assert not done.coverage.any()
    assert "no part of the track lies on the map" in done.warnings


def test_width_may_differ_from_cell_to_cell():
    """Half the width in a wood is half the coverage there."""
    way = track([-3.0, 3.0], [0.1, 0.1])
    wood = GRID.x_km > 0.0
    half = swept(way, GRID, np.where(wood, 0.2, 0.4)).coverage
    full = swept(way, GRID, np.full(GRID.size, 0.4)).coverage
    assert half[wood] == pytest.approx(full[wood] / 2.0)
    assert half[~wood] == pytest.approx(full[~wood])


@pytest.mark.parametrize("width", [0.0, -1.0, math.nan, math.inf])
def test_widths_out_of_range_are_refused(width):
    """A sweep width is a positive number."""
    with pytest.raises(OutOfDomain):
        swept(track([0.0, 1.0], [0.0, 0.0]), GRID, width)


def test_one_point_is_no_track():
    """A track has two ends."""
    with pytest.raises(InvalidInput, match="not a track"):
        Track("t", np.zeros(1), np.zeros(1), None, np.zeros(1), np.zeros(0, bool))
