"""Any message from a JSON file: what has no sentence of its own in `desk.phrases`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from safeconduct.desk.speaking import Speech
from safeconduct.exchange.canonical import parse
from safeconduct.exchange.codec import from_json
from safeconduct.exchange.content import CONTENT_TYPES
from safeconduct.exchange.message import GateEntry, LineItem, Recall, Response
from safeconduct.model.errors import InvalidInput
from safeconduct.model.instants import Instant

_WRITTEN: Mapping[str, Any] = {
    "content": str,
    "case": str,
    "recipients": tuple[str, ...],
    "preceding": str,
    "exercise": bool,
    "description": str,
    "from_at": Instant,
    "until_at": Instant,
    "languages": tuple[str, ...],
    "items": tuple[LineItem, ...],
    "gates": tuple[GateEntry, ...],
    "digest": str,
    "response": Response,
    "recall": Recall,
    "confidentiality": str,
}


def written(data: bytes) -> Speech:
    """
    Any message from a JSON file: ``content``, ``case``, ``recipients``, and what else of a message it needs.

    Raises:
        InvalidInput: Not such a file; a field that is unknown or is filled in by signing.
    """
    found = parse(data)
    if not isinstance(found, dict) or not {"content", "case", "recipients"} <= found.keys():
        raise InvalidInput("not a message to write", where="$", expected="content, case and recipients")
    unknown = sorted(found.keys() - _WRITTEN.keys())
    if unknown or found["content"] not in CONTENT_TYPES:
        raise InvalidInput("not a message to write", where=f"$.{unknown[0] if unknown else 'content'}")
    fields = {name: from_json(kind, found[name], f"$.{name}") for name, kind in _WRITTEN.items() if name in found}
    content, case, recipients = fields.pop("content"), fields.pop("case"), fields.pop("recipients")
    preceding, exercise = fields.pop("preceding", None), bool(fields.pop("exercise", False))
    return Speech(content, case, recipients, preceding, exercise, fields)
