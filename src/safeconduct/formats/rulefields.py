"""One rule from its node: checked against the closed vocabulary of the law."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date
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
from safeconduct.formats.yamltree import Node
from safeconduct.model.case import CLEARANCE_KINDS
from safeconduct.model.law import ACTIVITIES, AIRCRAFT, COUNTERPARTS, GATE_STATUSES, ITEMS, Bound, WayFacts
from safeconduct.model.rules import (
    AUTHORITIES,
    CONFIDENCE,
    FACTS,
    FORCES,
    STATE,
    SUBJECTS,
    YES_NO,
    AllOf,
    AnyOf,
    Condition,
    Doubt,
    Engagement,
    NotThis,
    Period,
    Rule,
    RuleCase,
    Test,
)
from safeconduct.model.sources import Cite, Spread

GRADE_OF = {"V": "V", "V2": "V2", "partly": "C", "S": "S", "M": "M"}
"""Grade of a figure or basis that rests on a rule of that confidence; a text read in part counts as weak."""

EFFECT_KEYS = ("engages", "prohibits", "opens", "duty", "informs")

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


def _engagement(lead_times: Mapping[str, Spread | None]) -> Reader[Engagement]:
    readers = {"kind": choice(CLEARANCE_KINDS), "authority": _authority, "lead_time": choice(lead_times, empty=True)}

    def read(node: Node, ctx: Context) -> Engagement:
        values = closed(node, ctx, readers, ("kind", "authority"))
        key = values.get("lead_time", values["kind"] if values["kind"] in lead_times else "")
        return Engagement(values["kind"], values["authority"], key, lead_times.get(key))

    return read


_WAY: Mapping[str, Reader[Any]] = {
    "on": _bound,
    "known": _bound,
    "host": code,
    "provider": code,
    "actor": nullable(choice(FACTS["actor"])),
    "aircraft": nullable(choice(AIRCRAFT)),
    "pilotless": nullable(flag),
    "armed": nullable(flag),
    "crosses": many(code),
    "lands_in": many(code),
    "activities": nullable(many(choice(ACTIVITIES))),
    "items": nullable(many(choice(ITEMS))),
    "emergency": nullable(choice(FACTS["emergency"])),
    "lost_is_civil": nullable(flag),
    "in_conflict": nullable(flag),
    "persons": nullable(whole(0)),
    "counterpart": choice(COUNTERPARTS),
    "hands_over": nullable(flag),
    "based_in_host": nullable(flag),
}

_NULLABLE = (
    "actor",
    "aircraft",
    "pilotless",
    "armed",
    "activities",
    "items",
    "emergency",
    "lost_is_civil",
    "in_conflict",
    "persons",
    "hands_over",
    "based_in_host",
)


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


_SEVERAL = ("crosses", "lands_in", "activities", "items")
"""Facts that hold several words: one value of ``each`` stands alone in them."""


def _cases(node: Node, ctx: Context) -> tuple[RuleCase, ...]:
    """The cases of a rule; one with ``each`` stands for as many as it lists values."""
    return tuple(case for group in listed(node, ctx, _case, least=1) for case in group)


def _case(node: Node, ctx: Context) -> tuple[RuleCase, ...]:
    readers: dict[str, Reader[Any]] = {
        "says": words,
        "facts": lambda below, _ctx: below,
        "each": lambda below, _ctx: below,
        "status": choice(GATE_STATUSES),
    }
    values = closed(node, ctx, readers, ("says", "facts", "status"))
    asked = (values["facts"],) if "each" not in values else _each(values["facts"], values["each"], ctx)
    return tuple(RuleCase(values["says"], _facts(facts, ctx), values["status"], node.where) for facts in asked)


def _each(facts: Node, each: Node, ctx: Context) -> tuple[Node, ...]:
    """The facts of a case once for each value listed."""
    if not isinstance(each.value, dict) or len(each.value) != 1 or not isinstance(facts.value, dict):
        refuse(each, "not one fact with its values", expected="such as each: {provider: [XA, XB]}")
    ((key, nodes),) = each.value.items()
    if key not in _WAY:
        refuse(nodes, "unknown fact", expected=f"one of {', '.join(_WAY)}{near(key, _WAY)}", got=repr(key))
    found = listed(nodes, ctx, lambda node, _ctx: node, least=1)
    wrapped = [replace(node, value=(node,)) if key in _SEVERAL else node for node in found]
    return tuple(replace(facts, value={**facts.value, key: node}) for node in wrapped)


def _duty(node: Node, ctx: Context) -> float | None:
    values = closed(node, ctx, {"deadline_h": nullable(between(0.0, 100_000.0, "hours"))}, ("deadline_h",))
    deadline: float | None = values["deadline_h"]
    return deadline


_PERIOD: Mapping[str, Reader[Any]] = {"from": _bound, "until": _bound, "published": _day}

_DOUBT: Mapping[str, Reader[Any]] = {"from": _day, "until": _day, "why": words}


def _period(node: Node, ctx: Context) -> Period:
    values = closed(node, ctx, _PERIOD, tuple(_PERIOD))
    return Period(values["from"], values["until"], values["published"])


def _doubt(node: Node, ctx: Context) -> Doubt:
    values = closed(node, ctx, _DOUBT, tuple(_DOUBT))
    return Doubt(values["from"], values["until"], values["why"])


def _readers(lead_times: Mapping[str, Spread | None]) -> dict[str, Reader[Any]]:
    return {
        "id": identifier,
        "says": words,
        "when": _condition,
        "engages": many(_engagement(lead_times), least=1),
        "prohibits": many(_engagement(lead_times), least=1),
        "opens": many(identifier, least=1),
        "duty": _duty,
        "informs": choice(SUBJECTS),
        "follows": many(identifier, least=1),
        "unless": many(identifier, least=1),
        "extended": many(_period, least=1),
        "in_doubt": many(_doubt, least=1),
        "version_of": identifier,
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
        "cases": _cases,
        "note": text,
    }


_REQUIRED = ("id", "says", "when", "force", "as_of", "citation", "confidence", "needs_counsel", "cases")


def read_rule(node: Node, ctx: Context, lead_times: Mapping[str, Spread | None]) -> Rule:
    """
    Read one rule; what it must be to others is `safeconduct.formats.rulebonds`.

    Raises:
        InvalidInput: The first fault: place, what was expected, what came instead.
    """
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
        follows=values.get("follows", ()),
        unless=values.get("unless", ()),
        extended=values.get("extended", ()),
        in_doubt=values.get("in_doubt", ()),
        version_of=values.get("version_of", ""),
        subject=values.get("informs", ""),
        where=node.where,
    )


def _in_order(node: Node, values: Mapping[str, Any]) -> None:
    """Refuse an end before the beginning; days and instants are compared by their days."""
    start, end = values.get("valid_from"), values.get("valid_until")
    if start is not None and end is not None and (end.year, end.month, end.day) < (start.year, start.month, start.day):
        below = node.get("valid_until") or node
        refuse(below, "ends before it begins", expected=f"a day from {start:%Y-%m-%d} on")
