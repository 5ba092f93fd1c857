"""A case file to a frozen case, with the first fault placed or the oddities listed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from safeconduct.formats.catalogue import Catalogue, titles
from safeconduct.formats.checks import check
from safeconduct.formats.fields import (
    Context,
    Reader,
    choice,
    closed,
    code,
    flag,
    identifier,
    many,
    moment,
    text,
    whole,
    words,
)
from safeconduct.formats.means import asset, base, ground
from safeconduct.formats.oddities import oddities
from safeconduct.formats.permissions import clearance, red_line
from safeconduct.formats.scene import evidence, happening, incident, offer, party, persons, scenario, weather
from safeconduct.formats.values import default_cite
from safeconduct.formats.winds import wind
from safeconduct.formats.yamltree import Node, read_tree, read_tree_file
from safeconduct.model.case import Case
from safeconduct.model.errors import InvalidInput
from safeconduct.model.sources import Cite

PHASES = ("INCERFA", "ALERFA", "DETRESFA")

CASE: Mapping[str, Reader[Any]] = {
    "format": whole(1, 1),
    "id": identifier,
    "title": words,
    "kind": choice(("real", "exercise")),
    "summary": text,
    "host": code,
    "srr": text,
    "smc": text,
    "phase": choice(PHASES, empty=True),
    "incident": incident,
    "assess_at": moment,
    "seed": whole(0, 2**31 - 1),
    "own_borders_only": flag,
    "default_cite": default_cite,
    "sources": titles,
    "parties": many(party, least=1),
    "persons": many(persons, least=1),
    "evidence": many(evidence, least=1),
    "scenarios": many(scenario),
    "weather": many(weather),
    "winds": many(wind),
    "bases": many(base),
    "ground": many(ground),
    "assets": many(asset),
    "clearances": many(clearance),
    "red_lines": many(red_line),
    "offers": many(offer),
    "happenings": many(happening),
    "assumptions": many(words),
    "unknowns": many(words),
}
"""Every key of a case file with its reader."""

REQUIRED = ("format", "id", "title", "kind", "host", "incident", "assess_at", "parties", "persons", "evidence")


@dataclass(frozen=True, slots=True)
class Loaded:
    """
    A case and what is odd about it.

    Args:
        warnings: Odd but real things, one sentence each with its place, in file order. They change no result.
    """

    case: Case
    warnings: tuple[str, ...]


def read_case(document: str | bytes, *, name: str, catalogue: Catalogue, rules: frozenset[str] | None = None) -> Loaded:
    """
    Read a case.

    Args:
        document: YAML; bytes must be UTF-8.

        name: What to call it in errors, such as ``case.yaml``.

        catalogue: Asset types, survival models and sources that the case may name.

        rules: Ids of the rules a clearance may rest on; None checks no rule id.

    Raises:
        OutOfScope: The case asks for what this software does not do.
        InvalidInput: One fault: the first in file order among faults of form; if the form is right, the first in file
            order among faults of meaning.
    """
    return _loaded(read_tree(document, name=name), catalogue, rules)


def read_case_file(
    path: Path, catalogue: Catalogue, *, rules: frozenset[str] | None = None, name: str | None = None
) -> Loaded:
    """
    Read a case from a file; its name in errors is *name*, else the path as given.

    Raises:
        InvalidInput: There is no such file, it is too large, or as for `read_case`.
        Unavailable: The file is there but cannot be read.
    """
    return _loaded(read_tree_file(path, name=name), catalogue, rules)


def _loaded(root: Node, catalogue: Catalogue, rules: frozenset[str] | None) -> Loaded:
    values = closed(root, _context(root, catalogue), CASE, REQUIRED)
    case = _case(values)
    check(root, case, shared_sources=catalogue.sources, rules=rules)
    return Loaded(case, oddities(root, case))


def _context(root: Node, catalogue: Catalogue) -> Context:
    """
    What later records need of earlier or later ones.

    A fault in these two is not told here but where the file has it, in file order.
    """
    cite, at = None, None
    node = root.get("default_cite")
    try:
        cite = None if node is None else default_cite(node, Context())
    except InvalidInput:
        cite = Cite((), "assumed")
    begun = root.get("incident")
    found = None if begun is None else begun.get("at")
    try:
        at = None if found is None else moment(found, Context())
    except InvalidInput:
        at = None
    return Context(
        cite=cite,
        incident_at=at or datetime(1970, 1, 1, tzinfo=UTC),
        types=catalogue.types,
        survival=catalogue.survival,
        case=_told(root.get("id")),
        emergency=_told(None if begun is None else begun.get("emergency")),
    )


def _told(node: Node | None) -> str:
    """Text of a key that is read again in its turn; empty if it is none."""
    return node.value if node is not None and isinstance(node.value, str) else ""


def _case(values: Mapping[str, Any]) -> Case:
    begun = values["incident"]
    return Case(
        id=values["id"],
        title=values["title"],
        kind=values["kind"],
        summary=values.get("summary", ""),
        host=values["host"],
        incident_at=begun.at,
        incident_cite=begun.cite,
        emergency=begun.emergency,
        lost=begun.lost,
        lost_is_civil=begun.lost_is_civil,
        in_conflict=begun.in_conflict,
        assess_at=values["assess_at"],
        seed=values.get("seed", 1),
        srr=values.get("srr", ""),
        smc=values.get("smc", ""),
        phase=values.get("phase", ""),
        sources=values.get("sources", ()),
        parties=values["parties"],
        persons=values["persons"],
        evidence=values["evidence"],
        weather=values.get("weather", ()),
        bases=values.get("bases", ()),
        ground=values.get("ground", ()),
        assets=values.get("assets", ()),
        clearances=values.get("clearances", ()),
        red_lines=values.get("red_lines", ()),
        offers=values.get("offers", ()),
        happenings=values.get("happenings", ()),
        site_elevation_m=begun.site_elevation_m,
        assumptions=values.get("assumptions", ()),
        unknowns=values.get("unknowns", ()),
        own_borders_only=values.get("own_borders_only", False),
        scenarios=values.get("scenarios", ()),
        search_object=begun.search_object,
        cover=begun.cover,
        winds=values.get("winds", ()),
    )
