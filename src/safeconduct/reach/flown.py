"""The legs of an aircraft: what it flies from place to place, how long that takes and whose airspace it enters."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from safeconduct.model.assets import Asset, AssetType
from safeconduct.model.sources import Spread
from safeconduct.model.space import LonLat
from safeconduct.motion.hours import flight_hours
from safeconduct.reach.chain import Ground, PlanLeg
from safeconduct.reach.route import RouteOption
from safeconduct.reach.winds import Blown


def straight_km(a: LonLat, b: LonLat) -> float:
    """Geodesic distance, kilometres."""
    from safeconduct.earth.geodesy import distance_m  # lazy: cases without flights need no geodesy

    return distance_m(a, b) / 1000.0


def flight_legs(  # noqa: PLR0917
    asset: Asset,
    kind: AssetType,
    start: tuple[str, LonLat],
    end: tuple[str, LonLat],
    ground: Ground,
    moving_h: float = 0.0,
) -> list[PlanLeg]:
    """
    All Pareto-optimal (distance, states) flights from one place to another, each as a leg.

    In winds these are still the shortest over the ground for what they enter; the wind counts in their hours.

    Args:
        asset: Its provider's airspace is open to it.

        kind: Its type.

        start: Name and (lon, lat).

        end: Name and (lon, lat).

        ground: Over which airspaces, and in which winds.

        moving_h: Hours since it began to move.
    """
    options = ground.flights.between(start[1], end[1], asset.provider)
    return [flight_leg(asset, kind, (start[0], end[0]), option, ground, moving_h) for option in options]


def flight_leg(  # noqa: PLR0917
    asset: Asset, kind: AssetType, names: tuple[str, str], option: RouteOption, ground: Ground, moving_h: float = 0.0
) -> PlanLeg:
    """
    One flight as a leg, with the share of it flown when each foreign state is first entered.

    The hours are those that the case gives for the asset, else those at cruising speed in the winds of the case, in
    which they hold for the median of each; where it gives none p10 and p90 are those of a wind behind and against.

    Args:
        asset: As for `flight_legs`.

        kind: Its type.

        names: Of start and end.

        option: The way.

        ground: In which winds.

        moving_h: Hours since it began to move.

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
    enters = tuple(sorted(first.items(), key=lambda item: (item[1], item[0])))
    km = option.distance_m / 1000.0
    blown = None if asset.flight_time_h else _blown(asset, kind, option.path, ground, moving_h)
    hours = asset.flight_time_h or (flight_hours(kind, km) if blown is None else _hours(kind, blown))
    return PlanLeg("fly", *names, option.path, km, hours, enters, blown=blown, coarse=option.coarse)


def straight_spent_km(  # noqa: PLR0917
    asset: Asset, kind: AssetType, start: LonLat, end: LonLat, ground: Ground, moving_h: float
) -> float:
    """What the direct flight takes of the range, kilometres, in the winds of the case."""
    blown = _blown(asset, kind, (start, end), ground, moving_h)
    return straight_km(start, end) if blown is None else blown.air_km


def least_spent_km(kind: AssetType, start: LonLat, end: LonLat, ground: Ground) -> float:
    """A lower bound of what any flight takes of the range, kilometres; quick."""
    km = straight_km(start, end)
    if ground.winds is None or kind.cruise_kmh is None:
        return km
    return km * ground.winds.least_share(kind.cruise_kmh.value)


def _blown(asset: Asset, kind: AssetType, path: tuple[LonLat, ...], ground: Ground, moving_h: float) -> Blown | None:
    if ground.winds is None or kind.cruise_kmh is None:
        return None
    leaving = ground.winds.leaves(asset) + timedelta(hours=moving_h)
    return ground.winds.blown(path, kind.cruise_kmh.value, kind.kind, leaving)


def _hours(kind: AssetType, blown: Blown) -> Spread:
    """Hours in the median winds; where none is given, a wind behind and against makes p10 and p90."""
    calm = flight_hours(kind, blown.calm_km)
    rest_h = (blown.air_km - blown.calm_km) / blown.air_kmh
    return replace(calm, p10=calm.p10 + rest_h, p50=calm.p50 + rest_h, p90=calm.p90 + rest_h)
