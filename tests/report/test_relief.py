from __future__ import annotations

import base64
import struct
import zlib

import numpy as np
import pytest

from safeconduct.earth.airspace import Box
from safeconduct.report.relief import TONES, Picture, png, shading


def pixels(picture: Picture) -> np.ndarray:
    """Palette numbers of a picture that `png` wrote."""
    raw = base64.b64decode(picture.url.split(",")[1])
    width, height = struct.unpack(">II", raw[16:24])
    start = raw.index(b"IDAT")
    size = struct.unpack(">I", raw[start - 4 : start])[0]
    rows = np.frombuffer(zlib.decompress(raw[start + 4 : start + 4 + size]), np.uint8).reshape(height, width + 1)
    assert not rows[:, 0].any()  # filter type 0 on each row
    return rows[:, 1:]


def test_signature_and_checksums():
    """The PNG has its signature, and each chunk the checksum of its bytes."""
    raw = png(np.zeros((2, 3), np.uint8))
    assert raw[:8] == b"\x89PNG\r\n\x1a\n"
    at = 8
    names = []
    while at < len(raw):
        size, name = struct.unpack(">I4s", raw[at : at + 8])
        assert struct.unpack(">I", raw[at + 8 + size : at + 12 + size])[0] == zlib.crc32(raw[at + 4 : at + 8 + size])
        names.append(name)
        at += 12 + size
    assert names == [b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"]


def test_ocean_is_water():
    """The middle of the South Pacific is water throughout."""
    picture = shading(Box(-130, -42, -120, -35))
    assert picture is not None
    assert not pixels(picture).any()


@pytest.mark.parametrize(
    "box",
    [
        Box(8, 22, 14, 26),  # desert
        Box(1, 47.5, 5, 49.2),  # green lowland, painted bluish
        Box(-44, 72, -35, 77),  # ice, painted almost white
        Box(-65, -6, -58, -2),  # rain forest
    ],
)
def test_continent_is_land(box):
    """Inland every cell is land, whatever its colour in the source."""
    picture = shading(box)
    assert picture is not None
    assert pixels(picture).min() >= 1
    assert pixels(picture).max() <= TONES


def test_north_is_up():
    """Across the southern coast of West Africa the sea is at the foot of the picture."""
    picture = shading(Box(-6, 2, -1, 9))
    assert picture is not None
    seen = pixels(picture)
    assert seen[: len(seen) // 4].all()
    assert not seen[-len(seen) // 6 :].any()


def test_corners_hold_the_box():
    """The corners are given from the north-west clockwise and hold the box."""
    picture = shading(Box(9.03, 46.01, 12.2, 48.8))
    assert picture is not None
    (west, north), (east, _), (_, south), _ = picture.corners
    assert west <= 9.03
    assert east >= 12.2
    assert south <= 46.01
    assert north >= 48.8


def test_across_the_antimeridian():
    """A box over 180 degrees is one picture whose east exceeds 180."""
    picture = shading(Box(175, -20, 185, -14))
    assert picture is not None
    assert picture.corners[1][0] >= 185


def test_pole_is_out_of_reach():
    """Beyond the edge of the web map there is no picture."""
    assert shading(Box(0, 86, 10, 89)) is None


def test_whole_world_is_thinned_out():
    """The whole world is thinned out to a picture of bounded size."""
    picture = shading(Box(-180, -85, 180, 85))
    assert picture is not None
    assert max(pixels(picture).shape) <= 3200
