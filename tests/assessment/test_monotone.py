"""The promise of DESIGN section 3: a yes never hurts and a no never helps, at any quantile, for any goal."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.assessment.randomworlds import worlds
from tests.assessment.worlds import HOST, NEIGHBOUR, asset, case, event, hour, means, party, record, world_of

from safeconduct.assessment.engine import required_records
from safeconduct.assessment.regimes import all_now, as_it_stands, nothing_more
from safeconduct.assessment.value import GOALS, quantiles, run, value_of
from safeconduct.model.known import with_decision

STATES = (as_it_stands, nothing_more, all_now)
TINY = 1e-9


def figures(made):
    """p10, p50 and p90 of every goal in every state."""
    world = world_of(made)
    return [q for goal in GOALS for state in STATES for q in quantiles(value_of(world, goal, run(world, state(world))))]


def no_worse(one, other):
    return all(a >= b - TINY for a, b in zip(one, other, strict=True))


@settings(max_examples=120, deadline=None)
@given(worlds(most=4), st.data())
def test_refusing_never_raises_and_granting_never_lowers_any_value(drawn, data):
    """All goals, all three states, all quantiles; any one clearance, whatever had happened to it before."""
    whole = required_records(drawn, hour(1), means())
    if not whole.clearances:
        return
    name = data.draw(st.sampled_from([c.id for c in whole.clearances]))
    before = figures(whole)
    assert no_worse(figures(with_decision(whole, name, "granted", hour(1))), before)
    assert no_worse(before, figures(with_decision(whole, name, "refused", hour(1))))


@settings(max_examples=60, deadline=None)
@given(worlds(most=3), st.data())
def test_a_yes_from_an_earlier_hour_is_no_worse_than_one_now(drawn, data):
    """Granting at half an hour into the case is never worth less than granting at the assessment."""
    whole = required_records(drawn, hour(1), means())
    if not whole.clearances:
        return
    name = data.draw(st.sampled_from([c.id for c in whole.clearances]))
    early = figures(with_decision(whole, name, "granted", hour(0.5)))
    assert no_worse(early, figures(with_decision(whole, name, "granted", hour(1))))


def test_granting_again_what_is_granted_changes_nothing():
    """A second yes does not set the clock of the first back: mobilisation began when it was first asked."""
    slow = asset(start="request", needs=("request:XB",), ready=1.0)
    before = case(slow, clearances=(record("request", event("granted", 0.2)),))
    after = with_decision(before, "XB-REQUEST-XA", "granted", hour(1))
    assert figures(after) == pytest.approx(figures(before))


def test_a_what_if_grant_outweighs_later_records_of_asking():
    """Granted as a what-if at 0.4 h, asked in the record at 0.5 h: it is granted."""
    before = case(asset(), clearances=(record("entry", event("asked", 0.5)),))
    after = with_decision(before, "XB-ENTRY-XA", "granted", hour(0.4))
    assert world_of(after).permits[0].status == "granted"


def test_a_what_if_grant_outweighs_a_later_recorded_refusal():
    """Granted as a what-if at 0.4 h, refused in the record at 0.5 h: the what-if decides."""
    before = case(asset(), clearances=(record("entry", event("asked", 0.2), event("refused", 0.5)),))
    after = with_decision(before, "XB-ENTRY-XA", "granted", hour(0.4))
    assert world_of(after).permits[0].status == "granted"


@settings(max_examples=40, deadline=None)
@given(worlds(most=3))
def test_one_more_asset_never_lowers_a_value(drawn):
    """Help that may come as well never takes anything away."""
    more = replace(drawn, assets=(*drawn.assets, asset("extra", base="home", provider=HOST, effects=("find", "reach"))))
    assert no_worse(figures(more), figures(drawn))


@settings(max_examples=40, deadline=None)
@given(worlds(most=3))
def test_an_earlier_alarm_never_lowers_a_value(drawn):
    """Known sooner is never worse."""
    early = replace(drawn, parties=(party(HOST, 0.0), party(NEIGHBOUR, 0.0)))
    assert no_worse(figures(early), figures(drawn))
