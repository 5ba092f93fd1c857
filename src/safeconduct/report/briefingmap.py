"""The small map of a briefing sheet: sector, track, where the probability lies, who else is near. Drawn as SVG."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from safeconduct.report.markup import text
from safeconduct.search.assignments import Assignment
from safeconduct.search.grid import Array, SearchGrid
from safeconduct.search.planned import Planned

WIDE, TALL = 360.0, 300.0
"""Of the drawing, in its own units."""

SHADES = 5
MOST_CELLS = 6000
_STEPS_KM = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)


def drawing(planned: Planned, each: Assignment, others: Sequence[Assignment]) -> str:
    """
    Draw one sector, north up. Lines of what is not cleared are broken; its track is not drawn.

    Args:
        others: All assignments of the plan; those at the same time are outlined.
    """
    grid = planned.plan.map.grid
    corners = np.array(each.sector.corners_km[:4])
    low, high = corners.min(axis=0), corners.max(axis=0)
    room = max([t.pattern.beyond_km for t in each.tasks], default=0.0)
    margin = max(0.12 * float((high - low).max()), 1.1 * room)
    view = _View(low - margin, high + margin)
    parts = [
        f'<svg viewBox="0 0 {WIDE:g} {TALL:g}" role="img" aria-label="Sector {text(each.sector.id)}">',
        f'<rect width="{WIDE:g}" height="{TALL:g}" fill="#fff"/>',
        *_cells(planned, view),
        *_neighbours(each, others, view),
        view.path(np.vstack([corners, corners[:1]]), "sector" if each.flyable else "sector broken"),
        *(_tracks(each, grid, view) if each.flyable else ()),
        *_frame(view),
        "</svg>",
    ]
    return "".join(parts)


class _View:
    """From kilometres on the map's plane to the drawing, one scale in both directions."""

    def __init__(self, low: Array, high: Array) -> None:
        span = high - low
        self.scale = min(WIDE / float(span[0]), TALL / float(span[1]))
        self.middle = (low + high) / 2.0
        half = np.array([WIDE, TALL]) / (2.0 * self.scale)
        self.low, self.high = self.middle - half, self.middle + half

    def place(self, points: Array) -> Array:
        """Points of the plane, shape (n, 2), in the drawing."""
        flat = (points - self.middle) * self.scale
        return np.column_stack([WIDE / 2.0 + flat[:, 0], TALL / 2.0 - flat[:, 1]])

    def path(self, points: Array, kind: str) -> str:
        """A line."""
        drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in self.place(points))
        return f'<polyline points="{drawn}" class="{kind}"/>'


def _cells(planned: Planned, view: _View) -> Iterator[str]:
    chart = planned.plan.map
    grid, half = chart.grid, chart.grid.cell_km / 2.0
    seen = (
        (grid.x_km > view.low[0] - half)
        & (grid.x_km < view.high[0] + half)
        & (grid.y_km > view.low[1] - half)
        & (grid.y_km < view.high[1] + half)
    )
    chosen = np.flatnonzero(seen)
    if chosen.size == 0 or chosen.size > MOST_CELLS:
        return
    low, top = float(chart.poa[chosen].min()), float(chart.poa[chosen].max())
    if top <= 0.0:
        return
    size = grid.cell_km * view.scale
    corner = view.place(np.column_stack([grid.x_km[chosen] - half, grid.y_km[chosen] + half]))
    level = 1 + np.minimum(SHADES - 1, (SHADES * (chart.poa[chosen] - low) / max(top - low, 0.25 * top)).astype(int))
    for (x, y), shade in zip(corner, level, strict=True):
        yield (
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{size + 0.1:.1f}" height="{size + 0.1:.1f}" class="p{int(shade)}"/>'
        )


def _neighbours(each: Assignment, others: Sequence[Assignment], view: _View) -> Iterator[str]:
    for other in others:
        same = other.sector.start < each.sector.end and each.sector.start < other.sector.end
        if other is each or not same:
            continue
        ring = np.array(other.sector.corners_km)
        if (ring.max(axis=0) < view.low).any() or (ring.min(axis=0) > view.high).any():
            continue
        yield view.path(ring, "other")
        x, y = view.place(np.clip(ring[3:4], view.low, view.high))[0]
        yield f'<text x="{max(x, 2.0) + 2:.1f}" y="{max(y, 2.0) + 9:.1f}" class="soft">{text(other.sector.id)}</text>'


def _tracks(each: Assignment, grid: SearchGrid, view: _View) -> Iterator[str]:
    for task in each.tasks:
        places = np.array(task.track)
        line = np.column_stack(grid.plane(places[:, 0], places[:, 1]))
        if len(each.tasks) > 1:
            lane = np.array([*task.ring, task.ring[0]])
            yield view.path(np.column_stack(grid.plane(lane[:, 0], lane[:, 1])), "lane")
        yield view.path(line, "track")
        x, y = view.place(line[:1])[0]
        said = "CSP" if len(each.tasks) == 1 else str(task.unit)
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.6"/><text x="{x + 4:.1f}" y="{y - 3:.1f}">{said}</text>'


def _frame(view: _View) -> Iterator[str]:
    most = WIDE / view.scale / 3.0
    step = max((s for s in _STEPS_KM if s <= most), default=_STEPS_KM[0])
    long = step * view.scale
    label = f"{step:g} km" if step >= 1.0 else f"{step * 1000:.0f} m"
    yield (
        f'<g class="scale"><path d="M8 {TALL - 8:g} h{long:.1f}"/><text x="8" y="{TALL - 12:g}">{label}</text>'
        f'<path d="M{WIDE - 14:g} 26 v-16 m-4 5 l4 -5 l4 5"/><text x="{WIDE - 18:g}" y="37">N</text></g>'
    )
    yield f'<rect x="0.5" y="0.5" width="{WIDE - 1:g}" height="{TALL - 1:g}" class="edge"/>'
