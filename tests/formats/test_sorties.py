"""The log of sorties, with tracks read from files beside it."""

import re

import numpy as np
import pytest
from tests.formats.test_tracks import gpx, points
from tests.terrain import flat, ridge

from safeconduct.desk.tracks import swept_over
from safeconduct.formats.sorties import read_sorties
from safeconduct.model.errors import InvalidInput
from safeconduct.model.instants import instant
from safeconduct.search.grid import SearchGrid

AT = instant("2024-05-20T00:00Z")
GRID = SearchGrid((46.62, 38.7), -5.0, -5.0, 0.25, 40, 40)
RECORD = (
    "format: 1\nsorties:\n  - id: one\n    resource: helicopter\n"
    "    from: 2024-05-19T18:00Z\n    until: 2024-05-19T20:00Z\n"
)
TRACK = "    track: one.gpx\n    sweep_width_km: 0.5\n"
AREA = "    area: [[46.60, 38.69], [46.64, 38.69], [46.64, 38.71], [46.60, 38.71]]\n"


def read(folder, text, terrain=None):
    (folder / "log.yaml").write_text(RECORD + text)
    return read_sorties(folder / "log.yaml", GRID, AT, swept_over(terrain))


def test_a_track_becomes_detection_cell_by_cell(tmp_path):
    """A flown track covers its cells with width times length; achieved is told beside planned."""
    gpx(tmp_path / "one.gpx", points())
    (flown,) = read(tmp_path, TRACK + "    planned_coverage: 0.9\n")
    coverage = -np.log1p(-flown.pod)
    assert coverage.sum() * GRID.cell_km2 == pytest.approx(0.5 * 5.22, rel=0.01)
    assert "where 0.90 was planned" in flown.says
    assert "5.2 km" in flown.says
    assert re.search(r"where it passed \d+ % detection, \d+ % by the inverse cube", flown.says)
    assert len(flown.tracks[0]) == 13
    assert any("no terrain" in warning for warning in flown.warnings)


def test_gaps_are_not_drawn(tmp_path):
    """The lines of a track end where nobody knows the way."""
    gpx(tmp_path / "one.gpx", points(5) + points(5, first="2024-05-19T18:55Z", lon=46.65))
    (flown,) = read(tmp_path, TRACK)
    assert [len(line) for line in flown.tracks] == [5, 5]


def test_terrain_takes_away_what_it_hides(tmp_path):
    """With terrain the far side of a ridge is not covered, and the height above ground is the log's."""
    gpx(tmp_path / "one.gpx", [(46.62, 38.68 + 0.004 * k, at) for k, (_, _, at) in enumerate(points())])
    east = ridge(401, 401, crest_m=400.0, half_m=600.0, at_m=500.0, middle=GRID.origin)
    behind = (GRID.x_km > 0.7) & (GRID.x_km < 1.2)
    text = TRACK.replace("0.5", "1.5") + "    height_m: 50\n"
    assert read(tmp_path, text, flat(401, 401, middle=GRID.origin))[0].pod[behind].max() > 0.2
    assert read(tmp_path, text, east)[0].pod[behind].max() == 0.0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not one place"),
        (AREA + TRACK, "not one place"),
        ("    track: one.gpx\n", "without its width"),
        (TRACK + "    coverage: 1\n", "beside a track"),
        (AREA + "    coverage: 1\n    height_m: 100\n", "height without a track"),
        (TRACK.replace("one.gpx", "none.gpx"), "no such file"),
        (AREA + "    pod: 1.5\n", "out of range"),
        (AREA + "    pod: 0.5\n    found: true\n", "found them"),
    ],
)
def test_faults_are_told(tmp_path, text, said):
    """Each fault of a record is one error."""
    gpx(tmp_path / "one.gpx", points())
    with pytest.raises(InvalidInput, match=said):
        read(tmp_path, text)


def test_a_track_of_another_zone_is_told(tmp_path):
    """The log's times are held against the track's."""
    gpx(tmp_path / "one.gpx", points(first="2024-05-19T22:00Z"))
    with pytest.raises(InvalidInput, match="another zone"):
        read(tmp_path, TRACK)
