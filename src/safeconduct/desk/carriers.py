"""What a user writes of carriers, bases and wind, as values."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from safeconduct.earth.airports import Airport, Runway, airport, load_runways
from safeconduct.earth.airspace import codes, is_attributed, states_at
from safeconduct.formats.catalogue import catalogue
from safeconduct.model.assets import AssetType
from safeconduct.model.errors import InvalidInput
from safeconduct.model.space import LonLat, lon_lat
from safeconduct.motion.wind import Wind
from safeconduct.reach.journeys import Carrier
from safeconduct.reach.plans import AIR

CARRIERS = (*AIR, "ship")
KNOT_KMH = 1.852


@dataclass(frozen=True, slots=True)
class BasePlace:
    """Where a carrier starts: code (or the position as written), name, state and position."""

    code: str
    name: str
    state: str
    position: LonLat


def position_of(text: str, where: str) -> LonLat:
    """
    Read ``LON,LAT``.

    Raises:
        InvalidInput: Not two numbers, or no place on Earth.
    """
    try:
        lon, lat = (float(part) for part in text.split(","))
    except ValueError:
        raise InvalidInput("not a position", where=where, expected="LON,LAT in degrees", got=text) from None
    return lon_lat(lon, lat, where=where)


def base_at(text: str) -> BasePlace:
    """
    A base by its ICAO location indicator, or by ``LON,LAT`` in a state's land or territorial sea.

    Raises:
        InvalidInput: No such airport, or a position that lies in no state's or in several states' area.
    """
    if "," not in text:
        found = airport_at(text, "--from")
        return BasePlace(found.code, found.name, found.state, found.position)
    place = position_of(text, "--from")
    states = sorted(code for code in states_at(place) if is_attributed(code))
    if len(states) != 1:
        got = " and ".join(states) or "no state's"
        raise InvalidInput("no base", where="--from", expected="a place in one state", got=f"{text}, in {got}")
    return BasePlace(text, "the base", states[0], place)


def airport_at(code: str, where: str, brought: dict[str, tuple[Runway, ...]] | None = None) -> Airport:
    """
    An airport that the user names.

    Raises:
        InvalidInput: There is none of that code.
    """
    try:
        return airport(code, brought=brought)
    except InvalidInput as fault:
        expected = fault.expected or ""
        raise InvalidInput("no airport goes by this code", where=where, expected=expected, got=repr(code)) from None


def carrier_type(name: str, where: str) -> AssetType:
    """
    A type of the catalogue that flies or sails.

    Raises:
        InvalidInput: There is none of that name.
    """
    types = {each: kind for each, kind in catalogue().types.items() if kind.kind in CARRIERS}
    if name not in types:
        expected = "a type that flies or sails: " + ", ".join(sorted(types))
        raise InvalidInput("no such type in the catalogue", where=where, expected=expected, got=name)
    return types[name]


def relays_of(texts: tuple[str, ...]) -> tuple[Carrier, ...]:
    """
    Read carriers that may take over: ``TYPE``, ``TYPE@AIRPORT`` or ``TYPE@AIRPORT:STATE``.

    Without an airport it may take over at any; without a state it belongs to that of the airport. A ship needs its
    airport, the one beside its port.

    Raises:
        InvalidInput: No such type, airport or state, an unknown speed, or a ship without a place.
    """
    found = []
    for text in texts:
        name, _, place = text.partition("@")
        code, _, state = place.partition(":")
        kind = carrier_type(name, "--relay")
        if kind.cruise_kmh is None:
            raise InvalidInput("its speed is not known", where="--relay", expected="a type with a speed", got=name)
        if kind.kind == "ship" and not code:
            raise InvalidInput("a ship without a port", where="--relay", expected=f"{name}@AIRPORT", got=text)
        if place.count(":") and state.upper() not in codes():
            expected = "a state after the colon, by its two letters"
            raise InvalidInput("no such state", where="--relay", expected=expected, got=text)
        found.append(Carrier(kind, state.upper(), airport_at(code, "--relay").code if code else ""))
    return tuple(found)


def wind_of(text: str) -> Wind | None:
    """
    Read ``FROM/KNOTS``, such as 270/30: from the west at 30 kt; None for an empty text.

    Raises:
        InvalidInput: Not that, or out of range.
    """
    if not text:
        return None
    try:
        direction, knots = (float(part) for part in text.split("/"))
    except ValueError:
        expected = "FROM/KNOTS, such as 270/30: from the west at 30 kt"
        raise InvalidInput("not a wind", where="--wind", expected=expected, got=text) from None
    if not (0.0 <= direction <= 360.0 and 0.0 <= knots < math.inf):
        expected = "a direction in [0, 360] and 0 knots or more"
        raise InvalidInput("not a wind", where="--wind", expected=expected, got=text)
    return Wind(direction, knots * KNOT_KMH)


def runways_in(path: Path) -> dict[str, tuple[Runway, ...]]:
    """
    The runways of a file of OurAirports.

    Raises:
        InvalidInput: It cannot be read, or is not that.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise InvalidInput("cannot be read", where="--runways", expected="a CSV file", got=str(fault)) from None
    return load_runways(text, where=path.name)
