"""A search plan as one page that opens offline: the map with every report, and why each crew was sent where."""

from __future__ import annotations

from collections.abc import Iterator

from safeconduct.report import searchmap
from safeconduct.report.figures import clock, moment, percent
from safeconduct.report.html import POLICY, map_library
from safeconduct.report.markup import data, items, section, static, table, tag, text
from safeconduct.report.search import (
    EXERCISE,
    bounds,
    end_lines,
    likely,
    map_lines,
    pod,
    reasons,
    risk,
    settle_lines,
    spacing,
    span,
    units,
)
from safeconduct.search.planned import Planned
from safeconduct.search.stance import COUNTED, NO_PLACE

CONTENTS = (
    ("map-section", "Map"),
    ("sectors", "Sectors"),
    ("evidence", "Evidence"),
    ("time", "Found by when"),
    ("rest", "Widths, limits, unknown"),
)


def page(planned: Planned) -> str:
    """
    Write the plan as one HTML file.

    Raises:
        Unavailable: The files of the map library are not installed.
    """
    script, sheet = map_library()
    title = text(f"Search plan: {planned.case.title}")
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>'
        f'<link rel="icon" href="data:,"><style>{sheet}</style><style>{static("page.css")}</style></head><body>'
        f"{_head(planned)}<main>{''.join(_sections(planned))}</main>{_foot()}"
        f"<script>{script}</script><script>{static('page.js')}</script></body></html>\n"
    )


def _banner(planned: Planned) -> str:
    said = [EXERCISE] if planned.exercise else []
    said += [f"WHAT-IF: {each}" for each in planned.what_if]
    return f'<div class="whatif sticky">{text("; ".join(said))}</div>' if said else ""


def _head(planned: Planned) -> str:
    where = "".join(f"<p>{text(line)}</p>" for line in map_lines(planned))
    settle = "".join(f"<p>{text(line)}</p>" for line in settle_lines(planned))
    links = " ".join(f'<a href="#{ident}">{name}</a>' for ident, name in CONTENTS)
    at = moment(planned.case.incident_at, planned.plan.at)
    return (
        f"{_banner(planned)}<header><h1>Search plan: {text(planned.case.title)}</h1>"
        f"<p>As known at <b>{text(at)}</b>; {text(planned.case.id)}, {text(planned.case.kind)}.</p>"
        f'<p class="warn">{text(planned.plan.never)}</p><div class="now">{where}{settle}</div>'
        f"<nav>{links}</nav></header>"
    )


def _sections(planned: Planned) -> Iterator[str]:
    yield section("map-section", "Map", _map(planned))
    yield section("sectors", "Sectors: who looks where, and why", _sectors(planned))
    yield section("evidence", "Evidence: what each report is worth", _evidence(planned))
    yield section("time", "Probability of having found them", _found(planned))
    yield section("rest", "Sweep widths, limits, unknown", *_rest(planned))


def _map(planned: Planned) -> str:
    scene = data(searchmap.scene(planned))
    invented = planned.case.own_borders_only
    ground = "Invented map: no shading." if invented else "Shading shows shape only; no height is read from it."
    return (
        '<div id="map" role="application" aria-label="Map"></div><div class="mapbar">'
        '<button data-view="near">Sectors</button><button data-view="all">Whole map</button>'
        '<span class="key">sector, cleared</span><span class="key no">sector, NOT CLEARED</span>'
        '<span class="key suppose">what-if</span><span class="key area">half of the probability</span>'
        '<span id="chosen-way" aria-live="polite"></span></div>'
        '<p class="soft">Colour, from pale to deep: areas that hold 90, 75, 50, 25 and 10 % of the probability on the '
        f"map. Dotted: what the reports say. {ground} Click the map to zoom with the wheel, a row to see its place.</p>"
        f'<script type="application/json" id="scene">{scene}</script>'
    )


