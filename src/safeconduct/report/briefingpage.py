"""Briefing sheets of one crew as a page to print: one A4 side for each sortie, no script, no request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from safeconduct.earth.grid import DATUM
from safeconduct.report.briefing import Section, corner_rows, heads, lane_rows, sections, title_of
from safeconduct.report.briefingmap import drawing
from safeconduct.report.figures import moment
from safeconduct.report.markup import static, text
from safeconduct.search.assignments import Assignment
from safeconduct.search.planned import Planned

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"

DENSE, TINY = 3500, 4000
"""Letters on a sheet from which its print is made smaller; a test prints the longest there are."""

FIRST = ("Why this crew, why here", "Task")
"""Sections beside the map; the others follow in columns."""


def sheets(planned: Planned, crew: Sequence[Assignment], every: Sequence[Assignment]) -> str:
    """
    Write the sheets of one crew.

    Args:
        crew: Its assignments.

        every: All assignments of the plan, for the neighbours on the map.
    """
    name = text(crew[0].resource.name) if crew else ""
    body = "".join(_sheet(planned, each, every, n, len(crew)) for n, each in enumerate(crew, 1))
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}"><title>Search briefing: {name}</title>'
        f'<link rel="icon" href="data:,"><style>{static("briefing.css")}</style></head><body>{body}</body></html>\n'
    )


def _sheet(planned: Planned, each: Assignment, every: Sequence[Assignment], number: int, count: int) -> str:
    marks = "".join(f'<p class="mark">{text(mark)}</p>' for mark in heads(planned, each))
    at = moment(planned.case.incident_at, planned.plan.at)
    blocks = {block.title: block for block in sections(planned, each)}
    first = "".join(_block(blocks[title]) for title in FIRST)
    rest = "".join(_block(block) for title, block in blocks.items() if title not in FIRST)
    return (
        f'<section class="{_class(planned, each)}">{marks}<header><h1>{text(title_of(planned, each))}</h1>'
        f"<p>{text(planned.case.title)}. As known at <b>{text(at)}</b>. All times UTC, directions true, datum {DATUM}. "
        f"Sheet {number} of {count}.</p></header>"
        f'<div class="top"><div>{first}</div><figure>{drawing(planned, each, every)}'
        "<figcaption>Deeper colour: more probability. Dotted: others at the same time.</figcaption></figure></div>"
        f'{_corners(planned, each)}<div class="rest">{rest}</div>{marks}</section>'
    )


def _class(planned: Planned, each: Assignment) -> str:
    """Smaller print for the sheets that have more to say, so that each stays on its side of paper."""
    said = sum(len(name) + len(words) for block in sections(planned, each) for name, words in block.rows)
    said += 45 * len(lane_rows(planned, each)) + 3 * sum(map(len, heads(planned, each)))
    return "sheet tiny" if said > TINY else "sheet dense" if said > DENSE else "sheet"


def _block(block: Section) -> str:
    rows = "".join(
        f"<tr><th>{text(name)}</th><td>{text(said)}</td></tr>"
        if name
        else f'<tr><td colspan="2">{text(said)}</td></tr>'
        for name, said in block.rows
    )
    return f"<div class='block'><h2>{text(block.title)}</h2><table>{rows}</table></div>"


def _corners(planned: Planned, each: Assignment) -> str:
    head = "".join(f"<th>{name}</th>" for name in ("Corner", "Degrees, minutes", "Decimal", "UTM", "MGRS"))
    body = "".join(
        "<tr>" + "".join(f"<td>{text(cell)}</td>" for cell in row) + "</tr>" for row in corner_rows(planned, each)
    )
    lanes = "".join(_lanes(planned, each))
    return f'<table class="corners"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{lanes}'


def _lanes(planned: Planned, each: Assignment) -> Iterator[str]:
    rows = lane_rows(planned, each)
    if rows:
        cells = "".join(f"<li><b>{text(u)}</b> {text(start)} <i>{text(leg)}</i></li>" for u, start, leg in rows)
        yield f'<h2>Units: commence point (MGRS), first leg, track</h2><ul class="lanes">{cells}</ul>'
