"""One crew after persons who may walk."""

import numpy as np
import pytest

from safeconduct.model.errors import OutOfDomain
from safeconduct.search.grid import SearchGrid, normalised
from safeconduct.search.mobile import chase

GRID = SearchGrid((10.0, 50.0), -10.0, -10.0, 0.5, 40, 40)


def hill(sigma=4.0):
    return normalised(GRID, np.exp(-0.5 * (GRID.x_km**2 + GRID.y_km**2) / sigma**2), 0.0)


def test_walking_persons_are_harder_to_find():
    """The faster they walk the less the best path finds; resting ones are found as the path's own visits say."""
    found = [
        chase(hill(), swept_km2_per_h=4.0, walks_kmh=speed, step_h=0.5, steps=6, across=6) for speed in (0.0, 1.0, 2.0)
    ]
    assert found[0].p == pytest.approx(found[0].resting)
    assert found[0].p >= found[1].p >= found[2].p > 0.0
    assert all(f.p <= f.bound + 1e-12 for f in found)


def test_the_path_is_one_of_neighbours_about_the_peak():
    """Each step leads to the same or a neighbouring cell."""
    made = chase(hill(), swept_km2_per_h=4.0, walks_kmh=1.0, step_h=0.5, steps=8, across=6)
    x, y = GRID.plane([p[0] for p in made.places], [p[1] for p in made.places])
    steps = np.abs(np.diff(x)) + np.abs(np.diff(y))
    assert (steps <= made.cell_km * 1.01).all()
    assert len(made.places) == 8
    assert np.hypot(x, y).max() < 10.0
    assert 0.5 <= made.covered <= 1.0


@pytest.mark.parametrize(
    "wrong",
    [
        {"swept_km2_per_h": 0.0},
        {"swept_km2_per_h": float("nan")},
        {"step_h": 0.0},
        {"steps": 0},
        {"steps": 100},
        {"walks_kmh": -1.0},
        {"walks_kmh": 500.0},  # more than a cell in a step
    ],
)
def test_out_of_domain(wrong):
    """Each is refused."""
    usual = {"swept_km2_per_h": 4.0, "walks_kmh": 1.0, "step_h": 0.5, "steps": 4}
    with pytest.raises(OutOfDomain):
        chase(hill(), **(usual | wrong))
