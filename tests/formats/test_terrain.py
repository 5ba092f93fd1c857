"""Reading terrain files: every projection the same ground, every fault one clear error."""

import math

import numpy as np
import pytest
import rasterio
from rasterio.shutil import copy
from rasterio.warp import Resampling, calculate_default_transform, reproject
from tests.terrain import MIDDLE, incline, plane_crs, rough, save, save_terrain

from safeconduct.earth.terrain import elevation_at
from safeconduct.formats.terrain import open_terrain
from safeconduct.model.errors import InvalidInput

BOX = (46.585, 38.688, 46.615, 38.712)


def reprojected(source, path, crs, **more):
    """The same ground in another projection."""
    with rasterio.open(source) as file:
        place, width, height = calculate_default_transform(file.crs, crs, file.width, file.height, *file.bounds)
        kept = {
            **file.meta,
            "crs": crs,
            "transform": place,
            "width": width,
            "height": height,
            "nodata": -9999.0,
            **more,
        }
        with rasterio.open(path, "w", **kept) as out:
            reproject(rasterio.band(file, 1), rasterio.band(out, 1), resampling=Resampling.cubic)
    return path


def probe(ground):
    """Elevations at fixed places."""
    lon, lat = np.meshgrid(np.linspace(46.587, 46.613, 15), np.linspace(38.69, 38.71, 15))
    return elevation_at(ground, lon, lat)


def test_a_file_on_the_plane_is_read_as_it_is(tmp_path):
    """What was written on its own plane comes back with its elevations and its place."""
    ground = incline()
    back = open_terrain([save_terrain(tmp_path / "a.tif", ground)], box=BOX)
    assert probe(back) == pytest.approx(probe(ground), abs=0.05)
    assert back.cell_m == pytest.approx(30.0, abs=0.01)
    assert (back.source, back.notes) == ("a.tif", ())


@pytest.mark.parametrize("crs", ["EPSG:32638", "EPSG:4326", "EPSG:3857", "EPSG:3035"])
def test_other_projections_give_the_same_ground(tmp_path, crs):
    """Zone, degrees, web map, national grid: the elevations agree within the smoothing of two interpolations."""
    ground = rough(301, relief_m=600.0, hurst=1.2)
    source = save_terrain(tmp_path / "a.tif", ground)
    other = open_terrain([reprojected(source, tmp_path / "b.tif", crs)], box=BOX)
    off = probe(other) - probe(ground)
    assert np.abs(off).max() < 6.0
    assert abs(off.mean()) < 0.5


def test_a_cloud_optimised_file_is_read(tmp_path):
    """A COG is a GeoTIFF."""
    ground = rough(301, relief_m=600.0)
    save_terrain(tmp_path / "a.tif", ground)
    with rasterio.open(tmp_path / "a.tif") as file:
        copy(file, tmp_path / "cog.tif", driver="COG")
    read = [probe(open_terrain([tmp_path / name], box=BOX)) for name in ("a.tif", "cog.tif")]
    assert np.array_equal(*read)


def hgt(path, heights):
    """An HGT tile: big-endian rows from the north."""
    np.asarray(heights).astype(">i2").tofile(path)
    return path


