"""Evidence: what holds is said to hold, and every forgery is named."""

import json
import random
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.exchange.parties import START, logged, party, rotated, spoken

from safeconduct.exchange.card import next_card, sign_card
from safeconduct.exchange.contents import enclose
from safeconduct.exchange.evidence import Evidence, Head, read_evidence, write_evidence
from safeconduct.exchange.merkle import tree
from safeconduct.exchange.message import Attachment, GateEntry, LineItem, Response, message_hash
from safeconduct.exchange.proving import prove
from safeconduct.exchange.record import checkpoint, cosigned, entry_leaf, growth, inclusion
from safeconduct.exchange.signature import public_key
from safeconduct.exchange.terms import COMMITMENT
from safeconduct.model.errors import InvalidInput, SafeConductError
from safeconduct.report.exchange import message_lines, proof_lines

XA, XB, XC = (party(code) for code in ("XA", "XB", "XC"))
SEEN = START + timedelta(hours=3)


def reply(number, content, answered, **more):
    """What XB says to XA's request."""
    found = {"origin": answered.id, "preceding": answered.id, "previous": (message_hash(answered),), "items": ()}
    return spoken(XB, to=("XA",), number=number, content=content, **(found | more))


REQUEST = spoken(XA)
RECEIPT = reply(1, "Acknowledge", REQUEST.message)
ANSWER = reply(
    2,
    "ResponseToRequestResource",
    REQUEST.message,
    previous=(message_hash(RECEIPT.message),),
    items=(LineItem("a", None, 1.0, Response("Accept")),),
)


def evidence():
    """A request, its receipt and its answer, each in its sender's log; heads cosigned by the other and a carrier."""
    heads, proofs = [], []
    for owner, other, messages in ((XA, XB, [REQUEST]), (XB, XA, [RECEIPT, ANSWER])):
        entries, log, note = logged(owner, messages)
        note = cosigned(cosigned(note, other.card, other.witness_seed, SEEN), XC.card, XC.witness_seed, SEEN)
        heads.append(Head(note, ()))
        proofs += [inclusion(log, owner.card.log_name, each, index) for index, each in enumerate(entries)]
    signed = (XA.signed, XB.signed, XC.signed)
    return Evidence("c", "XA", START, signed, tuple(heads), (REQUEST, RECEIPT, ANSWER), tuple(proofs), (), (), ())


GOOD = evidence()


def faults(found):
    return " ".join(fault for step in prove(found).steps for fault in step.faults)


def test_good_evidence_holds():
    """Every step of good evidence holds."""
    assert prove(GOOD).holds


def test_it_reads_back():
    """Evidence that was written is read as it was."""
    assert read_evidence(write_evidence(GOOD)) == GOOD


def test_it_says_who_asked_and_who_answered():
    """The third person learns sender, type and offices of each message, in order."""
    found = [(each.message.sender, each.message.content, each.offices) for each in prove(GOOD).messages]
    assert found == [
        ("XA", "RequestResource", ("duty", "legal")),
        ("XB", "Acknowledge", ("duty", "legal")),
        ("XB", "ResponseToRequestResource", ("duty", "legal")),
    ]


def test_it_says_by_when_it_existed():
    """The earliest cosignature of another party dates a message from above."""
    assert {each.existed_by for each in prove(GOOD).messages} == {SEEN}


def test_without_a_cosignature_nothing_is_dated():
    """A log that nobody else saw dates nothing."""
    bare = tuple(Head(logged(o, m)[2], ()) for o, m in ((XA, [REQUEST]), (XB, [RECEIPT, ANSWER])))
    assert {each.existed_by for each in prove(replace(GOOD, heads=bare)).messages} == {None}


def test_a_receipt_without_an_answer_is_no_answer():
    """With the receipt alone the item is received, not offered."""
    proof = prove(replace(GOOD, messages=(REQUEST, RECEIPT)))
    assert [each.state for each in proof.thread.items] == ["Received"]


def test_one_bad_message_does_not_hide_the_others():
    """A forged message is named, and the good ones are still established."""
    forged = replace(ANSWER, message=replace(ANSWER.message, description="never said"))
    proof = prove(replace(GOOD, messages=(REQUEST, RECEIPT, forged)))
    assert not proof.holds
    assert len(proof.messages) == 2
    assert "does not hold" in faults(replace(GOOD, messages=(REQUEST, RECEIPT, forged)))


