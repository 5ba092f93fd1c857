"""Reading rules: YAML that a lawyer can read and correct, checked against the closed vocabulary of the law."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

from safeconduct.formats.fields import (
    CODE,
    Context,
    Reader,
    between,
    choice,
    closed,
    code,
    flag,
    identifier,
    listed,
    many,
    moment,
    near,
    nullable,
    refuse,
    text,
    whole,
    words,
)
from safeconduct.formats.leadtimes import read_lead_times
from safeconduct.formats.yamltree import Node, read_tree, read_tree_file
from safeconduct.model.case import CLEARANCE_KINDS
from safeconduct.model.law import ACTIVITIES, AIRCRAFT, GATE_STATUSES, ITEMS, WayFacts
from safeconduct.model.rules import (
    AUTHORITIES,
    CONFIDENCE,
    FACTS,
    FORCES,
    STATE,
    YES_NO,
    AllOf,
    AnyOf,
    Bound,
    Condition,
    Engagement,
    NotThis,
    Rule,
    Rulebook,
    RuleCase,
    Test,
)
from safeconduct.model.sources import Cite, Spread

GRADE_OF = {"V": "V", "V2": "V2", "partly": "C", "S": "S", "M": "M"}
"""Grade of a figure or basis that rests on a rule of that confidence; a text read in part counts as weak."""

EFFECT_KEYS = ("engages", "prohibits", "opens", "duty")

CASE_DEFAULTS = WayFacts(
    on=date(2024, 5, 19),
    known=date(2024, 5, 19),
    host="XB",
    provider="XA",
    actor="civil-agency",
    aircraft="state",
    pilotless=False,
    armed=False,
    crosses=("XB",),
    lands_in=(),
    activities=("search",),
    items=(),
    emergency="aircraft-accident",
    lost_is_civil=True,
    in_conflict=False,
    persons=0,
)
"""What a rule's own case takes for the facts it leaves out: invented states, an unarmed crewed state aircraft."""


def load_rules(*paths: Path, lead_times: Path | None = None) -> Rulebook:
    """
    Load rules and lead times.

    Args:
        paths: Files, or directories whose ``*.yaml`` are read; none takes the shipped rules.

        lead_times: None takes the shipped file.

    Returns:
        The rules sorted by id; the same whatever the order of the files.

    Raises:
        InvalidInput: The first fault: place, what was expected, what came instead.
        Unavailable: A file is there but cannot be read.
    """
    shipped = files("safeconduct").joinpath("data")
    if lead_times is not None:
        spreads = read_lead_times(read_tree_file(lead_times))
    else:
        table = shipped.joinpath("lead_times.yaml")
        spreads = read_lead_times(read_tree(table.read_bytes(), name="data/lead_times.yaml"))
    if paths:
        each = [file for path in paths for file in (sorted(path.glob("*.yaml")) if path.is_dir() else [path])]
        trees = [read_tree_file(file) for file in each]
    else:
        packed = [entry for entry in shipped.joinpath("rules").iterdir() if entry.name.endswith(".yaml")]
        packed.sort(key=lambda entry: entry.name)
        trees = [read_tree(entry.read_bytes(), name=f"data/rules/{entry.name}") for entry in packed]
    return read_rules(trees, spreads)


def read_rules(trees: list[Node], lead_times: Mapping[str, Spread]) -> Rulebook:
    """
    Read rules from documents that are already parsed.

    Raises:
        InvalidInput: The first fault within a document, then the first between documents: an id twice, or a permission
            that names no rule, or names another permission.
    """
    ctx = Context()
    found: dict[str, tuple[Rule, Node]] = {}
    for tree in trees:
        top = closed(tree, ctx, {"format": whole(1, 1), "rules": lambda node, _ctx: node}, ("format", "rules"))
        for node in listed(top["rules"], ctx, lambda node, _ctx: node, least=1):
            rule = _rule(node, ctx, lead_times)
            if rule.id in found:
                other = found[rule.id][1].where
                refuse(node, "the same rule twice", expected="each id once", got=f"{rule.id}, also at {other}")
            found[rule.id] = (rule, node)
    for rule, node in found.values():
        _opens_something(rule, node, found)
    return Rulebook(tuple(found[name][0] for name in sorted(found)), dict(lead_times))


