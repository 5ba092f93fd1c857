"""The legs of an aircraft: what it flies from place to place, how long that takes and whose airspace it enters."""

from __future__ import annotations

from safeconduct.model.assets import Asset, AssetType
from safeconduct.model.space import LonLat
from safeconduct.motion.hours import flight_hours
from safeconduct.reach.chain import Ground, PlanLeg
from safeconduct.reach.route import RouteOption


def straight_km(a: LonLat, b: LonLat) -> float:
    """Geodesic distance, kilometres."""
    from safeconduct.earth.geodesy import distance_m  # lazy: cases without flights need no geodesy

    return distance_m(a, b) / 1000.0


def flight_legs(
    asset: Asset, kind: AssetType, start: tuple[str, LonLat], end: tuple[str, LonLat], ground: Ground
) -> list[PlanLeg]:
    """
    All Pareto-optimal (distance, states) flights from one place to another, each as a leg.

    Args:
        asset: Its provider's airspace is open to it.

        kind: Its type.

        start: Name and (lon, lat).

        end: Name and (lon, lat).

        ground: Over which airspaces.
    """
    options = ground.flights.between(start[1], end[1], asset.provider)
    return [flight_leg(asset, kind, start[0], end[0], option) for option in options]


def flight_leg(asset: Asset, kind: AssetType, start: str, end: str, option: RouteOption) -> PlanLeg:
    """
    One flight as a leg, with the share of it flown when each foreign state is first entered.

    The hours are those that the case gives for the asset, else those at cruising speed.

    Raises:
        Bug: Neither the case nor the type says how fast it is.
    """
    length = max(option.distance_m, 1.0)
    first: dict[str, float] = {}
    for crossing in option.crossings:
        if crossing.needs != asset.provider:
            share = min(max(crossing.enter_m / length, 0.0), 1.0)
            first[crossing.needs] = min(share, first.get(crossing.needs, 1.0))
    for state in option.needs:
        first.setdefault(state, 0.0)
    hours = asset.flight_time_h or flight_hours(kind, option.distance_m / 1000.0)
    enters = tuple(sorted(first.items(), key=lambda item: (item[1], item[0])))
    return PlanLeg("fly", start, end, option.path, option.distance_m / 1000.0, hours, enters)
