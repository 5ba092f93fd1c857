"""What a set of ways is worth."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from tests.assessment.randomworlds import worlds
from tests.assessment.worlds import (
    HOST,
    asset,
    case,
    did,
    event,
    people,
    record,
    report,
    survival,
    world_of,
)

from safeconduct.assessment.regimes import all_now, as_it_stands, nothing_more, open_ids, with_granted
from safeconduct.assessment.value import (
    GOALS,
    Granting,
    Times,
    expected,
    maximum,
    quantiles,
    run,
    times,
    unit,
    value_of,
    worth,
)


def granting_of(world, goal):
    held = frozenset(p.id for p in world.permits if p.status == "granted")
    return Granting(world, goal, all_now(world), held)


def direct(world, goal, names):
    """Value with *names* granted now, straight from the regime: no shortcuts."""
    return expected(value_of(world, goal, run(world, with_granted(world, names, world.at))))


@settings(max_examples=40, deadline=None)
@given(worlds(most=3))
def test_granting_a_set_equals_the_assessment_under_that_set(drawn):
    """The shortcut by opened ways gives the value of the regime in which just that set is granted now."""
    world = world_of(drawn)
    players = open_ids(world)[:5]
    for goal in GOALS:
        granting = granting_of(world, goal)
        for size in range(len(players) + 1):
            for names in combinations(players, size):
                assert granting(frozenset(names)) == pytest.approx(direct(world, goal, names), abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(worlds(most=4))
def test_the_ends_of_the_game_are_two_of_the_three_states(drawn):
    """Granting nothing is *nothing more*; granting all that is open is *all now*."""
    world = world_of(drawn)
    for goal in GOALS:
        granting = granting_of(world, goal)
        none, every = (expected(value_of(world, goal, run(world, r(world)))) for r in (nothing_more, all_now))
        assert granting(frozenset()) == pytest.approx(none, abs=1e-9)
        assert granting(frozenset(open_ids(world))) == pytest.approx(every, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(worlds(most=4))
def test_nothing_more_is_no_better_than_as_it_stands_and_that_no_better_than_all_now(drawn):
    """A yes that comes is no worse than none, and one that comes now no worse than one that comes later."""
    world = world_of(drawn)
    for goal in GOALS:
        more, stands, now = (value_of(world, goal, run(world, r(world))) for r in (nothing_more, as_it_stands, all_now))
        assert (more <= stands + 1e-9).all()
        assert (stands <= now + 1e-9).all()


def test_an_arrived_way_needs_nothing_any_more():
    """It is on scene without a recorded yes: no clearance is sufficient or blocking for what it does."""
    there = asset(records=(did("on-scene", 0.6),))
    world = world_of(case(there))
    granting = granting_of(world, "survivors")
    assert granting(frozenset()) == pytest.approx(direct(world, "survivors", ()))
    assert granting(frozenset()) == granting(frozenset(open_ids(world)))


def test_found_is_the_first_find_and_reached_the_first_reaching():
    """Of several ways the minimum counts, and only those that can treat or lift reach."""
    world = world_of(
        case(
            asset("eye", needs=(), effects=("find",), ready=0.0),
            asset("hand", needs=(), effects=("reach",), ready=3.0),
            evidence=(report(sigma_km=2.0),),
        )
    )
    taken = run(world, nothing_more(world))
    when = times(world, taken)
    (_, eye), (_, hand) = taken
    assert (when.found == eye.found).all()
    expected_h = np.maximum(eye.found, hand.arrival[:, None]) + world.ways[1].local_h[:, None]
    assert when.reached == pytest.approx(expected_h)


def test_a_known_place_needs_no_search():
    """They are found at once; reaching still takes the way."""
    world = world_of(case(asset(needs=(), effects=("reach",))))
    when = times(world, run(world, nothing_more(world)))
    assert (when.found == 0.0).all()
    assert (when.reached > 1.0).all()


def test_a_recorded_find_counts_unless_it_is_left_out():
    """Found by record at 0.9 h: it stands, and a what-if about the search may look past it."""
    found = (report("vague", sigma_km=5.0), report("found", finds=True, at_h=0.9, known_h=0.9))
    world = world_of(case(asset(needs=()), evidence=found))
    assert (times(world, ()).found == 0.9).all()
    assert np.isinf(times(world, (), record=False).found).all()


def test_a_contested_reaching_is_no_reaching():
    """Only what nobody denies is taken as reached."""
    for contested, reached in ((False, True), (True, False)):
        made = asset(needs=(), records=(did("on-scene", 0.5), did("reached", 0.8, contested=contested)))
        assert (world_of(case(made)).reached is not None) == reached


@pytest.mark.parametrize(("goal", "expected_value"), [("found", 0.75), ("reached", 0.5), ("survivors", 3 * 1.25 / 4)])
def test_the_worth_of_known_times(goal, expected_value):
    """Reached at 1, 2 and 30 h and never, by 24 h; of three on a curve falling from 1 at 0 to 0 at 4 h."""
    falling = people(3, survival((0.0, 1.0), (4.0, 0.0)))
    world = world_of(case(asset(), persons=(falling,)), chances=4)
    rows = np.ones((20, 1))
    found, reached = rows * np.array([1.0, 2.0, 3.0, np.inf]), rows * np.array([1.0, 2.0, 30.0, np.inf])
    assert worth(world, goal, Times(found, reached)) == pytest.approx(expected_value)


def test_by_the_hour_asked_includes_that_hour():
    """Found exactly at --by counts."""
    world = world_of(case(asset()), by_h=2.0, chances=1)
    at = np.full((20, 1), 2.0)
    assert worth(world, "found", Times(at, at)) == pytest.approx(1.0)
    assert worth(world, "found", Times(at + 1e-6, at)) == pytest.approx(0.0)


def test_groups_that_are_not_counted_add_nothing():
    """Expected survivors are over the counted groups alone, and so is their maximum."""
    world = world_of(case(asset(needs=()), persons=(people(3), people(7, None, id="others"))))
    assert maximum(world, "survivors") == 3.0
    assert expected(value_of(world, "survivors", run(world, nothing_more(world)))) <= 3.0
    assert [maximum(world, g) for g in ("found", "reached")] == [1.0, 1.0]
    assert [unit(g) for g in GOALS] == ["persons", "probability", "probability"]


def test_quantiles_are_values_that_were_drawn():
    """No quantile lies between a number and never."""
    assert quantiles(np.array([1.0, 2.0, np.inf, np.inf])) == (1.0, 2.0, np.inf)


def test_a_host_team_needs_no_clearance_to_count():
    """Help at home counts in all three states alike."""
    world = world_of(case(asset(base="home", provider=HOST), clearances=(record("entry", event("refused", 0.1)),)))
    states = [expected(value_of(world, "reached", run(world, r(world)))) for r in (nothing_more, as_it_stands, all_now)]
    assert states == [1.0, 1.0, 1.0]
