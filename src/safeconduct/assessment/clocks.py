"""
When the weather and the light let a resource arrive and search.

Time runs in hours since the incident on a grid of ten minutes. There are a few weather histories; each chooses one of
the conflicting reports of a time and one end of a window whose end is not known. A clock counts the hours in which a
resource can work.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from safeconduct.assessment.draws import Array, Draws, at_quantile, rank
from safeconduct.model.assets import AssetType
from safeconduct.model.case import WeatherWindow
from safeconduct.model.instants import Instant, hours_between

STEP_H = 1.0 / 6.0
CLEAR_VISIBILITY_M = 10_000.0
IDLE = 1e-7
"""Rate of a clock that stands still: keeps it invertible, and is too slow to matter in a year."""


@dataclass(frozen=True, slots=True)
class Sky:
    """
    Weather and light at one place.

    Args:
        visibility_m: Shape (histories, steps); inf where no window says anything.

        cloud_base_m: Shape (histories, steps); inf where none is reported.

        ground_hidden: Shape (histories, steps).

        icing: Shape (histories, steps).

        day: Shape (steps,): sun above the horizon or civil twilight.

        told: Shape (histories, steps): whether any window speaks of that time.

        shut: By asset kind, shape (histories, steps): reported as unable to work there then; absent is never.
    """

    visibility_m: Array
    cloud_base_m: Array
    ground_hidden: NDArray[np.bool_]
    icing: NDArray[np.bool_]
    day: NDArray[np.bool_]
    told: NDArray[np.bool_]
    shut: Mapping[str, NDArray[np.bool_]] = field(default_factory=dict)

    @property
    def steps(self) -> int:
        """Number of grid steps."""
        return int(self.day.size)


def steps_for(horizon_h: float) -> int:
    """Grid steps that cover *horizon_h*."""
    return int(np.ceil(horizon_h / STEP_H)) + 1


def sky(windows: tuple[WeatherWindow, ...], incident: Instant, at: float, day: NDArray[np.bool_], draws: Draws) -> Sky:
    """
    Lay the windows of one place over the grid, later reports over earlier ones.

    Args:
        windows: Of one place, in any order; only what is known.

        at: Hours of the assessment: a window whose end is not known has not ended by then, or it would be known.

        day: Shape (steps,): whether there is light.
    """
    steps, shape = day.size, (draws.skies, day.size)
    hours = np.arange(steps) * STEP_H
    visibility, base = np.full(shape, np.inf), np.full(shape, np.inf)
    hidden, icing, told = (np.zeros(shape, dtype=np.bool_) for _ in range(3))
    picked = chosen(windows, draws)
    shut = {kind: np.zeros(shape, dtype=np.bool_) for w in windows for kind in w.shuts}
    for window in sorted(windows, key=lambda w: (w.known_at, w.start, w.id)):
        start = hours_between(incident, window.start)
        end = ends(window, incident, at, draws.sky_uniform(f"end:{window.id}"))
        covers = (hours[None, :] >= start) & (hours[None, :] < end[:, None]) & picked[window.id][:, None]
        visibility[covers] = np.inf if window.visibility_m is None else window.visibility_m
        base[covers] = np.inf if window.cloud_base_m is None else window.cloud_base_m
        hidden[covers] = window.ground_hidden
        icing[covers] = bool(window.icing)
        told |= covers
        for kind, closed in shut.items():
            closed[covers] = kind in window.shuts
    return Sky(visibility, base, hidden, icing, day, told, shut)


def clear(day: NDArray[np.bool_], draws: Draws) -> Sky:
    """A sky without weather, with the light as it is."""
    shape = (draws.skies, day.size)
    nothing = np.zeros(shape, dtype=np.bool_)
    return Sky(np.full(shape, np.inf), np.full(shape, np.inf), nothing, nothing, day, nothing)


class Rival(Protocol):
    """What may exclude others: a window of weather, a wind."""

    @property
    def id(self) -> str: ...

    @property
    def alternative(self) -> str: ...

    @property
    def weight(self) -> float: ...


def chosen(reports: Sequence[Rival], draws: Draws) -> dict[str, NDArray[np.bool_]]:
    """In which weather histories each report is so, shape (histories,); alternatives of one name exclude each other."""
    always = np.ones(draws.skies, dtype=np.bool_)
    out = {w.id: always for w in reports if not w.alternative}
    for name in sorted({w.alternative for w in reports if w.alternative}):
        rivals = sorted((w for w in reports if w.alternative == name), key=lambda w: w.id)
        edges = np.cumsum([w.weight for w in rivals]) / sum(w.weight for w in rivals)
        picked = np.searchsorted(edges, draws.sky_uniform(f"weather:{name}"), side="right")
        for index, report in enumerate(rivals):
            out[report.id] = np.minimum(picked, len(rivals) - 1) == index
    return out


def ends(window: WeatherWindow, incident: Instant, at: float, u: Array) -> Array:
    """Hours at which a window ends, at each probability *u*, given that it had not ended at *at*; inf where unknown."""
    if window.end is not None:
        return np.full(u.shape, hours_between(incident, window.end))
    if window.end_after_h is None:
        return np.full(u.shape, np.inf)
    start = hours_between(incident, window.start)
    past = min(rank(window.end_after_h, at - start), 0.999) if at > start else 0.0
    later: Array = np.maximum(start + at_quantile(window.end_after_h, past + u * (1.0 - past)), at)
    return later


@dataclass(frozen=True, slots=True)
class Clock:
    """
    Working hours of one resource in each weather history.

    Args:
        rate: Shape (histories, steps): share of each step in which it works, in [0, 1].

        counted: Shape (histories, steps + 1): hours worked by each grid time.

        following: Shape (histories, steps): first step not before each in which it works; ``steps`` where none.

        always: Whether it works at all times.

        alike: Shape (histories,): the first history with the same working hours.
    """

    rate: Array
    counted: Array
    following: NDArray[np.int64]
    always: bool
    alike: NDArray[np.int64]

    @staticmethod
    def of(rate: Array) -> Clock:
        """Build the running count."""
        worked = np.maximum(rate, IDLE) * STEP_H
        counted = np.concatenate([np.zeros((rate.shape[0], 1)), np.cumsum(worked, axis=1)], axis=1)
        steps = rate.shape[1]
        open_at = np.where(rate > 0.0, np.arange(steps), steps)
        following = np.minimum.accumulate(open_at[:, ::-1], axis=1)[:, ::-1]
        hours = [row.tobytes() for row in counted]
        alike = np.array([hours.index(each) for each in hours], dtype=np.int64)
        return Clock(rate, counted, following, bool((rate > 0.0).all()), alike)

    def opens(self, at: Array) -> Array:
        """
        First time not before *at* at which it can work.

        Args:
            at: Hours, shape (draws,) or (draws, chances); draw *d* lives in history ``d % histories``; inf stays inf.
        """
        if self.always:
            return np.where(at >= self.rate.shape[1] * STEP_H, np.inf, at)
        skies, steps = self.rate.shape
        history = np.arange(at.shape[0]) % skies
        if at.ndim > 1:
            history = history[:, None]
        finite = np.isfinite(at)
        step = np.clip(np.floor(np.where(finite, at, 0.0) / STEP_H + 1e-9).astype(np.int64), 0, steps - 1)
        first = self.following[history, step]
        never = ~finite | (first >= steps) | (at >= steps * STEP_H)
        return np.where(never, np.inf, np.where(first == step, at, np.maximum(first * STEP_H, at)))

    def finishes(self, start: Array, work_h: Array) -> Array:
        """
        When *work_h* hours of work are done that begin at *start*.

        Args:
            start: Hours, shape (draws,).

            work_h: Hours of work, shape (draws, chances), >= 0.

        Returns:
            Shape (draws, chances); inf where the grid ends first.
        """
        begun = np.isfinite(start)
        if not begun.any():
            return np.full(work_h.shape, np.inf)
        grid = np.arange(self.rate.shape[1] + 1) * STEP_H
        begins = np.where(begun, start, 0.0)
        lives_in = np.resize(self.alike, len(start))
        target, ends, most = np.empty(work_h.shape), np.empty(work_h.shape), np.empty((len(start), 1))
        for history in np.flatnonzero(self.alike == np.arange(len(self.alike))):
            rows, count = lives_in == history, self.counted[history]
            due = np.interp(begins[rows], grid, count)[:, None] + work_h[rows]
            target[rows], ends[rows], most[rows] = due, np.interp(due, count, grid), count[-1]
        never = ~begun[:, None] | (target >= most) | ~np.isfinite(target)
        return np.where(never, np.inf, np.maximum(ends, begins[:, None]))


def arrival_clock(asset_type: AssetType, site: Sky) -> Clock:
    """
    When a resource of that type may be on scene: helicopters wait for visibility, cloud base, light and icing;
    everything else can be there in any weather (whether it sees anything is another clock), unless a report says that
    its kind could not.
    """
    able = _able(asset_type, site)
    if asset_type.kind != "helicopter":
        return Clock.of(able.astype(np.float64))
    return Clock.of((_flyable(asset_type, site) & able).astype(np.float64))


def search_clock(asset_type: AssetType, site: Sky, sweep_km: float | None) -> Clock:
    """
    When, and at what share of its sweep width, a resource can search.

    Nothing is seen beyond the visibility: the sweep width is cut to twice of it. Eyes, cameras and infrared see
    nothing through cloud or fog that hides the ground (reference: parameters, section 4).
    """
    width = sweep_km or 1.0
    rate = np.minimum(1.0, 2.0 * site.visibility_m / 1000.0 / width)
    if asset_type.kind == "helicopter":
        rate = rate * _flyable(asset_type, site)
    elif asset_type.kind in ("fixed-wing", "uav", "satellite") and not asset_type.sees_through_cloud:
        rate = np.where(site.ground_hidden, 0.0, rate)
    if not asset_type.night_sensor:
        rate = np.where(site.day[None, :], rate, 0.0)
    return Clock.of(rate * _able(asset_type, site))


def _able(asset_type: AssetType, site: Sky) -> NDArray[np.bool_]:
    """Where no report says that its kind could not work there."""
    shut = site.shut.get(asset_type.kind)
    return np.ones(site.visibility_m.shape, dtype=np.bool_) if shut is None else ~shut


def _flyable(asset_type: AssetType, site: Sky) -> NDArray[np.bool_]:
    by_day = asset_type.visibility_min_m.value if asset_type.visibility_min_m else 0.0
    by_night = asset_type.visibility_min_night_m.value if asset_type.visibility_min_night_m else np.inf
    least = np.where(site.day[None, :], by_day, by_night)
    base = asset_type.ceiling_min_m.value if asset_type.ceiling_min_m else 0.0
    seen = (site.visibility_m >= least) & np.isfinite(least)
    ok: NDArray[np.bool_] = seen & (site.cloud_base_m >= base) & (~site.icing | bool(asset_type.icing_approved))
    return ok
