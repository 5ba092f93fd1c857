"""Every way for one type of asset from one base to one site, without a case."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from safeconduct.earth.airports import airport
from safeconduct.earth.airspace import is_attributed, name_of, states_at
from safeconduct.earth.geodesy import distance_m
from safeconduct.formats.catalogue import catalogue
from safeconduct.formats.latticefile import kept_world
from safeconduct.model.assets import AssetType
from safeconduct.model.errors import InvalidInput
from safeconduct.model.space import LonLat, lon_lat
from safeconduct.reach.fronts import WorldFront, WorldWay, end_at, places_of, world_front, world_graph
from safeconduct.reach.labels import graph_front
from safeconduct.reach.lattice import Lattice
from safeconduct.reach.plans import AIR, DETOUR_EXTRA_M, DETOUR_LIMIT, MOST_STATES, RESERVE_H, flight_hours
from safeconduct.reach.proof import RouteCertificate, of_front


@dataclass(frozen=True, slots=True)
class ShownWay:
    """
    One way.

    Args:
        needs: Codes of the states whose leave it needs, the base's own left out.

        names: Their names, in the same order.

        distance_km: Length on WGS 84.

        hours: In the air, p10, p50 and p90 (30 kt of wind behind, none, against); None where the speed is unknown.

        in_range: Whether the range with reserve reaches the site, one way; None where the range is unknown.

        path: Points joined by geodesic legs.
    """

    needs: tuple[str, ...]
    names: tuple[str, ...]
    distance_km: float
    hours: tuple[float, float, float] | None
    in_range: bool | None
    path: tuple[LonLat, ...]


@dataclass(frozen=True, slots=True)
class Ways:
    """
    The answer.

    Args:
        base: Code, name and state of the airport.

        site: (lon, lat).

        site_states: Airspaces over the site.

        asset: The type.

        free: The state taken as the asset's own, that of the base.

        direct_km: Length of the geodesic.

        range_km: One way, reserve taken off; None where unknown.

        front: What was found and how far the search went.

        ways: Fastest first.

        closed: Ways left out because they cross an area that no state can open.

        notes: What is assumed and what is not looked at.
    """

    base: tuple[str, str, str]
    site: LonLat
    site_states: tuple[str, ...]
    asset: AssetType
    free: str
    direct_km: float
    range_km: float | None
    front: WorldFront
    ways: tuple[ShownWay, ...]
    closed: int
    notes: tuple[str, ...]


NOTES = (
    "the asset is taken to belong to the state of its base",
    "range is one way, without refuelling; the way back, fuel on scene and a stop to refuel are not looked at",
    "terrain, weather and runways are not looked at",
)


@cache
def world() -> Lattice:
    """The lattice over the world's airspaces: made once, some ten seconds, then kept in the user's cache directory."""
    return kept_world()


def ways(base: str, site: LonLat, asset: str, *, all_states: bool = False) -> Ways:
    """
    All Pareto-optimal (time, permissions) ways.

    Args:
        base: ICAO location indicator.

        site: (lon, lat).

        asset: A type of the catalogue that flies.

        all_states: Any number of permissions instead of at most five, as in an assessment.

    Raises:
        InvalidInput: No such base or type, not a position, or a type that does not fly.
    """
    start, kind, site = airport(base), _type(asset), lon_lat(*site, where="--to")
    lattice = world()
    limit_m = _limit_m(start.position, site)
    front = world_front(
        lattice,
        end_at(lattice, start.position),
        end_at(lattice, site),
        free=frozenset({start.state}),
        limit_m=limit_m,
        max_needs=None if all_states else MOST_STATES,
    )
    reach_km = _range_km(kind)
    grantable = [way for way in front.ways if all(is_attributed(code) for code in way.needs)]
    return Ways(
        base=(start.code, start.name, start.state),
        site=site,
        site_states=tuple(sorted(states_at(site))),
        asset=kind,
        free=start.state,
        direct_km=distance_m(start.position, site) / 1000.0,
        range_km=reach_km,
        front=front,
        ways=tuple(_shown(way, kind, reach_km) for way in grantable),
        closed=len(front.ways) - len(grantable),
        notes=NOTES,
    )


def certificate(base: str, site: LonLat) -> RouteCertificate:
    """
    The certificate of all minimal sets of permissions between a base and a site, on the lattice's arcs.

    Its lengths are those of arcs, up to about a per cent longer than the ways that `ways` pulls straight.

    Raises:
        InvalidInput: As `ways`.
    """
    start, site = airport(base), lon_lat(*site, where="--to")
    lattice, limit_m = world(), _limit_m(start.position, site)
    first, last = end_at(lattice, start.position), end_at(lattice, site)
    graph, old = world_graph(lattice, first, last, free=frozenset({start.state}), limit_m=limit_m)
    front = graph_front(graph, 0, 1, limit_m)
    name = f"{start.code} to {site[0]:g},{site[1]:g}"
    places = places_of(lattice, first, last, old)
    return of_front(name, graph, lattice.borders.codes, (0, 1, limit_m), front, places)


def _limit_m(start: LonLat, site: LonLat) -> float:
    return DETOUR_LIMIT * distance_m(start, site) + DETOUR_EXTRA_M


def _type(asset: str) -> AssetType:
    types = {name: kind for name, kind in catalogue().types.items() if kind.kind in AIR}
    if asset not in types:
        expected = "a type that flies: " + ", ".join(sorted(types))
        raise InvalidInput("no such type of aircraft in the catalogue", where="--asset", expected=expected, got=asset)
    return types[asset]


def _range_km(kind: AssetType) -> float | None:
    if kind.range_km is not None:
        far = kind.range_km.value
    elif kind.endurance_h is not None and kind.cruise_kmh is not None:
        far = kind.endurance_h.value * kind.cruise_kmh.value
    else:
        return None
    return far - (RESERVE_H * kind.cruise_kmh.value if kind.cruise_kmh is not None else 0.0)


def _shown(way: WorldWay, kind: AssetType, reach_km: float | None) -> ShownWay:
    km = way.distance_m / 1000.0
    spread = flight_hours(kind, km) if kind.cruise_kmh is not None else None
    needs = tuple(sorted(way.needs))
    return ShownWay(
        needs=needs,
        names=tuple(name_of(code) for code in needs),
        distance_km=km,
        hours=None if spread is None else (spread.p10, spread.p50, spread.p90),
        in_range=None if reach_km is None else km <= reach_km,
        path=way.path,
    )
