"""``safeconduct search path``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated

import typer

from safeconduct.cli.console import dump, say, when, width
from safeconduct.desk.cases import open_case
from safeconduct.desk.chase import Chased, chase_search
from safeconduct.earth.grid import degrees_minutes
from safeconduct.formats.plain import plain
from safeconduct.model.instants import iso
from safeconduct.report.figures import clock, percent
from safeconduct.report.law import lines
from safeconduct.report.search import EXERCISE


def command(
    case: Annotated[str, typer.Argument(help="A shipped case or a path.")],
    *,
    crew: Annotated[str, typer.Option(help="Id of a resource that the plan of that hour sends.")],
    walks_kmh: Annotated[float, typer.Option(help="Speed of the persons as the crow flies.")],
    at: Annotated[str | None, typer.Option(help="As known at this instant.")] = None,
    step_h: Annotated[float, typer.Option(help="Hours of one step of the path.")] = 0.5,
    steps: Annotated[int, typer.Option(help="Number of steps, 1 to 24.")] = 8,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """The path of one crew after persons who may walk: what was searched an hour ago is searched no longer."""
    moment = when(at, "--at", or_now=True)
    found = chase_search(open_case(case).case, crew, walks_kmh=walks_kmh, step_h=step_h, steps=steps, at=moment)
    if as_json:
        dump(_json(found))
    else:
        say(lines(_lines(found), width()))


def _lines(found: Chased) -> Iterator[str]:
    made, crew = found.chase, found.resource
    if found.exercise:
        yield EXERCISE
    if crew.mark:
        yield f"{crew.mark} (missing {', '.join(crew.missing)})"
    yield f"Path of {crew.name} ({crew.provider}), from {clock(found.start)}, a step every {made.step_h:g} h"
    half_km = made.cell_km / 2.0
    for number, (lon, lat) in enumerate(made.places):
        begin = found.start + timedelta(hours=number * made.step_h)
        yield f"  {clock(begin, near=found.start)} about {degrees_minutes(lon, lat)}, within {half_km:.1f} km"
    proven = made.bound - made.p <= 1e-9
    short = (
        "no path over this grid finds more" if proven else f"no path over this grid finds more than {made.bound:.3g}"
    )
    yield f"It finds them with {percent(made.p)} if they walk; {short}. If they rest it finds {percent(made.resting)}."
    yield (
        f"Grid of {made.cell_km:.2g} km over the area that holds half of the map; {percent(made.covered)} of all "
        f"probability lies on it. They stay in a cell through a step with {percent(made.stay)}; a step in their cell "
        f"finds them with {percent(made.glimpse)} (exponential)."
    )
    yield "Taken as clear weather and light, one crew alone, persons who walk in no particular direction."
    yield "Not a reason to end a search."


def _json(found: Chased) -> dict[str, object]:
    crew = found.resource
    return {
        "schema": "safeconduct/search-path/1",
        "case": found.case,
        "as_of": iso(found.at),
        "crew": crew.id,
        "mark": crew.mark,
        "missing": list(crew.missing),
        "start": iso(found.start),
        **plain(found.chase),
    }
