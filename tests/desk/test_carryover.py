"""From message to case: what was asked, granted, refused, revoked, offered and committed moves the assessment."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.exchange.threads import message

from safeconduct.assessment.board import board
from safeconduct.desk.assess import assess
from safeconduct.desk.carryover import with_messages, with_named
from safeconduct.desk.cases import open_case
from safeconduct.exchange.message import GateEntry, LineItem, Moment, Recall, Resource, Response
from safeconduct.model.known import as_known

CASE = open_case("exercise-two-rivers").case
GATE = "XB-ENTRY-XA"
WAY = "xa-rescue"
AT = CASE.assess_at
HELICOPTER = Resource(id=WAY)


def said(name, content, minute, sender="XA", to=("XB",), **more):
    """A message of the case; XB is the host, XA the provider."""
    found = message(name, content, 0, sender, to, **{"case": CASE.id, **more})
    return replace(found, sent=replace(found.sent, at=AT + timedelta(minutes=minute - 60)))


REQUEST = said("1", "RequestResource", 0, "XB", ("XA",), items=(LineItem(WAY, HELICOPTER, 1.0),))
QUESTION = said("2", "RequestClearance", 1, preceding="1", gates=(GateEntry(WAY, GATE),))
ARRIVED = said("3", "Acknowledge", 2, "XB", ("XA",), preceding="2")
UNTIL = AT + timedelta(days=1)


def answered(answer, **more):
    gate = GateEntry(WAY, GATE, answer, ("unarmed",) if answer == "Granted" else (), until_at=UNTIL)
    fields = {"preceding": "2", "gates": (gate,), **more}
    return said("4", "ResponseToRequestClearance", 3, "XB", ("XA",), **fields)


GRANT = answered("Granted")
REVOCATION = said(
    "5",
    "RevokeClearance",
    4,
    "XB",
    ("XA",),
    preceding="4",
    gates=(GateEntry(WAY, GATE, effective_at=AT - timedelta(minutes=30)),),
)
THREAD = [REQUEST, QUESTION, ARRIVED, GRANT]


def clearance(messages, name=GATE):
    """The clearance after these messages."""
    return next(each for each in with_messages(CASE, messages).clearances if each.id == name)


def added(messages, name=GATE):
    before = next(each for each in CASE.clearances if each.id == name)
    return [each.status for each in clearance(messages, name).events[len(before.events) :]]


def test_question_receipt_and_grant_stand_on_the_clearance():
    """In the order of the thread, with the message as the source of each."""
    assert added(THREAD) == ["asked", "acknowledged", "granted"]
    assert clearance(THREAD).events[-1].cite.sources == ("message 4",)
    assert clearance(THREAD).events[-1].conditions == ("unarmed",)


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        ([REQUEST, QUESTION], "asked"),
        ([REQUEST, QUESTION, ARRIVED, answered("Refused")], "refused"),
        ([*THREAD, REVOCATION], "revoked"),
    ],
)
def test_the_last_word_counts(messages, expected):
    """A question asks, a refusal refuses, a revocation takes back."""
    assert added(messages)[-1] == expected


def test_a_grant_moves_the_assessment_with_the_message_as_its_source():
    """What was granted by message is granted in the answer, and the answer names the message."""
    answer = assess(with_messages(CASE, THREAD))
    found = next(each for each in answer.clearances if each.id == GATE)
    assert found.status == "granted"
    assert any("message 4" in str(each) for each in (answer.sources, found))


def test_a_revocation_ahead_ends_the_grant_at_its_hour_once_it_was_said():
    """Whoever plans between the two hours knows when the permission ends; afterwards it is revoked."""
    ends = AT + timedelta(hours=2)
    gate = GateEntry(WAY, GATE, effective_at=ends)
    case = with_messages(CASE, [*THREAD, replace(REVOCATION, gates=(gate,))])
    found = {}
    for at in (AT - timedelta(minutes=57), AT, ends + timedelta(hours=1)):
        known = next(each for each in as_known(case, at).clearances if each.id == GATE)
        found[at] = (known.events[-1].status, known.events[-1].valid_until)
    assert list(found.values()) == [("granted", UNTIL), ("granted", ends), ("revoked", None)]
    assert next(each for each in assess(case, at=AT).clearances if each.id == GATE).status == "granted"


def ahead_by(hours, count, said_min=0):
    """A revocation said *said_min* minutes after the first could be, of the permission that far ahead."""
    gate = GateEntry(WAY, GATE, effective_at=AT + timedelta(hours=hours))
    sent = Moment(REVOCATION.sent.at + timedelta(minutes=said_min))
    return replace(REVOCATION, id=f"r{count}", sent=sent, gates=(gate,))


def held_at(messages, at):
    """Status and end of the permission as known then."""
    known = next(each for each in as_known(with_messages(CASE, messages), at).clearances if each.id == GATE)
    return known.events[-1].status, known.events[-1].valid_until


def test_of_two_revocations_ahead_the_earlier_hour_counts():
    """Said first or last: whoever plans knows the earlier end."""
    for one, other in ((2, 1), (1, 2)):
        messages = [*THREAD, ahead_by(one, 1), ahead_by(other, 2, 1)]
        assert held_at(messages, AT + timedelta(minutes=5)) == ("granted", AT + timedelta(hours=1))
        assert held_at(messages, AT + timedelta(hours=3))[0] == "revoked"


def test_a_new_grant_lifts_a_revocation_ahead():
    """What was to end is granted anew before its hour: it does not end then."""
    anew = [replace(QUESTION, id="q", sent=Moment(AT + timedelta(minutes=10)))]
    anew.append(replace(GRANT, id="g", preceding="q", sent=Moment(AT + timedelta(minutes=11))))
    messages = [*THREAD, ahead_by(1, 1), *anew]
    assert held_at(messages, AT + timedelta(hours=2)) == ("granted", UNTIL)


def test_a_grant_that_answers_another_question_moves_nothing():
    """A yes in answer to a request that names no such permission grants nothing, as in the thread."""
    assert "granted" not in added([REQUEST, QUESTION, replace(GRANT, preceding="1")])


def test_a_grant_whose_question_may_have_been_exchanged_moves_nothing():
    """It names by hash what is not at hand: what stands under that id may be other words."""
    assert "granted" not in added([REQUEST, QUESTION, replace(GRANT, previous=("ab" * 32,))])


def test_a_grant_of_one_who_may_not_give_it_moves_nothing():
    """Only the authority that the case names grants its gate."""
    stranger = replace(GRANT, sender="XC")
    asked = replace(QUESTION, recipients=("XB", "XC"))
    assert "granted" not in added([REQUEST, asked, stranger])


def test_an_exercise_moves_no_actual_case():
    """The same conversation leaves an actual case as it was."""
    actual = replace(CASE, kind="historical")
    assert with_messages(actual, THREAD).clearances == actual.clearances


def test_another_case_moves_nothing():
    """Messages of another case are left out."""
    others = [replace(each, case="other") for each in THREAD]
    assert with_messages(CASE, others).clearances == CASE.clearances


@pytest.mark.parametrize("content", ["OfferUnsolicitedResource", "ResponseToRequestResource", "CommitResource"])
def test_an_offer_makes_the_asset_offered(content):
    """An offer or an acceptance by its own provider, naming the asset: from the hour it was sent."""
    bare = replace(CASE, assets=tuple(replace(each, offered=None) for each in CASE.assets))
    more = {} if content == "OfferUnsolicitedResource" else {"preceding": "1"}
    item = LineItem(WAY, HELICOPTER, 1.0, Response("Accept"))
    offer = said("6", content, 5, items=(item,), **more)
    found = next(each for each in with_messages(bare, [REQUEST, offer]).assets if each.id == WAY)
    assert found.offered is not None
    assert found.offered.at == offer.sent.at


def test_a_decline_offers_nothing():
    """A no to the request leaves the asset as it was."""
    bare = replace(CASE, assets=tuple(replace(each, offered=None) for each in CASE.assets))
    no = said(
        "6", "ResponseToRequestResource", 5, preceding="1", items=(LineItem(WAY, None, 1.0, Response("Decline")),)
    )
    assert next(each for each in with_messages(bare, [REQUEST, no]).assets if each.id == WAY).offered is None


def test_another_party_cannot_offer_it():
    """An asset is offered by its own provider alone."""
    bare = replace(CASE, assets=tuple(replace(each, offered=None) for each in CASE.assets))
    offer = said("6", "OfferUnsolicitedResource", 5, "XC", items=(LineItem(WAY, HELICOPTER, 1.0),))
    assert next(each for each in with_messages(bare, [offer]).assets if each.id == WAY).offered is None


def test_the_order_of_arrival_does_not_matter():
    """The same case whatever came first."""
    assert with_messages(CASE, THREAD[::-1]) == with_messages(CASE, THREAD)


def rules_alone(gate, **more):
    """A permission that no line of the case file names, asked for and granted by its authority; messages of both."""
    case = open_case("margara-2023").case
    entry = GateEntry("am-team", gate)
    given = GateEntry("am-team", gate, "Granted", until_at=case.assess_at + timedelta(days=2))
    more = {"case": case.id, "status": "Actual", **more}
    asked = message("2", "RequestClearance", 0, "AM", ("TR",), gates=(entry,), **more)
    answer = message("3", "ResponseToRequestClearance", 0, "TR", ("AM",), preceding="2", gates=(given,), **more)
    at = case.assess_at
    early, late = at - timedelta(minutes=2), at - timedelta(minutes=1)
    return case, [
        replace(asked, sent=replace(asked.sent, at=early)),
        replace(answer, sent=replace(answer.sent, at=late)),
    ]


def test_a_permission_that_only_the_rules_engage_is_granted_like_any_other():
    """What no case file names, but the law asks of a way and a message grants, counts in the assessment."""
    case, messages = rules_alone("TR-ENTRY-AM")
    assert not any(each.id == "TR-ENTRY-AM" for each in case.clearances)
    moved = with_messages(with_named(case, messages, case.assess_at), messages)
    found = next(each for each in assess(moved).clearances if each.id == "TR-ENTRY-AM")
    assert found.status == "granted"


def test_a_permission_that_nothing_engages_is_left_out():
    """A name mistyped makes no permission of the case."""
    case, messages = rules_alone("TR-ENTRI-AM")
    assert with_named(case, messages, case.assess_at).clearances == case.clearances


def test_what_is_named_later_than_the_hour_adds_nothing():
    """As known at an hour, later messages are not there."""
    case, messages = rules_alone("TR-ENTRY-AM")
    assert with_named(case, messages, case.assess_at - timedelta(hours=1)).clearances == case.clearances


def recall(earlier, minute=10, kind="Cancel", **more):
    """The message by which its sender takes *earlier* back."""
    fields = {"preceding": earlier.preceding, "items": earlier.items, "recall": Recall(earlier.id, kind), **more}
    back = said("recall", earlier.content, minute, earlier.sender, earlier.recipients, **fields)
    return replace(back, origin=earlier.origin)


def test_a_grant_taken_back_is_no_grant():
    """By recalling its grant the authority ends it, here as in the thread; a new grant lifts that."""
    assert added([*THREAD, recall(GRANT)]) == ["asked", "acknowledged", "granted", "revoked"]
    anew = replace(GRANT, id="anew", sent=Moment(AT - timedelta(minutes=30)))
    assert added([*THREAD, recall(GRANT), anew])[-1] == "granted"
    assert added([*THREAD, anew, recall(GRANT, 40)])[-1] == "granted"


def test_a_recall_that_repeats_the_grant_is_no_second_grant():
    """Whatever a recall says besides, it takes back."""
    assert added([*THREAD, recall(GRANT, gates=GRANT.gates)])[-1] == "revoked"


def test_an_update_grants_what_it_says_and_no_more():
    """An update without the permission ends what the message before it had granted."""
    assert added([*THREAD, recall(GRANT, kind="Update")])[-1] == "revoked"
    assert added([*THREAD, recall(GRANT, kind="Update", gates=GRANT.gates)])[-1] == "granted"


def test_a_request_taken_back_asks_for_nothing():
    """The host's recall of its request ends the permission that it gave by asking."""
    own = [each for each in with_messages(CASE, [REQUEST]).clearances if each.kind == "request"]
    names = [each.id for each in own if each.provider == "XA"]
    assert clearance([REQUEST], names[0]).events[-1].status == "granted"
    assert clearance([REQUEST, recall(REQUEST)], names[0]).events[-1].status == "revoked"


