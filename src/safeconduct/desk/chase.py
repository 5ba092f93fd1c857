"""One crew after persons who may walk."""

from __future__ import annotations

from dataclasses import dataclass

from safeconduct.desk.search import plan_search
from safeconduct.model.case import Case
from safeconduct.model.errors import InvalidInput
from safeconduct.model.instants import Instant
from safeconduct.search.mobile import Chase, chase
from safeconduct.search.plan import Resource
from safeconduct.search.planned import Options


@dataclass(frozen=True, slots=True)
class Chased:
    """A path with the crew that is to fly or walk it, and from when."""

    case: str
    exercise: bool
    at: Instant
    resource: Resource
    start: Instant
    chase: Chase


def chase_search(
    case: Case,
    crew: str,
    *,
    walks_kmh: float,
    step_h: float,
    steps: int,
    at: Instant | None = None,
    options: Options | None = None,
) -> Chased:
    """
    Find the path of one crew of the plan after persons who walk.

    Args:
        crew: Id of a resource that the plan of the same hour sends.

        walks_kmh: Speed of the persons as the crow flies; from the user, for no shipped source gives one.

        step_h: Length of a step.

    Raises:
        InvalidInput: As for `plan_search`; the crew is not in the plan.
        OutOfDomain: As for `search.mobile.chase`.
    """
    planned = plan_search(case, at=at, options=options)
    resources = planned.plan.crews.resources
    found = next((r for r in resources if r.id == crew), None)
    if found is None:
        idle = dict(planned.plan.crews.idle)
        got = f"{crew}: {idle[crew]}" if crew in idle else crew
        names = ", ".join(r.id for r in resources) or "none: nobody can search within the hours of the plan"
        raise InvalidInput("not a crew of the plan", where="--crew", expected=names, got=got)
    start = next(s.start for s in planned.plan.crews.stays if resources[s.resource].id == crew)
    made = chase(
        planned.plan.map,
        swept_km2_per_h=found.count * found.rate_km2h,
        walks_kmh=walks_kmh,
        step_h=step_h,
        steps=steps,
    )
    return Chased(planned.case.id, planned.exercise, planned.plan.at, found, start, made)
