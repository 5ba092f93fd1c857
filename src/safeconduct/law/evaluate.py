"""
From the facts of a way to the gates it meets.

Three principles. Unknown is never permitted: a missing fact gives ``unknown`` and names itself. What was not read never
opens: an unverified rule can engage a gate, and an unverified exception only leaves a remark. Defeat is explicit: a
permission opens the rules it names, so neither the order of the rules nor that of the facts changes anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from safeconduct.law.compiled import SATISFIED, Compiled, authorities, in_one
from safeconduct.law.conditions import holds, missing
from safeconduct.law.overall import WORST_FIRST, worst
from safeconduct.law.validity import DOUBT, HOUR, NO, day_of, doubt
from safeconduct.model.law import Gate, Ground, WayFacts
from safeconduct.model.rules import Condition, NotThis, Rule, Test
from safeconduct.model.sources import Cite, Spread

Rules = Compiled | Sequence[Rule]
"""Rules, made ready or not; whoever asks often makes them ready once."""


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

        because: The chain of reasons: the facts on which it applies, its time, what opens it or fails to.
    """

    rule: Rule
    status: str
    kind: str
    authority: str
    why: str
    conditions: tuple[str, ...]
    lead_time_h: Spread | None = None
    opened_by: tuple[Rule, ...] = ()
    because: tuple[str, ...] = ()


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


@dataclass(frozen=True, slots=True)
class _Asked:
    """One way put to one set of rules: what each rule says, by place."""

    facts: WayFacts
    rules: Compiled
    statuses: tuple[str, ...]
    force: tuple[str, ...]
    place: dict[str, int]

    def status(self, name: str) -> str:
        return self.statuses[self.place[name]] if name in self.place else "not-engaged"

    def timing(self, rule: Rule) -> str:
        return self.force[self.place[rule.id]]


def ready(rules: Rules) -> Compiled:
    """*rules* ready to be asked."""
    return rules if isinstance(rules, Compiled) else Compiled(rules)


def gates(facts: WayFacts, rules: Rules) -> tuple[Gate, ...]:
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
    for verdict in _verdicts(facts, ready(rules), every=False):
        if verdict.kind:
            grouped.setdefault((verdict.kind, verdict.authority), []).append(verdict)
    return tuple(_merged(grouped[key]) for key in sorted(grouped))


def duties(facts: WayFacts, rules: Rules) -> tuple[Duty, ...]:
    """The duties that hold for a way, by rule id; one whose facts are missing counts as holding."""
    return tuple(
        Duty(rule.id, rule.says, rule.deadline_h, rule.force, rule.verified)
        for rule, status in zip(ready(rules).rules, ready(rules).statuses(facts), strict=True)
        if rule.effect == "duty" and status != "not-engaged"
    )


def verdicts(facts: WayFacts, rules: Rules) -> tuple[Verdict, ...]:
    """What each rule says to a way, sorted by rule id, kind and authority; every rule occurs at least once."""
    return _verdicts(facts, ready(rules), every=True)


def _verdicts(facts: WayFacts, rules: Compiled, *, every: bool) -> tuple[Verdict, ...]:
    """All verdicts, or with *every* off those of rules that engage a clearance on these facts."""
    place = {rule.id: number for number, rule in enumerate(rules.rules)}
    asked = _Asked(facts, rules, rules.statuses(facts), rules.force(facts.on, facts.known), place)
    found = [
        verdict
        for rule, status in zip(rules.rules, asked.statuses, strict=True)
        if every or (rule.engages and status != "not-engaged")
        for verdict in _of_rule(rule, status, asked)
    ]
    return tuple(sorted(found, key=lambda verdict: (verdict.rule.id, verdict.kind, verdict.authority)))


def _of_rule(rule: Rule, status: str, asked: _Asked) -> tuple[Verdict, ...]:
    if status == "not-engaged":
        why, because = _why_not(rule, asked)
        return (Verdict(rule, status, "", "", why, (), because=because),)
    because = _applying(rule, asked)
    if not rule.engages:
        why, conditions = _standing(rule, status, asked)
        return (Verdict(rule, status, "", "", why, conditions, because=because),)
    why, conditions, opened_by = _of_gate(rule, status, asked)
    chain = because + tuple(f"{opener.id} permits it: {opener.says}" for opener in opened_by)
    return tuple(
        Verdict(rule, status, engaged.kind, authority, why, conditions, engaged.lead_time_h, opened_by, chain)
        for engaged in rule.engages
        for authority in authorities(engaged.authority, asked.facts)
    )


def _why_not(rule: Rule, asked: _Asked) -> tuple[str, tuple[str, ...]]:
    """Why a rule is not engaged, and the first fact or date that says so."""
    if asked.timing(rule) == NO:
        return "It was not in force, or not yet published.", (_dates(rule),)
    if holds(rule.when, asked.facts) is False:
        false = next((part for part in in_one(rule.when) if holds(part, asked.facts) is False), rule.when)
        return "It does not apply to these facts.", (f"not so: {told(false)}",)
    for name in rule.unless:
        other = asked.rules.rule(name)
        if other is not None and asked.timing(other) != NO and holds(other.when, asked.facts):
            return f"It yields to {name}.", (f"{name} applies: {other.says}",)
    for name in rule.follows:
        if asked.status(name) not in SATISFIED:
            return f"It follows {name}, which is not satisfied.", (f"{name}: {asked.status(name)}",)
    return "No state that it concerns is entered.", ()


