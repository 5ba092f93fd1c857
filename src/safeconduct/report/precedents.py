"""Precedents on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from safeconduct.law.precedents import LEVEL, Lag, Likeness, Rate
from safeconduct.model.precedents import Precedent

SELECTED = (
    "The cases were picked because they are remembered, so no rate is a forecast: it says what has happened, and the "
    f"interval ({LEVEL:.0%}, Wilson) says how little so few cases can say."
)


def page_lines(
    title: str, found: Sequence[Likeness], total: int, rates: Sequence[Rate], lags: Sequence[Lag]
) -> Iterator[str]:
    """The likest cases with their reasons, then base rates over all of them."""
    yield f"Precedents like: {title} ({total} on file; how like is our own weighting)"
    for each in found:
        yield ""
        yield from precedent_lines(each.precedent)
        yield f"  like it by {each.score:.2f} of 1: {'; '.join(each.reasons)}"
    yield ""
    yield from rate_lines(rates, lags)


def precedent_lines(each: Precedent) -> Iterator[str]:
    """One case in a few lines."""
    who = ", ".join(each.providers) or "not named"
    yield f"#{each.number} {each.title} ({each.when}): {who} to {each.affected}, {', '.join(each.aid)}: {each.outcome}"
    yield f"  {each.initiative}; first answer {each.first_answer}" + (
        f", reversed {span(each.reversed_after_days)} after the event" if each.reversed_after_days else ""
    )
    if each.days:
        yield f"  first arrival {span(each.days)} after the event"
    yield f"  by: {', '.join(each.mechanism)}" + (f"; {each.route}" if each.route else "")
    if each.licence:
        yield f"  licence: {each.licence}" + (f", {span(each.lag_days)} after the event" if each.lag_days else "")
    if each.part_refused:
        yield f"  refused in part: {each.part_refused}"
    if each.reason:
        yield f"  reason given: {each.reason}"
    if each.conflict:
        yield f"  conflict or reservation: {each.conflict}"
    yield f"  sources: {'; '.join(each.cite.sources)} (grade {each.cite.grade})"


def span(days: tuple[float, float] | None) -> str:
    """Days in words."""
    if days is None:
        return "not known"
    low, high = days
    return f"{low:g} days" if low == high else f"{low:g} to {high:g} days"


def rate_lines(rates: Sequence[Rate], lags: Sequence[Lag]) -> Iterator[str]:
    """Base rates with their intervals and the numbers behind them."""
    yield "How often"
    yield f"  {SELECTED}"
    for rate in rates:
        numbers = ", ".join(f"#{number}" for number in rate.numbers)
        yield f"  {rate.says}: {rate.count} of {rate.total} {rate.among} ({rate.low:.0%} to {rate.high:.0%}): {numbers}"
    yield "How long"
    for lag in lags:
        spread = f"half by {lag.p50_days:.2g} days, {lag.p10_days:.2g} to {lag.p90_days:.2g}"
        yield f"  {lag.says}: {spread} ({lag.cases} cases: {', '.join(f'#{number}' for number in lag.numbers)})"
