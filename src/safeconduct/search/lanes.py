"""Cut a sector into one rectangle for each unit of a crew: rows of lanes of equal area."""

from __future__ import annotations

import math
from dataclasses import dataclass

from safeconduct.model.errors import OutOfDomain


@dataclass(frozen=True, slots=True)
class Lane:
    """
    The rectangle of one unit, in the sector's frame: x along its long side, kilometres from its middle.

    Args:
        x_km, y_km: Its middle.

        across_km: Extent along x.

        up_km: Extent along y.
    """

    x_km: float
    y_km: float
    across_km: float
    up_km: float


def lanes(length_km: float, width_km: float, units: int) -> tuple[Lane, ...]:
    """
    Rectangles of equal area that tile the sector, as near to squares as whole numbers of them in a row allow.

    Args:
        length_km: Long side, > 0.

        width_km: Short side, > 0.

        units: >= 1.

    Raises:
        OutOfDomain: No unit.
    """
    if units < 1:
        raise OutOfDomain("nobody to search", where="units", expected=">= 1", got=str(units))
    rows = min(units, max(1, round(math.sqrt(units * width_km / length_km))))
    counts = [units // rows + (1 if row < units % rows else 0) for row in range(rows)]
    out = []
    bottom = -width_km / 2.0
    for count in counts:
        up = width_km * count / units
        across = length_km / count
        out += [Lane((i + 0.5) * across - length_km / 2.0, bottom + up / 2.0, across, up) for i in range(count)]
        bottom += up
    return tuple(out)
