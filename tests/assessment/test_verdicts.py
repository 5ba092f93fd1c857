"""A "no" taken apart: one small world for each verdict, and the counterfactual put to the test."""

from dataclasses import replace

import pytest
from tests.assessment.worlds import (
    DRONE,
    GIVEN,
    HELICOPTER,
    HOST,
    NEIGHBOUR,
    TEAM,
    assessed,
    asset,
    case,
    did,
    event,
    figure,
    hour,
    party,
    people,
    record,
    red_line,
    report,
    sure,
    survival,
    way_of,
    weather,
    world_of,
)

from safeconduct.assessment.verdicts import CHANGES, VERDICTS, Judge
from safeconduct.model.known import with_decision
from safeconduct.model.sources import Spread

ENTRY, REQUEST = "XB-ENTRY-XA", "XB-REQUEST-XA"
LATE = Spread(15.0, 20.0, 30.0, GIVEN)
SHORT = people(model=survival((0.0, 1.0), (3.0, 0.9), (4.0, 0.0)))
AMBULANCE = asset("ambulance", base="home", provider=HOST, kind=TEAM, needs=(), effects=("reach",), ready=4.0)
"""Help at home that comes after five hours: something is always to be had, whatever is refused."""


def judged(*assets, at_h=1.0, goal="survivors", name="heli", **more):
    """The verdict of one way for that very goal, though another might be shown where its value is negligible."""
    world = world_of(case(*assets, AMBULANCE, **more), at_h)
    model = next(w for w in world.ways if w.id == name)
    return Judge(world, goal).verdict(model)


def said(verdict):
    return verdict.first.cause, verdict.first.what


def test_useful_is_what_lifts_the_value_as_things_stand():
    """Cleared and near: useful, with a lift, and nothing needs to change."""
    way = judged(asset(needs=(), effects=("reach",)))
    assert (said(way), way.changes) == (("useful", ()), None)
    assert way.lift.mean() > 0.0


def test_useful_also_when_the_answer_is_still_awaited():
    """Asked, and answered in time by the lead time: as things stand it is useful."""
    way = judged(asset(effects=("reach",)), clearances=(record("entry", event("asked", 0.5)),))
    assert said(way) == ("useful", ())


def test_red_line_names_the_line():
    """Barred by a party's red line: the first cause, whatever else holds."""
    way = judged(asset(armed=True), red_lines=(red_line(armed=True),))
    assert said(way) == ("red-line", ("line",))
    assert way.changes == ("red line waived",)
    assert way.grants == (ENTRY,)


@pytest.mark.parametrize(
    ("made", "more", "limit"),
    [
        ({"flight_time_h": sure(9.0)}, {}, "distance"),
        ({"ready": 9.0}, {}, "readiness"),
        ({}, {"weather": (weather(visibility_m=50.0),)}, "weather"),
        ({"kind": replace(HELICOPTER, range_km=figure(100))}, {}, "range"),
        ({"kind": replace(HELICOPTER, ceiling_m=figure(150), hover_oge_m=None)}, {}, "ceiling"),
    ],
)
def test_physical_names_the_limit_that_keeps_it_out(made, more, limit):
    """Not in time even with everything granted at the incident; the one fact that would change it is named."""
    way = judged(asset(needs=("entry:XB",), effects=("reach",), **made), persons=(SHORT,), **more)
    assert said(way) == ("physical", (limit,))
    assert way.changes == (CHANGES[limit],)
    assert way.grants == (ENTRY,)


def test_a_helicopter_that_cannot_hover_there_says_so():
    """Too high to hover: the limit named is the hover, not some vague lack of effect."""
    way = judged(asset(needs=(), effects=("reach",)), site_elevation_m=(figure(5500),))
    assert said(way) == ("physical", ("hover",))


def test_physical_names_a_sensor_under_cloud():
    """A drone with a camera over cloud for two days finds nothing, whatever is permitted."""
    cloud = (weather(ground_hidden=True, end_h=60.0),)
    way = judged(
        asset(kind=DRONE, needs=(), effects=("find",)),
        goal="found",
        evidence=(report(sigma_km=1.0),),
        weather=cloud,
    )
    assert said(way) in {("physical", ("sensor",)), ("physical", ("weather",))}


