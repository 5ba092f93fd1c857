"""What each hour of silence costs: the value still to be had from each clearance, by the hour it is granted."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import datetime

from safeconduct.assessment.answer import Assessment, Clearance
from safeconduct.model.instants import hours_between
from safeconduct.report import choose
from safeconduct.report.figures import GAIN_WORDS, NOTHING_BELOW
from safeconduct.report.markup import text
from safeconduct.report.timeline import hour_mark, hour_ticks

WIDTH, HEIGHT = 1000, 330
LEFT, RIGHT, TOP, BOTTOM = 190, 60, 26, 44
LABEL_STEP = 14
DASHES = ("", "7 3", "2 3", "9 3 2 3", "", "7 3", "2 3", "9 3 2 3")
MOST_LINES = 8


def drawn(answer: Assessment) -> tuple[Clearance, ...]:
    """Clearances whose curve rises above half a percentage point of the goal's maximum, the most worth first."""
    least = NOTHING_BELOW * choose.goal_scale(answer).maximum
    lines = [
        c for c in choose.most_worth_first(answer.clearances) if c.curve and max(p.value for p in c.curve) >= least
    ]
    return tuple(lines[:MOST_LINES])


def spread_labels(places: Sequence[float], step: float, lowest: float) -> list[float]:
    """
    Move labels apart so that none is nearer than *step* to the next, keeping their order and staying above *lowest*.

    >>> spread_labels([10.0, 11.0, 40.0], 14.0, 100.0)
    [10.0, 24.0, 40.0]
    """
    order = sorted(range(len(places)), key=lambda i: places[i])
    out = list(places)
    last = -math.inf
    for i in order:
        out[i] = last = max(places[i], last + step)
    ceiling = lowest
    for i in reversed(order):
        out[i] = min(out[i], ceiling)
        ceiling = out[i] - step
    return out


def ticks(most: float) -> list[float]:
    """
    Round values from 0 to just beyond *most* > 0, five at most.

    >>> ticks(0.12)
    [0.0, 0.05, 0.1, 0.15]
    """
    step = 10.0 ** math.floor(math.log10(most / 4))
    step *= next(m for m in (1, 2, 2.5, 5, 10) if step * m * 4 >= most * 0.999)
    return [round(i * step, 10) for i in range(math.ceil(most / step - 1e-9) + 1)]


def figure(answer: Assessment) -> str:
    """The curves as an SVG, one line for each clearance that is worth something, named where it starts."""
    lines = drawn(answer)
    if not lines:
        return "<p>No open clearance is worth half a percentage point at any hour: silence costs nothing here.</p>"
    scale = choose.goal_scale(answer)
    start, end = min(c.curve[0].at for c in lines), max(c.curve[-1].at for c in lines)
    if start == end:
        return "<p>Too late to draw: the curves hold one instant only.</p>"
    levels = ticks(max(p.value for c in lines for p in c.curve))
    plot_w, plot_h = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def x(at: datetime) -> float:
        return LEFT + plot_w * hours_between(start, at) / hours_between(start, end)

    def y(value: float) -> float:
        return TOP + plot_h * (1 - value / levels[-1])

    parts = [_value_axis(answer, [(v, y(v)) for v in levels]), _time_axis(answer, start, end, x)]
    labels = spread_labels([y(c.curve[0].value) for c in lines], LABEL_STEP, TOP + plot_h)
    for i, (line, label_y) in enumerate(zip(lines, labels, strict=True)):
        path = " ".join(f"{x(p.at):.1f},{y(p.value):.1f}" for p in line.curve)
        colour, dash = f"var(--s{i % 8})", DASHES[i % 8]
        first_y = y(line.curve[0].value)
        parts.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"/>'
            f'<polyline points="{LEFT - 40},{label_y:.1f} {LEFT - 30},{label_y:.1f} {LEFT - 4},{first_y:.1f}" '
            f'fill="none" stroke="{colour}" stroke-dasharray="{dash}"/>'
            f'<text x="{LEFT - 44}" y="{label_y + 4:.1f}" text-anchor="end">{text(line.id)}</text>'
        )
    says = "What each hour of silence costs: worth of each clearance by the hour it is granted"
    note = "All other open clearances granted now." + (
        " Words, because over half the input is unverified." if scale.in_words else ""
    )
    return (
        f'<figure><svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{says}">'
        f"{''.join(parts)}</svg><figcaption>{note}</figcaption></figure>"
    )


def _value_axis(answer: Assessment, levels: Sequence[tuple[float, float]]) -> str:
    scale = choose.goal_scale(answer)
    unit = "in words" if scale.in_words else "persons" if scale.counts_persons else "percentage points"
    head = f'<text class="soft" x="{WIDTH - 4}" y="12" text-anchor="end">worth if granted then ({unit})</text>'
    out = [head]
    for value, at in levels:
        if scale.in_words:
            said = next(word for bound, word in GAIN_WORDS if value / scale.maximum < bound)
        else:
            said = f"{value:g}" if scale.counts_persons else f"{value * 100:g}"
        out.append(
            f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{at:.1f}" y2="{at:.1f}"/>'
            f'<text class="soft" x="{WIDTH - RIGHT + 6}" y="{at + 4:.1f}">{text(said)}</text>'
        )
    return "".join(out)


def _time_axis(answer: Assessment, start: datetime, end: datetime, x: Callable[[datetime], float]) -> str:
    base = HEIGHT - BOTTOM
    out = [f'<line class="axis" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{base}" y2="{base}"/>']
    out.extend(hour_mark(answer, at, x(at), base) for at in hour_ticks(start, end, 8))
    return "".join(out)
