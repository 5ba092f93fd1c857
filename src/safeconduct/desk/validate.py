"""Hold the program against the record: each figure predicted from what was known, beside what was reported."""

from __future__ import annotations

from difflib import get_close_matches

from safeconduct.assessment.draws import Draws
from safeconduct.desk.cases import load_case
from safeconduct.desk.causes import causes, permissions, worth
from safeconduct.desk.rows import made_of
from safeconduct.desk.tally import calibration, found_alive
from safeconduct.desk.views import Views
from safeconduct.formats.catalogue import catalogue
from safeconduct.formats.comparison import SCHEMA_ID, CaseCompared, Page
from safeconduct.formats.validation import Record, shipped_record, shipped_records
from safeconduct.model.case import Case
from safeconduct.model.errors import InvalidInput
from safeconduct.model.sources import Source


def validate(name: str | None = None) -> Page:
    """
    Compare the shipped cases, or one of them, with what was reported.

    Args:
        name: A shipped case that has a record; None takes all, sorted.

    Raises:
        InvalidInput: There is no such case, or it has no record.
        Corrupt: A packaged record is not what was written.
    """
    names = tuple(shipped_records())
    if name is not None and name not in names:
        near = get_close_matches(name, names, n=1)
        hint = f" (did you mean {near[0]}?)" if near else ""
        raise InvalidInput("no record to compare with", where=name, expected=f"one of {', '.join(names)}{hint}")
    chosen = names if name is None else (name,)
    command = "safeconduct validate" + ("" if name is None else f" {name}")
    cases = tuple(compare(load_case(each), shipped_record(each)) for each in chosen)
    return Page(SCHEMA_ID, command, cases, calibration(cases), found_alive() if name is None else ())


def compare(case: Case, record: Record) -> CaseCompared:
    """
    All rows of *record*, computed from *case*; the limiting causes; what an early permission would have been worth.

    Raises:
        InvalidInput: A row names a place, way or event that the case does not have.
    """
    views = Views(case, record)
    rows = tuple(made for row in record.rows for made in made_of(views, row))
    compared = causes(views)
    used = {name for row in rows for name in (*row.sources, *(s for c in row.classes for s in c.sources))}
    used |= {name for cause in compared for name in cause.sources}
    titles = {**catalogue().sources, **{s.id: s for s in case.sources}}
    sources = tuple(Source(name, titles[name].title) for name in sorted(used & set(titles)))
    return CaseCompared(
        case.id,
        case.title,
        case.incident_at,
        case.seed,
        Draws(case.seed).draws,
        rows,
        sources,
        views.predict_at,
        compared,
        permissions(views),
        worth(views),
    )
