"""The tables and lines of the terminal answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from safeconduct.assessment.answer import (
    Ask,
    Assessment,
    Clearance,
    GoalValue,
    InstantQuantiles,
    LeadTime,
    Quantiles,
    Sets,
    Way,
    WeatherReport,
    WindTold,
)
from safeconduct.report import choose
from safeconduct.report.figures import (
    Scale,
    arrival,
    brief,
    clock,
    gain,
    hours,
    level,
    mark,
    moment,
    share,
    spread_hours,
)

SHOWN = ((10, 12), (10, 9), (8, 7), (6, 5))
"""Ways and open clearances shown, from the usual to what is left when texts are long."""
GRANTED_SHOWN = 8
SETS_SHOWN = 3
PAIRS_SHOWN = 3
MISSING_SHOWN = 3
WORTH_WIDTH = 16
CONDITIONS_LETTERS = 40
ASKS_SHOWN = 5
STYLES = {
    "useful": "bold green",
    "granted": "green",
    "refused": "red",
    "revoked": "red",
    "lapsed": "red",
    "high": "red",
    "elevated": "yellow",
}


def heading(text: str) -> Text:
    """A heading; bold where the terminal can, and a line of its own where it cannot."""
    return Text(choose.clean(text), style="bold")


def pairs(rows: Sequence[tuple[str, str]]) -> RenderableType:
    """Label and text, the texts wrapped under each other."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True, width=13)
    grid.add_column(ratio=1)
    for label, text in rows:
        grid.add_row(Text(f" {label}"), Text(choose.clean(text)))
    return grid


def persons(answer: Assessment) -> Iterator[str]:
    """One line for each group: how many, in what state, their chance of being alive now."""
    for group in answer.persons:
        chance = "no survival model: not counted"
        if group.alive_now is not None:
            scale = Scale("probability", 1.0, answer.unverified_share)
            chance = f"alive now {mark(level(group.alive_now, scale), verified=group.verified)}"
        yield f"{group.count} {group.id} ({group.injury}; {group.exposure}): {chance}"


def light(answer: Assessment) -> str:
    """The light now and its next three changes."""
    spans = [span for span in answer.windows.light if span.end > answer.as_of]
    if not spans:
        return "unknown"
    words = [f"{spans[0].kind} until {clock(spans[0].end, near=answer.as_of)}"]
    words.extend(f"{span.kind} from {moment(answer.case.incident_at, span.start)}" for span in spans[1:4])
    return ", ".join(words)


def weather(answer: Assessment) -> Iterator[str]:
    """One line for each report that holds now or later."""
    for report in answer.windows.weather:
        if report.end is None or report.end > answer.as_of:
            yield weather_line(report, answer)


def weather_line(report: WeatherReport, answer: Assessment) -> str:
    """One report: what, until when, how far believed where reports conflict."""
    until = "end unknown"
    if report.end is not None:
        until = f"until {clock(report.end, near=answer.as_of)}"
    elif report.end_range is not None:
        until = f"until {arrival(answer.case.incident_at, report.end_range)}"
    facts = [
        f"visibility {report.visibility_m:,.0f} m" if report.visibility_m is not None else "visibility unknown",
        f"cloud base {report.cloud_base_m:,.0f} m" if report.cloud_base_m is not None else "",
        "ground hidden from above" if report.ground_hidden else "",
        "icing" if report.icing else "",
    ]
    said = mark(", ".join(fact for fact in facts if fact), verified=report.verified)
    return f"{report.place}: {said}, {until}" + (f" (believed {share(report.share)})" if report.share < 1 else "")


def winds(answer: Assessment) -> Iterator[str]:
    """One line for each wind that holds now or later."""
    for wind in answer.windows.winds:
        if wind.end > answer.as_of:
            yield wind_line(wind, answer)


def wind_line(wind: WindTold, answer: Assessment) -> str:
    """One wind: where from, how strong, how high, until when, how far believed where reports conflict."""
    speed, height = wind.speed_kmh, ""
    if wind.height_m is not None:
        low, high = wind.height_m
        height = f" at {low:,.0f} m" if low == high else f" at {low:,.0f}-{high:,.0f} m"
    figures = f"from {wind.from_deg:03.0f}, {speed.p50:.0f} km/h ({speed.p10:.0f}-{speed.p90:.0f})"
    said = mark(figures, verified=wind.verified)
    since = f"from {clock(wind.start, near=answer.as_of)} " if wind.start > answer.as_of else ""
    believed = f" (believed {share(wind.share)})" if wind.share < 1 else ""
    return f"{wind.id}: {said}{height}, {since}until {clock(wind.end, near=answer.as_of)}{believed}"


