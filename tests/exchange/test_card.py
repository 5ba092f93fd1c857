"""Cards: who speaks for a party, and how that changes hands."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.exchange.parties import OFFICES, START, party, rotated

from safeconduct.exchange.card import (
    Card,
    OfficeKey,
    Rule,
    card_hash,
    check_card,
    check_chain,
    lacking,
    next_card,
    read_card,
    sign_card,
    write_card,
)
from safeconduct.exchange.powers import default_rules
from safeconduct.exchange.signature import public_key
from safeconduct.model.errors import InvalidInput

XA = party("XA")


def test_a_card_reads_back():
    """A signed card that was written is read as it was."""
    assert read_card(write_card(XA.signed)) == XA.signed


@pytest.mark.parametrize("place", range(0, len(write_card(XA.signed)), 97))
def test_an_altered_card_is_refused(place):
    """A card with one byte changed is refused with the error of this package, or is no longer its party's."""
    data = bytearray(write_card(XA.signed))
    data[place] ^= 1
    with pytest.raises(InvalidInput):
        check_card(read_card(bytes(data)), None)


def test_every_office_shows_that_it_holds_its_key():
    """A card on which one office did not sign for its own key is refused."""
    with pytest.raises(InvalidInput, match="holds its key"):
        check_card(replace(XA.signed, held=XA.signed.held[:-1]), None)


def test_a_rotated_key_continues_the_chain():
    """A card with a fresh key, signed by enough offices of the card before, continues it."""
    check_chain([XA.signed, rotated(XA).signed])


def test_a_card_without_the_signatures_of_the_one_before_is_refused():
    """Whoever holds the new keys alone cannot continue the chain."""
    later = rotated(XA).signed
    with pytest.raises(InvalidInput, match="too few offices"):
        check_card(replace(later, signatures=()), XA.card)


def test_one_office_alone_cannot_change_the_card():
    """With a rule of two of three, one signature on the next card is too few."""
    later = rotated(XA).signed
    with pytest.raises(InvalidInput, match="too few offices"):
        check_card(replace(later, signatures=later.signatures[:1]), XA.card)


def test_a_card_of_another_party_does_not_continue_the_chain():
    """A card that names another party is refused, whoever signed it."""
    other = party("XC")
    with pytest.raises(InvalidInput):
        check_card(other.signed, XA.card)


def test_a_card_out_of_order_does_not_continue_the_chain():
    """The second card twice in a row is refused: its serial is not the next."""
    later = rotated(XA)
    with pytest.raises(InvalidInput, match="does not continue"):
        check_card(later.signed, later.card)


def test_an_acting_office_counts_as_the_one_it_stands_for():
    """A deputy signs in the place of the office it acts for, and counts as that one."""
    seed = b"d" * 32
    deputy = OfficeKey("deputy", "Deputy", public_key(seed).hex(), START, START + timedelta(days=2), "minister")
    card = next_card(XA.card, START, "succession", (*XA.card.offices, deputy))
    old = {name: XA.seeds[name] for name in ("duty", "legal")}
    sign_card(card, {**XA.seeds, "deputy": seed}, XA.card, old)
    found = lacking(card, "RequestResource", ["duty", "deputy"], START, "here")
    assert found == ("duty", "minister")


def test_an_acting_office_counts_for_nothing_after_its_time():
    """After the hour until which a deputy acts, its signature is out of date."""
    seed = b"d" * 32
    deputy = OfficeKey("deputy", "Deputy", public_key(seed).hex(), START, START + timedelta(days=2), "minister")
    card = next_card(XA.card, START, "succession", (*XA.card.offices, deputy))
    with pytest.raises(InvalidInput, match="outside its dates"):
        lacking(card, "RequestResource", ["duty", "deputy"], START + timedelta(days=3), "here")


def test_an_office_and_its_deputy_count_once():
    """Two signatures in the place of one office are one of two."""
    seed = b"d" * 32
    deputy = OfficeKey("deputy", "Deputy", public_key(seed).hex(), START, None, "minister")
    card = next_card(XA.card, START, "succession", (*XA.card.offices, deputy))
    with pytest.raises(InvalidInput, match="too few"):
        lacking(card, "RequestResource", ["minister", "deputy"], START, "here")


@pytest.mark.parametrize(("offices", "enough"), [(["duty"], False), (["duty", "legal"], True), (list(OFFICES), True)])
def test_k_of_n(offices, enough):
    """Binding acts take two of three offices, and no fewer."""
    if enough:
        assert lacking(XA.card, "RequestResource", offices, START, "here")
    else:
        with pytest.raises(InvalidInput, match="too few"):
            lacking(XA.card, "RequestResource", offices, START, "here")


def test_the_duty_office_alone_receipts():
    """A receipt takes one office."""
    assert lacking(XA.card, "Acknowledge", ["duty"], START, "here") == ("duty",)


def test_an_office_beyond_its_powers_is_named():
    """An office that the rule does not list is refused by name."""
    card = replace(XA.card, rules=(Rule(("*",), ("legal", "minister"), 1),))
    with pytest.raises(InvalidInput, match="beyond its powers") as caught:
        lacking(card, "RequestResource", ["duty"], START, "here")
    assert caught.value.got == "duty"


def test_an_act_without_a_rule_is_nobodys():
    """Where no rule names an act, nobody may do it."""
    card = replace(XA.card, rules=(Rule(("Acknowledge",), ("duty",), 1),))
    with pytest.raises(InvalidInput, match="no office"):
        lacking(card, "RequestResource", list(OFFICES), START, "here")


def test_a_party_of_one_office_can_act():
    """Default rules ask for no more offices than there are."""
    assert all(rule.needed == 1 for rule in default_rules(["duty"]))


def test_two_offices_with_one_key_are_refused():
    """k of n means k holders: one key on two offices is no card."""
    twice = tuple(replace(each, public_key=XA.card.offices[0].public_key) for each in XA.card.offices)
    with pytest.raises(InvalidInput, match="one key"):
        replace(XA.card, offices=twice)


def test_the_fingerprint_depends_on_every_field():
    """Any other value of any field gives another fingerprint."""
    changes = {"name": "other", "rcc": "RCC", "made_at": START + timedelta(seconds=1), "log_name": "other.example"}
    found = {card_hash(replace(XA.card, **{name: value})) for name, value in changes.items()}
    assert len(found | {card_hash(XA.card)}) == len(changes) + 1
    assert isinstance(XA.card, Card)
