"""
Conditions over the facts of a way, in three values: true, false, unknown.

Unknown is carried as Kleene's strong logic does: it yields only to what decides the answer without it.
"""

from __future__ import annotations

from collections.abc import Callable

from safeconduct.model.law import WayFacts
from safeconduct.model.rules import AnyOf, Condition, NotThis, Test

_BOOL = {True: frozenset({"yes"}), False: frozenset({"no"}), None: None}


def _enters(facts: WayFacts) -> bool:
    """Whether the way enters any state but its provider's own."""
    return any(state != facts.provider for state in facts.crosses)


_READ: dict[str, Callable[[WayFacts], frozenset[str] | None]] = {
    "provider": lambda f: frozenset({f.provider}),
    "host": lambda f: frozenset({f.host}),
    "crosses": lambda f: frozenset(f.crosses),
    "lands_in": lambda f: frozenset(f.lands_in),
    "actor": lambda f: frozenset({f.actor}),
    "aircraft": lambda f: frozenset({f.aircraft}),
    "activity": lambda f: frozenset(f.activities),
    "item": lambda f: frozenset(f.items),
    "emergency": lambda f: frozenset({f.emergency}),
    "foreign": lambda f: _BOOL[f.provider != f.host],
    "remote": lambda f: _BOOL[not _enters(f)],
    "crosses_third": lambda f: _BOOL[any(state not in (f.host, f.provider) for state in f.crosses)],
    "lands_in_host": lambda f: _BOOL[f.host in f.lands_in],
    "persons_cross": lambda f: _BOOL[f.persons > 0 and _enters(f)],
    "pilotless": lambda f: _BOOL[f.pilotless],
    "armed": lambda f: _BOOL[f.armed],
    "lost_is_civil": lambda f: _BOOL[f.lost_is_civil],
    "in_conflict": lambda f: _BOOL[f.in_conflict],
}


def holds(condition: Condition, facts: WayFacts) -> bool | None:
    """Whether *condition* holds on *facts*; None where a missing fact decides."""
    if isinstance(condition, Test):
        found = _READ[condition.fact](facts)
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
