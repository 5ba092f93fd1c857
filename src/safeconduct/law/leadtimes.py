"""
Three quantiles of a lead time from the few cases that are known, by one fixed recipe.

Nine cases are needed before the extremes of a sample reach the tenth and the ninetieth percentile, and there are rarely
nine. The recipe is fixed here, before any comparison, so that nobody can choose one that flatters a result.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from safeconduct.model.errors import OutOfDomain

STUDENT_90 = {2: 3.0777, 3: 1.8856, 4: 1.6377}
"""Student's t, 90th percentile, by the number of cases (one more than the degrees of freedom). Standard tables."""


def quantiles_h(hours: Sequence[float]) -> tuple[float, float, float]:
    """
    The tenth, fiftieth and ninetieth percentile, in hours, to be expected of the next case.

    One case: half of it, itself, twice it (the house's reading of a single number). Two to four: the prediction
    interval of a log-normal law with unknown mean and spread, ``exp(m +- t s sqrt(1 + 1/n))``. Five and more: the
    sorted values, joined linearly at the positions ``(i - 1/2) / n`` (Hazen), held at both ends.

    Args:
        hours: One value per case, all > 0; of a case known only between two bounds the middle.

    Raises:
        OutOfDomain: There is no case, or a value is not positive.
    """
    if not hours or min(hours) <= 0:
        raise OutOfDomain("no quantiles", expected="one positive number of hours or more", got=str(list(hours)))
    count = len(hours)
    if count == 1:
        return hours[0] / 2, hours[0], 2 * hours[0]
    if count in STUDENT_90:
        logs = [math.log(value) for value in hours]
        middle = math.fsum(logs) / count
        spread = math.sqrt(math.fsum((value - middle) ** 2 for value in logs) / (count - 1))
        reach = STUDENT_90[count] * spread * math.sqrt(1 + 1 / count)
        return math.exp(middle - reach), math.exp(middle), math.exp(middle + reach)
    ordered = sorted(hours)
    return _hazen(ordered, 0.1), _hazen(ordered, 0.5), _hazen(ordered, 0.9)


def _hazen(ordered: Sequence[float], share: float) -> float:
    place = share * len(ordered) - 0.5
    low = min(max(math.floor(place), 0), len(ordered) - 1)
    high = min(low + 1, len(ordered) - 1)
    part = min(max(place - low, 0.0), 1.0)
    return ordered[low] + part * (ordered[high] - ordered[low])
