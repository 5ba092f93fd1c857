"""Fetching tiles, from a server on the loopback interface."""

import pytest
from tests.server import serving

from safeconduct.model.errors import InvalidInput, Unavailable
from safeconduct.transport.tiles import COPERNICUS_30M, fetch_tiles, tile_url

PATTERN = "{ns}{lat:02d}{ew}{lon:03d}.tif"


@pytest.mark.parametrize(
    ("tile", "name"),
    [((46, 38), "N38_00_E046_00"), ((-1, -1), "S01_00_W001_00"), ((-180, 0), "N00_00_W180_00")],
)
def test_tiles_are_named_by_their_corner(tile, name):
    """South-west corners, the sign as a letter, with the digits that the address wants."""
    assert tile_url(COPERNICUS_30M, tile).endswith(f"Copernicus_DSM_COG_10_{name}_DEM.tif")


@pytest.mark.parametrize(
    "template",
    [
        "ftp://host/" + PATTERN,
        "file:///etc/" + PATTERN,
        "https://host/{ns}{lat}.tif",
        "https://host/" + PATTERN + "{key}",
        "https://host/{ns}{lat:q}{ew}{lon}.tif",
        "https://host/{ns.real}{lat}{ew}{lon}.tif",
        "https://host/{",
    ],
)
def test_what_is_no_template_is_refused(template):
    """Another scheme, a missing or unknown field, a broken format: one error, and nothing is fetched."""
    with pytest.raises(InvalidInput, match="not a template"):
        tile_url(template, (46, 38))


def test_each_tile_comes_from_the_first_source_that_has_it(tmp_path):
    """The finer source first, the next one for what it lacks; what none has is said to be missing."""
    for name, text in (("fine/N38E046.tif", "fine"), ("coarse/N38E046.tif", "coarse"), ("coarse/N38E047.tif", "more")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "got").mkdir()
    told = []
    with serving(tmp_path) as host:
        sources = [f"{host}/{kind}/{PATTERN}" for kind in ("fine", "coarse")]
        got = fetch_tiles([(46, 38), (47, 38), (48, 38)], sources, tmp_path / "got", told=told.append)
    assert [path.read_text() for path in got.files] == ["fine", "more"]
    assert (got.coarser, got.missing, got.size_bytes) == (((47, 38),), ((48, 38),), 8)
    assert len(told) == 3


@pytest.mark.parametrize(("kind", "said"), [("forbidden", "refuses.*403"), ("short", "cut short|cannot be reached")])
def test_a_server_that_fails_is_told(tmp_path, kind, said):
    """A refusal and a cut connection are errors of the surroundings, with the address."""
    with serving(tmp_path) as host, pytest.raises(Unavailable, match=said) as caught:
        fetch_tiles([(46, 38)], [f"{host}/{kind}/{PATTERN}"], tmp_path)
    assert caught.value.where.startswith("http://127.0.0.1")


def test_no_network_is_told(tmp_path):
    """Where nothing answers the error says what to do instead."""
    with serving(tmp_path) as host:
        pass
    with pytest.raises(Unavailable, match="--terrain"):
        fetch_tiles([(46, 38)], [f"{host}/{PATTERN}"], tmp_path)


def test_a_continent_is_not_fetched(tmp_path):
    """More tiles than a search area has are refused before anything is fetched."""
    with pytest.raises(InvalidInput, match="too large"):
        fetch_tiles([(lon, 38) for lon in range(40)], [f"http://127.0.0.1:9/{PATTERN}"], tmp_path)
