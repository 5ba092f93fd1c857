"""An assessment as plain JSON, and the JSON Schema that says what it holds."""

from __future__ import annotations

import dataclasses
import math
from datetime import datetime
from functools import cache
from numbers import Integral
from typing import Any

from safeconduct.assessment.answer import Assessment
from safeconduct.model.errors import Bug
from safeconduct.model.instants import iso

SCHEMA_ID = "safeconduct/assessment/1"
"""Name and version of the form; the number rises when a reader of the old one would be misled."""

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def to_json(assessment: Assessment) -> dict[str, Any]:
    """
    Turn an assessment into dicts, lists, text, numbers, booleans and None.

    Instants become ISO 8601 to the second with a Z. Keys stand in the order of the dataclass, so that the same
    assessment gives the same bytes.

    Raises:
        Bug: A number is not finite: JSON has no word for it, and an assessment says *never* with None.
    """
    plain = _plain(assessment, "assessment")
    return plain if isinstance(plain, dict) else {}


def schema() -> dict[str, Any]:
    """
    The JSON Schema (draft 2020-12) of `to_json`, generated from the dataclasses.

    Every key without a default is required; a reader must expect further keys.
    """
    from pydantic import TypeAdapter  # lazy: pydantic is slow to import and only the schema needs it

    made = TypeAdapter(Assessment).json_schema(mode="serialization")
    made["properties"]["schema"]["const"] = SCHEMA_ID
    tidy = _tidy(made)
    return {"$schema": _DIALECT, "$id": SCHEMA_ID, **tidy}


@cache
def _names(kind: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


@cache
def _sparse(kind: type[Any]) -> frozenset[str]:
    """Fields that are left out where they are empty."""
    return frozenset(field.name for field in dataclasses.fields(kind) if field.metadata.get("sparse"))


def _plain(value: Any, where: str) -> Any:
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise Bug("a number that is not finite", where=where, expected="a finite number or None", got=str(value))
        return float(value)  # a numpy double is a float, too, and must not reach the writer as such
    if isinstance(value, Integral):
        return int(value)  # counts that come out of an array
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, tuple):
        return [_plain(member, f"{where}[{index}]") for index, member in enumerate(value)]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        absent = {name for name in _sparse(type(value)) if getattr(value, name) == ()}
        names = (name for name in _names(type(value)) if name not in absent)
        return {name: _plain(getattr(value, name), f"{where}.{name}") for name in names}
    raise Bug("a value that JSON cannot hold", where=where, got=type(value).__name__)


def _tidy(made: Any) -> Any:
    """Without generated titles and descriptions of no content, and with the zone of instants stated."""
    if isinstance(made, list):
        return [_tidy(member) for member in made]
    if not isinstance(made, dict):
        return made
    # A property may itself be called title; only the text of that name is an annotation.
    kept = {
        key: _description(member) if key == "description" and isinstance(member, str) else _tidy(member)
        for key, member in made.items()
        if not (key == "title" and isinstance(member, str))
    }
    if kept.get("format") == "date-time":
        kept["pattern"] = "Z$"
    return kept


def _description(text: str) -> str:
    return " ".join(text.replace("``", "").split())
