"""How good a map was, once they are found."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from safeconduct.model.instants import Instant
from safeconduct.model.space import LonLat
from safeconduct.search.grid import SearchMap


@dataclass(frozen=True, slots=True)
class Score:
    """
    A map against the place of the find.

    Args:
        on_map: Whether the place lies on the map at all.

        r: MapScore's R: 1 if no cell is likelier, 0 for a flat map, -1 if every other cell is, or off the map. (Twardy
            and others: r = (n + m / 2) / N, n cells likelier, m equally likely, of N; R = (0.5 - r) / 0.5.)

        area_km2: Area to be searched before reaching it, the likeliest cells first, half of the equally likely ones;
            infinite off the map.

        containment: Smallest share of all probability whose area holds it: over many cases it is spread evenly where
            the maps are calibrated. 1 off the map.

        log_density: Natural logarithm of the probability per square kilometre there; minus infinity where there is
            none. Higher is better.

        bits: By how much the map is better there than a flat one over the same cells, in bits.
    """

    on_map: bool
    r: float
    area_km2: float
    containment: float
    log_density: float
    bits: float


def score(chart: SearchMap, lon_deg: float, lat_deg: float) -> Score:
    """Hold a map against the place of the find."""
    cell = chart.grid.cell_of(lon_deg, lat_deg)
    if cell < 0:
        return Score(False, -1.0, math.inf, 1.0, -math.inf, -math.inf)
    here = float(chart.poa[cell])
    likelier = chart.poa > here
    equal = int((chart.poa == here).sum())
    above = int(likelier.sum())
    rank = (above + equal / 2.0) / chart.grid.size
    held = math.fsum(chart.poa[likelier].tolist()) + here * equal / 2.0
    log_density = math.log(here / chart.grid.cell_km2) if here > 0.0 else -math.inf
    bits = math.log2(here * chart.grid.size) if here > 0.0 else -math.inf
    return Score(
        True, 1.0 - 2.0 * rank, rank * chart.grid.size * chart.grid.cell_km2, min(held, 1.0), log_density, bits
    )


@dataclass(frozen=True, slots=True)
class Level:
    """
    One row of a calibration.

    Args:
        share: Share that the map said.

        held: Of how many finds the area of that share held the place.

        finds: How many there are.
    """

    share: float
    held: int
    finds: int


@dataclass(frozen=True, slots=True)
class Scored:
    """
    The map of one instant, and what was held of the reports, against the find.

    Args:
        stance: In words; ``as graded`` where nothing was changed.

        reports: How many reports have a say on the map.

        area_range_km2: Least and greatest area to find under ours and other assumptions; where reports are held
            otherwise than as graded, under ours alone.
    """

    at: Instant
    stance: str
    reports: int
    score: Score
    half_km2: float
    nine_tenths_km2: float
    outside: float
    map_km2: float
    area_range_km2: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Announced:
    """An area that somebody announced, without saying where it lies."""

    id: str
    what: str
    at: Instant
    least_km2: float
    most_km2: float


@dataclass(frozen=True, slots=True)
class Scores:
    """
    All maps of a case against its find.

    Args:
        hourly: As graded, hour by hour until the find.

        contested: The last of these hours, each report that another one contradicts believed, doubted and dropped.
    """

    case: str
    title: str
    incident_at: Instant
    found: LonLat
    hourly: tuple[Scored, ...]
    contested: tuple[Scored, ...]
    announced: tuple[Announced, ...]


def calibration(
    containments: Sequence[float], shares: Sequence[float] = (0.1, 0.25, 0.5, 0.75, 0.9)
) -> tuple[Level, ...]:
    """
    Hold what maps said against finds.

    Args:
        containments: Of `Score`, one for each find, each in [0, 1]. Maps of one case are not independent: they count as
            one find when conclusions are drawn.

        shares: Levels.
    """
    told = np.asarray(containments, dtype=np.float64)
    return tuple(Level(share, int((told <= share + 1e-12).sum()), told.size) for share in shares)
