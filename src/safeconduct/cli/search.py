"""``safeconduct search``: plan, score."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from safeconduct.cli import approach, path, rings, viewshed
from safeconduct.cli.console import can_write, dump, say, when, width
from safeconduct.desk import search as desk
from safeconduct.desk.cases import open_case
from safeconduct.formats.searchplan import scored_json, to_json
from safeconduct.model.errors import InvalidInput
from safeconduct.model.space import LonLat, lon_lat
from safeconduct.report.law import lines
from safeconduct.report.search import plan_lines
from safeconduct.report.searchscore import scored_lines, scored_page
from safeconduct.search.planned import HOURS, STANDARD, Options, Planned
from safeconduct.search.sensors import HEIGHT_M
from safeconduct.search.stance import Stance
from safeconduct.search.wanted import AUTO, Wanted

app = typer.Typer(
    help="Where to look: evidence, effort, sectors. It never advises ending a search.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

app.command("approach")(approach.command)
app.command("path")(path.command)
app.command("rings")(rings.command)
app.command("viewshed")(viewshed.command)

CaseName = Annotated[str, typer.Argument(help="A shipped case or a path.")]
At = Annotated[str | None, typer.Option(help="As known at this instant.")]
Reports = Annotated[list[str] | None, typer.Option(help="Id of a report; may be repeated.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def plan(
    case: CaseName,
    *,
    at: At = None,
    doubt: Reports = None,
    drop: Reports = None,
    believe: Reports = None,
    standard: Annotated[str, typer.Option(help="Sweep widths: natsar-2023 or cap-mart.")] = STANDARD,
    sought: Annotated[str, typer.Option("--object", help="Row of its tables; the case's by default.")] = "",
    cover: Annotated[str, typer.Option(help="Column of its factors; the case's by default.")] = "",
    height_m: Annotated[float, typer.Option(help="Search height above ground, by eye from aircraft.")] = HEIGHT_M,
    tired: Annotated[bool, typer.Option("--fatigue", help="Crews are tired: widths x0.9.")] = False,
    hours: Annotated[int, typer.Option(help="Length of the plan.")] = HOURS,
    hypothetical: Annotated[bool, typer.Option("--hypothetical", help="Plan assets that no source names too.")] = False,
    sorties: Annotated[Path | None, typer.Option(help="Log of what was flown and walked.")] = None,
    terrain: Annotated[list[Path] | None, typer.Option(help="GeoTIFF or HGT file; may be repeated.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write one self-contained page.")] = None,
    gpx: Annotated[Path | None, typer.Option(help="Folder for the tracks of each crew that is cleared.")] = None,
    kml: Annotated[Path | None, typer.Option(help="Write sectors, tracks and reports as KML.")] = None,
    geojson: Annotated[Path | None, typer.Option(help="The same as GeoJSON.")] = None,
    forms: Annotated[Path | None, typer.Option(help="Folder for briefing sheets: a page and a text per crew.")] = None,
    pattern: Annotated[str, typer.Option(help="Of the written tracks: auto, parallel, creeping, square, ...")] = AUTO,
    as_json: AsJson = False,
) -> None:
    """Put every report on the map, say what each is worth, and send each resource where it finds soonest."""
    can_write(html, kml, geojson)
    stance = Stance(tuple(doubt or ()), tuple(drop or ()), tuple(believe or ()))
    files = tuple(terrain or ())
    options = Options(stance, standard, sought, cover, height_m, tired, hours, hypothetical, sorties, files)
    planned = desk.plan_search(open_case(case).case, at=when(at, "--at", or_now=True), options=options)
    if html is not None:
        from safeconduct.report.searchpage import page  # lazy: the page's scripts are read only when a page is wanted

        html.write_text(page(planned), encoding="utf-8")
    told = list(_files(planned, Wanted(gpx, kml, geojson, forms, pattern)))
    if as_json:
        dump(to_json(planned))
        return
    say(lines(plan_lines(planned), width()))
    if html is not None:
        say(f"Written: {html}")
    for line in told:
        say(line)


def _files(planned: Planned, wanted: Wanted) -> Iterator[str]:
    if not wanted.anything:
        if wanted.pattern != AUTO:
            raise InvalidInput("nothing to draw", where="--pattern", expected="--gpx, --kml, --geojson or --forms")
        return
    from safeconduct.desk.searchfiles import write_files  # lazy: a plan on the screen writes no file

    files = write_files(planned, wanted)
    yield from (f"Written: {path}" for path in files.written)
    yield from (f"No track for {crew}: {why}" for crew, why in files.barred)


@app.command("score")
def score_(
    case: CaseName,
    *,
    found: Annotated[str, typer.Option(help="Where they were found: LON,LAT in degrees.")],
    at: At = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print a page for the documentation.")] = False,
    as_json: AsJson = False,
) -> None:
    """Hold the map of each hour, from what was known by then, against the place of the find."""
    scored = desk.score_search(open_case(case).case, _place(found), at=when(at, "--at"))
    if as_json:
        dump(scored_json(scored))
    elif markdown:
        say("\n".join(scored_page(scored, f"safeconduct search score {case} --found {found} --markdown")))
    else:
        say("\n".join(scored_lines(scored)))


def _place(text: str) -> LonLat:
    try:
        lon, lat = (float(part) for part in text.split(","))
    except ValueError:
        raise InvalidInput("not a place", where="--found", expected="longitude,latitude in degrees", got=text) from None
    return lon_lat(lon, lat, where="--found")