def test_a_commitment_taken_back_or_declined_later_approves_nothing():
    """The provider's own leave for its asset ends with its commitment."""
    record = next(each for each in CASE.clearances if each.kind == "deploy" and each.provider == "XA")
    name = record.assets[0] if record.assets else WAY
    items = (LineItem(name, HELICOPTER, 1.0, Response("Accept")),)
    said_yes = said("y", "CommitResource", 5, "XA", ("XB",), preceding="1", items=items)
    no = replace(said_yes, id="n", sent=Moment(AT), items=(replace(items[0], response=Response("Decline")),))
    assert clearance([REQUEST, said_yes], record.id).events[-1].status == "granted"
    assert clearance([REQUEST, said_yes, recall(said_yes)], record.id).events[-1].status == "revoked"
    assert clearance([REQUEST, said_yes, no], record.id).events[-1].status == "revoked"


def test_a_stranger_under_the_id_of_a_revocation_does_not_undo_it():
    """A message in breach under another's id is left out alone: the revocation counts."""
    strange = said("5", "ResponseToRequestClearance", 20, "XC", ("XA",), preceding="2", gates=GRANT.gates)
    assert added([*THREAD, REVOCATION, strange])[-1] == "revoked"


def test_a_revocation_of_two_permissions_counts_for_the_one_that_is_its_senders():
    """That it names another's permission too makes the own one no less revoked."""
    other = next(each.id for each in CASE.clearances if each.authority != "XB")
    both = replace(REVOCATION, gates=(*REVOCATION.gates, GateEntry(WAY, other)))
    assert added([*THREAD, both])[-1] == "revoked"
    assert added([*THREAD, both], other) == []


