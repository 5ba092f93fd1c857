"""Where the hours go."""

import numpy as np
import pytest
from hypothesis import given, settings
from tests.assessment.randomworlds import worlds
from tests.assessment.worlds import HOST, NEIGHBOUR, asset, case, did, event, party, record, sure, weather, world_of

from safeconduct.assessment.delay import delay
from safeconduct.assessment.regimes import asked_now, movement


def budget(made, at_h=1.0, index=0):
    world = world_of(made, at_h)
    return delay(world, world.ways[index], asked_now(world))


def spans(got):
    return {s.stage: s.hours.p50 for s in got.stages}


@settings(max_examples=40, deadline=None)
@given(worlds(most=3))
def test_the_stages_sum_to_the_whole(drawn):
    """Shares add up to one, no stage is negative, and the whole is the arrival (or the recorded find)."""
    world = world_of(drawn)
    regime = asked_now(world)
    for way in world.ways:
        got = delay(world, way, regime)
        _, arrival = movement(way, regime)
        if got is None:
            assert not np.isfinite(arrival).any()
            continue
        assert sum(s.share for s in got.stages) == pytest.approx(1.0)
        assert all(s.share >= 0.0 and s.hours.p10 >= 0.0 for s in got.stages)
        whole = arrival[np.isfinite(arrival)]
        assert got.total_hours.p50 == pytest.approx(float(np.quantile(whole, 0.5, method="inverted_cdf")))


RECORDED = case(
    asset(
        needs=("request:XB", "deploy:XA"),
        start="approval",
        records=(did("take-off", 4.0), did("on-scene", 5.5), did("find", 8.0, contested=True)),
    ),
    clearances=(
        record("request", event("asked", 0.5), event("acknowledged", 2.5), event("granted", 2.0)),
        record("deploy", event("asked", 2.0), event("granted", 3.0), authority=NEIGHBOUR),
    ),
    parties=(party(HOST), party(NEIGHBOUR, 1.0)),
)


def test_recorded_stages_stand_exactly():
    """Known at 1 h, asked at 2 h, acknowledged, approved at 3 h, off at 4 h, there at 5.5 h, find at 8 h."""
    got = budget(RECORDED, 9.0)
    assert spans(got) == pytest.approx(
        {
            "becoming known": 1.0,
            "request": 1.0,
            "acknowledgement": 0.5,
            "approval XA-DEPLOY-XA": 0.5,
            "mobilisation": 1.0,
            "transit": 1.5,
            "search": 2.5,
        }
    )
    assert all(s.recorded and s.hours.p10 == s.hours.p90 for s in got.stages)
    assert [s.stage for s in got.stages if s.contested] == ["search"]
    assert (got.until, got.total_hours.p50) == ("a reported find", 8.0)


def test_a_share_is_the_part_of_the_whole():
    """Of the eight hours one was becoming known: an eighth."""
    got = budget(RECORDED, 9.0)
    assert {s.stage: s.share for s in got.stages}["becoming known"] == pytest.approx(1.0 / 8.0)


def test_what_is_not_recorded_is_drawn_and_says_so():
    """Not yet asked: the wait for the answer is in the budget, unrecorded; the alarm is recorded."""
    got = budget(case(asset(ready=0.5), clearances=(record("entry", lead=sure(3.0)),)))
    told = {s.stage: s.recorded for s in got.stages}
    assert told["becoming known"]
    assert not told["approval XB-ENTRY-XA"]
    assert sum(spans(got).values()) == pytest.approx(4.0, abs=0.1)


def test_an_arrival_without_recorded_permissions_is_still_when_it_was():
    """It came at 0.6 h though no request is on record: the budget ends there and invents no wait."""
    came = asset(needs=("request:XB", "entry:XB"), records=(did("take-off", 0.3), did("on-scene", 0.6)))
    got = budget(case(came))
    assert got.total_hours.p50 == pytest.approx(0.6)
    assert spans(got)["transit"] == pytest.approx(0.3)


def test_waiting_for_weather_is_part_of_the_way():
    """Fog until 8 h: the budget ends with the arrival, not before it."""
    got = budget(case(asset(needs=()), weather=(weather(end_h=8.0, visibility_m=50.0),)))
    assert got.total_hours.p50 == pytest.approx(8.0)


def test_a_way_that_never_arrives_has_no_budget():
    """Refused: nothing to add up."""
    assert budget(case(asset(), clearances=(record("entry", event("refused", 0.5)),))) is None
