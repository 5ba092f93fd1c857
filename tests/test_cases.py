"""The two shipped cases end to end, by the shipped law, borders and types."""

from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest

from safeconduct.desk.assess import Changes, assess
from safeconduct.desk.cases import load_case, new_case
from safeconduct.model.errors import InvalidInput
from safeconduct.model.instants import instant
from safeconduct.model.sources import Cite, Dated

ENTRY = "XB-ENTRY-XA"
EARLY = instant("2024-05-19T10:15Z")
MADE_UP = Cite((), "given")


@cache
def rivers(*, granted=(), refused=()):
    return assess(load_case("exercise-two-rivers"), changes=Changes(dict.fromkeys(granted), refused))


@cache
def early():
    """The real case a quarter of an hour after the crash."""
    return assess(load_case("varzaqan-2024"), at=EARLY)


@cache
def everybody_told_in_clear_weather():
    """The real case with every party alarmed at T+0.2 h and no weather: the case is changed and nothing else."""
    case = load_case("varzaqan-2024")
    at = case.incident_at + timedelta(hours=0.2)
    told = tuple(replace(p, alarm=Dated(at, at, MADE_UP)) for p in case.parties)
    return replace(case, parties=told, weather=())


@cache
def variant(*, without=()):
    """The same with everything granted but the clearances in *without*."""
    case = everybody_told_in_clear_weather()
    names = [c.id for c in assess(case, at=EARLY).clearances]
    return assess(case, at=EARLY, changes=Changes({n: None for n in names if n not in without}))


def way(answer, name):
    return next(w for w in answer.ways if w.id == name)


def test_one_clearance_decides_the_exercise():
    """Exactly one smallest sufficient set and one smallest blocking set: the entry nobody asked for."""
    answer = rivers()
    assert [s.clearances for s in answer.sufficient_sets] == [(ENTRY,)]
    assert [s.clearances for s in answer.blocking_sets] == [(ENTRY,)]
    assert (answer.sufficient_count, answer.blocking_count) == (1, 1)


def test_granting_it_lifts_the_expected_survivors():
    """At every quantile, by more than a whole person at the median; as all now promised."""
    before, after = rivers().value, rivers(granted=(ENTRY,)).value
    assert after.as_it_stands.p50 > before.as_it_stands.p50 + 1.0
    assert after.as_it_stands.p10 > before.as_it_stands.p10
    assert after.as_it_stands.p90 > before.as_it_stands.p90
    assert after.as_it_stands.p50 == pytest.approx(before.all_now.p50)


def test_granting_it_makes_the_helicopter_useful():
    """Without it the clearance is what stands in the way, and the counterfactual is that grant alone."""
    asked = way(rivers(), "xa-rescue")
    assert (asked.verdict, asked.because.what) == ("clearance", (ENTRY,))
    assert (asked.counterfactual.changes, asked.counterfactual.clearances) == ((), (ENTRY,))
    assert way(rivers(granted=(ENTRY,)), "xa-rescue").verdict == "useful"


def test_refusing_it_takes_the_way_out_and_says_so():
    """Refused: no arrival, in no set, and still named as what stands in the way."""
    refused = rivers(refused=(ENTRY,))
    assert (way(refused, "xa-rescue").arrival, way(refused, "xa-rescue").because.what) == (None, (ENTRY,))
    assert all(ENTRY not in s.clearances for s in refused.sufficient_sets)


def test_the_exercise_begins_with_asking_for_it():
    """The first line names the one thing to do now."""
    assert rivers().now[0].startswith("ASK NOW")
    assert rivers().ask_order.steps[0].clearance == ENTRY


def test_the_home_ambulance_stays_useful_whatever_the_neighbour_says():
    """The road round is slow, not closed."""
    assert way(rivers(), "xb-ambulance").verdict == "useful"


def test_the_honest_no():
    """A quarter of an hour after the crash no foreign aircraft, vehicle or team can be there within three hours."""
    answer = early()
    in_time = answer.case.incident_at + timedelta(hours=3)
    foreign = [w for w in answer.ways if w.provider != "IR" and w.asset.kind != "satellite"]
    assert len(foreign) > 10
    assert [w.id for w in foreign if w.arrival and w.arrival.p10 and w.arrival.p10 <= in_time] == []


def test_every_no_gives_its_reasons():
    """Each foreign way that is not useful names what is missing; alarm, weather and distance are among the reasons."""
    foreign = [w for w in early().ways if w.provider != "IR" and w.verdict != "useful"]
    causes = {(c.cause, what) for w in foreign for c in (w.because, *w.other_causes) for what in c.what}
    assert ("alarm", "TR") in causes
    assert ("physical", "weather") in causes
    assert ("physical", "distance") in causes
    assert all(w.because.what for w in foreign)


def test_with_everybody_told_and_everything_granted_a_helicopter_comes_in_time():
    """Alarmed at T+0.2 h, clear weather, all granted: the one at 44 km is useful and there within three hours."""
    answer = variant()
    near = way(answer, "az-zangilan-helicopter")
    assert near.verdict == "useful"
    assert near.arrival.p50 <= answer.case.incident_at + timedelta(hours=3)


def test_the_same_without_the_entry_clearance_does_not_and_names_it():
    """All the same, but its entry not granted: not in time at the median, and that clearance is what is missing."""
    answer = variant(without=("IR-ENTRY-AZ",))
    near = way(answer, "az-zangilan-helicopter")
    assert near.verdict == "clearance"
    assert near.because.what == ("IR-ENTRY-AZ",)
    assert near.counterfactual.clearances == ("IR-ENTRY-AZ",)
    assert near.counterfactual.changes == ()
    assert near.arrival.p50 > answer.case.incident_at + timedelta(hours=3)


def test_a_record_later_than_the_assessment_is_not_used():
    """At 10:15Z no foreign way has left, and nothing that was asked or granted later is on the board."""
    answer = early()
    assert {w.state for w in answer.ways if w.provider != "IR"} == {"possible"}
    assert max((h.at for c in answer.clearances for h in c.history), default=EARLY) <= EARLY


def test_every_way_of_every_hour_has_a_verdict_and_its_own_record():
    """After the find the drone's recorded hours are printed as they were."""
    answer = assess(load_case("varzaqan-2024"), at=instant("2024-05-20T02:00Z"))
    drone = way(answer, "tr-akinci")
    recorded = {r.event: r.at for r in drone.recorded}
    assert drone.arrival.p50 == recorded["on-scene"]
    assert all(w.verdict for w in answer.ways)
    assert answer.where.known


def test_a_shipped_case_is_played_as_an_exercise(tmp_path, monkeypatch):
    """The copy keeps the id and every fact; it is an exercise, so that the messages of one count in it."""
    monkeypatch.chdir(tmp_path)
    path = new_case("drill", exercise_of="margara-2023")
    played, real = load_case(path), load_case("margara-2023")
    assert played == replace(real, kind="exercise")


def test_only_a_shipped_case_is_played(tmp_path, monkeypatch):
    """What is not shipped is named with what is; nothing is written."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InvalidInput, match="margara-2023"):
        new_case("drill", exercise_of="margara")
    assert not list(tmp_path.iterdir())
