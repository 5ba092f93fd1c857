"""
The winds that a case gives, along flights: which of them holds on each piece, and what it costs.

A flight is cut into pieces; each lies in the wind of its own place and hour. Where the case gives none it is calm, and
the flight says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from safeconduct.model.assets import Asset
from safeconduct.model.instants import Instant
from safeconduct.model.space import LonLat, Polygon
from safeconduct.model.winds import WindReport
from safeconduct.motion.wind import air_share

PIECE_KM = 25.0
"""Flights are cut into pieces so long at most: six minutes of a helicopter's flight."""

Floats = NDArray[np.float64]
Blowing = Mapping[str, tuple[Floats, Floats]]
"""By id of a report: speed in km/h and direction in degrees, one of each for every draw; nan where it is not so."""


@dataclass(frozen=True, slots=True)
class Piece:
    """
    Part of a flight.

    Args:
        km: Over the ground.

        track_deg: Its course at the middle, degrees clockwise from true north.

        reports: Winds told for there and then, the one that counts first first; a later one counts only in draws in
            which those before it, being alternatives, are not so. Empty: no wind is given.
    """

    km: float
    track_deg: float
    reports: tuple[WindReport, ...]


@dataclass(frozen=True, slots=True)
class Blown:
    """
    A flight in the winds that the case gives.

    Args:
        air_kmh: Its speed through the air.

        pieces: In order.

        air_km: Kilometres through the air in the median of each wind, where alternatives differ in the one that most
            belief is in; in a calm where no wind is given.
    """

    air_kmh: float
    pieces: tuple[Piece, ...]
    air_km: float

    @property
    def reports(self) -> tuple[WindReport, ...]:
        """Every wind that holds on some piece, each once."""
        return tuple({report.id: report for piece in self.pieces for report in piece.reports}.values())

    @property
    def calm_km(self) -> float:
        """Kilometres over the ground for which no wind is given."""
        return sum(piece.km for piece in self.pieces if not piece.reports)

    def drawn_km(self, blowing: Blowing, draws: int) -> Floats:
        """
        Kilometres through the air in each draw, shape (draws,).

        Args:
            blowing: The drawn winds, arrays of shape (draws,), of at least all `reports`.

            draws: How many.
        """
        total = np.zeros(draws)
        for piece in self.pieces:
            share, left = np.ones(draws), np.ones(draws, dtype=np.bool_)
            for report in piece.reports:
                speed_kmh, from_deg = blowing[report.id]
                so = left & ~np.isnan(speed_kmh)
                share[so] = air_share(self.air_kmh, piece.track_deg, from_deg[so], speed_kmh[so])
                left &= ~so
            total += piece.km * share
        return total


class Winds:
    """
    The winds of a case.

    Args:
        reports: Those known; of two that hold at one place and time the one known later counts.

        at: The instant of the assessment: what has not left by then can leave only after it.
    """

    def __init__(self, reports: Sequence[WindReport], at: Instant) -> None:
        self._at = at
        self._reports = sorted(reports, key=lambda r: (r.known_at, r.start, r.id), reverse=True)
        self._areas = {report.id: Polygon(report.area) for report in reports}
        names = {report.alternative for report in reports if report.alternative}
        believed = [max((r for r in reports if r.alternative == n), key=lambda r: (r.weight, r.id)) for n in names]
        self._likely = {r.id for r in reports if not r.alternative} | {r.id for r in believed}
        self._strongest_kmh = max((report.speed_kmh.p50 for report in reports), default=0.0)

    def leaves(self, asset: Asset) -> Instant:
        """
        The hour at which an asset's first flight is taken to begin: its recorded take-off; else when it could be off if
        everything were granted at the assessment, its median mobilisation later. Nothing known of that counts as none.
        """
        gone = [record.at for record in asset.records if record.event == "take-off"]
        if gone:
            return min(gone)
        ready = asset.mobilisation_h or (asset.type.mobilisation_h if asset.type else None)
        return self._at + timedelta(hours=ready.p50 if ready else 0.0)

    def least_share(self, air_kmh: float) -> float:
        """A lower bound of the kilometres through the air for each over the ground, whatever the flight."""
        return air_kmh / (air_kmh + self._strongest_kmh)

    def blown(self, path: Sequence[LonLat], air_kmh: float, kind: str, leaving: Instant) -> Blown:
        """
        A flight in the winds of its places and hours.

        Args:
            path: Points joined by geodesic legs.

            air_kmh: Speed through the air, > 0.

            kind: Of the asset; winds told for other kinds do not count.

            leaving: When it begins. Each piece has the wind of the hour at which it is flown.
        """
        from safeconduct.earth.geodesy import (  # lazy: cases without flights need no geodesy
            azimuth_deg,
            densify,
            distance_m,
            point_along,
        )

        pieces, air_km = [], 0.0
        for begin, end in pairwise(path):
            for here, there in pairwise(densify(begin, end, PIECE_KM * 1000.0)):
                km = distance_m(here, there) / 1000.0
                if km > 0.0:
                    middle = point_along(here, there, km * 500.0)
                    track_deg = azimuth_deg(middle, there)
                    told = self._told(middle, kind, leaving + timedelta(hours=air_km / air_kmh))
                    pieces.append(Piece(km, track_deg, told))
                    likely = next((report for report in told if report.id in self._likely), None)
                    air_km += km * (1.0 if likely is None else _median_share(air_kmh, track_deg, likely))
        return Blown(air_kmh, tuple(pieces), air_km)

    def _told(self, place: LonLat, kind: str, at: Instant) -> tuple[WindReport, ...]:
        """The winds that hold at a place and hour, down to the first that has no alternative."""
        from safeconduct.earth.airspace import contains  # lazy: as above

        out = []
        for report in self._reports:
            counts = not report.kinds or kind in report.kinds
            if counts and report.start <= at < report.end and contains(self._areas[report.id], place):
                out.append(report)
                if not report.alternative:
                    break
        return tuple(out)


def _median_share(air_kmh: float, track_deg: float, report: WindReport) -> float:
    return float(air_share(air_kmh, track_deg, report.from_deg, report.speed_kmh.p50))
