"""Until when a clearance is worth having, and in which order to ask."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from tests.assessment.randomworlds import worlds
from tests.assessment.worlds import (
    HOST,
    NEIGHBOUR,
    assessed,
    asset,
    case,
    hour,
    people,
    permit_of,
    record,
    sure,
    survival,
    world_of,
)

from safeconduct.assessment.deadlines import CALL_H, ask_order, curves
from safeconduct.assessment.game import play
from safeconduct.assessment.regimes import all_now, open_ids
from safeconduct.assessment.value import POINT, Granting, expected, maximum, run, value_of

ENTRY = "XB-ENTRY-XA"
CLIFF = survival((0.0, 1.0), (6.0, 1.0), (6.01, 0.0))
"""Everybody lives for six hours, and nobody beyond."""


def bend_of(made, name=ENTRY, at_h=1.0, goal="survivors", **more):
    world = world_of(made, at_h, **more)
    return curves(world, goal, open_ids(world))[name]


def v(world, goal, name, at):
    """v_k(t) by definition: all others granted now and k at t, less the same with k never."""
    regime = all_now(world)
    late = value_of(world, goal, run(world, replace(regime, grants={**regime.grants, name: at})))
    never = value_of(world, goal, run(world, replace(regime, grants={**regime.grants, name: np.inf})))
    return expected(late) - expected(never)


@settings(max_examples=30, deadline=None)
@given(worlds(most=3))
def test_a_curve_is_the_value_by_definition_and_never_rises(drawn):
    """Each point is v_k(t) of DESIGN section 3; a later yes is never worth more."""
    world = world_of(drawn)
    for goal in ("survivors", "reached"):
        for name, bend in curves(world, goal, open_ids(world)).items():
            assert (np.diff(bend.values) <= 1e-12).all()
            slack = POINT * max(maximum(world, goal), 1e-9) / 10 + 1e-9
            for at, value in zip(bend.hours, bend.values, strict=True):
                assert value == pytest.approx(v(world, goal, name, at), abs=slack)


@settings(max_examples=30, deadline=None)
@given(worlds(most=3))
def test_the_last_useful_moment_is_not_before_the_half(drawn):
    """Where there is a half, there is a last useful moment, and none lies before the assessment."""
    world = world_of(drawn)
    for bend in curves(world, "survivors", open_ids(world)).values():
        assert (bend.half_h is None) == (bend.last_h is None)
        if bend.half_h is not None and bend.values[0] >= 2 * POINT * maximum(world, "survivors"):
            assert world.at <= bend.half_h <= bend.last_h + 1e-9


def test_the_last_useful_moment_leaves_just_time_to_come():
    """Everybody lives to 6 h; the way takes half an hour from the border at most: the last moment lies before 6 h."""
    made = case(asset(needs=("entry:XB",), ready=0.1, effects=("reach",)), persons=(people(model=CLIFF),))
    world = world_of(made)
    bend = curves(world, "survivors", (ENTRY,))[ENTRY]
    point = POINT * maximum(world, "survivors")
    assert v(world, "survivors", ENTRY, bend.last_h - 0.6) >= point
    assert v(world, "survivors", ENTRY, bend.last_h + 0.6) < point


def test_a_clearance_that_changes_nothing_has_no_deadline():
    """Its value never exceeds half a point: null, not an hour."""
    made = case(asset(needs=("entry:XB",)), persons=(people(model=survival((0.0, 1.0), (0.5, 0.0))),))
    bend = bend_of(made)
    assert (bend.half_h, bend.last_h) == (None, None)
    assert permit_of(assessed(made, goal="survivors"), ENTRY).id == ENTRY


def test_what_is_useful_to_the_end_of_the_curve_has_no_last_moment_before_it():
    """Survivors for weeks: the value of the yes does not end with the hours that are drawn."""
    lasting = case(asset(effects=("reach",)), persons=(people(model=survival((0.0, 1.0), (900.0, 0.9))),))
    bend = bend_of(lasting)
    assert bend.last_h is not None
    assert np.isinf(bend.last_h)


def test_survivors_are_followed_beyond_the_hour_for_finding():
    """Assessed after --by, a yes is still worth lives: the curve goes on and does not end at once."""
    lasting = case(asset(effects=("reach",)), persons=(people(model=survival((0.0, 1.0), (60.0, 0.2), (70.0, 0.0))),))
    bend = bend_of(lasting, at_h=30.0, by_h=24.0)
    assert len(bend.hours) > 1
    assert bend.half_h is not None
    assert bend.half_h > 30.5


KINDS = ("entry", "landing", "overflight", "sensor")

TWO = case(
    asset("quick", needs=("entry:XB",), effects=("reach",), ready=0.1),
    asset("slow", base="far", needs=("landing:XB",), effects=("reach",), ready=0.1),
    clearances=(record("entry", lead=sure(0.5)), record("landing", lead=sure(3.0))),
    persons=(people(model=survival((0.0, 1.0), (8.0, 0.0))),),
)


FOUR = case(
    *(asset(f"a{n}", needs=(f"{kind}:XB",), effects=("reach",), ready=0.1) for n, kind in enumerate(KINDS)),
    clearances=tuple(record(kind, lead=sure(2.0)) for kind in KINDS),
    persons=(people(model=survival((0.0, 1.0), (3.6, 1.0), (3.9, 0.0))),),
)


def order_of(made, goal="survivors"):
    world = world_of(made)
    held = frozenset(p.id for p in world.permits if p.status == "granted")
    game = play(Granting(world, goal, all_now(world), held), open_ids(world), 1.0, seed=1, point=0.01)
    shares = {n: s.shapley for n, s in game.shares.items()}
    return world, ask_order(world, goal, shares, curves(world, goal, open_ids(world)))


def value_of_order(world, goal, order):
    """One call after another, each answered a median lead time later."""
    regime = all_now(world)
    late = {
        n: world.at + i * CALL_H + (world.permit(n).lead_time_h.p50 if world.permit(n).lead_time_h else 0.0)
        for i, n in enumerate(order)
    }
    return expected(value_of(world, goal, run(world, replace(regime, grants={**regime.grants, **late}))))


def test_the_order_to_ask_is_the_best_of_all_orders():
    """Compared with every order of the requests, none is worth more; the gap to greedy is not negative."""
    world, order = order_of(TWO)
    values = {o: value_of_order(world, "survivors", o) for o in permutations(order.names)}
    assert values[order.names] == pytest.approx(max(values.values()))
    assert order.gap >= 0.0


@settings(max_examples=40, deadline=None)
@given(worlds(most=4))
def test_no_order_is_worth_more_than_the_one_given_and_its_gap(drawn):
    """Every order of the requests by brute force: the bound holds; where all orders were compared, none is better."""
    for goal in ("survivors", "reached"):
        world, order = order_of(drawn, goal)
        asked = [name for name in order.names if name in open_ids(world)]
        best = max(value_of_order(world, goal, each) for each in permutations(asked))
        point = POINT * maximum(world, goal)
        slack = point / 10.0 * len(asked)  # those that change next to nothing are left out of the comparison
        assert best <= value_of_order(world, goal, order.names) + order.gap + slack + 1e-9


def test_where_order_matters_all_orders_of_a_few_are_compared():
    """A life that ends between two answers: the best order is proved, not guessed, and the answer says so."""
    world, order = order_of(FOUR)
    values = [value_of_order(world, "survivors", each) for each in permutations(order.names)]
    assert order.method == "the best of all orders of the 4 that matter"
    assert order.gap == 0.0
    assert value_of_order(world, "survivors", order.names) == pytest.approx(max(values), abs=1e-9)
    assert max(values) - min(values) > POINT * maximum(world, "survivors")


def test_where_orders_are_too_many_the_greedy_one_says_that_it_has_no_guarantee():
    """More requests than are compared: the method says so, and the gap bounds what is lost."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("safeconduct.assessment.deadlines.EXACT_CALLS", 1)
        world, order = order_of(FOUR)
    assert "no guarantee" in order.method
    best = max(value_of_order(world, "survivors", each) for each in permutations(order.names))
    assert order.gap > 0.0
    assert best <= value_of_order(world, "survivors", order.names) + order.gap + 1e-9


def test_every_open_and_unasked_clearance_is_in_the_order_once():
    """Also those that change nothing, last."""
    world, order = order_of(TWO)
    assert sorted(order.names) == sorted(open_ids(world))


def test_ask_by_is_the_last_useful_moment_less_the_lead_time():
    """The answer says until when asking helps, never before now."""
    made = case(
        asset(needs=("entry:XB",), ready=0.1, effects=("reach",)),
        persons=(people(model=CLIFF),),
        clearances=(record("entry", lead=sure(2.0)),),
    )
    answer = assessed(made)
    (step,) = answer.ask_order.steps
    last = permit_of(answer, ENTRY).last_useful_at
    assert last is not None
    assert (last - step.ask_by).total_seconds() == pytest.approx(2 * 3600.0, abs=1.0)
    assert (step.of, step.on_behalf_of) == (HOST, NEIGHBOUR)
    assert step.ask_by > hour(1)
