"""The op ``law``: what every rule says to one way."""

from __future__ import annotations

import re
from datetime import date

from safeconduct.conformance.reading import Document, array, choice, field, text
from safeconduct.model.errors import InvalidInput
from safeconduct.model.instants import instant
from safeconduct.model.law import ACTIVITIES, AIRCRAFT, ITEMS, Bound

ACTORS = ("military", "civil-agency", "contractor", "grantee", "ngo", "international", "individual")
EMERGENCIES = ("aircraft-accident", "natural-disaster", "maritime", "conflict")

_CODE = re.compile(r"[A-Z]{2}")


def law(doc: Document) -> dict[str, object]:
    """The verdict of each rule on a way, and one word for all gates; a field that is missing is an unknown fact."""
    # lazy: each op loads its own solver
    from safeconduct.law.evaluate import gates, verdicts
    from safeconduct.law.overall import worst  # lazy: comes with the line above
    from safeconduct.law.question import Question, facts_of  # lazy: the same
    from safeconduct.wiring.rooms import compiled  # lazy: reads the rules

    on = _moment(field(doc, "on"), "$.on")
    facts = facts_of(
        Question(
            on=on,
            known=_moment(doc["known"], "$.known") if doc.get("known") is not None else on,
            host=_code(field(doc, "host"), "$.host"),
            provider=_code(field(doc, "provider"), "$.provider"),
            actor=_word(doc, "actor", ACTORS),
            aircraft=_word(doc, "aircraft", AIRCRAFT),
            pilotless=_flag(doc, "pilotless"),
            armed=_flag(doc, "armed"),
            crosses=_codes(doc, "crosses"),
            activities=_words(doc, "activity", ACTIVITIES),
            items=_words(doc, "items", ITEMS),
            emergency=_word(doc, "emergency", EMERGENCIES),
        )
    )
    rules = compiled()
    found = [
        {
            "rule": verdict.rule.id,
            "status": verdict.status,
            "clearance": verdict.kind or None,
            "authority": verdict.authority or None,
            "why": verdict.why,
            "conditions": list(verdict.conditions),
        }
        for verdict in verdicts(facts, rules)
    ]
    engaged = [gate.status for gate in gates(facts, rules)]
    return {"verdicts": found, "overall": worst(engaged) if engaged else "unknown"}


def _moment(found: object, where: str) -> Bound:
    """A day, or an instant with a zone."""
    written = text(found, where)
    if "T" in written:
        return instant(written, where=where)
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise InvalidInput("not a day", where=where, expected="a day such as 2012-10-07", got=written) from None


def _code(found: object, where: str) -> str:
    written = text(found, where)
    if not _CODE.fullmatch(written):
        raise InvalidInput("not a state", where=where, expected="two capitals", got=written)
    return written


def _codes(doc: Document, key: str) -> tuple[str, ...] | None:
    if doc.get(key) is None:
        return None
    return tuple(_code(each, f"$.{key}[{at}]") for at, each in enumerate(array(doc[key], f"$.{key}")))


def _word(doc: Document, key: str, allowed: tuple[str, ...]) -> str | None:
    return None if doc.get(key) is None else choice(doc[key], f"$.{key}", *allowed)


def _words(doc: Document, key: str, allowed: tuple[str, ...]) -> tuple[str, ...] | None:
    if doc.get(key) is None:
        return None
    return tuple(choice(each, f"$.{key}[{at}]", *allowed) for at, each in enumerate(array(doc[key], f"$.{key}")))


def _flag(doc: Document, key: str) -> bool | None:
    found = doc.get(key)
    if found is not None and not isinstance(found, bool):
        raise InvalidInput("not true or false", where=f"$.{key}", expected="true, false or null", got=str(found))
    return found
