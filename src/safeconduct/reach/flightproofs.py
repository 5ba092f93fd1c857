"""The certificates of every flight that the ways of an asset may be made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from safeconduct.model.assets import Asset
from safeconduct.model.space import Airspace, LonLat
from safeconduct.reach.capped import Hints, certify_capped
from safeconduct.reach.exclusions import SPARE, GraphCuts
from safeconduct.reach.flights import FlightCertificate, certify_flight
from safeconduct.reach.plans import AIR, MOST_STATES, Ground, around

SHORTER = 0.995
"""A set of permissions is held to buy no flight shorter than this share of its own: lengths are right to 0.5 %."""


def flights_of(asset: Asset, ground: Ground) -> tuple[FlightCertificate, ...]:
    """
    The certificates of every flight that a way of *asset* may be made of: from its base and stops to its stops and,
    but for aircraft that set their people down, to the site. None for what does not fly or has no known base.
    """
    base = ground.base(asset.base)
    if asset.type is None or asset.type.kind not in AIR or base is None:
        return ()
    stops = [each for name in asset.via if (each := ground.base(name)) is not None]
    goals = [(stop.name, stop.position) for stop in stops]
    if not (asset.persons > 0 and asset.type.kind == "fixed-wing"):
        goals.append(("site", ground.site))
    return tuple(
        flight
        for start in (base, *stops)
        for goal, position in goals
        if position != start.position
        for flight in _levels(f"{asset.id}: {start.name} to {goal}", (start.position, position), asset.provider, ground)
    )


def _levels(name: str, ends: tuple[LonLat, LonLat], own: str, ground: Ground) -> Iterator[FlightCertificate]:
    """
    Up to the limit of the search, and up to just under each flight that a smaller set of permissions makes longer.

    Lengths on the lattice are not right to 0.5 %, and sets may be missing there: of such flights no more is claimed
    than up to the limit, and what is not proved is undecided.
    """
    limit_m, near = around(*ends, ground.skies)
    found = ground.flights.between(*ends, own)
    ways = [(option.needs, option.path) for option in found]
    if any(option.coarse for option in found):
        graph, names = ground.flights.graph(*ends, own, limit_m * max(SPARE))
        cuts = GraphCuts(graph, names, [need for needs, _ in ways for need in needs])
        yield certify_capped(name, ends, limit_m, near, frozenset({own}), ways, MOST_STATES, cuts.hints)
        return
    levels = [SHORTER * option.distance_m for option in found[1:]]
    for level in [*(each for each in levels if each >= found[0].distance_m), limit_m]:
        within = [(option.needs, option.path) for option in found if option.distance_m <= level]
        whole = certify_flight(name, ends, level, near, frozenset({own}), within)
        if whole is None or not whole.proved:
            hints = _others(near, own)
            whole = certify_capped(name, ends, level, near, frozenset({own}), within, MOST_STATES, hints)
        yield whole


def _others(near: Sequence[Airspace], own: str) -> Hints:
    """All other airspaces together: if these are no cut, nothing is."""
    everything = frozenset(each.needs for each in near) - {own}
    return lambda chosen, _: [everything - chosen]
