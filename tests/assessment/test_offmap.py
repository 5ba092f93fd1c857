"""Nobody who is off the map is found by a search on it."""

import numpy as np

from safeconduct.assessment.draws import Draws
from safeconduct.assessment.world import OFF_MAP, places
from safeconduct.search.grid import SearchGrid, SearchMap
from safeconduct.search.whereabouts import Whereabouts


def chart(outside):
    cells = SearchMap(SearchGrid((0.0, 0.0), 0.0, 0.0, 1.0, 2, 2), np.full(4, (1.0 - outside) / 4.0), outside)
    return Whereabouts(site=(0.0, 0.0), known=False, reports=(), map=cells)


def test_as_many_are_off_the_map_as_the_map_says():
    """Chances are stratified: the share drawn off the map is the map's outside, to a chance in a hundred."""
    drawn = places(chart(0.25), Draws(1), None)
    assert abs(float(np.mean(drawn == OFF_MAP)) - 0.25) < 0.01


def test_without_an_outside_everybody_is_on_the_map():
    """A map that holds everything puts nobody off it, whatever the rounding."""
    assert places(chart(0.0), Draws(1), None).min() >= 0.0
