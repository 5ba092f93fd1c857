"""What a set of messages amounts to."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.exchange.threads import START, accepted, conversation, item, message, random_thread

from safeconduct.exchange.breaches import CODES
from safeconduct.exchange.gates import in_date
from safeconduct.exchange.items import RANK
from safeconduct.exchange.message import (
    Contact,
    GateEntry,
    Moment,
    Recall,
    Resource,
    Response,
    Scheduled,
    message_hash,
)
from safeconduct.exchange.terms import statement_states, terms_states
from safeconduct.exchange.thread import thread_state

BACK = {"sender": "XB", "to": ("XA",)}


def codes(messages, at=None):
    """Code and message id of every violation, in order."""
    return [(each.code, each.message_id) for each in thread_state(messages, at).violations]


def states(messages, at=None):
    """State of each line item by key."""
    return {each.key: each.state for each in thread_state(messages, at).items}


def gate(messages, at=None):
    """The one gate of a thread that has one."""
    (found,) = thread_state(messages, at).gates
    return found


def test_a_conversation_without_breach_goes_its_course():
    """Request, receipt, answer, order, clearance, commitment, entry, release: a state after each, no violation."""
    messages = conversation()
    expected = "Issued Received Offered Selected Selected Clearing Clearing Clearing Committed Mobilising Entered"
    for upto, state in enumerate([*expected.split(), "Released", "Closed"], start=1):
        assert states(messages[:upto]) == {"1/a": state}
    assert codes(messages) == []
    assert thread_state(messages).holes == ()


def test_the_permission_goes_its_course():
    """Asked, acknowledged, granted with its conditions, lapsed when its time is over."""
    messages = conversation()
    assert [gate(messages[:upto]).state for upto in (6, 7, 8)] == ["Asked", "Acknowledged", "Granted"]
    held = gate(messages)
    assert (held.by, held.conditions) == ("XA", ("unarmed",))
    assert gate(messages, START + timedelta(days=1)).state == "Granted"  # the last instant belongs to it
    assert gate(messages, START + timedelta(days=1, seconds=1)).state == "Lapsed"


@pytest.mark.parametrize("seeds", [range(first, first + 100) for first in range(0, 1000, 100)], ids=str)
def test_arrival_does_not_matter(seeds):
    """
    1,000 random threads with loss, duplicates and forks, attachments and withheld facts: every permutation of arrival
    gives the same state, of the terms and the statements too.
    """
    for seed in seeds:
        draw = random.Random(seed)
        messages = [each for each in random_thread(seed) if draw.random() < 0.9]
        at = draw.choice([None, START + timedelta(minutes=40)])
        expected = (thread_state(messages, at), terms_states(messages, at), statement_states(messages))
        for _ in range(4):
            arrived = messages + draw.choices(messages, k=3) if messages else []
            draw.shuffle(arrived)
            assert (thread_state(arrived, at), terms_states(arrived, at), statement_states(arrived)) == expected


def test_random_threads_show_every_code_and_most_states():
    """The threads above are worth permuting: each code and each state but the rarest occurs among them."""
    found = [thread_state(random_thread(seed)) for seed in range(1000)]
    seen = {each.code for thread in found for each in thread.violations}
    assert seen == set(CODES) - {"contact-empty"}  # the builder always fills the contacts in
    late = START + timedelta(hours=2)
    agreed = {each.state for seed in range(1000) for each in terms_states(random_thread(seed), late)}
    assert agreed >= {"Committed", "Refused", "TimedOut"}
    said = {each.state for seed in range(1000) for each in statement_states(random_thread(seed))}
    assert said >= {"Proposed", "OneSided"}
    reached = {part.state for thread in found for each in thread.items for part in each.parts}
    assert set(RANK) - reached <= {"Expired", "Exited"}


@settings(max_examples=200, deadline=None)
@given(st.sets(st.integers(0, 12)), st.integers(-3, 3), st.integers(-3, 3))
def test_no_entry_is_lawful_before_its_permission(kept, begins_h, ends_h):
    """Whatever was lost, an entry is a breach unless question and grant are at hand and it falls within the grant."""
    hours = {"from_at": START + timedelta(hours=begins_h), "until_at": START + timedelta(hours=ends_h)}
    granted = altered(7, gates=(GateEntry("a", "entry", "Granted", **hours),))
    thread = [each for place, each in enumerate(granted) if place in kept]
    lawful = {5, 7} <= kept and hours["from_at"] <= START + timedelta(hours=2) <= hours["until_at"]
    assert (("entry-uncleared", "11") in codes(thread)) == (10 in kept and not lawful)


def altered(place, **changes):
    """The clean conversation with one message changed."""
    messages = conversation()
    return [*messages[:place], replace(messages[place], **changes), *messages[place + 1 :]]


NAKED = Moment(START + timedelta(minutes=2), zoned=False)
FIRST = conversation()[0]


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        (altered(0, items=(item(resource=None, quantity=2.0),)), ("resource-unidentified", "1")),
        (altered(2, items=(accepted(resource=Resource(), quantity=1.0),)), ("resource-unidentified", "3")),
        (altered(3, origin="0"), ("origin-mismatch", "4")),
        (altered(0, items=(item(quantity=2.0), item())), ("duplicate-item", "1")),
        (altered(2, sent=NAKED), ("zone-missing", "3")),
        (altered(2, items=(accepted(schedule=(Scheduled("EstimatedArrival", NAKED),)),)), ("zone-missing", "3")),
        (altered(3, recall=Recall("2", "Update")), ("recall-unknown", "4")),  # another's message
        (altered(3, recall=Recall("99", "Update")), ("recall-unknown", "4")),
        (altered(1, contacts=()), ("contact-empty", "2")),
        (altered(1, contacts=(Contact(role="Owner"), Contact())), ("contact-empty", "2")),
        (altered(2, items=(item(response=Response("Provisional")),)), ("reason-missing", "3")),
        (altered(7, preceding="99"), ("preceding-unknown", "8")),
        (altered(7, preceding=None), ("preceding-unknown", "8")),
        (altered(0, items=(item(schedule=(Scheduled("ActualArrival"),)),)), ("schedule-type", "1")),
        (altered(8, items=(accepted(quantity=1.5),)), ("quantity-exceeded", "9")),
        (altered(8, sender="XC"), ("not-addressee", "9")),
        (altered(8, status="Actual"), ("exercise-mixed", "9")),
        ([*conversation()[:1], *conversation()[2:]], ("receipt-missing", "3")),
        ([*conversation()[:7], *conversation()[8:]], ("entry-uncleared", "11")),
        (altered(7, gates=(GateEntry("a", "entry", "Refused"),)), ("entry-uncleared", "11")),
        (altered(7, gates=(GateEntry("a", "entry"),)), ("entry-uncleared", "11")),  # no answer is no consent
        (altered(7, sender="XC"), ("entry-uncleared", "11")),  # granted by one who was not asked
        (
            altered(7, gates=(GateEntry("a", "entry", "Granted", until_at=START + timedelta(hours=1)),)),
            ("entry-uncleared", "11"),
        ),
        ([*conversation(), replace(FIRST, description="other")], ("message-forked", "1")),
    ],
)
def test_a_breach_is_recorded(messages, expected):
    """One thing wrong in a clean conversation gives its code at its message."""
    assert expected in codes(messages)


def test_a_commitment_to_an_offered_quantity_adds_up_over_providers():
    """Where nobody selected, all commitments together may not exceed what was requested."""
    request = message("1", "RequestResource", 0, to=("XB", "XC"), items=(item(quantity=3.0),))
    talk = [request]
    for number, party in enumerate(("XB", "XC"), start=1):
        own = {"sender": party, "to": ("XA",), "preceding": "1"}
        talk += [
            message(f"{number}1", "Acknowledge", number, **own),
            message(f"{number}2", "CommitResource", 10 + number, **own, items=(accepted(quantity=2.0),)),
        ]
    assert codes(talk) == [("quantity-exceeded", "22")]
    update = message(
        "13",
        "CommitResource",
        11,
        **BACK,
        preceding="1",
        recall=Recall("12", "Update"),
        items=(accepted(quantity=1.0),),
    )
    assert codes([*talk, update]) == []  # the smaller commitment replaces the first


def test_one_no_does_not_end_what_another_offers():
    """The item is as far as its furthest provider; it is declined when all have declined."""
    request = message("1", "RequestResource", 0, to=("XB", "XC"), items=(item(),))
    yes = message("2", "ResponseToRequestResource", 1, **BACK, preceding="1", items=(accepted(),))
    no = item(response=Response("Decline"))
    first_no = message("3", "ResponseToRequestResource", 2, "XC", ("XA",), preceding="1", items=(no,))
    second_no = message("4", "ResponseToRequestResource", 3, **BACK, preceding="1", items=(no,))
    assert states([request, yes, first_no]) == {"1/a": "Offered"}
    assert states([request, yes, first_no, second_no]) == {"1/a": "Declined"}


def test_nobody_commits_for_another():
    """A commitment that the host writes in the provider's place moves nothing."""
    messages = conversation()
    assert states([*messages[:3], message("x", "CommitResource", 9, preceding="1", items=(accepted(),))]) == {
        "1/a": "Offered"
    }


