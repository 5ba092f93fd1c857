"""
Reading terrain: GeoTIFF (cloud-optimised ones too) and HGT files, brought onto one local metric plane.

Files of any projection are taken; what they call no data stays unknown. What is refused is told with its reason: no
place on the Earth, cells of more than 100 m, pictures instead of elevations, no-data values that the file does not
declare.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from safeconduct.earth.geodesy import distance_m
from safeconduct.earth.terrain import EXTENT_M, FINE_M, Terrain
from safeconduct.model.errors import InvalidInput, SafeConductError, Unavailable
from safeconduct.model.space import LonLat

Box: TypeAlias = tuple[float, float, float, float]
"""West, south, east, north in degrees; across the antimeridian the west is greater than the east."""

CELLS_LIMIT = 16_000_000
"""More cells are not kept: a finer file is averaged down to as many, and the terrain says so."""

RANGE_M = (-500.0, 9000.0)
"""Lowest shore and highest summit, with room: what lies outside is no elevation in metres."""

FEET = frozenset({"ft", "foot", "feet", "us survey foot", "ftus", "us-ft"})
WGS84 = "EPSG:4326"
_NO_DATA = -32768.0


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One open file: its dataset, where it lies and how fine it is."""

    path: Path
    file: Any
    box: Box
    cell_m: float


def open_terrain(paths: Sequence[Path], *, box: Box | None = None, max_cells: int = CELLS_LIMIT) -> Terrain:
    """
    Read elevations from one or more files onto the plane around the middle of an area.

    Elevations are interpolated in straight lines between the files' own cells; where the area holds more than
    *max_cells* of them they are averaged over larger ones, 100 m at most. Where files overlap the first one counts.

    Args:
        paths: GeoTIFF (.tif, .tiff) or HGT files (named by their corner, N38E046.hgt), at least one.

        box: The area wanted; None is all that the files hold.

        max_cells: Most cells to keep, at least 4.

    Returns:
        The terrain; its notes say how much of the area is covered and whether it was averaged.

    Raises:
        InvalidInput: A file is none of these, has no projection, is too coarse, holds no elevations in metres or feet,
            covers nothing of the area, or the area is too large for cells of 100 m.
    """
    if not paths:
        raise InvalidInput("no terrain file", where="--terrain", expected="at least one file", got="none")
    with _opened(paths) as sheets:
        names = ", ".join(sheet.path.name for sheet in sheets)
        area = box or _union([sheet.box for sheet in sheets])
        middle = _middle(area)
        finest = min(sheet.cell_m for sheet in sheets)
        west, south, east, north = wanted = _extent(middle, area)
        if max(east - west, north - south) > EXTENT_M:
            raise _too_large(names, max(east - west, north - south))
        if box is not None:  # no cells for what the files do not hold
            west, south, east, north = _overlap(wanted, _union([sheet.box for sheet in sheets]), middle)
        if not (west < east and south < north):
            raise _covers_nothing(sheets, area, names)
        cell, notes = _cell(finest, (east - west) * (north - south), max_cells, names)
        shape = (max(2, math.ceil((north - south) / cell)), max(2, math.ceil((east - west) / cell)))
        heights = np.full(shape, np.nan, dtype=np.float32)
        for sheet in sheets:
            _fill(heights, sheet, middle, (west, north, cell))
    if not np.isfinite(heights).any():
        raise _covers_nothing(sheets, area, names)
    known = float(np.isfinite(heights).sum()) * cell**2 / ((wanted[2] - wanted[0]) * (wanted[3] - wanted[1]))
    if known < 0.9995:  # corners of a turned tile are a few cells
        share = f"{100.0 * known:.0f}" if known >= 0.1 else f"{100.0 * known:.1f}"
        notes += (f"terrain covers {share} % of the area; the rest is unknown",)
    return Terrain(middle, cell, west, north, heights, names, notes)