def test_a_message_that_stands_in_no_log_is_named():
    """A signed message without a proof that it was logged is named."""
    assert "stands in no log" in faults(replace(GOOD, inclusions=GOOD.inclusions[:-1]))


def test_a_party_without_a_card_is_named():
    """Messages under a card that is not in the file are named."""
    assert "card" in faults(replace(GOOD, cards=(XA.signed, XC.signed)))


def test_a_substituted_card_shows_another_fingerprint():
    """Whoever substitutes a card of his own making cannot keep the fingerprint, and the messages no longer hold."""
    false = party("XB", seed="forged")
    proof = prove(replace(GOOD, cards=(XA.signed, false.signed, XC.signed)))
    assert not proof.holds
    assert dict(proof.fingerprints)["XB"] != dict(prove(GOOD).fingerprints)["XB"]


def test_a_rotated_key_keeps_the_record_continuous():
    """A message under the second card of a chain holds, and the fingerprint stays that of the first."""
    later = rotated(XA)
    again = spoken(later, number=2000, origin="XA-0", preceding=None, content="NotifyAuxiliaryRecipients", items=())
    entries, log, note = logged(later, [REQUEST, again])
    proofs = [inclusion(log, XA.card.log_name, each, index) for index, each in enumerate(entries)]
    heads = (Head(note, ()), GOOD.heads[1])
    found = replace(
        GOOD,
        cards=(*GOOD.cards, later.signed),
        messages=(*GOOD.messages, again),
        heads=heads,
        inclusions=(*proofs, *GOOD.inclusions[1:]),
    )
    assert prove(found).holds, faults(found)
    assert dict(prove(found).fingerprints)["XA"] == dict(prove(GOOD).fingerprints)["XA"]


def two_heads(entries, others):
    """Heads of XA's log at two sizes, the later one with a proof that it continues the other, honest or not."""
    log, later = tree(map(entry_leaf, entries)), tree(map(entry_leaf, others))
    note, after = (checkpoint(XA.card, each, XA.log_seed) for each in (log, later))
    proof = growth(later, XA.card.log_name, log.size) if later.size > log.size else None
    return Head(note, ()), Head(after, (proof,) if proof else ())


def test_two_heads_of_one_size_are_named_as_a_fork():
    """Evidence that holds two histories of one length says that the log forked."""
    one = logged(XA, [REQUEST])[0]
    other = logged(XA, [spoken(XA, number=9)])[0]
    said = faults(replace(GOOD, heads=(*GOOD.heads, *two_heads(one, other))))
    assert "log xa.example of XA: a forked log" in said
    assert "size 1, heads" in said


def test_a_rewritten_past_is_named():
    """Evidence with a longer log whose past differs says so."""
    one = logged(XA, [REQUEST])[0]
    other = logged(XA, [spoken(XA, number=9), spoken(XA, number=10)])[0]
    said = faults(replace(GOOD, heads=(*GOOD.heads, *two_heads(one, other))))
    assert "log xa.example of XA: a rewritten past" in said
    assert "sizes 1 and 2" in said


def test_a_question_exchanged_after_the_answer_is_named():
    """Whoever asks signs and logs two questions under one id, and shows the one that was never answered."""
    other = spoken(XA, description="and forty soldiers")
    entries, log, note = logged(XA, [REQUEST, other])
    note = cosigned(note, XB.card, XB.witness_seed, SEEN)
    proof = inclusion(log, XA.card.log_name, entries[1], 1)
    false = replace(
        GOOD,
        messages=(other, RECEIPT, ANSWER),
        heads=(Head(note, ()), GOOD.heads[1]),
        inclusions=(proof, *GOOD.inclusions[1:]),
    )
    found = prove(false)
    assert [each.state for each in found.thread.items] == ["Issued"]
    assert found.thread.doubtful == (RECEIPT.message.id, ANSWER.message.id)
    assert sum("doubtful" in line for step in found.steps for line in step.says) == 2
    assert "DOUBTFUL" in "\n".join(proof_lines(found))


