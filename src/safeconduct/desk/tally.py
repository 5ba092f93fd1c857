"""The calibration over all stages, and the test of what is found in ruins."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from safeconduct.assessment.foundalive import FAVOURS, fit, predicted
from safeconduct.assessment.tallies import binomial_range, share_range
from safeconduct.formats.comparison import (
    Calibration,
    CaseCompared,
    Compared,
    DayFound,
    FoundAlive,
    Readings,
    Tally,
)
from safeconduct.formats.foundalive import Counts, shipped_counts
from safeconduct.formats.validation import STAGES
from safeconduct.model.sources import Source

ALL = "all"
INSIDE, INSIDE_HALF = 0.8, 0.5


def calibration(cases: Iterable[CaseCompared]) -> Calibration | None:
    """All stages of *cases* by kind; None where there are none."""
    rows = [row for case in cases for row in case.rows if row.stage is not None]
    told = [row for row in rows if row.predicted is not None]
    if not told:
        return None
    kinds = [kind for kind in STAGES if any(r.stage and r.stage.kind == kind for r in told)]
    tallies = [_tally(kind, [r for r in told if r.stage and r.stage.kind == kind]) for kind in kinds]
    tallies.append(_tally(ALL, told))
    count, hits = tallies[-1].count, tallies[-1].inside
    return Calibration(
        tuple(tallies),
        len(rows) - len(told),
        share_range(hits, count),
        binomial_range(count, INSIDE),
        binomial_range(count, INSIDE_HALF),
    )


def _tally(kind: str, rows: Sequence[Compared]) -> Tally:
    pairs = [(row.predicted or 0.0, row.reported) for row in rows]
    logs = [math.log(p / r) for p, r in pairs if p > 0.0 and r > 0.0]
    return Tally(
        kind,
        len(rows),
        sum(bool(row.inside) for row in rows),
        sum(bool(row.stage and row.stage.inside_half) for row in rows),
        math.fsum(p - r for p, r in pairs) / len(pairs),
        math.exp(math.fsum(logs) / len(logs)) if len(logs) == len(pairs) else None,
    )


def found_alive() -> tuple[FoundAlive, ...]:
    """The shipped counts, each day predicted from the others, and what several readings make of the same counts."""
    return tuple(_found(counts) for counts in shipped_counts())


def _found(counts: Counts) -> FoundAlive:
    until = [day.until_h for day in counts.days]
    alive, out = [day.alive for day in counts.days], [day.out for day in counts.days]
    days = []
    for index, day in enumerate(counts.days):
        left_out = predicted(fit(until, alive, out, leave=index), until, out)[index]
        days.append(DayFound(day.until_h, day.alive, day.out, *share_range(day.alive, day.out), left_out))
    readings = []
    for favour in FAVOURS:
        found = fit(until, alive, out, favour=favour)
        shares = predicted(found, until, out)
        misfit = max(abs(share - a / n) for share, a, n in zip(shares, alive, out, strict=True))
        readings.append(Readings(favour, found.survives(until), misfit))
    sources = tuple(Source(name, name) for name in counts.cite.sources)
    return FoundAlive(counts.title, tuple(days), tuple(readings), counts.cite.grade, sources, counts.cite.note)
