"""Faults as a table: where it broke, whether it had become durable all the same, and what must hold afterwards."""

import random
import shutil
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise, product

import pytest
from tests.desk.parties import ITEM, START, later, parties, reopened, sent

from safeconduct.desk.receiving import receipts, receive
from safeconduct.desk.rotation import rotate
from safeconduct.desk.route import handed_on
from safeconduct.desk.sending import dispatch, waiting_for
from safeconduct.desk.speaking import Speech, say, sign_draft
from safeconduct.desk.witnessing import evidence, outrun, verify
from safeconduct.exchange.canonical import parse
from safeconduct.exchange.codec import from_json
from safeconduct.exchange.evidence import read_evidence
from safeconduct.exchange.record import Entry
from safeconduct.exchange.thread import thread_state
from safeconduct.model.errors import Corrupt, InvalidInput, Unavailable
from safeconduct.store.contract import Batch, Thing

ASK = Speech("RequestResource", "c", ("XB",), more=ITEM)


def read_entry(data):
    return from_json(Entry, parse(data))


class Breaking:
    """A store whose n-th commit from now on fails, before it is durable or after."""

    def __init__(self, store, number, *, persisted):
        self._store, self._left, self._persisted = store, number, persisted
        self.broke = False

    def commit(self, batches, *more, **others):
        self._left -= 1
        if self._left != -1:
            return self._store.commit(batches, *more, **others)
        self.broke = True
        if self._persisted:
            self._store.commit(batches, *more, **others)
        raise Unavailable("the store cannot be used", got="disk I/O error")

    def __getattr__(self, name):
        return getattr(self._store, name)


class Stage:
    """Three parties with a request under way from XA to XB, straight and by the mediator XC."""

    def __init__(self, folder):
        self.parties = parties(folder)
        self.draft = say(self.parties["XA"], ASK, ["duty"]).signed.message.id
        self.asked = say(self.parties["XA"], ASK).signed.message.id
        self.straight = dispatch(self.parties["XA"], "XB").data
        self.carried = dispatch(self.parties["XA"], "XB", ["XC"]).data
        self.parcel = receive(self.parties["XC"], dispatch(self.parties["XA"], "XB", ["XC"]).data).parcel

    def again(self, code):
        """The party in a new process: what it remembers is what is durable."""
        old = self.parties[code]
        self.parties[code] = replace(reopened(old.home.path, random.random()), opened=dict(old.opened))
        old.store.close()
        return self.parties[code]

    def close(self):
        for each in self.parties.values():
            each.store.close()


ACTS = {
    "import": ("XB", lambda stage, voice: receive(voice, stage.straight)),
    "receipt": ("XB", lambda _, voice: receipts(voice, "XA")),
    "carry": ("XC", lambda stage, voice: receive(voice, stage.carried)),
    "hand on": ("XC", lambda stage, voice: handed_on(voice, stage.parcel)),
    "draft": ("XA", lambda _, voice: say(voice, ASK, ["duty"])),
    "say": ("XA", lambda _, voice: say(voice, ASK)),
    "sign": ("XA", lambda stage, voice: sign_draft(voice, stage.draft, ["legal"])),
    "export": ("XA", lambda _, voice: dispatch(voice, "XB")),
    "change cards": ("XA", lambda _, voice: rotate(voice, ["legal"], "rotation", acting={})),
}
"""What was being done, by whom."""

ONCE = {"say", "sign", "change cards"}
"""What says something new each time, in one commit: where that was kept, nobody does it again."""