def test_an_exercise_moves_nothing_actual():
    """A message of another status is recorded as mixed and leaves item and gate as they were."""
    messages = conversation()
    mixed = [replace(each, status="Actual") for each in messages[7:9]]
    assert states([*messages[:7], *mixed]) == {"1/a": "Clearing"}
    assert gate([*messages[:7], *mixed]).state == "Acknowledged"
    assert codes([*messages[:7], *mixed]).count(("exercise-mixed", "8")) == 1


def test_silence_is_not_consent():
    """A question whose time is over is silent, never granted; what was offered and not taken up expires."""
    asked = replace(conversation()[5], gates=(GateEntry("a", "entry", until_at=START + timedelta(hours=1)),))
    talk = [*conversation()[:5], asked]
    assert gate(talk, START + timedelta(hours=1)).state == "Asked"
    assert gate(talk, START + timedelta(hours=2)).state == "Silent"
    offer = altered(2, until_at=START + timedelta(hours=1))[:3]
    assert states(offer, START + timedelta(hours=1)) == {"1/a": "Offered"}
    assert states(offer, START + timedelta(hours=2)) == {"1/a": "Expired"}


def test_a_revocation_is_dated_and_only_the_one_who_granted_revokes():
    """Until it takes effect the grant holds for those in flight; another party's revocation changes nothing."""
    effective = START + timedelta(hours=5)
    entry = GateEntry("a", "entry", effective_at=effective)
    revoked = [*conversation()[:9], message("r", "RevokeClearance", 90, gates=(entry,))]
    assert gate(revoked).state == "Revoked"
    assert gate(revoked, effective - timedelta(seconds=1)).state == "Granted"
    assert gate(revoked, effective).state == "Revoked"
    assert not in_date(gate(revoked), effective)
    entered = message("e", "ReportResourceDeploymentStatus", 301, **BACK, items=(item(deployment="Entered"),))
    assert codes([*revoked, entered]) == [("entry-uncleared", "e")]
    stranger = [*conversation()[:9], message("r", "RevokeClearance", 90, "XC", gates=(entry,))]
    assert gate(stranger).state == "Granted"
    assert codes(stranger) == [("not-authority", "r")]


