"""Reading sweep widths: tables as their standards print them, turned into metres and kilometres."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from safeconduct.formats.fields import (
    Context,
    Reader,
    between,
    choice,
    closed,
    identifier,
    many,
    refuse,
    text,
    whole,
    words,
)
from safeconduct.formats.yamltree import Node, read_tree
from safeconduct.model.errors import Corrupt, InvalidInput
from safeconduct.model.sources import GRADES, Cite
from safeconduct.search.sweep import SweepStandard, SweepTable

KM = {"km": 1.0, "NM": 1.852, "mi": 1.609344}
METRES = {"m": 1.0, "ft": 0.3048}

_AXIS: Reader[Any] = many(between(0.0, 100_000.0, above=True), least=1)


def _cover(node: Node, ctx: Context) -> Mapping[str, float]:
    if not isinstance(node.value, dict):
        refuse(node, "wrong kind of value", expected="a mapping from cover to factor")
    factor = between(0.0, 1.0, above=True)
    return MappingProxyType({key: factor(below, ctx) for key, below in node.value.items()})


_TABLE: Mapping[str, Reader[Any]] = {
    "object": identifier,
    "heights": _AXIS,
    "widths": many(_AXIS, least=1),
    "cover": _cover,
    "note": text,
}

_STANDARD: Mapping[str, Reader[Any]] = {
    "id": identifier,
    "edition": words,
    "width_unit": choice(KM),
    "height_unit": choice(METRES),
    "visibility_unit": choice(KM),
    "heights": _AXIS,
    "visibilities": _AXIS,
    "objects": many(lambda node, _ctx: node, least=1),
    "sources": many(identifier, least=1),
    "grade": choice(GRADES),
    "note": text,
}


@cache
def sweep_standards() -> Mapping[str, SweepStandard]:
    """
    The shipped standards by id, read once.

    Raises:
        Corrupt: The packaged data are not what was written.
    """
    data = files("safeconduct").joinpath("data", "sweep_widths.yaml")
    try:
        return read_sweep_widths(read_tree(data.read_bytes(), name="sweep_widths.yaml"))
    except InvalidInput as error:
        raise Corrupt(error.message, where=error.where, expected=error.expected, got=error.got) from error


def read_sweep_widths(root: Node) -> Mapping[str, SweepStandard]:
    """
    Read a file of sweep widths.

    Raises:
        InvalidInput: The first fault; a row that does not fit its axes and an axis that does not rise are faults.
    """
    ctx = Context()
    readers: Mapping[str, Reader[Any]] = {"format": whole(1, 1), "standards": many(_standard, least=1)}
    values = closed(root, ctx, readers, ("format", "standards"))
    found: dict[str, SweepStandard] = {}
    for standard in values["standards"]:
        if standard.id in found:
            refuse(root, "the same standard twice", expected="each id once", got=standard.id)
        found[standard.id] = standard
    return MappingProxyType(found)


def _standard(node: Node, ctx: Context) -> SweepStandard:
    values = closed(node, ctx, _STANDARD, tuple(key for key in _STANDARD if key != "note"))
    objects: dict[str, SweepTable] = {}
    for below in values["objects"]:
        name, table = _table(below, ctx, node, values)
        if name in objects:
            refuse(below, "the same object twice", expected="each object once", got=name)
        objects[name] = table
    return SweepStandard(values["id"], values["edition"], MappingProxyType(objects))


def _table(node: Node, ctx: Context, parent: Node, standard: Mapping[str, Any]) -> tuple[str, SweepTable]:
    values = closed(node, ctx, _TABLE, ("object", "widths", "cover"))
    heights = values.get("heights", standard["heights"])
    visibilities = standard["visibilities"]
    for axis, of, key in ((heights, node if "heights" in values else parent, "heights"), (visibilities, parent, "")):
        if any(after <= before for before, after in pairwise(axis)):
            refuse(of.get(key or "visibilities") or of, "an axis does not rise", expected="smallest first, each once")
    rows = values["widths"]
    if len(rows) != len(heights) or any(len(row) != len(visibilities) for row in rows):
        expected = f"{len(heights)} rows of {len(visibilities)}, heights by visibilities"
        refuse(node.get("widths") or node, "a table that does not fit its axes", expected=expected)
    width, height, far = KM[standard["width_unit"]], METRES[standard["height_unit"]], KM[standard["visibility_unit"]]
    notes = " ".join(part.strip() for part in (standard.get("note", ""), values.get("note", "")) if part)
    table = SweepTable(
        height_m=tuple(each * height for each in heights),
        visibility_km=tuple(each * far for each in visibilities),
        width_km=tuple(tuple(each * width for each in row) for row in rows),
        cover=values["cover"],
        cite=Cite(tuple(standard["sources"]), standard["grade"], notes),
    )
    return values["object"], table
