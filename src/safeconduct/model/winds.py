"""What a case says of the wind: where, when, how high, and how sure."""

from __future__ import annotations

from dataclasses import dataclass

from safeconduct.model.instants import Instant
from safeconduct.model.sources import Cite, Spread
from safeconduct.model.space import Ring


@dataclass(frozen=True, slots=True)
class WindReport:
    """
    One wind over an area and a time, reported or forecast.

    Args:
        area: Where it blows, a ring of (lon, lat); the inside is the smaller side.

        start: From when, included.

        end: Until when, not included. What blows before and after is not known.

        from_deg: Where it comes from, degrees clockwise from true north, in [0, 360].

        from_sigma_deg: Standard deviation of that direction; 0 takes it as told.

        speed_kmh: Its mean speed; gusts are no part of it.

        height_m: Least and greatest height above sea level of which it was told; None where no height was given.

        kinds: Asset kinds for which it counts; none is all that fly.

        alternative: Reports with the same name exclude each other.

        weight: Share of belief among the reports of one name; they are scaled to sum to 1.
    """

    id: str
    area: Ring
    start: Instant
    end: Instant
    from_deg: float
    from_sigma_deg: float
    speed_kmh: Spread
    height_m: tuple[float, float] | None
    kinds: tuple[str, ...]
    alternative: str
    weight: float
    known_at: Instant
    cite: Cite
