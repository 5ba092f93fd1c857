"""The model of what a search of ruins finds."""

from __future__ import annotations

import math

import numpy as np
import pytest

from safeconduct.assessment.foundalive import Finding, _day, fit, predicted, shares_alive

UNTIL, OUT = (18.0, 42.0, 66.0, 90.0), (700, 800, 900, 500)


def test_without_favour_and_dying_every_day_finds_the_first_share() -> None:
    """If nobody dies and nobody is sooner, the share alive is the same on every day."""
    shares = shares_alive(np.array([0.3]), np.array([1e9]), 1.0, UNTIL, OUT)
    assert shares[:, 0] == pytest.approx(0.3, abs=1e-3)


def test_favour_alone_makes_the_share_fall() -> None:
    """Nobody dies, and yet fewer are found alive day by day: the living were brought out first."""
    shares = shares_alive(np.array([0.3]), np.array([1e9]), 5.0, UNTIL, OUT)[:, 0]
    assert list(shares) == sorted(shares, reverse=True)
    assert shares[0] > 0.3


def test_nobody_is_brought_out_twice() -> None:
    """Those found alive over all days are at most those alive at first."""
    people = sum(OUT) * 1.02
    for favour in (1.0, 4.0, 16.0):
        shares = shares_alive(np.array([0.4]), np.array([30.0]), favour, UNTIL, OUT)[:, 0]
        assert float(np.dot(shares, OUT)) <= 0.4 * people + 1e-6


def test_a_day_in_closed_form_is_the_sum_of_small_steps() -> None:
    """Brought out alive, left alive and left dead agree with small steps of the same rates."""
    living, dead, dying, rate, favour = 400.0, 600.0, math.log(2.0) / 20.0, 0.01, 3.0
    made = _day(np.array([living]), np.array([dead]), np.array([dying]), np.array([rate]), favour=favour, span_h=24.0)
    alive_out, steps = 0.0, 100_000
    step = 24.0 / steps
    for _ in range(steps):
        gone, died = favour * rate * living * step, dying * living * step
        living, dead = living - gone - died, dead - rate * dead * step + died
        alive_out += gone
    assert [float(m[0]) for m in made] == pytest.approx([alive_out, living, dead], rel=1e-3)


def test_the_fit_finds_what_made_the_counts() -> None:
    """Counts made by a setting of the grid are predicted to a point by the setting that fits them."""
    truth = Finding(0.5, 20.0, 2.0)
    shares = predicted(truth, UNTIL, OUT)
    alive = [round(share * number) for share, number in zip(shares, OUT, strict=True)]
    again = predicted(fit(UNTIL, alive, OUT), UNTIL, OUT)
    assert again == pytest.approx(shares, abs=0.02)


def test_a_day_left_out_is_not_looked_at() -> None:
    """The fit without a day does not change with what happened on it."""
    alive = [500, 200, 100, 20]
    assert fit(UNTIL, alive, OUT, leave=1) == fit(UNTIL, [500, 799, 100, 20], OUT, leave=1)


def test_survival_is_read_off_the_half_life() -> None:
    """Half are alive after one half-life, a quarter after two."""
    assert Finding(0.5, 20.0, 2.0).survives((20.0, 40.0)) == pytest.approx((0.5, 0.25))
