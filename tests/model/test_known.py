"""A case as known at an instant, and what-ifs over the record."""

from dataclasses import replace

import pytest
from tests.assessment.worlds import (
    GIVEN,
    HOST,
    NEIGHBOUR,
    THIRD,
    asset,
    case,
    did,
    event,
    hour,
    party,
    people,
    record,
    red_line,
    report,
    weather,
)

from safeconduct.model.case import Happening, Offer
from safeconduct.model.known import as_known, decided, request_moved, with_decision
from safeconduct.model.persons import LifeClaim
from safeconduct.model.sources import Dated

REQUEST = "XB-REQUEST-XA"


def history(known, name):
    return [(e.status, e.at) for c in known.clearances if c.id == name for e in c.events]


WHOLE = case(
    asset("at-three", records=(did("take-off", 3.0),), offered=Dated(hour(3), hour(3), GIVEN)),
    asset("later-asset", known_at=hour(3)),
    parties=(party(HOST, 3.0),),
    persons=(
        people(claims=(LifeClaim(2.0, hour(3), GIVEN),)),
        people(id="later-group", known_at=hour(3)),
    ),
    evidence=(report("first"), report("later", known_h=3.0)),
    weather=(weather("later", known_h=3.0),),
    clearances=(record("entry", event("asked", 3.0)),),
    red_lines=(red_line(known_at=hour(3)),),
    offers=(Offer(THIRD, "help", hour(3), hour(3), GIVEN),),
    happenings=(Happening(hour(3), hour(3), "it rains", GIVEN),),
)


def seen(known):
    """Everything in the case that is dated at three hours, as far as it is there."""
    return {
        "record": any(a.records for a in known.assets),
        "offered": any(a.offered for a in known.assets),
        "asset": any(a.id == "later-asset" for a in known.assets),
        "alarm": known.parties[0].alarm is not None,
        "claim": bool(known.persons[0].claims),
        "group": any(g.id == "later-group" for g in known.persons),
        "evidence": any(e.id == "later" for e in known.evidence),
        "weather": bool(known.weather),
        "event": bool(history(known, "XB-ENTRY-XA")),
        "red line": bool(known.red_lines),
        "offer": bool(known.offers),
        "happening": bool(known.happenings),
    }


def test_what_is_known_at_the_very_instant_counts():
    """As known at T is inclusive of T, for every kind of dated fact."""
    assert set(seen(as_known(WHOLE, hour(3))).values()) == {True}


def test_what_is_known_a_second_later_does_not_count():
    """Later records are unused, for every kind of dated fact."""
    known = seen(as_known(WHOLE, hour(3 - 1 / 3600)))
    assert {name for name, there in known.items() if there} == set()


def test_assets_conceivable_from_the_start_and_clearance_records_stay():
    """Only what happened to them is dated; the asset and the clearance themselves are there from the start."""
    known = as_known(WHOLE, hour(0))
    assert [a.id for a in known.assets] == ["at-three"]
    assert [c.id for c in known.clearances] == ["XB-ENTRY-XA"]


def test_it_is_the_knowing_that_counts_not_the_event():
    """A grant given at 1 h that the acting office learnt of at 3 h is unknown at 2 h."""
    late = case(clearances=(record("entry", event("granted", 1.0, known_h=3.0)),))
    assert history(as_known(late, hour(2)), "XB-ENTRY-XA") == []
    assert history(as_known(late, hour(3)), "XB-ENTRY-XA") == [("granted", hour(1))]


@pytest.mark.parametrize(("at_h", "withdrawn"), [(1.9, False), (2.0, True)])
def test_a_withdrawal_counts_from_its_hour(at_h, withdrawn):
    """Before its author took it back a report still stands; from that instant on it does not."""
    known = as_known(case(evidence=(report(withdrawn_h=2.0),)), hour(at_h))
    assert (known.evidence[0].withdrawn_at is not None) == withdrawn


