"""What the air lets an aircraft do: density altitude, hovering, distance against range."""

from __future__ import annotations

from safeconduct.model.errors import OutOfDomain

ISA_SEA_LEVEL_C = 15.0
ISA_LAPSE_C_PER_M = 0.0065
FT_PER_M = 3.280839895
DENSITY_FT_PER_C = 118.8
"""Density altitude rises by this many feet for each degree above ISA (reference: parameters 1.2)."""

HOVER_BAND = 0.15
"""Power band within which a hover is called marginal: the scatter of a public model against a maker's figure."""

DOMAIN_M = (-500.0, 9000.0)


def density_altitude_m(elevation_m: float, temperature_c: float) -> float:
    """
    Density altitude, taking the elevation for the pressure altitude (error: 8 m for each hPa off standard).

    Args:
        elevation_m: In [-500, 9000].

        temperature_c: In [-60, 55].

    Raises:
        OutOfDomain: Outside those ranges.
    """
    if not DOMAIN_M[0] <= elevation_m <= DOMAIN_M[1]:
        raise OutOfDomain("no density altitude", expected="an elevation in [-500, 9000] m", got=str(elevation_m))
    if not -60.0 <= temperature_c <= 55.0:
        raise OutOfDomain("no density altitude", expected="a temperature in [-60, 55] C", got=str(temperature_c))
    isa_c = ISA_SEA_LEVEL_C - ISA_LAPSE_C_PER_M * elevation_m
    return elevation_m + DENSITY_FT_PER_C * (temperature_c - isa_c) / FT_PER_M


def density_ratio(density_altitude: float) -> float:
    """Density over sea-level density in the standard atmosphere, up to 11 km."""
    ratio = 1.0 - ISA_LAPSE_C_PER_M * density_altitude / 288.15
    if ratio <= 0.75:
        raise OutOfDomain(
            "beyond the troposphere", expected="a density altitude under 11 km", got=str(density_altitude)
        )
    return float(ratio**4.2559)


def hover(hover_oge_m: float, elevation_m: float, temperature_c: float) -> str:
    """
    Whether a helicopter can hover out of ground effect: ``yes``, ``marginal`` or ``no``.

    Power needed goes with the inverse root of density, power to be had with density (momentum theory, one figure of
    merit), so the share to spare is the density ratio to the power 1.5; within +-15 % the answer is *marginal*.

    Args:
        hover_oge_m: Published hover ceiling out of ground effect at ISA.

        elevation_m: Of the place.

        temperature_c: At the place.
    """
    here = density_ratio(density_altitude_m(elevation_m, temperature_c))
    share = (here / density_ratio(hover_oge_m)) ** 1.5
    if share >= 1.0 + HOVER_BAND:
        return "yes"
    return "no" if share <= 1.0 - HOVER_BAND else "marginal"
