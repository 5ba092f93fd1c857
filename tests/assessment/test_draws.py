"""Seeded draws."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.assessment.worlds import GIVEN, sure

from safeconduct.assessment.draws import Draws, at_quantile, rank
from safeconduct.model.sources import Spread

SPREADS = st.tuples(st.floats(0.0, 5.0), st.floats(0.001, 5.0), st.floats(0.0, 20.0)).map(
    lambda t: Spread(t[0], t[0] + t[1], t[0] + t[1] + t[2], GIVEN)
)


@given(SPREADS)
def test_a_spread_gives_back_its_three_quantiles(spread):
    """At 0.1, 0.5 and 0.9 the value is p10, p50 and p90."""
    got = at_quantile(spread, np.array([0.1, 0.5, 0.9]))
    assert got == pytest.approx([spread.p10, spread.p50, spread.p90], rel=1e-9, abs=1e-9)


@given(SPREADS, st.lists(st.floats(1e-6, 1 - 1e-6), min_size=2, max_size=30))
def test_values_rise_with_their_probability_and_are_never_negative(spread, chances):
    """The quantile function is monotone and starts at no less than zero."""
    values = at_quantile(spread, np.sort(np.array(chances)))
    assert (np.diff(values) >= -1e-12).all()
    assert (values >= 0.0).all()


@given(SPREADS, st.floats(0.02, 0.98))
def test_rank_undoes_the_quantile(spread, chance):
    """The probability of a value is the one it was drawn at, where the spread is not flat there."""
    value = float(at_quantile(spread, np.array([chance]))[0])
    step = float(at_quantile(spread, np.array([chance + 0.01]))[0]) - value
    before = value - float(at_quantile(spread, np.array([chance - 0.01]))[0])
    if value > 0.0 and min(step, before) > 1e-6:
        assert rank(spread, value) == pytest.approx(chance, abs=1e-6)


@settings(deadline=None, max_examples=50)
@given(SPREADS, st.floats(0.0, 60.0))
def test_a_conditional_draw_is_never_below_what_was_waited(spread, waited):
    """Given that it already took so long, it takes at least so long; also far beyond the distribution."""
    drawn = Draws(1).beyond(spread, "x", waited)
    assert (drawn >= waited).all()
    assert np.isfinite(drawn).all()


def test_a_conditional_draw_keeps_the_law_of_the_rest():
    """Having waited the median, the median of what remains is the third quartile."""
    spread = Spread(1.0, 2.0, 5.0, GIVEN)
    drawn = Draws(1, draws=4000).beyond(spread, "x", 2.0)
    third = float(at_quantile(spread, np.array([0.75]))[0])
    assert float(np.median(drawn)) == pytest.approx(third, rel=0.01)


def test_nothing_waited_is_the_plain_draw():
    """Asked just now, the conditional draw is the unconditional one, number for number."""
    spread = Spread(1.0, 2.0, 5.0, GIVEN)
    assert (Draws(1).beyond(spread, "x", 0.0) == Draws(1).of(spread, "x")).all()


def test_longer_waiting_never_brings_the_answer_sooner():
    """Draw by draw, the answer comes no earlier when more has been waited in vain."""
    spread = Spread(0.5, 2.0, 7.0, GIVEN)
    before = np.zeros(60)
    for waited in (0.0, 0.5, 1.0, 3.0, 10.0):
        drawn = Draws(3).beyond(spread, "x", waited)
        assert (drawn >= before - 1e-9).all()
        before = drawn


def test_a_spread_without_spread_is_its_one_value():
    """Three equal quantiles: every draw is that number."""
    assert (Draws(1).of(sure(2.0), "x") == 2.0).all()


def test_the_draws_of_a_spread_are_stratified():
    """Of 60 draws exactly six lie under p10, 30 under p50 and 54 under p90."""
    drawn = Draws(9).of(Spread(1.0, 2.0, 5.0, GIVEN), "x")
    assert [int((drawn < q).sum()) for q in (1.0, 2.0, 5.0)] == [6, 30, 54]


def test_same_seed_and_name_same_bytes():
    """Each kind of draw is a function of seed and name."""
    one, two = Draws(5), Draws(5)
    for draw in (Draws.uniform, Draws.sky_uniform, Draws.chance, Draws.exponential):
        assert draw(one, "x").tobytes() == draw(two, "x").tobytes()


def test_another_seed_other_draws():
    """The seed matters."""
    assert Draws(5).uniform("x").tobytes() != Draws(6).uniform("x").tobytes()


def test_a_new_quantity_changes_no_other():
    """Streams are by name: what was drawn before does not move a draw."""
    alone = Draws(5).uniform("x")
    busy = Draws(5)
    busy.chance("y")
    busy.uniform("z")
    assert busy.uniform("x").tobytes() == alone.tobytes()


def test_streams_of_different_names_are_uncorrelated():
    """Two names, two independent orders."""
    draws = Draws(5, draws=5000)
    together = np.corrcoef(draws.uniform("x"), draws.uniform("y"))[0, 1]
    assert abs(together) < 0.06


def test_chances_are_stratified_within_each_draw():
    """In each draw the chances fall one into each of equal cells: no draw is luckier than another."""
    cells = np.sort(np.floor(Draws(5).chance("x") * 40), axis=1)
    assert (cells == np.arange(40)).all()
