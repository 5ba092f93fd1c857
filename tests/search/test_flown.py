"""What was searched before."""

import numpy as np
import pytest
from tests.assessment.worlds import SITE, hour
from tests.search.reports import case_of, told

from safeconduct.model.errors import InvalidInput
from safeconduct.search.book import write_book
from safeconduct.search.flown import FLOWN, Flown, together, with_flown
from safeconduct.search.repeats import cumulative

BOOK = write_book(case_of(told("fix", "point", sigma_km=5.0, grade="B2")), across=40)


def sortie(pod, name="walk"):
    return Flown(name, "team", hour(0), hour(1), pod, None, 1.0, "given")


def test_repeats_are_those_of_the_table():
    """Cell by cell as the scalar rule says, with CAP's dependence: 60 % twice is 80 %."""
    pods = [np.full(BOOK.grid.size, 0.6), np.full(BOOK.grid.size, 0.6)]
    both = together(tuple(sortie(p) for p in pods), BOOK.grid.size)
    assert both[0] == pytest.approx(cumulative([0.6, 0.6])) == pytest.approx(0.8)


def test_the_map_after_is_bayes():
    """As `SearchMap.searched` on the same POD."""
    pod = np.where(np.hypot(BOOK.grid.x_km, BOOK.grid.y_km) < 4.0, 0.7, 0.0)
    after = with_flown(BOOK, (sortie(pod),))
    expected = BOOK.map.searched(pod)
    assert after.map.poa == pytest.approx(expected.poa, abs=1e-12)
    assert after.map.outside == pytest.approx(expected.outside, abs=1e-12)
    assert after.pieces[-1].report.id == FLOWN
    assert after.map.poa[BOOK.grid.cell_of(*SITE)] < BOOK.map.poa[BOOK.grid.cell_of(*SITE)]


def test_no_sorties_no_change():
    """The book as it was."""
    assert with_flown(BOOK, ()) is BOOK


def test_a_certain_search_of_the_only_place_is_a_contradiction():
    """A report that is certain and a search that would certainly have found them name each other."""
    book = write_book(case_of(told("here", "disc", radius_km=3.0)), across=20)
    with pytest.raises(InvalidInput, match="here, sorties"):
        with_flown(book, (sortie(np.ones(book.grid.size)),))
