"""Where a flight on a route first meets the ground in cloud."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from safeconduct.model.sources import Spread
from safeconduct.search.grid import Array

Heights: TypeAlias = Callable[[Array, Array], Array]
"""From x and y on the plane, kilometres, to metres above the sea, NaN unknown."""

Z90 = 1.2815515655446004
"""Standard normal quantile at 0.9."""

REACH = 3.0
"""Standard deviations to either side of the route that are looked at."""

LINES = 61
"""Parallel ways in that breadth."""


@dataclass(frozen=True, slots=True, eq=False)
class Strip:
    """
    One straight piece of the route with its parallels.

    Args:
        start: Its beginning on the plane, kilometres.

        along: Unit vector of its direction.

        length_km: Its length.

        gathered: Chance of having met the ground by each step, over the chance of being on that parallel per kilometre
            of breadth, shape (parallels, steps + 1).
    """

    start: tuple[float, float]
    along: tuple[float, float]
    length_km: float
    gathered: Array


@dataclass(frozen=True, slots=True, eq=False)
class Impact:
    """
    What terrain and cloud say of a flight.

    Args:
        strips: Its straight pieces.

        breadth_km: From the outermost parallel on one side to that on the other.

        probability: Chance of meeting the ground in cloud somewhere on the route.

        unknown: Share of the places looked at whose height is not known; they are taken for free air.
    """

    strips: tuple[Strip, ...]
    breadth_km: float
    probability: float
    unknown: float

    def density_km2(self, x_km: Array, y_km: Array, smear_km: float) -> Array:
        """
        Probability of impact per square kilometre.

        Args:
            x_km: East on the plane, any shape.

            y_km: North, same shape.

            smear_km: The mean over this length of the route is taken, > 0; the side of a cell, so that nothing falls
                between the middles of two.
        """
        total = np.zeros(np.shape(x_km))
        for strip in self.strips:
            east, north = x_km - strip.start[0], y_km - strip.start[1]
            along = east * strip.along[0] + north * strip.along[1]
            aside = east * strip.along[1] - north * strip.along[0]
            lines, steps = strip.gathered.shape
            line = np.rint((aside / self.breadth_km + 0.5) * (lines - 1)).astype(np.intp)
            on = (line >= 0) & (line < lines)
            held = [
                _at(strip.gathered, np.clip(line, 0, lines - 1), (along + half) / strip.length_km * (steps - 1))
                for half in (smear_km / 2.0, -smear_km / 2.0)
            ]
            total = total + np.where(on, (held[0] - held[1]) / smear_km, 0.0)
        return total


def first_contact(
    heights_m: Heights,
    corners: Sequence[tuple[float, float]],
    sigma_km: float,
    altitude_m: Spread,
    *,
    base_m: float,
    base_sigma_m: float,
    step_km: float = 0.1,
) -> Impact:
    """
    Fly the route and its parallels at every altitude, and see where the ground comes up.

    On each parallel a flight at one altitude hits where the ground first reaches it; over the altitudes that is the
    rise of the highest ground so far. It counts as far as that ground lies in cloud: in sight of it the pilot turns
    away. The flight is level on the map's side of things: climbs and descents on the way are not modelled, the spread
    of the altitude stands for them.

    Args:
        heights_m: The ground.

        corners: The route in the order of the flight, kilometres on the plane, at least two.

        sigma_km: Standard deviation across the route, > 0.

        altitude_m: Of the flight above the sea.

        base_m: Cloud base above the sea.

        base_sigma_m: Its standard deviation, > 0.

        step_km: Along the route; the cell of the terrain is a fair figure.
    """
    offsets = np.linspace(-REACH, REACH, LINES) * sigma_km
    weight = np.exp(-0.5 * (offsets / sigma_km) ** 2) / (sigma_km * math.sqrt(2.0 * math.pi))
    strips: list[Strip] = []
    highest = np.full(LINES, -np.inf)
    unknown = looked = 0
    for (x1, y1), (x2, y2) in pairwise(corners):
        length = math.hypot(x2 - x1, y2 - y1)
        if length <= 0.0:
            continue
        along = ((x2 - x1) / length, (y2 - y1) / length)
        share = np.linspace(0.0, length, max(2, math.ceil(length / step_km)) + 1)
        ground = heights_m(
            x1 + share * along[0] + offsets[:, None] * along[1], y1 + share * along[1] - offsets[:, None] * along[0]
        )
        unknown, looked = unknown + int(np.isnan(ground).sum()), looked + ground.size
        ground = np.nan_to_num(ground, nan=-np.inf)
        if not strips:
            highest = ground[:, 0]  # it was in the air there
        top = np.maximum.accumulate(np.column_stack([highest, ground[:, 1:]]), axis=1)
        met = np.diff(_share_below(altitude_m, top), axis=1) * ndtr((ground[:, 1:] - base_m) / base_sigma_m)
        gathered = np.column_stack([np.zeros(LINES), np.cumsum(met, axis=1)]) * weight[:, None]
        strips.append(Strip((x1, y1), along, length, gathered))
        highest = top[:, -1]
    breadth = 2.0 * REACH * sigma_km
    chance = float(sum(strip.gathered[:, -1].sum() for strip in strips)) * breadth / (LINES - 1)
    return Impact(tuple(strips), breadth, min(chance, 1.0), unknown / max(looked, 1))


def _share_below(spread: Spread, value: Array) -> Array:
    """Share of altitudes under a height: a normal in two pieces through p10, p50 and p90."""
    off = value - spread.p50
    low, high = (max(each, 1e-6) / Z90 for each in (spread.p50 - spread.p10, spread.p90 - spread.p50))
    return np.asarray(ndtr(np.where(off < 0.0, off / low, off / high)), dtype=np.float64)


def _at(rows: Array, row: npt.NDArray[np.intp], position: Array) -> Array:
    """Values of chosen rows at fractional columns, straight between them, the first and last value beyond the ends."""
    place = np.clip(position, 0.0, rows.shape[1] - 1.0)
    low = np.minimum(place.astype(np.intp), rows.shape[1] - 2)
    part = place - low
    return np.asarray(rows[row, low] * (1.0 - part) + rows[row, low + 1] * part)
