"""Clearances of a crew for the time of its sortie."""

from dataclasses import replace
from datetime import timedelta

from tests.search.crews import AT, CITE, crew, shipped

from safeconduct.model.case import ClearanceEvent, ClearanceRecord
from safeconduct.search.permits import held

END = AT + timedelta(hours=2)


def event(status, valid_from=None, valid_until=None, hours=-5):
    at = AT + timedelta(hours=hours)
    return ClearanceEvent(status, at, at, ("unarmed",), valid_from, valid_until, CITE)


def record(*events):
    return ClearanceRecord("X-ENTRY", "overflight", "XB", "", "XA", (), events, None, (), CITE)


def state(*events):
    case = replace(shipped().case, clearances=(record(*events),))
    (made,) = held(case, crew(provider="XA", missing=("X-ENTRY",)), AT, END)
    return made


def test_a_grant_for_the_whole_time_grants():
    """With its conditions."""
    made = state(event("asked", hours=-9), event("granted"))
    assert (made.status, made.grants, made.says) == ("granted", True, "unarmed")


def test_a_grant_that_ends_before_the_sortie_does_not():
    """Half of it is not enough, and it is said."""
    made = state(event("granted", valid_until=AT + timedelta(hours=1)))
    assert not made.grants
    assert "not for the whole" in made.says


def test_a_grant_that_begins_later_does_not():
    """Nor one that is yet to come."""
    assert not state(event("granted", valid_from=AT + timedelta(minutes=1))).grants


def test_silence_is_never_consent():
    """Asked, acknowledged, silent, refused, lapsed, nothing at all: none of them grants."""
    for status in ("asked", "acknowledged", "silent", "refused", "lapsed", "revoked"):
        assert not state(event("granted", hours=-9), event(status)).grants
    assert not state().grants
    assert state().status == "needed"


def test_a_clearance_without_a_record_is_unknown():
    """Unknown is never permitted."""
    (made,) = held(replace(shipped().case, clearances=()), crew(missing=("Y-ENTRY",)), AT, END)
    assert (made.id, made.status, made.grants) == ("Y-ENTRY", "unknown", False)


def test_what_the_way_does_not_need_is_not_listed():
    """A record of the same party that is neither missing nor granted."""
    case = replace(shipped().case, clearances=(record(event("asked")),))
    assert held(case, crew(provider="XA"), AT, END) == ()
