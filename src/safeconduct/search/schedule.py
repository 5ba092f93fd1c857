"""
Where and when search time is best spent, where finding them soon is worth more than finding them late.

Effort t of resource r in area a and slice s detects with rate w_ar; the worth V_s of a find in slice s never rises.
``sum_s (V_s - V_s+1) sum_a p_a (1 - exp(-E_as))``, E the effort until the end of the slice, is concave, and the hours
of each resource in each slice are shared out independently of all others: taking them in turn, each exactly (by water
filling), climbs to the optimum. A first-order bound says how far off it can be, whatever the path there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from safeconduct.model.errors import InvalidInput, OutOfDomain
from safeconduct.search.effort import LEAST, MOST
from safeconduct.search.grid import Array
from safeconduct.search.waterfill import water_fill

SWEEPS = 40
"""Rounds over all resources and slices; where rates differ from area to area, more close the gap slowly."""
GOOD = 1e-4
"""The climb ends when the bound is within this share of the value."""

NOTHING = 1e-250
"""What an area still has to give below this counts as nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Schedule:
    """
    Time of each resource in each area and slice.

    Args:
        time_h: Hours, shape (areas, resources, slices), each >= 0; a resource's hours in a slice add up to what it has,
            or to 0 where it can find nothing.

        found: Share of the probability on the map that is found by the end of each slice, shape (slices,).

        value: The objective: expected worth of a find, in the unit of *worth*.

        bound: No plan has more.
    """

    time_h: Array
    found: Array
    value: float
    bound: float


def schedule(
    poa: npt.ArrayLike,
    rate_per_h: npt.ArrayLike,
    hours: npt.ArrayLike,
    worth: npt.ArrayLike,
    *,
    good: float = GOOD,
    sweeps: int = SWEEPS,
) -> Schedule:
    """
    Find the best use of the hours there are.

    Args:
        poa: Probability of each area, shape (areas,), each >= 0.

        rate_per_h: Sweep width x speed / area, shape (areas, resources), each >= 0; 0 where one cannot go or see.

        hours: Working hours of each resource in each slice, shape (resources, slices), each >= 0.

        worth: Worth of a find in each slice, shape (slices,), never rising, each >= 0.

        good: Share of the value within which the bound is to come.

        sweeps: Rounds at most; the bound holds after any number, 1 or more.

    Raises:
        InvalidInput: Shapes that do not fit.
        OutOfDomain: A number outside [0, 1e100], or a worth that rises. Rates and hours under 1e-100 count as 0.
    """
    p, w, have, value_of = _checked(poa, rate_per_h, hours, worth)
    areas, slices = p.size, value_of.size
    drop = value_of - np.append(value_of[1:], 0.0)
    left = p[:, None] * drop[None, :]  # p c exp(-E): what each area and slice still has to give
    time = np.zeros((areas, w.shape[1], slices))
    blocks = [(s, r) for s in range(slices) for r in range(w.shape[1]) if have[r, s] > 0.0 and w[:, r].any()]
    most = float((p.sum() * drop).sum())
    value, bound = 0.0, most
    for _ in range(sweeps if blocks else 0):
        for s, r in blocks:
            time[:, r, s] = _shared(left[:, s:], time[:, r, s], w[:, r], have[r, s])
        value = most - float(left.sum())
        bound = min(bound, value + _slack(left, time, blocks, w, have))
        if bound - value <= good * max(value, 1e-300):
            break
    effort = np.einsum("ars,ar->as", time, w).cumsum(axis=1)
    total = float(p.sum())
    found = (p[:, None] * -np.expm1(-effort)).sum(axis=0) / total if total > 0.0 else np.zeros(slices)
    return Schedule(time, found, value, max(bound if blocks else 0.0, value))


def worth_of(poa: Array, effort: Array, worth: Array) -> float:
    """
    The objective for any plan.

    Args:
        poa: Shape (areas,).

        effort: Rate x time added up in each area by the end of each slice, shape (areas, slices).

        worth: Shape (slices,), never rising.
    """
    drop = worth - np.append(worth[1:], 0.0)
    return float(((poa[:, None] * -np.expm1(-effort)) * drop[None, :]).sum())


def _shared(left: Array, old: Array, rate: Array, hours: float) -> Array:
    """
    One resource's hours in one slice in their best areas beside all else as it is.

    Args:
        left: What each area still has to give from that slice on, shape (areas, slices); brought up to date in place.

        old: Its hours so far, shape (areas,).
    """
    gives = left.sum(axis=1)
    viable = np.flatnonzero((gives > NOTHING) & (rate > 0.0))
    if viable.size == 0:
        return old
    reach = rate[viable] * hours
    new = np.zeros_like(old)
    share, _ = water_fill(np.log(gives[viable]) + rate[viable] * old[viable] + np.log(reach), 1.0 / reach)
    new[viable] = share * hours
    moved = np.flatnonzero(new != old)
    left[moved] *= np.exp(rate[moved] * (old[moved] - new[moved]))[:, None]
    return new


def _slack(left: Array, time: Array, blocks: list[tuple[int, int]], w: Array, have: Array) -> float:
    """How much more any plan could have, to first order: the objective is concave, so its tangent lies above it."""
    tail = np.cumsum(left[:, ::-1], axis=1)[:, ::-1]
    slack = 0.0
    for s, r in blocks:
        slope = w[:, r] * tail[:, s]
        slack += have[r, s] * float(slope.max()) - float((slope * time[:, r, s]).sum())
    return max(slack, 0.0)


def _checked(
    poa: npt.ArrayLike, rate: npt.ArrayLike, hours: npt.ArrayLike, worth: npt.ArrayLike
) -> tuple[Array, Array, Array, Array]:
    p, w, have, value = (np.array(each, dtype=np.float64) for each in (poa, rate, hours, worth))
    if p.ndim != 1 or value.ndim != 1 or w.ndim != 2 or have.ndim != 2:
        raise InvalidInput("shapes that do not fit", where="schedule", expected="1, 2, 2 and 1 dimensions")
    if w.shape[0] != p.size or have.shape != (w.shape[1], value.size):
        raise InvalidInput(
            "shapes that do not fit",
            where="hours",
            expected=f"rates ({p.size}, resources), hours (resources, {value.size})",
            got=f"{w.shape}, {have.shape}",
        )
    for name, numbers in (("poa", p), ("rate_per_h", w), ("hours", have), ("worth", value)):
        if not ((numbers >= 0.0) & (numbers <= MOST)).all():
            raise OutOfDomain("out of range", where=name, expected="numbers in [0, 1e100]")
    if (np.diff(value) > 1e-12).any():
        raise OutOfDomain("a worth that rises", where="worth", expected="never rising")
    w[w < LEAST] = 0.0
    have[have < LEAST] = 0.0
    return p, w, have, value