def test_alarm_is_in_time_only_from_the_incident_on():
    """Told at 3.6 h, half an hour of readiness and flight, nobody alive after 4 h: it became known too late."""
    way = judged(
        asset(needs=(), ready=0.3, effects=("reach",)),
        parties=(party(HOST), party(NEIGHBOUR, 3.7)),
        persons=(SHORT,),
        at_h=3.8,
    )
    assert said(way) == ("alarm", (NEIGHBOUR,))


def test_time_is_in_time_at_the_alarm_but_not_now():
    """Alarmed at 0.2 h and free to go, assessed at 3.8 h: too late now."""
    way = judged(asset(ready=0.3, effects=("reach",)), persons=(SHORT,), at_h=3.8)
    assert said(way) == ("time", ())
    assert [c.cause for c in way.others][:1] == ["clearance"]


def test_request_is_what_nobody_asked_for():
    """The host has not asked: the first paper that is missing."""
    way = judged(asset(needs=("request:XB", "entry:XB"), effects=("reach",)))
    assert said(way) == ("request", (REQUEST,))
    assert ("clearance", (ENTRY,)) in [(c.cause, c.what) for c in way.others]


def test_clearance_is_in_time_if_granted_now():
    """Asked for by nobody, worth having now: which clearance is named."""
    way = judged(asset(effects=("reach",)))
    assert said(way) == ("clearance", (ENTRY,))
    assert (way.changes, way.grants) == ((), (ENTRY,))


def test_clearance_also_where_the_answer_will_come_too_late():
    """Asked, but answered in a day at the median: in time if granted now, so the clearance stands in its way."""
    way = judged(asset(effects=("reach",)), clearances=(record("entry", event("asked", 0.5), lead=LATE),))
    assert said(way) == ("clearance", (ENTRY,))
    assert (way.changes, way.grants) == ((), (ENTRY,))


@pytest.mark.parametrize("last", [(), (event("refused", 0.8),)])
def test_a_request_that_was_made_is_not_called_unasked(last):
    """Asked and unanswered, or refused: the yes is missing, not the asking."""
    asked = record("request", event("asked", 0.5), *last, lead=LATE)
    way = judged(asset(needs=("request:XB",), effects=("reach",)), clearances=(asked,))
    assert said(way) == ("clearance", (REQUEST,))


def test_a_refused_clearance_is_named_and_a_yes_now_is_all_it_takes():
    """Refused: the verdict names it, and the smallest change is that grant alone, not an earlier hour."""
    way = judged(asset(effects=("reach",)), clearances=(record("entry", event("refused", 0.8)),))
    assert said(way) == ("clearance", (ENTRY,))
    assert (way.changes, way.grants) == ((), (ENTRY,))


def test_a_refusal_that_closes_everything_is_still_no_physical_limit():
    """With nothing else to hope for, the way is judged by the goal that was asked: the refused clearance is named."""
    refused = case(asset(effects=("reach",)), clearances=(record("entry", event("refused", 0.8)),))
    way = way_of(assessed(refused), "heli")
    assert (way.verdict, way.because.what) == ("clearance", (ENTRY,))


def test_superseded_is_what_others_do_first():
    """It would find them had nobody else; another that is under way finds them first."""
    vague = (report(sigma_km=1.0),)
    drone = replace(DRONE, sweep_width_km=Spread(20.0, 20.0, 20.0, GIVEN))
    first = asset("first", kind=drone, needs=(), effects=("find",), records=(did("on-scene", 0.9),))
    second = asset("second", base="far", needs=(), effects=("find",), ready=3.0)
    way = way_of(assessed(case(first, second, evidence=vague), goal="found"), "second")
    assert (way.verdict, way.because.what) == ("superseded", ("found first",))


