"""
In which order to look when each look takes its time: the index policy for a resting target.

Always look next where probability of success per cost, p_i (1 - alpha_i)^k alpha_i / c_i after k looks, is greatest. It
maximises the chance of success at every cost it reaches and minimises the expected cost: Blackwell; Matula, "A
periodic optimal search", American Mathematical Monthly 71 (1964); Kadane, Operations Research 16 (1968).
"""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from safeconduct.model.errors import InvalidInput, OutOfDomain

MOST_LOOKS = 1_000_000
CLOSE = 1e-12
"""The expected cost is summed until what is left is this share of it."""


@dataclass(frozen=True, slots=True)
class Look:
    """
    One look.

    Args:
        box: Which box, from 0.

        gain: Probability that this very look finds them, seen from before the first.
    """

    box: int
    gain: float


def looks(poa: Sequence[float], glimpse: Sequence[float], cost: Sequence[float], count: int) -> tuple[Look, ...]:
    """
    Give the first looks of the best order.

    Args:
        poa: Probability of each box, each >= 0, finite; need not add up to 1.

        glimpse: Probability that one look into the box finds them if they are there, each in [0, 1].

        cost: Cost of one look (time, for instance), each > 0, finite.

        count: How many looks, from 0 to 1,000,000.

    Returns:
        *count* looks, or fewer where no box is left in which a look could find anything. Of equal indices the lower
        number comes first.

    Raises:
        InvalidInput: Lists of different lengths.
        OutOfDomain: A number out of its range.
    """
    if not 0 <= count <= MOST_LOOKS:
        raise OutOfDomain("too many looks", where="count", expected=f"0 to {MOST_LOOKS}", got=str(count))
    _check(poa, glimpse, cost)
    order = _order(poa, glimpse, cost)
    return tuple(look for look, _ in itertools.islice(order, count))


def expected_cost(poa: Sequence[float], glimpse: Sequence[float], cost: Sequence[float]) -> float:
    """
    Find the least expected cost of finding them, given that they are in one of the boxes.

    Args:
        poa: Probability of each box, each >= 0, finite, some > 0; scaled to add up to 1.

        glimpse: As for `looks`.

        cost: As for `looks`.

    Returns:
        Expected cost within 1e-9 of itself; infinite if they may be in a box where no look finds them.

    Raises:
        InvalidInput: Lists of different lengths.
        OutOfDomain: A number out of its range, all probabilities 0, or over 1,000,000 looks are needed to say.
    """
    _check(poa, glimpse, cost)
    total = math.fsum(poa)
    if not 0.0 < total < math.inf:
        raise OutOfDomain("nothing to find", where="poa", expected="some probability above 0", got=str(total))
    if any(p > 0.0 and alpha == 0.0 for p, alpha in zip(poa, glimpse, strict=True)):
        return math.inf
    # Looking into all boxes round by round costs no less than the best order does for what is left.
    rounds = math.fsum(c for p, c in zip(poa, cost, strict=True) if p > 0.0)
    slow = [rounds / alpha if p > 0.0 else 0.0 for p, alpha in zip(poa, glimpse, strict=True)]
    share = [p / total for p in poa]
    left = list(share)
    spent = expected = 0.0
    for number, (look, remaining) in enumerate(_order(share, glimpse, cost), start=1):
        spent += cost[look.box]
        expected += spent * look.gain
        left[look.box] = remaining
        if number % len(poa) == 0:
            to_come = spent * math.fsum(left) + math.fsum(q * most for q, most in zip(left, slow, strict=True))
            if to_come <= CLOSE * expected:
                break
        if number >= MOST_LOOKS:
            raise OutOfDomain("too many looks to add up", where="glimpse", expected=f"under {MOST_LOOKS} looks")
    return expected


def _order(poa: Sequence[float], glimpse: Sequence[float], cost: Sequence[float]) -> Iterator[tuple[Look, float]]:
    """Looks in the order of their index, each with what it leaves in its box; ends when nothing more can be found."""
    heap = [
        (-p * alpha / c, box, p, 0)
        for box, (p, alpha, c) in enumerate(zip(poa, glimpse, cost, strict=True))
        if p * alpha > 0.0
    ]
    heapq.heapify(heap)
    while heap:
        _, box, before, times = heap[0]
        remaining = poa[box] * math.pow(1.0 - glimpse[box], times + 1)  # a running product would collect rounding
        yield Look(box, before * glimpse[box]), remaining
        if remaining * glimpse[box] > 0.0:
            heapq.heapreplace(heap, (-remaining * glimpse[box] / cost[box], box, remaining, times + 1))
        else:
            heapq.heappop(heap)


def _check(poa: Sequence[float], glimpse: Sequence[float], cost: Sequence[float]) -> None:
    for name, values in (("glimpse", glimpse), ("cost", cost)):
        if len(values) != len(poa):
            raise InvalidInput("one number for each box is needed", where=name, expected=f"{len(poa)}")
    for name, values, least, most in (("poa", poa, 0.0, math.inf), ("glimpse", glimpse, 0.0, 1.0)):
        for position, number in enumerate(values):
            if not (math.isfinite(number) and least <= number <= most):
                where = f"{name}[{position}]"
                raise OutOfDomain("out of range", where=where, expected=f"in [{least:g}, {most:g}]", got=str(number))
    for position, number in enumerate(cost):
        if not (math.isfinite(number) and number > 0.0):
            raise OutOfDomain("not a cost", where=f"cost[{position}]", expected="finite, > 0", got=str(number))
