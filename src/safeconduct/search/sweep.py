"""How wide a strip an eye in the air searches: published sweep widths on land, by standard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from safeconduct.model.errors import InvalidInput, OutOfDomain
from safeconduct.model.sources import Cite


@dataclass(frozen=True, slots=True)
class SweepTable:
    """
    What one standard prints for one kind of object, in the open.

    Args:
        height_m: Heights above ground, rising, at least one.

        visibility_km: Visibilities, rising, at least one.

        width_km: Sweep width for each height and visibility, rows as heights, each > 0.

        cover: Factor in (0, 1] by kind of terrain and vegetation; empty where the standard has none.

        cite: Where it is printed, and how well it was read.
    """

    height_m: tuple[float, ...]
    visibility_km: tuple[float, ...]
    width_km: tuple[tuple[float, ...], ...]
    cover: Mapping[str, float]
    cite: Cite

    def width(self, height_m: float, visibility_km: float, cover: str = "") -> float:
        """
        Find the sweep width in kilometres, corrected for cover and for nothing else.

        Between rows and columns it is interpolated in straight lines. Above the last visibility the last column holds.
        Below the first no table exists: the first column is lowered in proportion to the visibility, our assumption,
        which in no table exceeds what can be seen to both sides.

        Args:
            height_m: Above ground, from the lowest height printed to the highest.

            visibility_km: >= 0; 0 gives 0.

            cover: One of the standard's covers; empty for the open as printed, without a factor.

        Raises:
            OutOfDomain: A height the standard does not print, or a visibility that is negative or not a number.
            InvalidInput: No such cover in this standard.
        """
        if not self.height_m[0] <= height_m <= self.height_m[-1]:
            expected = f"{self.height_m[0]:g} to {self.height_m[-1]:g} m"
            raise OutOfDomain("height not in the table", where="height_m", expected=expected, got=str(height_m))
        if not visibility_km >= 0.0:
            raise OutOfDomain("not a visibility", where="visibility_km", expected=">= 0", got=str(visibility_km))
        if cover and cover not in self.cover:
            expected = " | ".join(self.cover) or "none: this standard has no factors"
            raise InvalidInput("no such cover", where="cover", expected=expected, got=cover)
        columns = (0.0, *self.visibility_km)
        row = [
            np.interp(height_m, self.height_m, column)
            for column in ((0.0,) * len(self.height_m), *zip(*self.width_km, strict=True))
        ]
        return float(np.interp(visibility_km, columns, row)) * (self.cover[cover] if cover else 1.0)


@dataclass(frozen=True, slots=True)
class SweepStandard:
    """
    One publication's sweep widths. Standards differ by a factor of two: the user chooses, and every plan names it.

    Args:
        id: Short name.

        edition: What it is and of which year, as it stands on every plan.

        objects: Tables by kind of object searched for.
    """

    id: str
    edition: str
    objects: Mapping[str, SweepTable]
