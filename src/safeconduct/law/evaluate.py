"""
From the facts of a way to the gates it meets.

Three principles. Unknown is never permitted: a missing fact gives ``unknown`` and names itself. What was not read never
opens: an unverified rule can engage a gate, and an unverified exception only leaves a remark. Defeat is explicit: a
permission opens the rules it names, so neither the order of the rules nor that of the facts changes anything.
"""

from __future__ import annotations

from dataclasses import dataclass

from safeconduct.law.conditions import holds, missing
from safeconduct.law.overall import WORST_FIRST, worst
from safeconduct.law.validity import begins_today, ends_today, in_force
from safeconduct.model.law import Gate, WayFacts
from safeconduct.model.rules import Rule
from safeconduct.model.sources import Cite, Spread

_NOBODY: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """
    What one rule does to one way, for one clearance.

    Args:
        rule: The rule.

        status: Of `safeconduct.model.law.GATE_STATUSES`.

        kind: Clearance kind; empty where the rule engages none on these facts.

        authority: Party that grants it; empty likewise.

        why: One sentence.

        conditions: What the answer depends on.

        lead_time_h: From asking to answer; None where no figure is known or nothing is to be asked.

        opened_by: The permissions that satisfy it, by id.
    """

    rule: Rule
    status: str
    kind: str
    authority: str
    why: str
    conditions: tuple[str, ...]
    lead_time_h: Spread | None = None
    opened_by: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class Duty:
    """
    What somebody must do on this way; it stops nothing.

    Args:
        deadline_h: Hours allowed, 0 for at once; None where the text names no time.
    """

    rule: str
    says: str
    deadline_h: float | None
    force: str
    verified: bool


def gates(facts: WayFacts, rules: tuple[Rule, ...]) -> tuple[Gate, ...]:
    """
    Find the permissions that a way needs.

    Args:
        facts: The way. A way of the host's own (provider and host the same) crosses no border and meets no gate unless
            a rule says so.

        rules: In any order; ids unique.

    Returns:
        One gate per clearance kind and authority, sorted by both; rules that engage the same one are merged, the worst
        status holding. Satisfied gates are listed too, so that the answer can say what did not stand in the way.
    """
    grouped: dict[tuple[str, str], list[Verdict]] = {}
    for verdict in verdicts(facts, rules):
        if verdict.kind:
            grouped.setdefault((verdict.kind, verdict.authority), []).append(verdict)
    return tuple(_merged(grouped[key]) for key in sorted(grouped))


def duties(facts: WayFacts, rules: tuple[Rule, ...]) -> tuple[Duty, ...]:
    """The duties that hold for a way, by rule id; one whose facts are missing counts as holding."""
    bound = [
        rule
        for rule in rules
        if rule.effect == "duty" and in_force(rule, facts) and holds(rule.when, facts) is not False
    ]
    return tuple(
        Duty(rule.id, rule.says, rule.deadline_h, rule.force, rule.verified)
        for rule in sorted(bound, key=lambda rule: rule.id)
    )


def verdicts(facts: WayFacts, rules: tuple[Rule, ...]) -> tuple[Verdict, ...]:
    """What each rule says to a way, sorted by rule id, kind and authority; every rule occurs at least once."""
    openers: dict[str, list[Rule]] = {}
    for rule in sorted(rules, key=lambda rule: rule.id):
        for opened in rule.opens:
            openers.setdefault(opened, []).append(rule)
    found = [verdict for rule in rules for verdict in _of_rule(rule, facts, tuple(openers.get(rule.id, ())))]
    return tuple(sorted(found, key=lambda verdict: (verdict.rule.id, verdict.kind, verdict.authority)))


def _of_rule(rule: Rule, facts: WayFacts, openers: tuple[Rule, ...]) -> tuple[Verdict, ...]:
    applies = holds(rule.when, facts) if in_force(rule, facts) else False
    if applies is False:
        return (Verdict(rule, "not-engaged", "", "", "It does not apply to these facts.", ()),)
    if rule.effect in ("permits", "duty"):
        return (_standing(rule, facts, applies=applies),)
    if applies is None:
        why = _unsettled(rule, facts)
        status, conditions, opened_by = "unknown", rule.conditions, _NOBODY
    else:
        status, conditions, opened_by = _after_exceptions(rule, facts, openers)
        why = rule.says if not opened_by else f"{rule.says} Permitted: {opened_by[0].says}"
    return tuple(
        Verdict(rule, status, engaged.kind, authority, why, conditions, engaged.lead_time_h, opened_by)
        for engaged in rule.engages
        for authority in _authorities(engaged.authority, facts)
    ) or (Verdict(rule, "not-engaged", "", "", "No state that it concerns is entered.", ()),)