@pytest.mark.parametrize(
    ("made", "words"),
    [
        ({"kind": None}, "names no asset"),
        ({"base": None}, "names its base"),
        ({"kind": replace(HELICOPTER, cruise_kmh=None)}, "cruising speed"),
    ],
)
def test_unknown_says_what_is_missing(made, words):
    """No type, base or speed: nothing is guessed, and the answer says what would have to be known."""
    way = judged(asset(needs=(), effects=("reach",), **made))
    assert way.first.cause == "unknown"
    assert words in way.first.what[0]
    assert way.changes is None


def test_every_verdict_is_one_of_the_words():
    """The closed list of DESIGN section 3, in its order."""
    assert VERDICTS == (
        "useful",
        "red-line",
        "physical",
        "alarm",
        "time",
        "request",
        "clearance",
        "superseded",
        "unknown",
    )


EARLY = (party(HOST, 0.2), party(NEIGHBOUR, 0.2))


def _carried_out(made, change):
    """The case with one named change made to it, and nothing else."""
    asset_, rest = made.assets[0], made.assets[1:]
    if change == "everybody alarmed at once":
        return replace(made, parties=EARLY)
    if change == "clear weather":
        return replace(made, weather=())
    if change == "a base next to the site":
        near = replace(made.bases[0], position=(10.0, 0.101))
        return replace(made, bases=(near, *made.bases[1:]), assets=(replace(asset_, flight_time_h=None), *rest))
    if change == "ready to leave at once":
        return replace(made, assets=(replace(asset_, mobilisation_h=Spread(0, 0, 0, GIVEN)), *rest))
    if change == "fuel on the way":
        return replace(made, assets=(replace(asset_, type=replace(asset_.type, range_km=figure(9000))), *rest))
    assert change == "granted at the alarm"
    return made


WORLDS = {
    "clearance": case(asset(effects=("reach",))),
    "asked too late": case(asset(effects=("reach",)), clearances=(record("entry", event("asked", 0.5), lead=LATE),)),
    "request": case(asset(needs=("request:XB", "entry:XB"), effects=("reach",))),
    "refused": case(asset(effects=("reach",)), AMBULANCE, clearances=(record("entry", event("refused", 0.8)),)),
    "weather": case(asset(effects=("reach",)), weather=(weather(visibility_m=50.0),), persons=(SHORT,)),
    "readiness": case(asset(effects=("reach",), ready=9.0), persons=(SHORT,)),
    "distance": case(asset(flight_time_h=sure(9.0), effects=("reach",)), persons=(SHORT,)),
    "range": case(asset(kind=replace(HELICOPTER, range_km=figure(100)), effects=("reach",)), persons=(SHORT,)),
}


@pytest.mark.parametrize("name", WORLDS)
def test_the_counterfactual_comes_true(name):
    """Its grants and changes made to the case, and nothing else, do make the way useful."""
    made = WORLDS[name]
    way = way_of(assessed(made), "heli")
    assert way.verdict != "useful"
    told = way.counterfactual
    assert told.possible
    for change in told.changes:
        made = _carried_out(made, change)
    early = bool({"granted at the alarm", "everybody alarmed at once"} & set(told.changes))
    at_h = 0.2 if early else 1.0
    known = {c.id for c in made.clearances}
    for grant in told.clearances:
        if grant not in known:
            kind = grant.split("-")[1].lower()
            made = replace(made, clearances=(*made.clearances, record(kind)))
        made = with_decision(made, grant, "granted", hour(at_h))
    assert way_of(assessed(made, at_h), "heli").verdict == "useful"


@pytest.mark.parametrize("name", WORLDS)
def test_none_of_its_grants_is_idle(name):
    """Leaving out any one grant of the counterfactual leaves the way as useless as it was."""
    made = WORLDS[name]
    told = way_of(assessed(made), "heli").counterfactual
    for left_out in told.clearances:
        less = made
        for change in told.changes:
            less = _carried_out(less, change)
        for grant in told.clearances:
            if grant != left_out:
                kind = grant.split("-")[1].lower()
                less = replace(less, clearances=(*less.clearances, record(kind, event("granted", 0.5))))
        assert way_of(assessed(less), "heli").verdict != "useful"
