"""Instants: aware UTC, always with a zone, printed with a Z."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from safeconduct.model.errors import InvalidInput

Instant: TypeAlias = datetime
"""An aware datetime in UTC."""

HOUR_S = 3600.0


def instant(text: str, *, where: str = "") -> Instant:
    """
    Read an ISO 8601 instant with a zone.

    Args:
        text: For example ``2024-05-19T17:00Z`` or ``2024-05-19T20:30+03:30``.

        where: Place to name in the error.

    Raises:
        InvalidInput: The text is no date and time, or it has no zone.
    """
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidInput(
            "not an instant", where=where, expected="a date and time with zone, such as 2024-05-19T17:00Z", got=text
        ) from None
    if read.tzinfo is None:
        raise InvalidInput("an instant without a zone", where=where, expected="a zone, such as Z or +03:30", got=text)
    try:
        return read.astimezone(UTC)
    except OverflowError:
        raise InvalidInput(
            "an instant out of range", where=where, expected="a year between 2 and 9998", got=text
        ) from None


def iso(at: Instant) -> str:
    """Write an instant to the second, with a Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def hours_between(start: Instant, end: Instant) -> float:
    """Hours from *start* to *end*; negative if *end* is earlier."""
    return (end - start).total_seconds() / HOUR_S


def after(start: Instant, hours: float) -> Instant | None:
    """The instant *hours* after *start*, to the second; None for an infinite or undefined span."""
    if not math.isfinite(hours):
        return None
    return start + timedelta(seconds=round(hours * HOUR_S))
