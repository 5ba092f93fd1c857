"""A search plan as KML 2.2 (OGC 07-147r2), one folder for each group of things."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from safeconduct.formats.seam import cut_area, cut_line, dashes
from safeconduct.formats.searchshapes import AREA, POINT, Shape, shapes
from safeconduct.formats.xmltext import clean
from safeconduct.model.instants import iso
from safeconduct.search.assignments import Assignment
from safeconduct.search.planned import Planned

NAMESPACE = "http://www.opengis.net/kml/2.2"

STYLES = {
    "plain": ("ff7a3c00", 2, "26ff9a3c"),
    "broken": ("ff2000b0", 3, "00000000"),
}
"""Line colour (aabbggrr), width, fill."""


def kml(planned: Planned, assigned: Sequence[Assignment]) -> bytes:
    """One document; what is not granted is a set of dashes, never a line or an area."""
    from lxml import etree  # lazy: only written files need it

    root = etree.Element(f"{{{NAMESPACE}}}kml", nsmap={None: NAMESPACE})
    document = _child(root, "Document")
    marks = (["EXERCISE"] if planned.exercise else []) + [f"WHAT-IF {each}" for each in planned.what_if]
    _child(document, "name", "; ".join([*marks, f"Search plan: {planned.case.title}"]))
    _child(document, "open", "1")
    _child(document, "description", f"As known at {iso(planned.plan.at)}. {planned.plan.never}")
    for name, (colour, width, fill) in STYLES.items():
        style = _child(document, "Style")
        style.set("id", name)
        line = _child(style, "LineStyle")
        _child(line, "color", colour)
        _child(line, "width", str(width))
        _child(_child(style, "PolyStyle"), "color", fill)
    ordered = sorted(shapes(planned, assigned), key=lambda shape: shape.group)
    for group, members in groupby(ordered, key=lambda shape: shape.group):
        folder = _child(document, "Folder")
        _child(folder, "name", group)
        for shape in members:
            _placemark(folder, shape)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _child(parent: Any, tag: str, text: str | None = None) -> Any:
    from lxml import etree  # lazy: as above

    made = etree.SubElement(parent, f"{{{NAMESPACE}}}{tag}")
    if text is not None:
        made.text = clean(text)
    return made


def _placemark(folder: Any, shape: Shape) -> None:
    mark = _child(folder, "Placemark")
    _child(mark, "name", shape.name)
    _child(mark, "description", shape.says)
    if shape.span is not None:
        span = _child(mark, "TimeSpan")
        _child(span, "begin", iso(shape.span[0]))
        _child(span, "end", iso(shape.span[1]))
    _child(mark, "styleUrl", "#broken" if shape.broken else "#plain")
    extended = _child(mark, "ExtendedData")
    for name, value in shape.facts:
        data = _child(extended, "Data")
        data.set("name", name)
        _child(data, "value", "" if value is None else str(value))
    if shape.kind == POINT:
        _child(_child(mark, "Point"), "coordinates", _places(shape.points))
        return
    if shape.kind == AREA and not shape.broken:
        parts = cut_area(shape.points)
        inside = mark if len(parts) == 1 else _child(mark, "MultiGeometry")
        for part in parts:
            outer = _child(_child(_child(inside, "Polygon"), "outerBoundaryIs"), "LinearRing")
            _child(outer, "coordinates", _places(part))
        return
    lines = dashes(shape.points) if shape.broken else cut_line(shape.points)
    inside = mark if len(lines) == 1 else _child(mark, "MultiGeometry")
    for line in lines:
        _child(_child(inside, "LineString"), "coordinates", _places(line))


def _places(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{lon:.7f},{lat:.7f}" for lon, lat in points)