def test_hgt_tiles_are_joined_and_their_holes_stay_unknown(tmp_path):
    """Two neighbouring 3-second tiles become one ground; a hole in one stays a hole."""
    row = np.arange(1201)
    east = np.broadcast_to(1000 + row // 2, (1201, 1201))
    west = np.broadcast_to(400 + row // 2, (1201, 1201)).copy()
    west[600:620, 1100:1120] = -32768
    files = [hgt(tmp_path / "N38E046.hgt", west), hgt(tmp_path / "N38E047.hgt", east)]
    ground = open_terrain(files, box=(46.85, 38.4, 47.1, 38.6))
    assert elevation_at(ground, 46.999, 38.5) == pytest.approx(400 + 0.999 * 600, abs=2)
    assert elevation_at(ground, 47.05, 38.5) == pytest.approx(1000 + 0.05 * 600, abs=2)
    assert math.isnan(elevation_at(ground, 46.0 + 1110 / 1200, 39.0 - 610 / 1200))
    assert 0.98 < ground.known < 1.0


def test_partial_cover_is_a_stated_limit(tmp_path):
    """A file over half of the area is taken, the other half is unknown, and the terrain says so."""
    path = save_terrain(tmp_path / "a.tif", incline())
    ground = open_terrain([path], box=(46.6, 38.69, 46.64, 38.71))
    assert any("covers 4" in note and "unknown" in note for note in ground.notes)
    assert math.isnan(elevation_at(ground, 46.63, 38.7))


def test_a_small_file_in_a_wide_area_keeps_its_cells(tmp_path):
    """Cells are spent where there is terrain: a wide area does not coarsen a small file."""
    path = save_terrain(tmp_path / "a.tif", incline())
    ground = open_terrain([path], box=(45.5, 38.0, 47.5, 39.5), max_cells=20_000)
    assert ground.cell_m == pytest.approx(30.0, abs=0.1)
    assert probe(ground) == pytest.approx(probe(incline()), abs=0.1)
    assert any("covers 0." in note for note in ground.notes)


def test_what_does_not_fit_is_averaged_and_said(tmp_path):
    """A large area in small cells is averaged to larger ones, mean elevation kept."""
    ground = rough(300, relief_m=600.0)
    read = open_terrain([save_terrain(tmp_path / "a.tif", ground)], max_cells=20_000)
    assert 60.0 < read.cell_m < 70.0
    assert any("averaged" in note for note in read.notes)
    assert np.nanmean(read.elevation_m) == pytest.approx(ground.elevation_m.mean(), rel=0.01)


def test_feet_become_metres(tmp_path):
    """A file that says its elevations are in feet is converted."""
    path = save(tmp_path / "a.tif", np.full((50, 50), 1000.0), west=0, north=0, step=30.0, crs=plane_crs())
    with rasterio.open(path, "r+") as file:
        file.units = ("ft",)
    assert np.nanmax(open_terrain([path]).elevation_m) == pytest.approx(304.8)


def test_stored_steps_become_metres(tmp_path):
    """A file that stores decimetres above an offset, and says so, is converted."""
    path = save(tmp_path / "a.tif", np.full((50, 50), 250), west=0, north=0, step=30.0, crs=plane_crs(), dtype="int16")
    with rasterio.open(path, "r+") as file:
        file.scales, file.offsets = (0.1,), (1000.0,)
    assert np.nanmax(open_terrain([path]).elevation_m) == pytest.approx(1025.0)


FAULTS = {
    "too coarse": ({"step": 0.01, "crs": "EPSG:4326"}, "too coarse.*100 m"),
    "no projection": ({"crs": None}, "without a place"),
    "undeclared no-data": (
        {"heights": np.pad(np.full((49, 49), 500.0), ((0, 1), (0, 1)), constant_values=-9999)},
        "no-data",
    ),
    "a picture": ({"dtype": "uint8", "heights": np.full((50, 50), 200)}, "picture"),
    "only no-data": ({"heights": np.full((50, 50), -9999.0), "nodata": -9999.0}, "covers nothing"),
}


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
@pytest.mark.parametrize("name", FAULTS)
def test_faults_are_told_in_one_error(tmp_path, name):
    """Each kind of wrong file is refused with its reason."""
    change, said = FAULTS[name]
    kept = {
        "heights": np.full((50, 50), 500.0),
        "west": MIDDLE[0],
        "north": MIDDLE[1],
        "step": 0.0003,
        "crs": "EPSG:4326",
    }
    path = save(tmp_path / "a.tif", **{**kept, **change})
    with pytest.raises(InvalidInput, match=said):
        open_terrain([path])


def test_a_file_elsewhere_is_refused_with_both_places(tmp_path):
    """Terrain that covers nothing of the area: the error names the area and what the file covers."""
    path = save_terrain(tmp_path / "a.tif", incline())
    with pytest.raises(InvalidInput, match=r"covers nothing.*over 10\.00,50\.00.*a\.tif over 46\.58"):
        open_terrain([path], box=(10.0, 50.0, 10.1, 50.1))


@pytest.mark.parametrize("box", [(40.0, 30.0, 70.0, 40.0), (40.0, 35.0, 50.0, 40.0)])
def test_an_area_too_large_is_refused(tmp_path, box):
    """A continent is no search area."""
    path = save_terrain(tmp_path / "a.tif", incline())
    with pytest.raises(InvalidInput, match="too much terrain"):
        open_terrain([path], box=box)


def test_what_is_no_raster_is_refused(tmp_path, capfd):
    """Junk, a truncated file, a misnamed HGT, nothing at all: one error each, nothing else on the screen."""
    (tmp_path / "junk.tif").write_bytes(b"II*\0 and then nothing of the kind")
    (tmp_path / "N38E046.hgt").write_bytes(b"\0" * 1000)
    hgt(tmp_path / "mountains.hgt", np.full((1201, 1201), 5))
    whole = save_terrain(tmp_path / "whole.tif", rough(301)).read_bytes()
    (tmp_path / "cut.tif").write_bytes(whole[: len(whole) // 2])
    for name in ("junk.tif", "N38E046.hgt", "mountains.hgt", "cut.tif"):
        with pytest.raises(InvalidInput, match="not a terrain file"):
            open_terrain([tmp_path / name])
    with pytest.raises(InvalidInput, match="no such file"):
        open_terrain([tmp_path / "none.tif"])
    with pytest.raises(InvalidInput, match="no terrain file"):
        open_terrain([])
    assert capfd.readouterr() == ("", "")


def test_terrain_across_the_antimeridian(tmp_path):
    """A file on the antimeridian is one ground, not a belt around the Earth."""
    ground = incline(middle=(179.999, -17.0))
    read = open_terrain([save_terrain(tmp_path / "a.tif", ground)])
    assert read.elevation_m.shape[1] < 200
    assert elevation_at(read, -179.995, -17.0) == pytest.approx(elevation_at(ground, -179.995, -17.0), abs=0.1)
