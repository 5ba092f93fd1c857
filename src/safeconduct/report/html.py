"""The answer as one page that opens offline: no request leaves it."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from importlib.util import find_spec
from pathlib import Path

from safeconduct.assessment.answer import Assessment
from safeconduct.model.errors import Unavailable
from safeconduct.model.instants import hours_between
from safeconduct.report import board, choose, courses, curves, delays, situation, timeline
from safeconduct.report import map as chart
from safeconduct.report.figures import clock, hours
from safeconduct.report.markup import Anchors, data, section, static, text

POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' blob:; style-src 'unsafe-inline'; "
    "img-src data: blob:; worker-src blob:; connect-src data: blob:; base-uri 'none'; form-action 'none'"
)
"""Content security policy: the browser refuses every request over a network. Evaluation is open to test drivers."""

CONTENTS = (
    ("map-section", "Map"),
    ("ways", "Ways"),
    ("clearances", "Clearances"),
    ("silence", "Cost of silence"),
    ("sets", "Sets"),
    ("ask", "Order to ask"),
    ("time", "Timeline"),
    ("delay", "Delay"),
    ("assumed", "Assumed, unknown"),
    ("sources", "Sources"),
)
"""Sections that the list at the head leads to."""


def page(assessment: Assessment) -> str:
    """
    Write the answer as one HTML file.

    Raises:
        Unavailable: The files of the map library are not installed.
        Corrupt: A packaged file is not what was written.
    """
    script, sheet = map_library()
    title = text(f"{choose.what_if(assessment)} {assessment.case.title}".strip())
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>'
        f'<link rel="icon" href="data:,"><style>{sheet}</style><style>{static("page.css")}</style></head><body>'
        f"{_head(assessment)}<main>{''.join(_sections(assessment))}</main>{_foot(assessment)}"
        f"<script>{script}</script><script>{static('page.js')}</script></body></html>\n"
    )


def map_library() -> tuple[str, str]:
    """
    The map library's script and style sheet: our own copy, else the ``maplibre`` package's, which is not imported.

    Raises:
        Unavailable: Neither is there.
    """
    places: list[Path] = []
    own = resources.files("safeconduct").joinpath("data", "vendor", "maplibre")
    with resources.as_file(own) as folder:
        places.append(folder)
    spec = find_spec("maplibre")
    if spec is not None and spec.submodule_search_locations:
        places.extend(Path(place) / "srcjs" for place in spec.submodule_search_locations)
    for place in places:
        script, sheet = place / "maplibre-gl.js", place / "maplibre-gl.css"
        if script.is_file() and sheet.is_file():
            code = script.read_text(encoding="utf-8").replace("</script", "<\\/script")
            return code, sheet.read_text(encoding="utf-8").replace("</style", "<\\/style")
    raise Unavailable("the map library is not installed", expected="the Python package maplibre", got="nothing")


def _head(answer: Assessment) -> str:
    case = answer.case
    supposed = choose.what_if(answer)
    banner = f'<div class="whatif sticky">{text(supposed)}</div>' if supposed else ""
    large = choose.urgent(answer)
    told = "".join(
        f'<p class="{"first" if place == large else ""}">{text(line)}</p>' for place, line in enumerate(answer.now)
    )
    links = " ".join(f'<a href="#{ident}">{name}</a>' for ident, name in CONTENTS)
    since = hours(hours_between(case.incident_at, answer.as_of))
    return (
        f'{banner}<header><div class="now" id="now"><b>Now</b>{told}</div><h1>{text(case.title)}</h1>'
        f"<p>As known at <b>{text(clock(answer.as_of))}</b>, {text(since)} after {text(clock(case.incident_at))} "
        f"{case.incident_at.year}; {text(case.id)}, {text(case.kind)}. {text(case.summary)}</p>"
        f'<p class="warn">{choose.WARNING} <span class="unverified">?</span> = unverified.</p>'
        f"<nav>{links}</nav></header>"
    )


def _sections(answer: Assessment) -> Iterator[str]:
    anchors = Anchors(answer.sources)
    yield section("situation", "Situation", situation.situation(answer, anchors))
    yield section("value", "What permissions can change", situation.value(answer))
    yield section("map-section", "Map", _map(answer))
    yield section("ways", "Ways, best first", courses.courses(answer, anchors))
    yield section("clearances", "Clearances: who must say yes", board.board(answer, anchors))
    yield section("silence", "What each hour of silence costs", curves.figure(answer))
    yield section("sets", "Who is enough, who can stop it", board.sets(answer))
    yield section("ask", "Order to ask", board.ask_order(answer))
    yield section("time", "Timeline", timeline.figure(answer), timeline.events(answer, anchors))
    yield section("delay", "Delay budget", delays.figure(answer))
    yield section("assumed", "Assumed and unknown", situation.assumed(answer, anchors))
    yield section("sources", "Sources", situation.sources(answer, anchors))


def _map(answer: Assessment) -> str:
    scene = data(chart.scene(answer))
    supposed = choose.what_if(answer)
    banner = f'<div class="whatif">{text(supposed)}</div>' if supposed else ""
    ground = (
        "Invented map: no shading." if answer.borders_only else "Shading shows shape only; no height is read from it."
    )
    return (
        f'{banner}<div id="map" role="application" aria-label="Map"></div><div class="mapbar">'
        '<button data-view="near">Near the site</button><button data-view="all">All ways</button>'
        f'<span class="key">cleared</span><span class="key no">{choose.NOT_CLEARED}</span>'
        '<span class="key suppose">what-if</span><span class="key area">where they are, by share of probability</span>'
        '<span id="chosen-way" aria-live="polite"></span></div>'
        f'<p class="soft">Borders: airspace of states (land and 12 NM of territorial sea). {ground} '
        "Click the map to zoom with the wheel.</p>"
        f'<script type="application/json" id="scene">{scene}</script>'
    )


def _foot(answer: Assessment) -> str:
    supposed = choose.what_if(answer)
    mark = f'<p class="whatif">{text(supposed)}</p>' if supposed else ""
    said = answer.disclaimer or choose.WARNING
    return (
        f"<footer>{mark}<p>{text(said)}</p><p>{answer.draws} draws, seed {answer.seed}, schema {text(answer.schema)}. "
        "Map drawing by MapLibre GL JS (BSD licence); relief by Tom Patterson, shadedrelief.com; borders after Natural "
        "Earth; both public domain.</p></footer>"
    )
