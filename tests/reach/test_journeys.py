"""Chains of legs: the whole front with stops and hand-overs, against every chain written out."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from tests.assessment.worlds import GIVEN, figure, sure

from safeconduct.model.assets import AssetType
from safeconduct.model.sources import Spread
from safeconduct.reach.journeys import Carrier, Hop, Leave, Question, Spot, journeys

OWN = AssetType("own", "own", "helicopter", cruise_kmh=figure(200))
LENT = AssetType("lent", "lent", "helicopter", cruise_kmh=figure(300))
BOAT = AssetType("boat", "boat", "ship", cruise_kmh=figure(40))
STOP = Spread(0.5, 0.75, 1.5, GIVEN)
BOTH = frozenset({"own", "lent"})


class Table:
    """Legs from a table: (start, end, type) to rows (hours, spent, states)."""

    def __init__(self, rows):
        self.rows = rows
        self.asked = []

    def hops(self, start, end, kind, provider):
        self.asked.append((start.id, end.id, kind.id, provider))
        found = self.rows.get((start.id, end.id, kind.id), ())
        return tuple(
            Hop(sure(hours), spent, spent, frozenset(states) - {provider}, (start.position, end.position))
            for hours, spent, states in found
        )

    def least_km(self, start, end, kind):
        return min((row[1] for row in self.rows.get((start.id, end.id, kind.id), ())), default=float("inf"))

    def apart_km(self, _start, _end, _kind):
        return 0.0


def spot(name, state="", fits=BOTH, unsure=frozenset()):
    return Spot(name, name, (0.0, 0.0), state, frozenset(fits), frozenset(unsure))


def question(stops, *, relays=(), most_stops=2, most_states=None, reach=None, ends=frozenset()):
    return Question(
        spot("base", "XA"), spot("site"), Carrier(OWN, "XA"), tuple(relays), tuple(stops), most_stops, most_states,
        STOP, reach or {"own": None, "lent": None}, ends,
    )  # fmt: skip


def leave(state, kind, provider="XA"):
    return Leave(state, kind, provider)


def written_out(asked, table):
    """Every chain there is, one by one; then those that no other beats."""
    chains = []

    def landed(carrier, end, onward):
        return {Leave(end.state, "landing", who) for who in {carrier[1], onward[1]} if who != end.state}

    def onward(here, carrier, hours, leaves, legs):
        ends = [asked.end, *asked.stops] if legs < asked.most_stops else [asked.end]
        for end in ends:
            if end.id == asked.end.id and asked.ends and carrier[0].id not in asked.ends:
                continue
            for took, spent, states in table.rows.get((here.id, end.id, carrier[0].id), ()):
                reach = asked.reach_km.get(carrier[0].id)
                if reach is not None and spent > reach:
                    continue
                met = leaves | {Leave(s, "overflight", carrier[1]) for s in set(states) - {carrier[1]}}
                if end.id == asked.end.id:
                    chains.append((hours + took, frozenset(met)))
                    continue
                if carrier[0].id not in end.fits | end.unsure:
                    continue
                takers = [carrier]
                takers += [
                    (r.kind, r.provider or end.state)
                    for r in asked.relays
                    if r.at in ("", end.id) and r.kind.id in end.fits | end.unsure
                ]
                for taker in takers:
                    onward(end, taker, hours + took + STOP.p50, met | landed(carrier, end, taker), legs + 1)

    onward(asked.start, (asked.first.kind, asked.first.provider), 0.0, frozenset(), 0)
    most = asked.most_states
    chains = [c for c in chains if most is None or len({x.state for x in c[1]}) <= most]
    return {
        (round(hours, 9), needs)
        for hours, needs in chains
        if not any((h < hours and n <= needs) or (h <= hours and n < needs) for h, n in chains)
    }


def random_world(seed, *, relay):
    """A base, a site and up to four stops in five states, with two ways a leg, some of them missing."""
    draw = np.random.default_rng(seed)
    states = ["XA", "XB", "XC", "XD", "XE"]
    stops = []
    for n in range(int(draw.integers(1, 5))):
        fits = {k for k in ("own", "lent") if draw.random() < 0.85}
        stops.append(spot(f"s{n}", str(draw.choice(states)), fits, BOTH - fits if draw.random() < 0.5 else frozenset()))
    rows = {}
    names = ["base", *(s.id for s in stops), "site"]
    for start, end, kind in product(names, names, ("own", "lent")):
        if start == end or draw.random() < 0.2:
            continue
        ways = []
        for _ in range(int(draw.integers(1, 4))):
            km = float(draw.integers(50, 400))
            ways.append((km / (200.0 if kind == "own" else 300.0), km, set(draw.choice(states, draw.integers(0, 3)))))
        rows[start, end, kind] = tuple(ways)
    relays = []
    if relay:
        relays.append(Carrier(LENT, str(draw.choice(["", "XB", "XC"])), str(draw.choice(["", "s0"]))))
    most = None if draw.random() < 0.6 else int(draw.integers(1, 4))
    reach = {"own": float(draw.integers(100, 400)), "lent": None if draw.random() < 0.5 else 250.0}
    ends = frozenset({"lent"}) if relay and draw.random() < 0.3 else frozenset()
    return question(
        stops, ends=ends, relays=relays, most_stops=int(draw.integers(0, 4)), most_states=most, reach=reach
    ), Table(rows)


@pytest.mark.parametrize("relay", [False, True], ids=["stops", "relay"])
@pytest.mark.parametrize("block", range(8))
def test_the_front_is_that_of_every_chain_written_out(block, relay):
    """Forty random small worlds each: the same hours and leaves as from all chains, with stops and with hand-overs."""
    for seed in range(40 * block, 40 * block + 40):
        asked, table = random_world(seed, relay=relay)
        answer = journeys(asked, table)
        assert answer.complete
        assert {(round(j.hours, 9), j.leaves) for j in answer.found} == written_out(asked, table)


def test_no_leg_is_longer_than_its_range():
    """On a hundred random worlds each leg of each journey spends at most what one filling of its carrier allows."""
    for seed in range(100):
        asked, table = random_world(seed, relay=True)
        for journey in journeys(asked, table).found:
            for leg in journey.legs:
                reach = asked.reach_km[leg.carrier]
                assert reach is None or leg.hop.spent_km <= reach


def test_a_refused_state_never_makes_anything_faster():
    """Whatever set of leaves is given, taking one state's away leaves the earliest hours the same or later."""
    for seed in range(60):
        asked, table = random_world(seed, relay=True)
        found = journeys(asked, table).found
        for state in ("XB", "XC", "XD"):
            kept = [j.hours for j in found if all(each.state != state for each in j.leaves)]
            assert min(kept, default=np.inf) >= min((j.hours for j in found), default=np.inf)
            without = Table({
                key: tuple(row for row in rows if state not in row[2]) for key, rows in table.rows.items()
            })  # fmt: skip
            fewer = replace(asked, stops=tuple(each for each in asked.stops if each.state != state))
            again = journeys(fewer, without).found
            assert min((j.hours for j in again), default=np.inf) >= min((j.hours for j in found), default=np.inf)


