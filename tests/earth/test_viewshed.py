"""Lines of sight: known by construction, against a plain loop, and against GDAL."""

import math
import os
import shutil
import subprocess

import numpy as np
import pytest
import rasterio
from hypothesis import given
from hypothesis import strategies as st
from tests.terrain import CELL_M, MIDDLE, flat, ridge, rough, save_terrain, terrain, valley

from safeconduct.earth.geodesy import EARTH_RADIUS_M
from safeconduct.earth.viewshed import LIGHT, RADIO, in_sight, lines, viewshed
from safeconduct.model.errors import InvalidInput, OutOfDomain

ENGINE = shutil.which("gdal_viewshed")


def place(ground, row, column):
    """Longitude and latitude of the middle of a cell."""
    x, y = ground.middles()
    lon, lat = ground.to_globe(x[column], y[row])
    return float(lon), float(lat)


def plain(heights, eye, target, eye_m, drop_per_m2=0.0, cell_m=CELL_M):
    """The definition, slowly: a thousand points along the line, on the surface that is straight along grid lines."""
    (r0, c0), (r1, c1) = eye, target
    h0, h1 = heights[eye] + eye_m, heights[target]
    marks = sorted(
        {(k - a) / (b - a) for a, b in ((r0, r1), (c0, c1)) if a != b for k in range(min(a, b) + 1, max(a, b))}
    )
    far2 = ((r1 - r0) ** 2 + (c1 - c0) ** 2) * cell_m**2
    for t in marks:
        r, c = r0 + t * (r1 - r0), c0 + t * (c1 - c0)
        i, j = math.floor(r + 1e-9), math.floor(c + 1e-9)
        f, g = max(r - i, 0.0), max(c - j, 0.0)
        low = heights[i, j]
        ground = low
        if f > 1e-9:
            ground = low + f * (heights[i + 1, j] - low)
        elif g > 1e-9:
            ground = low + g * (heights[i, j + 1] - low)
        if ground - drop_per_m2 * far2 * t * t > h0 + t * (h1 - drop_per_m2 * far2 - h0) + 1e-9:
            return False
    return True


def test_everything_on_a_plain_is_seen():
    """Nothing hides on level ground of a flat Earth."""
    ground = flat(40, 60)
    assert viewshed(ground, place(ground, 3, 7), 0.0, refraction=1.0).seen.all()


def test_a_valley_shows_all_of_itself():
    """From the floor and from the rim of a valley with even sides every cell is seen."""
    ground = valley(61, 61)
    for column in (30, 0):
        assert viewshed(ground, place(ground, 30, column), 1.0, refraction=1.0).seen.all()


def test_a_ridge_hides_what_lies_below_the_line_over_its_crest():
    """Behind the ridge exactly those heights are seen that reach above the straight line over the crest."""
    ground = ridge(11, 201, base_m=500.0, crest_m=300.0, half_m=600.0)
    eye = place(ground, 5, 20)
    x = ground.middles()[0]
    seen = viewshed(ground, eye, 10.0, refraction=1.0).seen[5]
    assert seen[:101].all()
    behind = slice(122, 201)
    assert not seen[behind].any()
    needed = 510.0 + (800.0 - 510.0) * (x[behind] - x[20]) / (x[100] - x[20]) - 500.0
    for more, expected in ((1.0, 1.0), (-1.0, 0.0)):
        lon, lat = ground.to_globe(x[behind][::9], np.full(x[behind][::9].shape, ground.middles()[1][5]))
        got = [
            in_sight(ground, eye, 10.0, a, b, target_height_m=high + more, refraction=1.0)
            for a, b, high in zip(lon, lat, needed[::9], strict=True)
        ]
        assert got == [expected] * len(got)


def test_the_round_earth_hides_what_geometry_says():
    """Over a plain an eye at h sees as far as sqrt(2 R h / (1 - k)), for light and for radio."""
    ground = flat(3, 1001, cell_m=100.0)
    eye = place(ground, 1, 0)
    for refraction in (0.0, LIGHT, RADIO):
        seen = viewshed(ground, eye, 100.0, refraction=refraction).seen[1]
        horizon_m = math.sqrt(2.0 * EARTH_RADIUS_M * 100.0 / (1.0 - refraction))
        assert np.count_nonzero(seen) == pytest.approx(horizon_m / 100.0, abs=1.0 + 0.02 * horizon_m / 100.0)


