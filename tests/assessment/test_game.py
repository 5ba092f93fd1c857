"""Sets and shares as the engine makes them, held against brute force over all subsets."""

from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from tests.assessment.randomworlds import worlds
from tests.assessment.worlds import assessed, asset, case, event, people, record, survival, world_of

from safeconduct.assessment.game import dividends, play, unions
from safeconduct.assessment.regimes import all_now, open_ids
from safeconduct.assessment.shapley import moebius
from safeconduct.assessment.value import Granting

ENTRY = "XB-ENTRY-XA"


def subsets(items):
    return [frozenset(each) for size in range(len(items) + 1) for each in combinations(items, size)]


def minimal(found):
    return {each for each in found if not any(other < each for other in found)}


def granting_of(world, goal="survivors"):
    held = frozenset(p.id for p in world.permits if p.status == "granted")
    return Granting(world, goal, all_now(world), held)


def game_of(world, goal="survivors", share=0.5):
    granting, players = granting_of(world, goal), open_ids(world)
    low, high = granting(frozenset()), granting(frozenset(players))
    target = low + share * (high - low)
    return granting, players, target, play(granting, players, target, seed=1, point=1e-9)


@settings(max_examples=60, deadline=None)
@given(worlds(most=4))
def test_the_sets_equal_brute_force(drawn):
    """All minimal sufficient and blocking sets are counted, and the five smallest of them shown."""
    world = world_of(drawn)
    granting, players, target, game = game_of(world)
    everything = frozenset(players)
    reached = {s: granting(s) >= target - 1e-9 for s in subsets(players)}
    sufficient = minimal([s for s in reached if reached[s]])
    blocking = minimal([everything - s for s in reached if not reached[s]])
    families = game.families
    for shown, count, expected in (
        (families.sufficient, families.sufficient_count, sufficient),
        (families.blocking, families.blocking_count, blocking),
    ):
        assert count == len(expected)
        assert set(shown) <= expected
        assert [len(s) for s in shown] == sorted(len(s) for s in expected)[: len(shown)]
        assert len(shown) == min(5, count)
    assert game.complete


@settings(max_examples=30, deadline=None)
@given(worlds(most=4))
def test_the_shares_equal_the_mean_over_all_orders(drawn):
    """Shapley by definition: the mean marginal value over all orders of granting; alone and last are its ends."""
    world = world_of(drawn)
    granting, players, _, game = game_of(world)
    orders = list(permutations(players))
    for name in players:
        total = 0.0
        for order in orders:
            before = frozenset(order[: order.index(name)])
            total += granting(before | {name}) - granting(before)
        share = game.shares[name]
        assert share.shapley == pytest.approx(total / len(orders), abs=1e-9)
        assert share.alone == pytest.approx(granting(frozenset({name})) - granting(frozenset()), abs=1e-9)
        rest = frozenset(players) - {name}
        assert share.last == pytest.approx(granting(frozenset(players)) - granting(rest), abs=1e-9)
        assert share.error == 0.0


@settings(max_examples=30, deadline=None)
@given(worlds(most=4))
def test_the_pairs_equal_the_mean_over_all_sets_of_the_others(drawn):
    """The interaction index by definition: the size of the set of others drawn evenly, then the set."""
    world = world_of(drawn)
    granting, players, _, game = game_of(world)
    for one, other, value, error in game.pairs:
        rest = [p for p in players if p not in (one, other)]
        sizes = []
        for size in range(len(rest) + 1):
            gains = [
                granting(s | {one, other}) - granting(s | {one}) - granting(s | {other}) + granting(s)
                for s in map(frozenset, combinations(rest, size))
            ]
            sizes.append(sum(gains) / len(gains))
        assert value == pytest.approx(sum(sizes) / len(sizes), abs=1e-9)
        assert error == 0.0


@settings(max_examples=10, deadline=None)
@given(worlds(most=4))
def test_sampled_shares_and_pairs_lie_within_their_errors_of_the_exact_ones(drawn):
    """With no union of needs allowed, sampling takes over: exact values within five standard errors, same sets."""
    world = world_of(drawn)
    granting, players, target, exact = game_of(world)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("safeconduct.assessment.game.MOST_UNIONS", 0)
        sampled = play(granting, players, target, seed=1, point=1e-9)
    assert set(sampled.families.sufficient) == set(exact.families.sufficient)
    assert sampled.families.blocking_count == exact.families.blocking_count
    for name, share in sampled.shares.items():
        assert share.shapley == pytest.approx(exact.shares[name].shapley, abs=5.0 * share.error + 1e-9)
    known = {frozenset(pair[:2]): pair[2] for pair in exact.pairs}
    for one, other, value, error in sampled.pairs:
        assert value == pytest.approx(known.get(frozenset((one, other)), value), abs=5.0 * error + 1e-9)


