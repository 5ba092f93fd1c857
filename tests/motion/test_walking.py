"""Walking speeds against the published formulas' values."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.formats.catalogue import catalogue
from safeconduct.model.errors import InvalidInput, OutOfDomain
from safeconduct.motion.walking import (
    PACES,
    campbell_kmh,
    irmischer_clarke_kmh,
    irmischer_clarke_off_road_kmh,
    slowed,
    tobler_kmh,
    tobler_off_path_kmh,
)

FUNCTIONS = (
    tobler_kmh,
    tobler_off_path_kmh,
    irmischer_clarke_off_road_kmh,
    irmischer_clarke_kmh,
    campbell_kmh,
    lambda slope: campbell_kmh(slope, 10),
)

# slope; Tobler, Tobler off path, Irmischer-Clarke off road, on road, Campbell 5th, 10th percentile, km/h
TABLE = (
    (-0.5, 1.242, 0.745, 1.067, 1.565, 2.132, 2.503),
    (-0.3, 2.501, 1.501, 1.956, 2.940, 2.702, 3.109),
    (-0.1, 5.037, 3.022, 2.724, 3.946, 3.968, 4.570),
    (-0.05, 6.000, 3.600, 2.796, 3.996, 4.158, 4.800),
    (0.0, 5.037, 3.022, 2.803, 3.946, 4.121, 4.753),
    (0.1, 3.549, 2.130, 2.623, 3.573, 3.470, 3.964),
    (0.2, 2.501, 1.501, 2.239, 2.940, 2.677, 3.052),
    (0.3, 1.763, 1.058, 1.762, 2.219, 2.107, 2.422),
    (0.5, 0.875, 0.525, 0.933, 1.067, 1.491, 1.758),
)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"slope {row[0]}")
def test_speeds_are_those_of_the_table(row):
    """Each function gives the reference's speed within 0.001 km/h."""
    assert [float(f(row[0])) for f in FUNCTIONS] == pytest.approx(row[1:], abs=1e-3)


@pytest.mark.parametrize(
    ("degrees", "kmh"), [(-20, 2.00), (-10, 3.86), (0, 5.04), (5, 3.71), (10, 2.72), (20, 1.41), (30, 0.67)]
)
def test_toblers_own_table(degrees, kmh):
    """The published table of Tobler, by degrees."""
    assert float(tobler_kmh(math.tan(math.radians(degrees)))) == pytest.approx(kmh, abs=5.1e-3)


@given(st.floats(-1.2, 1.2))
def test_every_pace_is_a_walk(slope):
    """On no slope that is walked is any of them zero, or faster than 6 km/h."""
    for pace in PACES.values():
        assert 0.0 < float(pace.kmh(slope)) <= 6.0


@given(st.floats(0.05, 1.2))
def test_uphill_is_slower_than_downhill(slope):
    """The signed slope counts: up is slower than down by the same slope."""
    for pace in PACES.values():
        assert float(pace.kmh(slope)) < float(pace.kmh(-slope))


def test_unknown_slopes_stay_unknown():
    """NaN in, NaN out; shapes are kept; an infinite slope is refused."""
    for f in FUNCTIONS:
        out = f(np.array([[0.0, math.nan]]))
        assert out.shape == (1, 2)
        assert math.isnan(out[0, 1])
        with pytest.raises(OutOfDomain):
            f(math.inf)


def test_only_the_slow_percentiles_are_walks():
    """The median of Campbell's crowd runs: it is not to be had."""
    with pytest.raises(InvalidInput):
        campbell_kmh(0.0, 50)


def test_land_cover_slows_and_blocks():
    """Impedance 0 leaves the speed, 50 takes about two thirds of it, 98 and more block."""
    assert slowed([0.0, 50.0, 97.9]) == pytest.approx([1.0, math.exp(-1.06), math.exp(-0.0212 * 97.9)])
    assert slowed([98.0, 100.0]).tolist() == [0.0, 0.0]
    with pytest.raises(OutOfDomain):
        slowed(101.0)


def test_every_pace_has_a_source_with_a_title():
    """No speed without its origin."""
    for pace in PACES.values():
        assert set(pace.cite.sources) <= set(catalogue().sources)
