"""Every reader of the exchange against damaged input: our error, or a value that is written as it was read."""

import random

import pytest
from tests.exchange.test_note import NOTE
from tests.exchange.threads import conversation

from safeconduct.exchange.canonical import canonical, parse
from safeconduct.exchange.message import message_bytes, read_message
from safeconduct.exchange.note import read_checkpoint, read_note, write_note
from safeconduct.model.errors import InvalidInput

MESSAGES = [message_bytes(each) for each in conversation()]


def parsed(data):
    """The canonical form is the one way in which what was read may differ from what came in."""
    once = canonical(parse(data))
    return data if canonical(parse(once)) == once else once


def checkpoint(data):
    text = data.decode("utf-8", "replace")
    return data if read_checkpoint(text).text == text else b""


READERS = [  # a reader followed by its writer, and input that it takes
    (parsed, MESSAGES),
    (lambda data: message_bytes(read_message(data)), MESSAGES),
    (lambda data: write_note(read_note(data)), [write_note(NOTE)]),
    (checkpoint, [NOTE.text.encode()]),
]
PIECES = [b"null", b"[]", b"{}", b"-0", b"1e999", b"\\ud800", b"\xff", b"\n", "—".encode(), b" ", b'"', b"0", b"\\"]


def damaged(draw, sound):
    """One to four cuts, doublings, flips or insertions."""
    data = bytearray(draw.choice(sound))
    for _ in range(draw.randint(1, 4)):
        at = draw.randrange(len(data) + 1)
        upto = at + draw.randint(0, 8)
        kind = draw.randrange(4)
        if kind == 0:
            del data[at:upto]
        elif kind == 1:
            data[at:at] = data[at:upto]
        elif kind == 2 and at < len(data):
            data[at] ^= 1 << draw.randrange(8)
        else:
            data[at:at] = draw.choice(PIECES)
    return bytes(data)


def fuzz(seeds):
    read = 0
    for seed in seeds:
        draw = random.Random(seed)
        again, sound = READERS[seed % len(READERS)]
        data = damaged(draw, sound)
        try:
            written = again(data)
        except InvalidInput:
            continue
        assert written == data
        read += 1
    return read


def test_damaged_input():
    """2,000 damaged inputs, some of which are still sound."""
    assert fuzz(range(2000)) > 0


@pytest.mark.soak
def test_much_damaged_input():
    """200,000 damaged inputs."""
    assert fuzz(range(200_000)) > 0
