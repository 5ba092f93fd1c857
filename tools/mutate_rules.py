"""
Does each rule's own set of cases notice when the rule is changed? Mutants by a published list (docs/law-format.md):

    condition negated     each comparison, in its place
    condition dropped     each comparison, in its place
    word dropped          each word of a comparison on several
    date moved            each day or instant of validity and publication, a day earlier and a day later
    exception removed     each rule that a permission opens; each that it follows or yields to
    status swapped        engages for prohibits and back; a permission read for one that was not

A mutant is killed where some rule's case comes out otherwise, or where the rules would be refused. Prints the share
killed and the survivors; exit 1 under 95 %.

    python tools/mutate_rules.py [--markdown]
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from safeconduct.formats.rules import load_rules
from safeconduct.law.compiled import Compiled
from safeconduct.model.rules import AllOf, AnyOf, Condition, NotThis, Rule, Test

LEAST = 0.95
DAY = timedelta(days=1)


def sides(condition: Condition, remake) -> Iterator[tuple[str, Condition]]:
    """Every change of one comparison inside a condition."""
    if isinstance(condition, Test):
        yield f"negated {condition.fact}", remake(NotThis(condition))
        yield f"dropped {condition.fact}", remake(AllOf(()))
        if len(condition.among) > 1:
            for word in condition.among:
                rest = tuple(each for each in condition.among if each != word)
                yield f"dropped {condition.fact} {word}", remake(Test(condition.fact, rest))
    elif isinstance(condition, NotThis):
        yield from sides(condition.part, lambda part: remake(NotThis(part)))
    else:
        for place, part in enumerate(condition.parts):
            put = _putter(condition, place, remake)
            if isinstance(condition, AnyOf) and isinstance(part, Test):
                yield f"dropped {part.fact}", put(AnyOf(()))
                yield f"negated {part.fact}", put(NotThis(part))
            else:
                yield from sides(part, put)


def _putter(condition: AllOf | AnyOf, place: int, remake):
    """Put another part in one place of a condition."""
    parts = condition.parts
    return lambda new: remake(type(condition)((*parts[:place], new, *parts[place + 1 :])))


def mutants(rule: Rule) -> Iterator[tuple[str, Rule]]:
    """Every mutant of one rule with its name."""
    for name, when in sides(rule.when, lambda new: new):
        yield name, replace(rule, when=when)
    for key in ("valid_from", "valid_until", "published"):
        bound = getattr(rule, key)
        if bound is not None:
            yield f"{key} a day earlier", replace(rule, **{key: bound - DAY})
            yield f"{key} a day later", replace(rule, **{key: bound + DAY})
    yield from moved(rule, "extended", ("start", "end", "published"))
    yield from moved(rule, "in_doubt", ("start", "end"))
    for key in ("opens", "follows", "unless"):
        for name in getattr(rule, key):
            yield f"{key} without {name}", replace(rule, **{key: tuple(n for n in getattr(rule, key) if n != name)})
    yield from swapped(rule)


def moved(rule: Rule, field: str, keys: tuple[str, ...]) -> Iterator[tuple[str, Rule]]:
    """Each date of a list of times, a day to either side."""
    times = getattr(rule, field)
    for place, each in enumerate(times):
        for key in keys:
            for word, step in (("earlier", -DAY), ("later", DAY)):
                other = replace(each, **{key: getattr(each, key) + step})
                yield (
                    f"{field} {key} a day {word}",
                    replace(rule, **{field: (*times[:place], other, *times[place + 1 :])}),
                )


def swapped(rule: Rule) -> Iterator[tuple[str, Rule]]:
    if rule.engages:
        other = "prohibits" if rule.effect == "engages" else "engages"
        yield f"{rule.effect} for {other}", replace(rule, effect=other)
    if rule.effect in ("permits", "informs"):
        yield "read for unread", replace(rule, confidence="M" if rule.verified else "V")


def killed(rules: tuple[Rule, ...], mutant: Rule, cases) -> bool:
    """Whether some rule's case comes out otherwise with *mutant* in its place."""
    changed = tuple(mutant if rule.id == mutant.id else rule for rule in rules)
    book = Compiled(changed)
    place = {rule.id: number for number, rule in enumerate(book.rules)}
    near = {mutant.id, *mutant.opens, *mutant.follows, *mutant.unless}
    near |= {
        name
        for rule in rules
        if mutant.id in (*rule.opens, *rule.follows, *rule.unless)
        for name in (rule.id, *rule.opens)
    }
    before = next(rule for rule in rules if rule.id == mutant.id)
    near |= set(before.opens)
    near |= {rule.id for rule in rules if set(rule.follows) & near} | {
        n for r in rules if set(r.follows) & near for n in r.opens
    }
    return any(
        book.statuses(case.facts)[place[name]] != case.status for name in sorted(near) for case in cases.get(name, ())
    )


def survey() -> tuple[int, tuple[tuple[str, str], ...]]:
    """How many mutants there are, and the survivors by rule and change."""
    rules = load_rules().rules
    cases = {rule.id: rule.cases for rule in rules}
    total, alive = 0, []
    for rule in rules:
        for name, mutant in mutants(rule):
            total += 1
            if not killed(rules, mutant, cases):
                alive.append((rule.id, name))
    return total, tuple(alive)


def main() -> int:
    total, alive = survey()
    share = 1 - len(alive) / total
    print(f"{total - len(alive)} of {total} mutants killed ({share:.1%}); {len(alive)} survive")
    for rule, name in alive:
        print(f"- {rule}: {name}")
    return int(share < LEAST)


if __name__ == "__main__":
    sys.exit(main())
