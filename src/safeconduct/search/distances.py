"""How far from where they were last known people are found: a table that the user brings, as a density over the map."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from safeconduct.model.errors import InvalidInput
from safeconduct.search.grid import Array

TAIL = 2.0
"""What a table leaves over is spread evenly from its last radius to this many times it. Our assumption."""


@dataclass(frozen=True, slots=True)
class Rings:
    """
    Quantiles of the distance from a point for one category of people.

    Args:
        category: As the table names it.

        radii_km: Rising, > 0, at least one.

        shares: Share of finds within each radius, rising, in (0, 1].

        source: The table.

    Raises:
        InvalidInput: The numbers do not rise, or their counts differ.
    """

    category: str
    radii_km: tuple[float, ...]
    shares: tuple[float, ...]
    source: str

    def __post_init__(self) -> None:
        for name, row, most in (("radii", self.radii_km, math.inf), ("shares", self.shares, 1.0)):
            rises = all(a < b for a, b in pairwise((0.0, *row)))
            if not row or not rises or row[-1] > most or len(self.radii_km) != len(self.shares):
                expected = f"{name} that rise from above 0" + (" to at most 1" if most == 1.0 else "")
                raise InvalidInput("not a table of distances", where=self.category, expected=expected, got=str(row))


def ring_density_km2(rings: Rings, distance_km: npt.ArrayLike) -> Array:
    """
    Probability per square kilometre at distances from the point.

    Each ring holds the share between its quantiles, spread evenly over its area; what the table leaves over lies evenly
    between its last radius and twice that. So the whole integrates to 1.

    Args:
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
