"""
Conditions over the facts of a way, in three values: true, false, unknown.

Unknown is carried as Kleene's strong logic does: it yields only to what decides the answer without it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from safeconduct.model.law import WayFacts
from safeconduct.model.rules import AnyOf, Condition, NotThis, Test

_BOOL = {True: frozenset({"yes"}), False: frozenset({"no"}), None: None}


def _enters(facts: WayFacts) -> bool:
    """Whether the way enters any state but its provider's own."""
    return any(state != facts.provider for state in facts.crosses)


def _one(word: str | None) -> frozenset[str] | None:
    return None if word is None else frozenset({word})


def _several(words: tuple[str, ...] | None) -> frozenset[str] | None:
    return None if words is None else frozenset(words)


def _people(facts: WayFacts) -> bool | None:
    """Whether people enter; unknown only where something enters and nobody says with how many."""
    if not _enters(facts):
        return False
    return None if facts.persons is None else facts.persons > 0


READ: Mapping[str, Callable[[WayFacts], frozenset[str] | None]] = {
    "provider": lambda f: frozenset({f.provider}),
    "host": lambda f: frozenset({f.host}),
    "crosses": lambda f: frozenset(f.crosses),
    "lands_in": lambda f: frozenset(f.lands_in),
    "actor": lambda f: _one(f.actor),
    "aircraft": lambda f: _one(f.aircraft),
    "activity": lambda f: _several(f.activities),
    "item": lambda f: _several(f.items),
    "emergency": lambda f: _one(f.emergency),
    "foreign": lambda f: _BOOL[f.provider != f.host],
    "remote": lambda f: _BOOL[not _enters(f)],
    "crosses_third": lambda f: _BOOL[any(state not in (f.host, f.provider) for state in f.crosses)],
    "lands_in_host": lambda f: _BOOL[f.host in f.lands_in],
    "persons_cross": lambda f: _BOOL[_people(f)],
    "pilotless": lambda f: _BOOL[f.pilotless],
    "armed": lambda f: _BOOL[f.armed],
    "lost_is_civil": lambda f: _BOOL[f.lost_is_civil],
    "in_conflict": lambda f: _BOOL[f.in_conflict],
    "counterpart": lambda f: _one(f.counterpart),
    "hands_over": lambda f: _BOOL[f.hands_over],
    "based_in_host": lambda f: _BOOL[f.based_in_host],
}
"""How each fact of the vocabulary is read from a way: the words that hold of it, None where it is not known."""


def holds(condition: Condition, facts: WayFacts) -> bool | None:
    """Whether *condition* holds on *facts*; None where a missing fact decides."""
    if isinstance(condition, Test):
        found = READ[condition.fact](facts)
        return None if found is None else any(word in found for word in condition.among)
    if isinstance(condition, NotThis):
        inner = holds(condition.part, facts)
        return None if inner is None else not inner
    decisive = isinstance(condition, AnyOf)  # one true part decides "any", one false part decides "all"
    unknown = False
    for part in condition.parts:
        answer = holds(part, facts)
        if answer is decisive:
            return decisive
        unknown = unknown or answer is None
    return None if unknown else not decisive


def missing(condition: Condition, facts: WayFacts) -> tuple[str, ...]:
    """The facts, sorted, whose absence leaves *condition* unknown; empty where it is not unknown."""
    return tuple(sorted(_open_facts(condition, facts)))


def _open_facts(condition: Condition, facts: WayFacts) -> set[str]:
    if holds(condition, facts) is not None:
        return set()
    if isinstance(condition, Test):
        return {condition.fact}
    parts = (condition.part,) if isinstance(condition, NotThis) else condition.parts
    return set().union(*(_open_facts(part, facts) for part in parts))


def tests(condition: Condition) -> Iterator[Test]:
    """Every comparison in *condition*, in the order of the text."""
    if isinstance(condition, Test):
        yield condition
        return
    for part in (condition.part,) if isinstance(condition, NotThis) else condition.parts:
        yield from tests(part)
