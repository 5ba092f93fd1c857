"""The lattice kept in a file: the same one comes back, and a damaged or missing file is made anew."""

import numpy as np
import pytest

from safeconduct.formats import latticefile
from safeconduct.model.space import Airspace, Polygon
from safeconduct.reach.lattice import world_lattice


@pytest.fixture(scope="module")
def small():
    area = Airspace("XA", (Polygon(((0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0))),))
    return world_lattice([area], nodes=500, fine=True)


def test_what_is_kept_comes_back(small, tmp_path):
    """Nodes, arcs, colours and borders are the same after writing and reading, the fine lattice included."""
    path = tmp_path / "below" / "lattice.npz"
    latticefile.write(small, path)
    again = latticefile.read(path)
    assert again.borders.codes == small.borders.codes
    for ours, theirs in ((again, small), (again.fine, small.fine)):
        for name in ("points", "places", "held"):
            assert np.array_equal(getattr(ours, name), getattr(theirs, name))
        for name in ("begin", "head", "length", "kind", "palette"):
            assert np.array_equal(getattr(ours.graph, name), getattr(theirs.graph, name))
    assert [each.name for each in path.parent.iterdir()] == ["lattice.npz"]


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04", b"no archive"])
def test_a_damaged_file_counts_as_none(tmp_path, damage):
    """Empty, cut short or something else: no lattice, and no error."""
    path = tmp_path / "lattice.npz"
    path.write_bytes(damage)
    assert latticefile.read(path) is None


def test_a_file_cut_short_counts_as_none(small, tmp_path):
    """Half a file is no lattice."""
    path = tmp_path / "lattice.npz"
    latticefile.write(small, path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert latticefile.read(path) is None


def test_the_user_says_where_it_is_kept(monkeypatch, tmp_path):
    """The environment names the directory, or that nothing is to be kept."""
    monkeypatch.setenv(latticefile.DIRECTORY, str(tmp_path))
    assert latticefile.cache_file().parent == tmp_path
    monkeypatch.setenv(latticefile.DIRECTORY, "off")
    assert latticefile.cache_file() is None


def test_a_directory_that_cannot_be_written_is_no_error(monkeypatch, small, tmp_path):
    """Where nothing can be kept the lattice is made and given all the same."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(latticefile.DIRECTORY, str(tmp_path / "file"))
    monkeypatch.setattr(latticefile, "world_lattice", lambda *_, **__: small)
    assert latticefile.kept_world() is small
