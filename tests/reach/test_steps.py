"""Chains that a case spells out: by air, road and ship, with what is done in between."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.assessment.worlds import BASES, HOST, NEIGHBOUR, ROADS, SITE, ThreeSkies, asset, sure

from safeconduct.model.assets import Asset, Step
from safeconduct.model.sources import Cite, Spread
from safeconduct.reach.plans import Ground, plans
from safeconduct.reach.steps import courses

GIVEN = Cite((), "given")
GROUND = Ground(SITE, HOST, BASES, ROADS, ThreeSkies())


def step(name: str, mode: str, to: str = "", **more: object) -> Step:
    fields = {"hours": None, "speed_kmh": None, "needs": (), "after": None, "enters": (), "cite": GIVEN}
    return Step(name, mode, to, **(fields | more))  # type: ignore[arg-type]


CHAIN = (
    step("flight", "fly", "home"),
    step("entry", "formalities", hours=sure(1.0)),
    step("unload", "handle", hours=sure(0.5)),
    step("road", "drive", "site", speed_kmh=Spread(25.0, 50.0, 100.0, GIVEN)),
)


def chained(*steps: Step, **more: object) -> Asset:
    made: Asset = replace(asset("plane", **more), steps=steps)
    return made


def test_without_a_chain_the_old_ways_stand() -> None:
    """An asset without steps is planned over bases, roads and airspaces as before."""
    assert courses(asset(), GROUND) == plans(asset(), GROUND)


def test_a_chain_is_planned_leg_by_leg() -> None:
    """Each step is a leg with its name; the flight goes through the airspaces, the road at its speed."""
    (plan,) = courses(chained(*CHAIN), GROUND)
    assert [(leg.mode, leg.id) for leg in plan.legs] == [
        ("fly", "flight"),
        ("formalities", "entry"),
        ("handle", "unload"),
        ("drive", "road"),
    ]
    assert plan.legs[3].hours.p50 == pytest.approx((plan.legs[3].distance_km or 0.0) / 50.0)
    assert plan.states == {HOST}
    assert plan.lands[0] == (HOST, 0)
    assert [leg.state for leg in plan.legs] == [HOST] * 4


def test_a_step_on_foreign_ground_enters_it_at_once() -> None:
    """A lorry that starts at the gate needs the leave of the state behind it before it moves on."""
    (plan,) = courses(chained(step("road", "drive", "site", hours=sure(2.0))), GROUND)
    assert plan.legs[0].enters == ((HOST, 0.0),)


def test_the_error_of_other_plans_widens_a_flight() -> None:
    """A factor of a half and double spreads the hours of the flight and leaves their median."""
    factor = Spread(0.5, 1.0, 2.0, GIVEN, "other flights", 4)
    (plain,) = courses(chained(step("flight", "fly", "home")), GROUND)
    (wide,) = courses(chained(step("flight", "fly", "home", factor=factor)), GROUND)
    assert wide.legs[0].hours.p50 == plain.legs[0].hours.p50
    assert wide.legs[0].hours.p90 > 1.9 * plain.legs[0].hours.p50
    assert wide.legs[0].hours.cases == 4


def test_a_flight_through_named_states_goes_straight() -> None:
    """Where the case names whose leave is needed, no other state is looked for, and the leg says so."""
    (plan,) = courses(chained(step("flight", "fly", "home", enters=(HOST,))), GROUND)
    assert plan.legs[0].told
    assert {state for state, _ in plan.legs[0].enters} == {HOST}


def test_what_nobody_times_makes_the_way_unknown() -> None:
    """A step without hours or speed leaves a way without legs that says which step it is."""
    (plan,) = courses(chained(step("fit", "handle"), step("road", "drive", "site", hours=sure(1.0))), GROUND)
    assert plan.legs == ()
    assert "fit" in plan.unknown[0]


def test_out_of_range_is_shown() -> None:
    """A flight beyond the range leaves less than nothing."""
    far = chained(step("flight", "fly", "home"), base="far")
    assert far.type is not None
    short = replace(far, type=replace(far.type, range_km=replace(far.type.range_km, value=100.0)))  # type: ignore[type-var]
    (plan,) = courses(short, GROUND)
    assert plan.range_left_km is not None
    assert plan.range_left_km < 0.0


@pytest.mark.parametrize(("change", "says"), [({"kind": None}, "names no asset"), ({"base": None}, "base")])
def test_nothing_is_known_of_a_chain_without_type_or_base(change: dict[str, object], says: str) -> None:
    """An offer that names no asset, or one whose base no source names, is unknown."""
    (plan,) = courses(chained(*CHAIN, **change), GROUND)
    assert says in plan.unknown[0]
    assert asset().provider == NEIGHBOUR
