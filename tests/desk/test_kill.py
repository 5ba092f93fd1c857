"""kill -9 at every step: what was receipted is there, nothing is doubled, the log is whole."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.desk.parties import ITEM, parties, reopened

from safeconduct.desk.receiving import STEPS, receive
from safeconduct.desk.sending import dispatch
from safeconduct.desk.speaking import Speech, say
from safeconduct.desk.witnessing import evidence, verify

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


def run_and_kill(folder, home, draw):
    """Start the process, kill it -9 at a random place; the receipts that it had spoken of, and how far it came."""
    mark, delay = draw.choice(MARKS), draw.choice([0.0, 0.0, draw.random() * 0.05])
    count = draw.randint(1, BUNDLES)
    command = [sys.executable, "-m", "tests.desk.killed", str(home), str(folder / "bundles"), str(home / "out.scb")]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(REPO), *filter(None, sys.path)])}
    said = []
    with subprocess.Popen(command, cwd=REPO, env=env, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            said.append(line.strip())
            if said.count(mark) >= (count if mark in STEPS else 1):
                time.sleep(delay)
                process.send_signal(signal.SIGKILL)
                break
        said += [line.strip() for line in process.stdout]  # what it had said before it died
    return [line.removeprefix("receipt ") for line in said if line.startswith("receipt ")], said


def survives(folder, found, home, draw):
    """One kill; then what must hold, and that importing again brings everything, once."""
    promised, said = run_and_kill(folder, home, draw)
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


def test_nothing_receipted_is_lost(scene, tmp_path):
    """Six random kills: no receipted message missing, none doubled, the log proves every message."""
    check(scene, tmp_path, range(6))


@pytest.mark.soak
def test_nothing_receipted_is_lost_in_three_hundred_kills(scene, tmp_path):
    """The same over 300 random kills (make soak)."""
    check(scene, tmp_path, range(1000, 1300))
