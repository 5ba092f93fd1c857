"""Frozen values to bytes: the short way writes what the long way does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.exchange.parties import party, spoken
from tests.exchange.threads import random_thread

from safeconduct.exchange.canonical import canonical
from safeconduct.exchange.card import card_bytes
from safeconduct.exchange.codec import to_json, written
from safeconduct.exchange.message import LineItem, message_bytes
from safeconduct.exchange.signed import signed_bytes
from safeconduct.model.errors import InvalidInput

XA = party("XA")


def test_every_message_is_written_as_the_long_way_writes_it():
    """A thousand random messages, byte for byte."""
    for seed in range(80):
        for each in random_thread(seed):
            assert message_bytes(each) == canonical(to_json(each))


def test_signed_messages_and_cards_too():
    """The same for what offices sign and for cards."""
    signed = spoken(XA)
    assert signed_bytes(signed) == canonical(to_json(signed))
    assert card_bytes(XA.card) == canonical(to_json(XA.card))


@given(st.text(), st.floats(0, exclude_min=True, allow_infinity=False), st.booleans())
def test_texts_and_numbers_are_written_alike(text, number, some):
    """Any text and any finite number, or the same error for both."""
    value = (LineItem(text or "a", None, number), some, None)

    def outcome(write):
        try:
            return write(value)
        except InvalidInput as error:
            return str(error)

    assert outcome(written) == outcome(lambda each: canonical(to_json(each)))


def test_half_a_surrogate_pair_is_refused_with_its_place():
    """What UTF-8 cannot hold is refused on the short way as on the long one."""
    with pytest.raises(InvalidInput, match="surrogate"):
        written((LineItem("\ud800", None, 1.0),))
