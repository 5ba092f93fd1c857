"""
Coordinates as crews read them: degrees and minutes, decimal degrees, UTM or UPS, and MGRS. Datum WGS 84 throughout.

UTM holds from 80 S to 84 N; beyond it the Universal Polar Stereographic projection takes its place, and MGRS changes
with it (NGA.STND.0037, 2.0.0). The wider zones off Norway and Svalbard are those of the same standard.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from safeconduct.model.space import LonLat, lon_lat

if TYPE_CHECKING:
    from pyproj import Transformer

DATUM = "WGS 84"
SOUTHERN_DEG, NORTHERN_DEG = -80.0, 84.0
"""UTM begins and ends here."""

_BANDS = "CDEFGHJKLMNPQRSTUVWX"


@dataclass(frozen=True, slots=True)
class Written:
    """
    One place in the notations of a briefing sheet.

    Args:
        minutes: Degrees and decimal minutes, to 0.01 minute (19 m or less).

        decimal: Decimal degrees, latitude first, to 0.00001 (1.1 m or less).

        grid: UTM with its zone and band, or UPS; whole metres.

        polar: Whether *grid* is UPS: there is no UTM there.

        mgrs: To a metre, in groups.
    """

    minutes: str
    decimal: str
    grid: str
    polar: bool
    mgrs: str


def written(place: LonLat) -> Written:
    """
    Write a place in every notation.

    >>> written((46.6548, 38.7189)).mgrs
    '38S PH 43861 86883'

    Raises:
        InvalidInput: Not a place on the Earth.
    """
    lon, lat = lon_lat(*place)
    polar = not SOUTHERN_DEG <= lat <= NORTHERN_DEG
    grid = _ups(lon, lat) if polar else _utm(lon, lat)
    return Written(degrees_minutes(lon, lat), f"{lat:.5f}, {lon:.5f}", grid, polar, mgrs((lon, lat)))


def degrees_minutes(lon: float, lat: float) -> str:
    """
    Degrees and minutes to a hundredth, latitude first.

    >>> degrees_minutes(46.6548, -38.7189)
    '38 43.13 S 046 39.29 E'
    """
    return f"{_minutes(lat, 2, 'NS')} {_minutes(lon, 3, 'EW')}"


def _minutes(degrees: float, digits: int, letters: str) -> str:
    hundredths = round(abs(degrees) * 6000.0)
    whole, rest = divmod(hundredths, 6000)
    return f"{whole:0{digits}d} {rest // 100:02d}.{rest % 100:02d} {letters[degrees < 0.0]}"


def zone(lon: float, lat: float) -> int:
    """
    UTM zone, 1 to 60, with the exceptions of Norway and Svalbard.

    >>> zone(4.0, 60.0), zone(8.0, 78.0), zone(180.0, 0.0)
    (32, 31, 1)
    """
    turned = (lon + 180.0) % 360.0 - 180.0
    number = int((turned + 180.0) // 6.0) + 1
    if 56.0 <= lat < 64.0 and 3.0 <= turned < 12.0:
        return 32
    if 72.0 <= lat <= NORTHERN_DEG and 0.0 <= turned < 42.0:
        return 31 + 2 * math.floor((turned + 3.0) / 12.0)
    return number


def utm(place: LonLat) -> tuple[int, str, float, float] | None:
    """
    UTM zone, latitude band, easting and northing in metres; None beyond 84 N and 80 S, where there is no UTM.

    Raises:
        InvalidInput: Not a place on the Earth.
    """
    lon, lat = lon_lat(*place)
    if not SOUTHERN_DEG <= lat <= NORTHERN_DEG:
        return None
    number = zone(lon, lat)
    code = (32700 if lat < 0.0 else 32600) + number
    east, north = _to(code).transform(lon, lat)
    return number, _BANDS[min(int((lat - SOUTHERN_DEG) // 8.0), 19)], float(east), float(north)


def mgrs(place: LonLat) -> str:
    """
    MGRS to a metre, in groups; beyond UTM the polar form.

    Raises:
        InvalidInput: Not a place on the Earth.
    """
    from mgrs import MGRS  # lazy: loads a shared library that most answers do without

    lon, lat = lon_lat(*place)
    text = str(MGRS().toMGRS(lat, -180.0 if lon == 180.0 else lon, MGRSPrecision=5)).strip()
    digits = text[-10:]
    head = text[:-10]
    return f"{head[:-2]} {head[-2:]} {digits[:5]} {digits[5:]}".strip()


def _utm(lon: float, lat: float) -> str:
    made = utm((lon, lat))
    if made is None:
        return "no UTM here"
    number, band, east, north = made
    return f"{number:02d}{band} {math.floor(east):06d} E {math.floor(north):07d} N"


def _ups(lon: float, lat: float) -> str:
    north = lat > 0.0
    x, y = _to(32661 if north else 32761).transform(lon, lat)
    return f"no UTM here; UPS {'north' if north else 'south'} {math.floor(x):07d} E {math.floor(y):07d} N"


@cache
def _to(code: int) -> Transformer:
    from pyproj import Transformer  # lazy: pyproj takes a tenth of a second to import

    return Transformer.from_crs(4326, code, always_xy=True)