def _applying(rule: Rule, asked: _Asked) -> tuple[str, ...]:
    facts = tuple(told(part) for part in in_one(rule.when) if holds(part, asked.facts))
    dated = rule.valid_from or rule.valid_until or rule.published
    return (*facts, *((_dates(rule),) if dated else ()))


def _dates(rule: Rule) -> str:
    spans = [(rule.valid_from, rule.valid_until, rule.published)]
    spans += [(each.start, each.end, each.published) for each in rule.extended]
    said = []
    for start, end, published in spans:
        known = f", published {published}" if published else ""
        said.append(f"from {start or 'the beginning'} to {end or 'no stated end'}{known}")
    return f"{rule.id} is dated " + "; ".join(said)


def told(condition: Condition) -> str:
    """A condition in words for a reason."""
    if isinstance(condition, Test):
        return f"{condition.fact} is {' or '.join(condition.among)}"
    if isinstance(condition, NotThis):
        return f"not ({told(condition.part)})"
    word = " and " if type(condition).__name__ == "AllOf" else " or "
    return word.join(f"({told(part)})" for part in condition.parts) or "always"


def _standing(rule: Rule, status: str, asked: _Asked) -> tuple[str, tuple[str, ...]]:
    """Sentence and conditions of a permission, duty or remark taken by itself."""
    if status != "unknown":
        inherited = tuple(f"On the terms by which {name} is satisfied." for name in rule.follows)
        return rule.says, rule.conditions + inherited + _hour(rule, asked)
    if asked.timing(rule) == DOUBT:
        return _doubtful(rule, asked), rule.conditions
    if holds(rule.when, asked.facts) is None:
        return _unsettled(rule, asked.facts), rule.conditions
    if not rule.verified:
        opens = "so it opens nothing" if rule.effect == "permits" else "so it is not relied on"
        return f"Its text was not read, {opens}. {rule.says}", ()
    return f"Unknown: it depends on {_listed(rule.follows + rule.unless)}. {rule.says}", rule.conditions


def _of_gate(rule: Rule, status: str, asked: _Asked) -> tuple[str, tuple[str, ...], tuple[Rule, ...]]:
    """Sentence, conditions and the permissions used, of a rule that engages a clearance."""
    openers = asked.rules.openers(rule)
    used = tuple(opener for opener in openers if asked.status(opener.id) == status) if status in SATISFIED else ()
    if status == "satisfied":
        return f"{rule.says} Permitted: {used[0].says}", (), used
    if status == "satisfied-with-conditions":
        # The first by id is enough: the terms of several permissions are alternatives, not a sum.
        opener = used[0]
        return f"{rule.says} Permitted: {opener.says}", _standing(opener, status, asked)[1], (opener,)
    remarks = tuple(text for opener in openers for text in _remark(opener, asked))
    if holds(rule.when, asked.facts) is None:
        return _unsettled(rule, asked.facts), rule.conditions + remarks, ()
    if status == "unknown":
        first = next(opener for opener in openers if opener.verified and asked.timing(opener) == DOUBT)
        return f"{_doubtful(first, asked)} {rule.says}", rule.conditions + remarks, ()
    return rule.says, rule.conditions + remarks, ()


def _remark(opener: Rule, asked: _Asked) -> tuple[str, ...]:
    """What a permission that does not open leaves behind."""
    if asked.status(opener.id) != "unknown":
        return ()
    if asked.timing(opener) == DOUBT:
        return (f"{opener.id} might permit it: {doubt(opener, asked.facts.on)}",)
    if holds(opener.when, asked.facts) is None:
        return (f"{opener.id} might permit it: not known is {_listed(missing(opener.when, asked.facts))}.",)
    if not opener.verified:
        return (f"{opener.id} might permit it, but its text was not read: {opener.says}",)
    return (f"{opener.id} might permit it: it depends on {_listed(opener.follows + opener.unless)}.",)


def _hour(rule: Rule, asked: _Asked) -> tuple[str, ...]:
    """The reservation of a permission on a day whose hour matters."""
    if asked.timing(rule) != HOUR:
        return ()
    begins = rule.valid_from is not None and day_of(asked.facts.on) == day_of(rule.valid_from)
    return (f"{rule.id} {'begins' if begins else 'ends'} on this day: check the hour.",)


def _doubtful(rule: Rule, asked: _Asked) -> str:
    return f"Unknown: whether {rule.id} held on this day could not be known: {doubt(rule, asked.facts.on)}"


def _unsettled(rule: Rule, facts: WayFacts) -> str:
    return f"Unknown: to settle {rule.id} say {_listed(missing(rule.when, facts))}. {rule.says}"


def _listed(words: tuple[str, ...]) -> str:
    return " and ".join(words)


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
        grounds=_grounds(ranked),
    )


def _grounds(ranked: list[Verdict]) -> tuple[Ground, ...]:
    """Each rule of a gate with what it says; a permission stands with the status of what it opens."""
    found: dict[str, Ground] = {}
    for verdict in ranked:
        for rule in (verdict.rule, *verdict.opened_by):
            citation = "; ".join(rule.cite.sources)
            ground = Ground(rule.id, rule.says, citation, rule.force, rule.verified, verdict.status)
            found.setdefault(rule.id, ground)
    return tuple(found[name] for name in sorted(found))


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
