"""Soundings at rest: found again, deleted after their hour, and telling a thief nothing."""

import random
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from tests.desk.parties import ITEM, START, later, parties, reopened, sent

from safeconduct.desk.party import open_party
from safeconduct.desk.sounding import Question, answer, forget, hear, sound, soundings
from safeconduct.desk.speaking import Speech, say
from safeconduct.desk.witnessing import evidence
from safeconduct.exchange.evidence import read_evidence, write_evidence
from safeconduct.model.instants import iso


@pytest.fixture
def two(tmp_path):
    found = parties(tmp_path, ("XA", "XB"))
    yield found["XA"], found["XB"]
    for each in found.values():
        each.store.close()


def test_what_was_heard_is_found_again(two):
    """A sounding that was heard is listed until it expires, with its words."""
    xa, xb = two
    said, data = sound(xa, "XB", Question("would you?", ("unarmed",)))
    hear(xb, data)
    assert soundings(xb) == (said,)
    assert soundings(later(xb, 60 * 13)) == ()


def test_an_answer_names_its_question(two):
    """The answer of the one opens for the other, and says what it answers."""
    xa, xb = two
    said, data = sound(xa, "XB", Question("would you?"))
    hear(xb, data)
    answered, back = answer(xb, said.id[-8:], "yes", Question("if asked in writing"))
    assert hear(xa, back) == answered
    assert answered.answers == said.id


def test_after_its_hour_it_is_deleted_when_the_party_is_opened(two):
    """Opening the party's directory later, with no passphrase, leaves nothing of it on the shelf."""
    xa, xb = two
    _, data = sound(xa, "XB", Question("would you?"), good_for=timedelta(hours=1))
    hear(xb, data)
    kept = reopened(xb.home.path, "still")
    assert len(kept.store.keys("sounding")) == 1
    after = open_party(xb.home.path, START + timedelta(hours=2), xb.draw, {})
    assert after.store.keys("sounding") == ()
    for each in (kept, after):
        each.store.close()


def test_a_stolen_store_does_not_name_the_other_side(two):
    """Neither the other party's code in an id nor the words stand on the shelf of soundings."""
    xa, xb = two
    said, data = sound(xa, "XB", Question("would you?"))
    hear(xb, data)
    (key,) = xb.store.keys("sounding")
    assert said.id not in key
    assert "xa" not in key
    assert b"would you" not in xb.store.get("sounding", key)


def test_nothing_at_rest_fits_the_other_sides_copy(two):
    """Not the second at which it ends, nor any name that can be computed from its id without this desk's key."""
    xa, xb = two
    said, data = sound(later(xa, 7), "XB", Question("would you?"))
    hear(later(xb, 8), data)
    hear(later(xb, 8), data)
    (key,) = xb.store.keys("sounding")
    assert iso(said.until_at) not in key
    assert sha256(said.id.encode()).hexdigest() not in key
    assert soundings(later(xb, 60)) == (said,)


def bare(file):
    """Evidence without what rests on the seal, whose randomness is the system's: its length and all the rest."""
    found = replace(read_evidence(file), carried=())
    return len(file), write_evidence(found)


def test_no_trace_of_a_sounding_is_in_what_others_get(tmp_path):
    """Log and evidence are the same to the byte, sizes and ids too, whether the two had sounded each other or not."""
    found = []
    for sounded in (False, True):
        (tmp_path / str(sounded)).mkdir()
        xa, xb = parties(tmp_path / str(sounded), ("XA", "XB")).values()
        if sounded:
            asked, data = sound(xa, "XB", Question("would you?"))
            hear(xb, data)
            hear(xa, answer(xb, asked.id, "yes", Question("if asked in writing"))[1])
            forget(xb)
        xa, xb = (replace(each, draw=random.Random("same").randbytes) for each in (xa, xb))
        say(xa, Speech("RequestResource", "c", ("XB",), more=ITEM))
        sent(xa, xb)
        sent(xb, xa)
        for each in (xa, xb):
            found.append((tuple(each.store.entries()), evidence(each, "c")))
            assert b"would you" not in found[-1][1]
            each.store.close()
    assert [log for log, _ in found[:2]] == [log for log, _ in found[2:]]
    assert [bare(file) for _, file in found[:2]] == [bare(file) for _, file in found[2:]]


def test_some_are_forgotten_by_the_end_of_their_id(two):
    """One of two is forgotten by name, the other by forgetting all."""
    xa, xb = two
    first, data = sound(xa, "XB", Question("one"))
    hear(xb, data)
    second, data = sound(xa, "XB", Question("two"))
    hear(xb, data)
    assert forget(xb, [first.id[-8:]]) == 1
    assert soundings(xb) == (second,)
    assert forget(replace(xb, passphrases={}, opened={})) == 1
