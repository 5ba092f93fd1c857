"""Probability of detection from coverage, under the three classical laws."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
from scipy.special import erf

from safeconduct.model.errors import InvalidInput, OutOfDomain


def exponential(coverage: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """
    Find the POD of a search whose tracks fall at random: 1 - exp(-C).

    Koopman, "Search and Screening", 1946, the random-search formula; the pessimistic end of the bracket.

    Args:
        coverage: C = area swept / area, or sweep width / track spacing; any shape, each finite and >= 0.

    Returns:
        float64 array of the same shape, in [0, 1]. Coverage 0 gives 0.

    Raises:
        OutOfDomain: A coverage is negative or not finite.
    """
    return np.asarray(-np.expm1(-_coverage(coverage)))


def inverse_cube(coverage: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """
    Find the POD of parallel sweeps under the inverse-cube law: erf(sqrt(pi) C / 2).

    Koopman, "Search and Screening", 1946; the curve behind "79 % at C = 1". Field trials fell between it and the
    exponential curve (Koester, ICE-SAR, 2018), so the two bracket the truth.

    Args:
        coverage: C = sweep width / track spacing; any shape, each finite and >= 0.

    Returns:
        float64 array of the same shape, in [0, 1]. Coverage 0 gives 0.

    Raises:
        OutOfDomain: A coverage is negative or not finite.
    """
    return np.asarray(erf(0.5 * math.sqrt(math.pi) * _coverage(coverage)))


def definite_range(coverage: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """
    Find the POD of a sensor that sees all within its range and nothing beyond, flown without overlap: min(1, C).

    Args:
        coverage: C = sweep width / track spacing; any shape, each finite and >= 0.

    Returns:
        float64 array of the same shape, in [0, 1].

    Raises:
        OutOfDomain: A coverage is negative or not finite.
    """
    return np.minimum(1.0, _coverage(coverage))


LAWS: Mapping[str, Callable[[npt.ArrayLike], npt.NDArray[np.float64]]] = MappingProxyType(
    {"exponential": exponential, "inverse-cube": inverse_cube, "definite-range": definite_range}
)
"""Detection laws by the names used in cases and by the conformance adapter."""


def detect(law: str, coverage: Sequence[float]) -> tuple[float, ...]:
    """
    Find the POD for each coverage under a named law.

    Args:
        law: One of `LAWS`.

        coverage: Coverages, each finite and >= 0; may be empty.

    Raises:
        InvalidInput: No such law.
        OutOfDomain: A coverage is negative or not finite.
    """
    if law not in LAWS:
        raise InvalidInput("no such detection law", where="law", expected=" | ".join(LAWS), got=law)
    return tuple(LAWS[law](np.array(coverage, dtype=np.float64)).tolist())


def _coverage(coverage: npt.ArrayLike) -> npt.NDArray[np.float64]:
    values = np.asarray(coverage, dtype=np.float64)
    wrong = np.flatnonzero(~(np.isfinite(values) & (values >= 0.0)))
    if wrong.size:
        first = int(wrong[0])
        raise OutOfDomain(
            "not a coverage", where=f"coverage[{first}]", expected="finite, >= 0", got=str(values.ravel()[first])
        )
    return values