def holds(stage, *, once=None):
    """What must hold whatever happened: sound stores, one place in the log for each message, everything arrives."""
    for code in stage.parties:
        stage.again(code)
    xa, xb = stage.parties["XA"], stage.parties["XB"]
    for one, other in ((xa, xb), (xb, xa), (xa, xb)):
        sent(one, other)
    assert waiting_for(xa, "XB") == waiting_for(xb, "XA") == []
    for voice in stage.parties.values():
        voice.store.check()
        entries = [read_entry(each).hash for each in voice.store.entries()]
        assert all(entries.count(each.digest) == 1 for each in voice.index().known)
    asked = [each.message.id for each in xb.messages() if each.message.content == "RequestResource"]
    assert asked.count(stage.asked) == 1
    if once is not None:
        assert len(asked) == once
    receipted = [each.message.preceding for each in xb.messages() if each.message.content == "Acknowledge"]
    assert sorted(each for each in receipted if each in asked) == sorted(asked)
    threads = [thread_state(each.message for each in voice.messages("c")) for voice in (xa, xb)]
    assert threads[0] == threads[1]
    proofs = [verify(evidence(voice, "c")) for voice in (xa, xb)]
    assert all(each.holds for each in proofs), [step.faults for each in proofs for step in each.steps]


@pytest.fixture
def stage(tmp_path):
    made = Stage(tmp_path)
    yield made
    made.close()


@pytest.mark.parametrize(("act", "number", "persisted"), list(product(ACTS, (0, 1), (False, True))))
def test_a_store_that_fails(stage, act, number, persisted):
    """Whichever commit fails, kept or not: the error says so, and doing it again ends as if nothing had happened."""
    code, do = ACTS[act]
    voice = stage.parties[code]
    broken = Breaking(voice.store, number, persisted=persisted)
    before = (voice.store.size(), voice.store.keys("message"))
    try:
        do(stage, replace(voice, store=broken))
    except Unavailable:
        assert broken.broke
        if number == 0 and not persisted:
            assert (voice.store.size(), voice.store.keys("message")) == before
        voice = stage.again(code)
        if not (persisted and act in ONCE):
            do(stage, voice)
    else:
        assert not broken.broke  # it makes fewer commits than that
    holds(stage, once={"say": 2, "sign": 2}.get(act, 1))


def full(store):
    """No page more than there are."""
    (pages,) = store._db.execute("PRAGMA page_count").fetchone()
    store._db.execute(f"PRAGMA max_page_count = {pages}")
    return lambda: store._db.execute("PRAGMA max_page_count = 1000000")


def read_only(store):
    """Nothing may be written."""
    store._db.execute("PRAGMA query_only = 1")
    return lambda: store._db.execute("PRAGMA query_only = 0")


@pytest.mark.parametrize(
    ("act", "disk", "words"),
    [
        *((act, read_only, "readonly|read-only") for act in ACTS if act != "receipt"),  # there is none to make yet
        ("import", full, "full"),
        ("carry", full, "full"),
    ],
)
def test_a_disk_that_takes_nothing(stage, act, disk, words):
    """The error names the disk, nothing is half done, and with a disk that takes it again the same act goes through."""
    code, do = ACTS[act]
    voice = stage.parties[code]
    before = (voice.store.size(), voice.store.keys("message"), voice.store.keys("parcel"))
    mend = disk(voice.store)
    with pytest.raises(Unavailable, match=words):
        do(stage, voice)
    assert (voice.store.size(), voice.store.keys("message"), voice.store.keys("parcel")) == before
    mend()
    do(stage, voice)
    holds(stage, once={"say": 2, "sign": 2}.get(act, 1))


DAY_AND_HOUR_MIN = 25 * 60


