"""Whole pages of the law on a terminal: a case, two days, a check."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from safeconduct.law.cases import Failure
from safeconduct.law.evaluate import Duty
from safeconduct.law.reasons import Reason
from safeconduct.model.instants import Instant, iso
from safeconduct.model.law import Gate, WayFacts
from safeconduct.model.rules import Rule
from safeconduct.report.law import NOT_ADVICE, by_rule, duty_line, gate_lines, path_line


class WayLike(Protocol):
    """What a page needs of one way; the use cases make it."""

    @property
    def way(self) -> str: ...
    @property
    def provider(self) -> str: ...
    @property
    def facts(self) -> WayFacts: ...
    @property
    def overall(self) -> str: ...
    @property
    def gates(self) -> tuple[Gate, ...]: ...
    @property
    def reasons(self) -> tuple[Reason, ...]: ...
    @property
    def duties(self) -> tuple[Duty, ...]: ...
    @property
    def paths(self) -> tuple[Reason, ...]: ...


class CaseLike(Protocol):
    """What a page needs of a case."""

    @property
    def case(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def as_of(self) -> Instant: ...
    @property
    def ways(self) -> tuple[WayLike, ...]: ...
    @property
    def drafts(self) -> tuple[Rule, ...]: ...
    @property
    def unknowns(self) -> tuple[str, ...]: ...


class ChangedLike(Protocol):
    """What a page needs of a rule that changed."""

    @property
    def rule(self) -> Rule: ...
    @property
    def before(self) -> str: ...
    @property
    def after(self) -> str: ...
    @property
    def example(self) -> str: ...
    @property
    def ways(self) -> int: ...


class DifferenceLike(Protocol):
    """What a page needs of two days."""

    @property
    def first(self) -> object: ...
    @property
    def second(self) -> object: ...
    @property
    def host(self) -> str: ...
    @property
    def provider(self) -> str: ...
    @property
    def tried(self) -> int: ...
    @property
    def changed(self) -> tuple[ChangedLike, ...]: ...


class CheckedLike(Protocol):
    """What a page needs of a check."""

    @property
    def rules(self) -> int: ...
    @property
    def cases(self) -> int: ...
    @property
    def own(self) -> tuple[str, ...]: ...
    @property
    def replaced(self) -> tuple[str, ...]: ...
    @property
    def faults(self) -> tuple[Exception, ...]: ...
    @property
    def failures(self) -> tuple[Failure, ...]: ...
    @property
    def gaps(self) -> tuple[str, ...]: ...


def case_lines(page: CaseLike) -> Iterator[str]:
    """Every way with its gates, duties and paths."""
    yield NOT_ADVICE
    yield f"{page.title} ({page.case}), as known at {iso(page.as_of)}"
    for draft in page.drafts:
        yield f"WHAT-IF, no law: {draft.id} is taken as agreed. {draft.says}"
    for way in page.ways:
        yield from _way_lines(way)
    if page.unknowns:
        yield ""
        yield "What nobody has published"
        yield from (f"    {each}" for each in page.unknowns)


def _why_lines(gate: Gate, reasons: tuple[Reason, ...]) -> Iterator[str]:
    """On which facts each of its rules applies; what opens it stands in the lines above."""
    for each in reasons:
        if (each.kind, each.authority) == (gate.kind, gate.authority):
            facts = "; ".join(text for text in each.because if " permits it: " not in text)
            yield f"{each.rule} applies because {facts}" if facts else f"{each.rule} applies to every way"


def _names(gates: list[Gate]) -> str:
    return ", ".join(f"{gate.kind} ({gate.authority})" for gate in gates) or "nothing"


def _way_lines(way: WayLike) -> Iterator[str]:
    facts = way.facts
    crossing = ", ".join(facts.crosses) or "no border"
    yield ""
    yield f"{way.way}: {way.provider} to {facts.host}, {facts.actor}, crosses {crossing}: {way.overall.upper()}"
    barred = [gate for gate in way.gates if not gate.status.startswith("satisfied")]
    free = [gate for gate in way.gates if gate.status.startswith("satisfied")]
    if not way.gates:
        yield "  At home nobody is asked." if way.provider == facts.host else "  No rule was found: unknown."
    else:
        by_law = [gate for gate in barred if by_rule(gate)]
        yield f"  Law stands in the way: {_names(by_law)}."
        yield f"  Policy or practice alone, or not known: {_names([gate for gate in barred if gate not in by_law])}."
        yield f"  Engaged, and did not stand in the way: {_names(free)}."
    for gate in (*barred, *free):
        yield from ("  " + line for line in gate_lines(gate))
        yield from ("      " + line for line in _why_lines(gate, way.reasons))
    if way.duties:
        yield "  Duties"
        yield from (f"    {duty_line(duty)}" for duty in way.duties)
    if way.paths:
        yield "  What needs no clearance, and how permissions are got"
        yield from (f"    {path_line(verdict)}" for verdict in way.paths)


def diff_lines(page: DifferenceLike) -> Iterator[str]:
    """Each rule that says something else, with one way on which it does."""
    yield NOT_ADVICE
    yield f"{page.provider} to {page.host}: {page.first} against {page.second}, each as known on its day"
    if not page.changed:
        yield f"Nothing changed on any of the {page.tried} ways tried."
    for each in page.changed:
        yield ""
        yield f"{each.rule.id}: {each.before} -> {each.after}, on {each.ways} of {page.tried} ways"
        if each.ways:
            yield f"  for example: {each.example}"
        yield f"  {each.rule.says} [{'; '.join(each.rule.cite.sources)}]"


def check_lines(page: CheckedLike) -> Iterator[str]:
    """What is wanting; faults themselves are told as errors."""
    yield NOT_ADVICE
    for failure in page.failures:
        where = failure.case.where
        yield f"{where}: case of {failure.rule}: {failure.case.says} Expected {failure.case.status}. Got {failure.got}."
    for gap in page.gaps:
        yield f"gap: {gap}"
    if page.own:
        yield f"your rules taken: {', '.join(page.own)}"
    if page.replaced:
        yield f"in place of ours: {', '.join(page.replaced)}"
    wanting = len(page.faults) + len(page.failures)
    yield f"{page.rules} rules, {page.cases} cases: " + (f"{wanting} wanting" if wanting else "sound")