def _covers_nothing(sheets: Sequence[_Sheet], area: Box, names: str) -> InvalidInput:
    got = "; ".join(f"{sheet.path.name} over {_said(sheet.box)}" for sheet in sheets)
    message = "terrain that covers nothing of the area"
    return InvalidInput(message, where=names, expected=f"terrain over {_said(area)}", got=got)


def _overlap(wanted: Box, held: Box, middle: LonLat) -> Box:
    """What a box on the plane shares with one in degrees, with room for the cells at its edge; perhaps nothing."""
    west, south, east, north = held
    # A file far off may be too large for the plane, or lie behind the Earth: then its corners say nothing.
    if (east - west) % 360.0 > 20.0 or north - south > 20.0 or abs((west - middle[0] + 180.0) % 360.0 - 180.0) > 30.0:
        return wanted
    other = _extent(middle, held)
    low = [max(a, b - 2.0 * FINE_M) for a, b in zip(wanted[:2], other[:2], strict=True)]
    high = [min(a, b + 2.0 * FINE_M) for a, b in zip(wanted[2:], other[2:], strict=True)]
    return (low[0], low[1], high[0], high[1])


@contextmanager
def _opened(paths: Sequence[Path]) -> Iterator[list[_Sheet]]:
    from contextlib import ExitStack  # lazy: with rasterio, which takes a fifth of a second to import

    import rasterio  # lazy: as above
    from rasterio.errors import RasterioError  # lazy: as above

    now = str(paths[0])
    try:
        with rasterio.Env(GDAL_PAM_ENABLED="NO"), ExitStack() as stack:
            sheets = []
            for path in paths:
                now = str(path)
                if not path.is_file():
                    raise InvalidInput("no such file", where=now, expected="a GeoTIFF or HGT file", got="nothing there")
                driver = "SRTMHGT" if path.suffix.lower() == ".hgt" else "GTiff"
                sheets.append(_sheet(path, stack.enter_context(rasterio.open(path, driver=driver))))
            yield sheets
    except SafeConductError:
        raise
    except (RasterioError, OSError, ValueError) as fault:
        expected = "a GeoTIFF, or an HGT file named by its corner such as N38E046.hgt"
        raise InvalidInput("not a terrain file", where=now, expected=expected, got=str(fault)) from None


def _sheet(path: Path, file: Any) -> _Sheet:
    """Look at an open file; refuse what is no terrain before anything large is read."""
    from rasterio.warp import transform, transform_bounds  # lazy: as in _opened

    where = str(path)
    if file.crs is None or file.transform.is_identity:
        raise InvalidInput(
            "terrain without a place", where=where, expected="a file that states its projection and corner", got="none"
        )
    if file.count != 1:
        raise InvalidInput("not terrain", where=where, expected="one band of elevations", got=f"{file.count} bands")
    if file.dtypes[0] in {"uint8", "int8"} or "complex" in file.dtypes[0]:
        expected = "elevations of 16 or 32 bits (8 bits are a picture, such as a shading)"
        raise InvalidInput("not terrain", where=where, expected=expected, got=file.dtypes[0])
    i, j = file.height / 2.0, file.width / 2.0
    corners = [file.transform * (j + right, i + down) for right, down in ((0, 0), (1, 0), (0, 1))]
    lon, lat = transform(file.crs, WGS84, [x for x, _ in corners], [y for _, y in corners])
    if not all(map(math.isfinite, (*lon, *lat))):
        raise InvalidInput(
            "terrain without a place", where=where, expected="a place on the Earth", got=str(file.bounds)
        )
    here = _place(lon[0], lat[0])
    cell = max(distance_m(here, _place(lon[k], lat[k])) for k in (1, 2))
    if not 0.0 < cell <= FINE_M * 1.005:
        expected = f"cells of {FINE_M:g} m or finer: coarser ones hide valleys and cut off summits"
        raise InvalidInput("terrain too coarse", where=where, expected=expected, got=f"{cell:.0f} m")
    west, south, east, north = transform_bounds(file.crs, WGS84, *file.bounds)
    return _Sheet(path, file, (*_place(west, south), *_place(east, north)), cell)


