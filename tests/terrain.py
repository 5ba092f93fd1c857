"""Generated terrain whose answers are known by construction, and terrain files of it."""

import numpy as np

from safeconduct.earth.terrain import Terrain

MIDDLE = (46.6, 38.7)
CELL_M = 30.0


def terrain(heights, *, cell_m=CELL_M, middle=MIDDLE, notes=()):
    """A grid centred on its middle."""
    rows, columns = np.shape(heights)
    west, north = -columns * cell_m / 2.0, rows * cell_m / 2.0
    return Terrain(middle, cell_m, west, north, np.asarray(heights, dtype=np.float32), "generated", notes)


def flat(rows=101, columns=101, height_m=500.0, **more):
    """A plain."""
    return terrain(np.full((rows, columns), height_m), **more)


def ridge(rows=101, columns=101, *, base_m=500.0, crest_m=300.0, half_m=600.0, at_m=0.0, cell_m=CELL_M, **more):
    """
    A plain with one ridge running north and south.

    Its crest lies *at_m* east of the middle and *crest_m* above the plain; both sides fall evenly over *half_m*.
    Known: an eye on the plain west of it sees its western side and nothing of the plain behind it, unless it stands
    higher than the straight line over the crest.
    """
    x = (np.arange(columns) + 0.5 - columns / 2.0) * cell_m
    profile = base_m + crest_m * np.clip(1.0 - np.abs(x - at_m) / half_m, 0.0, None)
    return terrain(np.tile(profile, (rows, 1)), cell_m=cell_m, **more)


def valley(rows=101, columns=101, *, floor_m=500.0, slope=0.2, cell_m=CELL_M, **more):
    """
    A valley running north and south: its floor in the middle, both sides rising evenly.

    Known: from the floor everything is seen, and so is everything from either rim.
    """
    x = (np.arange(columns) + 0.5 - columns / 2.0) * cell_m
    return terrain(np.tile(floor_m + slope * np.abs(x), (rows, 1)), cell_m=cell_m, **more)


def incline(rows=101, columns=101, *, slope=0.1, cell_m=CELL_M, base_m=1000.0, **more):
    """A plane rising evenly to the east, *slope* as rise over run."""
    x = (np.arange(columns) + 0.5 - columns / 2.0) * cell_m
    return terrain(np.tile(base_m + slope * x, (rows, 1)), cell_m=cell_m, **more)


def rough(size=301, *, seed=1, hurst=0.9, relief_m=1500.0, **more):
    """Self-similar mountains (spectral synthesis): *hurst* near 1 is smooth, near 0.5 as rough as scree."""
    draw = np.random.default_rng(seed)
    spectrum = np.fft.fft2(draw.normal(size=(size, size)))
    waves = np.hypot(*np.meshgrid(np.fft.fftfreq(size), np.fft.fftfreq(size)))
    waves[0, 0] = 1.0
    heights = np.real(np.fft.ifft2(spectrum * waves ** -(hurst + 1.0)))
    heights -= heights.min()
    return terrain(heights * (relief_m / heights.max()), **more)


def plane_crs(middle=MIDDLE):
    """The projection that a terrain's plane is, for files."""
    return f"+proj=aeqd +lon_0={middle[0]} +lat_0={middle[1]} +datum=WGS84 +units=m"


def save(path, heights, *, west, north, step, crs, nodata=None, driver="GTiff", dtype="float32", **more):
    """Write a raster; *step* is the side of a cell in the units of *crs*."""
    import rasterio
    from rasterio.transform import from_origin

    heights = np.asarray(heights)
    shape = {"height": heights.shape[0], "width": heights.shape[1], "count": 1, "dtype": dtype}
    place = from_origin(west, north, step, step)
    with rasterio.open(path, "w", driver=driver, crs=crs, transform=place, nodata=nodata, **shape, **more) as file:
        file.write(heights.astype(dtype), 1)
    return path


def save_terrain(path, ground, **more):
    """Write a terrain on its own plane."""
    return save(
        path,
        ground.elevation_m,
        west=ground.west_m,
        north=ground.north_m,
        step=ground.cell_m,
        crs=plane_crs(ground.middle),
        **more,
    )
