"""
How fast people walk over sloping ground: four published functions, which disagree.

None of them knows mud, fog, darkness or a load; the one timed leg of the 2024 case (2 to 3 km/h in mud, the fog
lifting) lies at their slow end. So an answer names the slowest and the fastest of them beside the middle one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from safeconduct.model.errors import InvalidInput, OutOfDomain
from safeconduct.model.sources import Cite

Array: TypeAlias = npt.NDArray[np.float64]

STEEPEST = 1.2
"""Rise over run (50 degrees) beyond which nobody walks (IGT4SAR takes slopes over 50 degrees as blocked)."""

TOBLER_OFF_PATH = 0.6
"""Tobler's factor off paths."""

IMPEDANCE = 0.0212
"""IGT4SAR: speed falls by exp(-0.0212 x impedance), impedance from 0 to 100, from 98 on nobody gets through."""

IMPEDANCE_BLOCKED = 98.0


def tobler_kmh(slope: npt.ArrayLike) -> Array:
    """
    W. Tobler, Three presentations on geographical analysis and modelling, NCGIA report 93-1, 1993, on paths.

    Args:
        slope: Rise over run in the direction of the walk, signed; any shape.
    """
    return np.asarray(6.0 * np.exp(-3.5 * np.abs(_slope(slope) + 0.05)))


def tobler_off_path_kmh(slope: npt.ArrayLike) -> Array:
    """Tobler's function off paths: six tenths of that on paths."""
    return TOBLER_OFF_PATH * tobler_kmh(slope)


def irmischer_clarke_kmh(slope: npt.ArrayLike) -> Array:
    """
    I. J. Irmischer and K. C. Clarke, Measuring and modeling the speed of human navigation, 2018: men on roads.

    Args:
        slope: Rise over run in the direction of the walk, signed; any shape.
    """
    return np.asarray(3.6 * (0.11 + np.exp(-((100.0 * _slope(slope) + 5.0) ** 2) / 1800.0)))


def irmischer_clarke_off_road_kmh(slope: npt.ArrayLike) -> Array:
    """The same off roads; women are given 0.95 of it."""
    return np.asarray(3.6 * (0.11 + 0.67 * np.exp(-((100.0 * _slope(slope) + 2.0) ** 2) / 1800.0)))


_CAMPBELL: Mapping[int, tuple[float, float, float, float, float]] = MappingProxyType(
    {5: (-1.527, 14.041, 36.813, 0.320, -0.00273), 10: (-1.568, 13.328, 38.892, 0.404, -0.00323)}
)


def campbell_kmh(slope: npt.ArrayLike, percentile: int = 5) -> Array:
    """
    M. J. Campbell et al., Using crowdsourced fitness tracker data to model foot travel, 2019, slow percentiles.

    The median of that crowd runs (9 km/h on the flat), so only its 5th and 10th percentiles are taken for walking.

    Args:
        slope: Rise over run in the direction of the walk, signed; any shape.

        percentile: 5 or 10.

    Raises:
        InvalidInput: Another percentile.
    """
    if percentile not in _CAMPBELL:
        raise InvalidInput("no such percentile", where="percentile", expected="5 or 10", got=str(percentile))
    a, b, c, d, e = _CAMPBELL[percentile]
    degrees = np.degrees(np.arctan(_slope(slope)))
    return np.asarray(3.6 * (c / (np.pi * b * (1.0 + ((degrees - a) / b) ** 2)) + d + e * degrees))


@dataclass(frozen=True, slots=True)
class Pace:
    """
    One way to reckon walking speed.

    Args:
        says: In words.

        kmh: Speed from the slope in the direction of the walk.

        on_path: Whether it was measured on paths and roads.

        cite: Its source.
    """

    says: str
    kmh: Callable[[npt.ArrayLike], Array]
    on_path: bool
    cite: Cite


def _cite(source: str) -> Cite:
    return Cite((source,), "V", "formula read in the reference; its values recomputed")


PACES: Mapping[str, Pace] = MappingProxyType(
    {
        "tobler-off-path": Pace("Tobler, off path", tobler_off_path_kmh, False, _cite("tobler-1993")),
        "irmischer-clarke-off-road": Pace(
            "Irmischer and Clarke, off road", irmischer_clarke_off_road_kmh, False, _cite("irmischer-clarke-2018")
        ),
        "campbell-5": Pace("Campbell, 5th percentile", campbell_kmh, False, _cite("campbell-2019")),
        "tobler": Pace("Tobler, on path", tobler_kmh, True, _cite("tobler-1993")),
        "irmischer-clarke": Pace(
            "Irmischer and Clarke, on road", irmischer_clarke_kmh, True, _cite("irmischer-clarke-2018")
        ),
        "campbell-10": Pace("Campbell, 10th percentile", lambda s: campbell_kmh(s, 10), True, _cite("campbell-2019")),
    }
)
"""Paces by name, those off paths first; an answer runs over all that fit."""


def slowed(impedance: npt.ArrayLike) -> Array:
    """
    Factor on the speed for land cover, in [0, 1].

    Args:
        impedance: 0 (open ground) to 100, as IGT4SAR grades land cover; from 98 on the ground is blocked and the factor
            0.

    Raises:
        OutOfDomain: An impedance outside of [0, 100]; NaN passes through.
    """
    values = np.asarray(impedance, dtype=np.float64)
    if ((values < 0.0) | (values > 100.0)).any():
        raise OutOfDomain("not an impedance", where="impedance", expected="0 to 100", got=str(values))
    return np.where(values >= IMPEDANCE_BLOCKED, 0.0, np.exp(-IMPEDANCE * values))


def _slope(slope: npt.ArrayLike) -> Array:
    values = np.asarray(slope, dtype=np.float64)
    if np.isinf(values).any():
        raise OutOfDomain("not a slope", where="slope", expected="a finite rise over run", got="inf")
    return values
