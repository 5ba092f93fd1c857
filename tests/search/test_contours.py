"""Contour search on ground whose contours are known: a cone."""

import math

import numpy as np
import pytest

from safeconduct.search.contours import STEP_M, contour, level_lines
from safeconduct.search.patterns import line_km

AXIS = np.linspace(-5.0, 5.0, 201)
X, Y = np.meshgrid(AXIS, AXIS)
CONE = 1000.0 - 200.0 * np.hypot(X, Y)


def test_a_level_of_a_cone_is_one_closed_circle():
    """At 600 m its radius is 2 km."""
    (line,) = level_lines(CONE, AXIS, AXIS, 600.0)
    assert line[0] == pytest.approx(line[-1])
    assert np.hypot(*line.T) == pytest.approx(np.full(len(line), 2.0), abs=2e-3)
    assert line_km(line) == pytest.approx(4.0 * math.pi, rel=2e-3)


def test_circuits_go_from_the_top_down_by_500_feet():
    """Radii of 152.4 m / 200 m per km, twice that, and so on."""
    made = contour(CONE, AXIS, AXIS, 1000.0)
    assert made is not None
    radii = np.unique(np.round(np.hypot(*made.track.T), 1))
    assert radii[:3] == pytest.approx(np.round(STEP_M / 200.0 * np.array([1, 2, 3]), 1), abs=0.11)
    firsts = np.hypot(*made.track[:5].T)
    assert firsts == pytest.approx(np.full(5, STEP_M / 200.0), abs=0.02)


def test_the_effort_ends_it():
    """Cut in the middle of a circuit."""
    made = contour(CONE, AXIS, AXIS, 7.0)
    assert made is not None
    assert made.total_km == pytest.approx(7.0)


def test_open_lines_end_at_the_edge():
    """On a slope every contour is one line from side to side."""
    (line,) = level_lines(100.0 * X, AXIS, AXIS, 105.0)
    assert line[:, 0] == pytest.approx(np.full(len(line), 1.05))
    assert sorted(line[[0, -1], 1]) == pytest.approx([-5.0, 5.0])


@pytest.mark.parametrize("heights", [np.full((5, 5), 300.0), np.full((5, 5), np.nan)])
def test_flat_or_unknown_ground_has_none(heights):
    """None, not a made-up line."""
    assert contour(heights, np.arange(5.0), np.arange(5.0), 10.0) is None


def test_no_line_crosses_unknown_ground():
    """A hole in the data stays a hole."""
    holed = CONE.copy()
    holed[90:110, 130:150] = np.nan
    for line in level_lines(holed, AXIS, AXIS, 600.0):
        inside = (
            (line[:, 0] > AXIS[130]) & (line[:, 0] < AXIS[149]) & (line[:, 1] > AXIS[90]) & (line[:, 1] < AXIS[109])
        )
        assert not inside.any()


def test_the_way_between_circuits_counts():
    """Circles 0.762 km apart on the cone: each way down is that long, and the drawn line is as long as told."""
    made = contour(CONE, AXIS, AXIS, 40.0)
    assert made is not None
    assert made.turns_km == pytest.approx(round(made.turns_km / 0.762) * 0.762, abs=0.05)
    assert line_km(made.track) == pytest.approx(made.total_km, rel=1e-6)
    assert made.total_km <= 40.0 + 1e-9
