"""What an answer says of the scene: case, place, persons, light, weather, who coordinates; where a figure is from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Quantiles:
    """Three quantiles over the draws; None where the quantile is *never*."""

    p10: float | None
    p50: float | None
    p90: float | None


@dataclass(frozen=True, slots=True)
class InstantQuantiles:
    """Three quantiles of an instant over the draws; None where the quantile is *never*."""

    p10: datetime | None
    p50: datetime | None
    p90: datetime | None


@dataclass(frozen=True, slots=True)
class CaseRef:
    id: str
    title: str
    kind: str
    host: str
    lost: str
    emergency: str
    incident_at: datetime
    summary: str


@dataclass(frozen=True, slots=True)
class Cited:
    """A figure or fact of the answer with its origin, one step from the screen."""

    what: str
    value: str
    unit: str
    grade: str
    verified: bool
    sources: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class SourceRef:
    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Containment:
    """Smallest area that holds a share of the probability; ``outline`` is a list of rings, (lon, lat)."""

    share: float
    area_km2: float
    outline: tuple[tuple[Point, ...], ...]


@dataclass(frozen=True, slots=True)
class MapSource:
    """
    One report of the probability map.

    ``weight`` is its chance of being true after all others (1 for a report that settles the place); the chances of
    several reports need not add up to 1.
    """

    evidence: str
    what: str
    weight: float
    reliability: str
    credibility: str
    place: Point | None
    grade: str
    verified: bool
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Where:
    """
    Where they are.

    ``site`` is the point that ways are computed to: the place where it is known, else the mean of the best
    supported report; never an answer of its own.
    """

    known: bool
    site: Point
    containment: tuple[Containment, ...]
    sources: tuple[MapSource, ...]
    not_mapped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Persons:
    id: str
    count: int
    injury: str
    exposure: str
    counted: bool
    alive_now: Quantiles | None
    survival: str
    verified: bool
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LightWindow:
    start: datetime
    end: datetime
    kind: str


@dataclass(frozen=True, slots=True)
class WeatherReport:
    id: str
    place: str
    start: datetime
    end: datetime | None
    end_range: InstantQuantiles | None
    visibility_m: float | None
    cloud_base_m: float | None
    ground_hidden: bool
    icing: bool | None
    temperature_c: float | None
    share: float
    grade: str
    verified: bool
    sources: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class WindTold:
    """A wind as told; ``share`` is the belief in it among winds that exclude each other."""

    id: str
    start: datetime
    end: datetime
    from_deg: float
    from_sigma_deg: float
    speed_kmh: Quantiles
    height_m: tuple[float, float] | None
    kinds: tuple[str, ...]
    share: float
    grade: str
    verified: bool
    sources: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Windows:
    """``winds`` is left out of JSON where the case gives none."""

    light: tuple[LightWindow, ...]
    weather: tuple[WeatherReport, ...]
    winds: tuple[WindTold, ...] = field(default=(), metadata={"sparse": True})


@dataclass(frozen=True, slots=True)
class Moment:
    """A point of the timeline. ``kind``: incident, evidence, request, clearance, asset, offer, alarm, other."""

    at: datetime
    says: str
    kind: str
    grade: str
    verified: bool
    sources: tuple[str, ...]
    contested: bool
    party: str


@dataclass(frozen=True, slots=True)
class Coordination:
    """Who coordinates. Empty strings where no source says."""

    rcc: str
    contact: str
    smc: str
    phase: str
    srr: str


@dataclass(frozen=True, slots=True)
class Border:
    """An airspace that the case brings: drawn in place of the shipped one of that code. Rings of (lon, lat)."""

    code: str
    name: str
    rings: tuple[tuple[Point, ...], ...]
