"""What is granted when, and when each way then leaves, arrives and finds."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.assessment.worlds import (
    GIVEN,
    HOST,
    NEIGHBOUR,
    THIRD,
    ThreeSkies,
    asset,
    case,
    did,
    event,
    party,
    record,
    red_line,
    report,
    sure,
    weather,
    world_of,
)

from safeconduct.assessment.regimes import (
    Regime,
    all_at,
    all_now,
    as_it_stands,
    asked_now,
    movement,
    nothing_more,
    open_ids,
    outcome,
    told,
    with_granted,
)
from safeconduct.assessment.value import expected, run, value_of
from safeconduct.model.sources import Spread

ENTRY = "XB-ENTRY-XA"
FAR = {"base": "far", "ready": 0.5}
"""From the far field: 1.3 h of flight to the border of the host, 1.5 h to the site at the median."""


def far_world(*events, at_h=1.0, **more):
    records = (record("entry", *events, **more),)
    return world_of(case(asset(**FAR), clearances=records), at_h, skies=ThreeSkies())


def moves(world, regime, index=0):
    departure, arrival = movement(world.ways[index], regime)
    return departure, arrival


def granted(at, **others):
    return Regime({ENTRY: at, **others}, {NEIGHBOUR: 0.2}, 0.0)


@settings(max_examples=40, deadline=None)
@given(st.floats(0.0, 12.0))
def test_departure_is_the_later_of_readiness_and_the_clearance_less_its_offset(at):
    """departure = max(ready, granted - offset), draw by draw (DESIGN section 3)."""
    world = WORLD
    (need,) = world.ways[0].needs
    departure, arrival = moves(world, granted(at))
    assert departure == pytest.approx(np.maximum(0.2 + 0.5, at - need.first_h))
    assert arrival == pytest.approx(departure + world.ways[0].transit_h)


WORLD = far_world()


def test_it_may_start_before_the_last_answer_but_not_cross_before_it():
    """Granted at 3 h it has long left the ground at 3 h, and no draw crosses the border before 3 h."""
    (need,) = WORLD.ways[0].needs
    departure, _ = moves(WORLD, granted(3.0))
    assert (departure < 3.0 - 0.5).all()
    assert (departure + need.first_h >= 3.0 - 1e-9).all()


def test_the_border_is_where_a_clearance_is_first_needed():
    """The offset is the flight from the field to the host's border: 2.3 of 2.7 degrees of the way."""
    (need,) = WORLD.ways[0].needs
    assert need.first_h / WORLD.ways[0].transit_h == pytest.approx(2.3 / 2.7, abs=0.01)


def test_leave_to_deploy_is_needed_before_anything_moves():
    """The provider's own approval is needed at the start, not at a border."""
    world = world_of(case(asset(needs=("deploy:XA",), **FAR)), skies=ThreeSkies())
    (need,) = world.ways[0].needs
    assert (need.first_h == 0.0).all()


def test_a_landing_is_cleared_at_the_apron():
    """A stop abroad needs its landing clearance when it lands there, later than the border before it."""
    drill = asset("drill", base="east", provider=THIRD, needs=("landing:XA", "overflight:XA"), via=("north",))
    short = type(drill.type)(
        **{f: getattr(drill.type, f) for f in drill.type.__slots__}
        | {"range_km": type(drill.type.range_km)(420.0, GIVEN)}
    )
    made = type(drill)(**{f: getattr(drill, f) for f in drill.__slots__} | {"type": short})
    stopping = [w for w in world_of(case(made), skies=ThreeSkies()).ways if w.plan.plan.lands]
    for way in stopping:
        first = {n.clearance: float(np.median(n.first_h)) for n in way.needs}
        assert first["XA-LANDING-XC"] >= first["XA-OVERFLIGHT-XC"]
        assert first["XA-LANDING-XC"] == pytest.approx(float(np.median(way.legs_h[0])))


def test_of_several_clearances_the_last_one_decides():
    """A second clearance granted later puts the departure off; one granted earlier does not."""
    world = world_of(case(asset(needs=("entry:XB", "deploy:XA"), **FAR)), skies=ThreeSkies())
    late, _ = moves(world, granted(0.0, **{"XA-DEPLOY-XA": 5.0}))
    early, _ = moves(world, granted(0.0, **{"XA-DEPLOY-XA": 0.1}))
    assert late == pytest.approx(5.0)
    assert early == pytest.approx(0.7)


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("alarm", 0.2 + 0.5),  # told at 0.2 h
        ("request", 2.0 + 0.5),  # asked at 2 h
        ("approval", 3.0 + 0.5),  # its own leave at 3 h
    ],
)
def test_mobilisation_begins_with_the_event_that_the_asset_names(start, expected):
    """Alarm, request or approval: a fact of the asset."""
    world = world_of(case(asset(needs=("request:XB", "deploy:XA"), start=start, **FAR)), skies=ThreeSkies())
    times = {"XB-REQUEST-XA": 2.0, "XA-DEPLOY-XA": 3.0}
    regime = Regime(times, {NEIGHBOUR: 0.2}, 0.0)
    departure, _ = moves(world, regime)
    assert departure == pytest.approx(max(expected, 3.0))


