"""Sections of the validation page: stages, limiting causes, early permission, calibration, counts of those found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from safeconduct.formats.comparison import (
    Calibration,
    CaseCompared,
    CauseCompared,
    Class,
    Compared,
    FoundAlive,
    Permission,
    Span,
)
from safeconduct.report.markdown import clock, sentence, table

GROUPS_H = "request / permission / distance / weather, h"

STAGE_HEAD = ("stage", "kind", "predicted, h", "reported, h", "difference", "result", "from", "grade", "sources")


def causes(case: CaseCompared) -> Iterator[str]:
    """What limited each kind of help: computed beside what the sources support."""
    yield "### What limited it"
    yield ""
    yield from table(
        (
            "kind of help",
            "as known at",
            "computed",
            "request / permission / distance / weather, h",
            "sources say",
            "result",
        ),
        [_cause(cause) for cause in case.causes],
    )
    for cause in case.causes:
        yield ""
        yield f"- {cause.help}, computed: {cause.why}."
        if cause.says:
            origin = ", ".join(cause.sources) or "derived"
            yield f"- {cause.help}, sources: {_plain(cause.says)}. Grade {cause.grade}; {origin}."
        if cause.agrees is False:
            yield f"- {cause.help}, they disagree: {_plain(cause.reason) or 'no reason is known'}."


def _cause(cause: CauseCompared) -> tuple[str, ...]:
    hours = "-" if cause.hours is None else " / ".join(f"{h:.1f}" for h in cause.hours)
    result = {True: "agrees", False: "**disagrees**", None: "no source says"}[cause.agrees]
    return (cause.help, clock(cause.at), cause.computed, hours, cause.supported or "-", result)


def permissions(case: CaseCompared) -> Iterator[str]:
    """What a permission an hour after the event would have been worth."""
    yield "### A permission an hour after the event"
    yield ""
    yield (
        f"As known at {clock(case.predicted_at)}. Predicted: what is not asked is asked then, and answered after its "
        "lead time. Permitted: everything granted, and everybody told, an hour after the event. Median arrival, hours "
        "since it."
    )
    yield ""
    yield from table(
        ("kind of help", "way", "predicted", "permitted", "worth"), [_permission(p) for p in case.permissions]
    )
    yield ""
    yield from table(
        ("goal", "predicted", "permitted", "worth"),
        [
            (w.goal, f"{w.predicted:.2g}", f"{w.permitted:.2g}", f"{w.permitted - w.predicted:+.2g} {w.unit}")
            for w in case.worth
            if w.maximum > 0.0
        ],
    )


def _permission(each: Permission) -> tuple[str, ...]:
    def told(hours: float | None) -> str:
        return "never" if hours is None else f"T+{hours:.1f} h"

    if each.permitted_h is None:
        worth = "nothing: it never arrives"
    elif each.predicted_h is None:
        worth = "that it arrives at all"
    else:
        worth = f"{each.predicted_h - each.permitted_h:.1f} h"
    return (each.help, f"`{each.way}`", told(each.predicted_h), told(each.permitted_h), worth)


def stages(case: CaseCompared) -> Iterator[str]:
    """Every stage with both ends in the sources."""
    rows = [row for row in case.rows if row.stage is not None]
    yield "### Stage by stage"
    yield ""
    yield f"As known at {clock(case.predicted_at)} unless a row says otherwise; no duration is taken from this case."
    yield ""
    yield from table(STAGE_HEAD, [_stage(case, row) for row in rows])
    drawn = {(c.reference_class, c.members): c for row in rows for c in row.classes if c.reference_class}
    if drawn:
        yield from ("", "Drawn from:", "")
        yield from (f"- {_class(each)}" for each in drawn.values())


def _stage(case: CaseCompared, row: Compared) -> tuple[str, ...]:
    told = row.stage
    kind = told.kind if told else ""
    low, high = told.bounds_h if told else (row.reported, row.reported)
    reported = f"{row.reported:.2f}" if low == high else f"{row.reported:.2f} ({low:g} to {high:g})"
    at = (
        ""
        if row.known_at in (None, case.predicted_at)
        else f" (as known at {clock(row.known_at)})"
        if row.known_at
        else ""
    )
    drawn = "; ".join(f"{_cases(c)}" for c in row.classes) or "-"
    origin = (drawn, row.grade, ", ".join(row.sources))
    if row.span is None:
        return (row.says + at, kind, "no other case", reported, "-", "not counted", *origin)
    result = "inside p10-p90" if row.inside else "**outside p10-p90**"
    off = "-" if row.difference is None else f"{row.difference:+.2f}"
    return (row.says + at, kind, _span(row.span), reported, off, result, *origin)


def _cases(each: Class) -> str:
    if each.cases is None:
        return "the plan" if not each.reference_class else "cases not counted"
    return f"{each.cases} case{'s' if each.cases != 1 else ''}"


def _class(each: Class) -> str:
    said = sentence(each.reference_class)
    return f"{said} {sentence(each.members) if each.members else ''} Grade {each.grade}.".replace("  ", " ")


def _span(span: Span) -> str:
    def told(hours: float | None) -> str:
        return "never" if hours is None else f"{hours:.2f}"

    return f"{told(span.p50)} ({told(span.p10)} to {told(span.p90)})"


def calibration(found: Calibration) -> Iterator[str]:
    """How often the intervals held what was reported, and what so few stages can show."""
    every = found.tallies[-1]
    yield "## Calibration"
    yield ""
    yield from table(
        ("stages", "count", "inside p10-p90", "inside p25-p75", "bias, h", "predicted / reported"),
        [
            (
                t.kind,
                str(t.count),
                f"{t.inside} ({100.0 * t.inside / t.count:.0f} %)",
                f"{t.inside_half} ({100.0 * t.inside_half / t.count:.0f} %)",
                f"{t.bias_h:+.2f}",
                "-" if t.ratio is None else f"{t.ratio:.2f}",
            )
            for t in found.tallies
        ],
    )
    low, high = found.share
    yield ""
    yield (
        f"{every.inside} of {every.count} stages lie in p10-p90. The share behind such a count lies between "
        f"{100.0 * low:.0f} % and {100.0 * high:.0f} % (95 %, Clopper-Pearson). Intervals that hold 80 % would have "
        f"held {found.expected[0]} to {found.expected[1]} of {every.count} in nineteen of twenty such collections, and "
        f"p25-p75 {found.expected_half[0]} to {found.expected_half[1]}."
    )
    yield ""
    yield (
        "So the count can show intervals that are badly wrong, and no more. The stages are fewer than they seem: those "
        "of one case share its people, its weather and its sources. Bias is the predicted median less the record; over "
        "0 the program is too slow. A record with bounds counts by its middle."
    )
    if found.silent:
        yield ""
        yield (
            f"{found.silent} more stage{'s are' if found.silent != 1 else ' is'} reported for which no other case lets "
            "anything be predicted; they are on the page and in no count."
        )


def found_alive(tables: Sequence[FoundAlive]) -> Iterator[str]:
    """The test of what is found in ruins."""
    yield "## Alive among those brought out of ruins"
    yield ""
    yield (
        "These counts are no survival curve: those who died at once are in them, and who answers is brought out first. "
        "They test a model of what is found, with three unknowns: the share alive at first, how fast the living die, "
        "and how many times sooner a living person is brought out. Each day is predicted from the other days."
    )
    for each in tables:
        yield from ("", f"### {each.title}", "")
        yield from table(
            ("until, h", "alive / brought out", "counted (95 %)", "predicted from the other days", "result"),
            [
                (
                    f"{d.until_h:g}",
                    f"{d.alive} / {d.out}",
                    f"{100.0 * d.alive / d.out:.1f} % ({100.0 * d.low:.1f} to {100.0 * d.high:.1f})",
                    "-" if d.predicted is None else f"{100.0 * d.predicted:.1f} %",
                    _held(d.low, d.predicted, d.high),
                )
                for d in each.days
            ],
        )
        yield from ("", *_misses(each), "", "Readings of the same counts, each the best fit for its favour:", "")
        ends = [f"alive at {d.until_h:g} h" for d in each.days]
        yield from table(
            ("the living sooner by", *ends, "largest misfit"),
            [
                (f"{r.favour:g} times", *(f"{100.0 * s:.0f} %" for s in r.survives), f"{100.0 * r.misfit:.0f} points")
                for r in each.readings
            ],
        )
        yield from ("", _verdict(each), "", f"Grade {each.grade}; {each.note}. Sources: {_titles(each)}.")


def _held(low: float, predicted: float | None, high: float) -> str:
    if predicted is None:
        return "not predicted"
    return "inside" if low <= predicted <= high else "**outside**"


def _misses(each: FoundAlive) -> Iterator[str]:
    out = [d for d in each.days if d.predicted is not None and not d.low <= d.predicted <= d.high]
    yield (
        f"{len(out)} of {len(each.days)} days lie outside what sampling explains. One rate of dying for all cannot "
        "hold those who are crushed and those who are only shut in, and no more is read into five numbers."
        if out
        else "Every day lies inside what sampling explains."
    )


def _verdict(each: FoundAlive) -> str:
    second = [r.survives[1] for r in each.readings]
    return (
        f"The readings put those still alive at {each.days[1].until_h:g} h, of the living under the ruins, anywhere "
        f"from {100.0 * min(second):.0f} % to {100.0 * max(second):.0f} %. The counts do not tell how long people "
        "last, so no survival curve is made of them."
    )


def _titles(each: FoundAlive) -> str:
    return "; ".join(source.title for source in each.sources)


def _plain(text: str) -> str:
    return text.rstrip(".")


def blocks(parts: Iterable[Iterator[str]]) -> Iterator[str]:
    """Sections with an empty line before each."""
    for part in parts:
        yield ""
        yield from part
