"""Flyable tracks as GPX 1.1, one file for each crew: commence points, routes by turning point, tracks with turns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from safeconduct.formats.searchshapes import named, task_says
from safeconduct.formats.xmltext import clean
from safeconduct.model.instants import iso
from safeconduct.model.space import LonLat
from safeconduct.search.assignments import Assignment
from safeconduct.search.planned import Planned

NAMESPACE = "http://www.topografix.com/GPX/1/1"


def gpx(planned: Planned, assigned: Sequence[Assignment]) -> bytes:
    """
    One crew's sorties. Assignments that are not flyable are left out, whole.

    Args:
        assigned: Of one crew.
    """
    from lxml import etree  # lazy: only written files need it

    flown = [each for each in assigned if each.flyable and each.tasks]
    root = etree.Element(f"{{{NAMESPACE}}}gpx", nsmap={None: NAMESPACE}, version="1.1", creator="Safe Conduct")
    about = _child(root, "metadata")
    crew = flown[0].resource.name if flown else ""
    marks = (["EXERCISE"] if planned.exercise else []) + [f"WHAT-IF {each}" for each in planned.what_if]
    _child(about, "name", "; ".join([*marks, f"{planned.case.title}: {crew}"]))
    _child(about, "desc", f"As known at {iso(planned.plan.at)}. Datum WGS 84. {planned.plan.never}")
    _child(about, "time", iso(planned.plan.at))
    for each in flown:
        for task in each.tasks:
            _point(root, "wpt", task.start, _name(planned, each, task.unit, "CSP"))
    for tag in ("rte", "trk"):
        for each in flown:
            for task in each.tasks:
                line = _child(root, tag)
                _child(line, "name", _name(planned, each, task.unit, "legs" if tag == "rte" else "track"))
                _child(line, "desc", task_says(each))
                if tag == "rte":
                    for number, point in enumerate(task.turning, 1):
                        _point(line, "rtept", point, f"{each.sector.id}-{number:02d}")
                else:
                    inside = _child(line, "trkseg")
                    for point in task.track:
                        _point(inside, "trkpt", point, "")
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _name(planned: Planned, each: Assignment, unit: int, what: str) -> str:
    which = f" unit {unit}" if len(each.tasks) > 1 else ""
    return named(planned, each, f"{each.sector.id}{which} {what}")


def _child(parent: Any, tag: str, text: str | None = None) -> Any:
    from lxml import etree  # lazy: as above

    made = etree.SubElement(parent, f"{{{NAMESPACE}}}{tag}")
    if text is not None:
        made.text = clean(text)
    return made


def _point(parent: Any, tag: str, place: LonLat, name: str) -> None:
    made = _child(parent, tag)
    made.set("lat", f"{place[1]:.7f}")
    made.set("lon", f"{place[0]:.7f}")
    if name:
        _child(made, "name", name)
