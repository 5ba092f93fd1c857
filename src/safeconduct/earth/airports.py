"""
Airports and their runways.

Our own small table comes first: places are the mean of the runway ends and every row has its source. For every other
code the airportsdata package gives place and elevation, and its runways are unknown unless the user brings them.
"""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from itertools import groupby
from typing import Any, Literal, TypeAlias

from safeconduct.model.errors import Corrupt, InvalidInput
from safeconduct.model.space import LonLat, lon_lat

Surface: TypeAlias = Literal["paved", "unpaved", "water", "unknown"]

FOOT_M = 0.3048
COLUMNS = (
    "icao", "name", "state", "lon", "lat",
    "elevation_m", "runway", "runway_length_m", "runway_width_m", "surface",
    "lighted", "source", "grade",
)  # fmt: skip
"""Columns of data/airports/runways.csv, one row for each open runway."""

_DATA = "airports/runways.csv"
_TERRITORIES = "airports/territories.csv"
_OURAIRPORTS = (
    "airport_ident", "length_ft", "width_ft", "surface", "lighted",
    "closed", "le_ident", "le_latitude_deg", "le_longitude_deg", "le_elevation_ft",
    "he_ident", "he_latitude_deg", "he_longitude_deg", "he_elevation_ft",
)  # fmt: skip