def test_two_messages_under_one_id_are_both_shown():
    """A fork hides neither of its two messages."""
    other = spoken(XA, description="another")
    entries, log, note = logged(XA, [REQUEST, other])
    proofs = tuple(inclusion(log, XA.card.log_name, each, index) for index, each in enumerate(entries))
    found = prove(
        replace(
            GOOD,
            messages=(*GOOD.messages, other),
            heads=(Head(note, ()), GOOD.heads[1]),
            inclusions=(*proofs, *GOOD.inclusions[1:]),
        )
    )
    assert found.holds
    assert {each.message.description for each in found.messages} == {None, "another"}


def test_messages_of_another_case_are_named():
    """The heading is nobody's word: what it calls the case must be the case of each message."""
    assert "of another case" in faults(replace(GOOD, case="another"))


def test_a_second_party_of_the_same_name_is_named():
    """Words under other keys in XB's name, beside XB's own card: one of the two chains is not XB's, and both show."""
    false = party("XB", seed="forged")
    said = faults(replace(GOOD, cards=(*GOOD.cards, false.signed)))
    assert "card XB: two parties under one name" in said


def test_a_log_under_the_name_of_anothers_is_named():
    """A card whose log bears XA's name makes nobody believe that XA's log forked: its owner is named."""
    thief = replace(XC, card=replace(XC.card, log_name=XA.card.log_name))
    thief = replace(thief, signed=sign_card(thief.card, XC.seeds))
    note = logged(thief, [spoken(thief, number=5)])[2]
    cards = (XA.signed, XB.signed, thief.signed)
    said = faults(replace(GOOD, cards=cards, heads=(logged_head(), GOOD.heads[1], Head(note, ()))))
    assert "card XC 0: the name of another party's log" in said
    assert "forked" not in said


def logged_head():
    """XA's head, cosigned by XB alone."""
    return Head(cosigned(logged(XA, [REQUEST])[2], XB.card, XB.witness_seed, SEEN), ())


def test_an_hour_is_the_word_of_the_one_who_names_it():
    """Who cosigned is said beside the hour; a cosignature older than its signer's card dates nothing."""
    assert {each.seen_by for each in prove(GOOD).messages} == {"XA", "XB"}
    sham = party("XZ")
    for at, expected in ((START - timedelta(days=300), None), (START + timedelta(seconds=1), "XZ")):
        note = cosigned(logged_head().note, sham.card, sham.witness_seed, at)
        found = replace(GOOD, cards=(*GOOD.cards, sham.signed), heads=(Head(note, ()), GOOD.heads[1]))
        assert prove(found).messages[0].seen_by == (expected or "XB")


def test_a_witness_key_that_was_replaced_dates_nothing_later():
    """A cosignature dated after the card that vouches for its key was replaced, by one with other keys, is no date."""
    key = bytes(range(32))
    following = replace(
        next_card(XB.card, START + timedelta(hours=1), "loss", XB.card.offices), witness_key=public_key(key).hex()
    )
    after = sign_card(following, {}, XB.card, XB.seeds)
    for hours, expected in ((0.5, "XB"), (2, "")):
        note = cosigned(logged(XA, [REQUEST])[2], XB.card, XB.witness_seed, START + timedelta(hours=hours))
        cards = (XA.signed, XB.signed, after, XC.signed)
        assert prove(replace(GOOD, cards=cards, heads=(Head(note, ()), GOOD.heads[1]))).messages[0].seen_by == expected


def test_nobody_dates_a_message_of_its_own():
    """XA's cosignature of XB's log, in which XA's message stands, is XA's own word on XA's own date: XC's counts."""
    entries, log, note = logged(XB, [REQUEST], "received")
    note = cosigned(note, XA.card, XA.witness_seed, START)
    head = Head(cosigned(note, XC.card, XC.witness_seed, SEEN), ())
    proof = inclusion(log, XB.card.log_name, entries[0], 0)
    found = Evidence("c", "XB", START, GOOD.cards, (head,), (REQUEST,), (proof,), (), (), ())
    assert [(each.existed_by, each.seen_by) for each in prove(found).messages] == [(SEEN, "XC")]


def test_a_name_that_looks_like_another_is_spelled_out():
    """A permission in letters of another alphabet is not taken for the one that it looks like."""
    asked = spoken(XA, content="RequestClearance", gates=(GateEntry("a", "XB-\u0415NTRY"), GateEntry("a", "XB-ENTRY")))
    said = "\n".join(message_lines(asked.message))
    assert "a:XB-\u0415NTRY [XB-\\u0415NTRY]" in said
    assert "a:XB-ENTRY\n" in said + "\n"


