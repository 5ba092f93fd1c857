"""The lattice over the world, kept in the user's cache directory: made once, then read."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import zipfile
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from safeconduct.earth.airspace import airspaces, codes
from safeconduct.reach.borders import Borders
from safeconduct.reach.graph import ColouredGraph
from safeconduct.reach.lattice import Lattice, world_lattice

DIRECTORY = "SAFECONDUCT_CACHE"
"""Environment variable with the directory to keep it in; ``off``: nothing is kept."""

_MADE_OF = (
    "data/borders/airspace.npz",
    "reach/borders.py",
    "reach/gates.py",
    "reach/lattice.py",
    "reach/kernels.py",
    "reach/plane.py",
)
_GRAPH = ("begin", "head", "length", "kind", "palette")
_BORDERS = ("edges", "ends", "owner", "start", "members")
_NODES = ("points", "places", "held")


def kept_world() -> Lattice:
    """
    The lattice over the world's airspaces with its fine one, from the cache where a whole file of this version lies.

    Otherwise it is made, some ten seconds, and kept: about 50 MB. A directory that cannot be written to is no error.
    """
    path = cache_file()
    known = None if path is None else read(path)
    if known is not None:
        return known
    lattice = world_lattice(airspaces(codes()), fine=True)
    if path is not None:
        with contextlib.suppress(OSError):
            write(lattice, path)
    return lattice


def cache_file() -> Path | None:
    """Where the lattice of this version is kept; None where nothing is to be. The name changes with what makes it."""
    chosen = os.environ.get(DIRECTORY, "")
    if chosen == "off":
        return None
    digest = hashlib.sha256()
    package = resources.files("safeconduct")
    for name in _MADE_OF:
        digest.update(package.joinpath(*name.split("/")).read_bytes())
    try:
        base = Path(chosen or os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    except RuntimeError:  # no home directory
        return None
    return (base if chosen else base / "safeconduct") / f"lattice-{digest.hexdigest()[:16]}.npz"


def write(lattice: Lattice, path: Path) -> None:
    """
    Keep a lattice; a reader never sees half a file.

    Raises:
        OSError: The directory cannot be written to.
    """
    arrays: dict[str, NDArray[Any]] = {f"borders.{name}": getattr(lattice.borders, name) for name in _BORDERS}
    arrays["codes"] = np.array(lattice.borders.codes)
    for prefix, each in (("", lattice), ("fine.", lattice.fine)):
        if each is not None:
            arrays |= {prefix + name: getattr(each, name) for name in _NODES}
            arrays |= {prefix + name: getattr(each.graph, name) for name in _GRAPH}
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=path.stem, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as stream:
            np.savez(stream, allow_pickle=False, **arrays)
        Path(draft).replace(path)
    finally:
        Path(draft).unlink(missing_ok=True)


def read(path: Path) -> Lattice | None:
    """The lattice kept in a file; None where there is none or it is damaged."""
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as raw:
            names = tuple(str(code) for code in raw["codes"].tolist())
            borders = Borders(names, *(raw[f"borders.{name}"] for name in _BORDERS))
            fine = _lattice(raw, "fine.", borders, None) if "fine.points" in raw else None
            return _lattice(raw, "", borders, fine)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def _lattice(raw: Any, prefix: str, borders: Borders, fine: Lattice | None) -> Lattice:
    begin, head, length, kind, palette = (raw[prefix + name] for name in _GRAPH)
    points, places, held = (raw[prefix + name] for name in _NODES)
    graph = ColouredGraph(begin, head, length, kind, palette, len(borders.codes))
    return Lattice(points, places, held, graph, borders, fine)
