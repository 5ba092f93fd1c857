"""
Three quantiles of a duration (or a speed) from the few cases that are known, by one fixed recipe.

A class has two or three members as a rule. It then knows its middle better than its spread, so the spread of the
logarithms is pooled over all classes of one unit. The recipe was fixed before any stage was compared with a record.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from safeconduct.model.errors import OutOfDomain
from safeconduct.model.sources import Cite, Spread

STUDENT_90 = (
    3.0777, 1.8856, 1.6377, 1.5332, 1.4759, 1.4398, 1.4149, 1.3968, 1.3830, 1.3722,
    1.3634, 1.3562, 1.3502, 1.3450, 1.3406, 1.3368, 1.3334, 1.3304, 1.3277, 1.3253,
    1.3232, 1.3212, 1.3195, 1.3178, 1.3163, 1.3150, 1.3137, 1.3125, 1.3114, 1.3104,
)  # fmt: skip
"""Student's t, 90th percentile, for 1 to 30 degrees of freedom. Standard tables."""

Z90 = 1.2816
"""The same for infinitely many."""

ALONE = math.log(2.0)
"""Reach of the logarithm where nothing can be pooled: half and double, the house's reading of a single number."""


@dataclass(frozen=True, slots=True)
class Pool:
    """
    Spread of the logarithms within classes.

    Args:
        deviation: Standard deviation, >= 0.

        freedom: Degrees of freedom: members less classes; 0 where every class has one member.
    """

    deviation: float
    freedom: int


def pooled(classes: Iterable[Sequence[float]], *, centre: float | None = None) -> Pool:
    """
    Pool the spread of the logarithms over *classes*, each a list of values > 0; empty classes count for nothing.

    Args:
        centre: The middle of every class where it is fixed beforehand; None takes each class's own.
    """
    squares, freedom = 0.0, 0
    for values in classes:
        if values:
            logs = [math.log(value) for value in values]
            middle = math.fsum(logs) / len(logs) if centre is None else math.log(centre)
            squares += math.fsum((value - middle) ** 2 for value in logs)
            freedom += len(logs) - (centre is None)
    return Pool(math.sqrt(squares / freedom) if freedom else 0.0, freedom)


def quantiles(values: Sequence[float], pool: Pool, *, centre: float | None = None) -> tuple[float, float, float]:
    """
    The tenth, fiftieth and ninetieth percentile to be expected of the next case.

    The prediction interval of a log-normal law, ``exp(m +- t s sqrt(1 + 1/n))``: the class's own middle *m* of *n*
    logarithms, the pooled deviation *s* with its degrees of freedom in *t*.

    Args:
        values: One value per case, all > 0; of a case known only between two bounds the middle.

        centre: The middle where it is fixed beforehand, with no error of its own; None takes that of *values*.

    Raises:
        OutOfDomain: There is no case, or a value is not positive.
    """
    if not values or min(values) <= 0.0:
        raise OutOfDomain("no quantiles", expected="one positive value or more", got=str(list(values)))
    logs = [math.log(value) for value in values]
    middle = math.fsum(logs) / len(logs) if centre is None else math.log(centre)
    reach = ALONE
    if pool.freedom:
        t = STUDENT_90[pool.freedom - 1] if pool.freedom <= len(STUDENT_90) else Z90
        reach = t * pool.deviation * (math.sqrt(1.0 + 1.0 / len(logs)) if centre is None else 1.0)
    return math.exp(middle - reach), math.exp(middle), math.exp(middle + reach)


def combined(hours: Spread, factor: Spread) -> Spread:
    """
    A planned duration times an uncertain factor, the two independent: medians multiply, and on either side the squares
    of the logarithmic distances from the median add.

    Where the plan has a p10 of 0 that side is the factor's alone.
    """
    low = _joined(hours.p50, hours.p10, factor.p50, factor.p10)
    high = _joined(hours.p90, hours.p50, factor.p90, factor.p50)
    middle = hours.p50 * factor.p50
    cite = Cite(tuple(dict.fromkeys((*hours.cite.sources, *factor.cite.sources))), factor.cite.grade, factor.cite.note)
    return Spread(middle / low, middle, middle * high, cite, factor.reference_class, factor.cases)


def _joined(upper: float, lower: float, factor_upper: float, factor_lower: float) -> float:
    own = math.log(upper / lower) if lower > 0.0 else 0.0
    return math.exp(math.hypot(own, math.log(factor_upper / factor_lower)))