# OurAirports lets its writers describe surfaces freely; the first word decides. PEM, MET: partly paved, steel planking.
_PAVED = ("asp", "con", "bit", "pem", "tar", "paved", "pav", "bri", "met", "psp", "com", "mac", "cement", "cop")
_UNPAVED = (
    "turf", "grs", "gra", "gre", "gvl", "grv", "earth", "ear", "dirt", "sand", "san", "cla", "lat", "cor", "soil",
    "snow", "ice", "sod", "mud", "sil", "unpaved", "pi",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Runway:
    """
    One runway, water lane or pad.

    Args:
        ident: Names of its ends, such as ``12L/30R``.

        length_m: Length, metres; None where not recorded.

        width_m: Width, metres; None where not recorded.

        surface: What it is made of, as far as an aircraft cares.

        lighted: Whether it has lights; None where not recorded.

        ends: Places of its ends, as far as recorded; none in our own table, which keeps their mean.

        elevation_m: The higher end above sea level, metres; None where not recorded.
    """

    ident: str
    length_m: float | None
    width_m: float | None
    surface: Surface
    lighted: bool | None
    ends: tuple[LonLat, ...] = ()
    elevation_m: float | None = None


@dataclass(frozen=True, slots=True)
class Airport:
    """
    A place with an ICAO location indicator.

    Args:
        code: The indicator.

        name: Its English name.

        state: Code of the airspace it stands under, ISO 3166-1 alpha-2: for a territory without an airspace of its own
            (data/borders/PROVENANCE.md) that of the state. ``AQ`` in Antarctica, which is no state's.

        position: Mean of the runway ends, or the reference point where these are not recorded.

        elevation_m: Above sea level, metres; None where not recorded.

        runways: Open runways, longest first. Empty means *not known*, never *none*.

        source: Where this is from.

        grade: How far it can be trusted, one of `safeconduct.model.sources.GRADES`.
    """

    code: str
    name: str
    state: str
    position: LonLat
    elevation_m: float | None
    runways: tuple[Runway, ...]
    source: str
    grade: str

    @property
    def longest_paved_m(self) -> float | None:
        """Length of the longest paved runway, metres; None if no runway of known length is known to be paved."""
        return max((r.length_m for r in self.runways if r.surface == "paved" and r.length_m is not None), default=None)


def airport(code: str, *, brought: Mapping[str, tuple[Runway, ...]] | None = None) -> Airport:
    """
    Look an airport up by its ICAO location indicator, in either case of letters.

    Args:
        code: Four characters as a rule.

        brought: Runways the user brings, by code (see :func:`load_runways`); they replace the known ones.

    Raises:
        InvalidInput: No airport goes by that code; the error names the nearest codes.
    """
    wanted = code.strip().upper()
    found = _table().get(wanted) or _from_package(wanted)
    if found is None:
        near = difflib.get_close_matches(wanted, [*_table(), *_package()], n=3, cutoff=0.5)
        expected = "an ICAO location indicator" + (f", such as {', '.join(near)}" if near else "")
        raise InvalidInput("no airport goes by this code", expected=expected, got=code)
    runways = (brought or {}).get(wanted)
    return found if runways is None else replace(found, runways=runways)


def every_airport(*, brought: Mapping[str, tuple[Runway, ...]] | None = None) -> tuple[tuple[Airport, bool], ...]:
    """
    Every airport there is a place for, by code, and whether airlines have a code for it too (IATA).

    Our own table has no such codes: what it lists counts as having one.

    Args:
        brought: As in `airport`.
    """
    rows = _package()
    out = []
    for code in sorted({*rows, *_table()}):
        own = _table().get(code)
        found = own or _from_package(code)
        if found is not None:
            runways = (brought or {}).get(code)
            served = own is not None or bool(rows[code]["iata"])
            out.append((found if runways is None else replace(found, runways=runways), served))
    return tuple(out)


def load_runways(text: str, *, where: str = "runways.csv") -> dict[str, tuple[Runway, ...]]:
    """
    Read OurAirports' public-domain table of runways.

    Closed runways are left out; lengths of 0 and coordinates that are missing or impossible count as not recorded.

    Args:
        text: The whole CSV file, with its header.

        where: Its name, for errors.

    Returns:
        Open runways by airport code, longest first.

    Raises:
        InvalidInput: Columns are missing, or a figure is not a number.
    """
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        missing = [name for name in _OURAIRPORTS if name not in (reader.fieldnames or ())]
        if missing:
            got = ", ".join(reader.fieldnames or ()) or "an empty file"
            raise InvalidInput(
                "not OurAirports' runways", where=where, expected=f"columns {', '.join(missing)}", got=got
            )
        found: dict[str, list[Runway]] = {}
        for row in reader:
            place = f"{where}:{reader.line_num}"
            if (row["airport_ident"] or "").strip() and (row["closed"] or "").strip() != "1":
                found.setdefault(row["airport_ident"].strip().upper(), []).append(_runway(row, place))
    except csv.Error as fault:
        raise InvalidInput("not a CSV file", where=f"{where}:{reader.line_num}", got=str(fault)) from None
    return {code: _longest_first(runways) for code, runways in found.items()}


def surface(words: str) -> Surface:
    """
    Read OurAirports' free words for a surface; the first word that is understood decides.

    >>> surface("ASPH/ CONC"), surface("Turf"), surface("WATER"), surface("UNK"), surface("")
    ('paved', 'unpaved', 'water', 'unknown', 'unknown')
    """
    plain = "".join(letter if letter.isalpha() else " " for letter in words.lower())
    for word in plain.split():
        if word.startswith("wat"):
            return "water"
        if word.startswith(_PAVED):
            return "paved"
        if word.startswith(_UNPAVED):
            return "unpaved"
    return "unknown"


def mean_of_ends(runways: Iterable[Runway]) -> LonLat | None:
    """
    Mean of all recorded runway ends; None if there are none. Right across the antimeridian.

    >>> mean_of_ends([Runway("1/19", None, None, "paved", None, ((179.9, 1.0), (-179.7, 3.0)))])
    (-179.9, 2.0)
    """
    ends = [end for each in runways for end in each.ends]
    if not ends:
        return None
    first = ends[0][0]
    east = sum((lon - first + 180.0) % 360.0 - 180.0 for lon, _ in ends) / len(ends)
    lon = (first + east + 180.0) % 360.0 - 180.0
    return (round(lon, 6), round(sum(lat for _, lat in ends) / len(ends), 6))


def _runway(row: dict[str, str], where: str) -> Runway:
    ends, heights = [], []
    for side in ("le", "he"):
        lon = _number(row, f"{side}_longitude_deg", where)
        lat = _number(row, f"{side}_latitude_deg", where)
        if lon is not None and lat is not None and abs(lon) <= 180.0 and abs(lat) <= 90.0:
            ends.append((lon, lat))
        height = _number(row, f"{side}_elevation_ft", where)
        if height is not None:
            heights.append(height * FOOT_M)
    length, width = (_number(row, name, where) for name in ("length_ft", "width_ft"))
    return Runway(
        ident="/".join(filter(None, ((row["le_ident"] or "").strip(), (row["he_ident"] or "").strip()))),
        length_m=round(length * FOOT_M, 1) if length else None,
        width_m=round(width * FOOT_M, 1) if width else None,
        surface=surface(row["surface"] or ""),
        lighted={"1": True, "0": False}.get((row["lighted"] or "").strip()),
        ends=tuple(ends),
        elevation_m=round(max(heights), 1) if heights else None,
    )


def _number(row: Mapping[str, str | None], name: str, where: str) -> float | None:
    words = (row[name] or "").strip()
    if not words:
        return None
    try:
        value = float(words)
    except ValueError:
        value = float("nan")
    if not abs(value) < 1e7:
        raise InvalidInput("not a number", where=f"{where} {name}", expected="a decimal number", got=words)
    return value


def _longest_first(runways: Iterable[Runway]) -> tuple[Runway, ...]:
    return tuple(sorted(runways, key=lambda each: (-(each.length_m or 0.0), each.ident)))


@cache
def _table() -> dict[str, Airport]:
    text = resources.files("safeconduct").joinpath("data", _DATA).read_text(encoding="utf-8")
    reader = csv.DictReader(io.StringIO(text))
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise Corrupt("the packaged runways cannot be read", where=f"data/{_DATA}", expected=",".join(COLUMNS))
    return {code: _packaged(code, list(rows)) for code, rows in groupby(reader, key=lambda row: row["icao"])}


def _packaged(code: str, rows: list[dict[str, str]]) -> Airport:
    def number(row: dict[str, str], name: str) -> float | None:
        return _number(row, name, f"data/{_DATA} {code}")

    runways = (
        Runway(
            ident=row["runway"],
            length_m=number(row, "runway_length_m"),
            width_m=number(row, "runway_width_m"),
            surface=surface(row["surface"]),
            lighted={"yes": True, "no": False}.get(row["lighted"]),
        )
        for row in rows
        if row["runway"]
    )
    first = rows[0]
    return Airport(
        code=code,
        name=first["name"],
        state=first["state"],
        position=lon_lat(float(first["lon"]), float(first["lat"]), where=f"data/{_DATA} {code}"),
        elevation_m=number(first, "elevation_m"),
        runways=_longest_first(runways),
        source=first["source"],
        grade=first["grade"],
    )


@cache
def _package() -> dict[str, Any]:
    import airportsdata  # lazy: reading its 28 000 rows takes a tenth of a second, and most cases need none of them

    loaded: dict[str, Any] = airportsdata.load("ICAO")
    return loaded


@cache
def _territories() -> dict[str, str]:
    """For each territory without an airspace of its own the code of the airspace that holds it."""
    text = resources.files("safeconduct").joinpath("data", _TERRITORIES).read_text(encoding="utf-8")
    return {row["territory"]: row["airspace"] for row in csv.DictReader(io.StringIO(text))}


def _from_package(code: str) -> Airport | None:
    row = _package().get(code)
    if row is None:
        return None
    return Airport(
        code=code,
        name=row["name"],
        state=_territories().get(row["country"], row["country"]),
        position=lon_lat(float(row["lon"]), float(row["lat"]), where=f"airportsdata {code}"),
        elevation_m=round(float(row["elevation"]) * FOOT_M, 1),
        runways=(),
        source="airportsdata",
        grade="B",
    )