def _standing(rule: Rule, facts: WayFacts, *, applies: bool | None) -> Verdict:
    """The verdict of a permission or duty taken by itself."""
    if applies is None:
        return Verdict(rule, "unknown", "", "", _unsettled(rule, facts), rule.conditions)
    if rule.effect == "permits" and not rule.verified:
        return Verdict(rule, "unknown", "", "", f"Its text was not read, so it opens nothing. {rule.says}", ())
    conditions = rule.conditions + _hour(rule, facts)
    return Verdict(rule, "satisfied-with-conditions" if conditions else "satisfied", "", "", rule.says, conditions)


def _after_exceptions(
    rule: Rule, facts: WayFacts, openers: tuple[Rule, ...]
) -> tuple[str, tuple[str, ...], tuple[Rule, ...]]:
    """Status, conditions and the permissions used, of a rule that applies."""
    free: list[Rule] = []
    on_terms: list[tuple[Rule, tuple[str, ...]]] = []
    remarks: list[str] = []
    for opener in openers:
        holding = holds(opener.when, facts) if in_force(opener, facts) else False
        if holding is None:
            remarks.append(f"{opener.id} might permit it: not known is {_listed(missing(opener.when, facts))}.")
        elif holding and not opener.verified:
            remarks.append(f"{opener.id} might permit it, but its text was not read: {opener.says}")
        elif holding:
            terms = opener.conditions + _hour(opener, facts)
            if terms:
                on_terms.append((opener, terms))
            else:
                free.append(opener)
    if free:
        return "satisfied", (), tuple(free)
    if on_terms:
        # The first by id is enough: the terms of several permissions are alternatives, not a sum.
        opener, terms = on_terms[0]
        return "satisfied-with-conditions", terms, (opener,)
    status = "blocked-absolute" if rule.effect == "prohibits" else "blocked-grantable"
    return status, rule.conditions + tuple(remarks), ()


def _hour(rule: Rule, facts: WayFacts) -> tuple[str, ...]:
    """The reservation of a permission on the day on which it ends or begins."""
    if ends_today(rule, facts):
        return (f"{rule.id} ends on this day: check the hour.",)
    return (f"{rule.id} begins on this day: check the hour.",) if begins_today(rule, facts) else ()


def _unsettled(rule: Rule, facts: WayFacts) -> str:
    return f"Unknown: to settle {rule.id} say {_listed(missing(rule.when, facts))}. {rule.says}"


def _listed(words: tuple[str, ...]) -> str:
    return " and ".join(words)


def _authorities(word: str, facts: WayFacts) -> tuple[str, ...]:
    """The parties that a role of `safeconduct.model.rules.AUTHORITIES` stands for; a code stands for itself."""
    entered = {state for state in facts.crosses if state != facts.provider}
    roles = {
        "host": {facts.host} - {facts.provider},
        "provider": {facts.provider},
        "each-crossed": entered,
        "each-third": entered - {facts.host},
        "each-landed": set(facts.lands_in) - {facts.provider, facts.host},
        "each-ground": entered if facts.aircraft == "none" else {facts.host} - {facts.provider},
    }
    return tuple(sorted(roles.get(word, {word})))


def _merged(verdicts_of_one: list[Verdict]) -> Gate:
    """One gate from the verdicts on one clearance of one authority."""
    ranked = sorted(verdicts_of_one, key=lambda v: (WORST_FIRST.index(v.status), not v.rule.verified, v.rule.id))
    leading = ranked[0]
    resting = {rule.id: rule for verdict in ranked for rule in (verdict.rule, *verdict.opened_by)}
    rules = tuple(resting[name] for name in sorted(resting))
    status = worst(verdict.status for verdict in ranked)
    return Gate(
        kind=leading.kind,
        authority=leading.authority,
        rules=tuple(rule.id for rule in rules),
        status=status,
        why=leading.why,
        conditions=tuple(dict.fromkeys(text for verdict in ranked for text in verdict.conditions)),
        lead_time_h=_slowest(ranked) if status in ("unknown", "blocked-grantable") else None,
        channel="; ".join(sorted({verdict.rule.channel for verdict in ranked} - {""})),
        verified=all(rule.verified for rule in rules),
        cite=_origin(leading.rule, rules),
    )


def _slowest(ranked: list[Verdict]) -> Spread | None:
    """The lead time with the largest median among the rules not yet satisfied; ties go to the first rule by rank."""
    open_ones = [
        verdict.lead_time_h
        for verdict in ranked
        if verdict.status in ("unknown", "blocked-grantable") and verdict.lead_time_h is not None
    ]
    return max(open_ones, key=lambda spread: spread.p50) if open_ones else None


def _origin(leading: Rule, rules: tuple[Rule, ...]) -> Cite:
    """All sources under the weakest grade, so that nothing unverified passes as read."""
    sources = tuple(dict.fromkeys(source for rule in rules for source in rule.cite.sources))
    weak = next((rule for rule in rules if not rule.verified), leading)
    return Cite(sources, weak.cite.grade, weak.cite.note)
