"""Lanes of the units of a crew: equal, side by side, and together the whole sector."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.model.errors import OutOfDomain
from safeconduct.search.lanes import lanes

SIZE = st.tuples(st.floats(0.1, 50.0), st.floats(0.1, 1.0)).map(lambda t: (t[0], t[0] * t[1]))


def edges(lane):
    x, y = lane.across_km / 2.0, lane.up_km / 2.0
    return lane.x_km - x, lane.x_km + x, lane.y_km - y, lane.y_km + y


@given(SIZE, st.integers(1, 40))
def test_they_are_equal_and_fill_the_sector(size, units):
    """As many as units, each its share of the area, none outside."""
    made = lanes(*size, units)
    assert len(made) == units
    each = size[0] * size[1] / units
    assert [lane.across_km * lane.up_km for lane in made] == pytest.approx([each] * units)
    for lane in made:
        west, east, south, north = edges(lane)
        assert west >= -size[0] / 2.0 - 1e-9
        assert east <= size[0] / 2.0 + 1e-9
        assert south >= -size[1] / 2.0 - 1e-9
        assert north <= size[1] / 2.0 + 1e-9


@given(SIZE, st.integers(2, 24))
def test_no_two_overlap(size, units):
    """The shared area of every pair is nothing."""
    made = [edges(lane) for lane in lanes(*size, units)]
    for i, a in enumerate(made):
        for b in made[:i]:
            wide, tall = min(a[1], b[1]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[2], b[2])
            assert min(wide, tall) <= 1e-9 * math.hypot(*size)


def test_nobody_is_refused():
    """A sector without a unit."""
    with pytest.raises(OutOfDomain):
        lanes(1.0, 1.0, 0)
