"""Write a search plan out: tracks, maps and briefing sheets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from safeconduct.earth.terrain import Terrain
from safeconduct.formats.geojson import geojson
from safeconduct.formats.gpx import gpx
from safeconduct.formats.kml import kml
from safeconduct.formats.terrain import open_terrain
from safeconduct.model.errors import Unavailable
from safeconduct.report.briefing import briefing_lines
from safeconduct.report.briefingpage import sheets
from safeconduct.search.assignments import Assignment, assignments
from safeconduct.search.planned import Planned
from safeconduct.search.wanted import Wanted

MARGIN_DEG = 0.05
"""Terrain beyond the sectors."""


@dataclass(frozen=True, slots=True)
class Files:
    """
    What was written.

    Args:
        barred: Crews without a track file, each with the reason.
    """

    written: tuple[Path, ...]
    barred: tuple[tuple[str, str], ...]


def write_files(planned: Planned, wanted: Wanted) -> Files:
    """
    Write what is wanted; folders are made.

    Raises:
        InvalidInput: No such pattern, or a terrain file is wrong.
        Unavailable: A file cannot be written.
    """
    assigned = assignments(planned, terrain=_terrain(planned), pattern=wanted.pattern)
    crews: dict[str, list[Assignment]] = {}
    for each in assigned:
        crews.setdefault(each.resource.id, []).append(each)
    written: list[Path] = []
    barred: list[tuple[str, str]] = []
    for crew, own in crews.items():
        name = slug(crew)
        if wanted.gpx is not None:
            if any(each.flyable and each.tasks for each in own):
                written.append(_put(wanted.gpx / f"{name}.gpx", gpx(planned, own)))
            if not all(each.flyable for each in own):
                barred.append((crew, _reason(planned, own)))
        if wanted.forms is not None:
            page = sheets(planned, own, assigned)
            written.append(_put(wanted.forms / f"{name}.html", page.encode()))
            lines = "\n".join(briefing_lines(planned, own))
            written.append(_put(wanted.forms / f"{name}.txt", f"{lines.rstrip()}\n".encode()))
    if wanted.kml is not None:
        written.append(_put(wanted.kml, kml(planned, assigned)))
    if wanted.geojson is not None:
        written.append(_put(wanted.geojson, geojson(planned, assigned).encode()))
    return Files(tuple(written), tuple(barred))


def _reason(planned: Planned, own: Sequence[Assignment]) -> str:
    if planned.what_if:
        return "a what-if: no track is written"
    missing = own[0].resource.missing
    return f"not cleared: {', '.join(missing)}" if missing else "a clearance does not cover the whole sortie"


def slug(name: str) -> str:
    """
    A file name for a crew.

    >>> slug("../A b")
    'A-b'
    """
    return re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-") or "crew"


def _terrain(planned: Planned) -> Terrain | None:
    """The user's terrain over the sectors alone; None where none was brought or nothing is to be searched."""
    places = [p for s in planned.plan.sectors for p in s.ring]
    if not planned.options.terrain or not places:
        return None
    lons, lats = [p[0] for p in places], [p[1] for p in places]
    box = (
        max(-180.0, min(lons) - MARGIN_DEG),
        max(-90.0, min(lats) - MARGIN_DEG),
        min(180.0, max(lons) + MARGIN_DEG),
        min(90.0, max(lats) + MARGIN_DEG),
    )
    return open_terrain(planned.options.terrain, box=box)


def _put(path: Path, data: bytes) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as fault:
        raise Unavailable("cannot write", where=str(path), expected="a place to write", got=str(fault)) from None
    return path
