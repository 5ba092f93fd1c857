"""Terrain shading for the background of a map, and for nothing else (DESIGN.md section 3, "Terrain")."""

from __future__ import annotations

import base64
import struct
import zlib
from dataclasses import dataclass
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from safeconduct.earth.airspace import Box
from safeconduct.model.errors import Corrupt

CELLS_PER_DEG = 12
BAND_DEG = 10
COLUMNS = 360 * CELLS_PER_DEG
STEPS = 15
WATER = (64, 132, 190, 120)
"""Red, green, blue, opacity."""
TONES = 64
"""Shades of a picture; more than the steps, because rounding cells off makes values in between."""
MERCATOR_LAT = 85.0
"""The web map ends near here."""
MOST_PX = 1600
"""Longest side of a picture; larger areas are thinned out."""
FINER = ((480, 4), (1600, 2))
"""Cells to a side up to which a picture is made so many times finer; beyond, its cells are too small to be seen."""
_FILE = "relief/shade.bin"

Cells = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Picture:
    """
    A picture in the web map's projection.

    Args:
        url: The PNG as a data address: a haze to lay over paper of any colour.

        corners: (lon, lat) of north-west, north-east, south-east, south-west. East may exceed 180.
    """

    url: str
    corners: tuple[tuple[float, float], ...]


def shading(box: Box) -> Picture | None:
    """
    Shading of an area; None where the web map does not reach or the area is empty.

    Raises:
        Corrupt: The packaged file is not what was written.
    """
    south, north = max(-MERCATOR_LAT, box.south), min(MERCATOR_LAT, box.north)
    if south >= north or box.west >= box.east:
        return None
    top, bottom = int((90 - north) * CELLS_PER_DEG), int(np.ceil((90 - south) * CELLS_PER_DEG))
    left, right = int(np.floor((box.west + 180) * CELLS_PER_DEG)), int(np.ceil((box.east + 180) * CELLS_PER_DEG))
    thin = max(1, -(-max(right - left, bottom - top) // MOST_PX))
    cells = _rows(top, bottom)[::thin, np.arange(left, right, thin) % COLUMNS]
    north, south = 90 - top / CELLS_PER_DEG, 90 - bottom / CELLS_PER_DEG
    west, east = left / CELLS_PER_DEG - 180, right / CELLS_PER_DEG - 180
    picture = _smooth(cells[_mercator_rows(north, south, len(cells), thin)])
    url = "data:image/png;base64," + base64.b64encode(png(picture)).decode("ascii")
    return Picture(url, ((west, north), (east, north), (east, south), (west, south)))


def _mercator_rows(north: float, south: float, rows: int, thin: int) -> NDArray[np.intp]:
    """Which source row each row of the picture shows; rows are evenly spaced in Mercator's ordinate."""
    limit = 89.9
    ends = np.arcsinh(np.tan(np.radians(np.clip([north, south], -limit, limit))))
    count = max(2, round(float(ends[0] - ends[1]) * 180 / np.pi * CELLS_PER_DEG / thin))
    middles = ends[0] + (np.arange(count) + 0.5) / count * (ends[1] - ends[0])
    lats = np.degrees(np.arctan(np.sinh(middles)))
    places: NDArray[np.intp] = np.clip(((north - lats) * CELLS_PER_DEG / thin).astype(np.intp), 0, rows - 1)
    return places


def _smooth(cells: Cells) -> Cells:
    """Tones, 1 to `TONES`; the cells of a small picture are rounded off, so that they look like slopes, not squares."""
    land, tone = np.where(cells > 0, 1.0, 0.0), cells.astype(np.float64)
    finer = next((times for most, times in FINER if max(cells.shape) <= most), 1)
    if finer > 1:
        land, tone = _spline(land, finer), _spline(tone, finer)
    mean = tone / np.maximum(land, 1e-9)
    steps = np.clip(np.round((mean - 1) / (STEPS - 1) * (TONES - 1)), 0, TONES - 1).astype(np.uint8) + 1
    return np.where(land < 0.5, 0, steps).astype(np.uint8)


def _spline(values: NDArray[np.float64], finer: int) -> NDArray[np.float64]:
    """Quadratic spline over the cells: each is repeated, then averaged twice over its own width. *finer* is even."""
    out = np.repeat(np.repeat(values, finer, axis=0), finer, axis=1)
    for axis in (0, 1, 0, 1):
        sides = [(finer // 2, finer // 2 - 1) if a == axis else (0, 0) for a in (0, 1)]
        windows = np.lib.stride_tricks.sliding_window_view(np.pad(out, sides, mode="edge"), finer, axis=axis)
        out = np.asarray(windows.mean(axis=-1), dtype=np.float64)
    return out


def _rows(top: int, bottom: int) -> Cells:
    """Rows of cells from the north, 0 for water, 1 to 15 for land; shape (bottom - top, 4320)."""
    raw = resources.files("safeconduct").joinpath("data", _FILE).read_bytes()
    count = 180 // BAND_DEG
    rows = CELLS_PER_DEG * BAND_DEG
    try:
        lengths = struct.unpack_from(f">{count}I", raw)
        starts = np.concatenate([[0], np.cumsum(lengths)]) + 4 * count
        first, last = top // rows, (bottom - 1) // rows
        packed = b"".join(zlib.decompress(raw[starts[b] : starts[b + 1]]) for b in range(first, last + 1))
        halves = np.frombuffer(packed, np.uint8).reshape((last - first + 1) * rows, COLUMNS // 2)
    except (struct.error, zlib.error, ValueError) as fault:
        raise Corrupt("the packaged shading cannot be read", where=f"data/{_FILE}", got=str(fault)) from None
    cells = np.empty((len(halves), COLUMNS), np.uint8)
    cells[:, 0::2], cells[:, 1::2] = halves >> 4, halves & 15
    return cells[top - first * rows : bottom - first * rows]


def png(cells: Cells) -> bytes:
    """
    Write cells of 0 to `TONES` as a PNG with a palette: black haze for shaded slopes, white for lit ones, blue water.

    Form: W3C PNG, third edition, sections 5 and 11.
    """
    middle = (TONES + 1) / 2
    levels = np.arange(TONES + 1)
    haze = np.abs(levels - middle) / (middle - 1)
    alpha = np.where(levels == 0, WATER[3], np.round(8 + 120 * haze)).astype(np.uint8)
    palette = np.repeat(np.where(levels > middle, 255, 20).astype(np.uint8)[:, None], 3, axis=1)
    palette[0] = WATER[:3]
    return indexed_png(cells, palette, alpha)


def indexed_png(cells: Cells, palette: Cells, alpha: Cells) -> bytes:
    """
    Write a picture of palette entries.

    Args:
        cells: Entry of each point, shape (rows, columns), rows from the top.

        palette: Red, green and blue of each entry, shape (entries, 3).

        alpha: Opacity of each entry, 0 to 255, shape (entries,).
    """
    height, width = cells.shape
    lines = np.concatenate([np.zeros((height, 1), np.uint8), cells], axis=1).tobytes()
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        (b"PLTE", palette.tobytes()),
        (b"tRNS", alpha.tobytes()),
        (b"IDAT", zlib.compress(lines, 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks
    )