def test_a_grant_counts_only_with_the_question_it_answers():
    """While the question is missing the grant moves nothing; when it comes in, the same messages are in order."""
    messages = conversation()
    without = [*messages[:5], *messages[6:]]
    assert thread_state(without).gates == ()
    assert thread_state(without).holes == ("6",)
    assert gate([*without, messages[5]]).state == "Granted"


def test_only_the_authority_answers_its_gate():
    """A friend whom the provider asks instead of the host grants nothing once the authorities are known."""
    messages = conversation()
    asked = replace(messages[5], recipients=("XC",))
    friendly = replace(messages[7], sender="XC", recipients=("XB",))
    around = [*messages[:5], asked, friendly]
    assert (gate(around).state, gate(around).by) == ("Granted", "XC")  # all that the messages show
    known = thread_state(around, authorities={"entry": "XA"})
    assert [each.state for each in known.gates] == ["Asked"]
    assert ("not-authority", "8") in [(each.code, each.message_id) for each in known.violations]
    assert thread_state(messages, authorities={"entry": "XA"}) == thread_state(messages)


def test_nobody_enters_on_a_grant_to_another():
    """A grant is for the one who asked, and for others it is addressed to that were not only told of the question."""
    messages = conversation()
    request = replace(messages[0], recipients=("XB", "XC"))
    entered = item(deployment="Entered")
    other = message("e", "ReportResourceDeploymentStatus", 130, "XC", ("XA",), items=(entered,))
    assert codes([request, *messages[1:], other]) == [("entry-uncleared", "e")]
    both = replace(messages[7], recipients=("XB", "XC"))
    assert codes([request, *messages[1:7], both, *messages[8:], other]) == []
    told = replace(messages[5], recipients=("XA", "XC"))
    assert codes([request, *messages[1:5], told, messages[6], both, *messages[8:], other]) == [("entry-uncleared", "e")]
    asked = message("q", "RequestClearance", 20, "XC", ("XA",), gates=(GateEntry("a", "entry"),))
    thread = thread_state([request, *messages[1:], asked])
    assert [(each.holder, each.state) for each in thread.gates] == [("XB", "Granted"), ("XC", "Asked")]
    assert thread.violations == ()


