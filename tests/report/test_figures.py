"""How figures are printed: DESIGN.md section 3, "Honest figures"."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.report.sample import INCIDENT, at, iq, q

from safeconduct.assessment.answer import InstantQuantiles, Quantiles
from safeconduct.report import figures
from safeconduct.report.figures import Scale

SURE = Scale("probability", 1.0, 0.0)


@pytest.mark.parametrize(
    ("probability", "said"),
    [
        (0.0, "0 %"),  # certain
        (0.00001, "under 0.01 %"),  # never rounds to nothing
        (0.0004, "0.04 %"),  # one figure
        (0.0349, "3 %"),  # one figure
        (0.096, "10 %"),  # one figure, rounded up
        (0.1, "10 %"),  # one figure at the threshold
        (0.104, "10 %"),  # two figures above it
        (0.347, "35 %"),  # two figures
        (0.986, "99 %"),  # two figures
        (0.996, "over 99 %"),  # never rounds to certain
        (1.0, "100 %"),  # certain
    ],
)
def test_percent(probability, said):
    """A probability has one significant figure, two above 10 %, and only certainty prints as certain."""
    assert figures.percent(probability) == said


@given(st.floats(0.0001, 0.99))
def test_percent_is_near(probability):
    """The printed figure is within half a unit of its last significant place."""
    said = float(figures.percent(probability).removesuffix(" %")) / 100
    assert abs(said - probability) <= (0.00501 if probability > 0.1 else probability * 0.5 + 1e-9)


def test_level_carries_spread_and_share():
    """A number stands with p10-p90 and the share of unverified input."""
    assert figures.level(q(0.2, 0.34, 0.51), Scale("probability", 1.0, 0.3)) == "34 % (20-51 %; 30 % unverified)"


def test_level_verified_and_certain():
    """Without spread and with all input verified the number stands alone."""
    assert figures.level(q(0.34, 0.34, 0.34), SURE) == "34 %"


@pytest.mark.parametrize(("unverified", "digits"), [(0.5, True), (0.501, False)])
def test_words_above_half(unverified, digits):
    """At half unverified a number stands, above it a word."""
    said = figures.level(q(0.2, 0.34, 0.51), Scale("probability", 1.0, unverified))
    assert said.startswith("34 %") is digits
    assert said.startswith("below even") is not digits


@pytest.mark.parametrize(
    ("probability", "word"),
    [
        (0.0, "negligible"),
        (0.0099, "negligible"),
        (0.01, "small"),
        (0.199, "small"),
        (0.2, "below even"),
        (0.399, "below even"),
        (0.4, "about even"),
        (0.599, "about even"),
        (0.6, "above even"),
        (0.799, "above even"),
        (0.8, "large"),
        (1.0, "large"),
    ],
)
def test_probability_words(probability, word):
    """Each word begins at its threshold, and no digit of the probability is left beside it."""
    assert figures.level(q(0, probability, 1), Scale("probability", 1.0, 0.7)) == f"{word} (70 % unverified)"


@pytest.mark.parametrize(
    ("persons", "word"),
    [(0.0, "hardly any"), (0.08, "few"), (1.6, "under half"), (3.2, "about half"), (4.8, "over half"), (6.4, "most")],
)
def test_persons_words(persons, word):
    """Survivors are spoken of as a share of those counted, each word from its threshold on."""
    assert figures.level(q(0, persons, 8), Scale("persons", 8.0, 0.7)) == f"{word} of 8 (70 % unverified)"


@pytest.mark.parametrize(
    ("persons", "said"), [(0.0, "0 of 8"), (0.0349, "0.03 of 8"), (2.34, "2.3 of 8"), (8.0, "8.0 of 8")]
)
def test_persons_figures(persons, said):
    """Survivors follow the same rule by their share of those counted."""
    assert figures.level(q(persons, persons, persons), Scale("persons", 8.0, 0.0)) == said


@pytest.mark.parametrize(
    ("points", "unverified", "said"),
    [
        (0.0049, 0.0, "none"),  # under half a point
        (0.005, 0.0, "+0.5 pts"),  # at half a point
        (0.123, 0.0, "+12 pts"),  # two figures above ten
        (0.0049, 0.6, "none"),
        (0.005, 0.6, "small"),
        (0.2, 0.6, "moderate"),
        (0.4, 0.6, "large"),
    ],
)
def test_gain(points, unverified, said):
    """A gain under half a percentage point is none; above half unverified a word stands."""
    assert figures.gain(points, Scale("probability", 1.0, unverified)) == said


def test_gain_persons():
    """A gain in survivors is a number of persons."""
    assert figures.gain(0.5, Scale("persons", 8.0, 0.0)) == "+0.5"


def test_unknown_level():
    """A missing median is unknown, not zero."""
    assert figures.level(Quantiles(None, None, None), SURE) == "unknown"


def test_arrival_says_utc_and_relative():
    """An arrival has UTC with Z, the time since the incident, and its spread."""
    assert figures.arrival(INCIDENT, iq(10, 12, 13.5)) == "22:00Z T+12.0 h (20:00Z-23:30Z)"


@pytest.mark.parametrize(
    ("quantiles", "said"),
    [
        (None, "never"),
        (InstantQuantiles(None, None, None), "never"),
        (InstantQuantiles(at(2), None, None), "never in half the draws (p10 12:00Z T+2.0 h)"),
        (InstantQuantiles(at(2), at(3), None), "13:00Z T+3.0 h (12:00Z-never)"),
        (InstantQuantiles(at(2), at(2), at(2)), "12:00Z T+2.0 h"),
    ],
)
def test_arrival_never(quantiles, said):
    """A quantile that never comes is printed as never."""
    assert figures.arrival(INCIDENT, quantiles) == said


def test_brief_in_tables():
    """A table leaves out the date, which T+ makes plain."""
    assert figures.brief(INCIDENT, iq(10, 15.5, 21)) == "01:30Z T+15.5 (20:00-07:00)"


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.0, "0 min"), (0.994, "60 min"), (0.996, "1.0 h"), (9.94, "9.9 h"), (31.2, "31 h"), (None, "never")],
)
def test_hours(value, said):
    """Hours below one are minutes, from ten on they are whole."""
    assert figures.hours(value) == said


@pytest.mark.parametrize("verified", [True, False])
def test_mark(verified):
    """The sign of the unverified stands behind the figure and nowhere else."""
    assert figures.mark("5 m", verified=verified) == ("5 m" if verified else "5 m?")
