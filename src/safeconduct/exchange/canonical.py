"""One value, one sequence of bytes: RFC 8785, so that two parties sign and hash the same thing."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NoReturn, TypeAlias, cast

import rfc8785

from safeconduct.model.errors import InvalidInput

# Without floats, and with ASCII keys only, the standard library writes the bytes of RFC 8785, several times as fast.
_QUICK = json.JSONEncoder(ensure_ascii=False, check_circular=False, sort_keys=True, separators=(",", ":"))

Json: TypeAlias = "Mapping[str, Json] | Sequence[Json] | str | int | float | bool | None"

MOST_LEVELS = 200
"""Arrays and objects inside each other. A fixed limit, so that the answer does not depend on whose stack is fuller."""

MOST_INTEGER = 2**53 - 1
"""Beyond it a double no longer tells neighbouring integers apart (RFC 8785 section 3.2.2.3, RFC 7493 section 2.2)."""


def canonical(value: Json) -> bytes:
    """
    Write *value* as RFC 8785 does: no spaces, keys sorted by UTF-16, numbers as ECMAScript prints doubles.

    Args:
        value: Of dict, list, tuple, str, int, float, bool and None; nothing else, and no cycle. A tuple is written as
            an array, and -0.0 as 0.

    Raises:
        InvalidInput: NaN or an infinity, an integer beyond 2^53 - 1 in size, half a surrogate pair, a key that is no
            string, over 200 levels. The place is a JSON path.
    """
    if _check(value):
        return _QUICK.encode(value).encode("utf-8")
    return rfc8785.dumps(value)


def parse(data: bytes) -> Json:
    """
    Read JSON that loses nothing on the way through `canonical`.

    An integer beyond 2^53 - 1 is taken, as a float, only where its digits are those of the double nearest to it: what
    `canonical` has written can be read again, and an identity number that a double would change is refused.

    Raises:
        InvalidInput: Not UTF-8 or not JSON (a byte order mark, NaN and Infinity are not), a key twice in one object,
            a number that a double cannot hold, half a surrogate pair, over 200 levels. The place is a JSON path, or
            line and column where there is no value yet.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInput("not UTF-8", where="$", got=f"byte {error.start}") from None
    try:
        return _decoded(text)
    except json.JSONDecodeError as error:
        where = f"$ (line {error.lineno}, column {error.colno})"
        raise InvalidInput("not JSON", where=where, got=error.msg) from None
    except RecursionError:
        raise _too_deep() from None


def _decoded(text: str) -> Json:
    # Only an escape, which may be half a surrogate pair, and a long or a huge number can be refused once they are read.
    if "\\u" not in text:
        try:
            value = cast("Json", _PLAIN_JSON.decode(text))
        except _Unusual:
            pass
        else:
            if text.count("{") + text.count("[") > MOST_LEVELS:
                _check_depth(value)
            return value
    value = cast("Json", _ANY_JSON.decode(text))
    _check(value)
    return value


class _Unusual(Exception):
    """A number that only a check of the whole can judge."""


def _short(token: str) -> int:
    if len(token) < len(str(MOST_INTEGER)):
        return int(token)
    raise _Unusual


def _finite(token: str) -> float:
    found = float(token)
    if math.isfinite(found):
        return found
    raise _Unusual


def _integer(token: str) -> int | float:
    """The integer where it is safe or must be refused with its place; the double where that has the same digits."""
    if len(token) < len(str(MOST_INTEGER)):
        return int(token)
    nearest = float(token)
    if not math.isfinite(nearest):
        return nearest  # refused by _check, which knows the place
    exact = int(token)
    if abs(exact) > MOST_INTEGER and Decimal(repr(nearest)) == exact:
        return nearest
    return exact


def _unique_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise InvalidInput("a key occurs twice in one object", where="$", got=ascii(twice))
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise InvalidInput("not JSON", where="$", expected="a finite number", got=name)


_ANY_JSON = json.JSONDecoder(object_pairs_hook=_unique_keys, parse_int=_integer, parse_constant=_refuse_constant)
_PLAIN_JSON = json.JSONDecoder(
    object_pairs_hook=_unique_keys, parse_int=_short, parse_float=_finite, parse_constant=_refuse_constant
)


def _too_deep() -> InvalidInput:
    return InvalidInput("nested too deeply", where="$", expected=f"at most {MOST_LEVELS} levels")


# A value met on the way down: itself, the node that holds it, and its key or position there.
_Node: TypeAlias = "tuple[object, _Node | None, str | int]"


def _check(value: Json) -> bool:
    """
    Walk level by level, so that depth costs no stack and the place is put together only for a complaint.

    Returns:
        Whether the value is plain: no floats, no subclasses, ASCII keys only.
    """
    plain = True
    level: list[_Node] = [(value, None, "")]
    for depth in range(MOST_LEVELS + 1):
        below: list[_Node] = []
        for node in level:
            found = node[0]
            if found is None or found is True or found is False:
                continue
            plain = plain and type(found) in _PLAIN
            if isinstance(found, str):
                _check_text(found, node)
            elif isinstance(found, dict | list | tuple):
                if depth == MOST_LEVELS:
                    raise _too_deep()
                if isinstance(found, dict):
                    plain = _check_keys(found, node) and plain
                    below += [(inner, node, key) for key, inner in found.items()]
                else:
                    below += [(inner, node, position) for position, inner in enumerate(found)]
            else:
                _check_number(found, node)
        level = below
    return plain


def _check_depth(value: Json) -> None:
    """What `_check` says of the levels, for what `json` has read."""
    level: list[Any] = [value] if isinstance(value, dict | list) else []
    for _ in range(MOST_LEVELS):
        inner = (found for each in level for found in (each.values() if type(each) is dict else each))
        level = [each for each in inner if type(each) is dict or type(each) is list]
        if not level:
            return
    raise _too_deep()


_PLAIN = frozenset({str, int, dict, list, tuple})


def _check_keys(found: dict[object, object], node: _Node) -> bool:
    """Complain about what is no key; whether all keys are ASCII, so that UTF-16 and code points sort alike."""
    ascii_only = True
    for key in found:
        if not isinstance(key, str):
            raise InvalidInput("not a key", where=_path(node), expected="a string", got=repr(key))
        if not key.isascii():
            ascii_only = False
            _check_text(key, node)
        ascii_only = ascii_only and type(key) is str
    return ascii_only


def _check_text(found: str, node: _Node) -> None:
    if found.isascii():
        return
    try:
        found.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InvalidInput(
            "half a surrogate pair", where=_path(node), expected="Unicode text", got=ascii(found[error.start])
        ) from None


def _check_number(found: object, node: _Node) -> None:
    if not isinstance(found, int | float):
        raise InvalidInput("not a JSON value", where=_path(node), got=type(found).__name__)
    if isinstance(found, float) and not math.isfinite(found):
        raise InvalidInput("a number out of range", where=_path(node), expected="a number below 1.8e308 in size")
    if isinstance(found, int) and abs(found) > MOST_INTEGER:
        raise InvalidInput(
            "an integer that a double would change", where=_path(node), expected="at most 2^53 - 1 in size, or a string"
        )


def _path(node: _Node) -> str:
    parts: list[str] = []
    here: _Node | None = node
    while here is not None and here[1] is not None:
        key = here[2]
        parts.append(f".{key.encode('utf-8', 'backslashreplace').decode()}" if isinstance(key, str) else f"[{key}]")
        here = here[1]
    return "$" + "".join(reversed(parts))
