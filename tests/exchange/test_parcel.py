"""Parcels: carriers see the way and not the words, and each signs for what it took."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from tests.exchange.parties import START, cards, logged, party, spoken

from safeconduct.exchange.card import card_hash
from safeconduct.exchange.parcel import Routing, carry, check_parcel, hop_words, read_parcel, send, write_parcel
from safeconduct.exchange.sealing import seal, unseal
from safeconduct.model.errors import InvalidInput

XA, XB, XC, XD = (party(code) for code in ("XA", "XB", "XC", "XD"))
KNOWN = cards(XA, XB, XC, XD)
_, _, NOTE = logged(XA, [spoken(XA)])
BODY = b"words that a carrier must not read"


def parcel(via=("XC", "XD"), **more):
    sealed = seal(BODY, [XB.card.sealing])
    usual = {
        "id": "p1",
        "sender": "XA",
        "recipient": "XB",
        "via": via,
        "status": "Exercise",
        "made_at": START,
        "until_at": START + timedelta(days=1),
        "card": card_hash(XA.card),
        "body": sha256(sealed).hexdigest(),
        "checkpoint": NOTE,
        "growths": (),
        "version": 1,
    }
    return send(Routing(**(usual | more)), sealed, XA.card, "duty", XA.seeds["duty"])


def carried(found, carrier, at=START):
    return carry(found, at, carrier.card, ("duty", carrier.seeds["duty"]), None)


def test_a_parcel_reads_back():
    """A parcel that was written is read as it was, receipts and all."""
    found = carried(carried(parcel(), XC), XD)
    assert read_parcel(write_parcel(found)) == found


def test_the_recipient_opens_it():
    """What was sealed opens for the recipient, whole."""
    assert unseal(parcel().sealed, XB.identity) == BODY


def test_a_carrier_cannot_open_it():
    """It does not open for a carrier."""
    with pytest.raises(InvalidInput, match="does not open"):
        unseal(parcel().sealed, XC.identity)


def test_the_words_are_not_in_the_file():
    """The words stand nowhere in the bytes that a carrier has."""
    assert BODY not in write_parcel(parcel())


def test_lengths_tell_little():
    """A short and a long body fill the same step of 4 KB (age itself adds some hundred random bytes)."""
    short, long = seal(b"no", [XB.card.sealing]), seal(b"yes" * 1000, [XB.card.sealing])
    assert 4096 < len(short) < 8192
    assert 4096 < len(long) < 8192


def test_receipts_of_carriers_hold():
    """A parcel with the receipts of all on its way is good."""
    check_parcel(carried(carried(parcel(), XC), XD), KNOWN)


def test_receipts_that_run_backwards_are_named():
    """Signed for before it was made, or before the carrier in front had it: a clock is wrong, and which two is said."""
    early = carried(parcel(), XC, START - timedelta(hours=1))
    both = carried(carried(parcel(), XC, START + timedelta(hours=2)), XD, START + timedelta(hours=1))
    good = carried(carried(parcel(), XC), XD, START + timedelta(hours=1))
    told = [
        [("one of two clocks is wrong" in each) for each in hop_words(x.routing, x.hops)] for x in (early, both, good)
    ]
    assert told == [[True], [False, True], [False, False]]
    assert hop_words(early.routing, early.hops)[0].startswith("XC took it over at ")


def test_a_carrier_out_of_turn_is_refused():
    """The second carrier cannot sign before the first."""
    with pytest.raises(InvalidInput, match="turn"):
        carried(parcel(), XD)


def test_a_receipt_cannot_be_taken_off():
    """With the first receipt removed the second stands on nothing."""
    found = carried(carried(parcel(), XC), XD)
    with pytest.raises(InvalidInput):
        check_parcel(replace(found, hops=found.hops[1:]), KNOWN)


def test_a_receipt_does_not_fit_another_parcel():
    """A receipt moved to another parcel is refused."""
    found, other = carried(parcel(), XC), parcel(id="p2")
    with pytest.raises(InvalidInput):
        check_parcel(replace(other, hops=found.hops), KNOWN)


def test_contents_cannot_be_exchanged():
    """Other contents than the routing names are refused when the file is read."""
    found = replace(parcel(), sealed=seal(b"other", [XB.card.sealing]))
    with pytest.raises(InvalidInput, match="not those sent"):
        read_parcel(write_parcel(found))


@pytest.mark.parametrize(
    "change",
    [
        {"recipient": "XD", "via": ("XC",)},
        {"via": ()},
        {"until_at": START + timedelta(days=9)},
        {"made_at": START + timedelta(hours=1)},
        {"checkpoint": NOTE.replace("1\n", "2\n", 1)},
        {"id": "other"},
        {"status": "Actual"},
    ],
)
def test_no_line_of_the_routing_can_be_altered(change):
    """Routing that differs from what its sender signed is refused."""
    found = parcel()
    with pytest.raises(InvalidInput):
        check_parcel(replace(found, routing=replace(found.routing, **change)), KNOWN)


def test_an_expired_parcel_is_not_carried_on():
    """After its time no carrier signs for it."""
    with pytest.raises(InvalidInput, match="expired"):
        carried(parcel(), XC, at=START + timedelta(days=2))


def test_a_party_that_is_not_trusted_is_named():
    """A parcel of a party whose card is not at hand is refused, with what to do."""
    with pytest.raises(InvalidInput, match="not trusted") as caught:
        check_parcel(parcel(), cards(XB))
    assert "party trust" in caught.value.expected


def test_a_route_through_one_party_twice_is_none():
    """A route that names a party twice is refused at birth."""
    with pytest.raises(InvalidInput, match="not a route"):
        parcel(via=("XC", "XC"))


WHOLE = write_parcel(parcel())


@pytest.mark.parametrize("place", range(0, len(WHOLE), 211))
def test_a_truncated_parcel_is_refused(place):
    """A file cut short anywhere is refused."""
    with pytest.raises(InvalidInput):
        read_parcel(WHOLE[:place])
