"""Lines and areas across the antimeridian, and dashes."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.formats.seam import cut_area, cut_line, dashes

PLACES = st.tuples(st.floats(-180.0, 180.0), st.floats(-80.0, 80.0))


@given(st.lists(st.tuples(st.floats(170.0, 190.0), st.floats(-60.0, 60.0)), min_size=2, max_size=8))
def test_no_part_of_a_line_spans_the_antimeridian(raw):
    """Each part keeps to one side; ends meet on the seam."""
    line = [((lon + 180.0) % 360.0 - 180.0, lat) for lon, lat in raw]
    parts = cut_line(line)
    for part in parts:
        assert max(p[0] for p in part) - min(p[0] for p in part) < 180.0
    for before, after in pairwise(parts):
        assert abs(before[-1][0]) == abs(after[0][0]) == 180.0
        assert before[-1][1] == after[0][1]


def test_a_line_that_does_not_cross_stays_as_it_is():
    """Point for point."""
    line = [(10.0, 1.0), (11.0, 2.0), (12.0, 1.0)]
    assert cut_line(line) == [line]


def shoelace(ring):
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)) / 2.0


@given(st.floats(-179.9, 179.9), st.floats(-60.0, 60.0), st.floats(0.1, 10.0), st.floats(0.1, 10.0))
def test_the_parts_of_an_area_have_its_size_and_wind_counter_clockwise(west, south, wide, tall):
    """RFC 7946: closed, outer rings counter-clockwise, nothing lost at the seam."""
    ring = [(west, south), (west, south + tall), (west + wide, south + tall), (west + wide, south)]
    parts = cut_area([((lon + 180.0) % 360.0 - 180.0, lat) for lon, lat in ring])
    assert len(parts) == (2 if west + wide > 180.0 else 1)
    for part in parts:
        assert part[0] == part[-1]
        assert shoelace(part) > 0.0
        assert all(-180.0 <= lon <= 180.0 for lon, _ in part)
    assert sum(map(shoelace, parts)) == pytest.approx(wide * tall, rel=1e-6)


@given(st.lists(PLACES, min_size=2, max_size=4))
def test_dashes_leave_gaps(line):
    """No dash reaches the next, so no program joins them."""
    made = dashes(line)
    assert len(made) >= len(line) - 1
    assert all(len(dash) >= 2 for dash in made)
    drawn = [p for dash in made for p in dash]
    assert all(-180.0 <= lon <= 180.0 for lon, _ in drawn)
