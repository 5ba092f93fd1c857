"""
One function for each op: JSON in, a JSON object out (DESIGN.md section 6; examples in docs/conformance.md).

The solvers are imported inside the functions, so that an op loads what it needs and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from safeconduct.conformance.legal import law
from safeconduct.conformance.reading import (
    Document,
    array,
    base64_bytes,
    choice,
    field,
    hex_bytes,
    integer,
    mapping,
    number,
    numbers,
    text,
    whole,
)
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


def allocate(doc: Document) -> dict[str, object]:
    """The split of every resource's time over the areas that detects most."""
    from safeconduct.search import effort  # lazy: loads numpy

    poa = numbers(field(doc, "p"), "$.p")
    time = numbers(field(doc, "T"), "$.T")
    rows = array(field(doc, "w"), "$.w")
    rate = [numbers(row, f"$.w[{position}]") for position, row in enumerate(rows)]
    if len(rate) != len(poa):
        raise InvalidInput("one row for each area is needed", where="$.w", expected=f"{len(poa)}", got=f"{len(rate)}")
    for position, row in enumerate(rate):
        if len(row) != len(time):
            where = f"$.w[{position}]"
            expected = f"one number for each resource, {len(time)}"
            raise InvalidInput("a row of the wrong length", where=where, expected=expected, got=f"{len(row)}")
    try:
        found = effort.allocate(poa, rate, time)
    except InvalidInput as error:
        raise _renamed(error, poa="$.p", rate_per_h="$.w", time_h="$.T") from error
    return {"t": found.time_h.tolist(), "pos": found.pos}


def path(doc: Document) -> dict[str, object]:
    """The likeliest way for one searcher to meet a wandering target on a grid."""
    from safeconduct.search.path import Grid, best_path  # lazy: loads numpy

    size = array(field(doc, "grid"), "$.grid")
    if len(size) != 2:
        raise InvalidInput("not a grid", where="$.grid", expected="[rows, columns]", got=f"{len(size)} entries")
    rows, columns = (whole(each, f"$.grid[{position}]") for position, each in enumerate(size))
    target = whole(field(doc, "target"), "$.target")
    steps = whole(field(doc, "steps"), "$.steps")
    searcher = whole(field(doc, "searcher"), "$.searcher")
    glimpse = number(field(doc, "glimpse"), "$.glimpse")
    if not 0.0 <= glimpse <= 1.0:
        raise OutOfDomain("not a probability", where="$.glimpse", expected="a number in [0, 1]", got=str(glimpse))
    try:
        grid = Grid(rows, columns, number(field(doc, "stay"), "$.stay"))
        if not 0 <= target < rows * columns:
            expected = f"0 to {rows * columns - 1}"
            raise OutOfDomain("no such cell", where="target", expected=expected, got=str(target))
        prior = [0.0] * (rows * columns)
        prior[target] = 1.0
        plan = best_path(grid, searcher=searcher, prior=prior, glimpse=glimpse, steps=steps)
    except InvalidInput as error:
        raise _renamed(error, rows="$.grid[0]", columns="$.grid[1]") from error
    return {"p": plan.p, "path": list(plan.path)} | ({} if plan.proven else {"bound": plan.bound})


def _renamed(error: InvalidInput, **places: str) -> InvalidInput:
    """The solver names its own arguments; whoever wrote the document looks for its fields."""
    name, bracket, rest = error.where.partition("[")
    error.where = places.get(name, name) + bracket + rest
    return error


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


def canonical(data: bytes) -> dict[str, object]:
    """The bytes that a signature or a hash is made over; any JSON, read from the bytes themselves."""
    from safeconduct.exchange import canonical as rfc8785  # lazy: each op loads its own solver

    return {"hex": rfc8785.canonical(rfc8785.parse(data)).hex()}


def signature(doc: Document) -> dict[str, object]:
    """Whether an Ed25519 signature holds."""
    from safeconduct.exchange.signature import verifies  # lazy: loads cryptography, which no other op needs

    key, message, signed = (hex_bytes(field(doc, name), f"$.{name}") for name in ("public_key", "message", "signature"))
    return {"valid": verifies(key, message, signed)}


def merkle(doc: Document) -> dict[str, object]:
    """Whether an inclusion or a consistency proof holds."""
    from safeconduct.exchange.merkle import is_consistent, is_included  # lazy: each op loads its own solver

    kind = choice(field(doc, "kind"), "$.kind", "inclusion", "consistency")
    given = field(doc, "proof")
    steps = [] if given is None else array(given, "$.proof")
    proof = [base64_bytes(each, f"$.proof[{position}]") for position, each in enumerate(steps)]

    def size(name: str) -> int:
        return integer(field(doc, name), f"$.{name}")

    def hashed(name: str) -> bytes:
        return base64_bytes(field(doc, name), f"$.{name}")

    if kind == "inclusion":
        valid = is_included(size("leafIdx"), size("treeSize"), hashed("leafHash"), proof, hashed("root"))
    else:
        valid = is_consistent(size("size1"), size("size2"), hashed("root1"), hashed("root2"), proof)
    return {"valid": valid}


OPS: Mapping[str, Callable[[Document], dict[str, object]]] = MappingProxyType(
    {
        "detect": detect,
        "update": update,
        "allocate": allocate,
        "path": path,
        "sets": sets,
        "route": route,
        "law": law,
        "signature": signature,
        "merkle": merkle,
    }
)
"""Every op on a JSON object, by its name on the command line."""

BYTE_OPS: Mapping[str, Callable[[bytes], dict[str, object]]] = MappingProxyType({"canonical": canonical})
"""Every op that reads its document itself, because it may be any JSON or how it is written matters."""
