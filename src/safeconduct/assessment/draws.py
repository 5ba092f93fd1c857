"""
Seeded draws of everything uncertain, shared by every set of clearances.

Two levels: *draws* of what nobody knows yet (lead times, mobilisation, speeds, weather) whose quantiles are shown, and
within each draw *chances* (where they are, when a search strikes) that are averaged. Every quantity has its own stream,
so that a new one changes no other. All sets of clearances see the same numbers: that is what makes their values
monotone.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import TypeAlias
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from safeconduct.model.sources import Spread

Array: TypeAlias = NDArray[np.float64]

Z90 = 1.2815515655446004
"""Standard normal quantile at 0.9."""

NORMAL = NormalDist()
"""Standard normal of the standard library: loads in no time, and a few thousand calls cost nothing."""

FLOOR_H = 1e-4
"""Spreads whose p10 is below this are drawn on a linear scale."""


@dataclass(frozen=True, slots=True)
class Draws:
    """
    A seeded source of draws.

    Args:
        seed: Same seed, same bytes.

        draws: Number of outer draws.

        chances: Number of inner chances in each draw.

        skies: Number of weather histories; draw *d* lives in history ``d % skies``.
    """

    seed: int
    draws: int = 60
    chances: int = 40
    skies: int = 12

    def _stream(self, name: str) -> np.random.Generator:
        return np.random.default_rng([self.seed & 0xFFFFFFFF, crc32(name.encode())])

    def uniform(self, name: str) -> Array:
        """Shape (draws,): stratified uniforms in random order."""
        return self._strata(name, self.draws)

    def sky_uniform(self, name: str) -> Array:
        """Shape (skies,): stratified uniforms for the weather histories."""
        return self._strata(name, self.skies)

    def _strata(self, name: str, size: int) -> Array:
        rng = self._stream(name)
        cells: Array = (rng.permutation(size) + rng.random(size)) / size
        return cells

    def chance(self, name: str) -> Array:
        """Shape (draws, chances): in each draw stratified uniforms in random order."""
        rng = self._stream(name)
        order = rng.permuted(np.tile(np.arange(self.chances), (self.draws, 1)), axis=1)
        cells: Array = (order + rng.random((self.draws, self.chances))) / self.chances
        return cells

    def exponential(self, name: str) -> Array:
        """Shape (draws, chances): unit exponential thresholds of a detection hazard."""
        hit: Array = -np.log1p(-self.chance(name))
        return hit

    def of(self, spread: Spread, name: str) -> Array:
        """Shape (draws,): draws of *spread*."""
        return at_quantile(spread, self.uniform(name))

    def beyond(self, spread: Spread, name: str, waited: float) -> Array:
        """
        Shape (draws,): draws of *spread* given that it is already longer than *waited*.

        Where *waited* lies past all but one in a thousand, the answer is taken to be a p90 away from now: a wait so
        long says that the distribution was wrong.
        """
        if waited <= 0.0:
            return self.of(spread, name)
        done = float(rank(spread, waited))
        u = self.uniform(name)
        if done > 0.999:
            return waited + at_quantile(spread, u)
        drawn: Array = np.maximum(at_quantile(spread, done + u * (1.0 - done)), waited)
        return drawn


def normal_quantile(u: Array) -> Array:
    """Standard normal quantile of each *u*; probabilities within 1e-9 of 0 or 1 are drawn in to there."""
    inside = np.clip(u, 1e-9, 1.0 - 1e-9)
    return np.fromiter((NORMAL.inv_cdf(float(p)) for p in inside.ravel()), np.float64, inside.size).reshape(u.shape)


def at_quantile(spread: Spread, u: Array) -> Array:
    """
    Value at probability *u*: a two-piece log-normal through p10, p50 and p90.

    Where p10 is (nearly) zero the pieces are normal and cut at zero. ``u`` in (0, 1).
    """
    z = normal_quantile(u)
    if spread.p10 > FLOOR_H:
        low, high = np.log(spread.p50 / spread.p10) / Z90, np.log(spread.p90 / spread.p50) / Z90
        values: Array = spread.p50 * np.exp(np.where(z < 0.0, low, high) * z)
        return values
    low_n, high_n = (spread.p50 - spread.p10) / Z90, (spread.p90 - spread.p50) / Z90
    cut: Array = np.maximum(spread.p50 + np.where(z < 0.0, low_n, high_n) * z, 0.0)
    return cut


def rank(spread: Spread, value: float) -> float:
    """Probability that a draw of *spread* is at most *value*: the inverse of `at_quantile`."""
    if spread.p10 > FLOOR_H:
        if value <= 0.0:
            return 0.0
        step = np.log(value / spread.p50) * Z90
        scale = np.log(spread.p50 / spread.p10) if step < 0.0 else np.log(spread.p90 / spread.p50)
    else:
        step = (value - spread.p50) * Z90
        scale = spread.p50 - spread.p10 if step < 0.0 else spread.p90 - spread.p50
    if scale <= 0.0:
        return float(step >= 0.0)
    return NORMAL.cdf(step / scale)