def _place(lon: float, lat: float) -> LonLat:
    """A place with its longitude in [-180, 180] and its latitude on the Earth: outer half cells may pass either."""
    return (lon if -180.0 <= lon <= 180.0 else (lon + 180.0) % 360.0 - 180.0, min(90.0, max(-90.0, lat)))


def _union(boxes: Sequence[Box]) -> Box:
    """The box around all, the first one's side of the Earth deciding which way round."""
    first = boxes[0][0]
    spans = [((w - first + 180.0) % 360.0 - 180.0, e - w if e >= w else e - w + 360.0, s, n) for w, s, e, n in boxes]
    west = min(start for start, _, _, _ in spans)
    east = max(start + size for start, size, _, _ in spans)
    south, north = min(s for _, _, s, _ in spans), max(n for _, _, _, n in spans)
    return (_place(first + west, 0.0)[0], south, _place(first + east, 0.0)[0], north)


def _middle(box: Box) -> LonLat:
    west, south, east, north = box
    across = east - west if east >= west else east - west + 360.0
    return (round(_place(west + across / 2.0, 0.0)[0], 6), round((south + north) / 2.0, 6))


def _extent(middle: LonLat, box: Box) -> Box:
    """West, south, east, north of a box on the plane, metres: no edge of it bulges past."""
    west, south, east, north = box
    across = east - west if east >= west else east - west + 360.0
    if across > 20.0 or north - south > 20.0:
        raise _too_large("the area", max(across, north - south) * 111_000.0)
    share = np.linspace(0.0, 1.0, 33)
    lon = np.concatenate([west + share * across, west + share * across, np.full(33, west), np.full(33, west + across)])
    lat = np.concatenate([np.full(33, south), np.full(33, north), *[south + share * (north - south)] * 2])
    plane = Terrain(middle, 1.0, 0.0, 0.0, np.zeros((2, 2), dtype=np.float32), "")
    x, y = plane.to_plane((lon + 180.0) % 360.0 - 180.0, lat)
    return (float(x.min()), float(y.min()), float(x.max()), float(y.max()))


def _cell(finest: float, area_m2: float, most: int, names: str) -> tuple[float, tuple[str, ...]]:
    """Side of a cell that keeps the area within the limit, and what is to be said of it."""
    needed = math.sqrt(area_m2 / most)
    if needed <= finest:
        return round(finest, 3), ()
    if needed > FINE_M:
        raise _too_large(names, math.sqrt(area_m2))
    cell = math.ceil(needed * 10.0) / 10.0
    return min(cell, FINE_M), (f"terrain averaged from cells of {finest:.1f} m to {cell:.1f} m to fit",)


def _fill(heights: NDArray[np.float32], sheet: _Sheet, middle: LonLat, corner: tuple[float, float, float]) -> None:
    """Put what a file knows into the cells that are still unknown."""
    from rasterio.enums import Resampling  # lazy: as in _opened
    from rasterio.transform import from_origin  # lazy: as in _opened
    from rasterio.vrt import WarpedVRT  # lazy: as in _opened

    west, north, cell = corner
    how = Resampling.average if cell > 1.5 * sheet.cell_m else Resampling.bilinear
    rows, columns = heights.shape
    with WarpedVRT(
        sheet.file,
        crs=plane_crs(middle),
        transform=from_origin(west, north, cell, cell),
        width=columns,
        height=rows,
        resampling=how,
        nodata=math.nan,
        dtype="float32",
    ) as warped:
        found = warped.read(1)
    scale, offset = sheet.file.scales[0], sheet.file.offsets[0]
    if (scale, offset) != (1.0, 0.0):
        found = found * np.float32(scale) + np.float32(offset)
    unit = (sheet.file.units[0] or "").strip().lower()
    if unit in FEET:
        found = found * np.float32(0.3048)
    found[~np.isfinite(found)] = np.nan
    low, high = (float(each) for each in (np.nanmin(found, initial=0.0), np.nanmax(found, initial=0.0)))
    if low < RANGE_M[0] or high > RANGE_M[1]:
        raise InvalidInput(
            "not elevations in metres",
            where=str(sheet.path),
            expected=f"{RANGE_M[0]:g} to {RANGE_M[1]:g} m, with the no-data value declared in the file",
            got=f"{low:g} to {high:g}",
        )
    np.copyto(heights, found, where=np.isnan(heights))


