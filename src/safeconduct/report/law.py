"""The law on a terminal: plain lines, wrapped, each rule with its source and what is not known of it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from safeconduct.law.evaluate import Duty, told
from safeconduct.law.reasons import Reason
from safeconduct.law.validity import day_of
from safeconduct.model.law import Bound, Gate, Ground
from safeconduct.model.rules import CONFIDENCE, SUBJECTS, Rule, RuleCase
from safeconduct.model.sources import Spread

NOT_ADVICE = "Not legal advice. A gate that reads satisfied is no licence and no permission."

NATURES = {
    "shall": "law",
    "should": "soft law",
    "practice": "practice or policy, not law",
    "model": "a model text, not law",
}
"""What stands behind a rule, so that a no by law is told from a no by policy."""


def lines(parts: Iterable[str], width: int) -> str:
    """Each part wrapped on its own, its first indentation kept on the lines that follow."""
    out = []
    for part in parts:
        bare = part.lstrip(" ")
        indent = part[: len(part) - len(bare)]
        out.append(textwrap.fill(bare, width, initial_indent=indent, subsequent_indent=indent + "  ") if bare else "")
    return "\n".join(out) + "\n"


def gate_lines(gate: Gate) -> Iterator[str]:
    """One permission: what, of whom, on which rules, how long, on what terms."""
    yield f"{gate.status.upper()}  {gate.kind} of {gate.authority}" + (f", by {gate.channel}" if gate.channel else "")
    for ground in gate.grounds:
        yield "    " + ground_line(ground)
    if gate.lead_time_h is not None:
        yield "    how long: " + lead_line(gate.lead_time_h)
    elif gate.status in ("blocked-grantable", "unknown"):
        yield "    how long: no figure is known"
    for condition in gate.conditions:
        yield f"    - {condition}"
    yield "    " + standing(gate)


def ground_line(ground: Ground) -> str:
    """A rule in one line."""
    unread = "" if ground.verified else "; UNVERIFIED, its text was not read in full"
    return f"{ground.rule} ({NATURES[ground.force]}{unread}): {ground.says} [{ground.citation}]"


def by_rule(gate: Gate) -> bool:
    """Whether a gate that is not open is closed by law; by policy alone, or not known, is False."""
    closed = ("blocked-grantable", "blocked-absolute")
    return gate.status in closed and any(each.force == "shall" and each.status in closed for each in gate.grounds)


def standing(gate: Gate) -> str:
    """Whether a no would be one by law or by policy, in a sentence."""
    if gate.status.startswith("satisfied"):
        return "what stands in the way: by these rules nothing" + (
            "" if gate.status == "satisfied" else " if the terms above are met"
        )
    if gate.status == "blocked-absolute":
        return "what stands in the way: law that nobody can lift for this way; change the way"
    if gate.status == "unknown":
        return "what stands in the way: not known; never to be read as permitted"
    if by_rule(gate):
        return f"what stands in the way: law, until {gate.authority} says yes"
    return f"what stands in the way: policy or practice; {gate.authority} is free to say yes"


def lead_line(spread: Spread) -> str:
    """A lead time in words."""
    cases = "no case of its own" if not spread.cases else f"{spread.cases} case{'s' * (spread.cases != 1)}"
    hours = f"{spread.p10:.3g} to {spread.p90:.3g} h, half by {spread.p50:.3g} h"
    return f"{hours} once asked ({cases}{'' if spread.cite.verified else ', unverified'})"


def duty_line(duty: Duty) -> str:
    """A duty with its deadline."""
    by = (
        "no time named"
        if duty.deadline_h is None
        else f"within {duty.deadline_h:g} h"
        if duty.deadline_h
        else "at once"
    )
    return f"{duty.rule} ({duty.force}, {by}{'' if duty.verified else '; UNVERIFIED'}): {duty.says}"


def path_line(reason: Reason) -> str:
    """A rule that informs."""
    unread = "" if reason.verified else "; UNVERIFIED"
    terms = " ".join(reason.conditions)
    return f"{reason.rule} ({reason.subject}{unread}): {reason.says}" + (f" Terms: {terms}" if terms else "")


def rule_lines(rule: Rule, opened_by: tuple[Rule, ...]) -> Iterator[str]:
    """A rule in full."""
    yield f"{rule.id}  {rule.says}"
    yield "  (our paraphrase)"
    yield ""
    yield f"  source: {'; '.join(rule.cite.sources)}"
    yield f"  text as of: {rule.as_of}"
    yield f"  confidence: {rule.confidence}, {CONFIDENCE[rule.confidence]}" + (
        "" if rule.verified else ": it can engage a gate and never open one"
    )
    yield f"  force: {rule.force}, {NATURES[rule.force]}"
    yield f"  for counsel: {'yes' if rule.needs_counsel else 'no'}"
    yield f"  valid: {dates(rule)}"
    for each in rule.in_doubt:
        yield f"  in doubt from {each.start} to {each.end}: {each.why}"
    yield "  applies if: " + told(rule.when)
    yield from _effect_lines(rule, opened_by)
    for condition in rule.conditions:
        yield f"  - {condition}"
    if rule.channel:
        yield f"  channel: {rule.channel}"
    if rule.note:
        yield f"  note: {rule.note}"
    yield f"  written in: {rule.where}"
    yield ""
    yield "  its own cases (they test this encoding, not the law):"
    for case in rule.cases:
        yield f"    {case_line(case)}"


def case_line(case: RuleCase) -> str:
    """A case with the days on which it asks."""
    on, known = case.facts.on, case.facts.known
    asked = f"on {on}" + (f", known {known}" if day_of(known) != day_of(on) else "")
    return f"{case.status}: {case.says} ({asked})"


def dates(rule: Rule) -> str:
    """All its times."""
    spans = [(rule.valid_from, rule.valid_until, rule.published)]
    spans += [(each.start, each.end, each.published) for each in rule.extended]
    return "; ".join(
        f"from {_day(start, 'an unread or no beginning')} to {_day(end, 'no stated end')}"
        + (f", published {published}" if published else "")
        for start, end, published in spans
    )


def _day(bound: Bound | None, none: str) -> str:
    return none if bound is None else bound.isoformat()


def _effect_lines(rule: Rule, opened_by: tuple[Rule, ...]) -> Iterator[str]:
    word = "prohibits" if rule.effect == "prohibits" else "engages"
    for each in rule.engages:
        yield f"  {word}: {each.kind} of {each.authority}" + (
            f"; how long: {lead_line(each.lead_time_h)}" if each.lead_time_h and word == "engages" else ""
        )
    if rule.effect == "duty":
        by = "no time named" if rule.deadline_h is None else f"{rule.deadline_h:g} h" if rule.deadline_h else "at once"
        yield f"  duty: {by}"
    if rule.subject:
        yield f"  informs about: {rule.subject}, {SUBJECTS[rule.subject]}"
    if rule.opens:
        yield f"  opens: {', '.join(rule.opens)}, and nothing else"
    if rule.follows:
        yield f"  only where satisfied: {', '.join(rule.follows)}"
    if rule.unless:
        yield f"  yields to: {', '.join(rule.unless)}"
    if opened_by:
        yield f"  opened by: {', '.join(each.id for each in opened_by)}"