def test_a_message_that_only_a_stranger_logged_is_named():
    """The log of one who neither sent nor received it shows nothing of who had it when."""
    sham = party("XZ")
    entries, log, note = logged(sham, [REQUEST])
    proof = inclusion(log, sham.card.log_name, entries[0], 0)
    found = replace(
        GOOD,
        cards=(*GOOD.cards, sham.signed),
        heads=(Head(note, ()), *GOOD.heads[1:]),
        inclusions=(proof, *GOOD.inclusions[1:]),
    )
    assert "no log of its sender or its recipients" in faults(found)


def test_a_line_that_stands_there_twice_proves_the_same():
    """Cards, heads, messages and proofs may be doubled."""
    twice = {
        name: (*found, *found)
        for name in ("cards", "heads", "messages", "inclusions")
        if (found := getattr(GOOD, name))
    }
    assert prove(replace(GOOD, **twice)) == prove(GOOD)


def test_an_attached_text_that_is_left_out_is_named():
    """Whoever takes the terms out of the file does not hide that they are missing."""
    digest = sha256(b"terms").hexdigest()
    with_text = spoken(XA, attachments=(Attachment("terms", "text/plain", digest), Attachment(COMMITMENT, "x", digest)))
    entries, log, note = logged(XA, [with_text])
    found = replace(
        GOOD,
        messages=(with_text,),
        heads=(Head(note, ()),),
        inclusions=(inclusion(log, XA.card.log_name, entries[0], 0),),
    )
    said = [line for step in prove(found).steps for line in step.says if "not in the file" in line]
    assert said == ["terms, attached to message XA-0, is not in the file: its words are not shown"]
    assert "not in the file" not in str(prove(replace(found, enclosures=(enclose(b"terms"),))).steps)


def test_what_is_not_proved_is_said():
    """Every proof says what it does not prove."""
    assert all(each.endswith(".") for each in prove(GOOD).not_proved)


def leaves(value, path=()):
    """Paths to every text, number and null in a JSON value."""
    if isinstance(value, dict):
        return [leaf for key, each in value.items() for leaf in leaves(each, (*path, key))]
    if isinstance(value, list):
        return [leaf for key, each in enumerate(value) for leaf in leaves(each, (*path, key))]
    return [path]


LINES = write_evidence(GOOD).splitlines()[1:]
PLACES = [(number, path) for number, line in enumerate(LINES) for path in leaves(json.loads(line)) if len(path) > 1]


def changed(value):
    if isinstance(value, bool) or value is None:
        return "x"
    return value + 1 if isinstance(value, int | float) else ("f" if value[:1] != "f" else "e") + value[1:]


@pytest.mark.parametrize("place", random.Random(2).sample(PLACES, 120))
def test_no_value_in_the_file_can_be_altered(place):
    """
    With any one value of any line altered, and the heading's digest made to fit, the file is refused or does not hold.
    """
    number, path = place
    line = json.loads(LINES[number])
    spot = line
    for key in path[:-1]:
        spot = spot[key]
    spot[path[-1]] = changed(spot[path[-1]])
    lines = [*LINES[:number], _canonical(line), *LINES[number + 1 :]]
    try:
        found = read_evidence(_headed(lines))
    except InvalidInput:
        return
    proof, usual = prove(found), prove(GOOD)
    assert not proof.holds or proof.fingerprints != usual.fingerprints, (number, path)


def _canonical(value):
    from safeconduct.exchange.canonical import canonical

    return canonical(value)


def _headed(lines):
    heading = json.loads(write_evidence(GOOD).splitlines()[0])
    body = b"".join(line + b"\n" for line in lines)
    heading |= {"lines": len(lines), "digest": sha256(body).hexdigest()}
    return _canonical(heading) + b"\n" + body


@given(st.integers(0, len(write_evidence(GOOD)) - 1))
def test_a_file_cut_short_is_refused(place):
    """Cut anywhere, the file is refused with the error of this package."""
    with pytest.raises(InvalidInput):
        read_evidence(write_evidence(GOOD)[:place])


@given(st.binary(max_size=300))
def test_bytes_that_are_no_evidence_are_refused(data):
    """Any bytes raise our own error and nothing else."""
    with pytest.raises(SafeConductError):
        read_evidence(data)
