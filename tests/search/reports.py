"""Small cases for the tests of the search: reports on invented ground."""

from dataclasses import replace

from tests.assessment.worlds import GIVEN, SITE, hour, report

from safeconduct.desk.cases import load_case
from safeconduct.model.case import Place, Scenario
from safeconduct.model.sources import Spread

CASE = load_case("exercise-two-rivers")


def case_of(*reports, scenarios=()):
    """An emergency of which nothing is known but these reports."""
    return replace(CASE, incident_at=hour(0), evidence=tuple(reports), scenarios=tuple(scenarios))


def told(name, kind, shape=None, *, points=(SITE,), sigma_km=None, radius_km=None, grade="A1", known_h=0.0):
    """A report of any kind of place."""
    made = report(name, reliability=grade[0], credibility=grade[1], known_h=known_h)
    return replace(made, place=Place(kind, tuple(points), sigma_km, radius_km, False, GIVEN, shape))


def scenario(name, weight, *evidence):
    """An account under which some reports speak."""
    return Scenario(name, name, weight, evidence, hour(0), GIVEN)


def spread(p10, p50, p90):
    """An uncertain quantity."""
    return Spread(p10, p50, p90, GIVEN)


def north(km, point=SITE):
    """A place so many kilometres north of another."""
    return (point[0], point[1] + km / 111.195)
