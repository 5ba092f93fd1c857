"""Who moves a line item, what an entry is, and what ends with a message that is taken back or replaced."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.exchange.test_thread import codes, gate
from tests.exchange.threads import START, accepted, conversation, item, message

from safeconduct.exchange.message import GateEntry, Moment, Recall, Scheduled
from safeconduct.exchange.thread import thread_state

BACK = {"sender": "XB", "to": ("XA",)}
UNCLEARED = [*conversation()[:5], conversation()[8]]
"""Committed, and no permission asked for."""


def reported(name="r", minute=60, schedule=(), **more):
    """A report of XB's."""
    return message(name, "ReportResourceDeploymentStatus", minute, **BACK, items=(item(schedule=schedule, **more),))


ARRIVED = (Scheduled("ActualArrival", Moment(START + timedelta(minutes=120))),)


@pytest.mark.parametrize(
    "reports",
    [
        (reported(deployment="Exited"),),
        (reported(deployment="Closed", schedule=ARRIVED),),
        (message("let go", "ReleaseResource", 20, items=(item(),)), reported(deployment="Entered")),
        (
            message("back", "RequestResource", 20, origin="back", items=(item(),), recall=Recall("1", "Cancel")),
            reported(deployment="OnTask"),
        ),
    ],
    ids=["reported when it left", "reported at its end", "after its release", "after it was cancelled"],
)
def test_an_entry_is_one_however_far_the_item_is(reports):
    """Whoever was inside entered, whatever state the item had or was given: without a permission that is a breach."""
    assert codes([*UNCLEARED, *reports]) == [("entry-uncleared", "r")]


def test_a_longer_stay_is_no_entry():
    """Who agrees to stay longer before it came has not entered; once it does, the permission is looked for."""
    extension = [
        message("e", "RequestExtendedDeploymentDuration", 9, preceding="9", items=(item(),)),
        message("f", "Acknowledge", 10, **BACK, preceding="e"),
        message("g", "ResponseToRequestExtendedDeploymentDuration", 11, **BACK, preceding="e", items=(accepted(),)),
    ]
    assert codes([*UNCLEARED, *extension]) == []
    assert codes([*UNCLEARED, *extension, reported(deployment="Entered")]) == [("entry-uncleared", "r")]


def test_an_arrival_told_again_is_no_second_entry():
    """Reports that it left and closed repeat the hour at which it came, under the permission of that hour; coming back
    is another entry."""
    inside = [*conversation()[:9], reported("in", 130, ARRIVED, deployment="OnTask")]
    over = START + timedelta(days=2)
    left = [reported("out", 700, ARRIVED, deployment="Exited"), reported("end", 800, ARRIVED, deployment="Closed")]
    assert codes([*inside, *left]) == []
    back = replace(reported("again", 0, deployment="Entered"), sent=Moment(over))
    assert codes([*inside, *left, back]) == [("entry-uncleared", "again")]


def test_a_renewal_makes_no_earlier_entry_a_breach():
    """Granted anew between the entry and its report: the entry was under the first grant."""
    again = replace(conversation()[7], id="8b", sent=Moment(START + timedelta(minutes=150)))
    renewed = replace(again, gates=(replace(again.gates[0], from_at=None),))
    late = reported("in", 200, ARRIVED, deployment="OnTask")
    assert codes([*conversation()[:9], renewed, late]) == []
    early = replace(renewed.gates[0], from_at=START + timedelta(days=3), until_at=START + timedelta(days=4))
    assert gate([*conversation()[:9], replace(renewed, gates=(early,))]).from_at == early.from_at


def test_an_entry_by_the_word_of_another_says_so():
    """The host reports that the provider came in: whose word that is stands in the breach."""
    theirs = message("r", "ReportResourceDeploymentStatus", 60, items=(item(deployment="Entered"),))
    assert "(says XA)" in thread_state([*UNCLEARED, theirs]).violations[0].message


