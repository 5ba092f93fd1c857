"""kill -9 at every step: what was receipted is there, nothing is doubled, the log is whole."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from tests.desk.parties import ITEM, parties, reopened

from safeconduct.desk.receiving import STEPS, receive
from safeconduct.desk.sending import dispatch, pass_on
from safeconduct.desk.speaking import Speech, say
from safeconduct.desk.witnessing import evidence, verify
from safeconduct.exchange.parcel import read_parcel

REPO = Path(__file__).resolve().parent.parent.parent
BUNDLES = 3
MARKS = ("opened-party", *STEPS, "drafted", "signed", "exported")
"""Where the process is killed: after the n-th time that it said this, or some instants later."""


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    """A sender, the bundles it wrote, and the directory of the one who is to take them in."""
    folder = tmp_path_factory.mktemp("kill")
    found = parties(folder, ("XA", "XB"))
    (folder / "bundles").mkdir()
    for number in range(BUNDLES):
        say(found["XA"], Speech("RequestResource", "c", ("XB",), more=ITEM))
        (folder / "bundles" / f"{number}.scb").write_bytes(dispatch(found["XA"], "XB").data)
    found["XB"].store.close()
    return folder, found


def run_and_kill(role, paths, draw, marks=MARKS, often=STEPS):
    """Start the process, kill it -9 at a random place; the receipts that it had spoken of, and how far it came."""
    mark, delay = draw.choice(marks), draw.choice([0.0, 0.0, draw.random() * 0.05])
    count = draw.randint(1, BUNDLES)
    command = [sys.executable, "-m", "tests.desk.killed", role, *map(str, paths)]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(REPO), *filter(None, sys.path)])}
    said = []
    with subprocess.Popen(command, cwd=REPO, env=env, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            said.append(line.strip())
            if said.count(mark) >= (count if mark in often else 1):
                time.sleep(delay)
                process.send_signal(signal.SIGKILL)
                break
        said += [line.strip() for line in process.stdout]  # what it had said before it died
    return [line.removeprefix("receipt ") for line in said if line.startswith("receipt ")], said


def survives(folder, found, home, draw):
    """One kill; then what must hold, and that importing again brings everything, once."""
    promised, said = run_and_kill("take", (home, folder / "bundles", home / "out.scb"), draw)
    voice = reopened(home, draw.random())
    voice.store.check()
    held = {each.message.id for each in voice.messages()}
    assert set(promised) <= held, said
    asked = {each.message.preceding for each in voice.messages() if each.message.content == "Acknowledge"}
    assert asked <= held, said
    for path in sorted((folder / "bundles").iterdir()):
        receive(voice, path.read_bytes())
    contents = [(each.message.sender, each.message.content) for each in voice.messages()]
    assert contents.count(("XA", "RequestResource")) == contents.count(("XB", "Acknowledge")) == BUNDLES, said
    asked = own(voice)
    assert len(asked) == 1 if "signed" in said else len(asked) <= 1, said
    assert {f"XA/{digest}" for digest in asked} <= set(voice.store.keys("outbox"))
    assert all(digest in voice.index().logged for digest in asked)
    kinds = [each for each in voice.store.entries() if b'"received"' in each]
    assert len(kinds) == len(set(kinds)) == BUNDLES, said
    assert verify(evidence(voice, "c")).holds
    if (home / "out.scb").exists():
        assert (home / "out.scb").read_bytes().endswith(b"\n")  # a bundle is there whole or not at all
    voice.store.close()
    assert found


def own(voice):
    """Hashes of what the party asked itself; each stands in the log and in the outbox, or it is not there."""
    return [each.digest for each in voice.index().known if (each.sender, each.content) == ("XB", "RequestResource")]


def check(scene, folder, seeds):
    base, found = scene
    for seed in seeds:
        home = folder / f"home{seed}"
        shutil.copytree(base / "XB", home)
        survives(base, found, home, random.Random(seed))
        shutil.rmtree(home)


CARRIED = ("received", "stored", "passed", "remembered")
"""Steps of a mediator, once for each parcel."""


@pytest.fixture(scope="module")
def relay(tmp_path_factory):
    """A sender, its parcels by way of a mediator, the mediator's directory, and the recipient's."""
    folder = tmp_path_factory.mktemp("relay")
    found = parties(folder)
    (folder / "bundles").mkdir()
    for number in range(BUNDLES):
        say(found["XA"], Speech("RequestResource", "c", ("XB",), more=ITEM))
        (folder / "bundles" / f"{number}.scb").write_bytes(dispatch(found["XA"], "XB", ["XC"]).data)
    for each in found.values():
        each.store.close()
    return folder, found


def passes(relay, folder, draw):
    """One kill of a mediator; whatever it handed on arrives, and going over it again brings all of it, once."""
    base, found = relay
    home, out = folder / "XC", folder / "out"
    shutil.copytree(base / "XC", home)
    shutil.copytree(base / "XB", folder / "XB")
    out.mkdir()
    paths = (home, base / "bundles", out)
    promised, said = run_and_kill("carry", paths, draw, ("opened-party", *CARRIED), CARRIED)
    carrier = reopened(home, draw.random())
    carrier.store.check()
    assert set(promised) <= set(carrier.store.keys("parcel")), said
    assert not {each.removeprefix("passed/") for each in carrier.store.keys("pin") if each.startswith("passed/")} - {
        read_parcel(each.read_bytes()).routing.id for each in out.glob("*.scb")
    }, said
    early = {each.name: each.read_bytes() for each in out.glob("*.scb")}
    late = {}
    for path in sorted((base / "bundles").iterdir()):
        late[path.name] = pass_on(carrier, receive(carrier, path.read_bytes()).parcel)
    assert early.items() <= late.items(), said  # one receipt for each parcel, whenever it was asked for
    logged = [each for each in carrier.store.entries() if b'"transit"' in each]
    assert len(logged) == len(set(logged)) == len(carrier.store.keys("parcel")) == BUNDLES, said
    recipient = replace(reopened(folder / "XB", draw.random()), opened=dict(found["XB"].opened))
    for data in (*early.values(), *late.values()):
        receive(recipient, data)
    contents = [(each.message.sender, each.message.content) for each in recipient.messages()]
    assert contents.count(("XA", "RequestResource")) == contents.count(("XB", "Acknowledge")) == BUNDLES, said
    proof = verify(evidence(recipient, "c"))
    assert proof.holds, said
    carried = [line for step in proof.steps for line in step.says if "XC took it over" in line]
    assert len(carried) == BUNDLES, said
    for each in (carrier, recipient):
        each.store.close()


def check_relay(relay, folder, seeds):
    for seed in seeds:
        here = folder / f"relay{seed}"
        here.mkdir()
        passes(relay, here, random.Random(seed))
        shutil.rmtree(here)


def test_nothing_a_mediator_signed_for_is_lost(relay, tmp_path):
    """Four random kills of a mediator: each parcel receipted is there, signed for once, and arrives once."""
    check_relay(relay, tmp_path, range(4))


@pytest.mark.soak
def test_nothing_a_mediator_signed_for_is_lost_in_three_hundred_kills(relay, tmp_path):
    """The same over 300 random kills (make soak)."""
    check_relay(relay, tmp_path, range(1000, 1300))


def test_nothing_receipted_is_lost(scene, tmp_path):
    """Six random kills: no receipted message missing, none doubled, the log proves every message."""
    check(scene, tmp_path, range(6))


@pytest.mark.soak
def test_nothing_receipted_is_lost_in_three_hundred_kills(scene, tmp_path):
    """The same over 300 random kills (make soak)."""
    check(scene, tmp_path, range(1000, 1300))
