"""What the search asks of terrain. Without terrain its answers are unknown, and said to be."""

from __future__ import annotations

from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from safeconduct.model.space import LonLat

Array: TypeAlias = npt.NDArray[np.float64]

NO_TERRAIN = "unknown: no terrain"
"""How every answer is marked that needs terrain where none was brought."""


class TerrainLike(Protocol):
    """
    Heights of 100 m or finer, brought by the user.

    `name` is shown on every plan. `heights_m` gives metres above mean sea level at places of any one shape, NaN where
    there is none. `sees` says for each target whether it is in line of sight of an observer so many metres above
    ground: 1 seen, 0 hidden, NaN unknown; the curvature of the earth counts. Neither raises for places it does not
    cover.
    """

    @property
    def name(self) -> str: ...

    def heights_m(self, lon_deg: Array, lat_deg: Array) -> Array: ...

    def sees(
        self, observer: LonLat, above_ground_m: float, lon_deg: Array, lat_deg: Array, *, target_m: float = 0.0
    ) -> Array: ...
