"""
The best shares of several unlike resources' time: Newton's method on the prices, then exact block ascent.

The dual problem has one unknown per resource: its price. Given prices, each area is searched by the resource that is
cheapest there, until the marginal return has fallen to that cost. Where two are equally cheap the choice is open and
the dual function has a kink, so the minimum is replaced by a power mean of exponent -1/softness, and the softness is
taken to nearly 0 step by step; the function stays concave all along, because such a mean is. The gap that is stated
does not rest on any of this: it comes from the true dual function.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from safeconduct.search.waterfill import water_fill

Array: TypeAlias = npt.NDArray[np.float64]

SOFTNESS = (0.3, 0.1, 0.03, 1e-2, 1e-3, 5e-5, 5e-6, 1e-6, 1e-7, 1e-8)
"""Steps from a gentle problem to (nearly) the one that was set; the gap goes with the square of the softness where many
areas differ, and with the softness where they are alike."""
SAMPLE = 5_000
"""Where there are over twice as many areas, the coarse steps are taken on so many; it finds prices within 1-2 %."""
SAMPLED_TO = 0.03
TRIED_FROM = 5e-5
"""From this softness on, each step's answer is held against the bound."""
NEWTON_STEPS = 40
BALANCE = 0.01
"""Newton stops when demand meets each resource's time within this x softness: what is left is scaled away."""
FINEST_BALANCE = 1e-7
"""Rounding of the prices, divided by the least softness, lets no demand be known better."""
GOOD, GOOD_FOR_FEW, FEW = 1e-9, 1e-12, 2_000
"""Gap of the detected share at which nothing more is tried; up to `FEW` areas the finer one, which costs little there:
marginal returns are only equal to about the root of the gap."""
SWEEPS = 60
LEAST_LOG_PRICE = -80.0
"""A price falls no further: the whole time of such a resource again would detect under 1e-34 more."""
STALLED = 0.02
"""Block ascent ends when a sweep closes less than this share of the gap."""


@dataclass(frozen=True, slots=True)
class _Point:
    """The smoothed dual at one set of prices: who searches where (shape (r, n)), for what, and its derivatives."""

    share: Array
    worth: Array
    cost: Array
    demand: Array


def share_out(log_poa: Array, reach: Array) -> tuple[Array, Array]:
    """
    Find the best shares for two or more resources.

    Args:
        log_poa: Logarithm of the probability of each area, shape (n,), n >= 1, finite; the scale on which the gap is
            judged is that of all probabilities adding up to 1.

        reach: Rate x whole time of each resource in each area, shape (r, n), each >= 0, some > 0 in every row and
            column.

    Returns:
        Shares of each resource's time, shape (r, n), rows adding up to 1; and the logarithms of the prices, shape (r,),
        per whole time.
    """
    with np.errstate(divide="ignore"):
        log_reach = np.log(reach)
    best = _Best(log_poa, log_reach)
    good = GOOD_FOR_FEW if log_poa.size <= FEW else GOOD
    sampled = _sampled(log_poa, log_reach)
    if sampled is None:
        best.offer(*_ascend(log_poa, reach, best.shares))
    log_price = best.log_price if sampled is None else sampled
    for softness in SOFTNESS:
        if sampled is not None and softness >= SAMPLED_TO:
            continue
        log_price, point = _newton(log_poa, log_reach, log_price, softness)
        if softness > TRIED_FROM or not (point.demand > 0.0).all():
            continue
        shares = point.share * (point.worth * np.exp(-log_price)[:, None]) / point.demand[:, None]
        best.offer(shares, log_price)
        if best.gap > good:
            best.offer(*_ascend(log_poa, reach, shares))
        if best.gap <= good:
            break
    for _ in range(SWEEPS):
        before = best.gap
        if before <= good:
            break
        best.offer(*_ascend(log_poa, reach, best.shares))
        if best.gap > (1.0 - STALLED) * before:
            break
    return best.shares, best.log_price


def _sampled(log_poa: Array, log_reach: Array) -> Array | None:
    """Prices to begin with, from every so manieth area; None where that is not worth it or leaves a resource out."""
    every = log_poa.size // SAMPLE
    if every < 2:
        return None
    few, few_reach = log_poa[::every], log_reach[:, ::every] - np.log(every)
    able = np.isfinite(few_reach)
    if not able.any(axis=1).all():
        return None
    some = able.any(axis=0)
    few, few_reach = few[some], few_reach[:, some]
    log_price = _ascend(few, np.exp(few_reach), np.zeros_like(few_reach))[1]
    for softness in SOFTNESS:
        log_price, _ = _newton(few, few_reach, log_price, softness)
        if softness <= SAMPLED_TO:
            break
    prices: Array = np.maximum(log_price + np.log(every), LEAST_LOG_PRICE)
    return prices


