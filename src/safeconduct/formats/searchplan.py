"""A search plan as JSON: every number with its unit in its name, the map as cells that hold probability."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from safeconduct.model.instants import iso
from safeconduct.model.sources import Spread
from safeconduct.search.outline import rings_of
from safeconduct.search.plan import Resource, Sector
from safeconduct.search.planned import Planned
from safeconduct.search.score import Level, Score, Scored, Scores, calibration

SCHEMA = "safeconduct/search-plan/1"
SHARES = (0.5, 0.9)
CELLS_SHOWN = 2000
"""Cells of the map in the document, the likeliest first; `--map` of the exports has them all."""

Json = dict[str, Any]


def to_json(planned: Planned) -> Json:
    """The plan as a JSON document; what is infinite is null."""
    plan, book = planned.plan, planned.book
    return {
        "schema": SCHEMA,
        "case": planned.case.id,
        "kind": planned.case.kind,
        "as_of": iso(plan.at),
        "what_if": list(planned.what_if),
        "never": plan.never,
        "standard": planned.options.standard,
        "map": _map(planned),
        "evidence": _evidence(planned),
        "at_odds": [{"reports": [a.first, a.second], "ratio": a.ratio} for a in planned.at_odds],
        "accounts": [{"id": a.id, "says": a.says, "before": a.before, "after": a.after} for a in book.accounts],
        "flown": [
            {
                "id": f.id,
                "resource": f.resource,
                "from": iso(f.start),
                "until": iso(f.end),
                "coverage": f.coverage,
                "area_km2": f.area_km2,
                "says": f.says,
                "warnings": list(f.warnings),
            }
            for f in planned.flown
        ],
        "resources": [_resource(r) for r in plan.crews.resources],
        "not_in_plan": [{"id": name, "why": why} for name, why in plan.crews.idle],
        "sectors": [_sector(s, plan.resource(s.resource)) for s in plan.sectors],
        "worth": {"says": plan.worth_says, "by_slice": list(plan.worth)},
        "found_by": [
            {"by": iso(at), "low": low, "middle": middle, "high": high}
            for at, (low, middle, high) in zip(plan.crews.slices[1:], plan.found, strict=False)
        ],
        "objective": {"sectors": plan.value, "bound": plan.bound, "gap": plan.gap},
        "unverified_share": planned.unverified_share,
        "limits": list(planned.limits),
        "unknown": list(planned.unknown),
    }


def _map(planned: Planned) -> Json:
    chart, grid = planned.plan.map, planned.plan.map.grid
    order = np.argsort(-chart.poa, kind="stable")[:CELLS_SHOWN]
    return {
        "cell_km": grid.cell_km,
        "columns": grid.columns,
        "rows": grid.rows,
        "cells_total": grid.size,
        "outside": chart.outside,
        "best": list(chart.best),
        "containment": [
            {
                "share": share,
                "area_km2": finite(chart.area_km2(share)),
                "outline": [[list(p) for p in ring] for ring in rings_of(grid, chart.inside(share))],
            }
            for share in SHARES
        ],
        "likeliest_cells": [
            {"lon": float(grid.lon_deg[c]), "lat": float(grid.lat_deg[c]), "poa": float(chart.poa[c])} for c in order
        ],
    }


def _evidence(planned: Planned) -> list[Json]:
    out = []
    for piece, worth in zip(planned.book.pieces, planned.worths, strict=True):
        report = piece.report
        out.append(
            {
                "id": report.id,
                "what": report.what,
                "status": piece.status,
                "grade": f"{report.reliability}{report.credibility}",
                "weight": worth.weight,
                "true_now": worth.true_now,
                "bits": worth.bits,
                "settle_bits": worth.settle_bits,
                "moves": worth.moves,
                "drop_moves": worth.drop_moves,
                "verified": report.cite.verified,
                "sources": list(report.cite.sources),
                "unknown": list(piece.likelihood.unknown) if piece.likelihood else [],
            }
        )
    return out


def _resource(resource: Resource) -> Json:
    sensor = resource.sensor
    return {
        "id": resource.id,
        "name": resource.name,
        "kind": resource.kind,
        "provider": resource.provider,
        "count": resource.count,
        "cleared": resource.cleared,
        "missing": list(resource.missing),
        "mark": resource.mark,
        "on_scene": {
            "p10": None if resource.arrival[0] is None else iso(resource.arrival[0]),
            "p50": None if resource.on_scene is None else iso(resource.on_scene),
            "p90": None if resource.arrival[1] is None else iso(resource.arrival[1]),
        },
        "sweep_width_km": _spread(sensor.width_km),
        "search_speed_kmh": sensor.speed_kmh,
        "sensor": sensor.says,
        "verified": sensor.verified,
        "risk": {"level": resource.risk[0], "why": list(resource.risk[1:])},
        "unknown": list(resource.unknown),
    }


def _spread(spread: Spread) -> Json:
    return {"p10": spread.p10, "p50": spread.p50, "p90": spread.p90, "sources": list(spread.cite.sources)}


def _sector(sector: Sector, resource: Resource) -> Json:
    return {
        "id": sector.id,
        "resource": sector.resource,
        "number": sector.number,
        "from": iso(sector.start),
        "until": iso(sector.end),
        "ring": [list(point) for point in sector.ring],
        "length_km": sector.length_km,
        "width_km": sector.width_km,
        "bearing_deg": sector.bearing_deg,
        "area_km2": sector.area_km2,
        "working_hours": sector.hours,
        "units": sector.units,
        "spacing_km": finite(sector.spacing_km),
        "coverage": sector.coverage,
        "pod": {"exponential": sector.pod[0], "inverse_cube": sector.pod[1]},
        "poa": sector.poa,
        "pos": sector.pos,
        "why": [{"report": name, "times": times} for name, times in sector.why],
        "mark": resource.mark,
    }


def finite(number: float) -> float | None:
    """The number, or null where it is not finite."""
    return number if math.isfinite(number) else None


def scored_json(scores: Scores) -> Json:
    """All maps of a case against its find."""
    return {
        "schema": "safeconduct/search-score/1",
        "case": scores.case,
        "found": list(scores.found),
        "hourly": [_scored(each) for each in scores.hourly],
        "contested": [_scored(each) for each in scores.contested],
        "announced": [
            {"id": a.id, "what": a.what, "at": iso(a.at), "area_km2": [a.least_km2, a.most_km2]}
            for a in scores.announced
        ],
        "calibration": [level_json(each) for each in calibration([s.score.containment for s in scores.hourly])],
    }


def _scored(scored: Scored) -> Json:
    return {
        "at": iso(scored.at),
        "stance": scored.stance,
        "reports": scored.reports,
        **score_json(scored.score),
        "half_km2": finite(scored.half_km2),
        "nine_tenths_km2": finite(scored.nine_tenths_km2),
        "outside": scored.outside,
        "map_km2": scored.map_km2,
        "area_to_find_range_km2": [finite(each) for each in scored.area_range_km2],
    }


def score_json(score: Score) -> Json:
    """A score; what is infinite is null."""
    return {
        "on_map": score.on_map,
        "r": score.r,
        "area_to_find_km2": finite(score.area_km2),
        "containment": score.containment,
        "log_density": finite(score.log_density),
        "bits": finite(score.bits),
    }


def level_json(level: Level) -> Json:
    """One row of a calibration."""
    return {"share": level.share, "held": level.held, "finds": level.finds}
