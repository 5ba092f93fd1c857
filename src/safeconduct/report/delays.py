"""Where the hours go: the critical path of each way by stage, as stacked bars."""

from __future__ import annotations

from safeconduct.assessment.answer import Assessment, Delay
from safeconduct.report import choose
from safeconduct.report.figures import hours, share, spread_hours
from safeconduct.report.markup import table, text

WIDTH, LEFT, RIGHT = 1000, 190, 12
BAR, GAP = 20, 34
MOST = 6
LETTER_PX = 6.4


def _ordered(answer: Assessment) -> list[Delay]:
    first = choose.main_delay(answer)
    order = {way.id: place for place, way in enumerate(answer.ways)}
    rest = sorted((d for d in answer.delay if d is not first), key=lambda d: order.get(d.way, len(order)))
    return [*([first] if first else []), *rest][:MOST]


def figure(answer: Assessment) -> str:
    """The delay budgets as one SVG with a common scale, and the stages of the first as a table."""
    budgets = _ordered(answer)
    longest = max((sum(s.hours.p50 or 0.0 for s in b.stages) for b in budgets), default=0.0)
    if longest <= 0.0:
        return "<p>No way arrives, so there is no delay to take apart.</p>" + _limited(answer)
    per_h = (WIDTH - LEFT - RIGHT) / longest
    names = {way.id: way.asset.name for way in answer.ways}
    parts: list[str] = []
    for row, budget in enumerate(budgets):
        parts.append(_bar(budget, names.get(budget.way, budget.way), 6.0 + row * (BAR + GAP), per_h))
    height = 6 + len(budgets) * (BAR + GAP)
    return (
        f'<figure><svg class="chart" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="Delay budget">'
        f"{''.join(parts)}</svg><figcaption>Median hours of each stage; solid edge: both ends are facts of the case."
        "</figcaption></figure>" + _limited(answer) + _stages(budgets[0], names.get(budgets[0].way, budgets[0].way))
    )


def _limited(answer: Assessment) -> str:
    return "".join(f"<p>{text(line)}</p>" for line in choose.limiting_lines(answer))


def _bar(budget: Delay, name: str, top: float, per_h: float) -> str:
    left = float(LEFT)
    short = name if len(name) <= 31 else name[:30] + "…"
    total = f"{hours(budget.total_hours.p50)} until {budget.until}"
    out = [
        f'<text x="{LEFT - 8}" y="{top + 10:.0f}" text-anchor="end">{text(short)}</text>',
        f'<text class="soft" x="{LEFT - 8}" y="{top + 24:.0f}" text-anchor="end">{text(total)}</text>',
    ]
    for i, stage in enumerate(budget.stages):
        width = (stage.hours.p50 or 0.0) * per_h
        edge = f'stroke="var(--s{i % 8})" stroke-width="2"' if stage.recorded else ""
        says = f"{stage.stage} {spread_hours(stage.hours)}" + (", contested" if stage.contested else "")
        out.append(
            f'<g><title>{text(says)}</title><rect x="{left:.1f}" y="{top:.1f}" width="{max(1.0, width - 2):.1f}" '
            f'height="{BAR}" fill="var(--s{i % 8})" fill-opacity="0.35" {edge}/></g>'
        )
        words = f"{stage.stage} {share(stage.share)}" if stage.share is not None else stage.stage
        if len(words) * LETTER_PX < width:
            out.append(f'<text x="{left + 1:.1f}" y="{top + BAR + 12:.1f}">{text(words)}</text>')
        left += width
    return "".join(out)


def _stages(budget: Delay, name: str) -> str:
    rows = (
        (
            text(stage.stage),
            text(spread_hours(stage.hours)),
            share(stage.share) if stage.share is not None else "-",
            ("recorded" if stage.recorded else "predicted") + (", contested" if stage.contested else ""),
            text(stage.note),
        )
        for stage in budget.stages
    )
    heads = ("stage", "hours (p10-p90)", "share", "basis", "note")
    return table(heads, rows, caption=f"{name} until {budget.until}: {spread_hours(budget.total_hours)}")
