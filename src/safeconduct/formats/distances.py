"""Reading a user's own table of distances: the published ones are a sold book's and are not shipped."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from safeconduct.model.errors import InvalidInput, Unavailable
from safeconduct.model.places import Rings

UNITS = {"km": 1.0, "m": 0.001, "mi": 1.609344, "nm": 1.852}

_QUANTILE = re.compile(r"p?(\d{1,2}(?:\.\d+)?)%?")
SIZE_LIMIT_BYTES = 1_000_000


def read_distances(path: Path) -> Mapping[str, Rings]:
    """
    Read a table: a header ``category,unit,25%,50%,75%,95%`` (any percentages), one line for each category.

    Args:
        path: CSV in UTF-8 with commas.

    Returns:
        Tables by category; empty cells are left out.

    Raises:
        InvalidInput: The first fault, with its line.
        Unavailable: The file cannot be read.
    """
    text = _text(path)
    rows = csv.reader(io.StringIO(text))
    try:
        header = [name.strip().lower() for name in next(rows, [])]
        columns = {k: float(hit[1]) / 100.0 for k, name in enumerate(header) if (hit := _QUANTILE.fullmatch(name))}
        if "category" not in header or "unit" not in header or not columns or min(columns.values()) <= 0.0:
            expected = "a first line such as category,unit,25%,50%,75%,95%"
            raise InvalidInput(
                "not a table of distances", where=f"{path.name}:1", expected=expected, got=",".join(header)
            )
        found: dict[str, Rings] = {}
        for row in rows:
            if any(cell.strip() for cell in row):
                category, rings = _rings(row, header, columns, f"{path.name}:{rows.line_num}")
                if category in found:
                    where = f"{path.name}:{rows.line_num}"
                    raise InvalidInput("a category twice", where=where, expected="each once", got=category)
                found[category] = rings
    except csv.Error as fault:
        raise InvalidInput("not CSV", where=f"{path.name}:{rows.line_num}", expected="CSV", got=str(fault)) from None
    if not found:
        raise InvalidInput("a table without a category", where=str(path), expected="at least one line", got="none")
    return MappingProxyType(found)


def _rings(row: list[str], header: list[str], columns: Mapping[int, float], where: str) -> tuple[str, Rings]:
    cells = [cell.strip() for cell in row] + [""] * (len(header) - len(row))
    category, unit = cells[header.index("category")], cells[header.index("unit")].lower()
    if not category or unit not in UNITS:
        raise InvalidInput("not a category with a unit", where=where, expected=" | ".join(UNITS), got=",".join(row))
    filled = sorted((share, cells[k]) for k, share in columns.items() if cells[k])
    try:
        radii = tuple(float(cell) * UNITS[unit] for _, cell in filled)
    except ValueError:
        raise InvalidInput("not a distance", where=where, expected="numbers", got=",".join(row)) from None
    if not all(map(math.isfinite, radii)):
        raise InvalidInput("not a distance", where=where, expected="finite numbers", got=",".join(row))
    try:
        return category, Rings(radii, tuple(share for share, _ in filled))
    except InvalidInput as fault:
        raise InvalidInput(fault.message, where=where, expected=fault.expected, got=fault.got) from None


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > SIZE_LIMIT_BYTES:
            raise InvalidInput("the file is too large", where=str(path), expected="at most 1 MB", got="more")
        return path.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        raise InvalidInput("no such file", where=str(path), expected="a CSV table", got="nothing there") from None
    except UnicodeDecodeError:
        raise InvalidInput("not a text file", where=str(path), expected="CSV in UTF-8", got="other bytes") from None
    except OSError as fault:
        raise Unavailable("cannot read the file", where=str(path), got=fault.strerror or "") from None
