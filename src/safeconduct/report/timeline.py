"""What happened, what the light and the weather do, and when each way arrives, on one axis."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from safeconduct.assessment.answer import Assessment
from safeconduct.model.instants import hours_between
from safeconduct.report.figures import clock, moment, since
from safeconduct.report.markup import Anchors, table, tag, text

WIDTH, LEFT, RIGHT = 1000, 190, 12
ROW = 19
STEPS_H = (0.25, 0.5, 1, 2, 3, 6, 12, 24, 48)
EVENT_LANES = 3
DOT_PX = 15.0
HEAD_PX = 105.0
MOST_WAYS = 14
MOST_SPAN_H = 96.0

Place = Callable[[datetime], float]


def hour_ticks(start: datetime, end: datetime, most: int) -> list[datetime]:
    """Round instants from *start* to *end*, at most *most* + 1 of them (fewer steps than that beyond 48 h apart)."""
    span = hours_between(start, end)
    step_s = next((s for s in STEPS_H if span / s <= most), max(STEPS_H[-1], span / most)) * 3600.0
    day = datetime(start.year, start.month, start.day, tzinfo=UTC)
    count = int(-(-(start - day).total_seconds() // step_s))
    out: list[datetime] = []
    while (at := day + timedelta(seconds=count * step_s)) <= end:
        out.append(at)
        count += 1
    return out


def _span(answer: Assessment) -> tuple[datetime, datetime]:
    known = [m.at for m in answer.timeline] + [answer.case.incident_at, answer.as_of]
    last = [at for way in answer.ways if way.arrival for at in (way.arrival.p50, way.arrival.p90) if at]
    start = max(min(known), answer.case.incident_at - timedelta(hours=12))
    latest = max([answer.as_of, *last, min(answer.by, answer.as_of + timedelta(hours=48))])
    return start - timedelta(minutes=20), min(latest, start + timedelta(hours=MOST_SPAN_H)) + timedelta(minutes=20)


def figure(answer: Assessment) -> str:
    """The timeline as an SVG: light, weather, numbered events, arrivals of the ways (p10-p90 with the median)."""
    start, end = _span(answer)
    ways = [w for w in answer.ways if w.arrival and w.arrival.p10][:MOST_WAYS]
    rows = 1 + EVENT_LANES + len(answer.windows.weather) + len(ways)
    base = 22 + rows * ROW + 8

    def x(at: datetime) -> float:
        part = hours_between(start, at) / hours_between(start, end)
        return LEFT + (WIDTH - LEFT - RIGHT) * min(1.0, max(0.0, part))

    parts = [_axis(answer, start, end, x, base)]
    top = 22.0
    parts.append(_label(top, "light"))
    parts.extend(
        _bar(x(s.start), x(s.end), top, s.kind, f"{s.kind} until {clock(s.end)}") for s in answer.windows.light
    )
    for report in answer.windows.weather:
        top += ROW
        until = report.end or (report.end_range.p50 if report.end_range else None) or end
        sure = "" if report.verified else "?"
        parts.append(_label(top, f"{report.id}, {report.place}{sure}"))
        parts.append(_bar(x(report.start), x(until), top, "weather", f"{report.id} until {clock(until)}"))
    top += ROW
    parts.append(_label(top, "events"))
    parts.extend(_dots(answer, x, top))
    top += ROW * (EVENT_LANES - 1)
    for way in ways:
        top += ROW
        parts.append(_label(top, way.asset.name))
        if way.arrival and way.arrival.p10:
            last = way.arrival.p90 or end
            parts.append(_bar(x(way.arrival.p10), x(last), top, "range", f"{way.asset.name}: p10 to p90"))
            if way.arrival.p50:
                at = x(way.arrival.p50)
                parts.append(f'<line class="median" x1="{at:.1f}" x2="{at:.1f}" y1="{top:.1f}" y2="{top + 14:.1f}"/>')
    return (
        f'<figure><svg class="chart" viewBox="0 0 {WIDTH} {base + 36}" role="img" aria-label="Timeline">'
        f"{''.join(parts)}</svg><figcaption>Light: pale day, middle twilight, dark night. Ways: p10 to p90, the bar "
        "marks the median; a range that runs to the edge may never arrive.</figcaption></figure>"
    )


def _dots(answer: Assessment, x: Place, top: float) -> list[str]:
    """The numbered events, each in the first lane that has room, else in the last."""
    ends = [-DOT_PX] * EVENT_LANES
    out = []
    for place, event in enumerate(answer.timeline, start=1):
        at = x(event.at)
        lane = next((i for i, end in enumerate(ends) if at - end >= DOT_PX), EVENT_LANES - 1)
        ends[lane] = at
        y = top + lane * ROW
        out.append(
            f'<g><title>{text(event.says)}</title><circle class="dot" cx="{at:.1f}" cy="{y + 7:.1f}" r="7"/>'
            f'<text class="num" x="{at:.1f}" y="{y + 10:.1f}">{place}</text></g>'
        )
    return out


def _axis(answer: Assessment, start: datetime, end: datetime, x: Place, base: float) -> str:
    out = [f'<line class="axis" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{base}" y2="{base}"/>']
    for at in hour_ticks(start, end, 10):
        out.append(f'<line class="grid" x1="{x(at):.1f}" x2="{x(at):.1f}" y1="16" y2="{base}"/>')
        out.append(hour_mark(answer, at, x(at), base))
    least = 0.0
    for at, words in ((answer.case.incident_at, "incident"), (answer.as_of, "as known at")):
        left = max(x(at) + 3, least)
        least = left + HEAD_PX
        out.append(f'<line class="asof" x1="{x(at):.1f}" x2="{x(at):.1f}" y1="14" y2="{base}"/>')
        out.append(f'<text x="{left:.1f}" y="11">{words} {clock(at).split()[-1]}</text>')
    return "".join(out)


def hour_mark(answer: Assessment, at: datetime, x: float, base: float) -> str:
    """A tick of a time axis at *base*: UTC, and below it the time from the incident."""
    past = since(answer.case.incident_at, at)
    return (
        f'<line class="axis" x1="{x:.1f}" x2="{x:.1f}" y1="{base}" y2="{base + 4}"/>'
        f'<text class="soft" x="{x:.1f}" y="{base + 16}" text-anchor="middle">{clock(at).split()[-1]}</text>'
        f'<text class="soft" x="{x:.1f}" y="{base + 29}" text-anchor="middle">{past}</text>'
    )


def _label(top: float, words: str) -> str:
    short = words if len(words) <= 31 else words[:30] + "…"
    return f'<text x="{LEFT - 8}" y="{top + 11:.1f}" text-anchor="end">{text(short)}</text>'


def _bar(left: float, right: float, top: float, kind: str, says: str) -> str:
    width = max(1.5, right - left)
    return (
        f'<rect class="{text(kind)}" x="{left:.1f}" y="{top + 1:.1f}" width="{width:.1f}" height="12">'
        f"<title>{text(says)}</title></rect>"
    )


def events(answer: Assessment, anchors: Anchors) -> str:
    """The events as a table, numbered as in the figure, each with its source."""
    rows = (
        (
            str(place),
            text(moment(answer.case.incident_at, event.at)),
            text(event.party),
            tag(event.kind),
            text(event.says) + (" <em>contested</em>" if event.contested else ""),
            anchors.links(event.sources, event.grade, verified=event.verified),
        )
        for place, event in enumerate(answer.timeline, start=1)
    )
    return table(("no.", "when", "party", "kind", "what", "source"), rows, kind="events")
