"""The land of the world, which no ship crosses, and places at sea to sail between (data/borders, with provenance)."""

from __future__ import annotations

import zipfile
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from safeconduct.model.errors import Corrupt
from safeconduct.model.space import Polygon

_DATA = "borders/land.npz"


@cache
def _read() -> dict[str, Any]:
    path = resources.files("safeconduct").joinpath("data", _DATA)
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as raw:
            grid_deg = float(raw["grid_deg"])
            deltas = np.stack([raw["lon_delta"], raw["lat_delta"]], axis=1)
            return {
                "corners": np.round(np.cumsum(deltas, axis=0) * grid_deg, 9),
                "starts": np.concatenate([[0], np.cumsum(raw["ring_size"])]),
                "parts": raw["ring_part"],
                "nodes": raw["nodes"] * grid_deg,
            }
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as fault:
        raise Corrupt("the packaged land cannot be read", where=f"data/{_DATA}", got=str(fault)) from None


@cache
def land() -> tuple[Polygon, ...]:
    """
    All land down to 84 degrees south, lakes included but for the Caspian, which is sea.

    Parts are cut at the antimeridian. Canals are land. The file's error is about 0.5 km (data/borders/PROVENANCE.md).
    """
    raw = _read()
    parts: dict[int, list[tuple[tuple[float, float], ...]]] = {}
    for ring, part in enumerate(raw["parts"].tolist()):
        corners = raw["corners"][raw["starts"][ring] : raw["starts"][ring + 1]]
        parts.setdefault(part, []).append(tuple(map(tuple, corners.tolist())))
    return tuple(Polygon(rings[0], tuple(rings[1:])) for rings in parts.values())


def sea_nodes() -> NDArray[np.float64]:
    """Places in the middle of channels and along coasts, 4 km apart in narrow water and up to 60 km in wide, (n, 2)."""
    nodes: NDArray[np.float64] = _read()["nodes"]
    return nodes