def test_an_id_used_again_turns_no_answer_away():
    """A stranger's earlier message under the question's id is named, and the grant still finds its question."""
    forged = message("6", "RequestClearance", -5, "XC", ("XB",), gates=(GateEntry("a", "other"),))
    assert ("message-forked", "6") in codes([*conversation(), forged])
    assert ("XB", "Granted") in [(each.holder, each.state) for each in thread_state([*conversation(), forged]).gates]


def bound(messages):
    """The same conversation, each message naming by hash the one before it and the one it answers."""
    made = {}
    for each in messages:
        named = [made[each.preceding]] if each.preceding in made else []
        named += list(made.values())[-1:]
        made[each.id] = replace(each, previous=tuple(sorted({message_hash(known) for known in named})))
    return list(made.values())


def test_no_question_is_exchanged_for_another_under_its_id():
    """A yes that names hashes is no yes to other words under the id that it answers: it is doubtful, and says so."""
    messages = bound(conversation())
    assert thread_state(messages).doubtful == ()
    other = replace(messages[5], description="forty soldiers")
    exchanged = [*messages[:5], other, *messages[6:9]]
    thread = thread_state(exchanged)
    assert [each.state for each in thread.gates] == ["Asked"]
    assert thread.doubtful == ("7", "8")
    assert thread.holes == (message_hash(messages[5]),)
    both = thread_state([*messages, other])  # with both at hand the answer finds the one that it was given to
    assert both.doubtful == ()
    assert ("message-forked", "6") in [(each.code, each.message_id) for each in both.violations]


def test_an_offer_is_not_exchanged_for_another_under_its_id():
    """As with a permission: what was selected and committed is what was asked for then."""
    messages = bound(conversation())
    more = replace(messages[0], items=(item(quantity=40.0),))
    assert states([more, *messages[1:3]]) == {"1/a": "Issued"}
    assert states(messages[:3]) == {"1/a": "Offered"}


def test_an_answer_is_doubtful_only_until_what_it_stands_on_is_here():
    """With a receipt lost on the way the grant waits; once it came in, it counts, and nobody is in breach meanwhile."""
    messages = bound(conversation())
    late = replace(messages[7], previous=(message_hash(messages[6]),))  # it names its question through the receipt
    without = [*messages[:6], late]
    assert (gate(without).state, thread_state(without).doubtful) == ("Asked", ("8",))
    assert thread_state(without).violations == ()
    assert gate([*without, messages[6]]).state == "Granted"


def test_an_answer_to_what_it_never_stood_on_answers_nothing():
    """With all at hand that it names, and its question not among it, what it answers is not before it."""
    messages = bound(conversation())
    beside = replace(messages[7], previous=(message_hash(messages[0]),))
    found = thread_state([*messages[:7], beside])
    assert [each.state for each in found.gates] == ["Acknowledged"]
    assert ("preceding-unknown", "8") in [(each.code, each.message_id) for each in found.violations]


def test_a_receipt_of_an_exercise_is_none_for_an_actual_answer():
    """What moves nothing acknowledges nothing either."""
    messages = conversation()
    drill = replace(messages[1], status="Actual")
    assert ("receipt-missing", "3") in codes([messages[0], drill, messages[2]])


@pytest.mark.parametrize(
    ("span", "words"),
    [
        ({"until_at": START + timedelta(minutes=2)}, "stood until"),
        ({"from_at": START + timedelta(hours=1)}, "stands from"),
    ],
)
def test_what_does_not_stand_is_not_taken_up_unnamed(span, words):
    """An offer selected after its hour, or before it stands, is on record as such; a no to it is none."""
    messages = conversation()
    offer = replace(messages[2], **span)
    found = thread_state([*messages[:2], offer, messages[3]]).violations
    assert [(each.code, each.message_id) for each in found] == [("validity-over", "4")]
    assert words in found[0].message
    no = replace(
        messages[8], preceding="3", items=(item(response=Response("Decline")),), sender="XA", recipients=("XB",)
    )
    assert "validity-over" not in [code for code, _ in codes([*messages[:2], offer, no])]


