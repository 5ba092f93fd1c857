"""The winds of a case in the draws, and what is said of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from safeconduct.assessment.answer import Cited, Quantiles, WindTold
from safeconduct.assessment.clocks import chosen
from safeconduct.assessment.draws import Array, Draws, normal_quantile
from safeconduct.model.instants import iso
from safeconduct.model.sources import Cite
from safeconduct.model.winds import WindReport
from safeconduct.motion.hours import WIND_KMH
from safeconduct.reach.chain import Plan, PlanLeg


def leg_hours(leg: PlanLeg, name: str, winds: Sequence[WindReport], draws: Draws) -> Array:
    """
    Hours of one leg in each draw, shape (draws,).

    A wind is drawn once for all aircraft: its speed, its direction and, of alternatives, which is so in each weather
    history. A flight takes its planned hours times what it then flies through the air over what it does in the median
    winds.

    Args:
        leg: Of a plan.

        name: Of the stream that the rest of its hours is drawn from.

        winds: All of the case: of some alternatives the leg may meet one alone.

        draws: The source of draws.
    """
    hours = draws.of(leg.hours, name)
    if leg.blown is None or not leg.blown.reports:
        return hours
    so, histories = chosen(tuple(winds), draws), np.arange(draws.draws) % draws.skies
    blowing = {}
    for report in leg.blown.reports:
        turned = report.from_sigma_deg * normal_quantile(draws.uniform(f"wind-from:{report.id}"))
        speed_kmh = np.where(so[report.id][histories], draws.of(report.speed_kmh, f"wind:{report.id}"), np.nan)
        blowing[report.id] = (speed_kmh, report.from_deg + turned)
    drawn: Array = hours * leg.blown.drawn_km(blowing, draws.draws) / leg.blown.air_km
    return drawn


def told(winds: Sequence[WindReport]) -> tuple[WindTold, ...]:
    """The winds of the case as the answer shows them."""
    sums: dict[str, float] = {}
    for wind in winds:
        sums[wind.alternative] = sums.get(wind.alternative, 0.0) + wind.weight
    return tuple(
        WindTold(
            id=wind.id,
            start=wind.start,
            end=wind.end,
            from_deg=wind.from_deg,
            from_sigma_deg=wind.from_sigma_deg,
            speed_kmh=Quantiles(wind.speed_kmh.p10, wind.speed_kmh.p50, wind.speed_kmh.p90),
            height_m=wind.height_m,
            kinds=wind.kinds,
            share=wind.weight / sums[wind.alternative] if wind.alternative else 1.0,
            grade=wind.cite.grade,
            verified=wind.cite.verified,
            sources=wind.cite.sources,
            note=wind.cite.note,
        )
        for wind in winds
    )


def wind_rows(winds: Sequence[WindReport], plans: Sequence[Plan]) -> Iterator[Cited]:
    """Each wind that some flight meets, and how winds are taken; the calm that is assumed where none is given."""
    rest = "a wind of 30 kt with or against gives p10 and p90 of a flight"
    where = "wind where the case gives none" if winds else "wind on every flight"
    yield _cited(where, f"{'calm, ' if winds else ''}+-{WIND_KMH:g}", "km/h", Cite(("reach",), "assumed", rest))
    if winds:
        ours = "ours; no source. A flight that leaves later, since permissions take time, is planned in the same winds"
        hour = "recorded take-off, else mobilised from the instant of the assessment"
        yield _cited("hour at which the winds of a flight are read", hour, "", Cite((), "assumed", ours))
    met = {r.id: r for plan in plans for leg in plan.legs if leg.blown for r in leg.blown.reports}
    for report in met.values():
        speed = report.speed_kmh
        turned = f" (sd {report.from_sigma_deg:g})" if report.from_sigma_deg else ""
        value = f"from {report.from_deg:g} deg{turned}, {speed.p50:.3g} ({speed.p10:.3g}-{speed.p90:.3g})"
        yield _cited(f"wind {report.id}, {_when(report)}", value, "km/h", report.cite)


def _when(report: WindReport) -> str:
    if report.height_m is None:
        height = "height not told"
    else:
        low, high = report.height_m
        height = f"{low:g} m" if low == high else f"{low:g}-{high:g} m"
    return f"{iso(report.start)} to {iso(report.end)}, {height}"


def calm_says(name: str, leg: PlanLeg) -> Iterator[str]:
    """What is said of a flight for part of which the case gives no wind, though it gives some."""
    if leg.blown is None:
        return
    whole = sum(piece.km for piece in leg.blown.pieces)
    if whole > 0.0 and leg.blown.calm_km > 1.0:
        share = f"{100.0 * leg.blown.calm_km / whole:.0f} % of the flight from {leg.start} to {leg.end}"
        yield f"{name}: no wind is given for {share}; calm is assumed there"


def _cited(what: str, value: str, unit: str, cite: Cite) -> Cited:
    return Cited(what, value, unit, cite.grade, cite.verified, cite.sources, cite.note)
