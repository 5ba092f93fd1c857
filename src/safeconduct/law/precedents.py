"""Cases like this one, each with the reasons why it is like it, and how often things went which way."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from safeconduct.law.leadtimes import quantiles_h
from safeconduct.model.precedents import Precedent

WEIGHTS = {"pair": 3.0, "affected": 2.0, "provider": 1.5, "emergency": 2.0, "aid": 1.0, "initiative": 0.5}
"""
What each likeness counts. Our choice, fixed before any comparison; no study stands behind it.

``pair`` is the same affected state with the same provider and takes the place of ``affected`` and ``provider``;
``aid`` is the shared part of the kinds of help.
"""

LEVEL = 0.9
"""Share of the intervals: the true rate lies inside in about nine of ten such samples."""

_Z90 = 1.6448536269514722
"""Normal quantile at 95 %, for a two-sided interval of 90 %."""


@dataclass(frozen=True, slots=True)
class Sought:
    """
    What a case is compared by.

    Args:
        aid: Kinds of help, empty where nothing is said.

        initiative: Empty where not known.
    """

    affected: str
    providers: tuple[str, ...]
    emergency: str
    aid: tuple[str, ...] = ()
    initiative: str = ""


@dataclass(frozen=True, slots=True)
class Likeness:
    """
    A precedent and how like it is.

    Args:
        score: From 0 to 1, the share of the greatest possible weight.

        reasons: What they have in common, the weightiest first.
    """

    precedent: Precedent
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rate:
    """
    How often something happened among so many.

    Args:
        low: Lower end of the Wilson interval at `LEVEL`.

        high: Upper end.

        numbers: Numbers of the precedents in which it did.

        among: What is counted.
    """

    says: str
    among: str
    count: int
    total: int
    low: float
    high: float
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Lag:
    """Days of something, by the recipe of the lead times (`safeconduct.law.leadtimes`)."""

    says: str
    p10_days: float
    p50_days: float
    p90_days: float
    cases: int
    numbers: tuple[int, ...]


def like(sought: Sought, precedents: Sequence[Precedent]) -> tuple[Likeness, ...]:
    """Every precedent with something in common, the likest first, then by number."""
    found = [_likeness(sought, each) for each in precedents]
    return tuple(sorted((each for each in found if each.score > 0), key=lambda e: (-e.score, e.precedent.number)))


def _likeness(sought: Sought, each: Precedent) -> Likeness:
    told: list[tuple[float, str]] = []
    shared = sorted(set(sought.providers) & set(each.providers))
    if sought.affected == each.affected and shared:
        told.append((WEIGHTS["pair"], f"the same two: {', '.join(shared)} to {each.affected}"))
    elif sought.affected == each.affected:
        told.append((WEIGHTS["affected"], f"the same affected state, {each.affected}"))
    elif shared:
        told.append((WEIGHTS["provider"], f"the same provider, {', '.join(shared)}"))
    if sought.emergency == each.emergency:
        told.append((WEIGHTS["emergency"], f"the same kind of emergency, {each.emergency}"))
    aid = sorted(set(sought.aid) & set(each.aid))
    if aid:
        union = len(set(sought.aid) | set(each.aid))
        told.append((WEIGHTS["aid"] * len(aid) / union, f"the same help: {', '.join(aid)}"))
    if sought.initiative and sought.initiative == each.initiative:
        told.append((WEIGHTS["initiative"], f"{each.initiative} likewise"))
    most = WEIGHTS["pair"] + WEIGHTS["emergency"] + WEIGHTS["aid"] + WEIGHTS["initiative"]
    told.sort(key=lambda pair: (-pair[0], pair[1]))
    return Likeness(each, math.fsum(weight for weight, _ in told) / most, tuple(text for _, text in told))


def wilson(count: int, total: int) -> tuple[float, float]:
    """
    Wilson's score interval for a share, at `LEVEL`; (0, 1) for an empty sample.

    Chosen for small numbers: it never leaves [0, 1] and is no point at 0 or *total* (Wilson 1927; Brown, Cai and
    DasGupta 2001).
    """
    if total == 0:
        return 0.0, 1.0
    share, square = count / total, _Z90 * _Z90
    middle = (share + square / (2 * total)) / (1 + square / total)
    reach = _Z90 / (1 + square / total) * math.sqrt(share * (1 - share) / total + square / (4 * total * total))
    return max(0.0, middle - reach), min(1.0, middle + reach)


_Sort = Callable[[Precedent], bool]

_RATES: tuple[tuple[str, str, _Sort, _Sort], ...] = (
    ("taken in the end, in whole or part", "all cases", lambda p: p.taken, lambda _: True),
    (
        "refused at first, then taken at least in part",
        "cases refused at first",
        lambda p: p.taken,
        lambda p: p.first_answer == "refused",
    ),
    (
        "a route, channel or part refused while the rest was taken",
        "cases taken in whole or part",
        lambda p: bool(p.part_refused),
        lambda p: p.taken,
    ),
    (
        "whether there was a request is itself disputed",
        "all cases",
        lambda p: p.initiative == "disputed",
        lambda _: True,
    ),
    (
        "went through a third party",
        "cases taken in whole or part",
        lambda p: bool(set(p.mechanism) & {"protecting-power", "un", "red-cross", "third-state", "ngo"}),
        lambda p: p.taken,
    ),
    (
        "first arrival within two days of the event",
        "cases taken, with a known day",
        lambda p: p.days is not None and p.days[1] <= 2,
        lambda p: p.taken and p.days is not None,
    ),
    ("a new sanctions licence was issued", "all cases", lambda p: bool(p.licence), lambda _: True),
)


def rates(precedents: Sequence[Precedent]) -> tuple[Rate, ...]:
    """Base rates over the cases given; how they were gathered makes them no random sample, and the page says so."""
    out = []
    for says, among, happened, counted in _RATES:
        whole = [each for each in precedents if counted(each)]
        part = [each for each in whole if happened(each)]
        numbers = tuple(sorted(each.number for each in part))
        out.append(Rate(says, among, len(part), len(whole), *wilson(len(part), len(whole)), numbers))
    return tuple(out)


def lags(precedents: Sequence[Precedent]) -> tuple[Lag, ...]:
    """Days to a licence, to the reversal of a refusal, and to the first arrival; those without a case are left out."""
    kinds: tuple[tuple[str, Callable[[Precedent], tuple[float, float] | None]], ...] = (
        ("from the event to a general licence", lambda p: p.lag_days),
        ("from the event to a yes after a refusal", lambda p: p.reversed_after_days),
        ("from the event to the first arrival", lambda p: p.days),
    )
    out = []
    for says, of in kinds:
        members = [(each.number, sum(span) / 2) for each in precedents if (span := of(each)) is not None]
        days = [max(middle, _LEAST_DAYS) for _, middle in members]
        if days:
            low, middle, high = quantiles_h(days)
            out.append(Lag(says, low, middle, high, len(days), tuple(sorted(number for number, _ in members))))
    return tuple(out)


_LEAST_DAYS = 0.25
"""A case of the same day counts as a quarter of one: the recipe asks for positive numbers."""