def test_a_grant_without_an_end_is_named():
    """Every grant expires; one that says no end is on record as a breach."""
    endless = GateEntry("a", "entry", "Granted")
    messages = conversation()
    assert codes([*messages[:7], replace(messages[7], gates=(endless,))]) == [("expiry-missing", "8")]


@pytest.mark.parametrize("change", [{"items": (item(),)}, {"items": ()}])
def test_an_answer_that_says_nothing_is_named(change):
    """Neither yes, nor no, nor an alternative: on record as such, and the item stays as it was."""
    messages = conversation()
    state = thread_state([*messages[:2], replace(messages[2], **change)])
    assert [(each.code, each.message_id) for each in state.violations] == [("answer-missing", "3")]
    assert [each.state for each in state.items] == ["Received"]


def test_an_answer_to_all_of_it_is_an_answer():
    """What has no items is answered as a whole."""
    messages = conversation()
    whole = replace(messages[2], items=(), response=Response("Decline"))
    assert codes([*messages[:2], whole]) == []


@pytest.mark.parametrize("gates", [(GateEntry("a", "entry"),), ()])
def test_a_reply_about_clearances_that_says_nothing_is_named(gates):
    """It grants nothing and refuses nothing."""
    messages = conversation()
    found = [*messages[:7], replace(messages[7], gates=gates)]
    assert codes(found) == [("answer-missing", "8")]
    assert gate(found).state == "Acknowledged"


def test_a_revocation_does_not_reach_back():
    """From an hour on that is past it is named, and takes effect when it was sent: who was under way had the grant."""
    back = GateEntry("a", "entry", effective_at=START + timedelta(minutes=30))
    revoked = message("r", "RevokeClearance", 90, gates=(back,))
    entered = message("e", "ReportResourceDeploymentStatus", 95, **BACK, items=(item(deployment="Entered"),))
    arrival = Scheduled("ActualArrival", Moment(START + timedelta(minutes=60)))
    entered = replace(entered, items=(item(deployment="Entered", schedule=(arrival,)),))
    assert codes([*conversation()[:9], revoked, entered]) == [("revoked-backwards", "r")]
    assert gate([*conversation()[:9], revoked]).revoked_at == revoked.sent.at


def test_nobody_revokes_what_another_was_asked():
    """Before the answer, too, only one who was asked takes the matter back."""
    stranger = message("r", "RevokeClearance", 6, "XC", gates=(GateEntry("a", "entry"),))
    messages = [*conversation()[:6], stranger]
    assert gate(messages).state == "Asked"
    assert codes(messages) == [("not-authority", "r")]


def test_a_disputed_exercise_is_actual():
    """With an actual and an exercise message under the first id, exercise messages move nothing."""
    messages = conversation()
    actual = replace(messages[0], status="Actual", sender="XC")
    thread = thread_state([*messages, actual])
    assert thread.statuses == (("1", "Actual"),)
    assert thread.gates == ()
    assert thread_state(messages).statuses == (("1", "Exercise"),)


def test_a_revocation_whose_grant_is_missing_counts():
    """What was revoked is not open because the grant was lost."""
    revoked = message("r", "RevokeClearance", 90, gates=(GateEntry("a", "entry"),))
    assert gate([*conversation()[:7], revoked]).state == "Revoked"
    assert gate([revoked]).state == "Revoked"


TAKEN_BACK = message(
    "c", "RequestClearance", 30, **BACK, recall=Recall("6", "Cancel"), gates=(GateEntry("a", "entry"),)
)


def named_by_request():
    """The clean conversation, its gate named by the host's request too."""
    return altered(0, gates=(GateEntry("a", "entry"),))


def test_taking_back_question_or_grant():
    """A question taken back is no longer asked, acknowledged or not; a grant taken back is revoked from then on."""
    messages = named_by_request()
    assert gate([*messages[:6], TAKEN_BACK]).state == "Needed"
    assert gate([*messages[:7], TAKEN_BACK]).state == "Needed"
    taken = message("c", "ResponseToRequestClearance", 30, preceding="6", recall=Recall("8", "Cancel"))
    assert gate([*messages[:9], taken]).state == "Revoked"
    assert ("entry-uncleared", "11") in codes([*messages, taken])