def _opens_something(rule: Rule, node: Node, found: Mapping[str, tuple[Rule, Node]]) -> None:
    for name, below in zip(rule.opens, node.items("opens"), strict=True):
        if name not in found:
            refuse(below, "no such rule", expected=f"the id of a rule{near(name, found)}")
        if not found[name][0].engages:
            refuse(below, "opens a rule that closes nothing", expected="a rule that engages or prohibits", got=name)


def _day(node: Node, _ctx: Context) -> date:
    try:
        return date.fromisoformat(str(node.value))
    except ValueError:
        refuse(node, "not a day", expected="a day such as 2024-05-19")


def _bound(node: Node, ctx: Context) -> Bound:
    """An instant where an hour is given, else the day; no hour is guessed."""
    return moment(node, ctx) if "T" in str(node.value) else _day(node, ctx)


def _words_or_list(node: Node, ctx: Context, fact: str) -> tuple[str, ...]:
    nodes = node.value if isinstance(node.value, tuple) else (node,)
    if not nodes:
        refuse(node, "nothing to compare with", expected="a word or a list of words")
    return tuple(sorted({_word(below, ctx, fact) for below in nodes}))


def _word(node: Node, ctx: Context, fact: str) -> str:
    allowed = FACTS[fact]
    if allowed == YES_NO:
        return "yes" if flag(node, ctx) else "no"
    return code(node, ctx) if allowed == STATE else choice(allowed)(node, ctx)


def _condition(node: Node, ctx: Context) -> Condition:
    """A mapping of facts and ``all``, ``any``, ``not``; all of its entries must hold."""
    if not isinstance(node.value, dict):
        refuse(node, "not a condition", expected="a mapping of facts, all, any, not")
    parts: list[Condition] = []
    for key, below in node.value.items():
        if key in ("all", "any"):
            inner = listed(below, ctx, _condition, least=1)
            parts.append(AllOf(inner) if key == "all" else AnyOf(inner))
        elif key == "not":
            parts.append(NotThis(_condition(below, ctx)))
        elif key in FACTS:
            parts.append(Test(key, _words_or_list(below, ctx, key)))
        else:
            known = (*FACTS, "all", "any", "not")
            refuse(below, "unknown fact", expected=f"one of {', '.join(known)}{near(key, known)}", got=repr(key))
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


def _authority(node: Node, ctx: Context) -> str:
    word = text(node, ctx)
    return word if CODE.fullmatch(word) else choice(AUTHORITIES)(node, ctx)


def _engagement(lead_times: Mapping[str, Spread]) -> Reader[Engagement]:
    readers = {"kind": choice(CLEARANCE_KINDS), "authority": _authority, "lead_time": choice(lead_times, empty=True)}

    def read(node: Node, ctx: Context) -> Engagement:
        values = closed(node, ctx, readers, ("kind", "authority"))
        key = values.get("lead_time", values["kind"] if values["kind"] in lead_times else "")
        return Engagement(values["kind"], values["authority"], key, lead_times.get(key))

    return read


_WAY: Mapping[str, Reader[Any]] = {
    "on": _day,
    "known": _day,
    "host": code,
    "provider": code,
    "actor": choice(FACTS["actor"]),
    "aircraft": choice(AIRCRAFT),
    "pilotless": nullable(flag),
    "armed": nullable(flag),
    "crosses": many(code),
    "lands_in": many(code),
    "activities": many(choice(ACTIVITIES)),
    "items": many(choice(ITEMS)),
    "emergency": choice(FACTS["emergency"]),
    "lost_is_civil": nullable(flag),
    "in_conflict": flag,
    "persons": whole(0),
}

_NULLABLE = ("pilotless", "armed", "lost_is_civil")