@pytest.mark.parametrize(
    ("sender_min", "fresh", "refused", "named"),
    [
        (5, 1, 0, 0),  # five minutes ahead: any two clocks differ by that
        (60, 1, 0, 1),  # an hour ahead: taken, and said
        (DAY_AND_HOUR_MIN, 0, 1, 0),  # over a day: refused, until a clock is mended
    ],
)
def test_a_clock_that_is_off(tmp_path, sender_min, fresh, refused, named):
    """A sender's clock ahead is taken, named or refused by how far; later the same bundle brings what was refused."""
    found = parties(tmp_path, ("XA", "XB"))
    ahead = later(found["XA"], sender_min)
    say(ahead, ASK)
    data = dispatch(ahead, "XB", good_for=timedelta(days=7)).data
    arrival = receive(found["XB"], data)
    assert (len(arrival.fresh), len(arrival.refused), len(arrival.ahead)) == (fresh, refused, named)
    receive(later(found["XB"], sender_min), data)
    assert [each.message.content for each in found["XB"].messages()] == ["RequestResource", "Acknowledge"]
    for each in found.values():
        each.store.close()


def test_a_recipients_clock_an_hour_slow_breaks_no_thread(tmp_path):
    """The receipt bears an earlier hour than what it acknowledges, and stands after it all the same."""
    found = parties(tmp_path, ("XA", "XB"))
    say(later(found["XA"], 60), ASK)
    sent(later(found["XA"], 60), found["XB"])
    sent(found["XB"], later(found["XA"], 61))
    thread = thread_state(each.message for each in found["XA"].messages("c"))
    assert ([each.state for each in thread.items], thread.violations) == (["Received"], ())
    for each in found.values():
        each.store.close()


