"""Staged disclosure: what is shown later is what was fixed before, and only recipients are shown it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.exchange.parties import START, message, party

from safeconduct.exchange.disclosure import Disclosure, check_disclosure, digest_of, withhold
from safeconduct.exchange.message import message_bytes, message_hash
from safeconduct.model.errors import InvalidInput

XA = party("XA")
SALT = "5a" * 32
PLACE = "46.65480 38.71890"
MESSAGE = message(XA, withheld=(withhold("place", PLACE, "about 46.7 38.7", SALT),))
GOOD = Disclosure(message_hash(MESSAGE), "place", PLACE, SALT, "XB", START)


def test_the_fact_that_was_fixed_is_accepted():
    """The value and salt of the message's own digest hold."""
    check_disclosure(GOOD, MESSAGE)


@pytest.mark.parametrize(
    "change",
    [{"value": "46.65481 38.71890"}, {"salt": "00" * 32}, {"name": "count"}, {"to": "XD"}, {"message": "00" * 32}],
)
def test_anything_else_is_refused(change):
    """Another value, salt, fact, recipient or message is refused."""
    with pytest.raises(InvalidInput):
        check_disclosure(replace(GOOD, **change), MESSAGE)


def test_the_fact_is_not_in_the_message():
    """The exact value stands nowhere in the message."""
    assert PLACE.encode() not in message_bytes(MESSAGE)


@given(st.text(), st.text())
def test_two_values_have_two_digests(one, other):
    """Under one salt, different values have different digests."""
    assert (one == other) == (digest_of("place", one, SALT) == digest_of("place", other, SALT))


@pytest.mark.parametrize("salt", ["", "5a" * 31, "zz" * 32])
def test_a_short_salt_is_refused(salt):
    """A salt that is not 32 bytes hides nothing and is refused."""
    with pytest.raises(InvalidInput, match="not a salt"):
        digest_of("place", PLACE, salt)