def test_a_gate_mistyped_and_taken_back_spoils_no_entry():
    """What only a question named that was taken back is needed no more; while the question stands, it is."""
    messages = conversation()
    typo = message("q", "RequestClearance", 9, **BACK, preceding="4", gates=(GateEntry("a", "entyr"),))
    receipt = message("r", "Acknowledge", 10, preceding="q")
    back = message("c", "RequestClearance", 11, **BACK, preceding="4", recall=Recall("q", "Cancel"))
    assert codes([*messages, typo, receipt]) == [("entry-uncleared", "11")]
    assert codes([*messages, typo, receipt, back]) == []
    assert [each.gate for each in thread_state([*messages, typo, receipt, back]).gates] == ["entry"]


def test_without_any_permission_named_an_entry_stays_a_breach():
    """Taking back the only question opens nothing: no clearance is on record."""
    messages = [each for each in conversation() if each.id not in ("7", "8")]
    assert thread_state([*messages, TAKEN_BACK]).gates == ()
    assert ("entry-uncleared", "11") in codes([*messages, TAKEN_BACK])


NAMERS = {
    "request": message("n", "RequestInformation", 1, preceding="1", gates=(GateEntry("a", "typo"),)),
    "refusal": message(
        "n", "ResponseToRequestClearance", 10, preceding="q", gates=(GateEntry("a", "typo", "Refused"),)
    ),
    "late refusal": message(
        "n", "ResponseToRequestClearance", 12, preceding="q", gates=(GateEntry("a", "typo", "Refused"),)
    ),
    "own offer": message("n", "OfferUnsolicitedResource", 4, **BACK, gates=(GateEntry("a", "typo"),)),
    "own earlier question": message("n", "RequestClearance", 4, **BACK, gates=(GateEntry("a", "typo"),)),
    "another's question": message("n", "RequestClearance", 4, "XC", ("XA",), gates=(GateEntry("a", "typo"),)),
    "revocation": message("n", "RevokeClearance", 10, gates=(GateEntry("a", "typo"),)),
}


@settings(deadline=None)
@given(st.sets(st.sampled_from(sorted(NAMERS)), min_size=1), st.randoms(use_true_random=False))
def test_a_need_that_anybody_else_names_outlives_the_question(names, draw):
    """Whichever other messages name the gate, whatever arrives first: it stays, and entry without it is a breach."""
    asked = message("q", "RequestClearance", 9, **BACK, preceding="4", gates=(GateEntry("a", "typo"),))
    back = message("c", "RequestClearance", 11, **BACK, preceding="4", recall=Recall("q", "Cancel"))
    named = [replace(NAMERS[each], id=f"n{place}") for place, each in enumerate(sorted(names))]
    messages = [*conversation(), asked, back, *named]
    draw.shuffle(messages)
    thread = thread_state(messages)
    assert "typo" in {each.gate for each in thread.gates}
    assert ("entry-uncleared", "11") in [(each.code, each.message_id) for each in thread.violations]


def test_a_gate_that_the_case_names_outlives_the_question():
    """Where the authorities are known, their gates are no typing errors."""
    messages = [*conversation()[:6], TAKEN_BACK]
    assert thread_state(messages).gates == ()
    assert [each.state for each in thread_state(messages, authorities={"entry": "XA"}).gates] == ["Needed"]


def test_only_the_one_who_asked_takes_the_need_back():
    """Another party's recall of the question, or a question asked anew, leaves the gate where it was."""
    messages = conversation()
    stranger = replace(TAKEN_BACK, sender="XC", recipients=("XA",))
    assert gate([*messages[:6], stranger]).state == "Asked"
    again = replace(messages[5], id="q", sent=Moment(START + timedelta(minutes=40)))
    assert gate([*messages[:6], TAKEN_BACK, again]).state == "Asked"


def test_a_grant_on_its_way_finds_the_question_that_was_taken_back():
    """The question stays in the record: an answer that crossed with the recall counts as before."""
    messages = conversation()
    crossed = replace(messages[7], sent=Moment(START + timedelta(minutes=31)))
    assert gate([*messages[:7], TAKEN_BACK, crossed]).state == "Granted"


