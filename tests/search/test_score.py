"""How good a map was."""

import math

import numpy as np
import pytest

from safeconduct.search.grid import SearchGrid, SearchMap
from safeconduct.search.score import calibration, score

GRID = SearchGrid((0.0, 0.0), 0.0, 0.0, 2.0, 4, 1)
CHART = SearchMap(GRID, np.array([0.5, 0.2, 0.2, 0.0]), 0.1)


def of(cell, chart=CHART):
    return score(chart, float(GRID.lon_deg[cell]), float(GRID.lat_deg[cell]))


def test_map_score():
    """R = (0.5 - r) / 0.5 with r = (likelier + half of the equal) / all: 0.75, 0, 0, -0.75 by hand."""
    assert [of(i).r for i in range(4)] == pytest.approx([0.75, 0.0, 0.0, -0.75])


def test_a_flat_map_scores_nothing():
    """R 0, no bits, half of the map to be searched."""
    flat = SearchMap(GRID, np.full(4, 0.25), 0.0)
    made = of(2, flat)
    assert (made.r, made.bits, made.area_km2, made.containment) == pytest.approx((0.0, 0.0, 8.0, 0.5))


def test_area_and_share_before_reaching_it():
    """The likeliest cells first, half of the equal ones: 2, 8 and 14 km2."""
    assert [of(i).area_km2 for i in (0, 1, 3)] == pytest.approx([2.0, 8.0, 14.0])
    assert [of(i).containment for i in (0, 1)] == pytest.approx([0.25, 0.7])
    assert of(0).log_density == pytest.approx(math.log(0.5 / 4.0))
    assert of(0).bits == pytest.approx(1.0)


def test_where_nothing_was_expected_the_log_score_is_lost():
    """Probability 0 at the find, and a find off the map."""
    assert (of(3).log_density, of(3).bits) == (-math.inf, -math.inf)
    off = score(CHART, 10.0, 10.0)
    assert (off.on_map, off.r, off.area_km2, off.containment) == (False, -1.0, math.inf, 1.0)


def test_calibration_counts():
    """Of four finds one lies in the area of a half, three in that of nine tenths."""
    rows = calibration([0.4, 0.6, 0.9, 0.95], (0.5, 0.9))
    assert [(r.share, r.held, r.finds) for r in rows] == [(0.5, 1, 4), (0.9, 3, 4)]


def test_maps_that_are_right_are_calibrated():
    """Finds drawn from the map itself lie in the area of each share about so often."""
    grid = SearchGrid((0.0, 0.0), 0.0, 0.0, 1.0, 60, 60)
    poa = np.exp(-0.5 * ((grid.x_km - 30) ** 2 + (grid.y_km - 30) ** 2) / 64.0)
    chart = SearchMap(grid, poa / math.fsum(poa), 0.0)
    rng = np.random.default_rng(7)
    cells = rng.choice(grid.size, 400, p=chart.poa / chart.poa.sum())
    told = [score(chart, float(grid.lon_deg[c]), float(grid.lat_deg[c])).containment for c in cells]
    for row in calibration(told):
        assert row.held / row.finds == pytest.approx(row.share, abs=0.07)
