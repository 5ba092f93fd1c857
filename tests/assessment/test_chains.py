"""Ways in steps: what is held on the ground, what waits for another, what is done, and what limits it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.assessment.worlds import (
    HOST,
    START,
    TEAM,
    assessed,
    asset,
    case,
    did,
    event,
    hour,
    people,
    record,
    sure,
    way_of,
    weather,
    world_of,
)

from safeconduct.assessment.delay import delay
from safeconduct.assessment.regimes import all_now, asked_now, journey, movement
from safeconduct.model.assets import Record, Step
from safeconduct.model.sources import Cite, Dated

GIVEN = Cite((), "given")


def step(name, mode, to="", h=None, **more):
    fields = {"speed_kmh": None, "needs": (), "after": None, "enters": (), "cite": GIVEN}
    return Step(name, mode, to, sure(h) if h is not None else None, **(fields | more))


def lorry(name="lorry", *, steps, needs=(), **more):
    fields = {"base": "far", "effects": ("reach",), "ready": 1.0} | more
    return asset(name, kind=TEAM, needs=needs, steps=tuple(steps), **fields)


ROAD = (step("out", "drive", "north", 0.5), step("gate", "formalities", h=1.0), step("road", "drive", "site", 2.0))


def way(made, name="lorry", at_h=1.0):
    world = world_of(made, at_h)
    return world, next(w for w in world.ways if w.id == name)


def test_the_legs_of_a_chain_add_up():
    """Alarm at 0.2 h, ready after one hour, half an hour out, one at the gate, two on: there at 4.7 h."""
    world, model = way(case(lorry(steps=ROAD)))
    assert movement(model, all_now(world))[1] == pytest.approx(4.7)


def test_customs_hold_the_gate_and_not_the_departure():
    """Customs granted at 5 h: it leaves at 1.2 h, waits at the gate, and is there three hours after the grant."""
    made = case(lorry(steps=ROAD, needs=("customs:XB",)), clearances=(record("customs", event("granted", 5.0)),))
    world, model = way(made, at_h=5.0)
    trip = journey(model, replace(all_now(world), floor=0.0))
    assert trip.departure == pytest.approx(1.2)
    assert trip.arrival == pytest.approx(8.0)


def test_a_gate_binds_without_a_rule():
    """A guarantee that no rule engages is needed where the record says so, and closes the way until it is given."""
    guarantee = replace(record("guarantee", authority="XA"), gate="departure", lead_time_h=sure(6.0))
    world, model = way(case(lorry(steps=ROAD), clearances=(guarantee,)))
    assert [need.clearance for need in model.needs] == ["XA-GUARANTEE-XA"]
    assert movement(model, asked_now(world))[0] == pytest.approx(7.0)  # asked at 1 h, given six hours later


def test_a_leg_waits_for_another_asset():
    """The loader takes five hours to the gate: unloading begins when it is there, and needs its leave too."""
    loader = lorry("loader", steps=(step("way", "drive", "north", 5.0),), needs=("entry:XB",))
    gear = lorry(steps=(step("unload", "handle", h=0.5, needs=("loader",)), step("road", "drive", "site", 2.0)))
    world, model = way(case(gear, loader))
    assert {need.clearance for need in model.needs} == {"XB-ENTRY-XA"}
    loaded, arrived = (
        movement(next(w for w in world.ways if w.id == "loader"), all_now(world))[1],
        movement(model, all_now(world))[1],
    )
    assert arrived == pytest.approx(loaded + 2.5)


def test_a_leg_waits_for_a_dated_event():
    """Nothing moves on before the event that the case dates, as long as facts count."""
    held = step("unload", "handle", h=0.5, after=Dated(hour(9.0), hour(0.5), GIVEN))
    world, model = way(case(lorry(steps=(held, step("road", "drive", "site", 2.0)))))
    assert movement(model, all_now(world))[1] == pytest.approx(11.5)


def test_what_is_done_is_done():
    """The gate passed at 3 h by record: the road begins there, and what the gate needed is asked of nobody."""
    done = Record("done", hour(3.0), hour(3.0), GIVEN, step="gate")
    made = case(lorry(steps=ROAD, needs=("customs:XB",), records=(did("take-off", 1.5), done)))
    world, model = way(made, at_h=4.0)
    assert model.needs == ()
    assert movement(model, all_now(world))[1] == pytest.approx(5.0)


def test_work_comes_after_the_arrival():
    """At a known place the chance of being reached is that of having ended the work."""
    made = case(lorry(steps=ROAD, work_h=sure(3.0)), persons=(people(1),))
    world, model = way(made)
    assert model.local_h == pytest.approx(3.0)
    budget = delay(world, model, all_now(world))
    assert budget is not None
    assert budget.until == "the end of its work"
    assert [s.stage for s in budget.stages] == [
        "becoming known",
        "mobilisation",
        "transit out",
        "formalities gate",
        "transit road",
        "work",
    ]
    assert budget.total_hours.p50 == pytest.approx(7.7)


def test_an_offer_turns_the_wait_into_acceptance():
    """Before the offer at 3 h nobody was asked; from then on the host's yes, at 8 h, is what is waited for."""
    asked = lorry(steps=ROAD, needs=("request:XB",), start="request", offered=Dated(hour(3.0), hour(3.0), GIVEN))
    made = case(asked, clearances=(record("request", event("granted", 8.0)),))
    (cause,) = assessed(made, 9.0).limiting
    assert cause.cause == "permission"
    assert cause.permission_h == pytest.approx(5.0 + 1.0)  # the yes, and the hour at the gate
    assert cause.request_h == pytest.approx(3.0)