def test_a_request_tells_a_provider_that_nobody_alarmed():
    """Never alarmed, it begins when it is asked; never asked either, it never begins."""
    world = world_of(case(asset(needs=("request:XB",), **FAR)))
    asked, _ = moves(world, Regime({"XB-REQUEST-XA": 4.0}, {}, 0.0))
    never, _ = moves(world, Regime({"XB-REQUEST-XA": np.inf}, {}, 0.0))
    assert asked == pytest.approx(4.5)
    assert np.isinf(never).all()


@pytest.mark.parametrize(
    ("start", "needs", "name"), [("approval", "deploy:XA", "XA-DEPLOY-XA"), ("request", "request:XB", "XB-REQUEST-XA")]
)
def test_a_standing_permission_makes_nobody_ready_before_the_alarm(start, needs, name):
    """Leave given months before starts nothing: mobilisation waits until the provider knows."""
    world = world_of(case(asset(needs=(needs,), start=start, **FAR)))
    departure, _ = moves(world, Regime({name: -1000.0}, {NEIGHBOUR: 0.2}, -np.inf))
    assert departure == pytest.approx(0.7)


def test_nothing_leaves_before_the_assessment():
    """What has not left by then leaves no earlier than then."""
    world = far_world(at_h=9.0)
    departure, _ = moves(world, all_now(world))
    assert (departure >= 9.0).all()


def test_what_has_left_flies_on_and_waits_at_the_border_if_it_must():
    """Under way since 0.5 h: it arrives a flight later, or after the missing clearance."""
    flying = asset(records=(did("take-off", 0.5),), **FAR)
    world = world_of(case(flying, clearances=(record("entry", event("granted", 0.4)),)), skies=ThreeSkies())
    departure, arrival = moves(world, nothing_more(world))
    assert (departure == 0.5).all()
    assert arrival == pytest.approx(0.5 + world.ways[0].transit_h)
    (need,) = world.ways[0].needs
    _, waiting = moves(world, granted(6.0))
    assert waiting == pytest.approx(6.0 - need.first_h + world.ways[0].transit_h)


def test_a_recorded_arrival_stands_whatever_is_granted():
    """It is there: no clearance changes when it came."""
    there = asset(records=(did("take-off", 0.3), did("on-scene", 0.8)), **FAR)
    world = world_of(case(there))
    departure, arrival = moves(world, nothing_more(world))
    assert (departure == 0.3).all()
    assert (arrival == 0.8).all()


def test_what_turned_back_never_arrives():
    """Ended before it arrived: never."""
    gone = asset(records=(did("take-off", 0.3), did("turned-back", 0.8)), needs=(), **FAR)
    world = world_of(case(gone))
    assert np.isinf(moves(world, all_now(world))[1]).all()


def test_what_has_left_the_scene_reaches_nobody_afterwards():
    """A team that came at 0.6 h and left at 0.9 h does not reach persons who are found later."""
    team = asset("team", needs=(), effects=("reach",), records=(did("on-scene", 0.6), did("left", 0.9)))
    late = asset("late", base="far", needs=(), effects=("find",), ready=5.0)
    world = world_of(case(late, team, evidence=(report(sigma_km=2.0),)))
    assert expected(value_of(world, "found", run(world, nothing_more(world)))) > 0.5
    assert expected(value_of(world, "reached", run(world, nothing_more(world)))) == 0.0


def test_a_grant_that_runs_out_before_the_border_lets_nothing_cross():
    """Granted until 1.5 h, the border an hour off at best: granted and in date is what counts."""
    world = far_world(event("granted", 0.2, until_h=1.5))
    assert np.isinf(moves(world, nothing_more(world))[1]).all()


def test_finds_known_from_other_regimes_change_no_outcome():
    """One table of finds for many hours of a grant gives what each hour gives by itself."""
    world = world_of(case(asset(**FAR), clearances=(record("entry"),)), skies=ThreeSkies())
    finds, searched = {}, 0
    for hour_h in (0.0, 0.5, 2.0, 5.0, 2.0, np.inf):
        shared, alone = (outcome(world.ways[0], granted(hour_h), known) for known in (finds, None))
        searched += bool(np.isfinite(alone.found).any())
        assert np.array_equal(shared.found, alone.found)
        assert np.array_equal(shared.arrival, alone.arrival)
    assert searched >= 4
    assert 2 <= len(finds) < 6


