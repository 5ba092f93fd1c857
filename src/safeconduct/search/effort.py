"""
Where search time is best spent: the allocation of effort over areas under exponential detection.

Time t spent by resource r in area a detects with probability 1 - exp(-rate t), rate = sweep width x speed / area. The
best split of the time there is maximises ``sum p_a (1 - exp(-sum_r rate_ar t_ar))``. At the best, every area searched
by a resource gives it the same marginal return, its *price*, and none gives more: Charnes and Cooper, "The theory of
search: optimum distribution of search effort", Management Science 5 (1958), for one resource; Washburn's several.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from safeconduct.model.errors import InvalidInput, OutOfDomain
from safeconduct.search.several import share_out
from safeconduct.search.waterfill import water_fill

Array: TypeAlias = npt.NDArray[np.float64]

MOST = 1e100
LEAST = 1e-100
"""Rates and times below this count as 0; above `MOST` they are refused, so that no product leaves the double range."""


@dataclass(frozen=True, slots=True)
class Allocation:
    """
    Time for each resource in each area.

    Args:
        time_h: Hours, shape (areas, resources), each >= 0. Each column adds up to the resource's time, or to 0 if
            there is no area where it could detect anything.

        pos: Share of the probability on the map that is detected, in [0, 1]; 0 if the map is empty.

        gap: The best possible `pos` is at most pos + gap, by a bound from the dual problem that does not depend on
            how the allocation was found. One resource: rounding, under 1e-9.

        price_per_h: What one hour more of each resource would add to the detected share, first order; 0 where a
            resource has no time or no use.
    """

    time_h: Array
    pos: float
    gap: float
    price_per_h: tuple[float, ...]


def allocate(poa: npt.ArrayLike, rate_per_h: npt.ArrayLike, time_h: npt.ArrayLike) -> Allocation:
    """
    Find the allocation with the greatest probability of success.

    Args:
        poa: Probability of each area, shape (areas,), each in [0, 1e100]; need not add up to 1, may be empty.

        rate_per_h: Sweep width x speed / area for each area and resource, shape (areas, resources), each in
            [0, 1e100]; 0 where a resource cannot go or see. Below 1e-100 counts as 0.

        time_h: Hours on task of each resource, shape (resources,), each in [0, 1e100]; below 1e-100 counts as 0.

    Returns:
        The allocation. The times need not be the only best ones, their `pos` is. Nothing to find or nobody who
        could: all times 0, pos 0.

    Raises:
        InvalidInput: Shapes that do not fit.
        OutOfDomain: A number that is negative, not finite or above 1e100.
    """
    p, w, budget = _checked(poa, rate_per_h, time_h)
    time = np.zeros_like(w)
    price = np.zeros(budget.size)
    total = float(p.sum())
    able = (p[:, None] > 0.0) & (w > 0.0) & (budget > 0.0)
    cells, useful = np.flatnonzero(able.any(axis=1)), np.flatnonzero(able.any(axis=0))
    if cells.size == 0:
        return Allocation(time, 0.0, 0.0, tuple(price.tolist()))
    # In units of its own whole time, every resource has one to spend. Rows are contiguous: all work runs along them.
    reach = np.ascontiguousarray(w[np.ix_(cells, useful)].T) * budget[useful, None]
    log_poa = np.log(p[cells]) - np.log(total)
    share, log_price = share_out(log_poa, reach) if useful.size > 1 else _alone(log_poa, reach[0])
    time[np.ix_(cells, useful)] = (share * budget[useful, None]).T
    price[useful] = np.exp(np.minimum(log_price - np.log(budget[useful]), 700.0))
    pos = float((p[cells] / total * -np.expm1(-(reach * share).sum(axis=0))).sum())
    gap = _best(log_poa, reach, log_price) - pos
    return Allocation(time, min(pos, 1.0), max(gap, 0.0), tuple(price.tolist()))


def _alone(log_poa: Array, reach: Array) -> tuple[Array, Array]:
    """Shares of its time for one resource, shape (1, areas), and the logarithm of its price."""
    viable = np.flatnonzero(reach > 0.0)
    share = np.zeros((1, reach.size))
    share[0, viable], level = water_fill(log_poa[viable] + np.log(reach[viable]), 1.0 / reach[viable])
    return share, np.array([level])


def _best(log_poa: Array, reach: Array, log_price: Array) -> float:
    """
    No allocation detects more than this: the dual function at the given prices, each per whole time of a resource.

    For any prices, an area with cheapest way c = min price / reach is best left at min(p, c) undetected; what it
    detects less what that costs, plus the worth of all times, bounds every allocation (weak duality).
    """
    with np.errstate(divide="ignore"):
        log_cost = (log_price[:, None] - np.log(reach)).min(axis=0)
    searched = log_poa > log_cost
    log_cost, log_poa = log_cost[searched], log_poa[searched]
    detected = np.exp(log_poa) - np.exp(log_cost) * (1.0 + log_poa - log_cost)
    return float(detected.sum() + np.exp(np.minimum(log_price, 700.0)).sum())


def _checked(poa: npt.ArrayLike, rate: npt.ArrayLike, time: npt.ArrayLike) -> tuple[Array, Array, Array]:
    p, w, budget = (np.array(each, dtype=np.float64) for each in (poa, rate, time))
    if w.size == 0 and p.ndim == budget.ndim == 1 and p.size * budget.size == 0:
        w = np.zeros((p.size, budget.size))
    if p.ndim != 1 or budget.ndim != 1:
        raise InvalidInput("a list of numbers is needed", where="poa" if p.ndim != 1 else "time_h")
    if w.shape != (p.size, budget.size):
        raise InvalidInput(
            "one rate for each area and resource is needed",
            where="rate_per_h",
            expected=f"shape ({p.size}, {budget.size})",
            got=f"shape {w.shape}",
        )
    for name, values in (("poa", p), ("rate_per_h", w), ("time_h", budget)):
        wrong = np.argwhere(~((values >= 0.0) & (values <= MOST)))
        if wrong.size:
            place = tuple(int(i) for i in wrong[0])
            where = name + "".join(f"[{i}]" for i in place)
            raise OutOfDomain("out of range", where=where, expected="a number in [0, 1e100]", got=str(values[place]))
    w[w < LEAST] = 0.0
    budget[budget < LEAST] = 0.0
    return p, w, budget
