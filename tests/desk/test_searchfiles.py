"""Files of a plan: for whom there is a track, for whom not and why."""

from dataclasses import replace

import pytest
from tests.search.crews import crew, grid_at, plan_of, sector_on, shipped
from tests.terrain import ridge, save_terrain

from safeconduct.desk.searchfiles import slug, write_files
from safeconduct.model.errors import Unavailable
from safeconduct.search.wanted import Wanted

GRID = grid_at()
GUEST = crew(id="../guest", cleared=False, missing=("IR-ENTRY",), mark="NOT CLEARED - DO NOT FLY")


def plan(**given):
    return plan_of(
        (crew(), sector_on(GRID, -6.0, -4.0, 6.0, 8.0)),
        (GUEST, sector_on(GRID, 5.0, -4.0, 6.0, 4.0, id="S2")),
        grid=GRID,
        **given,
    )


def test_no_track_is_written_without_clearance_and_the_reason_is_told(tmp_path):
    """The sheet is written, the track is not; no name leaves the folder."""
    files = write_files(plan(), Wanted(gpx=tmp_path / "gpx", forms=tmp_path / "forms"))
    assert [path.name for path in (tmp_path / "gpx").iterdir()] == ["heli.gpx"]
    assert sorted(path.name for path in (tmp_path / "forms").iterdir()) == [
        "guest.html", "guest.txt", "heli.html", "heli.txt",
    ]  # fmt: skip
    assert files.barred == (("../guest", "not cleared: IR-ENTRY"),)


def test_a_what_if_writes_no_track_at_all(tmp_path):
    """For nobody."""
    files = write_files(plan(what_if=("IR-ENTRY granted",)), Wanted(gpx=tmp_path))
    assert list(tmp_path.iterdir()) == []
    assert {why for _, why in files.barred} == {"a what-if: no track is written"}


def test_an_exercise_writes_all(tmp_path):
    """Each marked."""
    write_files(plan(case=replace(shipped().case, kind="exercise")), Wanted(gpx=tmp_path))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["guest.gpx", "heli.gpx"]


def test_terrain_of_the_plan_is_under_the_legs(tmp_path):
    """From the same files: relief of the sector, highest ground under the legs, and contours when asked for."""
    save_terrain(tmp_path / "ground.tif", ridge(rows=500, columns=500, cell_m=60.0, crest_m=900.0, half_m=6000.0))
    brought = replace(shipped().options, terrain=(tmp_path / "ground.tif",))
    made = plan_of((crew(), sector_on(GRID, -6.0, -4.0, 6.0, 8.0)), grid=GRID, options=brought)
    write_files(made, Wanted(forms=tmp_path / "even"))
    write_files(made, Wanted(forms=tmp_path / "round", pattern="contour"))
    even, around = ((tmp_path / name / "heli.txt").read_text(encoding="utf-8") for name in ("even", "round"))
    assert "no terrain" not in even
    assert "highest ground within 300 m of a leg 1" in even
    assert "m keeps the search height over all of it" in even
    assert "contour (OS)" in around
    assert "trained in mountains" in around


def test_same_plan_same_bytes(tmp_path):
    """No clock, no chance."""
    for name in ("a", "b"):
        folder = tmp_path / name
        write_files(plan(), Wanted(folder, folder / "p.kml", folder / "p.geojson", folder))
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


def test_a_place_that_cannot_be_written_is_one_clear_error(tmp_path):
    """A file where a folder should be."""
    (tmp_path / "taken").write_text("")
    with pytest.raises(Unavailable):
        write_files(plan(), Wanted(kml=tmp_path / "taken" / "plan.kml"))


def test_names_are_plain():
    """Whatever an id holds."""
    assert slug("//") == "crew"
    assert slug("TR Akinci/1") == "TR-Akinci-1"
