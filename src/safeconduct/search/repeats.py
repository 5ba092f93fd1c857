"""Detection by repeated searches of one area, which do not fail independently of each other."""

from __future__ import annotations

import math
from collections.abc import Sequence

from safeconduct.model.errors import OutOfDomain

CAP_DEPENDENCE = 1.0 / 6.0
"""
Reproduces the cumulative table of the Civil Air Patrol's Mission Aircrew Reference Text (Vol. II, p. 107): there 60 %
searched twice is 80 %, three times 90 %. The first exactly, the second as 88 %: one number cannot meet both.
"""


def cumulative(pods: Sequence[float], dependence: float = CAP_DEPENDENCE) -> float:
    """
    Find the POD of several searches together: independent - dependence x (independent - greatest).

    What hides from one search (a tree, a shadow, the wrong place on the map) tends to hide from the next.

    Args:
        pods: POD of each search by itself, each in [0, 1]; none gives 0.

        dependence: 0: each search fails independently of the others. 1: the others add nothing to the best.

    Returns:
        POD in [greatest of them, 1].

    Raises:
        OutOfDomain: A number outside [0, 1].
    """
    for name, number in [(f"pods[{i}]", pod) for i, pod in enumerate(pods)] + [("dependence", dependence)]:
        if not 0.0 <= number <= 1.0:
            raise OutOfDomain("not a probability", where=name, expected="a number in [0, 1]", got=str(number))
    independent = 1.0 - math.prod(1.0 - pod for pod in pods)
    greatest = max(pods, default=0.0)
    return max(independent - dependence * (independent - greatest), greatest)
