"""A search plan as GeoJSON (RFC 7946): WGS 84, longitude first, cut at the antimeridian, rings counter-clockwise."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from safeconduct.formats.seam import cut_area, cut_line, dashes
from safeconduct.formats.searchshapes import AREA, POINT, Shape, shapes
from safeconduct.model.instants import iso
from safeconduct.search.assignments import Assignment
from safeconduct.search.planned import Planned

PLACES = 7
"""Decimals of a degree: about a centimetre, as RFC 7946 advises no more."""

Json = dict[str, Any]


def geojson(planned: Planned, assigned: Sequence[Assignment]) -> str:
    """One feature collection; what is not granted is a set of dashes, never a line or an area."""
    made = [_feature(shape) for shape in shapes(planned, assigned)]
    document: Json = {
        "type": "FeatureCollection",
        "features": made,
        "safeconduct": {
            "case": planned.case.id,
            "kind": planned.case.kind,
            "as_of": iso(planned.plan.at),
            "what_if": list(planned.what_if),
            "never": planned.plan.never,
            "datum": "WGS 84",
        },
    }
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _feature(shape: Shape) -> Json:
    facts: Json = {"name": shape.name, "description": shape.says, "group": shape.group, **dict(shape.facts)}
    if shape.span is not None:
        facts |= {"from": iso(shape.span[0]), "until": iso(shape.span[1])}
    if shape.broken:
        facts |= {"broken": True, "stroke": "#b00020", "stroke-dasharray": "6 6"}
    return {"type": "Feature", "properties": facts, "geometry": _geometry(shape)}


def _geometry(shape: Shape) -> Json:
    if shape.kind == POINT:
        return {"type": "Point", "coordinates": _place(shape.points[0])}
    if shape.broken:
        return {"type": "MultiLineString", "coordinates": [_line(part) for part in dashes(shape.points)]}
    if shape.kind == AREA:
        parts = [[_line(part)] for part in cut_area(shape.points)]
        return {"type": "Polygon", "coordinates": parts[0]} if len(parts) == 1 else _many("MultiPolygon", parts)
    lines = [_line(part) for part in cut_line(shape.points)]
    return {"type": "LineString", "coordinates": lines[0]} if len(lines) == 1 else _many("MultiLineString", lines)


def _many(kind: str, parts: list[Any]) -> Json:
    return {"type": kind, "coordinates": parts}


def _line(points: Sequence[tuple[float, float]]) -> list[list[float]]:
    return [_place(point) for point in points]


def _place(point: tuple[float, float]) -> list[float]:
    return [round(point[0], PLACES), round(point[1], PLACES)]
