"""The one place that picks real implementations: rules, borders, catalogue, shipped cases."""

from __future__ import annotations

from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from safeconduct.assessment.engine import Means
from safeconduct.earth.airspace import Skies
from safeconduct.formats.rules import load_rules
from safeconduct.law.evaluate import gates
from safeconduct.model.case import Case
from safeconduct.model.law import Gate, WayFacts
from safeconduct.model.rules import Rulebook


@cache
def rulebook() -> Rulebook:
    """The shipped rules with their lead times, read once."""
    return load_rules()


def law(facts: WayFacts) -> tuple[Gate, ...]:
    """What the shipped rules say of one way."""
    return gates(facts, rulebook().rules)


def skies(case: Case) -> Skies:
    """The world's airspaces with the case's own in place of them; an invented world has no others."""
    own = tuple(p.airspace for p in case.parties if p.airspace is not None)
    return Skies(own, world=not case.own_borders_only)


def means() -> Means:
    """What an assessment works with."""
    return Means(law, skies)


def shipped_cases() -> dict[str, Traversable]:
    """Shipped cases by name, sorted."""
    folder = resources.files("safeconduct").joinpath("data", "cases")
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".yaml")), key=lambda f: f.name)
    return {f.name.removesuffix(".yaml"): f for f in files}
