"""The whole answer for one case."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from tests.assessment.randomworlds import worlds
from tests.assessment.worlds import (
    BASES,
    GIVEN,
    HELICOPTER,
    NEIGHBOUR,
    THIRD,
    ThreeSkies,
    assessed,
    asset,
    case,
    did,
    event,
    figure,
    hour,
    means,
    people,
    permit_of,
    record,
    red_line,
    report,
    sure,
    way_of,
)

from safeconduct.assessment.assessing import Question, assess_case
from safeconduct.assessment.draws import Draws
from safeconduct.model.assets import Base, Step
from safeconduct.model.errors import InvalidInput

ENTRY = "XB-ENTRY-XA"


def test_same_case_same_answer():
    """Clock and randomness are passed in: two runs are equal, value by value."""
    assert assessed(case(asset())) == assessed(case(asset()))


def test_without_draws_the_cases_own_seed_counts():
    """The seed of the case decides; another seed gives other draws and is told."""
    made = case(asset())
    question = Question(hour(1))
    plain = assess_case(made, question, means())
    assert plain.seed == 7
    assert plain == assess_case(made, question, means(), draws=Draws(7))


@settings(max_examples=40, deadline=None)
@given(worlds(most=4))
def test_any_small_world_has_a_whole_answer(drawn):
    """No way without a verdict, no leg without a state, quantiles in order, sets within the open clearances."""
    answer = assessed(drawn)
    assert {w.asset.id for w in answer.ways} == {a.id for a in drawn.assets}
    for way in answer.ways:
        assert way.verdict == way.because.cause
        assert set(way.missing) <= set(way.needs)
        assert (way.counterfactual is None) == (way.verdict == "useful")
        if way.arrival and way.arrival.p90:
            assert way.arrival.p10 <= way.arrival.p50 <= way.arrival.p90
        for leg in way.legs:
            assert set(leg.clearances) <= set(way.needs)
            assert leg.cleared or leg.mark.startswith("NOT CLEARED")
    still_open = {c.id for c in answer.clearances if c.status not in ("granted", "refused", "revoked", "barred")}
    for each in (*answer.sufficient_sets, *answer.blocking_sets):
        assert set(each.clearances) <= still_open
    assert len(answer.sufficient_sets) <= 5
    for state in (answer.value.nothing_more, answer.value.as_it_stands, answer.value.all_now):
        assert state.p10 <= state.p50 <= state.p90


def test_nothing_known_of_the_place_is_an_input_error():
    """No report with a place: the answer cannot begin, and says what is missing."""
    with pytest.raises(InvalidInput) as caught:
        assessed(case(asset(), evidence=(report(mapped=False),)))
    assert caught.value.where == "evidence"


def test_where_nobody_is_counted_the_next_goal_is_shown_and_said_first():
    """No survival model: the goal asked for can have no value; the next is shown and the first line says so."""
    answer = assessed(case(asset(), persons=(people(model=None),)))
    assert answer.goal_asked == "survivors"
    assert answer.goal != "survivors"
    assert "shown instead" in answer.now[0]
    assert "no reason to end a search" in answer.now[0]


def test_a_goal_that_nothing_can_change_is_not_shown_in_its_place():
    """The place is known: *found* is certain whatever is permitted, so *reached* is shown."""
    answer = assessed(case(asset(), persons=(people(model=None),)))
    assert answer.goal == "reached"


def test_all_three_goals_are_always_told():
    """A goal where permissions matter is never hidden by one where none does."""
    assert [g.goal for g in assessed(case(asset())).goals] == ["survivors", "found", "reached"]


def test_by_is_a_day_after_the_incident_unless_it_is_asked():
    """The default hour for found and reached."""
    assert assessed(case(asset())).by == hour(24)
    assert assessed(case(asset()), by_h=6.0).by == hour(6)


@pytest.mark.parametrize(
    ("records", "state"),
    [
        ((), "possible"),
        ((did("take-off", 0.5),), "under-way"),
        ((did("take-off", 0.5), did("on-scene", 0.8)), "arrived"),
        ((did("take-off", 0.5), did("turned-back", 0.8)), "ended"),
        ((did("take-off", 0.4), did("on-scene", 0.6), did("left", 0.9)), "ended"),
    ],
)
def test_the_state_of_a_way_is_that_of_its_record(records, state):
    """Possible, under way, arrived, ended: with its recorded times kept in the list."""
    way = way_of(assessed(case(asset(records=records))), "heli")
    assert way.state == state
    assert [r.at for r in way.recorded] == [r.at for r in records]


def test_a_recorded_arrival_is_printed_as_recorded():
    """All three quantiles are the hour of the record."""
    way = way_of(assessed(case(asset(records=(did("on-scene", 0.8),)))), "heli")
    assert (way.arrival.p10, way.arrival.p50, way.arrival.p90) == (hour(0.8),) * 3


def test_arrival_is_as_if_everything_were_asked_now():
    """Not yet asked: asked at T, answered after its lead time, and then the flight to the site."""
    way = way_of(assessed(case(asset(ready=0.1), clearances=(record("entry", lead=sure(5.0)),))), "heli")
    assert abs(way.arrival.p50 - hour(6.0)) < timedelta(minutes=1)
    assert way.missing == (ENTRY,)


def test_refused_is_no_arrival():
    """Refused or across a red line: null."""
    refused = case(asset(), clearances=(record("entry", event("refused", 0.5)),))
    assert way_of(assessed(refused), "heli").arrival is None
    barred = case(asset(armed=True), red_lines=(red_line(armed=True),))
    assert way_of(assessed(barred), "heli").arrival is None


def test_only_granted_legs_are_cleared():
    """A leg that lacks its clearance says not to fly it; with it granted the mark is gone."""
    lacking = way_of(assessed(case(asset())), "heli")
    assert [leg.mark for leg in lacking.legs] == ["NOT CLEARED - DO NOT FLY"]
    cleared = case(asset(), clearances=(record("entry", event("granted", 0.5)),))
    assert [(leg.cleared, leg.mark) for leg in way_of(assessed(cleared), "heli").legs] == [(True, "")]


def test_a_team_on_the_road_is_told_not_to_cross():
    """On the ground the words are others."""
    from tests.assessment.worlds import TEAM

    way = way_of(assessed(case(asset(kind=TEAM, effects=("reach",)))), "heli")
    assert "NOT CLEARED - DO NOT CROSS" in {leg.mark for leg in way.legs}


def test_no_way_is_without_a_clearance_that_its_leg_enters():
    """Each state that a leg enters is on it, and the law's clearance for it is on that leg."""
    way = way_of(assessed(case(asset(base="far")), skies=ThreeSkies()), "heli")
    assert [(leg.enters, leg.clearances) for leg in way.legs] == [(("XB",), (ENTRY,))]


