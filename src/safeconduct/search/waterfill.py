"""One divisible amount spread where its marginal return is greatest, exactly."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[np.float64]


def water_fill(log_return: Array, inverse: Array) -> tuple[Array, float]:
    """
    Spread an amount of 1 over places whose marginal return falls as exp(log_return - x / inverse).

    The last level satisfies ``sum over the filled (log_return - level) inverse = 1``. Places below the level of all
    that are still in play can never be filled, since the level only rises as they leave; dropping them until none is
    left to drop ends at the exact answer, as sorting would, in a few passes over shrinking arrays.

    Args:
        log_return: Logarithm of the marginal return at x = 0, shape (n,), n >= 1, finite.

        inverse: Inverse of the rate of fall, shape (n,), each > 0, finite.

    Returns:
        Amounts, shape (n,), each >= 0, total 1 to rounding; and the level, the logarithm of the common marginal return.
    """
    top = float(log_return.max())
    depth = log_return - top  # at most 0: the level below is then negative whatever the rounding
    playing, weights = depth, inverse
    while True:
        level = (float((playing * weights).sum()) - 1.0) / float(weights.sum())
        keep = playing > level
        if keep.all():
            break
        playing, weights = playing[keep], weights[keep]
    amount = np.maximum(depth - level, 0.0) * inverse
    return amount / amount.sum(), level + top
