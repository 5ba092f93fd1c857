"""Reading sweep widths."""

import pytest

from safeconduct.formats.catalogue import catalogue
from safeconduct.formats.sweepwidths import read_sweep_widths, sweep_standards
from safeconduct.formats.yamltree import read_tree
from safeconduct.model.errors import Corrupt, InvalidInput

TABLE = (
    "format: 1\nstandards:\n"
    "  - id: s\n    edition: A book\n    width_unit: NM\n    height_unit: ft\n    visibility_unit: km\n"
    "    heights: [500, 1000]\n    visibilities: [5, 10]\n    sources: [book]\n    grade: V\n"
    "    objects:\n      - {object: person, widths: [[1, 2], [3, 4]], cover: {open: 0.5}}\n"
)


def read(text):
    return read_sweep_widths(read_tree(text, name="t"))


def test_units_are_converted():
    """Feet become metres, nautical miles kilometres."""
    found = read(TABLE)["s"].objects["person"]
    assert found.height_m == pytest.approx((152.4, 304.8))
    assert found.width_km[1] == pytest.approx((5.556, 7.408))
    assert found.cover["open"] == 0.5


def test_every_shipped_table_has_a_source_with_a_title_and_a_grade():
    """No width without its origin, and no origin that the list of sources does not name."""
    cites = [table.cite for standard in sweep_standards().values() for table in standard.objects.values()]
    assert cites
    assert {source for cite in cites for source in cite.sources} - set(catalogue().sources) == set()
    assert {cite.grade for cite in cites} == {"V2", "calc"}


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("[[1, 2], [3, 4]]", "[[1, 2]]", "does not fit its axes"),
        ("[[1, 2], [3, 4]]", "[[1, 2], [3]]", "does not fit its axes"),
        ("[[1, 2], [3, 4]]", "[[1, 2], [3, 0]]", "out of range"),
        ("heights: [500, 1000]", "heights: [1000, 500]", "does not rise"),
        ("visibilities: [5, 10]", "visibilities: [5, 5]", "does not rise"),
        ("open: 0.5", "open: 1.5", "out of range"),
        ("cover: {open: 0.5}", "cover: open", "wrong kind"),
        ("width_unit: NM", "width_unit: league", "league"),
        ("    sources: [book]\n", "", "sources"),
    ],
)
def test_a_faulty_table_is_refused(old, new, fault):
    """Each fault names its line."""
    assert old in TABLE
    with pytest.raises(InvalidInput, match=fault) as caught:
        read(TABLE.replace(old, new))
    assert caught.value.where.startswith("t:")


def test_nothing_twice():
    """A standard or an object that occurs twice is refused."""
    entry = TABLE[TABLE.index("  - id") :]
    with pytest.raises(InvalidInput, match="standard twice"):
        read(TABLE + entry)
    with pytest.raises(InvalidInput, match="object twice"):
        read(TABLE + entry[entry.index("      - {object") :])


def test_broken_package_data_are_corrupt(monkeypatch):
    """What ships is ours: a fault in it is not the user's."""
    monkeypatch.setattr("safeconduct.formats.sweepwidths.read_tree", lambda *_, **__: read_tree("format: 1", name="t"))
    with pytest.raises(Corrupt):
        sweep_standards.__wrapped__()
