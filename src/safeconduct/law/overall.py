"""One word for all gates of a way."""

from __future__ import annotations

from collections.abc import Iterable

from safeconduct.model.law import Gate, WayFacts

WORST_FIRST = (
    "blocked-absolute",
    "unknown",
    "blocked-grantable",
    "satisfied-with-conditions",
    "satisfied",
    "not-engaged",
)
"""Statuses from the worst; a way is as free as its worst gate."""


def worst(statuses: Iterable[str]) -> str:
    """The worst of *statuses*; ``not-engaged`` for none."""
    found = set(statuses)
    return next((status for status in WORST_FIRST if status in found), "not-engaged")


def overall(facts: WayFacts, found: tuple[Gate, ...]) -> str:
    """
    The status of a way with the gates *found*.

    A way of the host's own needs nobody: ``not-engaged``. A foreign way for which no rule was found at all is
    ``unknown``, because that says more about the rules than about the way.
    """
    if found:
        return worst(gate.status for gate in found)
    return "not-engaged" if facts.provider == facts.host else "unknown"
