"""kill -9 between the messages of one bundle: each is held with its receipt or not at all, and the rest comes later."""

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

from safeconduct.desk.receiving import receive
from safeconduct.desk.sending import dispatch
from safeconduct.desk.speaking import Speech, say_all
from safeconduct.desk.witnessing import evidence, verify

REPO = Path(__file__).resolve().parent.parent.parent
MESSAGES = 12
CODE = """
import sys
from pathlib import Path
from tests.desk.parties import reopened
from safeconduct.desk.receiving import receive
voice = reopened(Path(sys.argv[1]), sys.argv[1])
receive(voice, Path(sys.argv[2]).read_bytes(), lambda step: print(step, flush=True), together=int(sys.argv[3]))
"""


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    """One bundle of many messages, and the directory of the one who is to take it in."""
    folder = tmp_path_factory.mktemp("between")
    found = parties(folder, ("XA", "XB"))
    say_all(found["XA"], [Speech("RequestResource", "c", ("XB",), more=ITEM)] * MESSAGES)
    (folder / "bundle.scb").write_bytes(dispatch(found["XA"], "XB").data)
    for each in found.values():
        each.store.close()
    return folder, found["XB"]


def killed(folder, home, draw):
    """Take the bundle in, some messages to a commit, and die after some commit or a little later; commits told of."""
    together = draw.randint(1, 3)
    upto, delay = draw.randint(1, MESSAGES // together), draw.choice([0.0, draw.random() * 0.01])
    command = [sys.executable, "-c", CODE, str(home), str(folder / "bundle.scb"), str(together)]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(REPO), *filter(None, sys.path)])}
    commits = 0
    with subprocess.Popen(command, cwd=REPO, env=env, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            commits += line.strip() == "receipted"
            if commits == upto:
                time.sleep(delay)
                process.send_signal(signal.SIGKILL)
                break
        commits += sum(line.strip() == "receipted" for line in process.stdout)
    return min(commits * together, MESSAGES)


def counted(voice):
    """How many requests are held, and which of them have a receipt."""
    messages = [each.message for each in voice.messages()]
    asked = {each.id for each in messages if each.content == "RequestResource"}
    receipts = [each.preceding for each in messages if each.content == "Acknowledge"]
    assert len(receipts) == len(set(receipts))
    assert set(receipts) == asked
    return len(asked)


def check(scene, folder, seeds):
    base, found = scene
    for seed in seeds:
        home = folder / f"home{seed}"
        shutil.copytree(base / "XB", home)
        promised = killed(base, home, random.Random(seed))
        voice = reopened(home, seed)
        voice.opened.update(found.opened)
        voice.store.check()
        assert promised <= counted(voice)
        receive(voice, (base / "bundle.scb").read_bytes())
        assert counted(voice) == MESSAGES
        assert sum(b'"received"' in each for each in voice.store.entries()) == MESSAGES
        assert verify(evidence(voice, "c")).holds
        voice.store.close()
        shutil.rmtree(home)


def test_nothing_is_lost_between_two_messages(scene, tmp_path):
    """Three random kills: what was promised is held, each message with one receipt; the bundle brings the rest."""
    check(scene, tmp_path, range(3))


@pytest.mark.soak
def test_nothing_is_lost_between_two_messages_in_a_hundred_kills(scene, tmp_path):
    """The same over a hundred random kills (make soak)."""
    check(scene, tmp_path, range(1000, 1100))
