"""Chance of being alive at a given hour."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.assessment.worlds import GIVEN, hour, people, survival

from safeconduct.assessment.draws import Draws
from safeconduct.assessment.survival import alive, counted, factors
from safeconduct.model.persons import LifeClaim

DRAWS = Draws(1, draws=10, chances=4, skies=2)
ONES = np.ones(10)
CURVE = survival((0.0, 1.0), (2.0, 0.5), (6.0, 0.1))


def at(group, hours, stretch=ONES):
    return alive(group, np.full((10, 4), hours), stretch)[0, 0]


@pytest.mark.parametrize(("hours", "expected"), [(0.0, 1.0), (1.0, 0.75), (2.0, 0.5), (4.0, 0.3), (6.0, 0.1)])
def test_a_linear_curve_goes_straight_from_point_to_point(hours, expected):
    """At its points the curve is the figure, between them on the line."""
    assert at(people(model=CURVE), hours) == pytest.approx(expected)


def test_a_logarithmic_curve_joins_the_logarithms():
    """Between 1 and 0.01 half-way is 0.1."""
    curve = survival((0.0, 1.0), (2.0, 0.01))
    group = people(model=type(curve)(curve.id, curve.points, "log", 2.0, None, GIVEN))
    assert at(group, 1.0) == pytest.approx(0.1)


def test_beyond_its_domain_nothing_is_counted():
    """Past the last hour the model speaks of the chance is nought: a lower bound."""
    group = people(model=survival((0.0, 1.0), (6.0, 0.4), domain_h=4.0))
    assert at(group, 4.0) == pytest.approx(0.6)
    assert at(group, 4.01) == 0.0


def test_never_reached_is_never_alive():
    """Help that never comes saves nobody."""
    assert at(people(model=CURVE), np.inf) == 0.0


def test_claims_replace_the_model_by_their_equal_mixture():
    """Three reports of the last sign of life: each that is still to come counts a third."""
    claims = tuple(LifeClaim(h, hour(h), GIVEN) for h in (1.0, 2.0, 3.0))
    group = people(model=CURVE, claims=claims)
    assert [at(group, h) for h in (0.5, 1.0, 1.5, 2.5, 3.0)] == pytest.approx([1, 2 / 3, 2 / 3, 1 / 3, 0])


def test_without_model_or_claim_nobody_is_counted():
    """No public model holds: the group is left out, not guessed."""
    group = people(model=None)
    assert not counted(group)
    assert at(group, 0.0) == 0.0


def test_a_spread_stretches_the_hours_draw_by_draw():
    """The factor is log-normal about 1; with twice the hours, the chance at 4 h is that at 2 h."""
    group = people(model=survival((0.0, 1.0), (2.0, 0.5), (6.0, 0.1), domain_h=20.0, spread=0.5))
    stretch = factors(group, Draws(1, draws=4000))
    assert np.median(stretch) == pytest.approx(1.0, abs=0.01)
    assert np.log(stretch).std() == pytest.approx(0.5, abs=0.02)
    assert at(group, 4.0, 2.0 * ONES) == pytest.approx(0.5)


def test_without_a_spread_every_factor_is_one():
    """No published spread: the hours stand as they are."""
    assert (factors(people(model=CURVE), DRAWS) == 1.0).all()


@given(st.floats(0, 30), st.floats(0, 30), st.floats(0.3, 3.0))
def test_later_is_never_better(hours, more, stretch):
    """The chance of being alive never rises with time."""
    group = people(model=CURVE)
    assert at(group, hours + more, stretch * ONES) <= at(group, hours, stretch * ONES) + 1e-12
