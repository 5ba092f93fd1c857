"""One suite over all stores: the contract of `safeconduct.store.contract`, whatever the store is made of."""

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.model.errors import Bug, Corrupt, InvalidInput, Unavailable
from safeconduct.store.contract import FOREVER, PASSING, Batch, Thing
from safeconduct.store.memory import MemoryStore
from safeconduct.store.sqlite import MIGRATIONS, SqliteStore


@pytest.fixture(params=["memory", "sqlite"])
def store(request, tmp_path):
    made = MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "record.db", create=True)
    yield made
    made.close()


def lasting(key="k", data=b"data", shelf="message"):
    return Thing(shelf, key, data)


def test_what_is_committed_is_there(store):
    """A thing that was committed is read back."""
    store.commit((Batch((lasting(),)),))
    assert store.get("message", "k") == b"data"


def test_what_was_never_committed_is_not_there(store):
    """An unknown key gives None."""
    assert store.get("message", "k") is None


def test_entries_stand_in_the_order_of_commits(store):
    """Entries come back in the order in which they were committed."""
    store.commit((Batch(entries=(b"1", b"2")), Batch(entries=(b"3",))))
    store.commit((Batch(entries=(b"4",)),))
    assert list(store.entries()) == [b"1", b"2", b"3", b"4"]
    assert list(store.entries(2)) == [b"3", b"4"]
    assert store.size() == 4


def test_news_is_what_came_after_a_place(store):
    """From the last place of one answer on, the next one brings what is new, and nothing twice."""
    store.commit((Batch((lasting("a"), Thing("pin", "p", b"1"))), Batch((lasting("b"),))))
    first = store.news(("message",), 0)
    assert [each[1:] for each in first] == [("message", "a"), ("message", "b")]
    store.commit((Batch((lasting("a"),)), Batch((lasting("c", shelf="card"), lasting("c")))))
    news = store.news(("message", "card"), first[-1][0])
    assert [each[1:] for each in news] == [("card", "c"), ("message", "c")]
    assert [each[1:] for each in store.news(("card",), 0)] == [("card", "c")]


def test_names_are_found_by_their_beginning(store):
    """Only names that begin so, in the order of their first commit."""
    store.commit((Batch(tuple(lasting(key) for key in ("XB/2", "XB/1", "XBC/1", "XA/1"))),))
    assert store.keys("message", "XB/") == ("XB/2", "XB/1")
    assert store.keys("message", "XD/") == ()


def test_the_mark_changes_with_every_commit_that_changes_something(store):
    """As long as the mark is the same nothing was committed; what was read under it still holds."""
    marks = [store.mark()]
    assert store.mark() == marks[0]
    for batch in (Batch((lasting(),)), Batch((Thing("pin", "p", b"1"),)), Batch(forgets=(("pin", "p"),))):
        store.commit((batch,))
        marks.append(store.mark())
    assert len(set(marks)) == len(marks)
    store.get("message", "k")
    assert store.mark() == marks[-1]


def test_what_rests_on_a_mark_is_kept_only_while_it_holds(store):
    """A commit that rests on what was read is refused, whole, once something else was committed."""
    mark = store.mark()
    store.commit((Batch((lasting("a"),)),), mark)
    with pytest.raises(Unavailable, match="meanwhile"):
        store.commit((Batch((lasting("b"),), (b"e",)),), mark)
    assert (store.get("message", "b"), store.size()) == (None, 0)
    assert store.commit((Batch((lasting("b"),), (b"e",)),), store.mark()) == (True,)


def test_keys_stand_in_the_order_of_their_first_commit(store):
    """A later replacement does not move a key."""
    store.commit((Batch((Thing("pin", "b", b"1"), Thing("pin", "a", b"1"))),))
    store.commit((Batch((Thing("pin", "b", b"2"),)),))
    assert store.keys("pin") == ("b", "a")


def test_the_same_batch_twice_changes_nothing(store):
    """A batch whose lasting things are there already appends no entry and says so."""
    batch = Batch((lasting(),), (b"entry",))
    assert store.commit((batch, batch)) == (True, False)
    assert list(store.entries()) == [b"entry"]