def test_a_helicopter_waits_for_its_weather():
    """Fog until 8 h: nothing with a visibility minimum is on scene before."""
    world = world_of(case(asset(needs=(), **FAR), weather=(weather(end_h=8.0, visibility_m=50.0),)))
    _, arrival = moves(world, all_now(world))
    assert arrival == pytest.approx(8.0)


@pytest.mark.parametrize(
    ("events", "as_stands", "more", "now"),
    [
        ((event("granted", 0.5),), 0.5, 0.5, 0.5),
        ((), np.inf, np.inf, 1.0),  # unasked: never, as it stands
        ((event("asked", 0.5), event("refused", 0.8)), np.inf, np.inf, np.inf),  # in all three states
        ((event("granted", 0.2), event("revoked", 0.8)), np.inf, np.inf, np.inf),
        ((event("granted", 0.2), event("lapsed", 0.8)), np.inf, np.inf, 1.0),  # may be asked again
    ],
)
def test_the_three_states_of_one_clearance(events, as_stands, more, now):
    """As it stands, nothing more, all now: when each history of a clearance counts as granted."""
    world = far_world(*events)
    for regime, expected_h in ((as_it_stands, as_stands), (nothing_more, more), (all_now, now)):
        assert regime(world).grants[ENTRY] == expected_h


@pytest.mark.parametrize("status", ["asked", "acknowledged", "silent"])
def test_an_asked_clearance_is_answered_by_its_lead_time(status):
    """As it stands: asked at 0.5 h, each draw its asking plus a lead time, and no draw before now."""
    events = [event("asked", 0.5)] + ([event(status, 0.8)] if status != "asked" else [])
    world = far_world(*events, at_h=2.0, lead=Spread(1.0, 2.0, 5.0, GIVEN))
    answered = np.asarray(as_it_stands(world).grants[ENTRY])
    assert (answered >= 2.0).all()
    assert np.isfinite(answered).all()
    assert len(set(answered.tolist())) > 1
    assert np.isinf(nothing_more(world).grants[ENTRY])


def test_without_a_lead_time_an_asked_clearance_is_not_answered():
    """No source and no assumption gives one: as it stands it never comes."""
    gate = case(asset(**FAR), clearances=(record("entry", event("asked", 0.5)),))
    world = world_of(gate)
    assert np.isfinite(np.asarray(as_it_stands(world).grants[ENTRY])).all()


def test_asked_now_asks_what_nobody_asked_and_tells_everybody():
    """The arrival shown: open and unasked clearances asked at T, a lead time later; providers told at T."""
    world = world_of(
        case(
            asset(**FAR), parties=(party(HOST), party(NEIGHBOUR, None)), clearances=(record("entry", lead=sure(2.0)),)
        ),
        3.0,
    )
    regime = asked_now(world)
    assert np.asarray(regime.grants[ENTRY]) == pytest.approx(5.0)
    assert regime.alarms == {NEIGHBOUR: 3.0}


def test_open_are_those_to_which_a_yes_could_still_come():
    """Not the granted, refused, revoked or barred ones."""
    needs = ("entry:XB", "landing:XB", "customs:XB", "sensor:XB", "arms:XB:blocked-absolute")
    records = (
        record("landing", event("granted", 0.1)),
        record("customs", event("refused", 0.1)),
        record("sensor", event("asked", 0.1)),
    )
    world = world_of(case(asset(needs=needs), clearances=records))
    assert set(open_ids(world)) == {ENTRY, "XB-SENSOR-XA"}


def test_granting_names_grants_those_alone():
    """What is granted stays, the named ones are granted at that hour, and the rest is never."""
    records = (record("landing", event("granted", 0.1)),)
    world = world_of(case(asset(needs=("entry:XB", "landing:XB", "customs:XB")), clearances=records))
    assert dict(with_granted(world, [ENTRY], 1.0).grants) == {
        ENTRY: 1.0,
        "XB-LANDING-XA": 0.1,
        "XB-CUSTOMS-XA": np.inf,
    }


def test_a_counterfactual_grants_even_what_was_refused():
    """Everything granted at the incident means everything, with no regard to the record."""
    world = far_world(event("refused", 0.5))
    regime = all_at(world, 0.0, alarms=told(world, 0.0))
    departure, _ = moves(world, regime)
    assert not regime.records
    assert departure == pytest.approx(0.5)


def test_a_way_across_a_red_line_does_not_move():
    """Granted or not, it is closed."""
    world = world_of(case(asset(armed=True, needs=(), **FAR), red_lines=(red_line(armed=True),)))
    assert np.isinf(moves(world, all_now(world))[0]).all()


def test_nothing_is_found_before_the_assessment_by_what_was_there_before():
    """On scene since 0.5 h without a find: it goes on searching from now."""
    there = asset(records=(did("on-scene", 0.5),), needs=())
    world = world_of(case(there, evidence=(report(sigma_km=5.0),)), 4.0)
    done = outcome(world.ways[0], nothing_more(world))
    assert (done.found >= 4.0).all()
