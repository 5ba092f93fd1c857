"""The ways of single legs of a journey: by air over the world's lattice, with or without wind, and by sea."""

from __future__ import annotations

from collections.abc import Callable

from safeconduct.earth.airspace import is_attributed
from safeconduct.earth.geodesy import distance_m
from safeconduct.model.assets import AssetType
from safeconduct.model.sources import Spread
from safeconduct.model.space import LonLat
from safeconduct.motion.hours import WIND_LEFT_KMH, flight_hours, sailing_hours
from safeconduct.motion.wind import Wind
from safeconduct.reach.airways import DETOUR_EXTRA_M, DETOUR_LIMIT
from safeconduct.reach.fronts import End, WorldFront, WorldWay, end_at, world_front
from safeconduct.reach.journeys import Hop, Spot
from safeconduct.reach.lattice import Lattice
from safeconduct.reach.sea import Sea
from safeconduct.reach.windward import Windward, WindyWay


class WorldHops:
    """
    Legs over the world; each end is joined to the lattice once.

    Args:
        lattice: Made when the first flight is asked for.

        sea: Made when the first ship is asked for.

        wind: The same everywhere; None: none.

        max_needs: Most states of interest for one leg; None: any number.
    """

    def __init__(
        self, lattice: Callable[[], Lattice], sea: Callable[[], Sea], wind: Wind | None, max_needs: int | None
    ) -> None:
        self._lattice, self._sea, self._wind, self._max_needs = lattice, sea, wind, max_needs
        self._ends: dict[LonLat, End] = {}
        self._windward: dict[float, Windward] = {}
        self.fronts: dict[tuple[str, str, str, str], WorldFront] = {}
        """What was looked for on each leg, by start, end, type and provider."""
        self.closed = 0
        """Ways left out because they cross an area that no state can open."""

    def hops(self, start: Spot, end: Spot, kind: AssetType, provider: str) -> tuple[Hop, ...]:
        """As `journeys.HopFinder`; the type has a speed."""
        leg = self._sailed if kind.kind == "ship" else self._flown
        found, front = leg(start, end, kind, provider)
        if front is not None:
            self.fronts[start.id, end.id, kind.id, provider] = front
        open_ = tuple(hop for hop in found if all(is_attributed(code) for code in hop.enters))
        self.closed += len(found) - len(open_)
        return open_

    def least_km(self, start: Spot, end: Spot, kind: AssetType) -> float:
        """As `journeys.HopFinder`."""
        km = distance_m(start.position, end.position) / 1000.0
        if self._wind is None or kind.kind == "ship" or kind.cruise_kmh is None:
            return km
        return km * kind.cruise_kmh.value / (kind.cruise_kmh.value + self._wind.speed_kmh)

    def apart_km(self, start: Spot, end: Spot, kind: AssetType) -> float:
        """As `journeys.HopFinder`: the geodesic is never longer than a chain."""
        return self.least_km(start, end, kind)

    def _flown(
        self, start: Spot, end: Spot, kind: AssetType, provider: str
    ) -> tuple[tuple[Hop, ...], WorldFront | None]:
        here, there, free = start.position, end.position, frozenset({provider})
        if self._wind is not None and kind.cruise_kmh is not None:
            windward = self._against(kind.cruise_kmh.value, self._wind)
            limit_m = DETOUR_LIMIT * windward.air_m((here, there)) + DETOUR_EXTRA_M
            windy, front = windward.ways(here, there, free=free, limit_m=limit_m, max_needs=self._max_needs)
            return tuple(_in_wind(kind, way) for way in windy), front
        limit_m = DETOUR_LIMIT * distance_m(here, there) + DETOUR_EXTRA_M
        front = world_front(
            self._lattice(), self._end(here), self._end(there), free=free, limit_m=limit_m, max_needs=self._max_needs
        )
        return tuple(_still(way, flight_hours(kind, way.distance_m / 1000.0)) for way in front.ways), front

    def _sailed(
        self, start: Spot, end: Spot, kind: AssetType, provider: str
    ) -> tuple[tuple[Hop, ...], WorldFront | None]:
        free = frozenset({provider})
        front = self._sea().ways(start.position, end.position, free=free, max_needs=self._max_needs).front
        ways = () if front is None else front.ways
        return tuple(_still(way, sailing_hours(kind, way.distance_m / 1000.0)) for way in ways), front

    def _end(self, place: LonLat) -> End:
        if place not in self._ends:
            self._ends[place] = end_at(self._lattice(), place)
        return self._ends[place]

    def _against(self, speed_kmh: float, wind: Wind) -> Windward:
        if speed_kmh not in self._windward:
            self._windward[speed_kmh] = Windward(self._lattice(), wind, speed_kmh)
        return self._windward[speed_kmh]


def _still(way: WorldWay, hours: Spread) -> Hop:
    km = way.distance_m / 1000.0
    return Hop(hours, km, km, way.needs, way.path)


def _in_wind(kind: AssetType, way: WindyWay) -> Hop:
    air_km = way.air_m / 1000.0
    hours = flight_hours(kind, air_km, wind_kmh=WIND_LEFT_KMH)
    return Hop(hours, way.distance_m / 1000.0, air_km, way.needs, way.path)
