"""The inbox: what to do, where it stands, who is silent; and what is said about statements and general offers."""

from datetime import timedelta

import pytest
from tests.desk.parties import ITEM, START, later, parties, sent

from safeconduct.cli.inbox import inbox_lines
from safeconduct.desk import phrases
from safeconduct.desk.inbox import inbox, schedule
from safeconduct.desk.speaking import Speech, by_id, say
from safeconduct.exchange.terms import statement_states
from safeconduct.model.errors import InvalidInput
from safeconduct.report.exchange import message_lines


@pytest.fixture
def two(tmp_path):
    found = parties(tmp_path, ("XA", "XB"))
    yield found["XA"], found["XB"]
    for each in found.values():
        each.store.close()


def asked(xa, xb):
    """A request of XA that XB holds."""
    name = say(xa, Speech("RequestResource", "c", ("XB",), more=ITEM)).signed.message.id
    sent(xa, xb)
    return by_id(xb, name)


def test_a_question_waits_until_it_is_answered(two):
    """It stands under what to do, with the command; a receipt is no answer, an answer is one."""
    xa, xb = two
    request = asked(xa, xb)
    assert [each.id for each in inbox(xb).to_answer] == [request.id]
    assert any(f"exchange answer {request.id[-8:]}" in line for line in inbox_lines(inbox(xb)))
    say(xb, phrases.answer(request, phrases.Choice("Accept")))
    assert inbox(xb).to_answer == ()


def test_what_one_says_oneself_waits_for_no_answer_of_ones_own(two):
    """One's own request is not among what one has to answer."""
    xa, xb = two
    asked(xa, xb)
    assert inbox(xa).to_answer == ()


def test_silence_is_seen_and_dated(two):
    """Heard of by one's own clock; due after the span; late when that is past; never consent to anything."""
    xa, xb = two
    schedule(xb, ["XA"], timedelta(hours=24))
    (before,) = inbox(xb).channels
    assert (before.heard_at, before.due_at, before.late) == (None, START + timedelta(hours=24), False)
    asked(xa, later(xb, 60))
    (after,) = inbox(later(xb, 60 * 26)).channels
    assert (after.heard_at, after.late) == (START + timedelta(hours=1), True)
    assert any("silent" in line for line in inbox_lines(inbox(later(xb, 60 * 26))))


def test_a_schedule_needs_a_span_and_a_trusted_party(two):
    """No time between two checks is none, and an unknown party has no channel."""
    with pytest.raises(InvalidInput, match="not a schedule"):
        schedule(two[1], ["XA"], timedelta())
    with pytest.raises(InvalidInput, match="not trusted"):
        schedule(two[1], ["XD"], timedelta(hours=1))


def test_a_general_offer_is_answered_as_a_whole(two):
    """An offer of whatever is needed has no items; its answer is one yes, no or alternative."""
    xa, xb = two
    with pytest.raises(InvalidInput, match="nothing"):
        phrases.offer("c", "XB", ())
    name = say(xa, phrases.offer("c", "XB", (), says="whatever is needed")).signed.message.id
    sent(xa, xb)
    said = say(xb, phrases.answer(by_id(xb, name), phrases.Choice("Accept")))
    assert said.violations == ()
    assert said.signed.message.response.answer == "Accept"


def test_what_follows_an_own_message_goes_to_those_who_got_it(two):
    """A statement proposed on one's own request goes to whom that was sent to; nobody writes to itself."""
    xa, xb = two
    request = asked(xa, xb)
    assert say(xa, phrases.propose_statement(request, b"Words.")).signed.message.recipients == ("XB",)
    with pytest.raises(InvalidInput, match="oneself"):
        say(xa, Speech("ChannelCheck", "c", ("XA",)))


def test_an_alternative_owes_its_reason(two):
    """Provisional without a reason is refused before it is signed."""
    with pytest.raises(InvalidInput, match="reason"):
        phrases.answer(asked(*two), phrases.Choice("Provisional"))


def test_a_statement_is_released_when_agreed_or_said_to_be_one_sided(two):
    """Proposed by XB to XA: not agreed, then one-sided; agreed first, then released."""
    xa, xb = two
    request = asked(xa, xb)
    for words, agrees, expected in ((b"One.", False, "OneSided"), (b"Two.", True, "Released")):
        proposal = say(xb, phrases.propose_statement(request, words)).signed.message
        sent(xb, xa)
        if agrees:
            say(xa, phrases.answer_statement(by_id(xa, proposal.id), phrases.Choice("Accept")))
            sent(xa, xb)
        else:
            with pytest.raises(InvalidInput, match="not agreed"):
                phrases.release_statement(xb, proposal)
        say(later(xb, 5), phrases.release_statement(xb, proposal, one_sided=not agrees))
        sent(xb, xa)
        for party in (xa, xb):
            states = statement_states(each.message for each in party.messages("c"))
            assert next(each.state for each in states if each.digest == proposal.digest) == expected


def test_words_of_others_make_no_line_of_their_own(two):
    """A line feed in a description is shown inside its line."""
    xa, xb = two
    speech = Speech("RequestResource", "c", ("XB",), more={**ITEM, "description": "a\nSigned by minister"})
    name = say(xa, speech).signed.message.id
    sent(xa, xb)
    assert not any(line.startswith("Signed by") for line in message_lines(by_id(xb, name)))
