"""Distances between sectors, neighbours and layers."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.search.crews import AT, grid_at, sector_on

from safeconduct.search.separation import BUFFER_KM, Box, gap_km, layers, neighbours

GRID = grid_at()
BOXES = st.lists(
    st.tuples(st.floats(-14, 8), st.floats(-14, 8), st.floats(0.5, 6), st.floats(0.5, 6), st.integers(0, 5)),
    min_size=1,
    max_size=8,
)


def box(west, south, wide, tall, hour=0, *, name="S1", flies=True, room_km=0.5):
    start = AT + timedelta(hours=hour)
    sector = replace(sector_on(GRID, west, south, wide, tall), id=name, start=start, end=start + timedelta(hours=2))
    return Box(sector, room_km, flies)


def test_gaps_of_rectangles():
    """Beside, diagonal, touching, overlapping."""
    a = box(0, 0, 2, 2).sector
    assert gap_km(a, box(5, 0, 2, 2).sector) == pytest.approx(3.0)
    assert gap_km(a, box(5, 6, 2, 2).sector) == pytest.approx(5.0)
    assert gap_km(a, box(2, 0, 2, 2).sector) == 0.0
    assert gap_km(a, box(1, 1, 2, 2).sector) == 0.0


@given(BOXES)
def test_no_two_aircraft_nearer_than_the_buffer_share_a_layer(raw):
    """At the same time; turning room counts."""
    boxes = [box(*each, name=f"S{n}") for n, each in enumerate(raw)]
    above = layers(boxes)
    for i, a in enumerate(boxes):
        for j, b in enumerate(boxes[:i]):
            together = a.sector.start < b.sector.end and b.sector.start < a.sector.end
            if together and gap_km(a.sector, b.sector) - a.room_km - b.room_km < BUFFER_KM:
                assert above[i] != above[j]


@given(BOXES)
def test_being_near_is_mutual(raw):
    """Who is told of another is told to the other."""
    boxes = [box(*each, name=f"S{n}", flies=n % 2 == 0) for n, each in enumerate(raw)]
    told = {(boxes[i].sector.id, n.sector) for i in range(len(boxes)) for n in neighbours(boxes, i)}
    assert told == {(b, a) for a, b in told}


def test_teams_under_an_aircraft_are_told():
    """Both ways, whatever the layer."""
    boxes = [box(0, 0, 4, 4, name="S1"), box(1, 1, 1, 1, name="S2", flies=False, room_km=0.0)]
    assert [n.sector for n in neighbours(boxes, 0)] == ["S2"]
    assert neighbours(boxes, 1)[0].flies


def test_one_after_the_other_are_no_neighbours():
    """The end of one is the start of the next."""
    assert neighbours([box(0, 0, 2, 2, 0), box(0, 0, 2, 2, 2, name="S2")], 0) == ()
