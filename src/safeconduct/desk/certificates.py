"""The proof of an assessment's sets, for somebody who does not trust us."""

from __future__ import annotations

from typing import Any

from safeconduct.assessment.answer import Assessment
from safeconduct.assessment.certificate import ValueCertificate, certify
from safeconduct.assessment.draws import Draws
from safeconduct.assessment.engine import build
from safeconduct.desk.assess import NO_CHANGES, Changes, prepared
from safeconduct.formats.certificate import to_json
from safeconduct.model.case import Case
from safeconduct.model.instants import iso
from safeconduct.model.space import LonLat
from safeconduct.reach.flightproofs import flights_of
from safeconduct.reach.flights import FlightCertificate
from safeconduct.reach.plans import DETOUR_EXTRA_M, DETOUR_LIMIT, MOST_STATES, Ground
from safeconduct.wiring.rooms import means, skies

LOOKED_FOR = (
    f"flights up to {DETOUR_LIMIT:g} times the direct distance plus {DETOUR_EXTRA_M / 1000.0:g} km",
    f"flights through at most {MOST_STATES} foreign airspaces",
    "bases, stops and roads that the case names",
)


def certificate(case: Case, answer: Assessment, *, changes: Changes = NO_CHANGES) -> ValueCertificate:
    """
    The certificate of the sets of *answer*.

    Args:
        case: That was assessed.

        answer: The assessment.

        changes: Its what-ifs.
    """
    known, question = prepared(case, at=answer.as_of, goal=answer.goal, by=answer.by, changes=changes)
    world, _ = build(known, question.at, answer.by, means(changes.rules), Draws(known.seed))
    return certify(world, answer.goal, answer.value.target, LOOKED_FOR)


def certificate_json(case: Case, answer: Assessment, *, changes: Changes = NO_CHANGES) -> dict[str, Any]:
    """The same as a document to be written."""
    about = {"case": case.id, "as_of": iso(answer.as_of), "goal": answer.goal, "by": iso(answer.by)}
    known, _ = prepared(case, at=answer.as_of, goal=answer.goal, by=answer.by, changes=changes)
    flights = flight_certificates(known, answer.where.site)
    return to_json(about, certificate(case, answer, changes=changes), flights=flights)


def flight_certificates(case: Case, site: LonLat) -> tuple[FlightCertificate, ...]:
    """
    For every flight that a way of the case may be made of: what sets of permissions open it, and that no others do.

    Args:
        case: As known.

        site: The point that ways are computed to.
    """
    ground = Ground(site, case.host, case.bases, case.ground, skies(case))
    return tuple(flight for asset in case.assets for flight in flights_of(asset, ground))
