"""
Reading tracks of flown and walked effort: GPX, and CSV with a header.

A recorder drops fixes, a log names another zone, a table swaps its columns. What cannot be right is one clear error;
what is only incomplete becomes a warning that goes with the track.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from safeconduct.earth.geodesy import distance_m, distances_m
from safeconduct.model.errors import InvalidInput, Unavailable
from safeconduct.model.instants import Instant, instant, iso
from safeconduct.model.space import LonLat
from safeconduct.search.track import Track

SIZE_LIMIT_BYTES = 100_000_000
POINTS_LIMIT = 1_000_000

GAP_S = 120.0
GAP_M = 1000.0
"""Two fixes farther apart than both of these do not tell the way between them. Our assumption."""

GAP_UNTIMED_M = 5000.0
"""The same where a file has no times. Our assumption."""

FASTEST_M_S = 300.0
"""No search flies faster; two fixes that would need more are a jump of the receiver."""

FAR_M = 500_000.0
"""A track farther from the case than this is not of it."""

SLACK = timedelta(minutes=30)
"""How far a track may begin before or end after what the log says: it holds the way there and back."""

ZONE_STEP = timedelta(minutes=15)
ZONE_MOST = timedelta(hours=14)

COLUMNS: Mapping[str, frozenset[str]] = {
    "lon": frozenset({"lon", "long", "lng", "longitude", "x", "lon_deg"}),
    "lat": frozenset({"lat", "latitude", "y", "lat_deg"}),
    "at": frozenset({"time", "timestamp", "at", "utc", "datetime", "date_time"}),
    "height": frozenset({"ele", "elevation", "alt", "altitude", "altitude_m", "height_m", "ele_m"}),
}
"""Names that a column may have, in lower case."""


@dataclass(frozen=True, slots=True)
class _Fix:
    """One point as it stands in its file; *part* counts the segments."""

    where: str
    lon: float
    lat: float
    at: Instant | None
    height_m: float
    part: int


class _OtherTime(InvalidInput):
    """A track that is sound and was not made during the sortie."""


def read_tracks(
    path: Path, *, near: LonLat | None = None, start: Instant | None = None, end: Instant | None = None
) -> tuple[Track, ...]:
    """
    Read the tracks of a file.

    Args:
        path: GPX (tracks, or routes where there are none), or CSV with columns named longitude and latitude, and
            perhaps time and altitude.

        near: Somewhere in the case: a track over 500 km from it is refused, with the reason if its columns are
            swapped.

        start: When the sortie began by the log; with *end* it tells a track of another zone.

        end: When it ended.

    Returns:
        At least one track. Their warnings say what was left out: fixes without a time, gaps, jumps, parts outside of
        the sortie.

    Raises:
        InvalidInput: Not such a file; a place off the Earth; longitude and latitude swapped; times without a zone, in
            another zone, of another day, or running backwards.
        Unavailable: The file cannot be read.
    """
    data = _bytes(path)
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    found = _gpx(data, path) if head.startswith(b"<") else [(path.stem, list(_csv(data, path)))]
    if sum(len(fixes) for _, fixes in found) > POINTS_LIMIT:
        expected = f"at most {POINTS_LIMIT} points"
        raise InvalidInput("too many points", where=str(path), expected=expected, got="more")
    tracks: list[Track] = []
    other: list[_OtherTime] = []
    for name, fixes in found:
        try:
            tracks += [_track(name, fixes, path, near, (start, end))] if fixes else []
        except _OtherTime as fault:
            other.append(fault)
    if other and not tracks:
        raise other[0]
    if other:
        said = f"{len(other)} other tracks of the file are not of the sortie's times and are left out"
        tracks[0] = replace(tracks[0], warnings=(*tracks[0].warnings, said))
    if not tracks:
        raise InvalidInput("no track in the file", where=str(path), expected="at least two points", got="none")
    return tuple(tracks)


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > SIZE_LIMIT_BYTES:
            expected = f"at most {SIZE_LIMIT_BYTES / 1e6:.0f} MB"
            raise InvalidInput("the file is too large", where=str(path), expected=expected, got="more")
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise InvalidInput(
            "no such file", where=str(path), expected="a GPX or CSV track", got="nothing there"
        ) from None
    except OSError as fault:
        raise Unavailable("cannot read the file", where=str(path), got=fault.strerror or "") from None


def _gpx(data: bytes, path: Path) -> list[tuple[str, list[_Fix]]]:
    from lxml import etree  # lazy: only where a GPX file is read

    # No entities, no DTD, no network: a track needs none of them and a hostile file could use them.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise InvalidInput("not a GPX file", where=str(path), expected="well-formed XML", got=str(fault)) from None
    if root.getroottree().docinfo.doctype:
        raise InvalidInput("not a GPX file", where=str(path), expected="no DOCTYPE", got="one")
    if etree.QName(root).localname != "gpx":
        got = f"<{etree.QName(root).localname}>"
        raise InvalidInput("not a GPX file", where=str(path), expected="a <gpx> document", got=got)
    for track, segment, point in (("trk", "trkseg", "trkpt"), ("rte", "", "rtept")):
        found = []
        for order, each in enumerate(root.iterfind(f"{{*}}{track}"), 1):
            name = (each.findtext("{*}name") or "").strip() or f"{path.stem} {order}"
            parts = list(each.iterfind(f"{{*}}{segment}")) if segment else [each]
            fixes = [_point(p, path, k) for k, part in enumerate(parts) for p in part.iterfind(f"{{*}}{point}")]
            found.append((name, fixes))
        if any(fixes for _, fixes in found):
            return found
    return []


def _point(node: Any, path: Path, part: int) -> _Fix:
    where = f"{path.name}:{node.sourceline}"
    time, high = node.findtext("{*}time"), node.findtext("{*}ele")
    lon, lat = (_number(node.get(key), where, key) for key in ("lon", "lat"))
    height = math.nan if not (high or "").strip() else _number(high, where, "ele")
    return _Fix(where, lon, lat, instant(time.strip(), where=where) if time and time.strip() else None, height, part)


def _csv(data: bytes, path: Path) -> Iterator[_Fix]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        got = f"byte 0x{data[fault.start]:02x} at offset {fault.start}"
        raise InvalidInput("not a track", where=str(path), expected="GPX, or CSV in UTF-8", got=got) from None
    first = text.partition("\n")[0]
    mark = max(",;\t", key=first.count)
    rows = csv.reader(io.StringIO(text), delimiter=mark)
    try:
        header = [name.strip().lower() for name in next(rows, [])]
        places = {
            key: next((k for k, name in enumerate(header) if name in known), None) for key, known in COLUMNS.items()
        }
        lon, lat = places["lon"], places["lat"]
        if lon is None or lat is None:
            expected = "a first line that names the columns longitude and latitude (and time, altitude)"
            raise InvalidInput("not a track", where=f"{path.name}:1", expected=expected, got=first[:80])
        for row in rows:
            if not any(cell.strip() for cell in row):
                continue
            where = f"{path.name}:{rows.line_num}"
            cells = {key: row[k].strip() if k is not None and k < len(row) else "" for key, k in places.items()}
            if mark == ";":
                cells |= {key: cells[key].replace(",", ".") for key in ("lon", "lat", "height")}
            height = _number(cells["height"], where, "altitude") if cells["height"] else math.nan
            at = instant(cells["at"], where=where) if cells["at"] else None
            yield _Fix(where, _number(cells["lon"], where, "lon"), _number(cells["lat"], where, "lat"), at, height, 0)
    except csv.Error as fault:
        raise InvalidInput("not CSV", where=f"{path.name}:{rows.line_num}", expected="CSV", got=str(fault)) from None


def _number(text: str | None, where: str, what: str) -> float:
    try:
        value = float(text or "")
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InvalidInput(f"not a number for {what}", where=where, expected="degrees or metres", got=str(text))
    return value


def _track(
    name: str, fixes: list[_Fix], path: Path, near: LonLat | None, times: tuple[Instant | None, Instant | None]
) -> Track:
    """Check the points of one track and put them together."""
    _placed(fixes, path, near)
    warnings: list[str] = []
    fixes = _cleaned(fixes, warnings)
    if len(fixes) > 1 and fixes[0].at is not None:
        fixes = _in_time(fixes, path, times, warnings)
    if len(fixes) < 2:
        raise InvalidInput(
            "not a track", where=f"{path.name} {name}", expected="at least two places", got=f"{len(fixes)}"
        )
    lon, lat = np.array([f.lon for f in fixes]), np.array([f.lat for f in fixes])
    gap = _gaps(fixes, distances_m(lon[:-1], lat[:-1], lon[1:], lat[1:]), warnings)
    at = tuple(f.at for f in fixes if f.at is not None)
    high = np.array([f.height_m for f in fixes])
    return Track(name, lon, lat, at if len(at) == len(fixes) else None, high, gap, tuple(warnings))


def _placed(fixes: list[_Fix], path: Path, near: LonLat | None) -> None:
    """Refuse places off the Earth or far from the case; say so where swapping the columns would help."""
    off = next((f for f in fixes if not (abs(f.lon) <= 180.0 and abs(f.lat) <= 90.0)), None)
    if off is not None:
        swapped = abs(off.lat) <= 180.0 and abs(off.lon) <= 90.0
        message = "longitude and latitude look swapped" if swapped else "a place off the Earth"
        got = f"longitude {off.lon:g}, latitude {off.lat:g}"
        raise InvalidInput(message, where=off.where, expected="longitude and latitude in degrees", got=got)
    if near is None:
        return
    lon, lat = (sorted(values)[len(fixes) // 2] for values in ([f.lon for f in fixes], [f.lat for f in fixes]))
    if distance_m((lon, lat), near) <= FAR_M:
        return
    expected, got = f"a track near {near[0]:.2f},{near[1]:.2f}", f"{lon:.2f},{lat:.2f}"
    if abs(lon) <= 90.0 and distance_m((lat, lon), near) <= FAR_M:
        raise InvalidInput("longitude and latitude look swapped", where=str(path), expected=expected, got=got)
    raise InvalidInput("a track far from the case", where=str(path), expected=expected, got=got)


def _cleaned(fixes: list[_Fix], warnings: list[str]) -> list[_Fix]:
    """Leave out what is no fix: the place 0,0, points without a time among others with one, repeats."""
    kept = [f for f in fixes if not f.lon == f.lat == 0.0]
    if len(kept) < len(fixes):
        warnings.append(f"{len(fixes) - len(kept)} points at 0,0 are no fixes and are left out")
    timed = [f for f in kept if f.at is not None]
    if not timed:
        warnings.append("the track has no times: its order is taken as written")
    elif len(timed) < len(kept):
        warnings.append(f"{len(kept) - len(timed)} points without a time are left out")
        kept = timed
    return [
        f
        for k, f in enumerate(kept)
        if k == 0 or (f.lon, f.lat, f.at) != (kept[k - 1].lon, kept[k - 1].lat, kept[k - 1].at)
    ]


def _in_time(
    fixes: list[_Fix], path: Path, times: tuple[Instant | None, Instant | None], warnings: list[str]
) -> list[_Fix]:
    """Check the times against each other and against the sortie; leave out what lies outside of it."""
    stamped = [(f, f.at) for f in fixes if f.at is not None]
    for (_, before), (fix, after) in pairwise(stamped):
        if after < before:
            raise InvalidInput(
                "time runs backwards", where=fix.where, expected=f"{iso(before)} or later", got=iso(after)
            )
    start, end = times
    if start is None or end is None:
        return fixes
    inside = [f for f, at in stamped if start - SLACK <= at <= end + SLACK]
    if len(inside) < 2:
        raise _not_of_it(stamped[0][1], stamped[-1][1], (start, end), path)
    if len(inside) < len(fixes):
        lost = len(fixes) - len(inside)
        hint = ": perhaps times of another zone" if _shifts(stamped[0][1], stamped[-1][1], start, end) else ""
        warnings.append(f"{lost} of {len(fixes)} points lie outside of the sortie's times and are left out{hint}")
    return inside


def _shifts(first: Instant, last: Instant, start: Instant, end: Instant) -> list[float]:
    """Shifts in hours, by whole quarters as zones differ, that bring a track into its sortie: least first."""
    steps = int(ZONE_MOST / ZONE_STEP)
    every = sorted((k * ZONE_STEP for k in range(-steps, steps + 1)), key=abs)
    fit = [s for s in every if first + s >= start and last + s <= end]
    return [s.total_seconds() / 3600.0 for s in fit]


def _not_of_it(first: Instant, last: Instant, times: tuple[Instant, Instant], path: Path) -> _OtherTime:
    fit = _shifts(first, last, *times)
    expected, got = f"{iso(times[0])} to {iso(times[1])}", f"{iso(first)} to {iso(last)}"
    if not fit:
        return _OtherTime("the track is not of this sortie", where=str(path), expected=expected, got=got)
    message = (
        f"the track's times look like those of another zone: moved by {fit[0]:+g} to {fit[-1]:+g} h they would fit"
    )
    return _OtherTime(message, where=str(path), expected=expected, got=got)


def _gaps(fixes: list[_Fix], metres: Any, warnings: list[str]) -> Any:
    """Which stretches are not the way that was taken: between parts, over gaps, over jumps."""
    gap = np.zeros(len(fixes) - 1, dtype=np.bool_)
    lost, jumps, missing = 0, 0, 0.0
    for k, (a, b) in enumerate(pairwise(fixes)):
        length = float(metres[k])
        if a.at is None or b.at is None:
            long, jump = length > GAP_UNTIMED_M, False
        else:
            seconds = (b.at - a.at).total_seconds()
            long, jump = seconds > GAP_S and length > GAP_M, length > FASTEST_M_S * max(seconds, 1.0)
        gap[k] = long or jump or a.part != b.part
        jumps += jump
        if gap[k] and not jump:
            lost, missing = lost + 1, missing + length / 1000.0
    if jumps > max(2, len(fixes) // 10):
        expected, got = (
            f"at most {FASTEST_M_S:g} m/s from point to point",
            f"{jumps} of {len(fixes) - 1} stretches faster",
        )
        raise InvalidInput("not a track of one searcher", where=fixes[0].where, expected=expected, got=got)
    if jumps:
        warnings.append(f"{jumps} jumps of the receiver do not count")
    if lost:
        warnings.append(f"{lost} gaps ({missing:.1f} km in straight lines) do not count")
    return gap
