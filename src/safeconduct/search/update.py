"""What a search that found nothing says about where they are."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from safeconduct.model.errors import InvalidInput, OutOfDomain

SUM_TOLERANCE = 1e-9
"""A map whose total is further from 1 than this is refused; a nearer one is renormalised."""


@dataclass(frozen=True, slots=True)
class Posterior:
    """
    The map after an unsuccessful search.

    Args:
        pos: Probability that the search would have found them: sum of POA x POD.

        poa: Probability of area of each area, given that it did not.

        outside: Probability that they are in none of the areas. With `poa` it adds up to 1 within 1e-12.
    """

    pos: float
    poa: tuple[float, ...]
    outside: float


def after_nothing_found(poa: Sequence[float], outside: float, pod: Sequence[float]) -> Posterior:
    """
    Update the map by Bayes: POA_i' = POA_i (1 - POD_i) / (1 - POS), with POS = sum of POA_j POD_j.

    The divisor is summed from the parts that remain, not taken as 1 - POS, so that no digits are lost when the search
    was almost certain to succeed (Stone, "Theory of Optimal Search", 1975, for the update itself).

    Args:
        poa: Probability of each area before, each in [0, 1]; may be empty.

        outside: Probability of being in none of them, in [0, 1]. All together 1 within 1e-9, then renormalised.

        pod: Probability of detection in each area if they are there, each in [0, 1].

    Returns:
        The posterior. With POD 0 everywhere it is the prior.

    Raises:
        InvalidInput: Different lengths, or a total that is not 1.
        OutOfDomain: A number out of its range, or detection was certain wherever they could be: then finding nothing
            was impossible under this map, and there is no map after it (the map or a POD is wrong).
    """
    if len(poa) != len(pod):
        raise InvalidInput("one POD for each area is needed", where="pod", expected=f"{len(poa)}", got=f"{len(pod)}")
    for name, values, most in (("poa", poa, 1.0 + SUM_TOLERANCE), ("pod", pod, 1.0)):
        for position, number in enumerate(values):
            _check(number, most, f"{name}[{position}]")
    _check(outside, 1.0 + SUM_TOLERANCE, "outside")
    before = math.fsum((*poa, outside))
    if abs(before - 1.0) > SUM_TOLERANCE:
        raise InvalidInput("the probabilities do not add up", where="poa", expected="1 with outside", got=str(before))
    left = [p * (1.0 - d) for p, d in zip(poa, pod, strict=True)]
    after = math.fsum((*left, outside))
    if after <= 0.0:
        raise OutOfDomain(
            "detection was certain wherever they could be, so finding nothing leaves no map",
            where="pod",
            expected="a POD below 1 in some area with POA above 0, or outside above 0",
        )
    pos = math.fsum(p * d for p, d in zip(poa, pod, strict=True)) / before
    return Posterior(min(pos, 1.0), tuple(each / after for each in left), outside / after)


def _check(number: float, most: float, where: str) -> None:
    if not (math.isfinite(number) and 0.0 <= number <= most):
        raise OutOfDomain("not a probability", where=where, expected="a number in [0, 1]", got=str(number))
