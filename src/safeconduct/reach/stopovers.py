"""Which airports are looked at as stops: few, spread over the states and along the way."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from safeconduct.earth.airports import Airport
from safeconduct.earth.geodesy import distance_m, haversine_m
from safeconduct.model.assets import AssetType
from safeconduct.model.space import LonLat
from safeconduct.reach.airways import DETOUR_EXTRA_M, DETOUR_LIMIT
from safeconduct.reach.journeys import Spot

SECTIONS = 3
"""One airport is looked at for each state and section of the way; so many sections for each leg of a chain."""

MOST_SPOTS = 16
"""Airports looked at for each leg of the longest chain, those of the least detour first."""


def spot_at(airport: Airport, kinds: Sequence[AssetType]) -> Spot:
    """
    An airport as a place to land, with the types whose need its longest paved runway meets.

    Helicopters need none. Where the need or the runway is not known, the type is among the unsure ones.
    """
    fits, unsure = set(), set()
    for kind in kinds:
        need, there = kind.runway_m, airport.longest_paved_m
        if kind.kind in ("helicopter", "ship"):
            fits.add(kind.id)
        elif need is None or there is None:
            unsure.add(kind.id)
        elif there >= need.value:
            fits.add(kind.id)
    return Spot(airport.code, airport.name, airport.position, airport.state, frozenset(fits), frozenset(unsure))


def stopovers(
    airports: Sequence[tuple[Airport, bool]],
    ends: tuple[LonLat, LonLat],
    kinds: Sequence[AssetType],
    *,
    filling_km: float,
    stops: int,
) -> tuple[tuple[Spot, ...], int]:
    """
    The airports to look at, and how many lie in reach.

    In reach: at most *stops* fillings from both ends, and on a way of at most 1.2 times the direct one plus 100 km. Of
    those the first for each state and section of the way: known to fit before not known, with an airline code before
    without, then by the detour.

    Args:
        airports: Each with whether airlines have a code for it.

        ends: Base and site, (lon, lat) each.

        kinds: Types of which at least one must be able to land.

        filling_km: What the farthest-ranging of them flies on one filling.

        stops: Most stops of one way, >= 1.
    """
    start, end = ends
    sections = SECTIONS * (stops + 1)
    lon = np.array([each.position[0] for each, _ in airports])
    lat = np.array([each.position[1] for each, _ in airports])
    before, after = haversine_m(start[0], start[1], lon, lat), haversine_m(end[0], end[1], lon, lat)
    limit_m = DETOUR_LIMIT * distance_m(start, end) + DETOUR_EXTRA_M
    near = (before + after <= limit_m) & (np.maximum(before, after) <= filling_km * stops * 1000.0) & (before > 1000.0)
    best: dict[tuple[str, int], tuple[tuple[int, bool, float, str], Spot]] = {}
    count = 0
    for index in np.flatnonzero(near).tolist():
        airport, served = airports[index]
        spot = spot_at(airport, kinds)
        if not spot.fits and not spot.unsure:
            continue
        count += 1
        whole = float(before[index] + after[index])
        section = min(sections - 1, int(sections * float(before[index]) / max(whole, 1.0)))
        rank = (-len(spot.fits), not served, whole, spot.id)
        held = best.get((spot.state, section))
        if held is None or rank < held[0]:
            best[spot.state, section] = (rank, spot)
    chosen = sorted(best.values(), key=lambda item: (item[0][2], item[0][3]))[: MOST_SPOTS * (stops + 1)]
    return tuple(spot for _, spot in chosen), count