@pytest.mark.parametrize("shelf", FOREVER)
def test_a_lasting_thing_cannot_be_replaced(store, shelf):
    """Other bytes under a name that is taken are refused, and nothing of the batch is kept."""
    store.commit((Batch((lasting(shelf=shelf),)),))
    with pytest.raises(InvalidInput, match="taken"):
        store.commit((Batch((lasting("new", shelf=shelf), lasting(data=b"other", shelf=shelf)), (b"entry",)),))
    assert store.get(shelf, "k") == b"data"
    assert store.get(shelf, "new") is None
    assert store.size() == 0


def test_one_bad_batch_undoes_the_others_of_its_commit(store):
    """All batches of a commit are kept, or none."""
    store.commit((Batch((lasting(),)),))
    with pytest.raises(InvalidInput):
        store.commit((Batch((lasting("first"),), (b"e",)), Batch((lasting(data=b"other"),))))
    assert store.get("message", "first") is None
    assert store.size() == 0


@pytest.mark.parametrize("shelf", PASSING)
def test_a_passing_thing_is_replaced_and_forgotten(store, shelf):
    """A passing thing takes new bytes, and goes when it is forgotten."""
    store.commit((Batch((Thing(shelf, "k", b"1"),)),))
    store.commit((Batch((Thing(shelf, "k", b"2"),)),))
    assert store.get(shelf, "k") == b"2"
    store.commit((Batch(forgets=((shelf, "k"),)),))
    assert store.get(shelf, "k") is None


def test_forgetting_what_is_not_there_is_no_error(store):
    """An unknown key may be forgotten."""
    store.commit((Batch(forgets=(("pin", "k"),)),))
    assert store.keys("pin") == ()


def test_a_sound_store_passes_its_check(store):
    """What nobody damaged is sound."""
    store.commit((Batch((lasting(),), (b"e",)),))
    store.check()


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=12))
def test_both_stores_do_the_same(steps):
    """The same commits leave the same things, entries and answers in every store."""
    with sqlite3.connect(":memory:"):
        pass
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        stores = [MemoryStore(), SqliteStore(Path(folder) / "s.db", create=True)]
        for key, keep in steps:
            shelf = "message" if keep else "pin"
            said = [each.commit((Batch((Thing(shelf, key, key.encode()),), (key.encode(),)),)) for each in stores]
            assert said[0] == said[1]
        for shelf in ("message", "pin"):
            assert stores[0].keys(shelf) == stores[1].keys(shelf)
        assert list(stores[0].entries()) == list(stores[1].entries())
        stores[1].close()


# What only the double can see: careless use.


@pytest.mark.parametrize(
    "batch",
    [
        Batch((Thing("nowhere", "k", b""),)),
        Batch((Thing("pin", "", b""),)),
        Batch((Thing("pin", "k", b"1"), Thing("pin", "k", b"2"))),
        Batch(entries=(b"",)),
        Batch(forgets=(("message", "k"),)),
    ],
)
def test_the_double_polices_careless_use(batch):
    """A batch that breaks the rules of use is our own bug, and the store in memory says so."""
    with pytest.raises(Bug):
        MemoryStore().commit((batch,))


def test_the_double_polices_use_after_closing():
    """A closed store is not used."""
    store = MemoryStore()
    store.close()
    with pytest.raises(Bug):
        store.size()


# What only a disk can do.


def opened(path, *, create=False):
    return SqliteStore(path, create=create)


def test_a_store_survives_its_process(tmp_path):
    """What was committed is there when the file is opened again."""
    first = opened(tmp_path / "s.db", create=True)
    first.commit((Batch((lasting(),), (b"e",)),))
    first.close()
    again = opened(tmp_path / "s.db")
    assert (again.get("message", "k"), list(again.entries())) == (b"data", [b"e"])


def test_the_mark_shows_what_another_process_committed(tmp_path):
    """A commit through another connection changes the mark too."""
    one, other = opened(tmp_path / "s.db", create=True), opened(tmp_path / "s.db")
    before = one.mark()
    other.commit((Batch((lasting(),)),))
    assert one.mark() != before


def test_a_missing_store_is_not_made_by_the_way(tmp_path):
    """Opening a store that is not there is an error that says how to make one: no empty past in place of a lost one."""
    with pytest.raises(Unavailable) as caught:
        opened(tmp_path / "s.db")
    assert "party init" in caught.value.expected