@pytest.mark.parametrize(
    "strange",
    [
        message("s", "RequisitionResource", 3, "XC", preceding="3", items=(item(quantity=40.0),)),
        message("s", "RequestResource", 1, "XC", preceding="1", items=(item(quantity=40.0),)),
        message("s", "RequestResource", -1, "XC", items=(item(quantity=40.0),)),
        message("s", "ReleaseResource", 130, "XC", preceding="11", items=(item(),)),
        message("s", "ReportResourceDeploymentStatus", 30, "XC", items=(item(deployment="Entered"),)),
    ],
    ids=["selects", "asks for more", "asked before", "releases", "reports"],
)
def test_nobody_but_its_two_sides_moves_an_item(strange):
    """A third party neither selects nor releases what is not its own, nor says for others that it came in."""
    held = [*conversation()[:9], reported("11", 120, deployment="Entered")]
    assert thread_state([*held, strange]).items == thread_state(held).items
    assert "entry-uncleared" not in {code for code, _ in codes([*held, strange])}
    back = message("t", strange.content, 140, "XC", items=strange.items, recall=Recall("s", "Cancel"))
    assert thread_state([*held, strange, back]).items == thread_state(held).items


def test_a_stranger_under_the_id_of_the_request_locks_nobody_out():
    """The id used again is named, and the host still selects and releases."""
    held = [*conversation()[:3], message("1", "RequestResource", 2, "XC", items=(item(quantity=40.0),))]
    (found,) = thread_state([*held, conversation()[3]]).items
    assert (found.parts[0].state, found.parts[0].selected) == ("Selected", 1.0)
    assert "message-forked" in {code for code, _ in codes(held)}


def test_a_release_taken_back_cancels_nothing():
    """Only a request taken back cancels, and only a yes taken back withdraws; a report leaves the item where it is."""
    held = conversation()[:12]
    for earlier in (held[11], held[10]):
        back = replace(earlier, id="back", sent=Moment(START + timedelta(days=1)), recall=Recall(earlier.id, "Cancel"))
        assert thread_state([*held, back]).items[0].state == "Released"


def test_an_update_grants_no_more_than_it_says():
    """What the message before it granted and the update does not is revoked."""
    held = conversation()[:9]
    update = replace(held[7], id="8b", sent=Moment(START + timedelta(minutes=9)), recall=Recall("8", "Update"))
    assert gate([*held, update]).state == "Granted"
    assert gate([*held, replace(update, gates=())]).state == "Revoked"


@pytest.mark.parametrize(
    "later",
    [
        [GateEntry("a", "entry", "Refused")],
        [GateEntry("a", "entry", "Granted", from_at=START + timedelta(days=3), until_at=START + timedelta(days=4))],
    ],
    ids=["refused", "granted for another day"],
)
def test_a_later_answer_makes_no_earlier_entry_a_breach(later):
    """Who came in under a grant had it, whatever was answered, taken back or asked anew before its report came."""
    held = [*conversation()[:9], message("8b", "ResponseToRequestClearance", 150, preceding="6", gates=tuple(later))]
    inside = reported("in", 200, ARRIVED, deployment="OnTask")
    assert codes([*held, inside]) == []
    after = (Scheduled("ActualArrival", Moment(START + timedelta(days=2))),)
    assert codes([*held, reported("in", 200, after, deployment="OnTask")]) == [("entry-uncleared", "in")]


def test_a_question_anew_makes_no_earlier_entry_a_breach():
    """Revoked and asked for again: the entry before that was under the grant, and one after it is a breach."""
    gates = (GateEntry("a", "entry"),)
    held = [
        *conversation()[:9],
        message("r", "RevokeClearance", 150, gates=gates),
        message("q", "RequestClearance", 160, **BACK, preceding="4", gates=gates),
    ]
    assert codes([*held, reported("in", 200, ARRIVED, deployment="OnTask")]) == []
    assert codes([*held, reported("in", 200, deployment="OnTask")]) == [("entry-uncleared", "in")]
