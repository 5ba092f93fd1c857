"""Soundings: each side knows that the other spoke; nobody else can be shown it."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.exchange.parties import START, party

from safeconduct.exchange.sounding import SIZE, Sounding, read_sounding, sounding_key, write_sounding
from safeconduct.model.errors import InvalidInput

XA, XB, XC = party("XA"), party("XB"), party("XC")
ASKED = Sounding("s1", "XA", "XB", START, START + timedelta(hours=12), "would you, if asked?", conditions=("unarmed",))
DRAW = random.Random(4)


def written(sounding=ASKED, seed=XA.sounding_seed, theirs=XB.card.sounding):
    return write_sounding(sounding, seed, theirs, DRAW.randbytes(32))


def heard(data, seed=XB.sounding_seed, theirs=XA.card.sounding, at=START):
    return read_sounding(data, seed, theirs, at)


def test_the_other_side_reads_it():
    """What one side writes the other reads."""
    assert heard(written()) == ASKED


def test_nobody_else_reads_it():
    """A third party, knowing both public keys, opens nothing."""
    with pytest.raises(InvalidInput, match="does not open"):
        heard(written(), seed=XC.sounding_seed)


def test_nobody_else_can_have_written_it():
    """What a third party writes to XB does not open as XA's."""
    with pytest.raises(InvalidInput, match="does not open"):
        heard(written(seed=XC.sounding_seed))


def test_the_one_who_received_it_could_have_written_it():
    """
    XB makes, with its own secret alone, a sounding that opens as XA's: so showing one, with the key, proves nothing.
    """
    said = replace(ASKED, about="whatever XB would have XA say")
    forged = _written_by_the_recipient(said)
    assert heard(forged) == said


def _written_by_the_recipient(sounding):
    """As `write_sounding`, from the two secrets that the recipient can compute without the sender's."""
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    from safeconduct.exchange import sounding as room
    from safeconduct.exchange.canonical import canonical
    from safeconduct.exchange.codec import to_json

    ephemeral = DRAW.randbytes(32)
    public = bytes.fromhex(sounding_key(ephemeral))
    once = room._shared(ephemeral, XB.card.sounding)
    always = room._shared(XB.sounding_seed, XA.card.sounding)
    key = room._key(once, always, public, XA.card.sounding, XB.card.sounding)
    body = canonical(to_json(sounding))
    filled = len(body).to_bytes(2, "big") + body
    filled += bytes(SIZE - len(room.MAGIC) - 32 - 16 - len(filled))
    return room.MAGIC + public + ChaCha20Poly1305(key).encrypt(bytes(12), filled, room.MAGIC + public)


def test_all_soundings_are_of_one_length():
    """A question and a refusal cannot be told apart by their length."""
    refused = Sounding("s2", "XA", "XB", START, START + timedelta(hours=1), "no", "s1", "no", refuses=("armed",))
    assert len(written()) == len(written(refused)) == SIZE


def test_two_files_of_one_sounding_differ():
    """The same words twice give other bytes: a carrier cannot tell that something was repeated."""
    assert written() != written()


def test_it_expires():
    """After its time it is nothing."""
    with pytest.raises(InvalidInput, match="expired"):
        heard(written(), at=START + timedelta(hours=13))


@given(place=st.integers(0, SIZE - 1), bit=st.integers(0, 7))
def test_an_altered_sounding_does_not_open(place, bit):
    """With any bit changed it is refused."""
    data = bytearray(_FIXED)
    data[place] ^= 1 << bit
    with pytest.raises(InvalidInput):
        heard(bytes(data))


_FIXED = written()


@pytest.mark.parametrize("change", [{"until_at": START}, {"would": "yes"}, {"recipient": "XA"}, {"about": ""}])
def test_what_is_no_sounding_is_refused(change):
    """No time, an answer to nothing, to oneself, about nothing: refused at birth."""
    with pytest.raises(InvalidInput):
        replace(ASKED, **change)


def test_too_long_a_sounding_is_refused():
    """What does not fit the one length is refused when it is written."""
    with pytest.raises(InvalidInput, match="too long"):
        written(replace(ASKED, about="x" * SIZE))


def test_a_key_under_which_all_secrets_are_known_is_refused():
    """A point of low order is no key."""
    with pytest.raises(InvalidInput, match="not a sounding key"):
        written(theirs="00" * 32)
