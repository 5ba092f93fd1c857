"""What can be seen, or reached by radio, from one place over terrain."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from safeconduct.desk.approach import around
from safeconduct.earth.viewshed import LIGHT, RADIO, viewshed
from safeconduct.formats.terrain import open_terrain, write_over
from safeconduct.model.errors import InvalidInput
from safeconduct.model.space import LonLat, lon_lat

CELLS = 4_000_000
REACH_KM = (0.1, 100.0)

SEEN, HIDDEN, UNKNOWN = 1, 0, 255
"""Values of the file that is written."""


@dataclass(frozen=True, slots=True)
class View:
    """
    What one eye or mast sees.

    Args:
        seen_km2: Ground in sight within reach.

        hidden_km2: Ground that terrain hides.

        unknown_km2: Ground within reach of which that cannot be said.

        farthest_km: The farthest ground in sight.

        terrain: What it was reckoned on.

        limits: To be told beside it.
    """

    seen_km2: float
    hidden_km2: float
    unknown_km2: float
    farthest_km: float
    terrain: str
    limits: tuple[str, ...]


def view(
    place: LonLat,
    height_m: float,
    files: Sequence[Path],
    *,
    reach_km: float = 20.0,
    target_m: float = 0.0,
    radio: bool = False,
    out: Path | None = None,
) -> View:
    """
    Reckon what is in sight from a place.

    Args:
        place: Where the eye or the mast stands.

        height_m: Above the ground there.

        files: Terrain, as for `open_terrain`.

        reach_km: How far to look, 0.1 to 100.

        target_m: Height above ground of what is looked for.

        radio: Whether the line bends as radio does, not light.

        out: GeoTIFF to write: 1 seen, 0 hidden, 255 unknown or out of reach.

    Raises:
        InvalidInput: A number out of range, a place off the terrain, files that are no terrain.
        Unavailable: The file cannot be written.
    """
    place = lon_lat(*place, where="--from")
    if not REACH_KM[0] <= reach_km <= REACH_KM[1]:
        expected = f"{REACH_KM[0]:g} to {REACH_KM[1]:g} km"
        raise InvalidInput("not a reach", where="--reach-km", expected=expected, got=str(reach_km))
    terrain = open_terrain(files, box=around(place, place, reach_km), max_cells=CELLS)
    bend = RADIO if radio else LIGHT
    found = viewshed(terrain, place, height_m, target_height_m=target_m, reach_m=1000.0 * reach_km, refraction=bend)
    x, y = terrain.middles()
    eye = [float(each) for each in terrain.to_plane(*place)]
    away = np.hypot(x[None, :] - eye[0], y[:, None] - eye[1])
    near = away <= 1000.0 * reach_km
    if out is not None:
        values = np.where(found.seen, SEEN, np.where(found.unknown | ~near, UNKNOWN, HIDDEN)).astype(np.uint8)
        write_over(terrain, values, out, UNKNOWN)
    cell = (terrain.cell_m / 1000.0) ** 2
    seen, hidden = (float(each.sum()) * cell for each in (found.seen, near & ~found.seen & ~found.unknown))
    return View(
        seen,
        hidden,
        max(0.0, math.pi * reach_km**2 - seen - hidden),
        float(away[found.seen].max(initial=0.0)) / 1000.0,
        terrain.name,
        (*terrain.notes, "trees, buildings, haze and darkness are not reckoned beyond what the terrain file holds"),
    )
