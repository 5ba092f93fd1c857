"""Walls round which the shortest way is longer than a limit, where no single turn is."""

import copy
import importlib.util
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.reach.test_barriers import DIRECT_M, ENDS, box, boxes

from safeconduct.formats.certificate import to_json
from safeconduct.reach.barriers import barrier
from safeconduct.reach.detours import walls
from safeconduct.reach.flights import certify_flight
from safeconduct.reach.route import SEAL_M, route_front

WEST, EAST = box("A", 11.0, 40.0, 11.3, 45.6), box("B", 12.6, 44.4, 12.9, 50.0)
"""Round the one in the north, round the other in the south: a way round both takes two turns."""


@pytest.fixture(scope="module")
def checker(repo):
    spec = importlib.util.spec_from_file_location("check_certificate", repo / "tools" / "check_certificate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def round_m():
    """Length of the way round both."""
    (way,) = [each for each in route_front(*ENDS, (WEST, EAST), limit_m=3.0 * DIRECT_M) if not each.needs]
    return way.distance_m


def certified(near, limit_m, free=frozenset()):
    found = route_front(*ENDS, near, limit_m=limit_m)
    return certify_flight("test", ENDS, limit_m, near, free, [(w.needs, w.path) for w in found])


def document(certificate):
    plain = json.loads(json.dumps(to_json({}, flights=[certificate])))
    del plain["seal"]
    return plain


def accepted(checker, plain):
    try:
        return bool(checker.check(plain))
    except (checker.Refused, ArithmeticError, LookupError, TypeError, ValueError, AttributeError):
        return False


def test_two_turns_are_proved_by_walls_where_no_barrier_is(checker, round_m):
    """Half a per cent under the way round both: no barrier, but walls; the checker holds them and counts all proved."""
    limit_m = 0.995 * round_m
    assert barrier(ENDS, limit_m, (WEST, EAST), SEAL_M) is None
    found = walls(ENDS, limit_m, (WEST, EAST), SEAL_M)
    assert len(found) == 2
    assert all(line[0] == line[-1] for line in found)
    said = checker.check(document(certified((WEST, EAST), limit_m)))
    assert said[0].endswith("0 not proved")


def test_a_way_round_leaves_no_walls(round_m):
    """With a limit that the way round keeps there is nothing to be proved; nor with one of the two alone."""
    assert walls(ENDS, 1.001 * round_m, (WEST, EAST), SEAL_M) is None
    assert walls(ENDS, 0.995 * round_m, (WEST,), SEAL_M) is None


def test_only_the_walls_that_are_needed_are_given(round_m):
    """A third airspace far from every way has no wall."""
    away = box("C", 11.9, 47.0, 12.1, 47.3)
    assert len(walls(ENDS, 0.995 * round_m, (WEST, EAST, away), SEAL_M)) == 2


def test_walls_step_over_the_borders_of_neighbours(round_m):
    """An airspace in two parts drawn side by side is one wall, each link in one part or a hop."""
    south, north = box("A", 11.0, 40.0, 11.3, 45.2), box("C", 11.0, 45.2, 11.3, 45.6)
    certificate = certified((south, north, EAST), 0.995 * round_m)
    walled = dict(certificate.detours)
    assert len(walled[frozenset("ABC")]) == 2


def tampered(plain):
    """The document with its detour changed, as somebody would who wants a false claim to stand."""
    for name, change in {
        "a wall less": lambda d: d["walls"].pop(),
        "no walls": lambda d: d["walls"].clear(),
        "open": lambda d: d["walls"][0].pop(),
        "a state less": lambda d: d["needs"].pop(),
        "a longer limit": lambda d: d.update(limit_m=1.01 * d["limit_m"]),
        "moved": lambda d: d.update(walls=[[[lon, lat + 0.3] for lon, lat in w] for w in d["walls"]]),
        "out of its airspace": lambda d: d["walls"][0].insert(1, [11.15, 46.5]),
        "a wall round everything": lambda d: d.update(walls=[[[8, 40], [16, 40], [16, 50], [8, 50], [8, 40]]]),
    }.items():
        false = copy.deepcopy(plain)
        change(false["detours"][0])
        yield name, false


def test_every_detour_that_proves_less_is_refused(checker, round_m):
    """A wall taken away, opened, moved or drawn elsewhere; fewer states; a longer limit."""
    plain = document(certified((WEST, EAST), 0.995 * round_m))
    assert accepted(checker, plain)
    assert [name for name, false in tampered(plain) if accepted(checker, false)] == []


def test_a_wall_around_both_ends_is_refused(checker, round_m):
    """Inside a ring of closed airspaces every way is free: a wall must leave both ends outside."""
    ring = (
        box("A", 8.0, 47.0, 16.0, 47.5),
        box("B", 8.0, 42.5, 16.0, 43.0),
        box("C", 7.5, 42.5, 8.0, 47.5),
        box("D", 16.0, 42.5, 16.5, 47.5),
    )
    plain = document(certified(ring, 1.1 * DIRECT_M))
    corners = [[7.7, 42.7], [16.2, 42.7], [16.2, 47.2], [7.7, 47.2], [7.7, 42.7]]
    sides = [corners[i] + (np.array(corners[i + 1]) - corners[i]) * s for i in range(4) for s in np.linspace(0, 1, 40)]
    claim = {"from": list(ENDS[0]), "to": list(ENDS[1]), "limit_m": 1.1 * DIRECT_M, "needs": list("ABCD")}
    plain["detours"] = [{**claim, "walls": [[list(map(float, place)) for place in sides]]}]
    with pytest.raises(checker.Refused, match="a wall that is none"):
        checker.check(plain)


def test_a_detour_proves_its_own_cut_alone(checker, round_m):
    """Walls of another limit or of other airspaces leave a cut unproved: it is counted."""
    plain = document(certified((WEST, EAST), 0.995 * round_m))
    plain["detours"][0]["limit_m"] *= 0.999
    assert checker.check(plain)[0].endswith("1 not proved")


@settings(max_examples=60, deadline=None)
@given(st.lists(boxes, min_size=2, max_size=4), st.floats(1.02, 1.5))
def test_no_walls_are_false(checker, drawn, slack):
    """Random airspaces: the checker accepts the walls, and where there are some the exact search finds no way."""
    near = tuple(box(f"X{i}", *corners) for i, corners in enumerate(drawn))
    limit_m = slack * DIRECT_M
    found = walls(ENDS, limit_m, near, SEAL_M)
    free = [way for way in route_front(*ENDS, near, limit_m=1.01 * limit_m) if not way.needs]
    if found is None:
        return
    assert not any(way.distance_m < 0.999 * limit_m for way in free)
    claim = {"from": ENDS[0], "to": ENDS[1], "limit_m": limit_m, "needs": [each.needs for each in near]}
    rings = {each.needs: [[*polygon.shell, polygon.shell[0]] for polygon in each.polygons] for each in near}
    checker.check_detour({**claim, "walls": found}, rings)


@pytest.mark.parametrize("end", [(-170.0, -45.0), (-170.0, -44.9)])
def test_nearly_opposite_ends_have_neither_barrier_nor_walls(end):
    """No one way is the direct one, so that nothing is said: no error, and no proof."""
    for find in (barrier, walls):
        assert find((ENDS[0], end), 2.4e7, (WEST, EAST), SEAL_M) is None
    assert walls(((0.0, -90.0), (0.0, 90.0)), 2.4e7, (WEST,), SEAL_M) is None


def test_a_line_of_hops_through_open_air_is_refused(checker):
    """Fifty metres at a time a line would go anywhere: each hop begins and ends within a closed airspace."""
    small = box("A", 11.9, 44.95, 12.1, 45.05)
    plain = document(certified((small,), 1.01 * DIRECT_M))
    count = int(4.0 * 111_200.0 / 45.0)
    line = [[12.0, 43.0 + 4.0 * i / count] for i in range(count + 1)]
    plain["flights"][0]["opens"] = [{"needs": ["A"], "line": [list(ENDS[0]), list(ENDS[1])]}]
    plain["flights"][0]["cuts"] = [{"needs": ["A"], "line": line}]
    with pytest.raises(checker.Refused, match="it still goes"):
        checker.check(plain)
    round_it = [*line, *([lon + 0.05, lat] for lon, lat in reversed(line))]
    claim = {"from": list(ENDS[0]), "to": list(ENDS[1]), "limit_m": 1.01 * DIRECT_M, "needs": ["A"]}
    plain["detours"] = [{**claim, "walls": [[*round_it, round_it[0]]]}]
    plain["flights"][0]["cuts"] = [{"needs": ["A"], "line": None}]
    with pytest.raises(checker.Refused, match="a wall that is none"):
        checker.check(plain)