@given(st.integers(0, 10**6), st.floats(0.0, 400.0), st.sampled_from([0.0, LIGHT, 1.0]))
def test_agrees_with_the_definition(seed, eye_m, refraction):
    """On random mountains each cell's answer is that of the plain loop over the definition."""
    ground = rough(40, seed=seed, relief_m=600.0)
    row, column = seed % 40, (seed // 40) % 40
    heights = ground.elevation_m.astype(float)
    seen = viewshed(ground, place(ground, row, column), eye_m, refraction=refraction).seen
    curve = (1.0 - refraction) / (2.0 * EARTH_RADIUS_M)
    for r in range(0, 40, 7):
        for c in range(0, 40, 3):
            assert seen[r, c] == plain(heights, (row, column), (r, c), eye_m, curve)


@given(st.integers(0, 10**6))
def test_sight_is_mutual(seed):
    """Who sees can be seen: swapping the ends changes nothing."""
    ground = rough(64, seed=seed)
    draw = np.random.default_rng(seed)
    edge = 31.0 * CELL_M
    one, two = (tuple(draw.uniform(-edge, edge, size=(2, 50))) for _ in range(2))
    there = lines(ground, one, 5.0, two, target_height_m=5.0)
    assert np.array_equal(there, lines(ground, two, 5.0, one, target_height_m=5.0))


def test_higher_eyes_see_more():
    """Every cell in sight of an eye is in sight of one above it."""
    ground = rough(150, seed=3)
    eye = place(ground, 75, 75)
    low, high = (viewshed(ground, eye, height).seen for height in (10.0, 200.0))
    assert (high | ~low).all()
    assert high.sum() > low.sum()


def test_unknown_ground_makes_the_answer_unknown():
    """Behind ground that is not known nothing is claimed; before it and behind a known obstacle all stays known."""
    heights = flat(5, 101).elevation_m.copy()
    heights[:, 50] = np.nan
    ground = terrain(heights)
    found = viewshed(ground, place(ground, 2, 10), 2.0)
    assert found.seen[2, :49].all()
    assert found.unknown[2, 50:].all()
    assert not found.seen[2, 50:].any()
    heights[:, 40] = 900.0
    ground = terrain(heights)
    found = viewshed(ground, place(ground, 2, 10), 2.0)
    assert not found.unknown[2, 51:].any()


def test_beyond_the_terrain_sight_is_unknown():
    """Places and eyes outside the grid give NaN, not an answer."""
    ground = flat()
    assert math.isnan(in_sight(ground, MIDDLE, 2.0, MIDDLE[0] + 1.0, MIDDLE[1]))
    assert math.isnan(in_sight(ground, (MIDDLE[0] + 1.0, MIDDLE[1]), 2.0, *MIDDLE))
    with pytest.raises(InvalidInput, match="no terrain under"):
        viewshed(ground, (0.0, 0.0), 2.0)


def test_an_eye_under_the_ground_sees_nothing():
    """A track below the terrain (a wrong altitude) is blind."""
    ground = flat()
    here = (np.array([0.0]), np.array([0.0]))
    there = (np.array([300.0]), np.array([0.0]))
    assert lines(ground, here, 400.0, there, above_sea=True).tolist() == [0.0]
    assert lines(ground, here, 600.0, there, above_sea=True).tolist() == [1.0]


def test_reach_bounds_what_is_looked_at():
    """Cells farther than the reach are not seen."""
    ground = flat()
    seen = viewshed(ground, MIDDLE, 10.0, reach_m=300.0).seen
    x, y = ground.middles()
    assert np.array_equal(seen, np.hypot(x[None, :], y[:, None]) <= 300.0 + 1e-6)


@pytest.mark.parametrize(
    "wrong", [{"height_m": -1.0}, {"target_height_m": math.nan}, {"refraction": 2.0}, {"reach_m": 0.0}], ids=str
)
def test_heights_out_of_range_are_refused(wrong):
    """A negative height, a NaN, an impossible refraction: one clear error."""
    with pytest.raises(OutOfDomain):
        viewshed(flat(), MIDDLE, **{"height_m": 2.0, **wrong})


GROUNDS = {
    "ridge": ridge(301, 301),
    "valley": valley(301, 301),
    "mountains 1": rough(301, seed=1),
    "mountains 2": rough(301, seed=2),
    "mountains 3": rough(301, seed=3, hurst=1.2, relief_m=3000.0),
}


@pytest.mark.gdal
@pytest.mark.skipif(ENGINE is None, reason="no gdal_viewshed on this machine (on Debian: apt-get install gdal-bin)")
@pytest.mark.parametrize("curvature", [0.0, 1.0 - LIGHT], ids=["flat", "round"])
@pytest.mark.parametrize("height_m", [10.0, 100.0, 300.0])
@pytest.mark.parametrize("name", GROUNDS)
def test_agrees_with_gdal(tmp_path, name, height_m, curvature):
    """On generated ridge, valley and mountains at least 99 % of the cells are as gdal_viewshed has them."""
    ground = GROUNDS[name]
    row, column = 150, 110
    x, y = ground.middles()
    save_terrain(tmp_path / "ground.tif", ground)
    place_ = ["-ox", str(x[column] - 1.0), "-oy", str(y[row] + 1.0)]
    more = ["-oz", str(height_m), "-tz", "0", "-md", "0", "-cc", str(curvature)]
    command = [ENGINE, "-q", *place_, *more, "ground.tif", "seen.tif"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PROJ_", "GDAL_"))}
    subprocess.run(command, cwd=tmp_path, check=True, env=kept, capture_output=True)
    with rasterio.open(tmp_path / "seen.tif") as file:
        theirs = file.read(1) > 0
    ours = viewshed(ground, place(ground, row, column), height_m, refraction=1.0 - curvature).seen
    assert (ours == theirs).mean() >= 0.99
    assert ours.any()
