"""
Rules made ready to be asked many times: each comparison becomes a bit, each condition a few operations on bits.

The answer is one status per rule and nothing else; `safeconduct.law.evaluate` adds the reasons. Both use this module,
so there is one place in which it is decided what a rule says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from safeconduct.law.conditions import READ, tests
from safeconduct.law.validity import DOUBT, HOUR, NO, state
from safeconduct.model.law import Bound, WayFacts
from safeconduct.model.rules import AllOf, AnyOf, Condition, NotThis, Rule, Test

Bits: TypeAlias = Callable[[int, int], bool | None]
"""From the comparisons that are true and those that are unknown to the condition's answer."""

SATISFIED = frozenset({"satisfied", "satisfied-with-conditions"})

_MEMORY = 4096
"""Pairs of days whose validity is remembered before the memory is begun anew."""


class Compiled:
    """
    A set of rules in evaluating order.

    Args:
        rules: In any order, ids unique, without a cycle of exceptions; names of rules that are not there count as
            never satisfied and never applying.
    """

    __slots__ = ("_atoms", "_bits", "_days", "_needs", "_openers", "_order", "_place", "_whole", "rules")

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = tuple(sorted(rules, key=lambda rule: rule.id))
        self._place = {rule.id: number for number, rule in enumerate(self.rules)}
        openers: dict[str, list[int]] = {}
        for number, rule in enumerate(self.rules):
            for opened in rule.opens:
                openers.setdefault(opened, []).append(number)
        self._openers = tuple(tuple(openers.get(rule.id, ())) for rule in self.rules)
        self._atoms, self._whole = _numbered(self.rules)
        self._bits = tuple(_compile(rule.when, self._atoms) for rule in self.rules)
        self._needs = tuple(frozenset(engaged.authority for engaged in rule.engages) for rule in self.rules)
        self._order = self._in_order()
        self._days: dict[tuple[Bound, Bound], tuple[str, ...]] = {}

    def openers(self, rule: Rule) -> tuple[Rule, ...]:
        """The permissions that name *rule*, by id."""
        return tuple(self.rules[number] for number in self._openers[self._place[rule.id]])

    def rule(self, name: str) -> Rule | None:
        """The rule of that id; None if there is none."""
        return self.rules[self._place[name]] if name in self._place else None

    def force(self, on: Bound, known: Bound) -> tuple[str, ...]:
        """Of `safeconduct.law.validity.state`, one per rule; remembered, since many ways share a day."""
        found = self._days.get((on, known))
        if found is None:
            if len(self._days) >= _MEMORY:
                self._days.clear()
            found = self._days[on, known] = tuple(state(rule, on, known) for rule in self.rules)
        return found

    def statuses(self, facts: WayFacts) -> tuple[str, ...]:
        """The status of each rule, in the order of `rules`; the worst one where a rule engages several clearances."""
        now = _Now(facts, *self._facts(facts), self.force(facts.on, facts.known), ["not-engaged"] * len(self.rules))
        for number in self._order:
            if now.force[number] != NO:
                applies = self._bits[number](now.true, now.unknown)
                if applies is not False:
                    gate = self.rules[number].engages
                    certain = applies is not None
                    out = self._of_gate(number, now, certain=certain) if gate else self._of_other(number, now, certain)
                    now.out[number] = out
        return tuple(now.out)

    def _of_gate(self, number: int, now: _Now, *, certain: bool) -> str:
        """The status of a rule that engages or prohibits, and that applies or may apply."""
        if not any(authorities(each, now.facts) for each in self._needs[number]):
            return "not-engaged"
        best = ""
        for opener in self._openers[number]:
            got = now.out[opener]
            if got == "satisfied":
                return got
            if got == "satisfied-with-conditions":
                best = got
            elif got == "unknown" and now.force[opener] == DOUBT and self.rules[opener].verified:
                certain = False
        if best or not certain:
            return best or "unknown"
        return "blocked-absolute" if self.rules[number].effect == "prohibits" else "blocked-grantable"

    def _of_other(self, number: int, now: _Now, certain: bool) -> str:  # noqa: FBT001  # hot: keywords cost
        """The status of a permission, duty or remark taken by itself."""
        rule, force = self.rules[number], now.force[number]
        terms = bool(rule.conditions) or force == HOUR
        for name in rule.unless:
            other = self._place.get(name)
            if other is not None and now.force[other] != NO:
                answer = self._bits[other](now.true, now.unknown)
                if answer:
                    return "not-engaged"
                certain = certain and answer is not None
        for name in rule.follows:
            got = now.out[self._place[name]] if name in self._place else "not-engaged"
            if got not in SATISFIED and got != "unknown":
                return "not-engaged"
            certain = certain and got != "unknown"
            terms = terms or got == "satisfied-with-conditions"
        if not certain or force == DOUBT or (rule.effect != "duty" and not rule.verified):
            return "unknown"
        return "satisfied-with-conditions" if terms else "satisfied"

    def _facts(self, facts: WayFacts) -> tuple[int, int]:
        true = unknown = 0
        for name, words in self._atoms.items():
            found = READ[name](facts)
            if found is None:
                unknown |= self._whole[name]
                continue
            for word in found:
                true |= words.get(word, 0)
        return true, unknown

    def _in_order(self) -> tuple[int, ...]:
        """Each rule after those whose status it asks for; by id otherwise. A cycle is broken where it is met."""
        done: dict[int, None] = {}
        waiting: set[int] = set()

        def visit(number: int) -> None:
            if number in done or number in waiting:
                return
            waiting.add(number)
            for name in self.rules[number].follows:
                if name in self._place:
                    visit(self._place[name])
            for opener in self._openers[number]:
                visit(opener)
            done[number] = None

        for number in range(len(self.rules)):
            visit(number)
        return tuple(done)


