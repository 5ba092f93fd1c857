"""Quantiles of durations from few cases, by the recipe that stands before any comparison."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.model.errors import OutOfDomain
from safeconduct.model.sources import Cite, Spread
from safeconduct.motion.durations import Pool, combined, pooled, quantiles
from safeconduct.motion.surface import hours_at

GIVEN = Cite((), "given")
VALUES = st.lists(st.floats(0.01, 1000.0), min_size=1, max_size=8)


def test_one_case_alone_is_read_as_half_and_double() -> None:
    """Where no class has two members nothing can be pooled."""
    assert quantiles([3.0], pooled([[3.0], [7.0]])) == pytest.approx((1.5, 3.0, 6.0))


def test_the_spread_is_pooled_over_classes() -> None:
    """Two classes of two: deviations of ln 2 within each, two degrees of freedom, t = 1.8856."""
    pool = pooled([[1.0, 4.0], [10.0, 40.0]])
    assert pool == Pool(pytest.approx(math.log(2.0) * math.sqrt(2.0)), 2)
    low, middle, high = quantiles([1.0, 4.0], pool)
    reach = 1.8856 * math.log(2.0) * math.sqrt(2.0) * math.sqrt(1.5)
    assert (low, middle, high) == pytest.approx((2.0 * math.exp(-reach), 2.0, 2.0 * math.exp(reach)))


def test_a_fixed_centre_is_not_fitted() -> None:
    """Of a plan the error is measured about the plan: three ratios have three degrees of freedom and no own middle."""
    pool = pooled([[1.1, 1.2, 0.8]], centre=1.0)
    assert pool.freedom == 3
    low, middle, high = quantiles([1.1, 1.2, 0.8], pool, centre=1.0)
    assert middle == 1.0
    assert low * high == pytest.approx(1.0)


def test_many_degrees_of_freedom_are_normal() -> None:
    """Beyond the table the normal quantile stands."""
    pool = Pool(1.0, 500)
    assert quantiles([1.0], pool)[2] == pytest.approx(math.exp(1.2816 * math.sqrt(2.0)))


@given(st.lists(VALUES, min_size=1, max_size=5))
def test_quantiles_stand_in_order(classes: list[list[float]]) -> None:
    """p10 <= p50 <= p90, all positive, whatever the classes."""
    pool = pooled(classes)
    low, middle, high = quantiles(classes[0], pool)
    assert 0.0 <= low <= middle <= high


@pytest.mark.parametrize("values", [[], [0.0], [-1.0, 2.0]])
def test_no_quantiles_of_nothing(values: list[float]) -> None:
    """No case, or a duration of nothing, has no quantiles."""
    with pytest.raises(OutOfDomain):
        quantiles(values, Pool(0.5, 3))


def test_independent_errors_add_in_squares() -> None:
    """A plan of +-10 % and a factor of +-20 % give about +-22 %; the medians multiply."""
    plan = Spread(10.0 / 1.1, 10.0, 11.0, GIVEN)
    factor = Spread(1.0 / 1.2, 1.0, 1.2, GIVEN, "plans", 4)
    made = combined(plan, factor)
    assert made.p50 == 10.0
    assert made.p90 == pytest.approx(10.0 * math.exp(math.hypot(math.log(1.1), math.log(1.2))))
    assert (made.reference_class, made.cases) == ("plans", 4)


def test_a_plan_from_zero_keeps_the_error_of_the_factor() -> None:
    """A p10 of 0 has no logarithm: that side is the factor's alone."""
    made = combined(Spread(0.0, 2.0, 4.0, GIVEN), Spread(0.5, 1.0, 2.0, GIVEN))
    assert made.p10 == pytest.approx(1.0)


def test_the_slow_speed_gives_the_late_hour() -> None:
    """60 km at 10, 20 and 30 km/h take 6, 3 and 2 hours."""
    made = hours_at(Spread(10.0, 20.0, 30.0, GIVEN), 60.0)
    assert (made.p10, made.p50, made.p90) == pytest.approx((2.0, 3.0, 6.0))


def test_nothing_moves_at_no_speed() -> None:
    """A speed of 0 gives no hours."""
    with pytest.raises(OutOfDomain):
        hours_at(Spread(0.0, 1.0, 2.0, GIVEN), 10.0)
