"""Frozen values as plain JSON: dataclasses as objects, instants and days as text, tuples as arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any

from safeconduct.model.errors import SafeConductError
from safeconduct.model.instants import iso


def plain(value: Any) -> Any:
    """*value* as what JSON can hold; an error keeps place, expectation and what came instead."""
    if isinstance(value, SafeConductError):
        return {"where": value.where, "message": value.message, "expected": value.expected, "got": value.got}
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, date):
        return iso(value) if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, tuple | list | frozenset) else value