def test_a_stop_takes_its_time_and_its_leave():
    """A stop abroad: flight, stop and flight added, and the landing is a leave of its own beside the overflight."""
    table = Table({("base", "mid", "own"): ((1.0, 200.0, {"XB"}),), ("mid", "site", "own"): ((0.5, 100.0, {"XC"}),)})
    (found,) = journeys(question([spot("mid", "XB")]), table).found
    assert found.hours == 1.0 + STOP.p50 + 0.5
    assert found.leaves == {leave("XB", "overflight"), leave("XB", "landing"), leave("XC", "overflight")}
    assert [leg.stop for leg in found.legs] == ["refuel", ""]


def test_the_needs_of_a_leg_belong_to_its_provider():
    """After the hand-over it is the lender whose craft needs leave, and at home it needs none."""
    table = Table(
        {("base", "mid", "own"): ((1.0, 200.0, {"XB"}),), ("mid", "site", "lent"): ((0.5, 100.0, {"XB", "XC"}),)}
    )
    (found,) = journeys(question([spot("mid", "XB")], relays=[Carrier(LENT)]), table).found
    assert found.leaves == {leave("XB", "overflight"), leave("XB", "landing"), leave("XC", "overflight", "XB")}
    assert [leg.provider for leg in found.legs] == ["XA", "XB"]


def test_a_lender_from_elsewhere_needs_leave_to_land_at_the_hand_over():
    """A carrier of a third state that takes over abroad must have been let in there."""
    table = Table({("base", "mid", "own"): ((1.0, 200.0, {"XB"}),), ("mid", "site", "lent"): ((0.5, 100.0, set()),)})
    (found,) = journeys(question([spot("mid", "XB")], relays=[Carrier(LENT, "XC", "mid")]), table).found
    assert leave("XB", "landing", "XC") in found.leaves


def test_ships_need_leave_of_the_sea():
    """A ship's leaves are for the territorial sea, not for the air."""
    table = Table({("base", "mid", "own"): ((1.0, 200.0, set()),), ("mid", "site", "boat"): ((5.0, 200.0, {"XC"}),)})
    mid = spot("mid", "XB", {"own", "boat"})
    (found,) = journeys(question([mid], relays=[Carrier(BOAT, "", "mid")]), table).found
    assert found.leaves == {leave("XB", "landing"), leave("XC", "sea", "XB")}


def test_each_leg_is_looked_for_once():
    """However many chains use a leg, its ways are asked for once for each type and provider."""
    asked, table = random_world(5, relay=True)
    journeys(asked, table)
    assert len(table.asked) == len(set(table.asked))


def test_a_spent_budget_says_up_to_where_it_is_whole():
    """Cut short, every journey up to the hour that is given is still found."""
    asked, table = next(
        world for world in (random_world(seed, relay=True) for seed in range(100)) if len(journeys(*world).found) > 3
    )
    whole, short = journeys(asked, table), journeys(asked, table, labels=25)
    assert not short.complete
    assert {j.leaves for j in whole.found if j.hours < short.proved_h} == {
        j.leaves for j in short.found if j.hours < short.proved_h
    }


def test_time_runs_out_like_labels():
    """With a clock that jumps, the search stops and says that it is not whole."""
    asked, table = random_world(3, relay=True)
    ticks = iter(range(0, 10_000, 100))
    short = journeys(asked, table, seconds=50.0, clock=lambda: float(next(ticks)))
    assert not short.complete
    assert short.found == ()