def _facts(node: Node, ctx: Context) -> WayFacts:
    """The facts of a case; ``null`` makes one unknown that may be so, and *known* and *crosses* follow the others."""
    values = closed(node, ctx, _WAY)
    defaults = {field.name: getattr(CASE_DEFAULTS, field.name) for field in fields(WayFacts)}
    defaults["crosses"] = (values.get("host", CASE_DEFAULTS.host),)
    defaults["known"] = values.get("on", CASE_DEFAULTS.on)
    unknown = {key: None for key in _NULLABLE if isinstance(node.value, dict) and _null(node.value.get(key))}
    return WayFacts(**{**defaults, **values, **unknown})


def _null(node: Node | None) -> bool:
    return node is not None and node.value is None


def _case(node: Node, ctx: Context) -> RuleCase:
    readers = {"says": words, "facts": _facts, "status": choice(GATE_STATUSES)}
    values = closed(node, ctx, readers, tuple(readers))
    return RuleCase(values["says"], values["facts"], values["status"], node.where)


def _duty(node: Node, ctx: Context) -> float | None:
    values = closed(node, ctx, {"deadline_h": nullable(between(0.0, 100_000.0, "hours"))}, ("deadline_h",))
    deadline: float | None = values["deadline_h"]
    return deadline


def _readers(lead_times: Mapping[str, Spread]) -> dict[str, Reader[Any]]:
    return {
        "id": identifier,
        "says": words,
        "when": _condition,
        "engages": many(_engagement(lead_times), least=1),
        "prohibits": many(_engagement(lead_times), least=1),
        "opens": many(identifier, least=1),
        "duty": _duty,
        "force": choice(FORCES),
        "valid_from": _bound,
        "valid_until": _bound,
        "published": _day,
        "as_of": text,
        "citation": words,
        "read_at": text,
        "confidence": choice(CONFIDENCE),
        "needs_counsel": flag,
        "conditions": many(words),
        "channel": text,
        "cases": many(_case, least=1),
        "note": text,
    }


_REQUIRED = ("id", "says", "when", "force", "as_of", "citation", "confidence", "needs_counsel", "cases")


def _rule(node: Node, ctx: Context, lead_times: Mapping[str, Spread]) -> Rule:
    values = closed(node, ctx, _readers(lead_times), _REQUIRED)
    effects = [key for key in EFFECT_KEYS if key in values]
    if len(effects) != 1:
        refuse(
            node,
            f"rule {values['id']} needs exactly one effect",
            expected=f"one of {', '.join(EFFECT_KEYS)}",
            got=", ".join(effects) or "none",
        )
    _in_order(node, values)
    confidence = values["confidence"]
    sources = tuple(source for source in (values["citation"], values.get("read_at", "")) if source)
    return Rule(
        id=values["id"],
        says=values["says"],
        when=values["when"],
        effect="permits" if effects[0] == "opens" else effects[0],
        engages=values.get("engages", ()) or values.get("prohibits", ()),
        opens=values.get("opens", ()),
        deadline_h=values.get("duty"),
        force=values["force"],
        valid_from=values.get("valid_from"),
        valid_until=values.get("valid_until"),
        published=values.get("published"),
        as_of=values["as_of"],
        cite=Cite(sources, GRADE_OF[confidence], CONFIDENCE[confidence]),
        confidence=confidence,
        needs_counsel=values["needs_counsel"],
        conditions=values.get("conditions", ()),
        channel=values.get("channel", ""),
        cases=values["cases"],
        note=values.get("note", ""),
    )


def _in_order(node: Node, values: Mapping[str, Any]) -> None:
    """Refuse an end before the beginning; days and instants are compared by their days."""
    start, end = values.get("valid_from"), values.get("valid_until")
    if start is not None and end is not None and (end.year, end.month, end.day) < (start.year, start.month, start.day):
        below = node.get("valid_until") or node
        refuse(below, "ends before it begins", expected=f"a day from {start:%Y-%m-%d} on")