ONE_GATE = case(
    asset("near", needs=("entry:XB",), effects=("reach",), ready=0.1),
    asset("late", base="far", needs=("landing:XB",), effects=("reach",), ready=6.0),
    persons=(people(model=survival((0.0, 1.0), (3.0, 0.6), (4.0, 0.0))),),
    clearances=(record("deploy", event("granted", 0.1), authority="XA"),),
)


def test_one_clearance_between_life_and_death_is_named_alone():
    """Where exactly one clearance decides, it is the only sufficient set, the only blocking one, and all the value."""
    answer = assessed(ONE_GATE)
    assert [s.clearances for s in answer.sufficient_sets] == [(ENTRY,)]
    assert [s.clearances for s in answer.blocking_sets] == [(ENTRY,)]
    assert (answer.sufficient_count, answer.blocking_count, answer.sets_complete) == (1, 1, True)
    worth = {c.id: c.value for c in answer.clearances}
    assert worth[ENTRY].alone == worth[ENTRY].last == pytest.approx(worth[ENTRY].shapley)
    assert worth["XB-LANDING-XA"].shapley == 0.0


def test_a_way_that_needs_two_makes_them_sufficient_together_and_each_blocking():
    """Complements: neither is worth anything alone."""
    answer = assessed(case(asset(needs=("entry:XB", "landing:XB"), effects=("reach",), ready=0.1)))
    assert [s.clearances for s in answer.sufficient_sets] == [(ENTRY, "XB-LANDING-XA")]
    assert [s.clearances for s in answer.blocking_sets] == [(ENTRY,), ("XB-LANDING-XA",)]
    assert all(c.value.alone == 0.0 and c.value.last > 0.0 for c in answer.clearances)


def test_two_ways_make_either_sufficient_and_both_blocking():
    """Substitutes: one of them is enough, and only both together can stop it."""
    twins = (
        asset("one", needs=("entry:XB",), effects=("reach",), ready=0.1),
        asset("two", needs=("landing:XB",), effects=("reach",), ready=0.1),
    )
    answer = assessed(case(*twins))
    assert [s.clearances for s in answer.sufficient_sets] == [(ENTRY,), ("XB-LANDING-XA",)]
    assert [s.clearances for s in answer.blocking_sets] == [(ENTRY, "XB-LANDING-XA")]


def test_a_refused_clearance_is_in_no_set():
    """It counts as not granted: the sets range over the open ones."""
    twins = (
        asset("one", needs=("entry:XB",), effects=("reach",), ready=0.1),
        asset("two", needs=("landing:XB",), effects=("reach",), ready=0.1),
    )
    answer = assessed(case(*twins, clearances=(record("entry", event("refused", 0.5)),)))
    assert [s.clearances for s in answer.sufficient_sets] == [("XB-LANDING-XA",)]
    assert [s.clearances for s in answer.blocking_sets] == [("XB-LANDING-XA",)]


def test_a_target_out_of_reach_has_no_sufficient_set_and_is_blocked_by_nothing():
    """Out of reach with all: [] and [[]]; reached with nothing: [[]] and []."""
    made = case(asset(effects=("reach",)))
    beyond = assessed(made, target=99.0)
    assert (beyond.sufficient_sets, [s.clearances for s in beyond.blocking_sets]) == ((), [()])
    free = assessed(made, target=0.0)
    assert ([s.clearances for s in free.sufficient_sets], free.blocking_sets) == ([()], ())


def test_the_target_is_half_way_unless_it_is_given():
    """nothing_more + half of (all_now - nothing_more)."""
    answer = assessed(ONE_GATE)
    granting, players, target, _ = game_of(world_of(ONE_GATE))
    assert answer.value.target == pytest.approx(target)
    assert granting(frozenset(players)) >= target


def test_seventy_ways_are_no_more_than_their_different_needs():
    """More ways than a word has bits, of which half need one clearance and half another: two sets, as for two ways."""
    many = tuple(
        asset(f"a{n}", needs=("entry:XB",) if n % 2 else ("landing:XB",), effects=("reach",), ready=0.1)
        for n in range(70)
    )
    answer = assessed(case(*many))
    assert [s.clearances for s in answer.sufficient_sets] == [(ENTRY,), ("XB-LANDING-XA",)]
    assert [s.clearances for s in answer.blocking_sets] == [(ENTRY, "XB-LANDING-XA")]
    assert answer.sets_complete


def test_the_dividends_of_the_unions_are_those_of_the_whole_table():
    """Moebius coefficients are nought away from the unions of needs, and the same on them."""
    needs = (0b00011, 0b00110, 0b11000, 0b00001)
    masks = unions(needs, 100)
    table = np.array([sum(0.1 * (i + 1) for i, need in enumerate(needs) if need & ~k == 0) ** 2 for k in range(32)])
    whole = moebius(table)
    assert dividends(masks, table[list(masks)]) == pytest.approx(whole[list(masks)])
    assert np.delete(whole, list(masks)) == pytest.approx(0.0, abs=1e-12)
    assert unions(needs, len(masks) - 1) is None
