"""How far from its points a report speaks: what a map must hold of it."""

from __future__ import annotations

from safeconduct.model.case import Place
from safeconduct.model.places import Bearing, Flight, PhoneSector, Rings, Witness
from safeconduct.search.distances import TAIL

SIGMAS = 3.0
MOST_KM = 150.0
BEYOND = 1.2
"""A signal or a sight that carries so far still speaks a fifth farther off."""


def reach_km(place: Place, least_km: float) -> float:
    """
    Kilometres from its points to which a report speaks, at most `MOST_KM`.

    Args:
        least_km: Added to it: no report is smaller.
    """
    far = 0.0
    if isinstance(place.shape, Bearing | PhoneSector | Witness):
        far = BEYOND * place.shape.far_km
    elif isinstance(place.shape, Flight) and place.kind == "fixes":
        far = place.shape.speed_kmh.p90 * place.shape.aloft_h.p90
    elif isinstance(place.shape, Rings):
        far = TAIL * place.shape.radii_km[-1]
    size = place.radius_km or SIGMAS * (place.sigma_km or 0.0)
    return min(far + size + least_km, MOST_KM)
