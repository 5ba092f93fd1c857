"""``safeconduct data``: the only commands that may use the network."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from safeconduct.cli.console import dump, say, when
from safeconduct.desk import terrain as desk

app = typer.Typer(
    help="Fetch data: the only commands that may use the network.", no_args_is_help=True, rich_markup_mode=None
)


@app.callback()
def _root() -> None:
    """Keep the name of the command, even while it is the only one."""


@app.command()
def terrain(
    case: Annotated[str, typer.Argument(help="A shipped case or a path.")],
    *,
    source: Annotated[
        list[str] | None,
        typer.Option("--from", help="Address of one-degree tiles with {ns}, {lat:02d}, {ew}, {lon:03d}; may repeat."),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="GeoTIFF to write; default terrain-CASE.tif.")] = None,
    at: Annotated[str | None, typer.Option(help="The map as known at this instant.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Fetch terrain for the map of a case: Copernicus tiles of 30 m, or of 90 m where those are not public."""
    path = out or Path(f"terrain-{Path(case).stem}.tif")
    brought = desk.fetch_terrain(
        case,
        path,
        at=when(at, "--at"),
        sources=source or desk.SOURCES,
        told=lambda line: sys.stderr.write(line + "\n"),
    )
    if as_json:
        dump(
            {
                "schema": "safeconduct/terrain/1",
                "written": str(path),
                "box": list(brought.box),
                "tiles": len(brought.fetched.files),
                "missing": [list(tile) for tile in brought.fetched.missing],
                "coarser": [list(tile) for tile in brought.fetched.coarser],
                "bytes": brought.fetched.size_bytes,
                "notes": list(brought.notes),
            }
        )
        return
    say(f"Written: {path} ({len(brought.fetched.files)} tiles, {brought.fetched.size_bytes / 1e6:.0f} MB fetched)")
    for note in brought.notes:
        say(f"Limit: {note}.")
    say(f"Use it with: safeconduct search plan {case} --terrain {path}")
