"""The answer of `safeconduct.desk.ways`: what is shown of each way, and how far it was looked for."""

from __future__ import annotations

from dataclasses import dataclass

from safeconduct.model.assets import AssetType
from safeconduct.model.space import LonLat
from safeconduct.reach.fronts import WorldFront
from safeconduct.reach.journeys import Journeys, Leave


@dataclass(frozen=True, slots=True)
class ShownLeg:
    """
    One leg of a way.

    Args:
        start: Code of its airport, or the position.

        end: The same.

        mode: ``fly`` or ``sail``.

        needs: States whose leave its carrier needs, the landing at its end included.

        stop: ``refuel`` or ``hand-over`` at its end, or empty.

        runway: ``ok``, ``unknown`` or ``not needed`` at its end; empty at the site.
    """

    start: str
    end: str
    end_name: str
    mode: str
    carrier: str
    provider: str
    distance_km: float
    hours: tuple[float, float, float] | None
    needs: tuple[str, ...]
    stop: str
    runway: str
    path: tuple[LonLat, ...]


@dataclass(frozen=True, slots=True)
class ShownWay:
    """
    One way.

    Args:
        needs: Codes of the states whose leave it needs.

        names: Their names, in the same order.

        lands: Names of those whose leave to land it needs.

        leaves: What leave for whose craft.

        distance_km: All legs, over ground and sea.

        hours: Under way and at stops, p10, p50 and p90; None where the speed is unknown.

        in_range: Whether each leg is within range with reserve; None where a range is unknown.

        left_km: Range left at the site, reserve kept; below zero out of range; None where unknown.

        path: Points joined by geodesic legs.
    """

    needs: tuple[str, ...]
    names: tuple[str, ...]
    lands: tuple[str, ...]
    leaves: tuple[Leave, ...]
    distance_km: float
    hours: tuple[float, float, float] | None
    in_range: bool | None
    left_km: float | None
    legs: tuple[ShownLeg, ...]
    path: tuple[LonLat, ...]


@dataclass(frozen=True, slots=True)
class Looked:
    """
    How far stops and hand-overs were looked for.

    Args:
        most: Stops of one way.

        spots: Codes of the airports looked at.

        in_reach: Airports that lie in reach.

        journeys: Whether the front over them is whole, and up to which hour.
    """

    most: int
    spots: tuple[str, ...]
    in_reach: int
    journeys: Journeys


@dataclass(frozen=True, slots=True)
class Ways:
    """
    The answer.

    Args:
        base: Code, name and state.

        site: (lon, lat).

        site_states: Airspaces over the site.

        asset: The type of the first leg.

        free: The state taken as the asset's own, that of the base.

        direct_km: Length of the geodesic.

        range_km: One filling, reserve taken off; None where unknown.

        front: The front of the leg without a stop, and how far it was looked for; None where no water joins the places.

        complete: Whether the front of every leg is whole.

        ways: Those within range, fastest first; then those beyond it.

        closed: Ways left out because they cross an area that no state can open.

        looked: Stops; None where none were asked for.

        nearest: Code, name and distance in km of the airport nearest to the site.

        notes: What is assumed and what is not looked at.
    """

    base: tuple[str, str, str]
    site: LonLat
    site_states: tuple[str, ...]
    asset: AssetType
    free: str
    direct_km: float
    range_km: float | None
    front: WorldFront | None
    complete: bool
    ways: tuple[ShownWay, ...]
    closed: int
    looked: Looked | None
    nearest: tuple[str, str, float]
    notes: tuple[str, ...]
