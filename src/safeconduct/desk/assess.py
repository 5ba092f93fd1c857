"""Assess a case: cut it to what is known, change it by the what-ifs, ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path

from safeconduct.assessment.answer import Assessment
from safeconduct.assessment.assessing import Question, assess_case
from safeconduct.assessment.engine import required_records
from safeconduct.assessment.value import GOALS
from safeconduct.model.case import Case, Evidence
from safeconduct.model.errors import InvalidInput
from safeconduct.model.instants import Instant, instant, iso
from safeconduct.model.known import as_known, request_moved, with_decision
from safeconduct.wiring.rooms import means


@dataclass(frozen=True, slots=True)
class Changes:
    """
    What-ifs.

    Args:
        grant: Clearance id to the instant it is granted; None is the instant of the assessment.

        refuse: Clearances taken as refused.

        request: (party or None for all, instant) of a moved request.

        rules: A user's own rules, in place of ours by id.
    """

    grant: Mapping[str, Instant | None]
    refuse: Sequence[str] = ()
    request: tuple[str | None, Instant] | None = None
    rules: Path | None = None


NO_CHANGES = Changes({})


def assess(
    case: Case,
    *,
    at: Instant | str | None = None,
    goal: str = "survivors",
    by: Instant | None = None,
    target: float | None = None,
    changes: Changes = NO_CHANGES,
) -> Assessment:
    """
    Who could come in time, whose permission each way needs, by when, and what each one is worth.

    Args:
        at: As known at, an aware instant or its text; None is the case's ``assess_at``.

        goal: ``survivors``, ``found`` or ``reached``.

        by: Hour by which found or reached is asked; None is 24 h after the incident.

        target: Value that a sufficient set must reach, in the goal's unit; None is half-way.

        changes: What-ifs.

    Raises:
        InvalidInput: An argument is out of its domain, or a clearance does not exist; the near name is told.
    """
    known, question = prepared(case, at=at, goal=goal, by=by, target=target, changes=changes)
    _check_placed(case, known, question.at)
    return assess_case(known, question, means(changes.rules, without=case.id))


def prepared(
    case: Case,
    *,
    at: Instant | str | None = None,
    goal: str = "survivors",
    by: Instant | None = None,
    target: float | None = None,
    changes: Changes = NO_CHANGES,
) -> tuple[Case, Question]:
    """
    The case as known and changed, and the question: what `assess` hands on. Arguments and errors are the same.
    """
    moment = _moment(at, case)
    _check(case, moment, goal, by, target)
    known = as_known(case, moment)
    if changes.request is not None:
        party, to = changes.request
        _check_request(known, party, to)
        known = request_moved(known, to, party=party)
    known = _decided(known, moment, changes)
    return known, Question(moment, goal, by, target, _told(changes, moment))


def _check_placed(case: Case, known: Case, at: Instant) -> None:
    """
    Where nothing is known yet and the case says when something is, say when.

    Raises:
        InvalidInput: So it is.
    """
    if any(_placed(each, at) for each in known.evidence):
        return
    hours = (each.known_at for each in case.evidence if each.known_at > at and _placed(each, each.known_at))
    later = min(hours, default=None)
    if later is not None:
        expected = f"--at {iso(later)} or later: by then the case has a report with a place"
        raise InvalidInput("nothing that is known says where they are", where="--at", expected=expected, got=iso(at))


def _placed(report: Evidence, at: Instant) -> bool:
    withdrawn = report.withdrawn_at is not None and report.withdrawn_at <= at
    return report.place is not None and report.place.kind != "searched" and not withdrawn


def _moment(at: Instant | str | None, case: Case) -> Instant:
    if at is None:
        return case.assess_at
    if isinstance(at, datetime) and at.tzinfo is None:
        raise InvalidInput("an instant without a zone", where="at", expected="an aware datetime", got=str(at))
    return instant(at, where="at") if isinstance(at, str) else at.astimezone(UTC)


def _check(case: Case, at: Instant, goal: str, by: Instant | None, target: float | None) -> None:
    if goal not in GOALS:
        raise InvalidInput("unknown goal", where="--goal", expected=", ".join(GOALS), got=goal)
    if at < case.incident_at:
        raise InvalidInput(
            "an assessment before the incident",
            where="--at",
            expected=f"not before {iso(case.incident_at)}",
            got=iso(at),
        )
    if (at - case.incident_at).days > 30:
        raise InvalidInput(
            "an assessment more than 30 days after the incident",
            where="--at",
            expected=f"within 30 days of {iso(case.incident_at)}",
            got=iso(at),
        )
    if by is not None and not 0 < (by - case.incident_at).total_seconds() <= 60 * 86400:
        raise InvalidInput(
            "not an hour to be found by", where="--by", expected="within 60 days after the incident", got=iso(by)
        )
    if target is not None and not 0.0 <= target < float("inf"):
        raise InvalidInput("not a target", where="--target", expected="a number >= 0", got=str(target))


def _check_request(case: Case, party: str | None, to: Instant) -> None:
    providers = sorted({a.provider for a in case.assets} - {case.host})
    if party is not None and party not in providers:
        raise InvalidInput("no such provider in the case", where="--what-if", expected=", ".join(providers), got=party)
    if to < case.incident_at:
        raise InvalidInput(
            "a request before the incident",
            where="--what-if",
            expected=f"not before {iso(case.incident_at)}",
            got=iso(to),
        )


def _decided(case: Case, at: Instant, changes: Changes) -> Case:
    wanted = [*changes.grant, *changes.refuse]
    if not wanted:
        return case
    known = required_records(case, at, means(changes.rules, without=case.id))
    both = set(changes.grant) & set(changes.refuse)
    if both:
        raise InvalidInput("granted and refused at once", where="--grant, --refuse", got=", ".join(sorted(both)))
    names = [c.id for c in known.clearances]
    for name in wanted:
        if name not in names:
            near = get_close_matches(name, names, n=3)
            hint = f"one of the case's clearances, such as {', '.join(near or sorted(names)[:5])}"
            raise InvalidInput("no such clearance", where="--grant or --refuse", expected=hint, got=name)
    for name, when in changes.grant.items():
        if when is not None and when > at:
            raise InvalidInput(
                "a grant after the instant of the assessment",
                where=f"--grant {name}",
                expected=f"by {iso(at)}",
                got=iso(when),
            )
        known = with_decision(known, name, "granted", when or at)
    for name in changes.refuse:
        known = with_decision(known, name, "refused", at)
    return known


def _told(changes: Changes, at: Instant) -> tuple[str, ...]:
    told = []
    if changes.request is not None:
        party, to = changes.request
        told.append(f"request{f' to {party}' if party else ''} made at {iso(to)}")
    told += [f"{name} granted at {iso(when or at)}" for name, when in changes.grant.items()]
    told += [f"{name} refused" for name in changes.refuse]
    told += [f"rules of {changes.rules} in place of ours"] if changes.rules else []
    return tuple(told)
