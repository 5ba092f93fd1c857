"""What a resource sweeps in an hour: width by standard, object, height, visibility and cover, with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from safeconduct.model.assets import Asset, AssetType
from safeconduct.model.errors import InvalidInput
from safeconduct.model.sources import Cite, Spread
from safeconduct.search.sweep import SweepStandard, SweepTable

FATIGUE = 0.9
"""JP 3-50, and NATSAR 2023: sweep width of a tired crew."""

NIGHT_ON_FOOT = 22.0 / 64.0
"""Sweep width by night beside day of a searcher on foot: 22 m and 64 m (Koester, ICE-SAR 2018)."""

HEIGHT_M = 300.0
"""Height above ground from which aircraft search where nobody says otherwise; the tables hold it. Our assumption."""


@dataclass(frozen=True, slots=True)
class Sensor:
    """
    How one unit searches.

    Args:
        width_km: Sweep width in the best visibility there is a figure for, all factors but weather and light applied.

        speed_kmh: While searching.

        says: Source, edition, row and factors, as printed on the plan.

        verified: Whether every figure in it was read in its source.

        table: The standard's table where the width goes with visibility; None where it does not.

        height_m: Above ground; None on foot and for cameras, whose figures name none.
    """

    width_km: Spread
    speed_kmh: float
    says: str
    verified: bool
    table: SweepTable | None = None
    height_m: float | None = None

    def seeing(self, visibility_km: float) -> float:
        """Share of the width at a visibility in kilometres, in [0, 1]; nothing is seen beyond it on either side."""
        if self.table is None or self.height_m is None:
            return min(1.0, 2.0 * visibility_km / self.width_km.p50)
        best = self.table.width(self.height_m, self.table.visibility_km[-1])
        return self.table.width(self.height_m, min(visibility_km, self.table.visibility_km[-1])) / best


@dataclass(frozen=True, slots=True)
class Sought:
    """
    What is looked for and from where.

    Args:
        object: A row of the tables.

        cover: A column of their factors; empty for the open.

        height_m: Above ground.

        tired: Whether the fatigue factor applies.
    """

    object: str
    cover: str
    height_m: float
    tired: bool


def sensor_of(
    asset: Asset, kind: AssetType, sought: Sought, chosen: str, standards: Mapping[str, SweepStandard]
) -> Sensor | None:
    """
    How a resource searches: the eye in an aircraft by the chosen standard, everything else by its type's own figure.

    Args:
        chosen: Id of the standard.

    Returns:
        None where no figure says how wide it sweeps or how fast it searches.

    Raises:
        InvalidInput: No such standard, object or cover.
        OutOfDomain: A height that the standard does not print.
    """
    if kind.search_speed_kmh is None:
        return None
    by_eye = kind.kind in ("helicopter", "fixed-wing") and not kind.pilotless and asset.sweep_width_km is None
    if by_eye:
        return _by_eye(kind.search_speed_kmh.value, kind.search_speed_kmh.cite, sought, chosen, standards)
    width = asset.sweep_width_km or kind.sweep_width_km
    if width is None:
        return None
    verified = width.cite.verified and kind.search_speed_kmh.cite.verified
    factor = FATIGUE if sought.tired else 1.0
    says = f"figure of {'this asset' if asset.sweep_width_km else 'the type'} ({_sources(width.cite)})"
    return Sensor(_times(width, factor), kind.search_speed_kmh.value, says + _tired(sought), verified)


def _by_eye(
    speed_kmh: float, cite: Cite, sought: Sought, chosen: str, standards: Mapping[str, SweepStandard]
) -> Sensor:
    if chosen not in standards:
        raise InvalidInput("no such standard", where="--standard", expected=" | ".join(standards), got=chosen)
    standard = standards[chosen]
    if sought.object not in standard.objects:
        expected = " | ".join(standard.objects)
        raise InvalidInput("no such object in this standard", where="--object", expected=expected, got=sought.object)
    table = standard.objects[sought.object]
    factor, borrowed = _cover(sought, table, standards)
    base = table.width(sought.height_m, table.visibility_km[-1])
    others = [
        other.objects[sought.object].width(sought.height_m, other.objects[sought.object].visibility_km[-1])
        for other in standards.values()
        if sought.object in other.objects and _holds(other.objects[sought.object], sought.height_m)
    ]
    scale = factor * (FATIGUE if sought.tired else 1.0)
    note = f"from {min(others):.2f} to {max(others):.2f} km in the open by standard"
    width = Spread(min(others) * scale, base * scale, max(others) * scale, table.cite, note, len(others))
    cover = f", {sought.cover} x{factor:g}{borrowed}" if sought.cover else ", open"
    says = f"{standard.edition}; {sought.object} from {sought.height_m:g} m{cover}{_tired(sought)}"
    return Sensor(width, speed_kmh, says, table.cite.verified and cite.verified, table, sought.height_m)


def _cover(sought: Sought, table: SweepTable, standards: Mapping[str, SweepStandard]) -> tuple[float, str]:
    """Factor for the cover; borrowed from another standard where this one prints none."""
    if not sought.cover:
        return 1.0, ""
    if table.cover:
        if sought.cover not in table.cover:
            raise InvalidInput("no such cover", where="--cover", expected=" | ".join(table.cover), got=sought.cover)
        return table.cover[sought.cover], ""
    for other in standards.values():
        lent = other.objects.get(sought.object)
        if lent is not None and sought.cover in lent.cover:
            return lent.cover[sought.cover], f" (factor of {other.id})"
    raise InvalidInput("no such cover in any standard", where="--cover", got=sought.cover)


def _holds(table: SweepTable, height_m: float) -> bool:
    return table.height_m[0] <= height_m <= table.height_m[-1]


def _times(width: Spread, factor: float) -> Spread:
    return Spread(
        width.p10 * factor, width.p50 * factor, width.p90 * factor, width.cite, width.reference_class, width.cases
    )


def _tired(sought: Sought) -> str:
    return f", fatigue x{FATIGUE:g}" if sought.tired else ""


def _sources(cite: Cite) -> str:
    return f"{', '.join(cite.sources) or 'no source'}, grade {cite.grade}"
