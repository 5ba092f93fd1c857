"""``safeconduct data terrain``, against a server on the loopback interface."""

import json

import numpy as np
import pytest
from tests.server import serving
from tests.terrain import save

from safeconduct.cli.main import application, main
from safeconduct.earth.terrain import elevation_at
from safeconduct.formats.terrain import open_terrain

CASE = "exercise-two-rivers"
PATTERN = "{ns}{lat:02d}{ew}{lon:03d}.tif"


@pytest.fixture
def tiles(tmp_path):
    """A folder with two of the four tiles of the exercise: level at 100 m and at 200 m."""
    folder = tmp_path / "tiles"
    folder.mkdir()
    for lon, lat, height in ((-40, 45, 200.0), (-41, 45, 100.0)):
        name = f"N{lat:02d}W{-lon:03d}.tif"
        save(folder / name, np.full((1200, 1200), height), west=lon, north=lat + 1, step=1 / 1200, crs="EPSG:4326")
    return folder


def test_terrain_of_a_case_becomes_one_file(tmp_path, capsys, tiles):
    """The tiles of the map are fetched and joined; what no source has is said and stays unknown."""
    out = tmp_path / "ground.tif"
    with serving(tiles) as host:
        application("data")(
            args=["data", "terrain", CASE, "--from", f"{host}/{PATTERN}", "--out", str(out), "--json"],
            standalone_mode=False,
        )
    answer = json.loads(capsys.readouterr().out)
    assert (answer["tiles"], len(answer["missing"])) == (2, 2)
    assert "unknown there" in answer["notes"][0]
    ground = open_terrain([out])
    west, south, east, north = answer["box"]
    heights = elevation_at(ground, [-40.05, -39.95, -40.05], [45.05, 45.05, 44.98])
    assert heights[:2] == pytest.approx([100.0, 200.0])
    assert np.isnan(heights[2])
    assert west < -40.05 < east
    assert south < 45.0 < north
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ground.tif", "tiles"]


def test_text_says_what_to_do_next(tmp_path, capsys, tiles):
    """The page names the file, its limits and the next command."""
    out = tmp_path / "ground.tif"
    with serving(tiles) as host:
        application("data")(
            args=["data", "terrain", CASE, "--from", f"{host}/{PATTERN}", "--out", str(out)], standalone_mode=False
        )
    text = capsys.readouterr().out
    assert "2 tiles" in text
    assert f"--terrain {out}" in text


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        (["--from", "nonsense"], 2, "template"),
        (["--from", f"http://127.0.0.1:9/{PATTERN}"], 3, "cannot be reached"),
        (["--out", "none/ground.tif"], 2, "no such folder"),
    ],
)
def test_faults_are_one_line(tmp_path, monkeypatch, capsys, more, code, said):
    """A bad address: exit 2. No network: exit 3. Nothing is left behind."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as left:
        main(["data", "terrain", CASE, *more])
    assert left.value.code == code
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_when_no_source_has_anything_it_is_said(tmp_path, monkeypatch, capsys):
    """A server without a single tile of the area: exit 3 and no file."""
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    with serving(tmp_path / "empty") as host, pytest.raises(SystemExit) as left:
        main(["data", "terrain", CASE, "--from", f"{host}/{PATTERN}"])
    assert left.value.code == 3
    assert "no source has terrain" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["empty"]
