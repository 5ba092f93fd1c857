"""Every way from one base to one site, with stops, hand-overs, ships and wind, without a case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from safeconduct.desk.carriers import airport_at, base_at, carrier_type, relays_of, wind_of
from safeconduct.desk.shownways import Looked, ShownLeg, ShownWay, Ways
from safeconduct.earth.airports import Airport, Runway, every_airport
from safeconduct.earth.airspace import Skies, airspaces, codes, name_of, states_at
from safeconduct.earth.geodesy import distance_m, haversine_m
from safeconduct.earth.land import land, sea_nodes
from safeconduct.formats.latticefile import kept_world
from safeconduct.model.assets import AssetType
from safeconduct.model.errors import InvalidInput
from safeconduct.model.sources import Cite, Figure, Spread
from safeconduct.model.space import LonLat, lon_lat
from safeconduct.motion.wind import Wind
from safeconduct.reach.capped import certify_capped
from safeconduct.reach.exclusions import SPARE, GraphCuts
from safeconduct.reach.flights import FlightCertificate
from safeconduct.reach.fronts import end_at, places_of, world_graph
from safeconduct.reach.hops import WorldHops
from safeconduct.reach.journeys import Carrier, Journey, JourneyLeg, Journeys, Question, Spot, journeys
from safeconduct.reach.labels import graph_front
from safeconduct.reach.lattice import Lattice
from safeconduct.reach.plans import MOST_STATES, RESERVE_H, STOP_H, around, range_km
from safeconduct.reach.proof import RouteCertificate, of_capped
from safeconduct.reach.sea import Sea, sea_of
from safeconduct.reach.stopovers import spot_at, stopovers

SETS_DOWN = ("helicopter", "ship")
"""Kinds that put people down at a site; with a relay, the others hand over before it."""

AUTO_STOPS = 2
"""Stops looked at where nobody said how many and airports are named or the straight way is out of range."""


@dataclass(frozen=True, slots=True)
class Extra:
    """
    What may be asked beyond base, site and type.

    Args:
        all_states: Any number of states instead of at most five, as in an assessment.

        stops: Most stops of a way; None: 1 with a relay, 2 where airports are named or the straight way is out of
            range, else none.

        via: Airports to stop at instead of those that we pick.

        relays: ``TYPE[@AIRPORT[:STATE]]``.

        wind: ``FROM/KNOTS``; empty: none.

        runways: Runways the user brings, by airport.
    """

    all_states: bool = False
    stops: int | None = None
    via: tuple[str, ...] = ()
    relays: tuple[str, ...] = ()
    wind: str = ""
    runways: dict[str, tuple[Runway, ...]] | None = None


@cache
def world() -> Lattice:
    """The lattice over the world's airspaces: made once, some ten seconds, then kept in the user's cache directory."""
    return kept_world()


@cache
def sea() -> Sea:
    """The sea of the world, read once."""
    return sea_of(airspaces(codes()), land(), sea_nodes())


def ways(base: str, site: LonLat, asset: str, extra: Extra | None = None) -> Ways:
    """
    All Pareto-optimal (time, permissions) ways.

    Args:
        base: ICAO location indicator, or LON,LAT.

        site: (lon, lat).

        asset: A type of the catalogue that flies or sails.

        extra: Stops, hand-overs, wind and runways.

    Raises:
        InvalidInput: No such base, airport or type, not a position, a wind or a number of stops; a stop or a wind for
            a type without a known speed; airports or relays, and no stops.
    """
    extra = extra or Extra()
    start, kind, site = base_at(base), carrier_type(asset, "--asset"), lon_lat(*site, where="--to")
    relays, wind = relays_of(extra.relays), wind_of(extra.wind)
    if wind is not None and kind.cruise_kmh is None:
        raise InvalidInput("its speed is not known", where="--asset", expected="for a wind: a type with a speed")
    paced = kind if kind.cruise_kmh else replace(kind, cruise_kmh=_PACE)
    most_states = None if extra.all_states else MOST_STATES
    hops = WorldHops(world, sea, wind, most_states)
    if kind.kind != "ship":
        world()  # made before the clock of the search starts: the first time it takes longer than most searches
    first, last = Spot(start.code, start.name, start.position, start.state), Spot("site", "site", site)
    plain = Question(first, last, Carrier(paced, start.state), (), (), 0, most_states, STOP_H, {})
    straight = journeys(plain, hops)
    reach = {each.id: _reach_km(each) for each in (kind, *(relay.kind for relay in relays))}
    most = _most_stops(extra, kind, straight, reach[kind.id])
    known = every_airport(brought=extra.runways)
    looked, chained = None, straight
    if most > 0:
        if kind.cruise_kmh is None:
            raise InvalidInput("its speed is not known", where="--asset", expected="for stops: a type with a speed")
        spots, count = _spots(extra, relays, known, (start.position, site), (kind, reach, most))
        ends = frozenset(each.id for each in (kind, *(r.kind for r in relays)) if each.kind in SETS_DOWN)
        asked = replace(
            plain, relays=relays, stops=spots, most_stops=most, reach_km=reach, ends=ends if relays else frozenset()
        )
        chained = journeys(asked, hops)
        looked = Looked(most, tuple(spot.id for spot in spots), count, chained)
    shown = [_shown(each, kind, reach) for each in _both(chained.found, straight.found, reach)]
    return Ways(
        base=(start.code, start.name, start.state),
        site=site,
        site_states=tuple(sorted(states_at(site))),
        asset=kind,
        free=start.state,
        direct_km=distance_m(start.position, site) / 1000.0,
        range_km=reach[kind.id],
        front=hops.fronts.get((first.id, "site", kind.id, start.state)),
        complete=all(front.complete for front in hops.fronts.values()) and chained.complete,
        ways=tuple(shown),
        closed=hops.closed,
        looked=looked,
        nearest=_nearest(known, site),
        notes=_notes(kind, relays, wind, looked),
    )


_PACE = Figure(100.0, Cite((), "assumed", "only orders ways of a type whose speed is not known"))


def _reach_km(kind: AssetType) -> float | None:
    far = range_km(kind)
    if far is None or kind.kind == "ship":
        return far
    return far - (RESERVE_H * kind.cruise_kmh.value if kind.cruise_kmh is not None else 0.0)


def _most_stops(extra: Extra, kind: AssetType, straight: Journeys, reach: float | None) -> int:
    if extra.stops is not None:
        if not 0 <= extra.stops <= 6:
            raise InvalidInput("not a number of stops", where="--stops", expected="0 to 6", got=str(extra.stops))
        if extra.stops == 0 and (extra.via or extra.relays):
            raise InvalidInput("no stop to be made", where="--stops", expected="with --via or --relay 1 to 6", got="0")
        return extra.stops
    if extra.relays:
        return 1
    if extra.via:
        return AUTO_STOPS
    within = reach is None or any(leg.hop.spent_km <= reach for each in straight.found for leg in each.legs)
    return 0 if within or kind.kind == "ship" or kind.cruise_kmh is None else AUTO_STOPS


def _spots(
    extra: Extra,
    relays: Sequence[Carrier],
    known: Sequence[tuple[Airport, bool]],
    ends: tuple[LonLat, LonLat],
    craft: tuple[AssetType, dict[str, float | None], int],
) -> tuple[tuple[Spot, ...], int]:
    """The airports looked at: those named, or ours, with the places of the relays; and how many lie in reach."""
    kind, reach, most = craft
    kinds = (kind, *(relay.kind for relay in relays))
    named = [airport_at(code, "--via", extra.runways) for code in extra.via]
    named += [airport_at(relay.at, "--relay", extra.runways) for relay in relays if relay.at]
    spots, count = tuple(spot_at(each, kinds) for each in named), len(named)
    if not extra.via and not (relays and most == 1 and all(relay.at for relay in relays)):
        filling = max(km if km is not None else 20_000.0 for km in reach.values())
        found, count = stopovers(known, ends, kinds, filling_km=filling, stops=most)
        spots += tuple(spot for spot in found if spot.id not in {each.id for each in spots})
    return spots, max(count, len(spots))


def _both(chained: tuple[Journey, ...], straight: tuple[Journey, ...], reach: dict[str, float | None]) -> list[Journey]:
    """Journeys within range, then the straight ones beyond it."""
    within = [each for each in chained if _within(each, reach) is not False]
    return [*within, *(each for each in straight if _within(each, reach) is False)]


def _within(journey: Journey, reach: dict[str, float | None]) -> bool | None:
    known = [(leg.hop.spent_km, reach[leg.carrier]) for leg in journey.legs]
    if any(far is not None and spent > far for spent, far in known):
        return False
    return None if any(far is None for _, far in known) else True


def _shown(journey: Journey, kind: AssetType, reach: dict[str, float | None]) -> ShownWay:
    paced = kind.cruise_kmh is not None
    states = tuple(sorted({leave.state for leave in journey.leaves}))
    stops = [STOP_H for leg in journey.legs if leg.stop]
    whole = _added([*(leg.hop.hours for leg in journey.legs), *stops])
    last = journey.legs[-1]
    far = reach[last.carrier]
    return ShownWay(
        needs=states,
        names=tuple(map(_name, states)),
        lands=tuple(sorted({_name(leave.state) for leave in journey.leaves if leave.kind == "landing"})),
        leaves=tuple(sorted(journey.leaves)),
        distance_km=sum(leg.hop.distance_km for leg in journey.legs),
        hours=whole if paced else None,
        in_range=_within(journey, reach),
        left_km=None if far is None else far - last.hop.spent_km,
        legs=tuple(_shown_leg(leg, paced=paced) for leg in journey.legs),
        path=tuple(point for leg in journey.legs for point in leg.hop.path),
    )


def _name(code: str) -> str:
    return name_of(code) if code in codes() else code


def _shown_leg(leg: JourneyLeg, *, paced: bool) -> ShownLeg:
    runway = ""
    if leg.stop:
        runway = "unknown" if leg.carrier in leg.end.unsure else "ok"
    return ShownLeg(
        start=leg.start.id,
        end=leg.end.id,
        end_name=leg.end.name,
        mode=leg.mode,
        carrier=leg.carrier,
        provider=leg.provider,
        distance_km=leg.hop.distance_km,
        hours=_added([leg.hop.hours]) if paced else None,
        needs=tuple(sorted({leave.state for leave in leg.leaves})),
        stop=leg.stop,
        runway=runway,
        path=leg.hop.path,
    )


def _added(spreads: Sequence[Spread]) -> tuple[float, float, float]:
    """Quantiles added: the wind is taken to blow the same way on all legs."""
    return (sum(s.p10 for s in spreads), sum(s.p50 for s in spreads), sum(s.p90 for s in spreads))


def _nearest(known: Sequence[tuple[Airport, bool]], site: LonLat) -> tuple[str, str, float]:
    lon = np.array([each.position[0] for each, _ in known])
    lat = np.array([each.position[1] for each, _ in known])
    away = haversine_m(site[0], site[1], lon, lat)
    index = int(np.argmin(away))
    return known[index][0].code, known[index][0].name, float(away[index]) / 1000.0


def _notes(kind: AssetType, relays: Sequence[Carrier], wind: Wind | None, looked: Looked | None) -> tuple[str, ...]:
    notes = ["the asset is taken to belong to the state of its base"]
    ships = kind.kind == "ship" or any(relay.kind.kind == "ship" for relay in relays)
    if looked is None:
        notes.append("range is one way, without refuelling; the way back and fuel on scene are not looked at")
    else:
        notes.append(
            f"a stop takes {STOP_H.p50 * 60:.0f} min ({STOP_H.p10 * 60:.0f}-{STOP_H.p90 * 60:.0f}), our assumption; "
            "fuel at the airports is not known; the way back and fuel on scene are not looked at"
        )
    if relays:
        notes.append("with a relay, only helicopters and ships go on to the site; aeroplanes hand over before it")
        notes.append(
            "a carrier that takes over is taken to wait at the airport, and its own coming there is not looked at"
        )
    if wind is not None:
        notes.append("the wind is the same everywhere and at all times; ships are not slowed by it")
    if ships:
        notes.append(
            "a ship needs leave for every territorial sea but its own, as if there were no right of passage or of "
            "entry for rescue; canals are closed; depth, ice, berths and the road to the port are not looked at"
        )
    notes.append("terrain, weather and runways at the base are not looked at")
    return tuple(notes)


@dataclass(frozen=True, slots=True, eq=False)
class Proof:
    """
    What is claimed of the straight flights of an answer.

    Args:
        route: The fewest permissions on the lattice's arcs, and the cuts that prove it. Its lengths are those of the
            arcs: a way that is within the limit only when pulled straight is none of this part.

        flight: The minimal sets on the borders themselves, and why no other is one.
    """

    route: RouteCertificate
    flight: FlightCertificate


def proof(answer: Ways, *, all_states: bool = False) -> Proof:
    """
    The certificates of the straight flights of an answer; stops, wind and ships are no part of them.

    Args:
        answer: Of `ways`.

        all_states: Whether it looked for any number of permissions.

    Raises:
        InvalidInput: The answer holds no straight flight: a ship.
    """
    if answer.front is None or answer.asset.kind == "ship":
        raise InvalidInput("no straight flight to prove", where="--certificate", expected="a type that flies")
    ends = (base_at(answer.base[0]).position, answer.site)
    most = None if all_states else MOST_STATES
    limit_m, near = around(*ends, Skies())
    name = f"{answer.base[0]} to {answer.site[0]:g},{answer.site[1]:g}"
    found = [(way.needs, way.path) for way in answer.front.ways]
    lattice, free = world(), frozenset({answer.free})
    first, last = end_at(lattice, ends[0]), end_at(lattice, ends[1])
    codes = lattice.borders.codes
    graph, old = world_graph(lattice, first, last, free=free, limit_m=limit_m)
    front = graph_front(graph, 0, 1, limit_m, most=most)
    route = of_capped(
        f"{name}, on the lattice", graph, codes, (0, 1, limit_m), front, most, places_of(lattice, first, last, old)
    )
    wider, _ = world_graph(lattice, first, last, free=free, limit_m=limit_m * max(SPARE))
    cuts = GraphCuts(wider, codes, [need for needs, _ in found for need in needs])
    return Proof(route, certify_capped(name, ends, limit_m, near, free, found, most, cuts.hints))
