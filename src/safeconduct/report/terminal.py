"""The answer on a terminal: two screens of 50 lines at 120 columns, beginning with the one thing to do now."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from safeconduct.assessment.answer import Assessment
from safeconduct.model.instants import hours_between
from safeconduct.report import choose, tables
from safeconduct.report.figures import area, arrival, clock, goal_words, hours, level, mark, moment, share

LEAST_WIDTH = 80
MOST_WIDTH = 160
TWO_SCREENS = 100
"""Lines. Longer answers show fewer ways and clearances; the JSON has them all."""
REPORTS_SHOWN = 5
LETTERS = 64
"""Longest text of one report, unknown or assumption."""
ITEMS_SHOWN = 4


def render(assessment: Assessment, *, width: int | None = None, colour: bool) -> str:
    """
    Print the answer.

    Args:
        assessment: What to print.

        width: Columns, brought into 80 to 160; None takes those of the terminal.

        colour: Whether to use ANSI colours. Nothing is said by colour alone.

    Returns:
        Lines that end in a line feed. Control characters of the case's texts are replaced.
    """
    columns = width if width is not None else shutil.get_terminal_size((120, 50)).columns
    wide = min(MOST_WIDTH, max(LEAST_WIDTH, columns))
    lines: list[str] = []
    for most in tables.SHOWN:
        lines = _lines(assessment, most, wide, colour=colour)
        if len(lines) <= TWO_SCREENS:
            break
    return "\n".join(lines) + "\n"


def _lines(answer: Assessment, most: tuple[int, int], width: int, *, colour: bool) -> list[str]:
    out = io.StringIO()
    console = Console(
        file=out,
        width=width,
        force_terminal=colour,
        color_system="standard" if colour else None,
        no_color=not colour,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
        _environ={},
    )
    for part in _parts(answer, most):
        console.print(part)
    return [line.rstrip() for line in out.getvalue().splitlines()]


def _parts(answer: Assessment, most: tuple[int, int]) -> Iterator[RenderableType]:
    yield _now(answer)
    yield _situation(answer)
    yield tables.ways(answer, most[0])
    yield tables.board(answer, most[1])
    yield _value(answer)
    yield tables.sets(answer)
    yield tables.order(answer)
    yield tables.delay(answer)
    yield _assumed(answer)


def _now(answer: Assessment) -> Group:
    lines: list[RenderableType] = []
    if answer.now:
        told = Table.grid(padding=(0, 1, 0, 0))
        told.add_column(no_wrap=True)
        told.add_column(ratio=1)
        for place, line in enumerate(answer.now):
            told.add_row(
                Text("NOW:" if place == 0 else "", style="bold"),
                Text(choose.clean(line), style="bold" if place == choose.urgent(answer) else ""),
            )
        lines.append(told)
    if answer.what_if:
        lines.append(Text(choose.clean(choose.what_if(answer)), style="bold reverse"))
    lines.append(Text(f"{choose.WARNING}  (? = unverified)", style="dim"))
    return Group(*lines)


def _situation(answer: Assessment) -> Group:
    case, place = answer.case, answer.where
    head = f"{case.title} ({case.id}, {case.kind}): as known at {clock(answer.as_of)}, "
    head += f"{hours(hours_between(case.incident_at, answer.as_of))} after {clock(case.incident_at)}"
    lon, lat = place.site
    if place.known:
        where = f"known: {abs(lat):.3f} {'N' if lat >= 0 else 'S'} {abs(lon):.3f} {'E' if lon >= 0 else 'W'}"
    else:
        areas = ", ".join(f"{share(c.share)} within {area(c.area_km2)}" for c in place.containment)
        reports = sorted(place.sources, key=lambda source: -source.weight)
        named = [
            f"{mark(choose.short(r.what, LETTERS), verified=r.verified)} (true {share(r.weight)})"
            for r in reports[:REPORTS_SHOWN]
        ]
        rest = f", and {len(reports) - REPORTS_SHOWN} more" if len(reports) > REPORTS_SHOWN else ""
        where = f"not known; {areas or 'no map'}; from {', '.join(named) or 'no report'}{rest}"
    rows = [
        ("Where", where),
        ("Persons", "; ".join(tables.persons(answer)) or "none stated"),
        ("Light", tables.light(answer)),
        ("Weather", "; ".join(list(tables.weather(answer))[:2]) or "unknown"),
        *([("Wind", "; ".join(list(tables.winds(answer))[:2]) or "unknown by now")] if answer.windows.winds else []),
        ("Coordinates", choose.coordination(answer)),
    ]
    return Group(tables.heading(head), tables.pairs(rows))


def _value(answer: Assessment) -> Group:
    scale = choose.goal_scale(answer)
    states = answer.value
    title = f"Value: {goal_words(answer.goal)} by {moment(answer.case.incident_at, answer.by)}"
    three = (("as it stands", states.as_it_stands), ("nothing more", states.nothing_more), ("all now", states.all_now))
    incident = answer.case.incident_at
    rows = [
        ("This goal", " | ".join(f"{head} {level(q, scale)}" for head, q in three)),
        ("Time", f"found {arrival(incident, answer.find_time)}; reached {arrival(incident, answer.reach_time)}"),
    ]
    rows.extend(
        (f"If {goal.goal}", tables.goal_line(goal, answer)) for goal in answer.goals if goal.goal != answer.goal
    )
    return Group(tables.heading(title), tables.pairs(rows))


def _assumed(answer: Assessment) -> Group:
    unsure = [c for c in answer.assumptions if not c.verified]
    said = "; ".join(choose.short(f"{c.what} {c.value} {c.unit}".strip(), LETTERS) + "?" for c in unsure[:ITEMS_SHOWN])
    more = f"; and {len(unsure) - ITEMS_SHOWN} more in --json" if len(unsure) > ITEMS_SHOWN else ""
    head = f"Assumed and unknown: {share(answer.unverified_share)} of the input is unverified"
    unknowns = "; ".join(choose.short(u, 2 * LETTERS) for u in answer.unknowns[:ITEMS_SHOWN])
    unknowns += f"; and {len(answer.unknowns) - ITEMS_SHOWN} more" if len(answer.unknowns) > ITEMS_SHOWN else ""
    tail = f"{len(answer.assumptions)} figures with {len(answer.sources)} sources: --json, --html F."
    tail += f" {answer.draws} draws, seed {answer.seed}, T = {clock(answer.case.incident_at)}"
    rows = [
        ("Assumed", said + more or "nothing unverified"),
        ("Unknown", unknowns or "nothing named"),
        ("All of it", tail),
    ]
    mark_line = [Text(choose.clean(choose.what_if(answer)), style="bold reverse")] if answer.what_if else []
    return Group(tables.heading(head), tables.pairs(rows), *mark_line)
