"""
Lines of sight from one eye to every cell of a grid, beside gdal_viewshed (Debian's gdal-bin).

Processor seconds of both; GDAL's hold its start and its files, some hundredths of a second. *Same* says that at least
99 % of the cells agree. The two do not solve the same problem: ours follows every line of sight exactly over the
surface it takes (n^1.5 crossings of grid lines, blocks that lie below the line skipped), GDAL's carries heights outward
from cell to cell (n steps), which is quicker and smears. So the ratio is reported, not raced.

Known difference: gdal_viewshed 3.6 lifts cells beside the observer to the height of the ground under it, so that an eye
a metre or two above steep ground sees less; eyes here stand 10 m and higher.
"""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import rasterio

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.terrain import ridge, rough, save_terrain, valley

from safeconduct.earth.viewshed import LIGHT, viewshed

Row = tuple[str, float, float, float, bool]
ENGINE = shutil.which("gdal_viewshed")
ALIKE = 0.99


def by_gdal(folder, ground, row, column, height_m, curvature):
    """Seen cells by GDAL, and its processor seconds."""
    x, y = ground.middles()
    where = ["-ox", str(x[column] - 1.0), "-oy", str(y[row] + 1.0), "-oz", str(height_m)]
    more = ["-tz", "0", "-md", "0", "-cc", str(curvature), "ground.tif", "seen.tif"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PROJ_", "GDAL_"))}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([ENGINE, "-q", *where, *more], cwd=folder, check=True, env=kept, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    with rasterio.open(Path(folder) / "seen.tif") as file:
        return file.read(1) > 0, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def one(name, ground, height_m):
    """One eye in the middle of a terrain, on the round Earth with refraction of light."""
    rows, columns = ground.elevation_m.shape
    row, column = rows // 2, columns // 3
    x, y = ground.middles()
    lon, lat = ground.to_globe(x[column], y[row])
    with tempfile.TemporaryDirectory() as folder:
        save_terrain(Path(folder) / "ground.tif", ground)
        theirs, theirs_s = by_gdal(folder, ground, row, column, height_m, 1.0 - LIGHT)
    start = time.process_time()
    ours = viewshed(ground, (float(lon), float(lat)), height_m).seen
    ours_s = time.process_time() - start
    agree = float((ours == theirs).mean())
    label = f"viewshed {rows}^2 {name}, eye {height_m:g} m / gdal {100 * agree:.1f} %"
    return (label, ours_s, theirs_s, theirs_s / ours_s, agree >= ALIKE)


def main() -> list[Row]:
    """Ridge, valley and mountains; low and high eyes."""
    if ENGINE is None:
        print(
            "no gdal_viewshed on this machine (on Debian: apt-get install gdal-bin): viewshed left out", file=sys.stderr
        )
        return []
    small = rough(32)
    viewshed(small, small.middle, 10.0)  # compiling is not what is measured
    mountains = rough(1500, seed=3, relief_m=3000.0)
    return [
        one("ridge", ridge(1000, 1000), 100.0),
        one("valley", valley(1000, 1000), 100.0),
        one("mountains", mountains, 10.0),
        one("mountains", mountains, 100.0),
        one("mountains", mountains, 1500.0),
    ]


if __name__ == "__main__":
    for label, ours_s, theirs_s, ratio, same in main():
        print(f"{label}: ours {ours_s:.2f} s, theirs {theirs_s:.2f} s, ratio {ratio:.2f}, same: {same}")
