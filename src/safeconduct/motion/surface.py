"""How long a way on land or water takes at an uncertain speed."""

from __future__ import annotations

from safeconduct.model.errors import OutOfDomain
from safeconduct.model.sources import Spread


def hours_at(speed_kmh: Spread, distance_km: float) -> Spread:
    """
    Hours for *distance_km* at a speed along the straight line; the slow quantile of the speed gives the late one.

    Args:
        speed_kmh: All three quantiles over 0.

        distance_km: Along the straight line, >= 0; what roads and coasts add is part of the speed.

    Raises:
        OutOfDomain: A speed of 0.
    """
    if speed_kmh.p10 <= 0.0:
        raise OutOfDomain("no hours", expected="a speed over 0 km/h", got=str(speed_kmh.p10))
    return Spread(
        distance_km / speed_kmh.p90,
        distance_km / speed_kmh.p50,
        distance_km / speed_kmh.p10,
        speed_kmh.cite,
        speed_kmh.reference_class,
        speed_kmh.cases,
    )
