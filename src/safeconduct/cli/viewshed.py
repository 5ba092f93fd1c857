"""``safeconduct search viewshed``."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from safeconduct.cli.approach import place
from safeconduct.cli.console import dump, say
from safeconduct.desk import viewshed as desk


def command(
    start: Annotated[str, typer.Option("--from", help="Where the eye or the mast stands: LON,LAT in degrees.")],
    terrain: Annotated[list[Path], typer.Option(help="Terrain of 100 m or finer: GeoTIFF or HGT; may repeat.")],
    *,
    height_m: Annotated[float, typer.Option(help="Height above the ground there.")] = 1.7,
    target_m: Annotated[float, typer.Option(help="Height above ground of what is looked for.")] = 0.0,
    reach_km: Annotated[float, typer.Option(help="How far to look.")] = 20.0,
    radio: Annotated[bool, typer.Option("--radio", help="Bend as radio does, for masts.")] = False,
    out: Annotated[Path | None, typer.Option(help="GeoTIFF to write: 1 seen, 0 hidden, 255 unknown.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """What a witness, a lookout or a mast has in sight over terrain."""
    found = desk.view(
        place(start, "--from"), height_m, terrain, reach_km=reach_km, target_m=target_m, radio=radio, out=out
    )
    if as_json:
        dump({"schema": "safeconduct/viewshed/1", **asdict(found)})
        return
    say(f"In sight: {found.seen_km2:.1f} km2, the farthest {found.farthest_km:.1f} km off; terrain {found.terrain}")
    say(f"Hidden by terrain: {found.hidden_km2:.1f} km2; unknown: {found.unknown_km2:.1f} km2")
    for limit in found.limits:
        say(f"Limit: {limit}.")
    if out is not None:
        say(f"Written: {out}")
