"""The answer on a terminal: two screens of 50 lines at 120 columns, beginning with the one thing to do now."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Iterator

from rich.console import Console, Group, RenderableType
from rich.text import Text

from safeconduct.assess.answer import Assessment
from safeconduct.model.instants import hours_between
from safeconduct.report import choose, tables
from safeconduct.report.figures import arrival, clock, goal_words, hours, level, mark, moment, share

LEAST_WIDTH = 80
MOST_WIDTH = 160


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
    out = io.StringIO()
    console = Console(
        file=out,
        width=min(MOST_WIDTH, max(LEAST_WIDTH, columns)),
        force_terminal=colour,
        color_system="standard" if colour else None,
        no_color=not colour,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
        _environ={} if colour else dict(os.environ),
    )
    for part in _parts(assessment):
        console.print(part)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _parts(answer: Assessment) -> Iterator[RenderableType]:
    yield _now(answer)
    yield _situation(answer)
    yield tables.ways(answer)
    yield tables.board(answer)
    yield _value(answer)
    yield tables.sets(answer)
    yield tables.order(answer)
    yield tables.delay(answer)
    yield _assumed(answer)


def _now(answer: Assessment) -> Group:
    lines: list[Text] = []
    note = choose.goal_note(answer)
    if note:
        lines.append(Text(choose.clean(note), style="bold"))
    for place, line in enumerate(answer.now):
        lines.append(Text("NOW: " if place == 0 else "     ", style="bold").append(choose.clean(line)))
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
        areas = ", ".join(f"{share(c.share)} within {c.area_km2:,.0f} km2" for c in place.containment)
        where = f"not known; {areas or 'no map'}; from " + ", ".join(
            f"{mark(source.what, verified=source.verified)} {share(source.weight)}" for source in place.sources
        )
    rows = [
        ("Where", where),
        ("Persons", "; ".join(tables.persons(answer)) or "none stated"),
        ("Light", tables.light(answer)),
        ("Weather", "; ".join(tables.weather(answer)) or "unknown"),
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
    said = "; ".join(f"{c.what} {c.value} {c.unit}".strip() + "?" for c in unsure[:6])
    more = f"; and {len(unsure) - 6} more in --json" if len(unsure) > 6 else ""
    head = f"Assumed and unknown: {share(answer.unverified_share)} of the input is unverified"
    unknowns = "; ".join(answer.unknowns[:6]) + (
        f"; and {len(answer.unknowns) - 6} more" if len(answer.unknowns) > 6 else ""
    )
    tail = f"{len(answer.assumptions)} figures with {len(answer.sources)} sources: --json, --html F."
    tail += f" {answer.draws} draws, seed {answer.seed}, T = {clock(answer.case.incident_at)}"
    rows = [
        ("Assumed", said + more or "nothing unverified"),
        ("Unknown", unknowns or "nothing named"),
        ("All of it", tail),
    ]
    mark_line = [Text(choose.clean(choose.what_if(answer)), style="bold reverse")] if answer.what_if else []
    return Group(tables.heading(head), tables.pairs(rows), *mark_line)
