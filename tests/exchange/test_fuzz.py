"""Every reader of the exchange against damaged input: our error, or a value that is written as it was read."""

import json
import random
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from tests.desk.parties import ITEM, parties
from tests.exchange.parties import party, spoken
from tests.exchange.test_note import NOTE
from tests.exchange.test_proving import GOOD
from tests.exchange.threads import START, conversation

from safeconduct.desk.receiving import receive
from safeconduct.desk.sending import dispatch
from safeconduct.desk.speaking import Speech, say
from safeconduct.desk.witnessing import verify
from safeconduct.desk.writing import written
from safeconduct.exchange import keybox
from safeconduct.exchange.canonical import canonical, parse
from safeconduct.exchange.card import read_card, write_card
from safeconduct.exchange.codec import to_json
from safeconduct.exchange.contents import read_contents, write_contents
from safeconduct.exchange.evidence import read_evidence, write_evidence
from safeconduct.exchange.message import message_bytes, read_message
from safeconduct.exchange.note import read_checkpoint, read_note, write_note
from safeconduct.exchange.parcel import read_parcel, send, write_parcel
from safeconduct.exchange.sealing import seal, unseal
from safeconduct.exchange.signed import read_signed, signed_bytes
from safeconduct.exchange.sounding import Sounding, read_sounding, write_sounding
from safeconduct.model.errors import InvalidInput

MESSAGES = [message_bytes(each) for each in conversation()]
EVIDENCE = write_evidence(GOOD).splitlines(keepends=True)
XA, XB = party("XA"), party("XB")
ITEMS = [to_json(each) for each in ITEM["items"]]
WRITTEN = canonical({"content": "RequestResource", "case": "c", "recipients": ["XB"], "exercise": True, "items": ITEMS})


def parsed(data):
    """The canonical form is the one way in which what was read may differ from what came in."""
    once = canonical(parse(data))
    return data if canonical(parse(once)) == once else once


def checkpoint(data):
    text = data.decode("utf-8", "replace")
    return data if read_checkpoint(text).text == text else b""


def sounded(data):
    read_sounding(data, XB.sounding_seed, XA.card.sounding, START)
    return data


def unlocked(data):
    keybox.unlock(data, "duty", "passphrase")
    return data


def said(data):
    written(data)
    return data


def verified(data):
    verify(data)
    return data


def proved(data):
    """Lines of evidence under a heading that fits them are checked to the end, whatever they hold."""
    lines = data.splitlines(keepends=True)
    heading = {**json.loads(EVIDENCE[0]), "lines": len(lines), "digest": sha256(b"".join(lines)).hexdigest()}
    verify(canonical(heading) + b"\n" + b"".join(lines))
    return data


def readers(folder, monkeypatch):
    """A reader followed by its writer, and input that it takes."""
    found = parties(folder, ("XA", "XB"))  # made once for all tests, with keys as they are
    monkeypatch.setattr(keybox, "_MEMORY_KIB", 64)  # a key that opens at once: what is read is the same
    sender, taker = found.values()
    say(sender, Speech("RequestResource", "c", ("XB",), more=ITEM))
    bundle = dispatch(sender, "XB").data
    parcel = read_parcel(bundle)
    contents = unseal(parcel.sealed, taker.secrets().sealing)
    sounding = Sounding("s", "XA", "XB", START, START + timedelta(hours=1), "would you?")
    sound = write_sounding(sounding, XA.sounding_seed, XB.card.sounding, bytes(range(32)))
    box = keybox.lock("duty", bytes(32), "passphrase", bytes(16))

    def imported(data):
        receive(taker, data)
        return data

    def sent(data):
        """What a party with the right keys and bad intentions seals."""
        sealed = seal(data, [taker.card().sealing])
        routing = replace(parcel.routing, body=sha256(sealed).hexdigest())
        return imported(write_parcel(send(routing, sealed, sender.card(), "duty", sender.seed("duty")))) and data

    return [
        (parsed, MESSAGES),
        (lambda data: message_bytes(read_message(data)), MESSAGES),
        (lambda data: write_note(read_note(data)), [write_note(NOTE)]),
        (checkpoint, [NOTE.text.encode()]),
        (lambda data: write_card(read_card(data)), [write_card(XA.signed)]),
        (lambda data: signed_bytes(read_signed(data)), [signed_bytes(spoken(XA))]),
        (lambda data: write_parcel(read_parcel(data)), [bundle]),
        (lambda data: write_contents(read_contents(data)), [contents]),
        (lambda data: write_evidence(read_evidence(data)), [write_evidence(GOOD)]),
        (sounded, [sound]),
        (unlocked, [box]),
        (said, [WRITTEN]),
        (verified, [b"".join(EVIDENCE), bundle]),
        (proved, [b"".join(EVIDENCE[1:])]),
        (imported, [bundle]),
        (sent, [contents]),
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


def fuzz(readers, seeds):
    read = 0
    for seed in seeds:
        draw = random.Random(seed)
        again, sound = readers[seed % len(readers)]
        data = damaged(draw, sound)
        try:
            assert again(data) == data
        except InvalidInput:
            continue
        read += 1
    return read


def test_damaged_input(tmp_path, monkeypatch):
    """1,600 damaged inputs, a hundred for each reader, some of which are still sound."""
    assert fuzz(readers(tmp_path, monkeypatch), range(1600)) > 0


def test_sound_input(tmp_path, monkeypatch):
    """Each reader takes what it is given undamaged."""
    for again, sound in readers(tmp_path, monkeypatch):
        for each in sound:
            assert again(each) == each


@pytest.mark.soak
def test_much_damaged_input(tmp_path, monkeypatch):
    """200,000 damaged inputs (make soak)."""
    assert fuzz(readers(tmp_path, monkeypatch), range(200_000)) > 0
