"""What a report says about where, beyond a point, a disc and a line: one small value for each kind of place."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import inf
from typing import TypeAlias

from safeconduct.model.errors import InvalidInput
from safeconduct.model.sources import Spread


@dataclass(frozen=True, slots=True)
class Flight:
    """
    How far along its line a craft may have come (kinds ``route`` and ``fixes``).

    Args:
        aloft_h: Hours from the first corner (``route``) or the last fix (``fixes``) to the end of the flight.

        speed_kmh: Speed over ground.
    """

    aloft_h: Spread
    speed_kmh: Spread


@dataclass(frozen=True, slots=True)
class Bearing:
    """
    A direction from a station (kind ``bearing``).

    Args:
        bearing_deg: From true north, [0, 360).

        sigma_deg: Standard deviation, > 0.

        far_km: Farthest the signal carries.
    """

    bearing_deg: float
    sigma_deg: float
    far_km: float


@dataclass(frozen=True, slots=True)
class PhoneSector:
    """
    Where a telephone spoke from, seen from the mast that served it (kind ``phone``).

    Args:
        near_km: Inner radius of the ring, >= 0.

        far_km: Outer radius.

        bearing_deg: Middle of the beam; None where the antenna is not known or sends all round.

        beam_deg: Width of the beam, (0, 360]; 120 is usual.

        mast_m: Height of the antenna above ground; None is unknown: line of sight is then not used.
    """

    near_km: float
    far_km: float
    bearing_deg: float | None
    beam_deg: float
    mast_m: float | None


@dataclass(frozen=True, slots=True)
class Witness:
    """
    What somebody saw or heard from where they stood (kinds ``seen`` and ``heard``).

    Args:
        far_km: Distance to which it could be seen or heard; half of the belief lies nearer.

        bearing_deg: In which direction; None where not told.

        sigma_deg: Standard deviation of the direction; None with no direction.
    """

    far_km: float
    bearing_deg: float | None
    sigma_deg: float | None


@dataclass(frozen=True, slots=True)
class Signature:
    """
    A heat source, or something on an image (kind ``detection``).

    Args:
        detects: Chance that the sensor would have shown the wreck, (0, 1]; None where nobody has said.

        false_per_km2: False alarms of this sensor per square kilometre looked at; None where nobody has said. Without
            both, the grades of the report stand for them.
    """

    detects: float | None
    false_per_km2: float | None


@dataclass(frozen=True, slots=True)
class CloudImpact:
    """
    Terrain that reached into the cloud on the route (kind ``cloud``). Unknown without terrain.

    Args:
        base_m: Height of the cloud base above mean sea level.

        sigma_m: Its standard deviation, > 0.

        altitude_m: Of the flight above mean sea level; None where nobody knows it. With it the ground that is met
            first in the order of the corners counts, else all ground in cloud.
    """

    base_m: float
    sigma_m: float
    altitude_m: Spread | None = None


@dataclass(frozen=True, slots=True)
class Searched:
    """
    An area that was searched without finding them (kind ``searched``).

    Args:
        pod: Chance that they would have been found if they had been there, [0, 1].
    """

    pod: float


@dataclass(frozen=True, slots=True)
class Rings:
    """
    How far from a point people of a kind are found (kind ``rings``).

    Args:
        radii_km: Rising, > 0, at least one.

        shares: Share of finds within each radius, rising, in (0, 1].

    Raises:
        InvalidInput: The numbers do not rise, or their counts differ.
    """

    radii_km: tuple[float, ...]
    shares: tuple[float, ...]

    def __post_init__(self) -> None:
        for name, row, most in (("radii", self.radii_km, inf), ("shares", self.shares, 1.0)):
            rises = all(a < b for a, b in pairwise((0.0, *row)))
            if not row or not rises or row[-1] > most or len(self.radii_km) != len(self.shares):
                expected = f"{name} that rise from above 0" + (" to at most 1" if most == 1.0 else "")
                raise InvalidInput("not a table of distances", expected=expected, got=str(list(row)))


PlaceShape: TypeAlias = Flight | Bearing | PhoneSector | Witness | Signature | CloudImpact | Searched | Rings

GSM_STEP_KM = 299_792.458 * (48.0 / 13.0) * 1e-6 / 2.0
"""One step of timing advance: half the way of light in one bit of 48/13 microseconds, 0.55346 km (3GPP TS 45.010)."""

LTE_STEP_KM = 299_792.458 * 16.0 / (2.0 * 30.72e6)
"""One step of timing advance at 15 kHz: 16 Ts, there and back, 0.07807 km (3GPP TS 36.213, section 4.2.3)."""


def timing_ring(step_km: float, advance: int) -> tuple[float, float]:
    """
    Inner and outer radius for a timing advance, kilometres.

    >>> tuple(round(r, 3) for r in timing_ring(GSM_STEP_KM, 4))
    (2.214, 2.767)
    """
    return step_km * advance, step_km * (advance + 1)
