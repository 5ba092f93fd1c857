"""The log of what was flown and walked: YAML, one record for each sortie, areas or tracks."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from safeconduct.formats.fields import (
    Context,
    Reader,
    between,
    closed,
    flag,
    identifier,
    many,
    moment,
    refuse,
    text,
    whole,
    words,
)
from safeconduct.formats.values import ring
from safeconduct.formats.yamltree import Node, read_tree_file
from safeconduct.model.instants import Instant, iso
from safeconduct.search.detection import exponential, inverse_cube
from safeconduct.search.flown import Flown
from safeconduct.search.grid import Array, SearchGrid
from safeconduct.search.kinds import within

Line: TypeAlias = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Effort:
    """
    What the log says of a sortie with a track.

    Args:
        width_km: Sweep width.

        start: When it began.

        end: When it ended.

        height_m: Of the eyes above ground; None takes the track's own heights.
    """

    width_km: float
    start: Instant
    end: Instant
    height_m: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """
    A track on the map.

    Args:
        coverage: Of each cell, shape (n,).

        warnings: What is odd about the track, and what does not count.

        lines: What to draw.

        length_km: What counts of the track.
    """

    coverage: Array
    warnings: tuple[str, ...]
    lines: tuple[Line, ...]
    length_km: float


Swept: TypeAlias = Callable[[Path, SearchGrid, Effort], Laid]
"""From a file of tracks and a grid to what was covered."""

_RECORD: Mapping[str, Reader[Any]] = {
    "id": identifier,
    "resource": words,
    "from": moment,
    "until": moment,
    "area": ring,
    "track": words,
    "gpx": words,
    "height_m": between(0.0, 10_000.0, "m"),
    "planned_coverage": between(0.0, 100.0),
    "sweep_width_km": between(0.0, 50.0, "km", above=True),
    "distance_km": between(0.0, 1e6, "km"),
    "coverage": between(0.0, 100.0),
    "pod": between(0.0, 1.0),
    "found": flag,
    "note": text,
}


def read_sorties(path: Path, grid: SearchGrid, at: Instant, swept: Swept) -> tuple[Flown, ...]:
    """
    Read a log of sorties that found nothing, and lay each over the map.

    Args:
        path: The log; tracks (GPX or CSV) are named relative to it.

        at: Sorties that ended after it are refused: they are not known yet.

        swept: Reads a track.

    Raises:
        InvalidInput: The first fault: a key that is not known, no area and no track, an area that lies off the map, an
            end before the begin, a sortie that found them.
    """
    root = read_tree_file(path)
    ctx = Context()
    seen: set[str] = set()

    def record(node: Node, inner: Context) -> Flown:
        values = closed(node, inner, _RECORD, ("id", "resource", "from", "until"))
        _check(node, values, at, seen)
        return _flown(node, values, grid, path, swept)

    readers: Mapping[str, Reader[Any]] = {"format": whole(1, 1), "sorties": many(record, least=1)}
    values: dict[str, Any] = closed(root, ctx, readers, ("format", "sorties"))
    sorties: tuple[Flown, ...] = values["sorties"]
    return sorties


def _check(node: Node, values: Mapping[str, Any], at: Instant, seen: set[str]) -> None:
    if values["id"] in seen:
        refuse(node.get("id") or node, "the same id twice", expected="each id once")
    seen.add(values["id"])
    if values["until"] <= values["from"]:
        refuse(node.get("until") or node, "ends before it begins", expected="'until' after 'from'")
    if values["until"] > at:
        refuse(node.get("until") or node, "not known yet", expected=f"an end by {iso(at)}, the instant of the plan")
    if values.get("found", False):
        expected = "sorties that found nothing; a find is evidence of the case"
        refuse(node.get("found") or node, "a sortie that found them", expected=expected)
    _check_effort(node, values)


def _check_effort(node: Node, values: Mapping[str, Any]) -> None:
    """Exactly one place and one effort, with what each needs."""
    if sum(key in values for key in ("area", "track", "gpx")) != 1:
        refuse(node, "not one place", expected="either 'area' or 'track'")
    track = "area" not in values
    if track and "sweep_width_km" not in values:
        refuse(node, "a track without its width", expected="sweep_width_km beside the track")
    ways = [key for key in ("distance_km", "coverage", "pod") if key in values]
    if "area" in values and len(ways) != 1:
        refuse(node, "not one effort", expected="one of distance_km (with sweep_width_km), coverage or pod")
    if "distance_km" in values and "sweep_width_km" not in values:
        refuse(node, "a distance without its width", expected="sweep_width_km beside distance_km")
    if track and ways:
        refuse(node, "an effort beside a track", expected=f"no {ways[0]} beside a track: the track says it")
    if "height_m" in values and not track:
        refuse(node.get("height_m") or node, "a height without a track", expected="height_m beside a track alone")


def _flown(node: Node, values: Mapping[str, Any], grid: SearchGrid, path: Path, swept: Swept) -> Flown:
    warnings: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    mean: float | None = None
    name = values.get("track", values.get("gpx"))
    if name is not None:
        effort = Effort(values["sweep_width_km"], values["from"], values["until"], values.get("height_m"))
        laid = swept(path.parent / name, grid, effort)
        coverage, warnings, lines = laid.coverage, laid.warnings, laid.lines
        pod, touched = exponential(coverage), coverage > 0.0
        mean = float(coverage[touched].mean()) if touched.any() else 0.0
        says = f"track {name}, {laid.length_km:.1f} km, width {effort.width_km:g} km, exponential"
        if touched.any():
            low, high = (100.0 * float(law(coverage[touched]).mean()) for law in (exponential, inverse_cube))
            says += f"; where it passed {low:.0f} % detection, {high:.0f} % by the inverse cube"
    else:
        corners = [grid.plane(lon, lat) for lon, lat in values["area"]]
        touched = within([(float(x), float(y)) for x, y in corners], None, grid.x_km, grid.y_km)
        lines = ((*values["area"], values["area"][0]),)
        area = max(int(touched.sum()), 1) * grid.cell_km2
        if "pod" in values:
            chance, says = values["pod"], "POD as the crew gave it"
        else:
            mean = values.get("coverage")
            if mean is None:
                mean = values["sweep_width_km"] * values["distance_km"] / area
            chance, says = -math.expm1(-mean), f"coverage {mean:.2f}, exponential"
        pod = np.where(touched, chance, 0.0)
    if not touched.any():
        refuse(
            node.get("track") or node.get("gpx") or node.get("area") or node,
            "it lies off the map",
            expected="a place the map covers",
        )
    if "planned_coverage" in values and mean is not None:
        says += f"; coverage {mean:.2f} where {values['planned_coverage']:.2f} was planned"
    return Flown(
        values["id"],
        values["resource"],
        values["from"],
        values["until"],
        pod,
        mean,
        float(touched.sum()) * grid.cell_km2,
        says,
        warnings,
        lines,
        values.get("planned_coverage"),
    )
