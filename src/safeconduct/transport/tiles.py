"""
Fetching public terrain tiles over HTTP.

One of the few places that may use the network, and only when a person asks for it. Nothing is retried and nothing is
guessed: what a server does not have is said to be missing.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import IO

from safeconduct.model.errors import InvalidInput, Unavailable

COPERNICUS_30M = (
    "https://copernicus-dem-30m.s3.amazonaws.com/"
    "Copernicus_DSM_COG_10_{ns}{lat:02d}_00_{ew}{lon:03d}_00_DEM/"
    "Copernicus_DSM_COG_10_{ns}{lat:02d}_00_{ew}{lon:03d}_00_DEM.tif"
)
"""Copernicus GLO-30 Public: a surface model (trees, roofs) without the tiles of a few countries and of oceans."""

COPERNICUS_90M = (
    "https://copernicus-dem-90m.s3.amazonaws.com/"
    "Copernicus_DSM_COG_30_{ns}{lat:02d}_00_{ew}{lon:03d}_00_DEM/"
    "Copernicus_DSM_COG_30_{ns}{lat:02d}_00_{ew}{lon:03d}_00_DEM.tif"
)
"""The same at 90 m, with the countries that the finer one leaves out."""

TILES_LIMIT = 30
TILE_LIMIT_BYTES = 400_000_000
TIMEOUT_S = 30.0
_CHUNK = 1 << 20
_FIELDS = frozenset({"ns", "lat", "ew", "lon"})


@dataclass(frozen=True, slots=True)
class Fetched:
    """
    What came of asking for tiles.

    Args:
        files: Tiles that were fetched, finest source first, in the order of the tiles.

        coarser: South-west corners of tiles that only a later source had.

        missing: South-west corners of tiles that no source has: oceans, or countries left out.

        size_bytes: All that was fetched.
    """

    files: tuple[Path, ...]
    coarser: tuple[tuple[int, int], ...]
    missing: tuple[tuple[int, int], ...]
    size_bytes: int


def tile_url(template: str, tile: tuple[int, int]) -> str:
    """
    Fill in a template with the south-west corner of a one-degree tile.

    Args:
        template: An http or https address with the fields ``{ns}`` (N or S), ``{lat}`` (degrees without sign),
            ``{ew}`` (E or W) and ``{lon}``; formats such as ``{lat:02d}`` are taken.

        tile: Longitude and latitude of the corner, whole degrees.

    Raises:
        InvalidInput: Not such an address.
    """
    expected = "an http or https address with {ns}, {lat:02d}, {ew} and {lon:03d}"
    lon, lat = tile
    try:
        named = {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}
        if named != _FIELDS or not template.startswith(("https://", "http://")):
            raise InvalidInput("not a template of tiles", where="--from", expected=expected, got=template)
        return template.format(ns="NS"[lat < 0], lat=abs(lat), ew="EW"[lon < 0], lon=abs(lon))
    except (ValueError, KeyError, IndexError):
        raise InvalidInput("not a template of tiles", where="--from", expected=expected, got=template) from None


def fetch_tiles(
    tiles: Sequence[tuple[int, int]],
    templates: Sequence[str],
    folder: Path,
    *,
    told: Callable[[str], object] = lambda _: None,
) -> Fetched:
    """
    Fetch tiles into a folder, each from the first source that has it.

    Args:
        tiles: South-west corners, whole degrees, 1 to 30 of them.

        templates: Sources in order of preference, as for `tile_url`.

        folder: Where to put the files; it exists.

        told: Called with one line per tile, for progress.

    Raises:
        InvalidInput: Too many tiles, or a template is none.
        Unavailable: There is no network, a server does not answer, refuses, or sends too much or too little.
    """
    if not 1 <= len(tiles) <= TILES_LIMIT:
        expected = f"an area of 1 to {TILES_LIMIT} one-degree tiles"
        raise InvalidInput("too large an area to fetch", expected=expected, got=f"{len(tiles)} tiles")
    files: dict[int, list[Path]] = {}
    coarser: list[tuple[int, int]] = []
    missing: list[tuple[int, int]] = []
    size = 0
    for tile in tiles:
        for rank, template in enumerate(templates):
            url = tile_url(template, tile)
            path = _path(folder / str(rank), url, tile)
            got = _fetch(url, path)
            if got is None:
                continue
            told(f"{url}: {got / 1e6:.1f} MB")
            files.setdefault(rank, []).append(path)
            size += got
            if rank:
                coarser.append(tile)
            break
        else:
            told(f"no source has the tile {tile[0]},{tile[1]}")
            missing.append(tile)
    ordered = tuple(path for rank in sorted(files) for path in files[rank])
    return Fetched(ordered, tuple(coarser), tuple(missing), size)


def _path(folder: Path, url: str, tile: tuple[int, int]) -> Path:
    """A file named by its corner: that is all an HGT file says of its place."""
    folder.mkdir(exist_ok=True)
    corner = f"{'NS'[tile[1] < 0]}{abs(tile[1]):02d}{'EW'[tile[0] < 0]}{abs(tile[0]):03d}"
    return folder / (corner + (".hgt" if url.lower().endswith(".hgt") else ".tif"))


def _fetch(url: str, path: Path) -> int | None:
    """Bytes written to *path*; None if the server has no such file."""
    from http.client import HTTPException  # lazy: the network is used by this command alone
    from urllib.error import HTTPError, URLError  # lazy: as above
    from urllib.request import Request, urlopen  # lazy: as above

    request = Request(url, headers={"User-Agent": "safeconduct"})  # noqa: S310 - tile_url takes http and https alone
    try:
        with urlopen(request, timeout=TIMEOUT_S) as answer, path.open("wb") as out:  # noqa: S310 - as above
            stated = answer.headers.get("Content-Length", "")
            return _copied(answer, out, url, int(stated) if stated.isdigit() else None)
    except HTTPError as fault:
        fault.close()
        if fault.code == HTTPStatus.NOT_FOUND:
            return None
        got = f"status {fault.code}"
        raise Unavailable("the server refuses the tile", where=url, expected="the file, or 404", got=got) from None
    except (URLError, HTTPException, OSError) as fault:
        got = str(getattr(fault, "reason", fault)) or type(fault).__name__
        expected = "a network, or terrain files of your own with --terrain"
        raise Unavailable("the server of tiles cannot be reached", where=url, expected=expected, got=got) from None


def _copied(answer: IO[bytes], out: IO[bytes], url: str, stated: int | None) -> int:
    size = 0
    while chunk := answer.read(_CHUNK):
        size += len(chunk)
        if size > TILE_LIMIT_BYTES:
            expected = f"at most {TILE_LIMIT_BYTES / 1e6:.0f} MB"
            raise Unavailable("the tile is too large", where=url, expected=expected, got="more")
        out.write(chunk)
    if stated is not None and size != stated:
        raise Unavailable("the tile came cut short", where=url, expected=f"{stated} bytes", got=f"{size} bytes")
    return size