def goal_line(goal: GoalValue, answer: Assessment) -> str:
    """The three states of a goal that is not the one shown."""
    scale = Scale(goal.unit, max(goal.maximum, 1e-9), answer.unverified_share)
    if goal.negligible:
        return f"no permission changes it (all now {level(goal.all_now, scale)})"
    return f"as it stands {level(goal.as_it_stands, scale)}; all now {level(goal.all_now, scale)}"


def _table(*columns: tuple[str, int | None]) -> Table:
    table = Table(box=None, padding=(0, 1), pad_edge=True, expand=True, show_edge=False, header_style="dim")
    for name, width in columns:
        table.add_column(name, width=width, ratio=None if width else 1, overflow="fold")
    return table


def _cell(text: str, style: str = "") -> Text:
    return Text(choose.clean(text), style=style)


def ways(answer: Assessment, most: int) -> Group:
    """The best ways, *most* of them, and the others counted by verdict."""
    order = answer.ways
    shown, rest = order[:most], order[most:]
    table = _table(("way", 23), ("arrives (p10-p90)", 27), ("NOT CLEARED for", 18), ("risk", 8), ("verdict: why", None))
    for way in shown:
        table.add_row(*_way(way, answer))
    lines: list[RenderableType] = [heading("Ways, best first"), table]
    if rest:
        lines.append(_cell(f" and {len(rest)} more: {choose.by_verdict(rest)} (--json)"))
    if not order:
        lines.append(_cell(" none in the case"))
    return Group(*lines)


def _way(way: Way, answer: Assessment) -> tuple[Text, ...]:
    incident = answer.case.incident_at
    name = f"{way.asset.name} [{way.provider}]" + (" hypothetical" if way.asset.hypothetical else "")
    when = brief(incident, way.arrival)
    if way.state != "possible":
        name += f" {way.state}"
    if way.verified_share < 0.5:
        when += "?"
    reason = _cell(way.verdict, STYLES.get(way.verdict, "bold"))
    reason.append(": " + choose.clean(choose.why(way)), style="not bold default")
    style = STYLES.get(way.risk.level, "")
    return (
        _cell(name),
        _cell(when),
        _cell(" ".join(way.missing[:MISSING_SHOWN]) + _more(way.missing, MISSING_SHOWN) or "-"),
        _cell(way.risk.level, style),
        reason,
    )


def _plain(value: float) -> str:
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}".removesuffix(".0")


def lead(time: LeadTime | None) -> str:
    """The usual lead time."""
    if time is None:
        return "unknown"
    spread = "" if time.p10 == time.p90 else f" ({_plain(time.p10)}-{_plain(time.p90)})"
    return mark(f"{hours(time.p50)}{spread}", verified=time.verified)


def board(answer: Assessment, most: int) -> Group:
    """Who must say yes, the *most* open clearances that are worth most, then those granted."""
    scale = choose.goal_scale(answer)
    order = choose.most_worth_first(answer.clearances)
    granted = [c for c in order if c.status == "granted"]
    open_ones = [c for c in order if c.status != "granted"]
    unit = "" if scale.counts_persons or scale.in_words else " (pts)"
    table = _table(
        ("clearance", 18),
        ("who must say yes", None),
        ("basis", 8),
        ("status", 12),
        ("usual lead", 14),
        ("half value at", 13),
        ("last useful", 13),
        (f"worth{unit}: alone/last/ Shapley", WORTH_WIDTH),
    )
    for clearance in open_ones[:most]:
        table.add_row(*_clearance(clearance, answer, scale))
    lines: list[RenderableType] = [heading("Clearances: who must say yes")]
    if open_ones:
        lines.append(table)
    if len(open_ones) > most:
        lines.append(_cell(f" and {len(open_ones) - most} of less worth (--json)"))
    if granted:
        lines.append(
            _cell(
                " granted: " + ", ".join(_granted(c) for c in granted[:GRANTED_SHOWN]) + _more(granted, GRANTED_SHOWN)
            )
        )
    if not order:
        lines.append(_cell(" none needed"))
    return Group(*lines)


def _more(things: Sequence[object], most: int) -> str:
    return f", and {len(things) - most} more" if len(things) > most else ""


def _granted(clearance: Clearance) -> str:
    told = "; ".join(clearance.conditions)
    if len(told) > CONDITIONS_LETTERS:
        told = f"{len(clearance.conditions)} conditions" if len(clearance.conditions) > 1 else "1 condition"
    return f"{clearance.id} ({told})" if told else clearance.id


