"""Predicted beside reported, as one page of Markdown."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta

from safeconduct.formats.comparison import CaseCompared, Class, Compared, Page, Span, StageCompared, WaySeen
from safeconduct.model.instants import Instant
from safeconduct.model.sources import GRADES
from safeconduct.report.calibration import blocks, calibration, causes, found_alive, permissions, stages
from safeconduct.report.markdown import clock, sentence, table

INTRODUCTION = """\
Every figure on this page is computed by the program from the shipped case, as known at the instant named beside it;
later records are not used. Nothing is tuned to the record, and misses stay on the page with their cause. Lead times
and durations come from other cases: each class is fitted without the case that it predicts, and says from how many.
The cases were not written blind: [which readings were made after a first run](accuracy.md) is listed.
How the map of each hour stands beside the find is on [a page of its own](search-validation.md).

To trace a figure: its row names the sources, whose titles stand at the end of its case; what it was drawn from stands
under its table, case by case. The same facts are in `safeconduct assess CASE`.

T+ counts hours from the incident. p10, p50 and p90 are quantiles over seeded draws: one draw in ten is earlier than
p10, one in ten later than p90. *Never* means that in so many draws it does not arrive within the hours followed.
"""

HEADINGS = {
    "distance": "Distances",
    "sun": "Light",
    "transit": "Transit",
    "replay": "Replay: mobilisation and transit predicted",
    "forecast": "Forecast: from lead times of other cases",
    "shares": "Where the hours went",
    "what-if": "What if",
    "no": "The honest no",
}


def render(page: Page) -> str:
    """
    The page as Markdown, ending in a newline; the first line names the command that writes it.

    The same values give the same bytes.
    """
    lines = [f"<!-- generated: {page.command} -->", "# Predicted beside reported", "", *INTRODUCTION.splitlines(), ""]
    lines += ["## In short", "", *_summary(page.cases)]
    if page.calibration is not None:
        lines += ["", *calibration(page.calibration)]
    if page.found_alive:
        lines += ["", *found_alive(page.found_alive)]
    for case in page.cases:
        lines += ["", *_case(case)]
    return "\n".join(lines) + "\n"


def _summary(cases: Iterable[CaseCompared]) -> Iterator[str]:
    rows = []
    for case in cases:
        bound = [r for r in case.rows if r.met is not None]
        spans = [r for r in case.rows if r.inside is not None]
        met, within = sum(bool(r.met) for r in bound), sum(bool(r.inside) for r in spans)
        limited = "; ".join(f"{c.help}: {c.computed}" for c in case.causes if c.supported)
        judged = [c for c in case.causes if c.agrees is not None]
        agrees = f"{sum(bool(c.agrees) for c in judged)} of {len(judged)}"
        name = f"[{case.case}](#{case.case})"
        rows.append((name, f"{met} of {len(bound)}", f"{within} of {len(spans)}", limited or "-", agrees))
    head = ("case", "bounds met", "records inside p10-p90", "what limited it, computed", "as the sources have it")
    yield from table(head, rows)


def _case(case: CaseCompared) -> Iterator[str]:
    yield f'## <a id="{case.case}"></a>{case.title}'
    yield ""
    yield (
        f"Case `{case.case}`; incident {clock(case.incident_at)} (T+0); seed {case.seed}, {case.draws} draws. "
        "Its facts and sources: `safeconduct assess " + case.case + "`."
    )
    if case.causes:
        yield from blocks([causes(case)])
    if case.permissions:
        yield from blocks([permissions(case)])
    if any(r.stage is not None for r in case.rows):
        yield from blocks([stages(case)])
    for kind, heading in HEADINGS.items():
        rows = [r for r in case.rows if r.kind == kind]
        if rows:
            yield from ("", f"### {heading}", "")
            yield from _section(case, kind, rows)
    yield from ("", "### Misses", "")
    yield from _misses(case)
    yield from ("", "### Sources", "")
    yield from _sources(case)


def _section(case: CaseCompared, kind: str, rows: Sequence[Compared]) -> Iterator[str]:
    moments = {r.known_at for r in rows if r.known_at is not None}
    if len(moments) == 1:
        yield from (f"As known at {clock(next(iter(moments)))} ({_since(case, next(iter(moments)))}).", "")
    yield from table(
        ("what", "predicted", "reported", "difference", "bound", "result", "grade", "sources"),
        [_row(case, r) for r in rows],
    )
    for row in rows:
        yield from _notes(row)
        if kind == "no":
            yield from ("", *_ways(row.ways))
        if row.stages:
            yield from ("", "Stage by stage, hours:", "", *_stages(row.stages))
        if row.classes:
            yield from ("", "Drawn from:", "", *_classes(row.classes))


def _row(case: CaseCompared, row: Compared) -> tuple[str, ...]:
    result = {True: "met", False: "**not met**", None: "no bound"}[row.met]
    if row.inside is not None:
        result += ", record inside p10-p90" if row.inside else ", **record outside p10-p90**"
    bound = row.bound or "none: stated only"
    reported = _reported(case, row)
    return (row.says, _predicted(case, row), reported, _off(row), bound, result, row.grade, ", ".join(row.sources))


def _reported(case: CaseCompared, row: Compared) -> str:
    if row.kind == "no":
        return f"none by {_value(case, row, row.reported)}"
    return _value(case, row, row.reported)


def _predicted(case: CaseCompared, row: Compared) -> str:
    if row.kind == "no":
        return "none at all" if row.predicted is None else f"earliest of all draws {_value(case, row, row.predicted)}"
    if row.span is None:
        return _value(case, row, row.predicted)
    span = row.span
    return f"{_value(case, row, row.predicted)} (p10 {_value(case, row, span.p10)}, p90 {_value(case, row, span.p90)})"


def _value(case: CaseCompared, row: Compared, value: float | None) -> str:
    if value is None:
        return "never"
    if row.unit == "km":
        return f"{value:.3f} km" if row.reported != value else f"{value:.2f} km"
    if row.unit == "share":
        return f"{100.0 * value:.1f} %" if row.reported != value else f"{100.0 * value:.0f} %"
    if row.unit == "h":
        return f"{value:.2f} h"
    at = case.incident_at + timedelta(seconds=round(value * 3600.0))
    return f"T+{value:.2f} h, {clock(at, day=False)}"


def _off(row: Compared) -> str:
    if row.difference is None:
        return "-"
    if row.unit == "km":
        return f"{row.difference:+.3f} km"
    if row.unit == "share":
        return f"{100.0 * row.difference:+.1f} points"
    if row.kind == "sun":
        return f"{60.0 * row.difference:+.1f} min"
    return f"{row.difference:+.2f} h"


def _notes(row: Compared) -> Iterator[str]:
    if row.note and row.kind not in ("distance", "sun"):
        yield from ("", sentence(row.note))
    if row.percentile is not None and row.span is not None:
        yield from ("", f"The record lies at percentile {100.0 * row.percentile:.0f} of the draws{_width(row.span)}.")


def _width(span: Span) -> str:
    if span.p10 is None or span.p90 is None:
        return "; p90 is never"
    return f"; p90 - p10 is {span.p90 - span.p10:.1f} h"


def _misses(case: CaseCompared) -> Iterator[str]:
    missed = [r for r in case.rows if r.missed]
    if not missed:
        yield "None."
    for row in missed:
        what = "the bound is not met" if row.met is False else "the record lies outside p10-p90"
        yield f"- **{row.says}**: {what} ({_off(row)}). " + (
            "Candidate causes:" if row.causes else "No cause is known."
        )
        yield from (f"  - {cause}" for cause in row.causes)


def _stages(stages: Sequence[StageCompared]) -> Iterator[str]:
    def told(stage: StageCompared, value: Callable[[Span], float | None]) -> str:
        if stage.predicted is None:
            return "-"
        hours = value(stage.predicted)
        return "never" if hours is None else f"{hours:.2f}"

    def reported(stage: StageCompared) -> str:
        return "not told apart" if stage.reported_h is None else f"{stage.reported_h:.2f}"

    yield from table(
        ("stage", "p10", "p50", "p90", "recorded", ""),
        [
            (
                s.stage,
                told(s, lambda q: q.p10),
                told(s, lambda q: q.p50),
                told(s, lambda q: q.p90),
                reported(s),
                "known" if s.known else "predicted",
            )
            for s in stages
        ],
    )


def _classes(classes: Sequence[Class]) -> Iterator[str]:
    yield from table(
        ("step", "p10 / p50 / p90, h", "reference class", "cases", "grade", "sources"),
        [
            (
                c.step,
                " / ".join("never" if q is None else f"{q:.3g}" for q in (c.hours.p10, c.hours.p50, c.hours.p90)),
                c.reference_class or "none stated",
                "not known" if c.cases is None else str(c.cases),
                c.grade,
                ", ".join(c.sources) or "none",
            )
            for c in classes
        ],
    )


def _ways(ways: Sequence[WaySeen]) -> Iterator[str]:
    def told(hours: float | None) -> str:
        return "never" if hours is None else f"T+{hours:.1f} h"

    yield "Arrival if everything were asked at that instant, earliest first; those that never arrive stand last."
    yield ""
    rows = []
    for way in sorted(ways, key=_earliest):
        span = way.arrival
        arrival = ("never", "never", "never") if span is None else (told(span.p10), told(span.p50), told(span.p90))
        name = way.name + (" (hypothetical)" if way.hypothetical else "") + ("" if way.counts else " (remote)")
        rows.append((f"`{way.way}`", way.provider, name, *arrival, way.verdict, way.says, " ".join(way.also)))
    yield from table(("way", "of", "what", "p10", "p50", "p90", "verdict", "why", "also"), rows)


def _earliest(way: WaySeen) -> tuple[float, float, str]:
    span = way.arrival or Span(None, None, None)
    return (math.inf if span.p10 is None else span.p10, math.inf if span.p50 is None else span.p50, way.way)


def _sources(case: CaseCompared) -> Iterator[str]:
    yield from (f"- {s.id}: {s.title}" for s in case.sources)
    grades = sorted({r.grade for r in case.rows} | {c.grade for r in case.rows for c in r.classes})
    yield from ("", "Grades: " + "; ".join(f"{g}, {GRADES[g]}" for g in grades) + ".")


def _since(case: CaseCompared, at: Instant) -> str:
    return f"T+{(at - case.incident_at).total_seconds() / 3600.0:.2f} h"
