"""Clearances of a page: who must say yes, the sets, and the order to ask."""

from __future__ import annotations

from collections.abc import Sequence

from safeconduct.assessment.answer import Assessment, Clearance, Sets
from safeconduct.report import choose
from safeconduct.report.figures import Scale, gain, hours, moment
from safeconduct.report.law import NATURES
from safeconduct.report.markup import Anchors, items, table, tag, text
from safeconduct.report.tables import lead, level_only


def board(answer: Assessment, anchors: Anchors) -> str:
    """The clearance board, the most worth first."""
    heads = (
        "clearance", "who must say yes", "legal basis", "status", "usual lead time", "half value at", "last useful at",
        "worth alone", "worth last", "Shapley",
    )  # fmt: skip
    scale = choose.goal_scale(answer)
    rows = (_row(c, answer, scale, anchors) for c in choose.most_worth_first(answer.clearances))
    note = "Worth: added to what is granted (alone), added when all others are granted (last), fair share (Shapley)."
    return table(heads, rows, kind="board", caption=note) if answer.clearances else "<p>None needed.</p>"


def _row(clearance: Clearance, answer: Assessment, scale: Scale, anchors: Anchors) -> tuple[str, ...]:
    incident = answer.case.incident_at
    worth = clearance.value
    who = f"<b>{text(clearance.authority)}</b> {text(clearance.office)} to {text(clearance.provider)}"
    if clearance.channel:
        who += f'<br><span class="soft">via {text(clearance.channel)}</span>'
    error = ""
    if worth.shapley_error > 0 and not scale.in_words:
        error = f" ±{worth.shapley_error * (1 if scale.counts_persons else 100 / scale.maximum):.1g}"
    return (
        f'<code>{text(clearance.id)}</code><br><span class="soft">{text(clearance.kind)}</span>',
        who,
        _basis(clearance),
        _status(clearance, answer, anchors),
        _lead(clearance, anchors),
        text(moment(incident, clearance.half_value_at)) if clearance.half_value_at else "-",
        text(moment(incident, clearance.last_useful_at)) if clearance.last_useful_at else "-",
        text(gain(worth.alone, scale)),
        text(gain(worth.last, scale)),
        text(gain(worth.shapley, scale) + error),
    )


def _basis(clearance: Clearance) -> str:
    told = {rule.rule: rule for rule in clearance.rules}
    out = []
    for rule in clearance.basis:
        known = told.get(rule)
        if known is None:
            out.append(f"{text(rule)} ")
            continue
        sure = "" if known.verified else '<span class="unverified" title="unverified">?</span>'
        out.append(
            f"<details><summary>{text(rule)}{sure}</summary>{text(known.says)} "
            f'<span class="cite">{text(known.citation)}; {text(NATURES.get(known.force, known.force))}</span></details>'
        )
    return "".join(out) or "-"


def _status(clearance: Clearance, answer: Assessment, anchors: Anchors) -> str:
    out = [tag(clearance.status)]
    out.extend(f"<br>{text(condition)}" for condition in clearance.conditions)
    if clearance.barred_by:
        out.append(f"<br>barred by: {text(clearance.barred_by)}")
    out.extend(
        f'<br><span class="soft">{text(event.status)} {text(moment(answer.case.incident_at, event.at))}</span> '
        + anchors.links(event.sources, event.grade)
        for event in clearance.history
    )
    return "".join(out)


def _lead(clearance: Clearance, anchors: Anchors) -> str:
    time = clearance.lead_time_h
    if time is None:
        return "unknown"
    cases = "made from one number" if time.cases == 1 else f"{time.cases} cases" if time.cases else ""
    notes = "; ".join(part for part in (time.reference_class, cases) if part)
    source = anchors.links((time.source,) if time.source else ())
    return f'{text(lead(time))}<br><span class="soft">{text(notes)}</span> {source}'


def sets(answer: Assessment) -> str:
    """
    Smallest sufficient and blocking sets side by side, and what pairs add to each other.

    Where not all sets were looked at they are the smallest of those found, and are called so.
    """
    scale = choose.goal_scale(answer)
    found, least = ("", "") if answer.sets_complete else (" found", "at least ")
    nothing, never = "Nothing more is needed.", "Out of reach with every clearance."
    left = _sets(answer.sufficient_sets, nothing, "No set of open clearances reaches it.")
    right = _sets(answer.blocking_sets, never, "Nobody can stop it.")
    pairs = [text(choose.pair(each, scale)) for each in answer.interactions[:6]]
    return (
        f"<p>Target: {text(level_only(answer.value.target, scale))}. A set is enough if granting it now reaches "
        "the target; a set can stop it if the target is out of reach without it.</p>"
        f'<div class="cols"><div><h3>Smallest sufficient sets{found} ({least}{answer.sufficient_count} in all)</h3>'
        f"{left}</div>"
        f"<div><h3>Smallest blocking sets{found} ({least}{answer.blocking_count} in all)</h3>{right}</div></div>"
        + (f"<h3>Pairs</h3>{items(pairs)}" if pairs else "")
    )


def _sets(found: Sequence[Sets], empty_set: str, none: str) -> str:
    if not found:
        return f"<p>{none}</p>"
    return items(
        (" + ".join(f"<code>{text(c)}</code>" for c in each.clearances) if each.clearances else empty_set)
        + (f' <span class="soft">{choose.BORDERLINE}</span>' if each.borderline else "")
        for each in found
    )


def ask_order(answer: Assessment) -> str:
    """Whom to ask for what, in which order and by when."""
    scale = choose.goal_scale(answer)
    rows = (
        (
            str(place),
            f"<code>{text(step.clearance)}</code>",
            text(step.says),
            text(f"{step.of} for {step.on_behalf_of}"),
            text(moment(answer.case.incident_at, step.ask_by)) if step.ask_by else "now; no limit known",
            text(hours(step.lead_time_p50_h)) if step.lead_time_p50_h is not None else "unknown",
            text(gain(step.worth, scale)),
        )
        for place, step in enumerate(answer.ask_order.steps, start=1)
    )
    if not answer.ask_order.steps:
        return "<p>Nothing to ask.</p>"
    gap = f", at most {gain(answer.ask_order.gap, scale)} short of the best order" if choose.tells_gap(answer) else ""
    heads = ("", "clearance", "how", "of, for", "ask by", "usual lead time", "worth")
    return table(heads, rows, caption=f"Method: {answer.ask_order.method}{gap}. Asking costs nothing.")
