"""Coarse places: no nearer than told, the same for all places of a square."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.earth.geodesy import distance_m
from safeconduct.search.disclosure import coarse

PLACES = st.tuples(st.floats(-180.0, 180.0), st.floats(-80.0, 80.0))


@given(PLACES)
def test_it_lies_in_the_same_square(place):
    """At most half the diagonal of 10 km away, on the ellipsoid."""
    assert distance_m(place, coarse(place)) < 7200.0


@given(PLACES)
def test_it_tells_nothing_finer(place):
    """Coarse twice is coarse once."""
    assert coarse(coarse(place)) == pytest.approx(coarse(place), abs=1e-9)
