"""A disk that takes nothing: what stands on it is read, and whatever would write says why it cannot."""

import os
import random
import shutil
import sys
import tempfile
import traceback
from pathlib import Path

import pytest
from tests.desk.parties import ITEM, START, parties

from safeconduct.desk.inbox import inbox
from safeconduct.desk.party import open_party, own_card
from safeconduct.desk.speaking import Speech, by_id, say
from safeconduct.model.errors import Unavailable
from safeconduct.store.contract import Batch, Thing
from safeconduct.store.sqlite import SqliteStore

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system with owners and rights")
NOBODY = 65534


@pytest.fixture
def folder():
    """A directory that others may enter, unlike that of pytest."""
    made = Path(tempfile.mkdtemp())
    made.chmod(0o755)
    yield made
    for each in (made, *made.rglob("*")):
        each.chmod(0o755)
    shutil.rmtree(made)


def locked(path):
    """Take the right to write from everybody."""
    for each in path.rglob("*"):
        each.chmod(0o555 if each.is_dir() else 0o444)
    path.chmod(0o555)


def as_reader(act):
    """Do it in a process that may write nothing of this: as somebody else where the tests run as root."""
    child = os.fork()
    if not child:
        status = 1
        try:
            if os.getuid() == 0:
                os.setuid(NOBODY)
            act()
            status = 0
        finally:
            if status:
                traceback.print_exc(file=sys.stderr)
            os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_a_store_is_read_where_nothing_can_be_written(folder):
    """Things and entries are there; a commit is refused with the reason, and nothing changes."""
    path = folder / "record.db"
    store = SqliteStore(path, create=True)
    store.commit((Batch((Thing("message", "k", b"data"),), (b"1",)),))
    store.close()
    locked(folder)

    def act():
        found = SqliteStore(path)
        assert found.get("message", "k") == b"data"
        assert list(found.entries()) == [b"1"]
        found.check()
        with pytest.raises(Unavailable, match="readonly"):
            found.commit((Batch((Thing("message", "l", b"data"),)),))
        assert found.keys("message") == ("k",)

    as_reader(act)


def test_an_inbox_is_read_where_nothing_can_be_written(folder):
    """So are a message and the own card; what would be signed is not."""
    voice = parties(folder, ("XA", "XB"))["XA"]
    asked = say(voice, Speech("RequestResource", "c", ("XB",), more=ITEM)).signed.message
    voice.store.close()
    locked(folder / "XA")

    def act():
        found = open_party(folder / "XA", START, random.Random(1).randbytes, {})
        assert not found.home.takes_more()
        assert [each.case for each in inbox(found).conversations] == ["c"]
        assert by_id(found, asked.id) == asked
        assert own_card(found)

    as_reader(act)


def test_what_is_not_in_the_file_yet_is_not_passed_over(folder):
    """With a write-ahead log left behind by a crash, the file alone would be an older state: it is refused by name."""
    path = folder / "record.db"
    store = SqliteStore(path, create=True)
    store.commit((Batch((Thing("message", "k", b"data"),)),))
    copies = {each.name: each.read_bytes() for each in folder.iterdir() if not each.name.endswith("-shm")}
    store.close()
    for name, data in copies.items():
        (folder / name).write_bytes(data)
    locked(folder)

    def act():
        with pytest.raises(Unavailable, match="holds what is not in the file yet"):
            SqliteStore(path)

    as_reader(act)
