"""Terms and statements: in force only when everybody revealed in time; silence agrees to nothing."""

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.exchange.threads import START, message

from safeconduct.exchange.message import Attachment, Recall, Response, message_hash
from safeconduct.exchange.terms import (
    COMMITMENT,
    OPENING,
    RELEASES,
    commitment_to,
    silent_since,
    statement_states,
    terms_states,
)

TERMS = "ab" * 32
SALTS = {"XA": "01" * 32, "XB": "02" * 32}
LIMIT = START + timedelta(minutes=60)


def commits(party, minute, name):
    other = ("XB",) if party == "XA" else ("XA",)
    shown = Attachment(COMMITMENT, "x", commitment_to(party, TERMS, SALTS[party]))
    return message(
        name, "AdhereToTerms", minute, party, other, preceding="0", digest=TERMS, until_at=LIMIT, attachments=(shown,)
    )


def reveals(party, minute, name, salt=None):
    other = ("XB",) if party == "XA" else ("XA",)
    opening = Attachment(OPENING, "x", salt or SALTS[party])
    more = {"digest": TERMS, "response": Response("Accept"), "attachments": (opening,)}
    return message(name, "AdhereToTerms", minute, party, other, preceding="0", **more)


ALL = [commits("XA", 1, "1"), commits("XB", 2, "2"), reveals("XA", 3, "3"), reveals("XB", 4, "4")]


def state(messages, at=None):
    return terms_states(messages, at)[0].state


def test_terms_are_in_force_when_both_have_revealed():
    """Two commitments and two openings in time: in force, and public."""
    (found,) = terms_states(ALL)
    assert (found.state, found.public) == ("InForce", True)


@pytest.mark.parametrize("count", [1, 2])
def test_commitments_bind_nobody(count):
    """With commitments alone nothing is in force and nothing is public."""
    (found,) = terms_states(ALL[:count])
    assert (found.state, found.public) == ("Committed", False)


def test_one_opening_binds_nobody():
    """Whoever reveals first is not bound."""
    assert state(ALL[:3]) == "Revealed"


def test_after_the_hour_none_of_them_stood():
    """One opening and the time out: void, and that may be published."""
    (found,) = terms_states(ALL[:3], LIMIT + timedelta(minutes=1))
    assert (found.state, found.public) == ("TimedOut", True)


def test_an_opening_after_the_hour_does_not_count():
    """A late opening does not bring terms into force."""
    assert state([*ALL[:3], reveals("XB", 90, "4")], LIMIT + timedelta(hours=2)) == "TimedOut"


def test_an_opening_of_something_else_does_not_count():
    """A salt that does not open the commitment reveals nothing."""
    assert state([*ALL[:3], reveals("XB", 4, "4", "03" * 32)]) == "Revealed"


def test_an_opening_without_a_commitment_does_not_count():
    """Revealing what one never committed to reveals nothing."""
    assert state([ALL[0], ALL[2], ALL[3]]) == "Revealed"


def test_the_commitment_of_one_party_is_not_anothers():
    """The same terms and salt give another commitment for another party: it cannot be copied."""
    assert commitment_to("XA", TERMS, SALTS["XA"]) != commitment_to("XB", TERMS, SALTS["XA"])


NO = message("5", "AdhereToTerms", 5, "XB", ("XA",), preceding="0", digest=TERMS, response=Response("Decline"))


def test_a_refusal_ends_it():
    """A decline by either side refuses the terms."""
    assert state([*ALL[:3], NO]) == "Refused"


def test_what_is_in_force_is_not_undone_by_one_side():
    """A decline after both have revealed leaves the terms in force."""
    assert state([*ALL, NO]) == "InForce"


def test_without_an_hour_terms_never_come_into_force():
    """Terms that state no end are not brought into force: every adherence expires."""
    first = message("1", "AdhereToTerms", 1, "XA", ("XB",), preceding="0", digest=TERMS)
    assert state([first, *ALL[2:]]) != "InForce"


