"""Two processes at one desk: whatever both do at once, nothing is doubled, nothing lost, and no chain or log forks."""

import multiprocessing
import random
import shutil
from collections import Counter
from dataclasses import replace
from itertools import product

import pytest
from tests.desk.parties import ITEM, later, parties, reopened, sent

from safeconduct.desk.again import TRIES
from safeconduct.desk.disclosing import disclose, withheld
from safeconduct.desk.party import own_card, trust
from safeconduct.desk.receiving import receipts, receive
from safeconduct.desk.rotation import rotate
from safeconduct.desk.sending import dispatch, waiting_for
from safeconduct.desk.sounding import Question, hear, sound, soundings
from safeconduct.desk.speaking import Speech, by_id, say, say_all, sign_draft
from safeconduct.desk.voice import pinned
from safeconduct.desk.witnessing import evidence, outrun, verify
from safeconduct.exchange.card import card_hash
from safeconduct.exchange.thread import thread_state
from safeconduct.model.errors import InvalidInput, Unavailable
from safeconduct.store.contract import Batch

NOTE = "NotifyAuxiliaryRecipients"
CODES = ("XA", "XB", "XC")


class Desk:
    """XB, at whose desk two processes work, with everything before it that can be done once or twice."""

    def __init__(self, folder, made):
        self.folder = folder
        self.files = made.files
        self.opened = made.opened
        self.voices = {code: self.open(code) for code in CODES}
        self.other = self.open("XB")

    def open(self, code):
        voice = reopened(self.folder / code, random.random())
        return replace(voice, at=later(voice, 10).at, opened=dict(self.opened[code]))

    def close(self):
        for each in (*self.voices.values(), self.other):
            each.store.close()


class Made:
    """The directories of a desk, made once: what came in, a draft, a receipt that is owed, files to take in."""

    def __init__(self, folder):
        found = parties(folder, CODES)
        xa, xb, _ = found.values()
        asked = say(xa, Speech("RequestResource", "c", ("XB",), more=ITEM)).signed.message.id
        sent(xa, xb)
        place, secret = withheld(xb, "place", "38.7 46.6", "north")
        own = Speech("RequestResource", "c", ("XA",), more={**ITEM, "withheld": (place,)}, things=(secret,))
        placed = say(xb, own).signed.message.id
        sent(xb, xa)
        say(xa, Speech(NOTE, "c", ("XB",), asked))
        only = {name: xb.opened[name] for name in ("party",)}
        receive(replace(xb, passphrases={"party": "passphrase"}, opened=only), dispatch(xa, "XB").data)
        draft = say(xb, Speech("RequestResource", "c", ("XA",), more=ITEM), ["duty"]).signed.message.id
        come = [say(later(xa, 1), Speech(NOTE, "c", ("XB",), asked)).signed.message.id]
        first = dispatch(later(xa, 1), "XB").data
        come.append(say(later(xa, 2), Speech(NOTE, "c", ("XB",), asked)).signed.message.id)
        second = dispatch(later(xa, 2), "XB").data
        say(later(xa, 3), Speech("RequestResource", "d", ("XC",), more=ITEM))
        parcel = dispatch(later(xa, 3), "XC", ["XB"]).data
        heard = sound(later(xa, 3), "XB", Question("would you"))[1]
        self.opened = {code: dict(each.opened) for code, each in found.items()}
        rotate(later(xa, 4), ["legal"], "rotation", acting={})
        self.opened["XA"].pop("legal")
        self.opened["XA"]["legal"] = later(xa, 5).seed("legal")
        cards = (own_card(xa), card_hash(xa.chain("XA")[0].card))
        self.files = {
            "asked": asked,
            "placed": placed,
            "draft": draft,
            "come": come,
            "first": first,
            "second": second,
            "parcel": parcel,
            "heard": heard,
            "cards": cards,
        }
        for each in found.values():
            each.store.close()


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    return folder, Made(folder)


@pytest.fixture
def desk(made, tmp_path):
    folder, done = made
    for code in CODES:
        shutil.copytree(folder / code, tmp_path / code)
    found = Desk(tmp_path, done)
    yield found
    found.close()


