"""``safeconduct search rings``."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated

import typer

from safeconduct.cli.console import dump, say
from safeconduct.formats.distances import read_distances
from safeconduct.model.errors import InvalidInput


def command(
    table: Annotated[Path, typer.Argument(help="CSV of your own: category,unit,25%,50%,75%,95%.")],
    *,
    category: Annotated[str, typer.Option(help="One line of it; all by default.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Distances at which people of a kind are found, from a table of your own, as a case takes them."""
    found = read_distances(table)
    if category and category not in found:
        raise InvalidInput("no such category", where="--category", expected=" | ".join(found), got=category)
    chosen = {name: rings for name, rings in found.items() if category in ("", name)}
    if as_json:
        dump({name: {"radii_km": list(r.radii_km), "shares": list(r.shares)} for name, r in chosen.items()})
        return
    for name, rings in chosen.items():
        radii, shares = (", ".join(f"{each:.4g}" for each in row) for row in (rings.radii_km, rings.shares))
        area = math.pi * rings.radii_km[-1] ** 2
        say(f"# {name}: the last ring holds {area:.3g} km2")
        say(f"place: {{kind: rings, points: [[LON, LAT]], radii_km: [{radii}], shares: [{shares}]}}")
