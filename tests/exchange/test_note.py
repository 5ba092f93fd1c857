"""A log's head as a text that any witness's tools can read."""

import base64
import contextlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.exchange.merkle import leaf_hash, tree
from safeconduct.exchange.note import (
    COSIGNATURE,
    Checkpoint,
    Note,
    NoteKey,
    NoteSignature,
    Signer,
    read_checkpoint,
    read_note,
    signed,
    signers,
    write_note,
)
from safeconduct.exchange.signature import public_key
from safeconduct.model.errors import InvalidInput

SEED, OTHER = bytes(range(32)), bytes(32)
LOG = NoteKey("example.org/log", public_key(SEED))
WITNESS = NoteKey("witness.example", public_key(OTHER), COSIGNATURE)
HEAD = Checkpoint(LOG.name, 3, tree([leaf_hash(bytes([i])) for i in range(3)]).head())
NOTE = Note(HEAD.text, (signed(HEAD.text, LOG, SEED), signed(HEAD.text, WITNESS, OTHER, time_s=1_700_000_000)))


def test_a_note_of_another_maker_is_read():
    """The example of golang.org/x/mod/sumdb/note: key id and signature hold."""
    data = (
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n"
        "\n"
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZIn"
        "NIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    ).encode()
    name, identity, encoded = "PeterNeumann", "c74f20a3", "ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    key = NoteKey(name, base64.b64decode(encoded)[1:])
    assert key.id.hex() == identity
    assert signers(read_note(data), [key]) == (Signer(key, None),)
    assert write_note(read_note(data)) == data


def test_log_and_witness_sign_one_head():
    """Both signatures hold, the witness's with its time, and the head comes back from the bytes."""
    note = read_note(write_note(NOTE))
    assert note == NOTE
    assert signers(note, [WITNESS, LOG]) == (Signer(WITNESS, 1_700_000_000), Signer(LOG, None))
    assert read_checkpoint(note.text) == HEAD


def test_a_key_that_did_not_sign_is_not_among_the_signers():
    """Another key, or the same key under another name or as another kind, establishes nothing."""
    for key in (NoteKey("example.org/log", public_key(OTHER)), replace(LOG, name="x"), replace(LOG, kind=COSIGNATURE)):
        assert signers(NOTE, [key]) == ()


@given(st.data())
def test_any_changed_byte_is_noticed(data):
    """After any change of one byte the note is none, or one of the two signatures no longer holds or counts."""
    whole = bytearray(write_note(NOTE))
    whole[data.draw(st.integers(0, len(whole) - 1))] ^= data.draw(st.integers(1, 255))
    found = ()
    with contextlib.suppress(InvalidInput):
        found = signers(read_note(bytes(whole)), [LOG, WITNESS])
    assert len(found) < 2


def test_a_signature_under_a_given_key_that_fails_is_an_error():
    """A line that claims a key and does not hold is never passed over."""
    forged = replace(NOTE.signatures[0], value=bytes(64))
    for lines in ((forged,), (NOTE.signatures[0], forged), (replace(NOTE.signatures[0], value=b"short"),)):
        with pytest.raises(InvalidInput):
            signers(replace(NOTE, signatures=lines), [LOG])


def test_a_witness_cannot_be_moved_in_time():
    """The time is under the signature."""
    line = NOTE.signatures[1]
    later = replace(line, value=(1_800_000_000).to_bytes(8, "big") + line.value[8:])
    with pytest.raises(InvalidInput):
        signers(replace(NOTE, signatures=(later,)), [WITNESS])


GOOD = write_note(NOTE).decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "text\n",
        "text\n\n",
        "text\n\n— a\n",
        GOOD[:-1],
        GOOD.replace("— e", "- e"),
        GOOD.replace("\n", "\r\n"),
        GOOD + "\n",
        GOOD + "— a AAAA\n",  # four bytes of key id and nothing after them
        GOOD + "— a AAAAAAB=\n",  # bits left over
        GOOD + "— a  AAAAAAA=\n",
        GOOD + "— a+b AAAAAAA=\n",
        GOOD + "— a AAAAAAA=\n" * 99,
        GOOD.replace("3", "3\t", 1),
    ],
)
def test_what_is_no_note_is_refused(text):
    """With our error."""
    with pytest.raises(InvalidInput):
        read_note(text.encode())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "log\n3\n",
        "log\n03\nrra8/idLcKFPsGel5VeCZNsPqbUa9eC6FZFY8yngbnc=\n",
        "log\n-3\nrra8/idLcKFPsGel5VeCZNsPqbUa9eC6FZFY8yngbnc=\n",
        "log\n99999999999999999999\nrra8/idLcKFPsGel5VeCZNsPqbUa9eC6FZFY8yngbnc=\n",
        "log\n3\nrra8\n",
        "log\n3\nrra8/idLcKFPsGel5VeCZNsPqbUa9eC6FZFY8yngbnc=",
        "log\n3\nrra8/idLcKFPsGel5VeCZNsPqbUa9eC6FZFY8yngbnc=\n\n",
        "\n3\nrra8/idLcKFPsGel5VeCZNsPqbUa9eC6FZFY8yngbnc=\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text):
    """With our error."""
    with pytest.raises(InvalidInput):
        read_checkpoint(text)


@given(st.binary(max_size=120) | st.text("— abc+/=\n\t\x00é", max_size=60).map(str.encode))
def test_any_bytes_are_a_note_or_our_error(data):
    """The reader raises nothing but our error, and what it reads is written as it was."""
    with contextlib.suppress(InvalidInput):
        assert write_note(read_note(data)) == data


@pytest.mark.parametrize(
    "ask",
    [
        lambda: signed(HEAD.text, LOG, OTHER),  # another's seed
        lambda: signed(HEAD.text, LOG, SEED, time_s=1),
        lambda: signed(HEAD.text, WITNESS, OTHER),
        lambda: signed(HEAD.text, WITNESS, OTHER, time_s=0),
        lambda: signed("no end", LOG, SEED),
        lambda: NoteKey("a b", LOG.public_key),
        lambda: NoteKey("a", b"short"),
        lambda: NoteKey("a", LOG.public_key, 2),
        lambda: Checkpoint("log", -1, HEAD.head),
        lambda: Checkpoint("log", 1, b""),
        lambda: Checkpoint("log", 1, HEAD.head, ("",)),
        lambda: Checkpoint("a\nb", 1, HEAD.head),
        lambda: write_note(Note(HEAD.text, ())),
        lambda: write_note(Note(HEAD.text, (NoteSignature("a b", b"1234", b"5"),))),
    ],
)
def test_what_cannot_be_signed_is_refused(ask):
    """With our error."""
    with pytest.raises(InvalidInput):
        ask()
