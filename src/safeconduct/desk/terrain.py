"""Terrain for a case: what area it needs, and fetching it where there is a network."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from safeconduct.desk.cases import open_case
from safeconduct.earth.terrain import tiles_over
from safeconduct.formats.terrain import Box, join_terrain
from safeconduct.model.case import Case
from safeconduct.model.errors import InvalidInput, Unavailable
from safeconduct.model.instants import Instant
from safeconduct.model.known import as_known
from safeconduct.search.whereabouts import whereabouts
from safeconduct.transport.tiles import COPERNICUS_30M, COPERNICUS_90M, Fetched, fetch_tiles

SOURCES = (COPERNICUS_30M, COPERNICUS_90M)

MARGIN_KM = 10.0
"""Terrain beyond the map's edge: masts and summits that look in from outside."""

SIDE_KM = 250.0
"""Longest side that is fetched; a wider map is cut to its middle, and the answer says so."""


@dataclass(frozen=True, slots=True)
class Brought:
    """
    Terrain that was fetched.

    Args:
        out: The file.

        box: West, south, east, north of the area asked for, degrees.

        fetched: What came from where.

        notes: Limits: tiles that nobody has, a map cut to its middle.
    """

    out: Path
    box: Box
    fetched: Fetched
    notes: tuple[str, ...]


def area_of(case: Case) -> tuple[Box, bool]:
    """
    The box around the map of a case with a margin, degrees, and whether it was cut.

    Raises:
        InvalidInput: No report can be put on a map, or the map lies on the antimeridian or a pole.
    """
    found = whereabouts(case)
    if found is None:
        raise InvalidInput("no area to fetch", where=case.id, expected="a report with a place", got="none")
    (lon, lat), grid = found.site, found.map.grid
    north, east = 1.0 / 111.2, 1.0 / (111.2 * max(math.cos(math.radians(lat)), 0.02))
    box = [grid.lon_deg.min(), grid.lat_deg.min(), grid.lon_deg.max(), grid.lat_deg.max()]
    box = [box[0] - MARGIN_KM * east, box[1] - MARGIN_KM * north, box[2] + MARGIN_KM * east, box[3] + MARGIN_KM * north]
    most = [lon - SIDE_KM / 2 * east, lat - SIDE_KM / 2 * north, lon + SIDE_KM / 2 * east, lat + SIDE_KM / 2 * north]
    kept = [max(box[0], most[0]), max(box[1], most[1]), min(box[2], most[2]), min(box[3], most[3])]
    west, south, far, top = (round(float(each), 4) for each in kept)
    if not (-180.0 <= west < far <= 180.0 and -85.0 <= south < top <= 85.0):
        expected = "an area that keeps off the antimeridian and the poles: bring your own files"
        raise InvalidInput("no area to fetch", where=case.id, expected=expected, got=f"{west},{south} to {far},{top}")
    return (west, south, far, top), kept != box


def fetch_terrain(
    name: str,
    out: Path,
    *,
    at: Instant | None = None,
    sources: Sequence[str] = SOURCES,
    told: Callable[[str], object] = lambda _: None,
) -> Brought:
    """
    Fetch the terrain of a case and write it as one GeoTIFF.

    Args:
        name: A shipped case or a path.

        out: The file to write; its folder exists.

        at: The map as known at this instant; default the case's own.

        sources: Templates of tiles, tried in turn.

        told: Called with one line per tile.

    Raises:
        InvalidInput: No such case or folder, no area, a template that is none.
        Unavailable: No network, no answer, or no source has anything of the area.
    """
    case = open_case(name).case
    box, cut = area_of(as_known(case, at or case.assess_at))
    if not out.parent.is_dir():
        raise InvalidInput("no such folder", where=str(out), expected="a folder that exists", got=str(out.parent))
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".terrain-") as folder:
        fetched = fetch_tiles(tiles_over(box), sources, Path(folder), told=told)
        if not fetched.files:
            raise Unavailable("no source has terrain of the area", where=case.id, expected="a tile", got="none")
        join_terrain(fetched.files, box, out)
    notes = [f"the map is wider than {SIDE_KM:g} km: cut to its middle"] if cut else []
    if fetched.missing:
        notes.append(f"no source has {len(fetched.missing)} of the tiles (sea, or a country left out): unknown there")
    if fetched.coarser:
        notes.append(f"{len(fetched.coarser)} tiles came from a later, coarser source")
    return Brought(out, box, fetched, tuple(notes))
