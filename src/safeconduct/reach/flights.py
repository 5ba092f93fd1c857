"""Certificates of flights between two places: what sets of permissions open one, and why no other does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import TypeAlias

import numpy as np

from safeconduct.model.space import Airspace, LonLat, Polygon, Ring
from safeconduct.reach.barriers import HOP_M, barrier
from safeconduct.reach.crossings import path_length_m
from safeconduct.reach.detours import walls
from safeconduct.reach.plane import Floats, cross, unit_vectors
from safeconduct.reach.proof import hitting_sets
from safeconduct.reach.route import SEAL_M

Line: TypeAlias = tuple[LonLat, ...]
Walls: TypeAlias = tuple[Line, ...]

MOST_CUTS = 200
"""With more minimal cuts than this, barriers are looked for to so many only, the smallest first."""

MOST_DETOURS = 20
"""For so many cuts without a barrier walls are looked for: a tenth of a second each."""


@dataclass(frozen=True, slots=True)
class FlightCertificate:
    """
    What is claimed of the flights from one place to another.

    Args:
        name: For people.

        start: (lon, lat).

        end: (lon, lat).

        limit_m: Longest flight of interest.

        free: Airspaces that are open to it anyway; no claim is made of them.

        near: The other airspaces that a flight within the limit may meet.

        opens: (needs, path): minimal sets, each with a flight that needs no others; without a path it is the solver's
            word.

        cuts: (airspaces, line): minimal sets that hit all of *opens*. The line is a `barrier`; empty where an end lies
            in one of them; None where none was found.

        detours: (airspaces, lines) for cuts without a line: the lines are `walls`. Where there are none either, it is
            the solver's word that each flight needs one of these airspaces.

        most: Cap on the sets of which the next is said; None: any size.

        undecided: None: the families are each other's dual, and no other set of any size opens. Else every cut is
            proved, and no other set of at most *most* airspaces opens, but perhaps some that contain one of these: the
            search found no flight for them, and no proof that there is none was found.
    """

    name: str
    start: LonLat
    end: LonLat
    limit_m: float
    free: frozenset[str]
    near: tuple[Airspace, ...]
    opens: tuple[tuple[frozenset[str], tuple[LonLat, ...] | None], ...]
    cuts: tuple[tuple[frozenset[str], tuple[LonLat, ...] | None], ...]
    detours: tuple[tuple[frozenset[str], tuple[tuple[LonLat, ...], ...]], ...] = ()
    most: int | None = None
    undecided: tuple[frozenset[str], ...] | None = None

    @property
    def proved(self) -> bool:
        """Whether each cut has a line or walls."""
        walled = {cut for cut, _ in self.detours}
        return all(line is not None or cut in walled for cut, line in self.cuts)


def certify_flight(  # noqa: PLR0917
    name: str,
    ends: tuple[LonLat, LonLat],
    limit_m: float,
    near: Sequence[Airspace],
    free: frozenset[str],
    ways: Sequence[tuple[frozenset[str], tuple[LonLat, ...]]],
) -> FlightCertificate | None:
    """
    The certificate of the *ways* found: all their minimal sets of needs, and what proves each minimal cut.

    Args:
        name: For people.

        ends: (lon, lat) of start and end.

        limit_m: Longest flight of interest.

        near: Airspaces that a flight within the limit may meet.

        free: Those that are open anyway.

        ways: (needs, path) of each flight found; none at all is a claim too.

    Returns:
        None where there are more cuts than can be listed.
    """
    told = told_of(name, ends, limit_m, near, free, ways)
    cuts, around = dual_of(told), over_ends(told)
    if cuts is None:
        return None
    lines = [line_of(cut, ends, limit_m, told.near, around) if i < MOST_CUTS else None for i, cut in enumerate(cuts)]
    bare = [cut for cut, line in zip(cuts[:MOST_CUTS], lines, strict=False) if line is None][:MOST_DETOURS]
    found = [(cut, walls_of(cut, ends, limit_m, told.near)) for cut in bare]
    detours = tuple((cut, lines) for cut, lines in found if lines is not None)
    return replace(told, cuts=tuple(zip(cuts, lines, strict=True)), detours=detours)


def told_of(  # noqa: PLR0917
    name: str,
    ends: tuple[LonLat, LonLat],
    limit_m: float,
    near: Sequence[Airspace],
    free: frozenset[str],
    ways: Sequence[tuple[frozenset[str], tuple[LonLat, ...]]],
) -> FlightCertificate:
    """The certificate without its cuts."""
    closed = tuple(each for each in near if each.needs not in free)
    paths: dict[frozenset[str], tuple[LonLat, ...]] = {}
    for needs, path in ways:
        paths.setdefault(needs, path)
    opens = [each for each in paths if not any(other < each for other in paths)]
    rows = tuple((each, _true(paths[each], each, limit_m, closed)) for each in opens)
    return FlightCertificate(name, *ends, limit_m, free, closed, rows, ())


def dual_of(told: FlightCertificate) -> list[frozenset[str]] | None:
    """The minimal sets that hit all that open; None where there are too many."""
    opens = [each for each, _ in told.opens]
    numbers = {code: place for place, code in enumerate(sorted(frozenset[str]().union(*opens)))}
    names = list(numbers)
    found = hitting_sets([frozenset(numbers[c] for c in s) for s in opens])
    return None if found is None else [frozenset(names[i] for i in cut) for cut in found]


def over_ends(told: FlightCertificate) -> dict[LonLat, frozenset[str]]:
    """The airspaces that each end lies in."""
    return {place: _over(place, told.near) for place in (told.start, told.end)}


def document(certificate: FlightCertificate) -> dict[str, object]:
    """As plain values for JSON, its airspaces by code only."""

    def rows(claims: Sequence[tuple[frozenset[str], tuple[LonLat, ...] | None]]) -> list[dict[str, object]]:
        return [
            {"needs": sorted(each), "line": None if line is None else [list(point) for point in line]}
            for each, line in claims
        ]

    left = certificate.undecided
    capped = {} if left is None else {"most": certificate.most, "undecided": [sorted(each) for each in left]}
    return {
        "name": certificate.name,
        "from": list(certificate.start),
        "to": list(certificate.end),
        "limit_m": certificate.limit_m,
        "free": sorted(certificate.free),
        "near": sorted(each.needs for each in certificate.near),
        "opens": rows(certificate.opens),
        "cuts": rows(certificate.cuts),
        **capped,
    }


def detour_documents(certificate: FlightCertificate) -> list[dict[str, object]]:
    """Its walls as plain values for JSON."""
    return [
        {
            "from": list(certificate.start),
            "to": list(certificate.end),
            "limit_m": certificate.limit_m,
            "needs": sorted(cut),
            "walls": [[list(point) for point in line] for line in lines],
        }
        for cut, lines in certificate.detours
    ]


def rings_of(certificates: Sequence[FlightCertificate]) -> dict[str, list[list[list[float]]]]:
    """
    All rings of each airspace that some certificate has near, shells and holes alike, the first corner repeated.
    """
    polygons: dict[str, dict[Polygon, None]] = {}
    for certificate in certificates:
        for airspace in certificate.near:
            polygons.setdefault(airspace.needs, {}).update(dict.fromkeys(airspace.polygons))
    return {
        code: [[list(point) for point in (*ring, ring[0])] for polygon in each for ring in _all_rings(polygon)]
        for code, each in sorted(polygons.items())
    }


def _all_rings(polygon: Polygon) -> tuple[Ring, ...]:
    return (polygon.shell, *polygon.holes)


def _over(place: LonLat, airspaces: Sequence[Airspace]) -> frozenset[str]:
    return frozenset(each.needs for each in airspaces if _inside(place, each))


def _true(
    path: tuple[LonLat, ...], needs: frozenset[str], limit_m: float, closed: Sequence[Airspace]
) -> tuple[LonLat, ...] | None:
    """The path, if its great circles keep out of all airspaces that it does not need; else None."""
    for each in closed:
        if each.needs not in needs and (_inside(path[0], each) or any(_meets(*leg, each) for leg in pairwise(path))):
            return None
    return path if path_length_m(path) <= limit_m else None


def line_of(
    cut: frozenset[str],
    ends: tuple[LonLat, LonLat],
    limit_m: float,
    closed: Sequence[Airspace],
    around: dict[LonLat, frozenset[str]],
) -> tuple[LonLat, ...] | None:
    if any(around[place] & cut for place in ends):
        return ()
    if not cut:
        return None
    chosen = [each for each in closed if each.needs in cut]
    line = barrier(ends, limit_m, chosen, SEAL_M)
    if line is None or not all(_kept(*link, chosen) for link in pairwise(line)):
        return None
    return line


def walls_of(
    cut: frozenset[str], ends: tuple[LonLat, LonLat], limit_m: float, closed: Sequence[Airspace]
) -> tuple[tuple[LonLat, ...], ...] | None:
    if not cut:
        return None
    chosen = [each for each in closed if each.needs in cut]
    lines = walls(ends, limit_m, chosen, SEAL_M)
    if lines is None or not all(_kept(*link, chosen) for line in lines for link in pairwise(line)):
        return None
    return lines


def _kept(begin: LonLat, end: LonLat, airspaces: Sequence[Airspace]) -> bool:
    """Whether a link of a barrier lies in one airspace or is a hop from within one to within one."""
    if path_length_m((begin, end)) <= HOP_M and _over(begin, airspaces) and _over(end, airspaces):
        return True
    return any(_inside(begin, each) and not _meets(begin, end, each) for each in airspaces)


def _inside(place: LonLat, airspace: Airspace) -> bool:
    """Even-odd over all rings, looked at from the place opposite to each ring's first corner."""
    count = 0
    for ring in _rings(airspace):
        count += _met(unit_vectors([place])[0], -ring[0], ring)
    return count % 2 == 1


def _meets(begin: LonLat, end: LonLat, airspace: Airspace) -> bool:
    here, there = unit_vectors([begin, end])
    return any(_met(here, there, ring) for ring in _rings(airspace))


@lru_cache(maxsize=512)
def _rings(airspace: Airspace) -> list[Floats]:
    return [unit_vectors((*ring, ring[0])) for polygon in airspace.polygons for ring in _all_rings(polygon)]


def _met(begin: Floats, end: Floats, ring: Floats) -> int:
    """How many edges of a closed ring the great circle from *begin* to *end* crosses."""
    above = ring @ cross(begin, end) > 0.0
    places = np.flatnonzero(above[:-1] != above[1:])
    across = cross(ring[places], ring[places + 1])
    left = above[places]
    return int((((across @ end > 0.0) == left) & ((across @ begin > 0.0) != left)).sum())