def test_a_store_is_not_made_over_another(tmp_path):
    """Making a store where one is refuses."""
    opened(tmp_path / "s.db", create=True).close()
    with pytest.raises(Unavailable):
        opened(tmp_path / "s.db", create=True)


def test_a_newer_store_is_refused(tmp_path):
    """A file of a later version is refused by this program."""
    opened(tmp_path / "s.db", create=True).close()
    with sqlite3.connect(tmp_path / "s.db") as db:
        db.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    with pytest.raises(Corrupt, match="damaged"):
        opened(tmp_path / "s.db")


def test_a_changed_row_is_found_when_it_is_read(tmp_path):
    """Bytes that are not those written are named, and not returned."""
    store = opened(tmp_path / "s.db", create=True)
    store.commit((Batch((lasting(),), (b"e",)),))
    with sqlite3.connect(tmp_path / "s.db") as db:
        db.execute("UPDATE thing SET data = x'00'")
    with pytest.raises(Corrupt, match="message k"):
        store.get("message", "k")
    with pytest.raises(Corrupt):
        store.check()


def test_a_missing_entry_is_found(tmp_path):
    """A log with a hole is damaged."""
    store = opened(tmp_path / "s.db", create=True)
    store.commit((Batch(entries=(b"1", b"2", b"3")),))
    with sqlite3.connect(tmp_path / "s.db") as db:
        db.execute("DELETE FROM entry WHERE place = 1")
    with pytest.raises(Corrupt, match="entry"):
        list(store.entries())


def test_a_corrupted_page_is_named(tmp_path):
    """A page overwritten with noise is an error of this package, whichever way it is read."""
    path = tmp_path / "s.db"
    store = opened(path, create=True)
    store.commit(tuple(Batch((lasting(f"k{i}", bytes(2000)),), (b"e",)) for i in range(50)))
    store.close()
    data = bytearray(path.read_bytes())
    for at in range(4096, len(data), 4096):
        data[at + 8 : at + 800] = b"\xff" * 792
    path.write_bytes(bytes(data))
    with pytest.raises((Corrupt, Unavailable)):
        opened(path).check()


def test_a_file_that_is_no_store_is_named(tmp_path):
    """Text in the place of the store is damage, not a traceback."""
    (tmp_path / "s.db").write_text("not a database, but longer than a heading of one would be" * 20)
    with pytest.raises(Corrupt):
        opened(tmp_path / "s.db")


def test_a_full_disk_changes_nothing(tmp_path):
    """Where the disk is full nothing is kept and the error says so; once there is room the same commit goes through."""
    store = opened(tmp_path / "s.db", create=True)
    store.commit((Batch((lasting(),), (b"e",)),))
    pages = store._db.execute("PRAGMA page_count").fetchone()[0]
    store._db.execute(f"PRAGMA max_page_count = {pages}")
    big = Batch((lasting("big", bytes(10**6)),), (b"f",))
    with pytest.raises(Unavailable, match="full"):
        store.commit((big,))
    assert (store.get("message", "big"), store.size()) == (None, 1)
    store._db.execute("PRAGMA max_page_count = 100000")
    assert store.commit((big,)) == (True,)


def test_a_second_writer_is_told(tmp_path, monkeypatch):
    """While another process writes, a commit is refused after a wait, and nothing is kept."""
    monkeypatch.setattr("safeconduct.store.sqlite._BUSY_S", 0.05)
    store = opened(tmp_path / "s.db", create=True)
    other = sqlite3.connect(tmp_path / "s.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable, match="locked"):
        store.commit((Batch((lasting(),)),))
    other.execute("ROLLBACK")
    other.close()
    assert store.get("message", "k") is None


def test_a_backup_is_a_store(tmp_path):
    """A copy opens as a store with the same things and entries."""
    store = opened(tmp_path / "s.db", create=True)
    store.commit((Batch((lasting(),), (b"e",)),))
    store.backup(str(tmp_path / "copy.db"))
    copy = opened(tmp_path / "copy.db")
    copy.check()
    assert (copy.get("message", "k"), list(copy.entries())) == (b"data", [b"e"])


def test_a_backup_overwrites_nothing(tmp_path):
    """A backup to a place that is taken refuses."""
    store = opened(tmp_path / "s.db", create=True)
    (tmp_path / "copy.db").write_text("mine")
    with pytest.raises(Unavailable, match="there already"):
        store.backup(str(tmp_path / "copy.db"))
