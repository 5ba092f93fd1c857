"""Winds of a case in the answer: hours in every draw, origins, and what is not known."""

from dataclasses import replace

import numpy as np
import pytest
from tests.assessment.worlds import GIVEN, assessed, asset, case, hour, sure
from tests.reach.test_winds import NORTH, SITE, ground, km, wind

from safeconduct.assessment.draws import Draws
from safeconduct.assessment.windy import leg_hours
from safeconduct.formats.assessment import to_json
from safeconduct.model.known import as_known
from safeconduct.model.sources import Cite, Spread
from safeconduct.reach.plans import plans
from safeconduct.report import tables
from safeconduct.report.html import page

DRAWS = Draws(7)


def hours_in(*winds):
    """Hours of the flight from the north field to the site in each draw."""
    (plan,) = plans(asset(), ground(*winds))
    return leg_hours(plan.legs[0], "leg", winds, DRAWS)


def flown(answer):
    (way,) = answer.ways
    return way.legs[0].hours


def test_a_sure_wind_makes_sure_hours():
    """One speed, one direction: the same hours in every draw."""
    assert hours_in(wind()) == pytest.approx(np.full(60, km(NORTH, SITE) / 250.0), rel=1e-6)


def test_the_spread_of_the_wind_is_the_spread_of_the_hours():
    """Each draw flies in its own wind: the quantiles of the hours are those of the quantiles of the wind."""
    drawn = hours_in(wind(from_deg=180.0, speed_kmh=Spread(20.0, 50.0, 80.0, GIVEN)))
    speeds = DRAWS.of(Spread(20.0, 50.0, 80.0, GIVEN), "wind:north")
    assert drawn == pytest.approx(km(NORTH, SITE) / (200.0 - speeds), rel=1e-6)


def test_the_direction_is_drawn_as_well():
    """A direction that is not sure costs: across, then behind and against, in some draws."""
    sharp, wide = hours_in(wind(from_deg=90.0)), hours_in(wind(from_deg=90.0, from_sigma_deg=30.0))
    assert np.ptp(sharp) == pytest.approx(0.0, abs=1e-9)
    assert wide.min() < sharp.min() < wide.max()


def test_alternatives_share_the_histories_by_their_weight():
    """Of two winds that exclude each other three histories in four have the one of weight three."""
    two = wind("a", alternative="x", weight=3.0), wind("b", from_deg=180.0, alternative="x", weight=1.0)
    drawn = hours_in(*two)
    behind, against = km(NORTH, SITE) / 250.0, km(NORTH, SITE) / 150.0
    assert np.isclose(drawn, behind, rtol=1e-6).mean() == pytest.approx(0.75)
    assert np.isclose(drawn, against, rtol=1e-6).mean() == pytest.approx(0.25)


def test_the_rest_of_an_alternative_is_what_is_left():
    """Where a flight meets one of two alternatives alone, the other histories have no wind there."""
    elsewhere = ((20.0, 20.0), (21.0, 20.0), (21.0, 21.0))
    drawn = hours_in(wind("a", alternative="x"), wind("b", alternative="x", area=elsewhere))
    assert np.isclose(drawn, km(NORTH, SITE) / 250.0, rtol=1e-6).mean() == pytest.approx(0.5)
    assert np.isclose(drawn, km(NORTH, SITE) / 200.0, rtol=1e-6).mean() == pytest.approx(0.5)


def test_the_answer_flies_in_the_wind_and_says_where_it_is_from():
    """Hours of the leg, the wind with its grade among the assumptions, and the hour at which it is read."""
    told = wind(cite=Cite(("S9",), "C", "a forecast"), speed_kmh=sure(50.0), height_m=(300.0, 900.0))
    answer = assessed(case(asset(), winds=(told,)))
    assert flown(answer).p50 == pytest.approx(km(NORTH, SITE) / 250.0, rel=1e-6)
    by_what = {item.what: item for item in answer.assumptions}
    (row,) = [item for what, item in by_what.items() if what.startswith("wind north")]
    assert (row.grade, row.verified, row.sources, row.note) == ("C", False, ("S9",), "a forecast")
    assert row.value == "from 0 deg, 50 (50-50)"
    assert "300-900 m" in row.what
    assert "hour at which the winds of a flight are read" in by_what
    assert not any("no wind is given" in unknown for unknown in answer.unknowns)


def test_where_no_wind_is_given_the_answer_says_so():
    """Half of the way lies outside the area: the share that is taken as calm is told."""
    half = ((5.0, -5.0), (15.0, -5.0), (15.0, 0.5), (5.0, 0.5))
    answer = assessed(case(asset(), winds=(wind(area=half),)))
    (says,) = [unknown for unknown in answer.unknowns if "no wind is given" in unknown]
    assert says == "heli: no wind is given for 50 % of the flight from North field to site; calm is assumed there"


def test_a_case_without_winds_says_what_it_said_before():
    """Thirty knots either way, and no word of a wind besides."""
    answer = assessed(case(asset()))
    assert [item.value for item in answer.assumptions if "wind" in item.what] == ["+-55.6"]
    assert not any("wind" in unknown for unknown in answer.unknowns)


def test_a_wind_known_later_is_not_used():
    """As of an hour before the forecast was known there is no wind."""
    made = case(asset(), winds=(wind(known_h=5.0),))
    assert as_known(made, hour(4)).winds == ()
    assert as_known(made, hour(5)).winds == made.winds
    assert assessed(as_known(made, hour(1))) == assessed(replace(made, winds=()))


def test_a_head_wind_beyond_the_range_is_told_as_such():
    """The limit names the winds where they count."""
    answer = assessed(case(asset(), winds=(wind(from_deg=180.0, kmh=185.0),)))
    (way,) = answer.ways
    (limit,) = [each for each in way.limits if each.id == "range"]
    assert limit.state == "no"
    assert limit.says.endswith("with reserve, in the winds given")


def test_the_screen_and_the_page_show_the_winds_with_their_sources():
    """A row of winds on both; in JSON a key that is there only where the case gives winds."""
    told = wind(cite=Cite(("a report, of the morning",), "C", "of the coast guard"), height_m=(300.0, 300.0))
    answer, calm = assessed(case(asset(), winds=(told,))), assessed(case(asset()))
    assert list(tables.winds(answer)) == ["north: from 000, 50 km/h (50-50)? at 300 m, until 6 Mar 08:00Z"]
    assert not list(tables.winds(calm))
    assert "a report, of the morning" in page(answer)
    (shown,) = to_json(answer)["windows"]["winds"]
    assert (shown["id"], shown["grade"], shown["height_m"]) == ("north", "C", [300.0, 300.0])
    assert "winds" not in to_json(calm)["windows"]


def test_alternatives_are_shown_with_the_belief_in_them():
    """Weights three and one: 75 and 25 per cent."""
    two = wind("a", alternative="x", weight=3.0), wind("b", alternative="x", weight=1.0)
    assert [row.share for row in assessed(case(asset(), winds=two)).windows.winds] == [0.75, 0.25]