@dataclass(frozen=True, slots=True)
class _Now:
    """One way put to the rules: its comparisons, the rules in force, the statuses as far as they are settled."""

    facts: WayFacts
    true: int
    unknown: int
    force: tuple[str, ...]
    out: list[str]


def authorities(word: str, facts: WayFacts) -> tuple[str, ...]:
    """The parties that a role of `safeconduct.model.rules.AUTHORITIES` stands for; a code stands for itself."""
    if word == "provider":
        return (facts.provider,)
    own, host = facts.provider, facts.host
    if word == "host" or (word == "each-ground" and facts.aircraft != "none"):
        return () if host == own else (host,)
    if word in ("each-crossed", "each-ground"):
        return tuple(sorted({state for state in facts.crosses if state != own}))
    if word == "each-third":
        return tuple(sorted({state for state in facts.crosses if state not in (own, host)}))
    if word == "each-landed":
        return tuple(sorted({state for state in facts.lands_in if state not in (own, host)}))
    return (word,)


def _numbered(rules: Sequence[Rule]) -> tuple[dict[str, dict[str, int]], dict[str, int]]:
    """Bits of each word of each fact, and all bits of each fact. Comparisons on the same words share a bit."""
    atoms: dict[str, dict[str, int]] = {}
    whole: dict[str, int] = {}
    for number, each in enumerate(dict.fromkeys(test for rule in rules for test in tests(rule.when))):
        bit = 1 << number
        whole[each.fact] = whole.get(each.fact, 0) | bit
        for word in each.among:
            words = atoms.setdefault(each.fact, {})
            words[word] = words.get(word, 0) | bit
            words.setdefault(_KEY + "|".join(each.among), bit)
    return atoms, whole


_KEY = "\0"
"""Marks the entry of a whole comparison, which no word of a fact can be."""


def _bit(test: Test, atoms: dict[str, dict[str, int]]) -> int:
    return atoms[test.fact][_KEY + "|".join(test.among)]


def _compile(condition: Condition, atoms: dict[str, dict[str, int]]) -> Bits:
    """A condition as operations on bits, in Kleene's three values."""
    if isinstance(condition, Test):
        return _all(_bit(condition, atoms), 0, ())
    if isinstance(condition, NotThis):
        inner = _compile(condition.part, atoms)
        return lambda true, unknown: None if (got := inner(true, unknown)) is None else not got
    if isinstance(condition, AnyOf):
        return _any(tuple(_compile(part, atoms) for part in condition.parts))
    plain, barred, rest = 0, 0, []
    for part in condition.parts:
        if isinstance(part, Test):
            plain |= _bit(part, atoms)
        elif isinstance(part, NotThis) and isinstance(part.part, Test):
            barred |= _bit(part.part, atoms)
        else:
            rest.append(_compile(part, atoms))
    return _all(plain, barred, tuple(rest))


def _all(plain: int, barred: int, rest: tuple[Bits, ...]) -> Bits:
    def answer(true: int, unknown: int) -> bool | None:
        if (true | unknown) & plain != plain or true & barred:
            return False
        open_ones = bool(unknown & (plain | barred))
        for each in rest:
            got = each(true, unknown)
            if got is False:
                return False
            open_ones = open_ones or got is None
        return None if open_ones else True

    return answer


def _any(parts: tuple[Bits, ...]) -> Bits:
    def answer(true: int, unknown: int) -> bool | None:
        open_ones = False
        for each in parts:
            got = each(true, unknown)
            if got:
                return True
            open_ones = open_ones or got is None
        return None if open_ones else False

    return answer


def in_one(condition: Condition) -> tuple[Condition, ...]:
    """The parts that must all hold; the condition itself where it is none of several."""
    return condition.parts if isinstance(condition, AllOf) else (condition,)
