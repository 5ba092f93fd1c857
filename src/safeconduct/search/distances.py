"""How far from where they were last known people are found: a table that the user brings, as a density over the map."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from safeconduct.model.places import Rings
from safeconduct.search.grid import Array

TAIL = 2.0
"""What a table leaves over is spread evenly from its last radius to this many times it. Our assumption."""


def ring_density_km2(rings: Rings, distance_km: npt.ArrayLike) -> Array:
    """
    Probability per square kilometre at distances from the point.

    Each ring holds the share between its quantiles, spread evenly over its area; what the table leaves over lies evenly
    between its last radius and twice that. So the whole integrates to 1.

    Args:
        rings: The table's row.

        distance_km: From the point, >= 0, any shape.

    Returns:
        float64 of the same shape; 0 beyond twice the last radius.
    """
    radii = [0.0, *rings.radii_km]
    held = np.diff([0.0, *rings.shares]).tolist()
    if rings.shares[-1] < 1.0:
        radii.append(TAIL * radii[-1])
        held.append(1.0 - rings.shares[-1])
    areas = [math.pi * (b**2 - a**2) for a, b in pairwise(radii)]
    density = np.array([share / area for share, area in zip(held, areas, strict=True)] + [0.0])
    return np.asarray(density[np.searchsorted(radii[1:], np.asarray(distance_km, dtype=np.float64), side="left")])
