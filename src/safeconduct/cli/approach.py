"""``safeconduct search approach``."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated, Any

import typer

from safeconduct.cli.console import dump, say
from safeconduct.desk import approach as desk
from safeconduct.model.errors import InvalidInput
from safeconduct.model.space import LonLat


def command(
    start: Annotated[str, typer.Option("--from", help="Where they stand: LON,LAT in degrees.")],
    goal: Annotated[str, typer.Option("--to", help="Where they go: LON,LAT in degrees.")],
    terrain: Annotated[list[Path], typer.Option(help="Terrain of 100 m or finer: GeoTIFF or HGT; may repeat.")],
    *,
    cover: Annotated[Path | None, typer.Option(help="GeoTIFF of land cover classes; with --impedance.")] = None,
    impedance: Annotated[Path | None, typer.Option(help="CSV class,impedance: 0 open, from 98 blocked.")] = None,
    on_path: Annotated[bool, typer.Option("--on-path", help="There is a path all the way.")] = False,
    isochrones: Annotated[Path | None, typer.Option(help="GeoTIFF to write: hours from the start.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """How long the walk to a place takes over terrain, by each published pace."""
    if (cover is None) != (impedance is None):
        raise InvalidInput("half of a land cover", where="--cover", expected="--cover and --impedance", got="one")
    ground = None if cover is None or impedance is None else (cover, impedance)
    found = desk.approach(
        place(start, "--from"), place(goal, "--to"), terrain, on_path=on_path, cover=ground, isochrones=isochrones
    )
    if as_json:
        dump(_json(found))
        return
    say("\n".join(_lines(found)))
    if isochrones is not None:
        say(f"Written: {isochrones}")


def place(text: str, option: str) -> LonLat:
    try:
        lon, lat = (float(part) for part in text.split(","))
    except ValueError:
        raise InvalidInput("not a position", where=option, expected="LON,LAT in degrees", got=text) from None
    return (lon, lat)


def _lines(found: desk.Approach) -> list[str]:
    lines = [f"On foot, {found.straight_km:.1f} km in a straight line, terrain {found.terrain}"]
    walked = [walk for walk in found.walks if math.isfinite(walk.hours)]
    if not walked:
        lines.append("No way on foot: too steep, or unknown ground, on every side.")
    else:
        low, middle, high = walked[0], found.middle, walked[-1]
        lines.append(f"About {middle.hours:.1f} h ({low.hours:.1f} to {high.hours:.1f} h by the published paces).")
    lines += [
        f"  {walk.hours:5.1f} h  {walk.km:5.1f} km  {walk.climb_m:5.0f} m up  {walk.pace.says}" for walk in walked
    ]
    lines.append(f"Times may be {100.0 * found.error:.0f} % too long: the way turns in sixteen directions only.")
    if found.within_km2:
        areas = ", ".join(f"{hours} h {km2:.1f} km2" for hours, km2 in enumerate(found.within_km2, 1))
        lines.append(f"Reached from the start by {found.middle.pace.says}, on the terrain looked at: {areas}")
    return [*lines, *(f"Limit: {limit}." for limit in found.limits)]


def _json(found: desk.Approach) -> dict[str, Any]:
    return {
        "schema": "safeconduct/approach/1",
        "straight_km": found.straight_km,
        "terrain": found.terrain,
        "metric_error": found.error,
        "walks": [
            {
                "pace": walk.id,
                "says": walk.pace.says,
                "hours": walk.hours if math.isfinite(walk.hours) else None,
                "km": walk.km,
                "climb_m": walk.climb_m,
                "sources": list(walk.pace.cite.sources),
                "grade": walk.pace.cite.grade,
                "way": [list(place) for place in walk.way],
            }
            for walk in found.walks
        ],
        "within_km2": list(found.within_km2),
        "limits": list(found.limits),
    }