def test_the_state_is_the_same_in_every_order():
    """All orders of arrival give one state."""
    assert {terms_states(order) for order in itertools.permutations(ALL)} == {terms_states(ALL)}


def bound(messages, origin="1"):
    """The same, each naming by hash the one before it."""
    made = []
    for each in messages:
        made.append(replace(each, origin=origin, previous=tuple(message_hash(known) for known in made[-1:])))
    return made


def test_terms_in_force_are_not_undone_by_an_earlier_date():
    """Neither in their thread nor in another does one side put another hour, party or commitment under them."""
    standing = bound(ALL)
    for origin in ("1", "another"):
        early = replace(commits("XA", -30, "0"), until_at=START - timedelta(minutes=20), origin=origin, preceding=None)
        for others in (("XB",), ("XC",)):
            other = Attachment(COMMITMENT, "x", commitment_to("XA", TERMS, "09" * 32))
            late = replace(early, recipients=others, attachments=(other,))
            states = {each.message: each for each in terms_states([*standing, late], LIMIT + timedelta(hours=1))}
            assert (states["1"].state, states["1"].parties) == ("InForce", ("XA", "XB"))


def no(party, minute, before):
    """A no that its sender dates as it likes, standing on a message of its own."""
    found = message("no", "AdhereToTerms", minute, party, tuple({"XA", "XB"} - {party}), preceding="0", digest=TERMS)
    return replace(found, origin="1", previous=(message_hash(before),), response=Response("Decline"))


@pytest.mark.parametrize("place", [1, 2])
def test_terms_in_force_are_not_undone_by_a_no_that_is_dated_back(place):
    """A no stamped before the last opening, refuses nothing unless one who opened knew of it."""
    standing = bound(ALL)
    back = no(standing[place].sender, place + 1, standing[place])
    assert state([*standing, back]) == "InForce"
    taken = replace(back, response=None, recall=Recall(standing[place].id, "Cancel"), digest=None)
    assert state([*standing, taken]) == "InForce"
    for each in (back, taken):
        known = replace(standing[3], previous=tuple(sorted([*standing[3].previous, message_hash(each)])))
        assert state([*standing[:3], known, each]) == "Refused"


def test_terms_in_force_are_not_undone_by_a_third_party_and_one_side():
    """An ally's adherence of an earlier date, on which one side stands afterwards, is another one beside them."""
    standing = bound(ALL)
    ally = replace(commits("XA", -5, "ally"), sender="XC", recipients=("XA", "XB"), origin="1")
    joins = replace(
        commits("XB", 5, "joins"), origin="1", previous=tuple(sorted(map(message_hash, (ally, standing[3]))))
    )
    found = {each.message: (each.state, each.parties) for each in terms_states([*standing, ally, joins])}
    assert found == {"1": ("InForce", ("XA", "XB")), "ally": ("Committed", ("XA", "XB", "XC"))}


def test_an_adherence_taken_back_is_a_refusal():
    """Who recalls what it committed to, before all have opened, adheres to nothing."""
    back = message("back", "AdhereToTerms", 3, "XA", ("XB",), preceding="0", recall=Recall("1", "Cancel"))
    assert state([*ALL[:2], back]) == "Refused"
    assert state([*ALL[:2], back, *[replace(each, sent=ALL[3].sent) for each in ALL[2:]]]) == "Refused"


def test_a_second_commitment_does_not_hide_the_first():
    """Whoever commits twice can open either; the terms are the same."""
    again = Attachment(COMMITMENT, "x", commitment_to("XA", TERMS, "09" * 32))
    twice = replace(ALL[0], id="1b", sent=ALL[1].sent, attachments=(again,))
    assert state([*ALL, twice]) == "InForce"


def test_an_exercise_adheres_to_nothing_actual():
    """An opening of another status brings nothing into force, and its agreement releases no words."""
    actual = [replace(each, status="Actual", origin="1") for each in ALL]
    assert state(actual) == "InForce"
    assert state([*actual[:3], replace(actual[3], status="Exercise")]) == "Revealed"
    words = replace(proposed(("XB",)), status="Actual")
    assert statement_states([words, agrees("XB")])[0].state == "Proposed"


