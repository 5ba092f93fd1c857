"""
One function for each op: a JSON object in, a JSON object out (DESIGN.md section 6; examples in docs/conformance.md).

The solvers are imported inside the functions, so that an op loads what it needs and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from safeconduct.conformance.reading import Document, array, choice, field, mapping, number, numbers, text
from safeconduct.model.errors import InvalidInput, OutOfDomain
from safeconduct.model.space import Airspace, LonLat, Polygon, Ring, lon_lat


def detect(doc: Document) -> dict[str, object]:
    """Probability of detection for each coverage."""
    from safeconduct.search import detection  # lazy: loads scipy.special, which no other op needs

    law = choice(field(doc, "law"), "$.law", *detection.LAWS)
    return {"pod": list(detection.detect(law, numbers(field(doc, "coverage"), "$.coverage")))}


def update(doc: Document) -> dict[str, object]:
    """Probability map after an unsuccessful search."""
    from safeconduct.search.update import after_nothing_found  # lazy: each op loads its own solver

    posterior = after_nothing_found(
        numbers(field(doc, "poa"), "$.poa"),
        number(field(doc, "outside"), "$.outside"),
        numbers(field(doc, "pod"), "$.pod"),
    )
    return {"pos": posterior.pos, "poa": list(posterior.poa), "outside": posterior.outside}


def sets(doc: Document) -> dict[str, object]:
    """Minimal sufficient and blocking sets of clearances, and what each clearance is worth."""
    # lazy: loads numpy
    from safeconduct.assessment.payoff import Combine, Payoff, payoff_families, payoff_shapley
    from safeconduct.assessment.sets import MOST_VALUE  # lazy: comes with the line above

    combine: Combine = "max" if choice(field(doc, "combine"), "$.combine", "max", "noisy-or") == "max" else "noisy-or"
    threshold = number(field(doc, "threshold"), "$.threshold")
    payoffs: list[Payoff] = []
    seen: set[str] = set()
    for position, each in enumerate(array(field(doc, "ways"), "$.ways")):
        where = f"$.ways[{position}]"
        way = mapping(each, where)
        name = text(field(way, "id", where), f"{where}.id")
        if name in seen:
            raise InvalidInput("two ways have the same id", where=f"{where}.id", got=name)
        seen.add(name)
        needs = enumerate(array(field(way, "needs", where), f"{where}.needs"))
        value = number(field(way, "value", where), f"{where}.value")
        most = 1.0 if combine == "noisy-or" else MOST_VALUE
        if not 0.0 <= value <= most:
            expected = f"a number in [0, {most:g}]"
            raise OutOfDomain("not a value", where=f"{where}.value", expected=expected, got=str(value))
        payoffs.append(Payoff(frozenset(text(need, f"{where}.needs[{i}]") for i, need in needs), value))
    families = payoff_families(payoffs, combine, threshold)
    return {
        "sufficient": sorted(sorted(each) for each in families.sufficient),
        "blocking": sorted(sorted(each) for each in families.blocking),
        "shapley": payoff_shapley(payoffs, combine),
    }


def route(doc: Document) -> dict[str, object]:
    """Every trade between distance and permissions on the way from one place to another."""
    from safeconduct.reach.route import route_front  # lazy: loads shapely and pyproj

    start = _place(field(doc, "from"), "$.from")
    end = _place(field(doc, "to"), "$.to")
    parts: dict[str, list[Polygon]] = {}
    places: dict[str, str] = {}
    for position, each in enumerate(array(field(doc, "airspace"), "$.airspace")):
        where = f"$.airspace[{position}]"
        entry = mapping(each, where)
        needs = text(field(entry, "needs", where), f"{where}.needs")
        ring = _ring(field(entry, "ring", where), f"{where}.ring")
        polygons = parts.setdefault(needs, [])
        places[f"airspace {needs} polygon {len(polygons)}"] = f"{where}.ring"
        polygons.append(Polygon(ring))
    try:
        front = route_front(start, end, [Airspace(needs, tuple(rings)) for needs, rings in parts.items()])
    except InvalidInput as error:
        # The solver names a ring by its airspace and number; whoever wrote the document looks for its path.
        error.where = next((path for name, path in places.items() if f"{error.where} ".startswith(f"{name} ")), "$")
        raise
    options = [(len(each.needs), each.distance_m, sorted(each.needs)) for each in front]
    return {"options": [{"needs": needs, "distance_km": metres / 1000.0} for _, metres, needs in sorted(options)]}


def _place(found: object, where: str) -> LonLat:
    corner = numbers(found, where)
    if len(corner) != 2:
        raise InvalidInput("not a position", where=where, expected="[lon, lat]", got=f"{len(corner)} numbers")
    return lon_lat(corner[0], corner[1], where=where)


def _ring(found: object, where: str) -> Ring:
    corners = [_place(each, f"{where}[{position}]") for position, each in enumerate(array(found, where))]
    if len(corners) > 1 and corners[0] == corners[-1]:
        corners.pop()
    if len(set(corners)) < 3:
        raise InvalidInput("not a ring", where=where, expected="three corners or more", got=f"{len(set(corners))}")
    return tuple(corners)


OPS: Mapping[str, Callable[[Document], dict[str, object]]] = MappingProxyType(
    {"detect": detect, "update": update, "sets": sets, "route": route}
)
"""Every op by its name on the command line."""
