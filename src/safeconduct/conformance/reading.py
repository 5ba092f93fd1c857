"""From bytes to checked values: each complaint names its place as a JSON path."""

from __future__ import annotations

import binascii
import json
import math
import re
from collections.abc import Mapping
from typing import NoReturn, TypeAlias

from safeconduct.model.errors import InvalidInput

Document: TypeAlias = Mapping[str, object]

HEX = re.compile(r"(?:[0-9a-fA-F]{2})*")


def document(data: bytes) -> Document:
    """
    Read one JSON object.

    Raises:
        InvalidInput: Not UTF-8, not JSON (NaN and Infinity are not), a key given twice, nested too deeply, or not an
            object.
    """
    try:
        found: object = json.loads(
            data.decode("utf-8-sig"), object_pairs_hook=_unique_keys, parse_constant=_refuse_constant
        )
    except UnicodeDecodeError as error:
        raise InvalidInput("not UTF-8", where="$", got=f"byte {error.start}") from error
    except json.JSONDecodeError as error:
        where = f"$ (line {error.lineno}, column {error.colno})"
        raise InvalidInput("not JSON", where=where, got=error.msg) from error
    except RecursionError as error:
        raise InvalidInput("nested too deeply", where="$") from error
    except ValueError as error:
        raise InvalidInput("a number with too many digits", where="$") from error
    if not isinstance(found, dict):
        raise InvalidInput("not an object", where="$", expected="{...}", got=_kind(found))
    return found


def field(doc: Document, key: str, where: str = "$") -> object:
    """The value of *key*; `InvalidInput` if there is none."""
    if key not in doc:
        raise InvalidInput("a field is missing", where=f"{where}.{key}", expected=f"a field {key!r}")
    return doc[key]


def mapping(found: object, where: str) -> Document:
    """*found* if it is a JSON object, else `InvalidInput`."""
    if not isinstance(found, dict):
        raise InvalidInput("not an object", where=where, expected="{...}", got=_kind(found))
    return found


def array(found: object, where: str) -> list[object]:
    """*found* if it is a JSON array, else `InvalidInput`."""
    if not isinstance(found, list):
        raise InvalidInput("not an array", where=where, expected="[...]", got=_kind(found))
    return found


def text(found: object, where: str) -> str:
    """*found* if it is a string that is not empty, else `InvalidInput`."""
    if not isinstance(found, str) or not found:
        raise InvalidInput("not a text", where=where, expected="a string, not empty", got=_kind(found))
    return found


def number(found: object, where: str) -> float:
    """*found* as a finite float; `InvalidInput` for anything else, true and false included."""
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise InvalidInput("not a number", where=where, expected="a number", got=_kind(found))
    try:
        value = float(found)
    except OverflowError:
        value = math.inf
    if not math.isfinite(value):
        raise InvalidInput("a number out of range", where=where, expected="a number below 1.8e308 in size")
    return value


def numbers(found: object, where: str) -> list[float]:
    """*found* as a list of finite floats, else `InvalidInput`."""
    return [number(each, f"{where}[{position}]") for position, each in enumerate(array(found, where))]


def whole(found: object, where: str) -> int:
    """*found* as an int; `InvalidInput` for anything but a number without a fraction (3.0 is one)."""
    value = number(found, where)
    if not value.is_integer():
        raise InvalidInput("not a whole number", where=where, expected="a whole number", got=str(value))
    return int(value)


def integer(found: object, where: str) -> int:
    """*found* if it is written as an integer, else `InvalidInput`."""
    if isinstance(found, bool) or not isinstance(found, int):
        raise InvalidInput("not an integer", where=where, expected="an integer", got=_kind(found))
    return found


def hex_bytes(found: object, where: str) -> bytes:
    """The bytes that *found* spells in hexadecimal, two digits each, none included; else `InvalidInput`."""
    if not isinstance(found, str) or not HEX.fullmatch(found):
        raise InvalidInput("not hexadecimal", where=where, expected="two hex digits for each byte", got=_kind(found))
    return bytes.fromhex(found)


def base64_bytes(found: object, where: str) -> bytes:
    """The bytes that *found* spells in base64 (RFC 4648 section 4, padded), none included; else `InvalidInput`."""
    if isinstance(found, str):
        try:
            spelt = binascii.a2b_base64(found, strict_mode=True)
        except ValueError:
            spelt = None
        # Bits left over at the end would let two texts spell the same bytes.
        if spelt is not None and binascii.b2a_base64(spelt, newline=False).decode("ascii") == found:
            return spelt
    raise InvalidInput("not base64", where=where, expected="base64 with padding", got=_kind(found))


def choice(found: object, where: str, *allowed: str) -> str:
    """*found* if it is one of *allowed*, else `InvalidInput`."""
    value = text(found, where)
    if value not in allowed:
        raise InvalidInput("not one of the choices", where=where, expected=" | ".join(allowed), got=value)
    return value


def _unique_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise InvalidInput("a key occurs twice in one object", where="$", got=key)
        found[key] = value
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise InvalidInput("not JSON", where="$", expected="a finite number", got=name)


def _kind(found: object) -> str:
    names = {dict: "an object", list: "an array", str: "a string", bool: "true or false", type(None): "null"}
    shown = "" if isinstance(found, dict | list) else f": {json.dumps(found)[:80]}"
    return names.get(type(found), "a number") + ("" if found is None else shown)
