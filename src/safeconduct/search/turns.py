"""How searchers turn: radius from speed, and the way from the end of one leg to the start of the next."""

from __future__ import annotations

import math

import numpy as np

from safeconduct.search.grid import Array

STANDARD_RATE_DEG_S = 3.0
BANK_DEG = 25.0
"""
The gentler of 3 degrees per second and 25 degrees of bank: ICAO Doc 8168, volume II, III-2-1.2.4 (approach phases).
Search manuals read so far print no figure of their own; that it holds for search legs is our assumption.
"""

TURN_SAYS = "turns in still air at 3°/s or 25° of bank, the gentler (ICAO Doc 8168; for search legs our assumption)"

_GRAVITY_M_S2 = 9.80665
_STEP = math.radians(7.5)


def turn_radius_km(speed_kmh: float) -> float:
    """
    Radius of a turn in still air, kilometres; 0 at a standstill.

    >>> round(turn_radius_km(111.0), 3), round(turn_radius_km(400.0), 3)
    (0.589, 2.7)
    """
    speed = speed_kmh / 3.6
    by_rate = speed / math.radians(STANDARD_RATE_DEG_S)
    by_bank = speed**2 / (_GRAVITY_M_S2 * math.tan(math.radians(BANK_DEG)))
    return max(by_rate, by_bank) / 1000.0


def u_turn_km(spacing_km: float, radius_km: float) -> float:
    """
    Shortest way from a leg onto the next one, flown the other way, *spacing_km* beside it.

    Wide spacing: two quarter turns with a straight between. Narrow: out, round and back (Dubins, 1957: three arcs).

    >>> round(u_turn_km(2.0, 1.0), 6), round(u_turn_km(0.0, 1.0), 6)
    (3.141593, 7.330383)
    """
    if spacing_km >= 2.0 * radius_km:
        return math.pi * radius_km + spacing_km - 2.0 * radius_km
    return radius_km * (math.pi + 4.0 * _swing(spacing_km, radius_km))


def room_km(spacing_km: float, radius_km: float) -> tuple[float, float]:
    """How far a turn reaches beyond the ends of the legs, and sideways beyond the two legs."""
    if spacing_km >= 2.0 * radius_km:
        return radius_km, 0.0
    swing = _swing(spacing_km, radius_km)
    beside = max(radius_km * (1.0 - math.cos(swing)), radius_km - spacing_km / 2.0)
    return radius_km * (1.0 + 2.0 * math.sin(swing)), beside


def u_turn(end: Array, ahead: Array, aside: Array, spacing_km: float, radius_km: float) -> Array:
    """
    Points of the turn after the end of a leg, up to and with the start of the next, shape (n, 2).

    Args:
        end: Where the leg ends, shape (2,).

        ahead: Unit vector of the leg, shape (2,).

        aside: Unit vector to the next leg, shape (2,).
    """
    if radius_km <= 0.0:
        return np.array([end + spacing_km * aside])
    if spacing_km >= 2.0 * radius_km:
        first = _arc(radius_km, 0.0, math.pi / 2.0) + np.array([radius_km, 0.0])
        shift = np.array([spacing_km - radius_km, 0.0])
        flat = np.vstack([first, _arc(radius_km, math.pi / 2.0, math.pi) + shift])
    else:
        flat = _bulb(spacing_km, radius_km)
    made: Array = end + flat[:, :1] * aside + flat[:, 1:] * ahead
    return made


def _swing(spacing_km: float, radius_km: float) -> float:
    return math.acos((spacing_km + 2.0 * radius_km) / (4.0 * radius_km))


def _arc(radius: float, start: float, end: float) -> Array:
    """Points about zero from one angle to another, each measured from straight back (-x) towards ahead (+y)."""
    angles = np.linspace(start, end, max(2, math.ceil(abs(end - start) / _STEP) + 1))
    return np.column_stack([-radius * np.cos(angles), radius * np.sin(angles)])


def _bulb(spacing: float, radius: float) -> Array:
    swing = _swing(spacing, radius)
    away = np.linspace(0.0, swing, max(2, math.ceil(swing / _STEP) + 1))
    out = np.column_stack([-radius + radius * np.cos(away), radius * np.sin(away)])
    middle = np.array([spacing / 2.0, 2.0 * radius * math.sin(swing)])
    round_ = _arc(radius, -swing, math.pi + swing) + middle
    back = out[::-1] * np.array([-1.0, 1.0]) + np.array([spacing, 0.0])
    return np.vstack([out, round_, back])
