"""``safeconduct search viewshed``: what is in sight from a place."""

import json

import numpy as np
import pytest
import rasterio
from tests.terrain import MIDDLE, flat, ridge, save_terrain

from safeconduct.cli.main import application, main


def run(capsys, tmp_path, ground, *more):
    path = save_terrain(tmp_path / "ground.tif", ground)
    arguments = ["search", "viewshed", "--terrain", str(path), *more]
    application("search")(args=arguments, standalone_mode=False)
    return capsys.readouterr().out


def test_a_plain_is_seen_to_the_reach(capsys, tmp_path):
    """On level ground all within reach is in sight, and nothing hidden or unknown."""
    place = f"{MIDDLE[0]},{MIDDLE[1]}"
    answer = json.loads(run(capsys, tmp_path, flat(301, 301), "--from", place, "--reach-km", "2", "--json"))
    assert answer["seen_km2"] == pytest.approx(4 * np.pi, rel=0.02)
    assert answer["hidden_km2"] == 0.0
    assert answer["farthest_km"] == pytest.approx(2.0, abs=0.05)


def test_a_ridge_hides_half_and_the_file_says_where(capsys, tmp_path):
    """From the plain west of a ridge its eastern side and what lies behind are hidden; the written file has both."""
    ground = ridge(301, 301, crest_m=300.0)
    lon, lat = (float(each) for each in ground.to_globe(-1500.0, 0.0))
    out = tmp_path / "seen.tif"
    text = run(capsys, tmp_path, ground, "--from", f"{lon},{lat}", "--reach-km", "4", "--out", str(out))
    assert f"Written: {out}" in text
    with rasterio.open(out) as file:
        values, size = file.read(1), file.res[0]
        x = file.bounds.left + (np.arange(file.width) + 0.5) * size
    row = values[file.height // 2]
    assert set(row[(x > -2900) & (x < 1400)].tolist()) == {1}  # the crest is 1.5 km east of the eye
    assert set(row[(x > 1700) & (x < 2900)].tolist()) == {0}


def test_beyond_the_file_it_is_unknown(capsys, tmp_path):
    """A reach wider than the terrain: the rest is unknown and the cover is said."""
    place = f"{MIDDLE[0]},{MIDDLE[1]}"
    text = run(capsys, tmp_path, flat(), "--from", place, "--reach-km", "5")
    assert "terrain covers 9." in text
    assert "unknown: 69." in text


@pytest.mark.parametrize(
    "wrong",
    [("--from", "10,50"), ("--from", "x"), ("--reach-km", "1000"), ("--height-m", "-5"), ("--terrain", "none.tif")],
    ids=str,
)
def test_bad_input_is_exit_2(capsys, tmp_path, wrong):
    """A place elsewhere, a reach or height that is none, no file: exit 2 and one line."""
    path = save_terrain(tmp_path / "ground.tif", flat())
    given = {"--from": f"{MIDDLE[0]},{MIDDLE[1]}", "--terrain": str(path), "--reach-km": "2"} | dict([wrong])
    with pytest.raises(SystemExit) as left:
        main(["search", "viewshed", *(word for pair in given.items() for word in pair)])
    assert left.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1