def _sectors(planned: Planned) -> str:
    plan = planned.plan
    rows = []
    for sector in plan.sectors:
        resource = plan.resource(sector.resource)
        state = tag(resource.mark) if resource.mark else tag("cleared")
        missing = f"<br>missing {text(', '.join(resource.missing))}" if resource.missing else ""
        rows.append(
            (
                f'<button data-way="{text(sector.id)}">{text(sector.id)}</button>',
                f"{text(resource.name)} ({text(resource.provider)}), {text(units(sector.units))}<br>{state}{missing}",
                text(span(sector, plan.at)),
                f"{'<br>'.join(text(end).replace(' ', '&nbsp;') for end in bounds(sector).split(' to '))}<br>"
                + text(f"{sector.length_km:.1f} x {sector.width_km:.1f} km"),
                text(f"{spacing(sector)}; coverage {sector.coverage:.2f}"),
                text(pod(sector)),
                text(f"{percent(sector.poa)}; {percent(sector.pos)}"),
                text(reasons(sector)),
                text(risk(resource)),
            )
        )
    heads = (
        "Id",
        "Crew",
        "On scene",
        "Corners SW, NE",
        "Spacing",
        "POD",
        "Holds; finds",
        "Why here",
        "Risk to searchers",
    )
    told = f"<p>Objective: {text(plan.worth_says)}.</p>"
    if not rows:
        return told + "<p>Nobody is known who could search within the hours of the plan.</p>"
    gap = (
        f"<p>These sectors reach {text(percent(1.0 - plan.gap))} of the best that any plan for the same stays could "
        "(bound of the divisible optimum).</p>"
    )
    return told + table(heads, rows, kind="ways") + gap


def _evidence(planned: Planned) -> str:
    rows = []
    for piece, worth in zip(planned.book.pieces, planned.worths, strict=True):
        report = piece.report
        name = text(report.id)
        shown = f'<button data-way="report:{name}">{name}</button>' if piece.counts else name
        unread = "" if report.cite.verified else ' <span class="unverified" title="unverified">?</span>'
        status = "" if piece.status == COUNTED else tag(piece.status)
        says = "no coordinates: not on the map" if piece.status == NO_PLACE else ""
        unknown = "; ".join(piece.likelihood.unknown) if piece.likelihood else says
        rows.append(
            (
                f"{shown} {status}",
                f"{text(report.what)}{f'<br><i>{text(unknown)}</i>' if unknown else ''}",
                f"{text(report.reliability + report.credibility)}{unread}",
                text(percent(worth.weight)) if piece.counts else "",
                text(percent(worth.true_now)) if worth.true_now is not None else "",
                text(f"{worth.bits:.2f}") if piece.counts else "",
                text(percent(worth.moves)) if piece.counts else "",
                text(", ".join(report.cite.sources)),
            )
        )
    heads = ("Report", "Says", "Grade", "Weight", "Likely true now", "Bits", "Settling it moves", "Sources")
    odds = items(
        text(f"{a.first} and {a.second} can hardly both be true ({a.ratio:.2g} of chance)") for a in planned.at_odds
    )
    note = "<p class='soft'>Weights follow the grades by our assumption. Doubt, drop or believe a report by its id.</p>"
    return note + table(heads, rows, kind="ways") + odds


def _found(planned: Planned) -> str:
    plan = planned.plan
    pairs = zip(plan.crews.slices[1:], plan.found, strict=False)
    rows = [(text(clock(at, near=plan.at)), text(likely(planned, found))) for at, found in pairs]
    note = (
        "<p class='soft'>Range: sweep widths p10 to p90, exponential to inverse-cube law. The truth lies between.</p>"
    )
    return table(("By", "Found"), rows) + note


def _rest(planned: Planned) -> Iterator[str]:
    block: list[str] = []
    head = ""
    for line in end_lines(planned):
        if not line.startswith(" "):
            if head:
                yield f"<h3>{text(head)}</h3>{items(block)}"
            head, block = line, []
        else:
            block.append(text(line.strip()))
    yield f"<h3>{text(head)}</h3>{items(block)}"


def _foot() -> str:
    return (
        "<footer><p>A plan is advice to a coordinator who answers for it. It never advises ending a search.</p>"
        "<p>Map drawing by MapLibre GL JS (BSD licence); relief by Tom Patterson, shadedrelief.com; borders after "
        "Natural Earth; both public domain.</p></footer>"
    )
