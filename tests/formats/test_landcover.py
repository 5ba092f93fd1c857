"""Land cover: classes over a terrain, and how they slow a walk."""

import json
import math

import numpy as np
import pytest
from tests.terrain import flat, plane_crs, save, save_terrain

from safeconduct.cli.main import application, main
from safeconduct.formats.landcover import read_cover, read_impedances
from safeconduct.model.errors import InvalidInput

TABLE = "class,name,impedance\n10,grass,0\n20,forest,50\n80,water,100\n"


@pytest.fixture
def files(tmp_path):
    """Level ground: grass, a river with a bridge in the north, forest in the east, and class 99 in the south."""
    ground = flat(101, 101)
    cover = np.full((101, 101), 10)
    cover[:, 51:] = 20
    cover[:, 50] = 80
    cover[2, 50] = 10
    cover[-3:, :] = 99
    half = 101 * 15.0
    save(tmp_path / "cover.tif", cover, west=-half, north=half, step=30.0, crs=plane_crs(), dtype="uint8")
    save_terrain(tmp_path / "ground.tif", ground)
    (tmp_path / "table.csv").write_text(TABLE)
    return tmp_path, ground


def test_each_class_has_its_factor(files):
    """Open ground 1, forest exp(-1.06), water 0; a class that the table lacks is unknown and told."""
    folder, ground = files
    factor, notes = read_cover(folder / "cover.tif", read_impedances(folder / "table.csv"), ground)
    assert factor[50, [10, 50, 80]] == pytest.approx([1.0, 0.0, math.exp(-1.06)])
    assert np.isnan(factor[99, 10])
    assert notes == ("classes without an impedance are unknown ground: 99",)


def test_a_walk_goes_round_by_the_bridge(files, capsys):
    """Across a river the walk goes by the bridge and takes longer in the forest; without cover it goes straight."""
    folder, ground = files
    ends = [tuple(float(each) for each in ground.to_globe(x, 0.0)) for x in (-600.0, 600.0)]
    given = [word for name, end in zip(("--from", "--to"), ends, strict=True) for word in (name, f"{end[0]},{end[1]}")]
    given += ["--terrain", str(folder / "ground.tif"), "--json"]
    cover = ["--cover", str(folder / "cover.tif"), "--impedance", str(folder / "table.csv")]
    hours, north = [], []
    for more in ([], cover):
        application("search")(args=["search", "approach", *given, *more], standalone_mode=False)
        answer = json.loads(capsys.readouterr().out)
        hours.append(answer["walks"][0]["hours"])
        north.append(max(lat for _, lat in answer["walks"][0]["way"]))
    assert hours[1] > 2.0 * hours[0]
    assert ground.to_plane(ends[0][0], north[1])[1] > 1300.0
    assert not any("land cover, water" in limit for limit in answer["limits"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not a table"),
        ("a,b\n1,2\n", "not a table"),
        ("class,impedance\n", "without a class"),
        ("class,impedance\nforest,2\n", "not a class"),
        ("class,impedance\n1\n", "not a class"),
        ("class,impedance\n1,101\n", "impedance 0 to 100"),
        ("class,impedance\n1,nan\n", "impedance 0 to 100"),
        ("class,impedance\n1,2\n1,3\n", "each class once"),
    ],
)
def test_faults_of_the_table_are_told(tmp_path, text, said):
    """Each fault is one error at its line."""
    (tmp_path / "table.csv").write_text(text)
    with pytest.raises(InvalidInput, match=said):
        read_impedances(tmp_path / "table.csv")


def test_faults_of_the_raster_are_told(files, capsys):
    """Elevations instead of classes, another place, junk, no file, half of the options."""
    folder, ground = files
    table = read_impedances(folder / "table.csv")
    save(folder / "far.tif", np.full((9, 9), 10), west=0.0, north=50.0, step=0.001, crs="EPSG:4326", dtype="uint8")
    (folder / "junk.tif").write_bytes(b"junk")
    for name, said in (
        ("ground.tif", "not land cover"),
        ("far.tif", "covers nothing"),
        ("junk.tif", "not land cover"),
        ("none.tif", "no such file"),
    ):
        with pytest.raises(InvalidInput, match=said):
            read_cover(folder / name, table, ground)
    with pytest.raises(SystemExit) as left:
        main(
            ["search", "approach", "--from", "46.6,38.7", "--to", "46.6,38.7", "--terrain", "x.tif", "--cover", "y.tif"]
        )
    assert left.value.code == 2
    assert "--impedance" in capsys.readouterr().err