class Meanwhile:
    """A store before whose first commits something else is done; everything had been read by then."""

    def __init__(self, store, *acts):
        self._store, self._acts = store, list(acts)

    def commit(self, *said):
        if self._acts:
            self._acts.pop(0)()
        return self._store.commit(*said)

    def __getattr__(self, name):
        return getattr(self._store, name)


ACTS = {
    "say": lambda voice, files: say(voice, Speech(NOTE, "c", ("XA",), files["asked"])),
    "say all": lambda voice, files: say_all(voice, [Speech(NOTE, "c", ("XA",), files["asked"])] * 2),
    "sign": lambda voice, files: sign_draft(voice, files["draft"], ["legal"]),
    "receipt": lambda voice, _: receipts(voice, "XA"),
    "import": lambda voice, files: receive(voice, files["first"]),
    "import more": lambda voice, files: receive(voice, files["second"], together=1),
    "carry": lambda voice, files: receive(voice, files["parcel"]),
    "export": lambda voice, _: dispatch(voice, "XA"),
    "disclose": lambda voice, files: disclose(voice, by_id(voice, files["placed"]), "place", "XA"),
    "rotate": lambda voice, _: rotate(voice, ["legal"], "rotation", acting={}),
    "renew desk": lambda voice, _: rotate(voice, [], "rotation", acting={}, desk_keys=True),
    "trust": lambda voice, files: trust(voice, *files["cards"]),
    "sound": lambda voice, _: sound(voice, "XA", Question("would you")),
    "hear": lambda voice, files: hear(voice, files["heard"]),
}
"""What one process does while another does the same or something else."""

CHANGES = {"rotate", "renew desk"}
GONE = {("sign", each) for each in ("sign", *CHANGES)}
"""The draft was completed by the other, or bears the card before: that is said, and nothing is signed."""


OFTEN = ("say", "import more", "export", "renew desk")
"""Against these, and against itself, every act is tried each time; the other pairs are long (make soak)."""

PAIRS = [
    pytest.param(act, other, marks=() if other in (act, *OFTEN) else pytest.mark.soak)
    for act, other in product(ACTS, ACTS)
]


@pytest.mark.parametrize(("act", "meanwhile"), PAIRS)
def test_two_acts_at_once(desk, act, meanwhile):
    """Whatever the other process commits after everything was read: both acts are done, each once, as if in turn."""
    done = [meanwhile]
    voice, other = desk.voices["XB"], desk.other
    beside = replace(voice, store=Meanwhile(voice.store, lambda: done.append(ACTS[meanwhile](other, desk.files))))
    found = []
    try:
        found.append(ACTS[act](beside, desk.files))
    except InvalidInput:
        assert (act, meanwhile) in GONE
    assert len(done) == 2  # it did happen in between
    holds(desk, Counter([act, meanwhile]) - Counter([act] if (act, meanwhile) in GONE else []), [*found, done[1]])


def holds(desk, acts, results):
    """What must hold: every act left its trace once, the log is whole, and the other side takes all of it."""
    xb = desk.open("XB")
    xb.store.check()
    entries = list(xb.store.entries())
    assert len(entries) == len(set(entries))
    own = [each.message for each in xb.messages("c") if each.message.sender == "XB"]
    notes = [each for each in own if each.content == NOTE]
    assert len(notes) == acts["say"] + 2 * acts["say all"]
    assert [each.id for each in own].count(desk.files["draft"]) == acts["sign"] == 1 - len(xb.store.keys("draft"))
    held = {each.message.id for each in xb.messages("c")}
    came = acts["import"] or acts["import more"], acts["import more"]
    assert [name in held for name in desk.files["come"]] == [bool(each) for each in came]
    receipted = [each.preceding for each in own if each.content == "Acknowledge"]
    assert len(receipted) == len(set(receipted))
    assert len(xb.store.keys("parcel")) == sum(b'"transit"' in each for each in entries) == bool(acts["carry"])
    assert len(xb.store.keys("disclosure")) == bool(acts["disclose"])
    assert len(xb.chain("XB")) == 1 + sum(acts[each] for each in CHANGES)
    assert len(soundings(xb)) == acts["sound"] + bool(acts["hear"])
    told = xb.pin("told/XA")[1]
    assert {each.parcel for each in results if hasattr(each, "wants") and hasattr(each, "data")} <= told.keys()
    assert not any("-next-" in each.name for each in (xb.home.path / "keys").iterdir())
    xb.store.close()
    settles(desk, [each.data for each in results if hasattr(each, "data") and hasattr(each, "wants")])