def test_decided_is_the_first_of_that_status_in_time():
    """Of several grants the earliest, whatever their order in the file; None where there is none."""
    told = record("entry", event("granted", 5.0), event("asked", 1.0), event("granted", 3.0))
    first = decided(told, "granted")
    assert first is not None
    assert first.at == hour(3)
    assert decided(told, "refused") is None


MOVING = case(
    asset("mine", records=(did("ready", 2.0), did("take-off", 6.0))),
    asset("theirs", provider=THIRD, records=(did("take-off", 6.0),)),
    clearances=(
        record("request", event("granted", 4.0)),
        record("deploy", event("asked", 1.0), event("granted", 5.0, from_h=5.5), authority=NEIGHBOUR),
        record("entry", event("granted", 7.0), provider=THIRD),
    ),
)


def test_a_moved_request_takes_each_later_step_along_with_its_lag():
    """What was recorded 1, 1.5 and 2 h after the request is 1, 1.5 and 2 h after it still."""
    moved = request_moved(MOVING, hour(0.5), party=NEIGHBOUR)
    assert history(moved, REQUEST) == [("granted", hour(0.5))]
    deploy = next(c for c in moved.clearances if c.id == "XA-DEPLOY-XA")
    assert deploy.events[1].at == hour(1.5)
    assert deploy.events[1].known_at == hour(1.5)
    assert deploy.events[1].valid_from == hour(2.0)
    assert [r.at for r in moved.assets[0].records] == [hour(2.0), hour(2.5)]


def test_steps_before_the_request_stay_where_they_are():
    """What did not follow from the request does not move with it."""
    moved = request_moved(MOVING, hour(0.5), party=NEIGHBOUR)
    assert history(moved, "XA-DEPLOY-XA")[0] == ("asked", hour(1))
    assert moved.assets[0].records[0].at == hour(2)


def test_another_providers_steps_stay_where_they_are():
    """Moving the request to one party changes nothing of another's."""
    moved = request_moved(MOVING, hour(0.5), party=NEIGHBOUR)
    assert history(moved, "XB-ENTRY-XC") == history(MOVING, "XB-ENTRY-XC")
    assert moved.assets[1] == MOVING.assets[1]


def test_a_request_that_nobody_recorded_is_made():
    """A provider without any record of a request gets one, granted at that hour."""
    moved = request_moved(MOVING, hour(0.5), party=THIRD)
    assert history(moved, "XB-REQUEST-XC") == [("granted", hour(0.5))]


def test_a_request_that_was_only_asked_is_granted_at_that_hour():
    """A record without a yes gets the yes; it does not get a second record."""
    asked = case(asset(), clearances=(record("request", event("asked", 0.3)),))
    moved = request_moved(asked, hour(0.5))
    assert [c.id for c in moved.clearances] == [REQUEST]
    assert history(moved, REQUEST)[-1] == ("granted", hour(0.5))


def test_without_a_party_every_foreign_provider_is_asked():
    """The request goes to every provider but the host itself."""
    all_of_them = case(asset(), asset("theirs", provider=THIRD), asset("own", provider=HOST))
    moved = request_moved(all_of_them, hour(0.5))
    assert [c.id for c in moved.clearances] == [REQUEST, "XB-REQUEST-XC"]


def test_a_decision_is_added_to_the_named_clearance_alone():
    """A what-if decision is one more event of that clearance, marked as assumed."""
    decision = with_decision(MOVING, REQUEST, "refused", hour(6))
    assert history(decision, REQUEST)[-1] == ("refused", hour(6))
    added = next(c for c in decision.clearances if c.id == REQUEST).events[-1]
    assert added.cite.grade == "assumed"
    others = [c for c in decision.clearances if c.id != REQUEST]
    assert others == [c for c in MOVING.clearances if c.id != REQUEST]


def test_nothing_of_the_case_changes_in_place():
    """The case handed in is the same value after all of it."""
    before = replace(MOVING)
    request_moved(MOVING, hour(0.5))
    with_decision(MOVING, REQUEST, "granted", hour(0.5))
    as_known(MOVING, hour(0.5))
    assert before == MOVING
