"""The one place that picks real implementations: rules, borders, catalogue, shipped cases."""

from __future__ import annotations

from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from safeconduct.assessment.engine import Means
from safeconduct.earth.airspace import Skies
from safeconduct.formats.rules import amended, load_rules
from safeconduct.law.compiled import Compiled
from safeconduct.law.evaluate import gates
from safeconduct.model.case import Case
from safeconduct.model.rules import Rulebook


@cache
def rulebook(without: str = "") -> Rulebook:
    """The shipped rules with their lead times, read once; the lead times without those of the case *without*."""
    return load_rules(without=without)


@cache
def compiled(without: str = "") -> Compiled:
    """The shipped rules, ready to be asked."""
    return Compiled(rulebook(without).rules)


def skies(case: Case) -> Skies:
    """The world's airspaces with the case's own in place of them; an invented world has no others."""
    own = tuple(p.airspace for p in case.parties if p.airspace is not None)
    return Skies(own, world=not case.own_borders_only)


def means(own: Path | None = None, *, without: str = "") -> Means:
    """
    What an assessment works with.

    Args:
        own: File or directory of a user's rules, in place of ours by id; a broken one is left out and ours stands.

        without: Id of the case that is assessed: no lead time is taken from the case that it is to predict.
    """
    rules = compiled(without) if own is None else Compiled(amended(own, without=without).book.rules)
    return Means(lambda facts: gates(facts, rules), skies)


def shipped_cases() -> dict[str, Traversable]:
    """Shipped cases by name, sorted."""
    folder = resources.files("safeconduct").joinpath("data", "cases")
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".yaml")), key=lambda f: f.name)
    return {f.name.removesuffix(".yaml"): f for f in files}
