"""Which files of a plan are to be written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

AUTO = "auto"
"""Let the plan choose the pattern of each sector."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """
    Which files.

    Args:
        gpx: Folder for one GPX file of each crew that is cleared.

        kml: One KML file.

        geojson: One GeoJSON file.

        forms: Folder for the briefing sheets, a page and a text for each crew.

        pattern: One of the patterns for all sectors, or ``auto``.
    """

    gpx: Path | None = None
    kml: Path | None = None
    geojson: Path | None = None
    forms: Path | None = None
    pattern: str = AUTO

    @property
    def anything(self) -> bool:
        """Whether there is a file to write."""
        return any((self.gpx, self.kml, self.geojson, self.forms))