def test_the_board_tells_the_whole_story_of_a_clearance():
    """Status, history in order, lead time with its source, the ways that need it."""
    made = case(asset(), clearances=(record("entry", event("asked", 0.5), event("acknowledged", 0.7)),))
    shown = permit_of(assessed(made), ENTRY)
    assert shown.status == "acknowledged"
    assert [h.status for h in shown.history] == ["asked", "acknowledged"]
    assert (shown.lead_time_h.p50, shown.lead_time_h.verified) == (1.0, True)
    assert shown.ways == ("heli",)
    assert shown.basis == ("T-01",)


def test_the_curve_of_a_clearance_never_rises():
    """What each hour of silence costs."""
    values = [p.value for p in permit_of(assessed(case(asset())), ENTRY).curve]
    assert values == sorted(values, reverse=True)
    assert values[0] > 0.0


def test_the_first_line_says_whom_to_ask_for_what():
    """Nobody has asked: ask now, the host, for the entry."""
    first = assessed(case(asset())).now[0]
    assert first.startswith("ASK NOW for heli")
    assert "ask XB for entry" in first


def test_an_unanswered_request_is_pressed_for():
    """Asked and not answered: the line says so."""
    made = case(asset(), clearances=(record("entry", event("asked", 0.5)),))
    assert any("Press for an answer" in line and ENTRY in line for line in assessed(made).now)


def test_what_is_not_known_is_listed():
    """No elevation, no weather, no lead time, no type: each is among the unknowns."""
    bare = case(asset("mystery", kind=None), site_elevation_m=(), weather=(), persons=(people(model=None),))
    told = " ".join(assessed(bare).unknowns)
    for words in ("mystery", "elevation", "weather", "not counted"):
        assert words in told


def test_weather_of_unknown_visibility_is_listed_as_unknown():
    """A report without a visibility is not a report of good visibility: the answer says that it was counted so."""
    from tests.assessment.worlds import weather

    told = " ".join(assessed(case(asset(), weather=(weather(visibility_m=None),))).unknowns)
    assert "visibility" in told


def test_assumptions_carry_their_grade_the_unverified_first():
    """Each figure one step from its source."""
    flags = [c.verified for c in assessed(case(asset())).assumptions]
    assert flags == sorted(flags)
    assert False in flags


def test_moving_the_by_hour_on_never_lowers_found_or_reached():
    """More time to find and reach is never worth less."""
    made = case(asset(needs=()), evidence=(report(sigma_km=5.0),))
    values = [assessed(made, goal="reached", by_h=h).value.all_now.p50 for h in (2.0, 4.0, 8.0, 24.0)]
    assert values == sorted(values)


def test_a_provider_with_no_way_changes_nothing():
    """An offer without an asset of known type leaves every value as it was."""
    plain = assessed(case(asset()))
    more = assessed(case(asset(), asset("vague", kind=None, provider=THIRD)))
    assert plain.value == more.value
    assert plain.sufficient_sets == more.sufficient_sets


FAR_TYPE = replace(HELICOPTER, id="far", kind="fixed-wing", cruise_kmh=figure(900), range_km=figure(60_000))


def test_a_base_nearly_opposite_the_site_has_an_answer_that_says_how_it_was_found():
    """No error: ways over the lattice, with what that means among the unknowns."""
    bases = (*BASES, Base("opposite", "Opposite field", (-170.0, -0.1), NEIGHBOUR, 0.0, 3000.0, True, GIVEN))
    far = asset(kind=FAR_TYPE, base="opposite", persons=0)
    answer = assessed(case(far, bases=bases), skies=ThreeSkies())
    assert answer.ways
    assert all(20_000.0 < way.legs[0].distance_km < 20_100.0 for way in answer.ways)
    assert any("heli: the ways from Opposite field to site come from a lattice" in says for says in answer.unknowns)


def test_a_chain_may_fly_between_nearly_opposite_places():
    """A step of a chain that flies to the other side: with states named these alone, without any way."""
    bases = (*BASES, Base("opposite", "Opposite field", (-170.0, -0.1), NEIGHBOUR, 0.0, 3000.0, True, GIVEN))
    for enters in ((), (THIRD,)):
        steps = (Step("over", "fly", "site", None, None, (), None, enters, GIVEN),)
        far = asset(kind=FAR_TYPE, base="opposite", steps=steps)
        (way,) = assessed(case(far, bases=bases), skies=ThreeSkies()).ways
        assert way.legs[0].distance_km == pytest.approx(20_004.0, rel=2e-3)
        assert THIRD in way.legs[0].enters or not enters