def settles(desk, bundles):
    """The bundles that were made meanwhile arrive in any order, then one each way: both sides hold the same."""
    xa, xb = desk.voices["XA"], desk.open("XB")
    for each in reversed(bundles):
        receive(xa, each)
    for one, other in ((xb, xa), (xa, xb), (xb, xa), (xa, xb)):
        sent(later(one, 20), later(other, 20))
    assert waiting_for(xa, "XB") == waiting_for(xb, "XA") == []
    assert outrun(xb) == ""
    threads = [thread_state(each.message for each in voice.messages("c")) for voice in (xa, xb)]
    assert threads[0] == threads[1]
    assert not [each for each in threads[0].violations if each.code.endswith("-forked")]
    for voice in (xa, xb):
        proof = verify(evidence(voice, "c"))
        assert proof.holds, [step.faults for step in proof.steps]
    xb.store.close()


def test_who_is_overtaken_again_and_again_is_let_through(desk):
    """After some tries the others are kept waiting: a busy desk starves nobody."""
    voice, other = desk.voices["XB"], desk.other
    times = []

    def busy():
        times.append(None)
        other.store.commit((Batch((pinned("via/XA", len(times)),)),))

    store = Meanwhile(voice.store, *[busy] * TRIES)
    assert say(replace(voice, store=store), Speech(NOTE, "c", ("XA",), desk.files["asked"])).sent
    assert len(times) == TRIES
    holds(desk, Counter(["say"]), [])


def test_who_never_gets_a_turn_is_told_so(desk, monkeypatch):
    """A process that writes and does not come to an end is named after some seconds, and nothing was signed."""
    monkeypatch.setattr("safeconduct.store.sqlite._BUSY_S", 0.05)
    voice = desk.open("XB")
    with desk.other.store.alone(), pytest.raises(Unavailable, match="locked"):
        ACTS["say"](voice, desk.files)
    voice.store.close()
    holds(desk, Counter(), [])


def test_a_breach_that_arises_meanwhile_is_refused(desk):
    """What was in order when it was read and is not any more is checked anew before it is signed."""
    voice, other, seen = desk.voices["XB"], desk.other, []

    def check(asking, speech):
        seen.append(len(tuple(asking.messages("c"))))
        if len(seen) == 2:
            raise InvalidInput("a breach", got=speech.content)

    store = Meanwhile(voice.store, lambda: ACTS["say"](other, desk.files))
    with pytest.raises(InvalidInput, match="a breach"):
        say(replace(voice, store=store), Speech(NOTE, "c", ("XA",), desk.files["asked"]), check=check)
    assert seen[1] == seen[0] + 1
    holds(desk, Counter(["say"]), [])


def work(path, opened, barrier, jobs, files, seed):
    """A process at the desk: its jobs, one after the other, all processes starting at once."""
    voice = reopened(path, seed)
    voice = replace(voice, at=later(voice, 10).at, opened=dict(opened))
    barrier.wait(60)
    for job in jobs:
        ACTS[job](voice, files)
    voice.store.close()


def test_real_processes_at_one_desk(desk):
    """Five processes that say, take in, export, disclose and change keys at once: all of it is there, once."""
    turns = (
        ["say"] * 12,
        ["say all", "export"] * 5,
        ["import", "import more", "receipt", "export", "disclose", "hear"],
        ["import more", "import", "carry", "disclose", "sound", "export"],
        ["say", "rotate", "say", "trust", "renew desk", "say", "carry"],
    )
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(len(turns))
    path, opened = desk.folder / "XB", desk.opened["XB"]
    workers = [
        context.Process(target=work, args=(path, opened, barrier, jobs, desk.files, seed))
        for seed, jobs in enumerate(turns)
    ]
    for each in workers:
        each.start()
    for each in workers:
        each.join(120)
    assert [each.exitcode for each in workers] == [0] * len(turns)
    holds(desk, Counter(job for jobs in turns for job in jobs), [])