@settings(deadline=None)
@given(
    st.lists(st.integers(2, 24), min_size=1, max_size=4),
    st.booleans(),
    st.booleans(),
    st.randoms(use_true_random=False),
)
def test_of_several_revocations_the_earliest_hour_counts(hours, taken_back, granted_anew, draw):
    """No later message prolongs what was taken back, a recall of the grant among them; a new grant does."""
    talk = conversation()[:9]
    for place, hour in enumerate(hours):
        entry = GateEntry("a", "entry", effective_at=START + timedelta(hours=hour))
        talk.append(message(f"r{place}", "RevokeClearance", 90 + place, preceding="8", gates=(entry,)))
    if taken_back:
        sent = {"preceding": "6", "recall": Recall("8", "Cancel")}
        talk.append(message("c", "ResponseToRequestClearance", draw.choice([80, 100]), **sent))
    ends = START + timedelta(hours=min(hours))
    if taken_back:
        ends = min(ends, talk[-1].sent.at)
    anew = replace(talk[7], id="g", sent=Moment(START + timedelta(minutes=110)))
    talk += [anew] if granted_anew else []
    draw.shuffle(talk)
    held = gate(talk)
    assert (held.state, held.revoked_at) == (("Granted", None) if granted_anew else ("Revoked", ends))
    assert in_date(held, ends) == granted_anew


def test_of_two_who_were_asked_one_cannot_lift_what_the_other_refused():
    """The refusal stands until the one who refused grants."""
    messages = conversation()
    asked = replace(messages[5], recipients=("XA", "XC"))
    refused = GateEntry("a", "entry", "Refused", reason="none given")
    no = message("n", "ResponseToRequestClearance", 7, "XC", ("XB",), preceding="6", gates=(refused,))
    yes = replace(messages[7], sent=Moment(START + timedelta(minutes=8)))
    assert gate([*messages[:5], asked, messages[6], no, yes]).state == "Refused"
    changed = replace(yes, id="y", sender="XC", recipients=("XB",))
    assert gate([*messages[:5], asked, messages[6], no, changed]).state == "Granted"


def test_a_cancelled_request_stays_cancelled():
    """After its sender's cancellation no answer revives the item; a provider who takes back withdraws."""
    messages = conversation()
    cancel = message("c", "RequestResource", 5, recall=Recall("1", "Cancel"), items=(item(),))
    late = message("l", "ResponseToRequestResource", 6, **BACK, preceding="1", items=(accepted(),))
    assert states([*messages[:3], cancel, late]) == {"1/a": "Cancelled"}
    back = message("b", "CommitResource", 9, **BACK, preceding="4", recall=Recall("9", "Cancel"), items=(accepted(),))
    assert states([*messages[:9], back]) == {"1/a": "Withdrawn"}


def test_clocks_do_not_decide_what_caused_what():
    """An answer stamped before its question stands after it all the same; ties go by id."""
    messages = conversation()
    early = replace(messages[2], sent=Moment(START - timedelta(hours=1)))
    assert thread_state([early, *messages[:2]]).order == ("1", "3", "2")
    twins = [message(name, "ChannelCheck", 0, origin=name) for name in ("c", "a", "b")]
    assert thread_state(twins).order == ("a", "b", "c")


def test_messages_that_answer_each_other_in_a_circle_are_ordered_all_the_same():
    """The earliest goes first, and its answer to what comes later is a breach."""
    circle = [message("1", "ChannelCheck", 0, preceding="2"), message("2", "ChannelCheck", 1, preceding="1")]
    assert thread_state(circle).order == ("1", "2")
    assert codes(circle) == [("preceding-unknown", "1")]


def test_two_histories_of_one_sender_are_named():
    """A message that leaves out its sender's own latest one is a fork, unless a message it stands on is missing."""
    first = message("1", "ChannelCheck", 0)
    shown = message("2", "ChannelCheck", 1, previous=(message_hash(first),))
    hidden = message("3", "ChannelCheck", 2, previous=(message_hash(first),))
    assert codes([first, shown, hidden]) == [("chain-forked", "3")]
    joined = message("3", "ChannelCheck", 2, previous=(message_hash(shown),))
    assert codes([first, shown, joined]) == []
    assert codes([first, joined]) == []
    assert thread_state([first, joined]).holes == (message_hash(shown),)


def test_nothing_said_nothing_held():
    """No messages, no state, no fault."""
    empty = thread_state([])
    assert (empty.items, empty.gates, empty.violations, empty.holes, empty.order) == ((), (), (), (), ())


def test_the_resource_need_not_be_named_twice():
    """An answer may leave the resource out: the request named it."""
    assert codes(altered(2, items=(accepted(resource=None, quantity=1.0),))) == []