class _Best:
    """The best shares and the best bound seen so far; they need not come from the same step."""

    def __init__(self, log_poa: Array, log_reach: Array) -> None:
        self._log_poa, self._log_reach, self._reach = log_poa, log_reach, np.exp(log_reach)
        self._left, self._bound = np.inf, -np.inf
        self.shares: Array = np.zeros_like(log_reach)
        self.log_price: Array = np.zeros(log_reach.shape[0])

    @property
    def gap(self) -> float:
        return self._left - self._bound

    def offer(self, shares: Array, log_price: Array) -> None:
        left = _left(self._log_poa, self._reach, shares)
        bound = _bound(self._log_poa, self._log_reach, log_price)
        if left < self._left:
            self._left, self.shares = left, shares
        if bound > self._bound:
            self._bound, self.log_price = bound, log_price


def _ascend(log_poa: Array, reach: Array, shares: Array) -> tuple[Array, Array]:
    """Give each resource in turn its best shares beside the others' as they are: never worse than before."""
    shares = shares.copy()
    effort = _down(np.add, reach * shares)
    level = np.zeros(reach.shape[0])
    for r, row in enumerate(reach):
        others = np.maximum(effort - row * shares[r], 0.0)
        viable = np.flatnonzero(row > 0.0)
        rate = row[viable]
        shares[r, viable], level[r] = water_fill((log_poa - others)[viable] + np.log(rate), 1.0 / rate)
        effort = others + row * shares[r]
    return shares, np.maximum(level, LEAST_LOG_PRICE)


def _left(log_poa: Array, reach: Array, shares: Array) -> float:
    """Probability that stays undetected."""
    return float(np.exp(log_poa - _down(np.add, reach * shares)).sum())


def _bound(log_poa: Array, log_reach: Array, log_price: Array) -> float:
    """No shares leave less undetected than this: the dual function."""
    log_cost = _down(np.minimum, log_price[:, None] - log_reach)
    effort = np.maximum(log_poa - log_cost, 0.0)
    cost = np.exp(np.minimum(log_cost, log_poa))
    return float((cost * (1.0 + effort)).sum() - np.exp(np.minimum(log_price, 700.0)).sum())


def _newton(log_poa: Array, log_reach: Array, log_price: Array, softness: float) -> tuple[Array, _Point]:
    """Prices at which the smoothed demand meets each resource's time, from the given ones on."""
    point = _smoothed(log_poa, log_reach, log_price, softness)
    balanced = max(BALANCE * softness, FINEST_BALANCE)
    for _ in range(NEWTON_STEPS):
        excess = np.where((log_price <= LEAST_LOG_PRICE) & (point.demand < 1.0), 0.0, point.demand - 1.0)
        if np.abs(excess).max() <= balanced:
            break
        scale = np.exp(log_price - log_price.max())
        uphill = scale * excess
        step = _direction(point, uphill, scale, log_price.max(), softness)
        slope = float(step @ uphill)
        length = 1.0
        for _ in range(30):
            tried = np.maximum(log_price + np.log1p(length * step), LEAST_LOG_PRICE)
            there = _smoothed(log_poa, log_reach, tried, softness)
            # The function is concave along the step: it has been overshot when the slope turns and is as steep.
            if float((step * scale) @ (there.demand - 1.0)) >= -0.9 * slope:
                break
            length *= 0.5
        log_price, point = tried, there
    return log_price, point


def _direction(point: _Point, uphill: Array, scale: Array, top: float, softness: float) -> Array:
    """Relative change of the prices, each above -0.9: Newton's, or uphill along each price where that is none."""
    cost = point.cost * np.exp(-top)
    worth = point.worth * np.exp(-top)
    sharp = 1.0 + 1.0 / softness
    curve = sharp * np.diag(np.einsum("rn,n->r", point.share, worth))
    curve += np.einsum("rn,sn->rs", point.share * (cost - sharp * worth), point.share)
    curve += np.diag(1e-9 * scale)  # a resource that nobody demands at its price has no curvature of its own
    try:
        step: Array = np.asarray(np.linalg.solve(curve, uphill), dtype=np.float64)
    except np.linalg.LinAlgError:
        step = np.zeros_like(uphill)
    most = max(float(-step.min()), float(step.max()) / 10.0)
    if most > 0.9:
        step = step * (0.9 / most)
    if np.isfinite(step).all() and float(step @ uphill) > 0.0:
        return step
    return np.clip(uphill / scale, -0.5, 1.0)


def _smoothed(log_poa: Array, log_reach: Array, log_price: Array, softness: float) -> _Point:
    """Evaluate the dual with the minimum over resources replaced by a power mean of exponent -1/softness."""
    cheap = (log_reach - log_price[:, None]) / softness
    most = _down(np.maximum, cheap)
    cheap -= most
    share = np.exp(cheap, out=cheap)
    total = _down(np.add, share)
    share /= total
    log_cost = -softness * (most + np.log(total))
    effort = np.maximum(log_poa - log_cost, 0.0)
    cost = np.where(effort > 0.0, np.exp(np.minimum(log_cost, log_poa)), 0.0)
    worth = effort * cost
    # Not "@": threads of a linear-algebra library that wait for busy processors cost more here than they save.
    return _Point(share, worth, cost, np.einsum("rn,n->r", share, worth) * np.exp(-log_price))


def _down(operation: np.ufunc, rows: Array) -> Array:
    """Reduce over the few long rows, several times as fast as numpy's own reduction over a short first axis."""
    return functools.reduce(operation, rows)
