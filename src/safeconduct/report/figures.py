"""How figures are printed on screen and paper (DESIGN.md section 3, "Honest figures"); JSON carries the numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from safeconduct.assessment.answer import InstantQuantiles, Quantiles
from safeconduct.model.instants import hours_between

WORDS_ABOVE = 0.5
"""Share of unverified input above which a word stands instead of a number."""
TWO_FIGURES_ABOVE = 0.1
"""Probability above which two significant figures are printed, otherwise one."""
NOBODY = 1e-9
"""Stands for a maximum of no persons, where a scale needs one over 0."""

NOTHING_BELOW = 0.005
"""Share of the goal's maximum under which a gain counts as none: half a percentage point (DESIGN.md section 3)."""
LEAST_SHOWN = 0.0001

PROBABILITY_WORDS = (
    (0.01, "negligible"),
    (0.2, "small"),
    (0.4, "below even"),
    (0.6, "about even"),
    (0.8, "above even"),
    (math.inf, "large"),
)
"""Upper bound (not included) of each word for a probability."""
PERSONS_WORDS = (
    (0.01, "hardly any"),
    (0.2, "few"),
    (0.4, "under half"),
    (0.6, "about half"),
    (0.8, "over half"),
    (math.inf, "most"),
)
"""Upper bound (not included) of each word for a share of the persons."""
GAIN_WORDS = (
    (NOTHING_BELOW, "none"),
    (0.2, "small"),
    (0.4, "moderate"),
    (math.inf, "large"),
)
"""Upper bound (not included) of each word for a gain, as a share of the goal's maximum."""
NEVER = "never"
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Scale:
    """
    What a value is measured in.

    Args:
        unit: ``persons`` or ``probability``.

        maximum: Largest value the goal can take, > 0.

        unverified: Share of the input that is unverified, 0 to 1.
    """

    unit: str
    maximum: float
    unverified: float

    @property
    def in_words(self) -> bool:
        """Whether words stand instead of numbers."""
        return self.unverified > WORDS_ABOVE

    @property
    def counts_persons(self) -> bool:
        """Whether the value is a number of persons."""
        return self.unit.startswith("person")


def _word(share: float, words: tuple[tuple[float, str], ...]) -> str:
    return next(word for bound, word in words if share < bound)


def _figures(value: float, count: int) -> str:
    """*value* > 0 to *count* significant figures, without an exponent."""
    places = count - 1 - math.floor(math.log10(value))
    rounded = round(value, places)
    return f"{rounded:.{max(0, count - 1 - math.floor(math.log10(rounded)))}f}"


def percent(probability: float) -> str:
    """
    Print a probability to one significant figure, two above 10 %.

    What is not certain never prints as 0 or 100 %.

    >>> percent(0.347), percent(0.0347), percent(0.0), percent(0.999)
    ('35 %', '3 %', '0 %', 'over 99 %')
    """
    if probability <= 0.0:
        return "0 %"
    if probability >= 1.0:
        return "100 %"
    if probability < LEAST_SHOWN:
        return "under 0.01 %"
    if probability > 0.99:
        return "over 99 %"
    return f"{_figures(probability * 100, 2 if probability > TWO_FIGURES_ABOVE else 1)} %"


def share(part: float) -> str:
    """Print a share of the input as whole percent."""
    return f"{round(part * 100)} %"


def _persons(value: float, maximum: float) -> str:
    if value <= 0.0:
        return "0"
    if value / maximum < LEAST_SHOWN:
        return f"under {_figures(LEAST_SHOWN * maximum, 1)}"
    return _figures(value, 2 if value / maximum > TWO_FIGURES_ABOVE else 1)


def _bare(value: float, scale: Scale) -> str:
    return _persons(value, scale.maximum) if scale.counts_persons else percent(value)


def level(q: Quantiles, scale: Scale) -> str:
    """
    Print a probability, or a number of persons out of the goal's maximum, with p10-p90 and the unverified share.

    Above half unverified a word stands instead. A missing median prints as *unknown*.

    >>> level(Quantiles(0.2, 0.34, 0.51), Scale("probability", 1.0, 0.3))
    '34 % (20-51 %; 30 % unverified)'
    >>> level(Quantiles(0.2, 0.34, 0.51), Scale("probability", 1.0, 0.6))
    'below even (60 % unverified)'
    """
    tail = f"{share(scale.unverified)} unverified" if scale.unverified > 0 else ""
    if q.p50 is None:
        return UNKNOWN
    if scale.counts_persons and scale.maximum <= NOBODY:
        return "nobody is counted"
    of = f" of {scale.maximum:g}" if scale.counts_persons else ""
    if scale.in_words:
        words = PERSONS_WORDS if scale.counts_persons else PROBABILITY_WORDS
        return f"{_word(q.p50 / scale.maximum, words)}{of} ({tail})"
    low = _bare(q.p10 or 0.0, scale)
    high = _bare(q.p90, scale) if q.p90 is not None else UNKNOWN
    if low.endswith(" %") and high.endswith(" %"):
        low = low.removesuffix(" %")
    inner = "; ".join(part for part in (f"{low}-{high}" if q.p10 != q.p90 else "", tail) if part)
    return f"{_bare(q.p50, scale)}{of}" + (f" ({inner})" if inner else "")


