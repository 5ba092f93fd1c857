"""Maps held against a find: on the terminal, and as a page of the documentation."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from safeconduct.earth.grid import degrees_minutes
from safeconduct.report.figures import area, moment, percent
from safeconduct.search.score import Scored, Scores

MEANING = (
    "R: 1 is best, 0 a map that says nothing, -1 worst. "
    "Area to find: what has to be searched before reaching the place, the likeliest cells first, with its range under "
    "other assumptions than ours. "
    "Share: the smallest share of probability whose area holds the place. "
    "Bits: beside a flat map."
)


def scored_lines(scores: Scores) -> Iterator[str]:
    """The table on a terminal."""
    yield f"{scores.title}: the map of each hour against the find at {degrees_minutes(*scores.found)}"
    yield from MEANING.replace(". ", ".\n").split("\n")
    yield ""
    yield from (f"  {line}" for line in _aligned(scores, scores.hourly))
    if scores.contested:
        yield ""
        yield "Contested reports at the last of these hours:"
        yield from (f"  {line}" for line in _aligned(scores, scores.contested))
    if scores.announced:
        yield ""
        yield "Areas that were announced without saying where they lie:"
        for told in scores.announced:
            yield f"  {moment(scores.incident_at, told.at)}: {_span(told.least_km2, told.most_km2)}: {told.what}"


def scored_page(scores: Scores, command: str) -> Iterator[str]:
    """The same as a page of Markdown that says which command writes it."""
    yield f"<!-- generated: {command} -->"
    yield f"# Where to look: {scores.title}"
    yield ""
    yield "The map of each hour is made from nothing but what was known by then."
    yield f"It is held against the place of the find, {degrees_minutes(*scores.found)}."
    yield "No figure of the model was fitted to it."
    yield "The weights of the grades, the share outside of the map and where false reports fall are our assumptions."
    yield MEANING.replace(". ", ".\n")
    yield ""
    yield from _table(scores, scores.hourly)
    if scores.contested:
        yield ""
        yield "## Contested reports"
        yield ""
        yield "Each report that another one contradicts, believed, doubted and dropped at the last of these hours."
        yield ""
        yield from _table(scores, scores.contested)
    if scores.announced:
        yield ""
        yield "## Areas announced at the time"
        yield ""
        yield "Their places were not published, so they cannot be put on the map."
        yield "Their sizes stand beside the area to find."
        yield ""
        yield "| known | area | what was said |"
        yield "|---|---|---|"
        for told in scores.announced:
            known = moment(scores.incident_at, told.at)
            yield f"| {known} | {_span(told.least_km2, told.most_km2)} | {told.what} |"
    yield ""
    yield "## How far this goes"
    yield ""
    yield "The hours of one case are one find, not many: no calibration can be read from them."
    yield "The places of the reports and their errors were written into the case after the event."
    yield "They rest on speeds, times and maps that the sources give, not on the find; but who wrote them knew it."
    yield "The range of the area to find is over our assumptions alone, not over the places of the reports."
    yield "Outside of the map 1 to 20 %; false reports anywhere a tenth to all of the time; weights root to square."
    yield "The area to find would be enough if every sweep found what it passes; on steep wooded ground it does not."
    yield f"R depends on how large the map is: here {area(scores.hourly[-1].map_km2)} at the last hour."


def _table(scores: Scores, rows: Sequence[Scored]) -> Iterator[str]:
    yield "| as known at | reports | R | area to find | share | half in | nine tenths in | outside | bits |"
    yield "|---|---|---|---|---|---|---|---|---|"
    yield from (f"| {' | '.join(_cells(scores, row))} |" for row in rows)


def _aligned(scores: Scores, rows: Sequence[Scored]) -> Iterator[str]:
    heads = ("as known at", "reports", "R", "area to find", "share", "half in", "nine tenths in", "outside", "bits")
    table = [heads, *(_cells(scores, row) for row in rows)]
    widths = [max(len(row[i]) for row in table) for i in range(len(heads))]
    yield from ("  ".join(cell.ljust(wide) for cell, wide in zip(row, widths, strict=True)).rstrip() for row in table)


def _cells(scores: Scores, row: Scored) -> tuple[str, ...]:
    said = "" if row.stance == "as graded" else f", {row.stance}"
    s = row.score
    return (
        f"{moment(scores.incident_at, row.at)}{said}",
        str(row.reports),
        f"{s.r:.4f}",
        area(s.area_km2)
        + (f" ({_span(*row.area_range_km2)})" if row.area_range_km2[0] < row.area_range_km2[1] else ""),
        percent(s.containment),
        area(row.half_km2),
        area(row.nine_tenths_km2),
        percent(row.outside),
        f"{s.bits:+.1f}",
    )


def _span(least: float, most: float) -> str:
    """
    Print a range of areas.

    >>> _span(52.0, 78.0), _span(12.6, 12.6), _span(5.0, float("inf"))
    ('52-78 km2', '12.6 km2', '5 km2 to more than the map')
    """
    if not math.isfinite(most):
        return f"{_figures(least)} km2 to {area(most)}" if math.isfinite(least) else area(least)
    return f"{_figures(least)} km2" if least == most else f"{_figures(least)}-{_figures(most)} km2"


def _figures(km2: float) -> str:
    return f"{float(f'{km2:.3g}'):,.10g}"
