"""Signed messages: what each office signs fits this message, this party, this office and this card alone."""

from dataclasses import fields, replace
from datetime import timedelta

import pytest
from tests.exchange.parties import START, message, party, rotated, spoken

from safeconduct.exchange.card import Signature
from safeconduct.exchange.message import (
    Attachment,
    Contact,
    GateEntry,
    LineItem,
    Moment,
    Recall,
    Resource,
    Response,
    Withheld,
)
from safeconduct.exchange.signed import (
    check_signed,
    read_signed,
    sign_message,
    signed_bytes,
    with_signature,
)
from safeconduct.model.errors import InvalidInput

XA, XB = party("XA"), party("XB")
GOOD = spoken(XA)
HASH = "ab" * 32

# For each field of a message another value than the usual one: all of them, so a new field cannot be forgotten.
OTHER = {
    "id": "other",
    "content": "RequestQuote",
    "origin": "other",
    "case": "other",
    "sender": "XB",
    "recipients": ("XC",),
    "sent": Moment(START + timedelta(minutes=1)),
    "distribution": "Report",
    "status": "Test",
    "confidentiality": "secret",
    "preceding": "m",
    "from_at": START,
    "until_at": START,
    "languages": ("fa",),
    "previous": (HASH,),
    "recall": Recall("m", "Cancel"),
    "contacts": (Contact("other"),),
    "description": "other",
    "items": (LineItem("a", Resource(name="helicopter"), 3.0),),
    "gates": (GateEntry("a", "g"),),
    "digest": HASH,
    "response": Response("Accept"),
    "attachments": (Attachment("n", "m", HASH),),
    "withheld": (Withheld("n", None, HASH),),
}


def test_a_signed_message_reads_back():
    """A signed message that was written is read as it was."""
    assert read_signed(signed_bytes(GOOD)) == GOOD


def test_enough_offices_make_it_the_partys_word():
    """Two of three offices suffice, and are named."""
    assert check_signed(GOOD, XA.card) == ("duty", "legal")


def test_every_field_is_listed_here():
    """The table of other values covers every field but the version, which has one value."""
    assert OTHER.keys() | {"version"} == {each.name for each in fields(GOOD.message)}


@pytest.mark.parametrize("name", sorted(OTHER))
def test_no_field_can_be_altered(name):
    """A message with any field altered is refused under the signatures of the original."""
    with pytest.raises(InvalidInput):
        check_signed(replace(GOOD, message=replace(GOOD.message, **{name: OTHER[name]})), XA.card)


def test_a_signature_of_another_party_does_not_fit():
    """The signatures of another party's offices on a message of the same content are refused."""
    theirs = sign_message(message(XB), XB.card, {name: XB.seeds[name] for name in ("duty", "legal")})
    with pytest.raises(InvalidInput, match="does not hold"):
        check_signed(replace(GOOD, signatures=theirs.signatures), XA.card)


def test_a_signature_of_another_message_does_not_fit():
    """Signatures moved from one message to another of the same sender are refused."""
    other = spoken(XA, number=5)
    with pytest.raises(InvalidInput, match="does not hold"):
        check_signed(replace(GOOD, signatures=other.signatures), XA.card)


def test_an_office_cannot_sign_as_another():
    """The signature of one office under the name of another is refused."""
    duty = GOOD.signatures[0]
    with pytest.raises(InvalidInput, match="does not hold"):
        check_signed(replace(GOOD, signatures=(Signature("minister", duty.value),)), XA.card)


def test_a_signature_under_another_card_does_not_fit():
    """A message signed under the first card is refused as one under the second."""
    later = rotated(XA, office="minister")
    with pytest.raises(InvalidInput):
        check_signed(GOOD, later.card)


def test_one_office_is_not_enough():
    """A request with one signature is refused, saying how many it takes."""
    with pytest.raises(InvalidInput, match="too few"):
        check_signed(spoken(XA, offices=("duty",)), XA.card)


def test_signatures_may_come_one_by_one():
    """An office's signature added later makes the same message as signing at once."""
    one = spoken(XA, offices=("legal",))
    assert with_signature(one, XA.card, "duty", XA.seeds["duty"]) == GOOD


def test_another_seed_signs_nothing():
    """Signing with a seed that is not the office's key is refused at once."""
    with pytest.raises(InvalidInput, match="does not hold"):
        with_signature(GOOD, XA.card, "minister", XB.seeds["minister"])


def test_keys_of_an_exercise_bind_nobody_in_an_actual_case():
    """An actual message under an exercise card is refused."""
    with pytest.raises(InvalidInput, match="exercise"):
        check_signed(spoken(XA, status="Actual"), XA.card)


def test_an_actual_card_may_hold_an_exercise():
    """An exercise message under an actual card is good."""
    actual = party("XA", status="Actual")
    assert check_signed(spoken(actual), actual.card)


def test_a_card_younger_than_the_message_does_not_vouch_for_it():
    """A message dated before its card was made is refused: keys made afterwards sign no past."""
    with pytest.raises(InvalidInput, match="younger"):
        check_signed(spoken(XA, number=-5), XA.card)