def proposed(to=("XB", "XC")):
    return message("1", "ProposePublicStatement", 1, "XA", to, preceding="0", digest=TERMS)


def agrees(party, answer="Accept", digest=TERMS):
    return message(
        f"r{party}",
        "RespondToPublicStatement",
        2,
        party,
        ("XA",),
        preceding="1",
        digest=digest,
        response=Response(answer),
    )


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([], "Proposed"),
        ([agrees("XB")], "Proposed"),
        ([agrees("XB"), agrees("XC")], "Agreed"),
        ([agrees("XB"), agrees("XC", "Decline")], "Refused"),
        ([agrees("XB"), agrees("XC", digest="cd" * 32)], "Proposed"),
        ([agrees("XB"), agrees("XD")], "Proposed"),
    ],
)
def test_a_statement_is_agreed_by_all_or_not_at_all(answers, expected):
    """Agreed once every recipient accepted these words; a stranger's yes and a yes to other words count for nothing."""
    assert statement_states([proposed(), *answers])[0].state == expected


def released(minute, by="XA"):
    return message(f"n{minute}", RELEASES, minute, by, ("XB", "XC"), preceding="1", digest=TERMS)


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ([agrees("XB"), agrees("XC"), released(3)], "Released"),
        ([agrees("XB"), released(3)], "OneSided"),
        ([released(1), agrees("XB"), agrees("XC")], "OneSided"),
        ([agrees("XB"), agrees("XC", "Decline"), released(3, "XB")], "OneSided"),
        ([agrees("XB"), agrees("XC"), released(3, "XD")], "Agreed"),
    ],
)
def test_a_statement_released_before_all_agreed_stays_one_sided(others, expected):
    """What counts is who had agreed when it was released; agreement afterwards mends nothing."""
    assert statement_states([proposed(), *others])[0].state == expected


def taken_back(earlier, minute):
    """A recall, as the desk writes it."""
    fields = {"preceding": earlier.preceding, "recall": Recall(earlier.id, "Cancel")}
    return message(f"back {earlier.id}", earlier.content, minute, earlier.sender, earlier.recipients, **fields)


def test_an_agreement_taken_back_is_none():
    """Released after a recipient recalled its yes, or after the words were recalled, it is one-sided."""
    agreed = [proposed(), agrees("XB"), agrees("XC")]
    assert statement_states([*agreed, taken_back(agreed[1], 3)])[0].missing == ("XB",)
    assert statement_states([*agreed, taken_back(agreed[1], 3), released(4)])[0].state == "OneSided"
    assert statement_states([*agreed, released(3), taken_back(agreed[1], 4)])[0].state == "Released"
    assert statement_states([proposed(), taken_back(proposed(), 1), *agreed[1:]])[0].state == "Refused"
    assert statement_states([*agreed, taken_back(proposed(), 3), released(4)])[0].state == "OneSided"


def test_a_yes_among_three_is_none_between_two():
    """The same words under the same id, put to fewer, are another proposal: a yes names by hash the one it is to."""
    yes = replace(agrees("XB"), previous=(message_hash(proposed()),))
    fewer = proposed(("XB",))
    assert [each.state for each in statement_states([fewer, proposed(), yes])] == ["Proposed", "Proposed"]


def test_a_statement_without_words_is_none():
    """A proposal that fixes no words is passed over: it cannot make the others unreadable."""
    empty = message("1", "ProposePublicStatement", 1, "XA", ("XB",), preceding="0")
    assert statement_states([empty]) == ()


def test_silence_is_shown_as_missing():
    """Whoever did not answer is listed as missing."""
    assert statement_states([proposed(), agrees("XB")])[0].missing == ("XC",)


def test_the_last_word_of_a_party_is_dated():
    """When a party was last heard of is the time of its latest message."""
    assert silent_since(ALL, "XB") == ALL[3].sent.at


def test_a_party_never_heard_of_has_no_such_time():
    """A party that said nothing was never heard of."""
    assert silent_since(ALL, "XD") is None
