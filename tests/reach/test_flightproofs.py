"""The certificates of an asset's flights: what is not proved of any size is claimed of the sizes looked at."""

import importlib.util
import json

import pytest
from tests.assessment.worlds import asset
from tests.reach.test_barriers import ENDS, box

from safeconduct.formats.certificate import to_json
from safeconduct.model.assets import Base
from safeconduct.model.sources import Cite
from safeconduct.reach.flightproofs import flights_of
from safeconduct.reach.plans import Ground

WALLS = tuple(box(f"W{i}", 10.5 + 0.5 * i, 30.0, 10.7 + 0.5 * i, 60.0) for i in range(6))


class Walls:
    """Six states in a row, none of which can be flown round."""

    def near(self, _points, _margin_km):
        return tuple(each.needs for each in WALLS)

    def airspaces(self, codes):
        return tuple(each for each in WALLS if each.needs in codes)


@pytest.fixture
def flights():
    base = Base("north", "North", ENDS[0], "XA", 0.0, 1000.0, fuel=True, cite=Cite((), "given"))
    return flights_of(asset(), Ground(ENDS[1], "XB", (base,), (), Walls()))


def test_where_six_states_bar_the_way_it_is_proved_that_five_do_not_do(flights, repo):
    """Five permissions were looked at, and each wall alone is a cut: nothing rests on the solver's word."""
    (flight,) = flights
    assert flight.opens == ()
    assert {cut for cut, line in flight.cuts if line} == {frozenset([each.needs]) for each in WALLS}
    assert (flight.most, flight.undecided) == (5, ())
    spec = importlib.util.spec_from_file_location("check_certificate", repo / "tools" / "check_certificate.py")
    checker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(checker)
    said = checker.check(json.loads(json.dumps(to_json({}, flights=flights))))
    assert "6 cuts; 0 not proved" in said[0]
    assert "sets of at most 5 states: no other opens" in said[1]