def _said(box: Box) -> str:
    return f"{box[0]:.2f},{box[1]:.2f} to {box[2]:.2f},{box[3]:.2f}"


def _too_large(names: str, side_m: float) -> InvalidInput:
    expected = f"at most {EXTENT_M / 1000.0:g} km across, or fewer cells: cut the file to the area"
    return InvalidInput("too much terrain", where=names, expected=expected, got=f"{side_m / 1000.0:.0f} km")


def write_over(terrain: Terrain, values: NDArray[Any], out: Path, no_data: float) -> None:
    """
    Write one number for each cell of a terrain as a GeoTIFF on its plane.

    Raises:
        Unavailable: The file cannot be written.
    """
    from rasterio.transform import from_origin  # lazy: it takes a fifth of a second to import

    place = from_origin(terrain.west_m, terrain.north_m, terrain.cell_m, terrain.cell_m)
    _write(
        out, values, {"crs": plane_crs(terrain.middle), "transform": place, "nodata": no_data, "compress": "deflate"}
    )


def _write(out: Path, values: NDArray[Any], kept: dict[str, Any]) -> None:
    """One band, put in place only when it is whole."""
    import rasterio  # lazy: as in _opened
    from rasterio.errors import RasterioError  # lazy: as above

    half = out.with_name(out.name + ".part")
    rows, columns = values.shape
    try:
        with rasterio.open(
            half, "w", driver="GTiff", height=rows, width=columns, count=1, dtype=values.dtype.name, **kept
        ) as file:
            file.write(values, 1)
        half.replace(out)
    except (RasterioError, OSError) as fault:
        half.unlink(missing_ok=True)
        raise Unavailable("the file cannot be written", where=str(out), got=str(fault)) from None


def plane_crs(middle: LonLat) -> str:
    """The projection of a terrain's plane."""
    return f"+proj=aeqd +lon_0={middle[0]!r} +lat_0={middle[1]!r} +datum=WGS84 +units=m"


def join_terrain(paths: Sequence[Path], box: Box, out: Path) -> None:
    """
    Join files into one GeoTIFF cut to a box, without interpolating where their cells agree.

    Args:
        paths: Terrain files in degrees, finest first; where several know a place the first one counts. Coarser ones are
            drawn in the cells of the first, nearest value.

        box: What to keep; it does not cross the antimeridian.

        out: Written anew: float32, compressed, its no-data value declared.

    Raises:
        InvalidInput: A file is no terrain, or none covers anything of the box.
        Unavailable: The file cannot be written.
    """
    from rasterio.merge import merge  # lazy: it takes a fifth of a second to import

    with _opened(paths) as sheets:
        heights, place = merge(
            [sheet.file for sheet in sheets], bounds=box, nodata=_NO_DATA, dtype="float32", target_aligned_pixels=False
        )
        crs = sheets[0].file.crs
    if not (heights != _NO_DATA).any():
        raise InvalidInput("terrain that covers nothing of the area", where=str(out), expected=_said(box))
    kept = {"nodata": _NO_DATA, "compress": "deflate", "predictor": 3, "tiled": True}
    _write(out, heights[0], {"crs": crs, "transform": place, **kept})