def test_without_an_offer_it_is_the_request():
    """The same without an offer: eight hours went before anybody was asked."""
    made = case(
        lorry(steps=ROAD, needs=("request:XB",), start="request"),
        clearances=(record("request", event("granted", 8.0)),),
    )
    (cause,) = assessed(made, 9.0).limiting
    assert (cause.cause, cause.request_h) == ("request", pytest.approx(8.0))


def test_asked_at_the_alarm_distance_is_left():
    """The request at 0.2 h: getting ready and the road are the most of what is left."""
    made = case(
        lorry(steps=ROAD, needs=("request:XB",), start="request"),
        clearances=(record("request", event("granted", 0.2)),),
    )
    (cause,) = assessed(made, 0.5).limiting
    assert cause.cause == "distance"


def test_fog_over_the_scene_is_weather_whatever_else_is_pending():
    """A helicopter that could be there in an hour waits twelve for the fog; in clear weather distance is left."""
    foggy = weather("fog", end_h=12.0, visibility_m=100.0)
    (shut,) = assessed(case(asset(needs=()), weather=(foggy,))).limiting
    (clear,) = assessed(case(asset(needs=()))).limiting
    assert (shut.cause, clear.cause) == ("weather", "distance")
    assert shut.weather_h is not None
    assert shut.weather_h >= 11.5


def test_a_report_shuts_the_scene_without_a_figure():
    """A window that names a kind shuts the scene to it, with no visibility stated; other kinds go on."""
    storm = weather("storm", end_h=12.0, visibility_m=None, shuts=("helicopter",))
    world = world_of(case(asset(needs=()), lorry(steps=ROAD), weather=(storm,)))
    arrivals = {w.id: movement(w, all_now(world))[1] for w in world.ways}
    assert (arrivals["heli"] >= 12.0).all()
    assert arrivals["lorry"] == pytest.approx(4.7)


def test_a_refusal_is_permission():
    """The host refused: no way arrives, and the cause is permission, whatever the verdict."""
    made = case(
        lorry(steps=ROAD, needs=("entry:XB",)),
        clearances=(record("entry", event("asked", 0.3), event("refused", 0.8)),),
    )
    (cause,) = assessed(made).limiting
    assert (cause.cause, cause.request_h) == ("permission", None)
    assert "refused" in cause.says


def test_who_was_turned_back_is_named():
    """A team sent back at the gate by the host never arrives; the cause is permission, and the host is named."""
    back = replace(did("turned-back", 3.0), by=HOST)
    (cause,) = assessed(case(lorry(steps=ROAD, records=(did("take-off", 1.5), back))), 4.0).limiting
    assert cause.cause == "permission"
    assert cause.says.endswith(f"turned back by {HOST}")


def test_each_kind_of_help_has_its_cause():
    """Searchers who were never asked for and goods held at the gate are told apart."""
    goods = lorry("goods", steps=ROAD, needs=("customs:XB",), help="goods")
    team = lorry("team", steps=ROAD, needs=("request:XB",), start="request", help="searchers")
    made = case(
        goods,
        team,
        clearances=(record("customs", event("asked", 1.0), lead=sure(20.0)), record("request", event("granted", 9.0))),
    )
    causes = {c.help: c.cause for c in assessed(made, 10.0).limiting}
    assert causes == {"goods": "permission", "searchers": "request"}


def test_home_means_are_told_where_nobody_else_has_any():
    """A kind of help that only the host has is told for the host's own."""
    home = lorry("home-team", steps=(step("road", "drive", "site", 3.0),), provider=HOST, base="home", help="on-foot")
    causes = {c.help: c.way for c in assessed(case(home, asset(needs=()))).limiting}
    assert causes == {"on-foot": "home-team", "rescue": "heli"}


def test_a_leg_not_cleared_says_so():
    """The gate that needs customs is the leg that is marked."""
    answer = assessed(case(lorry(steps=ROAD, needs=("customs:XB",))))
    legs = way_of(answer, "lorry").legs
    assert [bool(leg.mark) for leg in legs] == [False, True, False]


def test_stages_sum_to_the_whole():
    """However many holds a chain has, its stages add up to its arrival."""
    made = case(
        lorry(steps=ROAD, needs=("customs:XB", "entry:XB", "request:XB")),
        clearances=(record("request", event("granted", 0.5)),),
    )
    world, model = way(made)
    budget = delay(world, model, asked_now(world))
    assert budget is not None
    arrival = movement(model, asked_now(world))[1]
    shares = [s.share for s in budget.stages if s.share is not None]
    assert sum(shares) == pytest.approx(1.0)
    assert budget.total_hours.p50 == pytest.approx(float(np.quantile(arrival, 0.5, method="inverted_cdf")))
    assert hour(0.0) == START
