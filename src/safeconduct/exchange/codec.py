"""Frozen values to JSON and back, by their own field types: no field twice described, none forgotten."""

from __future__ import annotations

import dataclasses
import json
import types
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from safeconduct.exchange.canonical import MOST_INTEGER, Json, canonical, parse
from safeconduct.model.errors import InvalidInput
from safeconduct.model.instants import instant

T = TypeVar("T")

_quoted: Callable[[str], str] = json.encoder.encode_basestring  # the escapes of RFC 8785, written in C

_CONSTANTS = {None: "null", True: "true", False: "false"}
_WORDS: dict[object, str] = {str: "a string", bool: "true or false", int: "an integer", float: "a number"}


def to_json(value: object) -> Json:
    """
    Write a frozen dataclass as an object with all its fields, a tuple as an array, an instant to the second with a Z.

    Raises:
        InvalidInput: An instant is naive or has a fraction of a second, which the text would lose.
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, tuple):
        return [to_json(each) for each in value]
    if isinstance(value, datetime):
        if value.tzinfo is None or value.microsecond:
            raise InvalidInput("not an instant to the second", expected="an aware instant", got=value.isoformat())
        return f"{value.astimezone(UTC).isoformat()[:-6]}Z"
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) <= MOST_INTEGER else value  # the same bytes, sooner
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: to_json(getattr(value, name)) for name in _hints(type(value))}
    return cast("Json", value)


def written(value: object) -> bytes:
    """
    The bytes of ``canonical(to_json(value))``, in one pass: a long conversation does little else.

    Args:
        value: Of what `to_json` takes, and dicts of texts under ASCII names.

    Raises:
        InvalidInput: As those two.
    """
    try:
        return _text(value).encode("utf-8")
    except (InvalidInput, UnicodeEncodeError):
        return canonical(to_json(value))  # it names the place


def _text(value: Any) -> str:
    kind: Any = type(value)
    if kind is str:
        return _quoted(value)
    if value is None or kind is bool:
        return _CONSTANTS[value]
    if kind is tuple:
        return f"[{','.join([_text(each) for each in value])}]"
    if kind is dict:
        return f"{{{','.join([f'{_quoted(name)}:{_text(value[name])}' for name in sorted(value)])}}}"
    keys = _keys(kind)
    if keys is None:
        return _other(kind, value)
    return f"{{{','.join([key + _text(getattr(value, name)) for name, key in keys])}}}"


def _other(kind: Any, value: Any) -> str:
    """What is neither a text nor made of others."""
    if kind is datetime:
        return f'"{to_json(value)}"'
    if ((kind is float and value.is_integer()) or kind is int) and abs(value) <= MOST_INTEGER:
        return str(int(value))
    return canonical(to_json(value)).decode("utf-8")


@cache
def _keys(kind: Any) -> tuple[tuple[str, str], ...] | None:
    """Fields of a dataclass in the order of RFC 8785, each with its key as written; None for what is none."""
    made_of_fields = dataclasses.is_dataclass(kind)
    return tuple((name, f"{_quoted(name)}:") for name in sorted(_hints(kind))) if made_of_fields else None


def from_json(kind: type[T], found: Json, where: str = "$") -> T:
    """
    The value of type *kind* that `to_json` wrote.

    Args:
        kind: A dataclass whose fields are of str, bool, int, float, datetime, tuples of one type, None or another such
            dataclass.

    Raises:
        InvalidInput: A field is missing or unknown, a value is of another type, or the dataclass refuses it.
    """
    return cast("T", _read(kind, found, where))


def read_exactly(kind: type[T], data: bytes, write: Callable[[T], bytes], noun: str) -> T:
    """
    The value that *write* wrote as these very bytes.

    Args:
        write: To bytes that `canonical` would write.

        noun: What it is, for the error.

    Raises:
        InvalidInput: As `parse` and `from_json`, or other bytes stand for it: another layout, order of keys or spelling
            of a number.
    """
    try:
        value = from_json(kind, json.loads(data.decode("utf-8")))  # what a careful reader refuses is written otherwise
        if write(value) == data:
            return value
    except (ValueError, RecursionError, InvalidInput):
        pass  # read again with care: that names the place
    value = from_json(kind, parse(data))
    if write(value) != data:
        raise InvalidInput(f"not the canonical form of {noun}", where="$", expected="RFC 8785")
    return value


def _read(kind: Any, found: Json, where: str) -> object:
    form, inner = _form(kind)
    if form is None:
        return None if found is None else _read(inner, found, where)
    if form is tuple:
        if not isinstance(found, list):
            raise _unfit("an array", found, where)
        return tuple(_read(inner, each, f"{where}[{i}]") for i, each in enumerate(found))
    if form is dict:
        return _read_fields(inner, found, where)
    if form is datetime:
        if not isinstance(found, str):
            raise _unfit("an instant", found, where)
        return instant(found, where=where)
    if form is float and type(found) is int:
        return float(found)  # the canonical form writes 2.0 as 2
    if type(found) is not form:
        raise _unfit(_WORDS[form], found, where)
    return found


@cache
def _form(kind: Any) -> tuple[type | None, Any]:
    """How a field type stands in JSON, and what is inside: None for an optional one, dict for a dataclass."""
    if get_origin(kind) in (Union, types.UnionType):
        (inner,) = (each for each in get_args(kind) if each is not type(None))
        return None, inner
    if get_origin(kind) is tuple:
        return tuple, get_args(kind)[0]
    if dataclasses.is_dataclass(kind):
        return dict, kind
    return kind, kind


def _read_fields(kind: type, found: Json, where: str) -> object:
    if not isinstance(found, dict):
        raise _unfit("an object", found, where)
    plan = _plan(kind)
    if found.keys() != plan.keys():
        raise _misfit(found.keys(), plan.keys(), where)
    fields = {}
    for name, (hint, as_it_is) in plan.items():
        value = found[name]
        fields[name] = value if type(value) in as_it_is else _read(hint, value, f"{where}.{name}")
    try:
        return kind(**fields)
    except InvalidInput as error:
        error.where = f"{where}.{error.where}" if error.where else where
        raise


def _misfit(found: AbstractSet[str], expected: AbstractSet[str], where: str) -> InvalidInput:
    for name in sorted(found - expected):
        return InvalidInput("an unknown field", where=f"{where}.{name}", expected=f"one of {', '.join(expected)}")
    return InvalidInput("a field is missing", where=f"{where}.{min(expected - found)}")


def _inner(kind: Any) -> Any:
    """A field's type without ``| None``."""
    form, inner = _form(kind)
    return inner if form is None else kind


@cache
def _plan(kind: type) -> dict[str, tuple[Any, frozenset[type]]]:
    """Each field's type, and which types of JSON stand for it as they are: a text, a truth value, an integer, null."""
    plan = {}
    for name, hint in _hints(kind).items():
        form = _form(_inner(hint))[0]
        plain = {form} if form in (str, bool, int) else set()
        plan[name] = hint, frozenset(plain if _inner(hint) is hint else {*plain, type(None)})
    return plan


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _unfit(expected: str, found: Json, where: str) -> InvalidInput:
    return InvalidInput("of another type", where=where, expected=expected, got=type(found).__name__)
