"""The plain parts of a page: situation, the three states of the value, assumptions, unknowns, sources."""

from __future__ import annotations

from collections.abc import Iterator

from safeconduct.assessment.answer import Assessment, GoalValue, Persons
from safeconduct.report import choose
from safeconduct.report.figures import Scale, area, arrival, goal_words, level, moment, share
from safeconduct.report.markup import Anchors, items, table, text
from safeconduct.report.tables import light, weather_line, wind_line


def situation(answer: Assessment, anchors: Anchors) -> str:
    """Where, who, light, weather, who coordinates."""
    return "<dl>" + "".join(f"<dt>{head}</dt><dd>{body}</dd>" for head, body in _facts(answer, anchors)) + "</dl>"


def _facts(answer: Assessment, anchors: Anchors) -> Iterator[tuple[str, str]]:
    case, place = answer.case, answer.where
    yield "Lost", text(f"{case.lost} ({case.emergency}), host {case.host}")
    areas = ", ".join(f"{share(a.share)} within {area(a.area_km2)}" for a in place.containment)
    lon, lat = place.site
    site = f"{abs(lat):.3f}° {'N' if lat >= 0 else 'S'} {abs(lon):.3f}° {'E' if lon >= 0 else 'W'}"
    said = f"known: {site}" if place.known else f"not known; {areas or 'no map'}; ways are computed to {site}"
    reports = items(
        f"{text(s.what)}: likely true {share(s.weight)}, {text(s.reliability + s.credibility)} "
        + anchors.links(s.sources, s.grade, verified=s.verified)
        for s in place.sources
    )
    not_mapped = (
        f'<span class="soft">Not on the map: {text("; ".join(place.not_mapped))}</span>' if place.not_mapped else ""
    )
    yield "Where", text(said) + reports + not_mapped
    yield "Persons", items(_persons(group, answer, anchors) for group in answer.persons) or "none stated"
    yield "Light", text(light(answer))
    now = [w for w in answer.windows.weather if w.end is None or w.end > answer.as_of]
    lines = (
        text(weather_line(w, answer)) + (f" {text(w.note)}" if w.note else "") + " "
        + anchors.links(w.sources, w.grade, verified=w.verified)
        for w in now
    )  # fmt: skip
    yield "Weather", items(lines) or "unknown"
    if answer.windows.winds:
        blows = (
            text(wind_line(w, answer)) + (f" {text(w.note)}" if w.note else "") + " "
            + anchors.links(w.sources, w.grade, verified=w.verified)
            for w in answer.windows.winds
        )  # fmt: skip
        yield "Wind", items(blows)
    yield "Coordinates", text(choose.coordination(answer))


def _persons(group: Persons, answer: Assessment, anchors: Anchors) -> str:
    chance = "no survival model: not counted"
    if group.alive_now is not None:
        chance = f"alive now {level(group.alive_now, Scale('probability', 1.0, answer.unverified_share))}"
    said = f"{group.count} {group.id} (injury: {group.injury}; {group.exposure}): {chance}; {group.survival}"
    return f"{text(said)} {anchors.links(group.sources, verified=group.verified)}"


def value(answer: Assessment) -> str:
    """The three states of the goal shown, and of the other goals."""
    scale, states = choose.goal_scale(answer), answer.value
    boxes = "".join(
        f"<div>{head}<b>{text(level(q, scale))}</b></div>"
        for head, q in (
            ("As it stands", states.as_it_stands),
            ("Nothing more granted", states.nothing_more),
            ("All granted now", states.all_now),
        )
    )
    incident = answer.case.incident_at
    goal = f"{goal_words(answer.goal)} by {moment(incident, answer.by)}"
    rows = (_goal(goal_value, answer) for goal_value in answer.goals)
    return (
        f'<p>{text(goal[0].upper() + goal[1:])}</p><div class="states">{boxes}</div>'
        f"<p>Found {text(arrival(incident, answer.find_time))}; "
        f"reached {text(arrival(incident, answer.reach_time))}.</p>"
        + table(("goal", "as it stands", "nothing more", "all now", ""), rows)
    )


def _goal(goal: GoalValue, answer: Assessment) -> tuple[str, ...]:
    scale = Scale(goal.unit, max(goal.maximum, 1e-9), answer.unverified_share)
    states = (goal.as_it_stands, goal.nothing_more, goal.all_now)
    note = "no permission changes it" if goal.negligible else ""
    return (text(goal.goal), *(text(level(q, scale)) for q in states), note)


def assumed(answer: Assessment, anchors: Anchors) -> str:
    """Every figure with its origin, the unverified first, and what nobody knows."""
    rows = (
        (
            text(c.what),
            text(f"{c.value} {c.unit}".strip()) + ("" if c.verified else '<span class="unverified">?</span>'),
            anchors.links(c.sources, c.grade),
            text(c.note),
        )
        for c in sorted(answer.assumptions, key=lambda c: c.verified)
    )
    unknowns = items(text(u) for u in answer.unknowns) or "<p>Nothing named.</p>"
    head = f"<p>{share(answer.unverified_share)} of the input is unverified.</p>"
    return f"{head}<h3>Unknown</h3>{unknowns}<h3>Assumed</h3>" + table(("what", "value", "source, grade", "note"), rows)


def sources(answer: Assessment, anchors: Anchors) -> str:
    """What the links of every figure lead to."""
    lines = (f'<span id="{anchors.place(s.id)}"><b>{text(s.id)}</b> {text(s.title)}</span>' for s in answer.sources)
    return items(lines) or "<p>None.</p>"
