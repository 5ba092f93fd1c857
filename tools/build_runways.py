"""
Build src/safeconduct/data/airports/runways.csv from a file of OurAirports' runways.

    python tools/build_runways.py ourairports-runways.csv OUT.csv

Names and states come from the airportsdata package; the place is the mean of the runway ends, the elevation the highest
of them, and where OurAirports records neither, airportsdata's figure is used and the source says so.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import airportsdata

from safeconduct.earth.airports import COLUMNS, FOOT_M, load_runways, mean_of_ends

CODES = (
    "OITT", "OITL", "OITP", "OITR", "OIII",
    "OIKB", "OIZC", "UBBZ", "UBBF", "UBBN",
    "UBBB", "UBBG", "UBBL", "UDYZ", "UDSG",
    "LTCI", "LTCJ", "LTCC", "LTCE", "LTAG",
    "LTAC", "LTAN", "ORER", "ORBI", "OKAS",
    "OTBH", "OMAM", "OERK", "OTHH", "UUBW",
    "UGTB",
)  # fmt: skip

# Not in airportsdata: name from general knowledge, state from the borders (tests hold that its place lies there).
NAMED = {"UBBF": ("Fuzuli International Airport", "AZ")}


def main(source: Path, out: Path) -> None:
    known = airportsdata.load("ICAO")
    runways = load_runways(source.read_text(encoding="utf-8"), where=source.name)
    with out.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        for code in sorted(CODES):
            row = known.get(code)
            name, state = NAMED.get(code) or (row["name"], row["country"])
            own = runways.get(code, ())
            mean = mean_of_ends(own)
            heights = [each.elevation_m for each in own if each.elevation_m is not None]
            sources = ["OurAirports"]
            if mean is None:
                mean = (row["lon"], row["lat"])
                sources.append("position airportsdata")
            height = max(heights, default=None)
            if height is None and row is not None:
                height = round(row["elevation"] * FOOT_M, 1)
                sources.append("elevation airportsdata")
            for each in own or (None,):
                facts = ["", "", "", "", ""] if each is None else [
                    each.ident, each.length_m, each.width_m, each.surface,
                    {True: "yes", False: "no", None: ""}[each.lighted],
                ]  # fmt: skip
                writer.writerow([code, name, state, mean[0], mean[1], height, *facts, "; ".join(sources), "B"])


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))