def test_a_revocation_counts_though_the_grant_that_it_names_is_not_at_hand():
    """It names a renewal that was lost on the way: the grant at hand is revoked all the same."""
    assert added([*THREAD, replace(REVOCATION, preceding="lost")])[-1] == "revoked"


def test_a_grant_to_another_who_asked_is_none_to_the_provider():
    """XC asked for itself: what it got is not XA's, unless the answer is addressed to XA too."""
    question = replace(QUESTION, sender="XC")
    grant = replace(GRANT, recipients=("XC",))
    assert added([REQUEST, question, grant]) == ["asked"]
    assert added([REQUEST, question, replace(grant, recipients=("XC", "XA"))]) == ["asked", "granted"]


def granted_anew(minute, **more):
    """Another grant, said so many minutes after the first could be."""
    gate = replace(GRANT.gates[0], **more)
    return replace(GRANT, id=f"anew {minute}", sent=Moment(AT + timedelta(minutes=minute - 60)), gates=(gate,))


def permit(messages, at):
    """(status, granted until) of the permission on the board at an hour."""
    case = as_known(with_messages(CASE, messages), at)
    found = next(each for each in board(case, at, (), lambda _: ())[1] if each.id == GATE)
    return found.status, found.granted_until


def test_of_two_grants_the_later_answer_counts():
    """One that ends earlier ends then, as in the thread, and not with the first."""
    sooner = AT + timedelta(hours=2)
    messages = [*THREAD, granted_anew(10, until_at=sooner)]
    assert permit(messages, AT) == ("granted", sooner)
    assert permit(messages, AT + timedelta(hours=3))[0] == "lapsed"


def test_the_time_between_two_grants_is_not_granted():
    """One for the day after the next begins when it says; what was granted until then ends when that says."""
    days = {"from_at": UNTIL + timedelta(days=1), "until_at": UNTIL + timedelta(days=2)}
    messages = [*THREAD, granted_anew(10, **days)]
    assert permit(messages, AT) == ("granted", UNTIL)
    assert permit(messages, UNTIL + timedelta(days=1, hours=1)) == ("granted", days["until_at"])
    back = replace(REVOCATION, sent=Moment(AT - timedelta(minutes=40)), gates=(GateEntry(WAY, GATE),))
    assert permit([*messages, back], UNTIL + timedelta(days=1, hours=1))[0] == "revoked"
