"""Plan and score the search of a case: evidence, crews, sectors."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from safeconduct.assessment.draws import Draws
from safeconduct.assessment.engine import build
from safeconduct.assessment.world import World
from safeconduct.desk.assess import Changes, prepared
from safeconduct.desk.crews import Wanted, crews_of, worth_of_slices
from safeconduct.desk.tracks import swept_over
from safeconduct.earth.terrain import Terrain
from safeconduct.formats.sorties import read_sorties
from safeconduct.formats.sweepwidths import sweep_standards
from safeconduct.formats.terrain import open_terrain
from safeconduct.model.case import Case, Evidence
from safeconduct.model.errors import InvalidInput
from safeconduct.model.instants import Instant, hours_between
from safeconduct.model.known import as_known
from safeconduct.model.space import LonLat
from safeconduct.search.book import Book, Piece, grid_of, write_book
from safeconduct.search.flown import with_flown
from safeconduct.search.plan import SearchPlan, make_plan
from safeconduct.search.planned import Options, Planned
from safeconduct.search.relief import NO_TERRAIN
from safeconduct.search.score import Announced, Scored, Scores, score
from safeconduct.search.sensors import Sought
from safeconduct.search.stance import AS_GRADED, NO_PLACE, Assumed, Stance
from safeconduct.search.weigh import at_odds, weighed
from safeconduct.wiring.rooms import means

MARGIN_KM = 10.0
"""Terrain beyond the map: masts and summits that look in from outside."""


def plan_search(
    case: Case,
    *,
    at: Instant | str | None = None,
    options: Options | None = None,
    changes: Changes | None = None,
) -> Planned:
    """
    Where to look, from what is known at an hour.

    Args:
        at: As known at; None is the case's ``assess_at``.

        changes: What-ifs, as for an assessment.

    Raises:
        InvalidInput: An argument is out of its domain, nothing says where they are, the place is known, or the reports
            exclude every place.
    """
    chosen = options or Options()
    if not 1 <= chosen.hours <= 72:
        raise InvalidInput("not a length", where="--hours", expected="1 to 72", got=str(chosen.hours))
    known, question = prepared(case, at=at, changes=changes or Changes({}))
    chosen, early = _by_then(case, known, chosen)
    terrain = _terrain(known, chosen)
    book = write_book(known, stance=chosen.stance, terrain=terrain)
    sought = _sought(known, chosen)
    flown = read_sorties(chosen.sorties, book.grid, question.at, swept_over(terrain)) if chosen.sorties else ()
    book = with_flown(book, flown)
    world, _ = build(known, question.at, question.at + timedelta(hours=chosen.hours), means(), Draws(known.seed))
    crews = crews_of(world, Wanted(chosen.hours, sought, chosen.standard, chosen.hypothetical))
    worth, says = worth_of_slices(world, crews.slices)
    plan = make_plan(book, crews, worth, says, terrain=terrain)
    return Planned(
        case=known,
        options=chosen,
        book=book,
        plan=plan,
        worths=weighed(book, crews.swept_km2),
        at_odds=at_odds(book),
        flown=flown,
        what_if=question.what_if,
        unknown=_unknown(world, book, plan, terrain),
        limits=(*_limits(sought), *early),
    )


def _by_then(case: Case, known: Case, options: Options) -> tuple[Options, tuple[str, ...]]:
    """The options without stances on reports that the case holds and nobody had by then; a line for each of those."""
    here = {e.id for e in known.evidence}
    later = {e.id for e in case.evidence} - here
    old = options.stance
    kept = Stance(*(tuple(name for name in names if name not in later) for names in (old.doubt, old.drop, old.believe)))
    named = dict.fromkeys((*old.doubt, *old.drop, *old.believe))
    lines = tuple(f"{name}: not known at that hour; a stance on it changes nothing" for name in named if name in later)
    return replace(options, stance=kept), lines


def _sought(case: Case, options: Options) -> Sought:
    standards = sweep_standards()
    if options.standard not in standards:
        raise InvalidInput("no such standard", where="--standard", expected=" | ".join(standards), got=options.standard)
    name = options.object or case.search_object
    if not name:
        expected = " | ".join(standards[options.standard].objects)
        raise InvalidInput("the case does not say what to look for", where="--object", expected=expected)
    return Sought(name, options.cover or case.cover, options.height_m, options.tired)


def _terrain(case: Case, options: Options) -> Terrain | None:
    """What the user brought, over the map of the case with a margin for masts and summits beyond its edge."""
    if not options.terrain:
        return None
    grid = grid_of(case, stance=options.stance)
    width, height = grid.columns * grid.cell_km, grid.rows * grid.cell_km
    (west, south), (east, north) = (
        grid.place(grid.west_km - MARGIN_KM, grid.south_km - MARGIN_KM),
        grid.place(grid.west_km + width + MARGIN_KM, grid.south_km + height + MARGIN_KM),
    )
    if west >= east:
        raise InvalidInput(
            "terrain across the antimeridian", where="--terrain", expected="a map that keeps off it", got=case.id
        )
    return open_terrain(options.terrain, box=(west, south, east, north))


def _unknown(world: World, book: Book, plan: SearchPlan, terrain: Terrain | None) -> tuple[str, ...]:
    lines = []
    if terrain is None:
        lines.append(f"Viewshed, line of sight, contour patterns, clearance and walking times: {NO_TERRAIN}")
    else:
        low = [r.id for r in plan.crews.resources if r.sensor.height_m is None]
        lines += [f"terrain: {note}" for note in terrain.notes]
        if low:
            lines.append(f"Terrain shadow of those whose height above ground no figure gives: {', '.join(low)}")
    lines += [f"{p.report.id}: {each}" for p in book.pieces if p.likelihood for each in p.likelihood.unknown]
    lines += [f"{p.report.id}: no coordinates, so not on the map: {p.report.what}" for p in _placeless(book)]
    if not world.site.told.any():
        lines.append("Weather at the site: no report; taken as clear")
    elif not world.site.told[:, -1].all():
        lines.append("Weather after the last report: taken as clear")
    lines.append("Wind: no case holds it; no factor for it is applied")
    return tuple(lines)


def _placeless(book: Book) -> list[Piece]:
    return [p for p in book.pieces if p.status == NO_PLACE]


def _limits(sought: Sought) -> tuple[str, ...]:
    return (
        "Our assumptions: weights of the grades (A to E, 1 to 5: 1, 0.8, 0.5, 0.25, 0.1; F, 6: 0.4), 5 % off the map",
        "Our assumption: false reports fall half anywhere, half where earlier reports point",
        "Reports are taken as independent: one that repeats another counts twice; drop the copy",
        "They are taken to stay where they are",
        "Stays are planned for the median arrival, every open clearance taken as asked now",
        "Working hours are those expected over the weather histories",
        "One map of detection: cover is the same everywhere"
        + (f" ({sought.cover})" if sought.cover else " (open: the case does not say)"),
        "A find counts when it is made; reaching them takes longer",
    )


def score_search(case: Case, found: LonLat, *, at: Instant | None = None) -> Scores:
    """
    Hold the map of each hour, from what was known by then, against the place where they were found.

    Args:
        at: Only this instant; None is every hour from the first report with a place to the find, or to the last report
            where the case records no find.

    Raises:
        InvalidInput: Nothing says where they are, or the place is known at *at*.
    """
    finds = [e.known_at for e in case.evidence if e.finds]
    hours = [at] if at is not None else _hours(case, min(finds) if finds else None)
    hourly = tuple(_hourly(case, found, hours))
    last = hours[-1]
    known = as_known(case, last)
    named = {name for e in case.evidence for name in e.contradicts}
    contested = [e.id for e in known.evidence if e.id in named and e.place is not None and e.withdrawn_at is None]
    variants = tuple(
        _scored(case, found, last, stance, f"{name} {word}")
        for name in contested
        for word, stance in (
            ("believed", Stance(believe=(name,))),
            ("doubted", Stance(doubt=(name,))),
            ("dropped", Stance(drop=(name,))),
        )
        if word != "dropped" or len([e for e in known.evidence if e.place]) > 1
    )
    announced = tuple(
        Announced(e.id, e.what, e.known_at, *e.announced_km2) for e in case.evidence if e.announced_km2 is not None
    )
    return Scores(case.id, case.title, case.incident_at, found, hourly, variants, announced)


def _hourly(case: Case, found: LonLat, hours: Sequence[Instant]) -> Iterator[Scored]:
    """Each hour; one at which nothing new was known is that of the hour before."""
    before: Scored | None = None
    said: tuple[Evidence, ...] = ()
    for at in hours:
        known = as_known(case, at).evidence
        before = (
            replace(before, at=at) if before and known == said else _scored(case, found, at, AS_GRADED, "as graded")
        )
        said = known
        yield before


def _hours(case: Case, found: Instant | None) -> list[Instant]:
    """Whole hours after the incident, from the first report with a place on, each before the find."""
    placed = [e.known_at for e in case.evidence if e.place is not None and not e.finds]
    if not placed:
        raise InvalidInput("nothing says where they are", where="evidence", expected="a report with a place")
    end = found or max(placed) + timedelta(hours=1)
    count = max(0, math.floor(hours_between(case.incident_at, end)))
    hours = [case.incident_at + timedelta(hours=h) for h in range(count + 1)]
    chosen = [h for h in hours if h >= min(placed) and h < end]
    return chosen or [min(placed)]


OTHERS = (
    Assumed(outside=0.01),
    Assumed(outside=0.2),
    Assumed(false_anywhere=0.1),
    Assumed(false_anywhere=1.0),
    Assumed(trust=0.5),
    Assumed(trust=2.0),
)
"""Assumptions under which each score is taken again, to show how far it rests on ours."""


def _scored(case: Case, found: LonLat, at: Instant, stance: Stance, says: str) -> Scored:
    known = as_known(case, at)
    book = write_book(known, stance=stance)
    chart = book.map
    tried = OTHERS if stance == AS_GRADED else ()
    others = [score(write_book(known, assumed=each).map, *found).area_km2 for each in tried]
    here = score(chart, *found)
    return Scored(
        at,
        says,
        len(book.counted),
        here,
        chart.area_km2(0.5),
        chart.area_km2(0.9),
        chart.outside,
        chart.grid.size * chart.grid.cell_km2,
        (min([here.area_km2, *others]), max([here.area_km2, *others])),
    )
