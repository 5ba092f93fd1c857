"""What the law says of a case, of a rule, between two days, and of its own rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from itertools import product
from pathlib import Path

from safeconduct.assessment.board import facts_of
from safeconduct.assessment.engine import named_plans
from safeconduct.desk.cases import open_case
from safeconduct.formats.rulebonds import gaps
from safeconduct.formats.rules import Amended, amended, shipped_drafts
from safeconduct.law.cases import Failure, failures
from safeconduct.law.compiled import Compiled
from safeconduct.law.evaluate import Duty, duties, gates, verdicts
from safeconduct.law.overall import overall
from safeconduct.law.reasons import Reason, reason
from safeconduct.law.validity import NO
from safeconduct.model.assets import Asset
from safeconduct.model.case import EMERGENCIES, Case
from safeconduct.model.errors import InvalidInput
from safeconduct.model.instants import Instant
from safeconduct.model.known import as_known
from safeconduct.model.law import ACTIVITIES, AIRCRAFT, ITEMS, Gate, WayFacts
from safeconduct.model.rules import FACTS, Rule
from safeconduct.reach.plans import Plan
from safeconduct.wiring.rooms import compiled, means, rulebook


@dataclass(frozen=True, slots=True)
class WayLaw:
    """
    What the law says of one way.

    Args:
        gates: The permissions engaged, satisfied ones too.

        permissions: What each gate's rules and permissions say, with the chain of reasons.

        paths: What needs no clearance, and how permissions are got.
    """

    way: str
    asset: str
    provider: str
    facts: WayFacts
    overall: str
    gates: tuple[Gate, ...]
    reasons: tuple[Reason, ...]
    duties: tuple[Duty, ...]
    paths: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class CaseLaw:
    """
    What the law says of the ways of a case.

    Args:
        drafts: Draft agreements taken as if they were law: then the page is a what-if.

        unknowns: What nobody has published, as the case has it.

        faults: Rules of the user's that were left out.
    """

    case: str
    title: str
    as_of: Instant
    ways: tuple[WayLaw, ...]
    drafts: tuple[Rule, ...]
    unknowns: tuple[str, ...]
    faults: tuple[InvalidInput, ...]


@dataclass(frozen=True, slots=True)
class RulePage:
    """
    A rule with what it hangs on.

    Args:
        opened_by: Permissions that open it.

        failures: Its own cases that come out otherwise.
    """

    rule: Rule
    opened_by: tuple[Rule, ...]
    failures: tuple[Failure, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """
    A rule that says something else on the later day.

    Args:
        before: Its status on the first of the ways tried on which it differs.

        example: That way in words.
    """

    rule: Rule
    before: str
    after: str
    example: str
    ways: int


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed between two days, over all kinds of ways between two parties."""

    first: date
    second: date
    host: str
    provider: str
    tried: int
    changed: tuple[Changed, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """
    What is wanting in the rules.

    Args:
        faults: Rules refused, each with place, expected, got.

        failures: Cases that come out otherwise.

        gaps: Days between versions on which nothing holds; no fault by themselves.
    """

    rules: int
    cases: int
    own: tuple[str, ...]
    replaced: tuple[str, ...]
    faults: tuple[InvalidInput, ...]
    failures: tuple[Failure, ...]
    gaps: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing is wanting."""
        return not self.faults and not self.failures


def law_case(
    name: str,
    *,
    way: str | None = None,
    at: Instant | None = None,
    own: Path | None = None,
    drafts: Sequence[str] = (),
) -> CaseLaw:
    """
    The gates of each way of a case, why, who grants, how long it takes and what would open them.

    Args:
        name: A shipped case or a path.

        way: Id of a way or asset; None takes all.

        at: As known at; None is the case's ``assess_at``.

        own: File or directory of the user's rules, beside or in place of ours.

        drafts: Ids of draft agreements to take as if they were law.

    Raises:
        InvalidInput: There is no such case, way or draft; the near name is told.
    """
    case = open_case(name).case
    moment = at or case.assess_at
    rules, faults = _rules(own)
    chosen = _drafts(drafts)
    if chosen:
        rules = Compiled((*rules.rules, *chosen))
    known = as_known(case, moment)
    planned = chosen_plans(known, moment, way)
    ways = tuple(_of_way(each, asset.id, facts_of(asset, plan, known, moment), rules) for each, asset, plan in planned)
    return CaseLaw(case.id, case.title, moment, ways, chosen, known.unknowns, faults)


def chosen_plans(known: Case, at: Instant, way: str | None) -> tuple[tuple[str, Asset, Plan], ...]:
    """
    The ways of a case as known at *at*, by id of way or asset, in whatever case of letters; None takes all.

    Raises:
        InvalidInput: There is no such way; the near name is told.
    """
    every = named_plans(known, at, means())
    if way is None:
        return every
    planned = tuple(each for each in every if way.lower() in (each[0].lower(), each[1].id.lower()))
    if not planned:
        ids = sorted({each[1].id for each in every})
        near = get_close_matches(way.lower(), ids, n=1)
        hint = f" (did you mean {near[0]}?)" if near else ""
        raise InvalidInput("no such way", where="--way", expected=f"one of {', '.join(ids)}{hint}", got=way)
    return planned


def _drafts(names: Sequence[str]) -> tuple[Rule, ...]:
    if not names:
        return ()
    known = {rule.id: rule for rule in shipped_drafts()}
    for name in names:
        if name not in known:
            raise InvalidInput("no such draft", where="--draft", expected=f"one of {', '.join(known)}", got=name)
    return tuple(known[name] for name in sorted(set(names)))


def _of_way(name: str, asset: str, facts: WayFacts, rules: Compiled) -> WayLaw:
    found = gates(facts, rules) if facts.provider != facts.host else ()
    said = verdicts(facts, rules)
    return WayLaw(
        name,
        asset,
        facts.provider,
        facts,
        overall(facts, found),
        found,
        tuple(reason(verdict) for verdict in said if verdict.kind),
        duties(facts, rules),
        tuple(reason(v) for v in said if v.rule.effect == "informs" and v.status != "not-engaged"),
    )


def law_rule(name: str, *, own: Path | None = None) -> RulePage:
    """
    One rule with what it opens and what opens it.

    Raises:
        InvalidInput: There is no such rule; the near name is told.
    """
    rules, _ = _rules(own)
    rule = next((each for each in rules.rules if each.id.lower() == name.lower()), None)
    if rule is None:
        ids = [each.id for each in rules.rules]
        near = get_close_matches(name.upper(), ids, n=3)
        raise InvalidInput(
            "no such rule", where="RULE", expected=f"a rule such as {', '.join(near or ids[:5])}", got=name
        )
    return RulePage(rule, rules.openers(rule), tuple(f for f in failures(rules) if f.rule == rule.id))


def law_diff(first: date, second: date, *, host: str, provider: str, own: Path | None = None) -> Difference:
    """
    What each rule says on two days, over ways of every actor, aircraft, emergency, activity and item.

    Each day is taken as known on that day.
    """
    rules, _ = _rules(own)
    before: dict[str, tuple[str, str, str]] = {}
    counted: dict[str, int] = {}
    tried = 0
    for facts in _ways(host, provider, first):
        tried += 1
        one = rules.statuses(facts)
        two = rules.statuses(replace(facts, on=second, known=second))
        if one == two:
            continue
        for rule, old, new in zip(rules.rules, one, two, strict=True):
            if old != new:
                counted[rule.id] = counted.get(rule.id, 0) + 1
                before.setdefault(rule.id, (old, new, _told(facts)))
    changed = tuple(Changed(r, *before[r.id], counted[r.id]) for r in rules.rules if r.id in before)
    dated = tuple(
        Changed(rule, "not in force", "in force", "any", 0)
        if was == NO
        else Changed(rule, "in force", "over", "any", 0)
        for rule, was, now in zip(rules.rules, rules.force(first, first), rules.force(second, second), strict=True)
        if (was == NO) != (now == NO) and rule.id not in before
    )
    return Difference(first, second, host, provider, tried, tuple(sorted(changed + dated, key=lambda c: c.rule.id)))


def _ways(host: str, provider: str, on: date) -> Iterator[WayFacts]:
    """Ways of every kind between two parties; items one by one, activities one by one."""
    crosses = () if host == provider else (host,)
    kinds = product(FACTS["actor"], AIRCRAFT, EMERGENCIES, ACTIVITIES, ((), *((item,) for item in ITEMS)))
    for actor, aircraft, emergency, activity, items in kinds:
        yield WayFacts(
            on=on,
            known=on,
            host=host,
            provider=provider,
            actor=actor,
            aircraft=aircraft,
            pilotless=False,
            armed=False,
            crosses=crosses,
            lands_in=crosses,
            activities=(activity,),
            items=items,
            emergency=emergency,
            lost_is_civil=True,
            in_conflict=emergency == "conflict",
            persons=1,
        )


def _told(facts: WayFacts) -> str:
    words = [facts.actor, f"{facts.aircraft} aircraft" if facts.aircraft != "none" else "on the ground"]
    words += [facts.emergency, *(facts.activities or ()), *(facts.items or ())]
    return ", ".join(str(word) for word in words)


def law_check(path: Path | None = None) -> Checked:
    """
    Every rule's own cases, and what the rules must be to one another.

    Args:
        path: File or directory of the user's rules; None checks ours alone.

    Raises:
        InvalidInput: There is nothing at *path*.
    """
    mine = Amended(rulebook(), (), (), ()) if path is None else amended(path)
    book = mine.book
    failed = failures(book.rules)
    cases = sum(len(rule.cases) for rule in book.rules)
    return Checked(len(book.rules), cases, mine.own, mine.replaced, mine.faults, failed, gaps(book.rules))


def _rules(own: Path | None) -> tuple[Compiled, tuple[InvalidInput, ...]]:
    if own is None:
        return compiled(), ()
    mine = amended(own)
    return Compiled(mine.book.rules), mine.faults
