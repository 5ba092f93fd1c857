"""Certificates of coloured graphs: ways that open, cuts that close, and why nothing smaller does."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from safeconduct.reach.exclusions import GraphCuts, exclusions
from safeconduct.reach.graph import ColouredGraph, colours_of
from safeconduct.reach.hitting import Fewest
from safeconduct.reach.labels import GraphFront

MOST_CUTS = 5_000
"""A front with more minimal cuts is certified set by set, without the proof that there is no other set."""

MOST_DUAL = 200
"""With more hitting sets it is not asked whether those of a capped front are cuts: some milliseconds each."""

MOST_COMPARED = 20_000_000
"""Pairs of sets compared before hitting sets are given up: some seconds."""

MOST_GROWN = 100_000
"""Nor are there ever more sets than these at a time: some ten megabytes."""


@dataclass(frozen=True, slots=True, eq=False)
class RouteCertificate:
    """
    What is claimed of the ways from one node to another, with all that a checker needs.

    Args:
        name: Of the question.

        graph: The arcs.

        names: Of the colours.

        places: (lon, lat) of the nodes, where lengths are metres on WGS 84; None for graphs without places.

        source: Node.

        target: Node.

        limit: Longest way of interest.

        opens: (set of colours, nodes of a way that needs no others).

        cuts: Sets of colours of which every way within the limit needs one.

        complete: Whether *opens* holds every minimal set: the cuts are then all minimal hitting sets of them.

        lower_bound: No set with fewer colours opens a way.
    """

    name: str
    graph: ColouredGraph
    names: tuple[str, ...]
    places: tuple[tuple[float, float], ...] | None
    source: int
    target: int
    limit: float
    opens: tuple[tuple[frozenset[int], tuple[int, ...]], ...]
    cuts: tuple[frozenset[int], ...]
    complete: bool
    lower_bound: int


def of_front(  # noqa: PLR0917
    name: str,
    graph: ColouredGraph,
    names: Sequence[str],
    question: tuple[int, int, float],
    front: GraphFront,
    places: Sequence[tuple[float, float]] | None = None,
) -> RouteCertificate:
    """The certificate of all minimal sets of a complete front; of its hitting set where that took over."""
    if front.fewest is not None:
        return of_fewest(name, graph, names, question, front.fewest, places)
    ways = {way.colours: way.path for way in front.ways}
    minimal = [each for each in ways if not any(other < each for other in ways)]
    cuts = hitting_sets(minimal, MOST_CUTS)
    return RouteCertificate(
        name, graph, tuple(names), None if places is None else tuple(places), *question,
        opens=tuple((each, ways[each]) for each in sorted(minimal, key=lambda each: (len(each), sorted(each)))),
        cuts=cuts or (), complete=cuts is not None,
        lower_bound=0 if cuts is None else min((len(each) for each in minimal), default=0),
    )  # fmt: skip


def of_capped(  # noqa: PLR0917
    name: str,
    graph: ColouredGraph,
    names: Sequence[str],
    question: tuple[int, int, float],
    front: GraphFront,
    most: int | None,
    places: Sequence[tuple[float, float]] | None = None,
) -> RouteCertificate:
    """
    The certificate of a front that was looked for among sets of at most *most* colours (None: of any number).

    The ways are from node 0 to node 1. Where all hitting sets of the ways found are cuts, there is no other set of any
    size, and it says so. Else its cuts prove that no smaller set opens a way; not that there is no other set as large,
    or larger.
    """
    if front.fewest is not None:
        return of_front(name, graph, names, question, front, places)
    ways = {way.colours: way.path for way in front.ways}
    opens = [each for each in ways if not any(other < each for other in ways)]
    number = {code: place for place, code in enumerate(names)}
    bound = min((len(each) for each in opens), default=1 + (most or 0))
    cuts = GraphCuts(graph, tuple(names))
    dual = hitting_sets(opens, MOST_CUTS if most is None else MOST_DUAL)
    if dual is not None and (
        most is None or all(cuts.closes(frozenset(names[c] for c in cut), question[2]) for cut in dual)
    ):
        return of_front(name, graph, names, question, front, places)
    found = exclusions((), bound - 1, (), lambda chosen: cuts.cut(chosen, question[2]))
    bound = min((len(each) for each in found.undecided), default=bound)
    return RouteCertificate(
        name, graph, tuple(names), None if places is None else tuple(places), *question,
        opens=tuple((each, ways[each]) for each in sorted(opens, key=lambda each: (len(each), sorted(each)))),
        cuts=tuple(frozenset(number[code] for code in cut) for cut in found.cuts),
        complete=False, lower_bound=bound,
    )  # fmt: skip


def of_fewest(  # noqa: PLR0917
    name: str,
    graph: ColouredGraph,
    names: Sequence[str],
    question: tuple[int, int, float],
    fewest: Fewest,
    places: Sequence[tuple[float, float]] | None = None,
) -> RouteCertificate:
    """The certificate of one set and of the bound that its cuts prove; the search may have proved more."""
    opens = () if fewest.colours is None else ((fewest.colours, fewest.path),)
    cuts = (frozenset[int](),) if fewest.colours is None else fewest.cuts
    return RouteCertificate(
        name, graph, tuple(names), None if places is None else tuple(places), *question, opens=opens, cuts=cuts,
        complete=fewest.colours is None, lower_bound=fewest.bound_by_cuts,
    )  # fmt: skip


def trimmed(
    graph: ColouredGraph, source: int, target: int, limit: float
) -> tuple[ColouredGraph, np.ndarray[tuple[int], np.dtype[np.intp]]]:
    """
    The part of a graph that some way within the limit may use, and the old number of each node; ends come first.
    """
    from safeconduct.reach import kernels  # lazy: compiled code, not wanted before a route is
    from safeconduct.reach.graph import from_arcs  # lazy: keeps the front door of this module small

    fields = []
    for end, way in ((source, graph), (target, graph.reverse())):
        distance = np.empty(graph.nodes)
        kernels.field(np.array([end], dtype=np.int32), np.zeros(1), way.begin, way.head, way.length, distance)
        fields.append(distance)
    kept = fields[0][graph.tail] + graph.length + fields[1][graph.head] <= limit
    inner = np.unique(np.concatenate([graph.tail[kept], graph.head[kept]]))
    old = np.concatenate([[source, target], inner[(inner != source) & (inner != target)]]).astype(np.intp)
    new = np.full(graph.nodes, -1, dtype=np.int32)
    new[old] = np.arange(len(old), dtype=np.int32)
    kinds, kind = np.unique(graph.kind[kept], return_inverse=True)
    part = from_arcs(
        len(old), new[graph.tail[kept]], new[graph.head[kept]], graph.length[kept], kind.reshape(-1),
        graph.palette[kinds] if len(kinds) else graph.palette[:1], graph.colours,
    )  # fmt: skip
    return part, old


def document(certificate: RouteCertificate) -> dict[str, object]:
    """The certificate as plain values for JSON; lengths as they are."""
    graph, names = certificate.graph, certificate.names

    def named(colours: frozenset[int]) -> list[str]:
        return sorted(names[c] for c in colours)

    arcs = zip(graph.tail.tolist(), graph.head.tolist(), graph.length.tolist(), graph.kind.tolist(), strict=True)
    return {
        "name": certificate.name,
        "metric": "units" if certificate.places is None else "wgs84-m",
        "places": None if certificate.places is None else [list(place) for place in certificate.places],
        "nodes": graph.nodes,
        "from": certificate.source,
        "to": certificate.target,
        "limit": None if math.isinf(certificate.limit) else certificate.limit,
        "needs": [named(colours_of(row)) for row in graph.palette],
        "arcs": [list(arc) for arc in arcs],
        "opens": [{"needs": named(each), "path": list(path)} for each, path in certificate.opens],
        "cuts": [named(each) for each in certificate.cuts],
        "complete": certificate.complete,
        "lower_bound": certificate.lower_bound,
    }


def hitting_sets(family: Sequence[frozenset[int]], most: int = MOST_CUTS) -> tuple[frozenset[int], ...] | None:
    """
    The minimal sets that hit every member of a family, the smallest first: Berge multiplication.

    Args:
        family: Empty, it is hit by the empty set; with an empty member, by nothing.

        most: More than these are not listed.

    Returns:
        All of them; None where there are more than *most*, or where the work or the room
            (`MOST_COMPARED`, `MOST_GROWN`) does not suffice to know.
    """
    found: set[frozenset[int]] = {frozenset()}
    compared = 0
    for member in sorted(family, key=lambda each: (len(each), sorted(each))):
        hit = {each for each in found if each & member}
        missed = found - hit
        compared += len(missed) * len(member) * len(hit)
        if compared > MOST_COMPARED or len(missed) * len(member) > MOST_GROWN:
            return None
        # Two grown sets never lie in one another: neither's base hits this member, and the bases are minimal.
        grown = {each | {item} for each in missed for item in member}
        found = hit | {each for each in grown if not any(other <= each for other in hit)}
    return tuple(sorted(found, key=lambda each: (len(each), sorted(each)))) if len(found) <= most else None
