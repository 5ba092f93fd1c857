"""``safeconduct search approach``: the walk over terrain as printed."""

import json
import re

import numpy as np
import pytest
import rasterio
from tests.terrain import incline, ridge, save_terrain

from safeconduct.cli.main import application, main
from safeconduct.motion.walking import irmischer_clarke_off_road_kmh


def run(capsys, ground, tmp_path, x_from, x_to, *more):
    """Walk from one place to another on the plane, metres east of the middle."""
    path = save_terrain(tmp_path / "ground.tif", ground)
    ends = [ground.to_globe(x, 0.0) for x in (x_from, x_to)]
    (a, b), (c, d) = ((float(lon), float(lat)) for lon, lat in ends)
    arguments = ["search", "approach", "--from", f"{a},{b}", "--to", f"{c},{d}", "--terrain", str(path), *more]
    application("search")(args=arguments, standalone_mode=False)
    return capsys.readouterr().out


def test_on_an_even_slope_each_time_is_the_formulas(capsys, tmp_path):
    """Straight up a slope of one in ten: three paces, each time distance over speed."""
    answer = json.loads(run(capsys, incline(201, 201, slope=0.1), tmp_path, -1200.0, 1200.0, "--json"))
    assert len(answer["walks"]) == 3
    hours = {walk["pace"]: walk["hours"] for walk in answer["walks"]}
    expected = 2.4 / float(irmischer_clarke_off_road_kmh(0.1))
    assert hours["irmischer-clarke-off-road"] == pytest.approx(expected, rel=0.03)
    assert all(walk["climb_m"] == pytest.approx(240.0, abs=6.0) for walk in answer["walks"])
    assert any("mud" in limit for limit in answer["limits"])


def test_the_page_gives_a_span_and_its_limits(capsys, tmp_path):
    """Slowest and fastest stand beside the middle one, and what is not reckoned is said."""
    text = run(capsys, incline(201, 201), tmp_path, -1200.0, 1200.0, "--on-path")
    assert "by the published paces" in text
    assert "Tobler, on path" in text
    assert "Limit: land cover" in text


def test_no_way_is_said(capsys, tmp_path):
    """A wall across the whole terrain: no way on foot, no time."""
    wall = ridge(201, 201, crest_m=900.0, half_m=300.0)
    text = run(capsys, wall, tmp_path, -1200.0, 1200.0)
    assert "No way on foot" in text
    answer = json.loads(run(capsys, wall, tmp_path, -1200.0, 1200.0, "--json"))
    assert {walk["hours"] for walk in answer["walks"]} == {None}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("--from", "46.6"), "not a position"),
        (("--from", "46.6,95"), "not a latitude"),
        (("--to", "10,50"), "too much terrain|covers nothing|off the terrain"),
        (("--terrain", "none.tif"), "no such file"),
    ],
)
def test_bad_input_is_exit_2(capsys, tmp_path, change, said):
    """A wrong place, a place elsewhere, no file: exit 2 and one line."""
    path = save_terrain(tmp_path / "ground.tif", incline())
    given = {"--from": "46.595,38.7", "--to": "46.605,38.7", "--terrain": str(path)} | dict([change])
    with pytest.raises(SystemExit) as left:
        main(["search", "approach", *(word for pair in given.items() for word in pair)])
    assert left.value.code == 2
    assert re.search(said, capsys.readouterr().err)


def test_isochrones_are_written(capsys, tmp_path):
    """On level ground the written hours grow evenly from the start, and areas are those of circles."""
    out = tmp_path / "hours.tif"
    ground = incline(401, 401, slope=0.0)
    answer = json.loads(run(capsys, ground, tmp_path, 0.0, 1000.0, "--isochrones", str(out), "--json"))
    middle = answer["walks"][1]
    with rasterio.open(out) as file:
        hours = file.read(1)
        row, column = file.index(0.0, 0.0)
    assert np.nanmin(hours) == 0.0
    assert np.isfinite(hours).mean() > 0.95
    assert 0 <= row < hours.shape[0]
    assert 0 <= column < hours.shape[1]
    speed = middle["km"] / middle["hours"]
    assert answer["within_km2"][0] == pytest.approx(np.pi * speed**2, rel=0.06)