def places(data, count):
    """Evenly over the file, its heading and its end among them."""
    return sorted({len(data) * index // count for index in range(count)} | {1, len(data) - 2})


@pytest.mark.parametrize("harm", ["truncated", "altered"])
def test_a_bundle_that_was_harmed(stage, harm):
    """Cut or changed anywhere it is refused, nothing is kept, and the whole one brings everything."""
    voice, data = stage.parties["XB"], stage.straight
    size = voice.store.size()
    for place in places(data, 40):
        bad = data[:place] if harm == "truncated" else data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        with pytest.raises(InvalidInput):
            receive(voice, bad)
    assert (voice.store.size(), voice.store.keys("message")) == (size, ())
    holds(stage, once=1)


def test_a_page_that_rotted_is_named_and_a_backup_brings_it_back(stage, tmp_path):
    """Noise on any page of the store is named by the check; the backup and the bundles since restore all, once."""
    voice = stage.parties["XB"]
    backup = tmp_path / "backup.db"
    voice.store.backup(str(backup))
    receive(voice, stage.straight)
    voice.store.close()
    whole = (voice.home.path / "record.db").read_bytes()
    size = int.from_bytes(whole[16:18], "big")
    for start, end in pairwise(range(0, len(whole) + 1, size)):
        noise = random.Random(start).randbytes(end - start)
        (voice.home.path / "record.db").write_bytes(whole[:start] + noise + whole[end:])
        with pytest.raises((Corrupt, Unavailable)):
            damaged(voice)
    shutil.copy(backup, voice.home.path / "record.db")
    stage.parties["XB"] = restored = replace(reopened(voice.home.path, "restored"), opened=voice.opened)
    assert len(receive(restored, stage.straight).fresh) == 1
    holds(stage, once=1)


def put_back(voice, backup):
    """The party with an older state of its store."""
    voice.store.close()
    for left in voice.home.path.glob("record.db-*"):
        left.unlink()
    shutil.copy(backup, voice.home.path / "record.db")
    return replace(reopened(voice.home.path, "put back"), opened=dict(voice.opened))


def test_an_older_state_put_back_is_named_and_goes_on_under_a_new_log(stage, tmp_path):
    """
    What was said after the backup comes back from the other side; the old log is refused as forked and known to be
    outrun; under a new log everything goes on, and the evidence of both sides holds.
    """
    xa, xb = stage.parties["XA"], stage.parties["XB"]
    sent(xa, xb)
    sent(xb, xa)
    backup = tmp_path / "backup.db"
    xa.store.backup(str(backup))
    lost = say(later(xa, 1), Speech("NotifyAuxiliaryRecipients", "c", ("XB",), stage.asked)).signed.message.id
    sent(xa, xb)
    answer = say(later(xb, 2), Speech("NotifyAuxiliaryRecipients", "c", ("XA",), lost))
    assert outrun(xa) == ""
    xa = stage.parties["XA"] = put_back(xa, backup)
    assert outrun(xa) == ""  # nobody has told it yet
    say(later(xa, 3), ASK)
    with pytest.raises(InvalidInput, match="forked"):
        sent(later(xa, 3), xb)
    assert receive(xa, dispatch(xb, "XA").data).fresh[-1:] == (answer.signed.message.id,)
    assert "others have seen" in outrun(xa)
    rotate(later(xa, 4), [], "loss", acting={}, new_log=True)
    assert outrun(xa) == ""
    for one, other in ((xa, xb), (xb, xa)):
        sent(later(one, 5), later(other, 5))
    assert lost in {each.message.id for each in xa.messages()}
    holds(stage, once=2)


def test_a_state_put_back_from_before_what_was_confirmed_comes_to_terms_all_the_same(stage, tmp_path):
    """
    The other side proves its log from what it knows to have arrived, and the store put back is older than that: its
    bundle is refused, until the log of another name shows that it has to prove from all that was ever seen.
    """
    xa, xb = stage.parties["XA"], stage.parties["XB"]
    sent(xa, xb)
    sent(xb, xa)
    backup = tmp_path / "backup.db"
    xa.store.backup(str(backup))
    lost = []
    for minute in (1, 2, 3):
        speech = Speech("NotifyAuxiliaryRecipients", "c", ("XB",), stage.asked)
        lost += [say(later(xa, minute), each).signed.message.id for each in (speech, ASK)]
        sent(later(xa, minute), later(xb, minute))
        sent(later(xb, minute), later(xa, minute))
    xa = stage.parties["XA"] = put_back(xa, backup)
    with pytest.raises(InvalidInput, match="growth without proof"):
        sent(later(xb, 4), later(xa, 4))
    rotate(later(xa, 5), [], "loss", acting={}, new_log=True)
    for one, other in ((xa, xb), (xb, xa)) * 2:  # all that it had said itself, then what that stands on
        sent(later(one, 6), later(other, 6))
    assert set(lost) <= {each.message.id for each in xa.messages()}
    assert thread_state(each.message for each in xa.messages("c")).holes == ()
    assert len(xb.pin("seen/XA")) < 4  # confirmed anew, and what is older is left out again


def test_an_own_message_that_is_held_comes_back_to_no_effect(stage):
    """What is held already is logged once, whoever sends it back."""
    xa, xb = stage.parties["XA"], stage.parties["XB"]
    sent(xa, xb)
    (known,) = [each for each in xb.index().known if each.id == stage.asked]
    xb.store.commit((Batch((Thing("outbox", f"XA/{known.digest}", b"c"),)),))
    arrival = sent(xb, xa)
    assert stage.asked not in arrival.fresh
    assert [each.entry.kind for each in logged(xa, known.digest)] == ["sent"]


def logged(voice, digest):
    """What the party's log holds of a message, as its evidence shows it."""
    found = read_evidence(evidence(voice, "c")).inclusions
    return [each for each in found if (each.entry.hash, each.log) == (digest, voice.card().log_name)]


def damaged(voice):
    """Open and check; the file is let go of whatever comes of it."""
    again = reopened(voice.home.path, "damaged")
    try:
        again.store.check()
    finally:
        again.store.close()


def test_what_was_dated_before_the_card_is_refused(tmp_path):
    """A clock set back before the own keys were made signs nothing that the other side would take."""
    found = parties(tmp_path, ("XA", "XB"))
    early = replace(found["XA"], at=START - timedelta(hours=1))
    with pytest.raises(InvalidInput, match="younger"):
        say(early, ASK)
    assert waiting_for(found["XA"], "XB") == []
    for each in found.values():
        each.store.close()
