"""How far a telephone was from a mast, by its timing advance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from safeconduct.model.errors import InvalidInput, OutOfDomain

LIGHT_M_S = 299_792_458.0


@dataclass(frozen=True, slots=True)
class Timing:
    """
    The unit of a network's timing advance.

    Args:
        step_s: Delay there and back that one unit stands for, seconds.

        most: Greatest value that the network sends.
    """

    step_s: float
    most: int

    @property
    def step_m(self) -> float:
        """Metres of distance to one unit: half of what light goes in the delay."""
        return LIGHT_M_S * self.step_s / 2.0


TIMINGS: Mapping[str, Timing] = MappingProxyType(
    {
        "gsm": Timing(48.0 / 13.0 * 1e-6, 63),
        "lte": Timing(16.0 / 30.72e6, 1282),
        "nr-15-khz": Timing(16.0 / 30.72e6, 3846),
    }
)
"""GSM: one bit, 48/13 microseconds (3GPP TS 45.010). LTE and NR at 15 kHz: 16 samples of 1/30.72 MHz (3GPP TS 36.213,
TS 38.213). The constants are from memory of these standards (grade M); the metres follow from them."""


def timing_ring_m(network: str, advance: int) -> tuple[float, float]:
    """
    Nearest and farthest distance that one timing advance stands for, metres.

    Never a hard ring: echoes lengthen the way, and the mast that answers need not be the nearest one. Give it to the
    map as near and far of a telephone's sector, which softens both edges.

    Args:
        network: gsm, lte or nr-15-khz.

        advance: 0 or more.

    Raises:
        InvalidInput: No such network.
        OutOfDomain: More than the network sends, or less than 0.
    """
    if network not in TIMINGS:
        raise InvalidInput("no such network", where="network", expected=" | ".join(TIMINGS), got=network)
    timing = TIMINGS[network]
    if not 0 <= advance <= timing.most:
        raise OutOfDomain("not a timing advance", where="advance", expected=f"0 to {timing.most}", got=str(advance))
    return advance * timing.step_m, (advance + 1) * timing.step_m
