"""Readers of cited values: origins, figures, spreads, dated acts, positions and rings."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from safeconduct.formats.fields import (
    Context,
    Reader,
    between,
    choice,
    closed,
    identifier,
    listed,
    many,
    moment,
    near,
    number,
    refuse,
    text,
    whole,
    words,
)
from safeconduct.formats.rings import CORNERS_LIMIT, crossing
from safeconduct.formats.yamltree import Node
from safeconduct.model.errors import InvalidInput
from safeconduct.model.instants import Instant
from safeconduct.model.sources import GRADES, Cite, Dated, Figure, Spread
from safeconduct.model.space import LonLat, Ring, lon_lat

SOURCELESS = frozenset({"given", "assumed", "X", "calc"})
"""Grades that may stand without a source: invented, assumed, or derived as the note says."""

CITE: Mapping[str, Reader[Any]] = {
    "sources": many(words),
    "grade": choice(GRADES),
    "note": text,
}
"""The keys that every record may carry."""


def cited(
    node: Node, ctx: Context, readers: Mapping[str, Reader[Any]], required: tuple[str, ...] = ()
) -> tuple[dict[str, Any], Cite]:
    """
    Read a record and its origin; what it holds inherits that origin.

    Raises:
        InvalidInput: As for `closed`, or the record has no origin and inherits none.
    """
    values, origin = perhaps_cited(node, ctx, readers, required)
    if origin is None:
        refuse(node, "no origin", expected="a grade with sources, here or as the file's default_cite")
    return values, origin


def perhaps_cited(
    node: Node, ctx: Context, readers: Mapping[str, Reader[Any]], required: tuple[str, ...] = ()
) -> tuple[dict[str, Any], Cite | None]:
    """
    Read a record that needs no origin of its own, because each figure in it may have one.

    The origin is read first, for it is passed down to the other keys; a fault in it is still told in file order.

    Raises:
        InvalidInput: As for `closed`.
    """
    origin = _origin(node, ctx)
    return closed(node, ctx.under(origin), {**readers, **CITE}, required), origin


def _origin(node: Node, ctx: Context) -> Cite | None:
    """The origin that a record states, filled up from what it inherits; None where neither gives one."""
    if not isinstance(node.value, dict):
        return ctx.cite
    try:
        stated = {key: CITE[key](node.value[key], ctx) for key in CITE if node.get(key) is not None}
    except InvalidInput:
        return Cite((), "assumed")  # never used: the caller reads the same again and refuses it in file order
    sources, grade, note = stated.get("sources", ()), stated.get("grade"), stated.get("note", "")
    if grade is None:
        if sources:
            refuse(node, "sources without a grade", expected=f"a grade, one of {', '.join(GRADES)}", got="none")
        return None if ctx.cite is None else Cite(ctx.cite.sources, ctx.cite.grade, note)
    if not sources and grade not in SOURCELESS:
        sources = ctx.cite.sources if ctx.cite is not None else ()
        if not sources:
            refuse(node, "a grade without sources", expected=f"sources for the grade {grade}", got="none")
    return Cite(tuple(sources), grade, note)


def default_cite(node: Node, ctx: Context) -> Cite:
    """Read the origin that the records of a file inherit."""
    values = closed(node, ctx, CITE, ("grade",))
    sources, grade = values.get("sources", ()), values["grade"]
    if not sources and grade not in SOURCELESS:
        refuse(node, "a grade without sources", expected=f"sources for the grade {grade}", got="none")
    return Cite(sources, grade, values.get("note", ""))


def figure(low: float = -math.inf, high: float = math.inf) -> Reader[Figure]:
    """A reader of cited numbers in [low, high]."""
    readers = {"value": between(low, high) if math.isfinite(low) else number}

    def read(node: Node, ctx: Context) -> Figure:
        values, origin = cited(node, ctx, readers, ("value",))
        return Figure(values["value"], origin)

    return read


def spread(high: float = math.inf) -> Reader[Spread]:
    """
    A reader of uncertain quantities in [0, high], from three quantiles or made from one number.

    From one number the quantiles are half of it, itself, and twice it (at most *high*), and the count of cases is 1.
    """
    each = between(0.0, high)
    readers: dict[str, Reader[Any]] = {
        "p10": each,
        "p50": each,
        "p90": each,
        "one": each,
        "reference_class": text,
        "cases": whole(1),
    }

    def read(node: Node, ctx: Context) -> Spread:
        values, origin = cited(node, ctx, readers)
        about = values.get("reference_class", "")
        quantiles = [values.get(key) for key in ("p10", "p50", "p90")]
        if "one" in values:
            if any(value is not None for value in quantiles) or "cases" in values:
                refuse(node, "both one number and quantiles", expected="either 'one' or p10, p50 and p90")
            one = values["one"]
            return Spread(one / 2, one, min(2 * one, high), origin, about, 1)
        if any(value is None for value in quantiles):
            refuse(node, "quantiles are missing", expected="p10, p50 and p90, or 'one'")
        p10, p50, p90 = (float(value) for value in quantiles if value is not None)
        if not p10 <= p50 <= p90:
            refuse(node, "quantiles out of order", expected="p10 <= p50 <= p90", got=f"{p10:g}, {p50:g}, {p90:g}")
        return Spread(p10, p50, p90, origin, about, values.get("cases"))

    return read


def classed(unit: str) -> Reader[Spread | None]:
    """
    A reader of uncertain quantities that may also take them from a class of known cases: ``{class: ID}``.

    The class is fitted without the case that is read. None where no other case is left in it: then nobody knows.

    Args:
        unit: ``h``, ``km/h``, or ``lead`` for the lead time of a permission.
    """
    plain = spread()

    def read(node: Node, ctx: Context) -> Spread | None:
        if not isinstance(node.value, dict) or "class" not in node.value:
            return plain(node, ctx)
        from safeconduct.formats.durations import shipped_classes  # lazy: most cases name no class

        classes = shipped_classes(unit, ctx.case)
        name: str = closed(node, ctx, {"class": identifier}, ("class",))["class"]
        if name not in classes:
            hint = near(name, classes)
            below = node.get("class") or node
            refuse(below, "no such class of cases", expected=f"one of {', '.join(classes)}{hint}")
        return classes[name]

    return read


def known_at(node: Node, values: Mapping[str, Any], at: Instant) -> Instant:
    """
    When a thing of *at* was known; *at* itself if the record does not say.

    Raises:
        InvalidInput: It was known before it happened.
    """
    known: Instant = values.get("known_at", at)
    if known < at:
        below = node.get("known_at") or node
        refuse(below, "known before it happened", expected="known_at at or after its 'at'", got=str(below.value))
    return known


def dated(node: Node, ctx: Context) -> Dated:
    """Read an act: ``{at:, known_at:}``."""
    values, origin = cited(node, ctx, {"at": moment, "known_at": moment}, ("at",))
    return Dated(values["at"], known_at(node, values, values["at"]), origin)


def position(node: Node, ctx: Context) -> LonLat:
    """Read ``[longitude, latitude]`` in degrees."""
    if not isinstance(node.value, tuple) or len(node.value) != 2:
        refuse(node, "not a position", expected="[longitude, latitude] in degrees")
    lon, lat = node.value
    return lon_lat(number(lon, ctx), number(lat, ctx), where=node.where)


def ring(node: Node, ctx: Context) -> Ring:
    """Read the corners of a closed ring; a last corner that repeats the first is dropped."""
    corners = listed(node, ctx, position, least=3)
    if corners[0] == corners[-1]:
        corners = corners[:-1]
    if not 3 <= len(corners) <= CORNERS_LIMIT:
        refuse(node, "not a ring", expected=f"3 to {CORNERS_LIMIT} corners", got=f"{len(corners)} corners")
    found = crossing(corners)
    if found is not None:
        first, second = found
        refuse(
            node,
            "the ring meets itself",
            expected="a ring whose edges meet only at their common corners",
            got=f"the edges from corners {first} and {second}, {list(corners[first])} and {list(corners[second])}",
        )
    return corners
