"""Reading land cover: a raster of classes and a table that says how each slows a walker."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import numpy as np

from safeconduct.earth.terrain import Floats, Terrain
from safeconduct.formats.terrain import plane_crs
from safeconduct.model.errors import InvalidInput
from safeconduct.motion.walking import slowed

CLASSES_LIMIT = 1000


def read_impedances(path: Path) -> Mapping[int, float]:
    """
    Read a table of land cover: a header ``class,impedance``, one line for each class.

    Args:
        path: CSV in UTF-8 with commas. The class is the whole number in the raster; impedance runs from 0 (open
            ground) to 100, and from 98 on the class blocks.

    Raises:
        InvalidInput: The first fault, with its line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError:
        raise InvalidInput("no such file", where=str(path), expected="a CSV table", got="nothing there") from None
    except UnicodeDecodeError:
        raise InvalidInput("not a text file", where=str(path), expected="CSV in UTF-8", got="other bytes") from None
    rows = csv.DictReader(io.StringIO(text))
    if not {"class", "impedance"} <= set(rows.fieldnames or ()):
        expected, got = "a first line with class,impedance", ",".join(rows.fieldnames or ())
        raise InvalidInput("not a table of land cover", where=f"{path.name}:1", expected=expected, got=got)
    found: dict[int, float] = {}
    for row in rows:
        where = f"{path.name}:{rows.line_num}"
        try:
            number, impedance = int(row["class"] or ""), float(row["impedance"] or "")
        except (TypeError, ValueError):
            got = f"{row['class']},{row['impedance']}"
            raise InvalidInput("not a class", where=where, expected="whole number, number", got=got) from None
        if not 0.0 <= impedance <= 100.0 or number in found or len(found) >= CLASSES_LIMIT:
            expected = f"each class once, impedance 0 to 100, at most {CLASSES_LIMIT} classes"
            raise InvalidInput("not a class", where=where, expected=expected, got=f"{number},{impedance:g}")
        found[number] = impedance
    if not found:
        raise InvalidInput("a table without a class", where=str(path), expected="at least one line", got="none")
    return MappingProxyType(found)


def read_cover(path: Path, impedances: Mapping[int, float], terrain: Terrain) -> tuple[Floats, tuple[str, ...]]:
    """
    Lay land cover over a terrain: the nearest class of each cell, as a factor on the walking speed.

    Args:
        path: GeoTIFF of whole numbers, one band, any projection and size of cells.

        impedances: By class.

        terrain: Whose cells are asked for.

    Returns:
        Factors in [0, 1], shape of the terrain, NaN where the class is not known; and what to say of those.

    Raises:
        InvalidInput: No such raster, or it covers nothing of the terrain.
    """
    import rasterio  # lazy: it takes a fifth of a second to import
    from rasterio.errors import RasterioError  # lazy: as above
    from rasterio.transform import from_origin  # lazy: as above
    from rasterio.vrt import WarpedVRT  # lazy: as above

    if not path.is_file():
        raise InvalidInput("no such file", where=str(path), expected="a GeoTIFF of classes", got="nothing there")
    rows, columns = terrain.elevation_m.shape
    place = from_origin(terrain.west_m, terrain.north_m, terrain.cell_m, terrain.cell_m)
    try:
        with rasterio.open(path, driver="GTiff") as file:
            if file.crs is None or file.count != 1 or not file.dtypes[0].startswith(("int", "uint")):
                expected, got = "one band of whole numbers with a projection", f"{file.count} bands of {file.dtypes[0]}"
                raise InvalidInput("not land cover", where=str(path), expected=expected, got=got)
            plane = {"crs": plane_crs(terrain.middle), "transform": place, "width": columns, "height": rows}
            with WarpedVRT(file, **plane, nodata=np.nan, dtype="float64") as warped:
                classes = warped.read(1)
    except (RasterioError, OSError) as fault:
        raise InvalidInput("not land cover", where=str(path), expected="a GeoTIFF", got=str(fault)) from None
    factor = np.full(classes.shape, np.nan)
    for number, impedance in impedances.items():
        factor[classes == number] = float(slowed(impedance))
    if np.isnan(classes).all():
        raise InvalidInput("land cover that covers nothing", where=str(path), expected=terrain.name, got="other places")
    missing = np.unique(classes[np.isnan(factor) & ~np.isnan(classes)]).astype(np.int64).tolist()
    notes = [f"classes without an impedance are unknown ground: {', '.join(map(str, missing[:10]))}"] if missing else []
    if np.isnan(classes).any():
        notes.append(f"land cover is unknown on {100.0 * float(np.isnan(classes).mean()):.0f} % of the terrain")
    return factor, tuple(notes)