def _clearance(clearance: Clearance, answer: Assessment, scale: Scale) -> tuple[Text, ...]:
    incident = answer.case.incident_at
    worth = clearance.value
    values = tuple(gain(v, scale).removesuffix(" pts") for v in (worth.alone, worth.last, worth.shapley))
    said = "none" if set(values) == {"none"} else "/".join(values)
    if len(said) > WORTH_WIDTH:
        said = " / ".join(values)
    if worth.shapley_error > 0 and not scale.in_words:
        said += f" ±{worth.shapley_error / (1 if scale.counts_persons else scale.maximum / 100):.1g}"
    return (
        _cell(clearance.id),
        _cell(f"{clearance.authority} {clearance.office}".strip()),
        _cell(choose.basis(clearance)),
        _cell(clearance.status, STYLES.get(clearance.status, "")),
        _cell(lead(clearance.lead_time_h)),
        _cell(_when(incident, clearance.half_value_at)),
        _cell(_when(incident, clearance.last_useful_at)),
        _cell(said),
    )


def _when(incident: datetime, at: datetime | None) -> str:
    if at is None:
        return "-"
    return brief(incident, InstantQuantiles(at, at, at))


def _named(sets: Sequence[Sets]) -> str:
    return "; ".join(
        "{" + ", ".join(each.clearances) + "}" + (" borderline" if each.borderline else "")
        for each in sets[:SETS_SHOWN]
    )


def sets(answer: Assessment) -> Group:
    """Smallest sufficient and blocking sets with their counts; of those found, where not all were looked at."""
    scale = choose.goal_scale(answer)
    target = level_only(answer.value.target, scale)
    found, bound = ("", "") if answer.sets_complete else (" found", " at least")
    enough = _named(answer.sufficient_sets) or "none: no set of open clearances reaches it"
    if answer.sufficient_sets and not answer.sufficient_sets[0].clearances:
        enough = "nothing more is needed"
    block = _named(answer.blocking_sets) or "none: nobody can stop it"
    if answer.blocking_sets and not answer.blocking_sets[0].clearances:
        block = "it is out of reach with every clearance"
    rows = [
        ("Enough", f"{enough} ({bound.strip() + ' ' if bound else ''}{answer.sufficient_count} in all)"),
        ("Can stop it", f"{block} ({bound.strip() + ' ' if bound else ''}{answer.blocking_count} in all)"),
    ]
    if answer.interactions:
        rows.append(("Pairs", "; ".join(choose.pair(each, scale) for each in answer.interactions[:PAIRS_SHOWN])))
    return Group(heading(f"Smallest sets{found} for the target of {target}"), pairs(rows))


def level_only(value: float, scale: Scale) -> str:
    """A value without a spread: a target. It says as little as the values it is made from."""
    if scale.in_words:
        return level(Quantiles(value, value, value), scale)
    return level(Quantiles(value, value, value), Scale(scale.unit, scale.maximum, 0.0))


def order(answer: Assessment) -> Group:
    """The order to ask."""
    scale = choose.goal_scale(answer)
    rows = [
        (f"{place}.", ask_line(step, answer, scale))
        for place, step in enumerate(answer.ask_order.steps[:ASKS_SHOWN], 1)
    ]
    gap = f", up to {gain(answer.ask_order.gap, scale)} short of the best" if choose.tells_gap(answer) else ""
    return Group(heading(f"Order to ask ({answer.ask_order.method}{gap})"), pairs(rows or [("", "nothing to ask")]))


def ask_line(step: Ask, answer: Assessment, scale: Scale) -> str:
    """One step of the order to ask."""
    by = moment(answer.case.incident_at, step.ask_by) if step.ask_by else "now, no limit known"
    usual = hours(step.lead_time_p50_h) if step.lead_time_p50_h is not None else "unknown"
    head = f"{step.clearance}: {step.says} (of {step.of} for {step.on_behalf_of})"
    return f"{head}; ask by {by}; usual lead {usual}; worth {gain(step.worth, scale)}"


def delay(answer: Assessment) -> Group:
    """Where the hours go for the recorded or the best way."""
    budget = choose.main_delay(answer)
    limited = [Padding(_cell(says), (0, 0, 0, 1)) for says in choose.limiting_lines(answer)]
    if budget is None:
        return Group(heading("Delay budget"), _cell(" no way arrives"), *limited)
    stages = " | ".join(
        f"{stage.stage}{' (contested)' if stage.contested else ''} {spread_hours(stage.hours)}"
        + (f" {share(stage.share)}" if stage.share is not None else "")
        for stage in budget.stages
    )
    title = f"Delay budget: {budget.way} until {budget.until}, {spread_hours(budget.total_hours)}"
    return Group(heading(title), Padding(_cell(stages), (0, 0, 0, 1)), *limited)