def gain(value: float | None, scale: Scale) -> str:
    """
    Print by how much something lifts the value: in percentage points, in persons, or in a word.

    >>> gain(0.12, Scale("probability", 1.0, 0.1)), gain(0.001, Scale("probability", 1.0, 0.1))
    ('+12 pts', 'none')
    """
    if value is None:
        return UNKNOWN
    part = value / scale.maximum
    if part < NOTHING_BELOW:
        return "none"
    if scale.in_words:
        return _word(part, GAIN_WORDS)
    if scale.counts_persons:
        return f"+{_persons(value, scale.maximum)}"
    return f"+{_figures(part * 100, 2 if part > TWO_FIGURES_ABOVE else 1)} pts"


def clock(at: datetime | None, *, near: datetime | None = None) -> str:
    """
    Print an instant in UTC to the minute, with a Z; the date only where it differs from that of *near*.

    >>> from datetime import UTC
    >>> clock(datetime(2031, 5, 2, 17, 4, tzinfo=UTC))
    '2 May 17:04Z'
    """
    if at is None:
        return NEVER
    rounded = at + timedelta(seconds=30)
    day = "" if near is not None and rounded.date() == near.date() else f"{rounded.day} {rounded:%b} "
    return f"{day}{rounded:%H:%M}Z"


def since(incident: datetime, at: datetime | None) -> str:
    """
    Print the time from the incident as T+hours; the empty string for *never*.

    >>> from datetime import UTC
    >>> since(datetime(2031, 5, 2, 10, tzinfo=UTC), datetime(2031, 5, 2, 17, 6, tzinfo=UTC))
    'T+7.1 h'
    """
    return "" if at is None else f"T{hours_between(incident, at):+.1f} h"


def moment(incident: datetime, at: datetime | None) -> str:
    """Print an instant as UTC and as time from the incident."""
    return NEVER if at is None else f"{clock(at, near=incident)} {since(incident, at)}"


def arrival(incident: datetime, q: InstantQuantiles | None) -> str:
    """
    Print an uncertain instant: the median, then p10 to p90.

    A quantile that is missing means that it never comes in that share of the draws, and is printed so.
    """
    if q is None or (q.p10 is None and q.p50 is None):
        return NEVER
    if q.p50 is None:
        return f"{NEVER} in half the draws (p10 {moment(incident, q.p10)})"
    if q.p10 == q.p90:
        return moment(incident, q.p50)
    span = f"{clock(q.p10, near=q.p50)}-{clock(q.p90, near=q.p50)}"
    return f"{moment(incident, q.p50)} ({span})"


def brief(incident: datetime, q: InstantQuantiles | None) -> str:
    """
    Print an uncertain instant in a table: UTC without the date, which T+ makes plain.

    >>> from datetime import UTC
    >>> at = datetime(2031, 5, 2, 17, tzinfo=UTC)
    >>> brief(datetime(2031, 5, 2, 10, tzinfo=UTC), InstantQuantiles(at, at, None))
    '17:00Z T+7.0 (17:00-never)'
    """
    if q is None or (q.p10 is None and q.p50 is None):
        return NEVER
    low, high = (at if at is None else _day_time(at) for at in (q.p10, q.p90))
    if q.p50 is None:
        return f"{NEVER} in half (p10 {low}Z)"
    said = f"{_day_time(q.p50)}Z {since(incident, q.p50).removesuffix(' h')}"
    return said if q.p10 == q.p90 else f"{said} ({low}-{high or NEVER})"


def _day_time(at: datetime) -> str:
    return f"{at + timedelta(seconds=30):%H:%M}"


def hours(value: float | None) -> str:
    """
    Print hours, as minutes below one hour.

    >>> hours(0.4), hours(2.333), hours(31.2), hours(None)
    ('24 min', '2.3 h', '31 h', 'never')
    """
    if value is None:
        return NEVER
    if abs(value) < 0.995:
        return f"{round(value * 60)} min"
    return f"{value:.1f} h" if abs(value) < 10 else f"{value:.0f} h"


def spread_hours(q: Quantiles) -> str:
    """Print uncertain hours: the median, then p10 to p90."""
    if q.p50 is None:
        return NEVER
    if q.p10 == q.p90:
        return hours(q.p50)
    return f"{hours(q.p50)} ({hours(q.p10)}-{hours(q.p90)})"


def area(km2: float) -> str:
    """
    Print an area to three figures.

    >>> area(61.4), area(14965.2), area(float("inf"))
    ('61.4 km2', '15,000 km2', 'more than the map')
    """
    if not math.isfinite(km2):
        return "more than the map"
    if km2 <= 0.0:
        return "0 km2"
    places = 2 - math.floor(math.log10(km2))
    return f"{round(km2, places):,.{max(0, places)}f} km2"


def mark(text: str, *, verified: bool) -> str:
    """Put the sign of an unverified figure behind it."""
    return text if verified else f"{text}?"


GOALS = {
    "survivors": "survivors expected",
    "found": "probability of having found them",
    "reached": "probability of having reached them",
}
"""What each goal counts, in words."""


def goal_words(goal: str) -> str:
    """What the goal counts; an unknown goal prints as it is named."""
    return GOALS.get(goal, goal)
