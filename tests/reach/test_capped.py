"""Claims of searches that were capped: every cut is proved, and what they leave over is said."""

import copy
import importlib.util
import itertools
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.reach.test_barriers import DIRECT_M, ENDS, box, boxes

from safeconduct.formats.certificate import to_json
from safeconduct.reach.capped import certify_capped, few
from safeconduct.reach.exclusions import GraphCuts, exclusions
from safeconduct.reach.graph import graph_of
from safeconduct.reach.labels import graph_front
from safeconduct.reach.proof import hitting_sets, of_capped
from safeconduct.reach.route import route_front

LIMIT_M = 1.1 * DIRECT_M
NEAR = (
    box("A", 10.8, 45.0, 11.2, 50.0), box("B", 10.8, 40.0, 11.2, 45.0),
    box("C", 11.8, 44.9, 12.2, 50.0), box("D", 11.8, 40.0, 12.2, 44.9), box("E", 12.6, 40.0, 12.9, 50.0),
)  # fmt: skip
"""Two pairs of neighbours and one wall: four sets of three, two of them with a way that is no longer."""


@pytest.fixture(scope="module")
def checker(repo):
    spec = importlib.util.spec_from_file_location("check_certificate", repo / "tools" / "check_certificate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def capped(near, limit_m, most, kept=None):
    """The certificate of ways of at most *most* permissions, or of those *kept*."""
    ways = [(way.needs, way.path) for way in route_front(*ENDS, near, limit_m=limit_m)]
    ways = [way for way in ways if len(way[0]) <= most and (kept is None or way[0] in kept)]
    names = frozenset(each.needs for each in near)
    return certify_capped("test", ENDS, limit_m, near, frozenset(), ways, most, lambda chosen, _: [names - chosen])


def plain(certificate):
    document = json.loads(json.dumps(to_json({}, flights=[certificate])))
    del document["seal"]
    return document


def accepted(checker, document):
    try:
        return bool(checker.check(document))
    except (checker.Refused, ArithmeticError, LookupError, TypeError, ValueError, AttributeError):
        return False


def test_a_larger_set_that_opens_is_not_denied(checker):
    """Where every way needs three of five airspaces and one was looked for, no more is claimed than of one."""
    certificate = capped(NEAR, LIMIT_M, 2)
    assert certificate.opens == ()
    said = checker.check(plain(certificate))
    assert "0 not proved" in said[0]
    assert certificate.undecided == ()
    assert certificate.most == 2
    assert "sets of at most 2 states" in said[1]
    false = plain(certificate)
    false["flights"][0]["most"] = 3
    assert not accepted(checker, false)


@settings(max_examples=30, deadline=None)
@given(st.lists(boxes, min_size=1, max_size=4), st.floats(1.02, 1.5), st.integers(1, 3))
def test_every_capped_certificate_is_accepted_and_denies_no_way(checker, drawn, slack, most):
    """All sets within the cap that open contain one that is listed or undecided; no cut is without a proof."""
    near = tuple(box(f"X{i}", *corners) for i, corners in enumerate(drawn))
    limit_m = slack * DIRECT_M
    certificate = capped(near, limit_m, most)
    said = checker.check(plain(certificate))
    if certificate.undecided is not None:
        assert "0 not proved" in said[0]
    listed = [each for each, _ in certificate.opens] + list(certificate.undecided or ())
    for way in route_front(*ENDS, near, limit_m=0.99 * limit_m):
        assert len(way.needs) > most or any(each <= way.needs for each in listed)


def test_a_set_that_was_kept_back_is_found_missing(checker):
    """A way that the list leaves out is left undecided by us, and refused where somebody strikes that too."""
    whole = {way.needs for way in route_front(*ENDS, NEAR, limit_m=LIMIT_M)}
    certificate = capped(NEAR, LIMIT_M, 3, kept=sorted(whole, key=sorted)[1:])
    assert certificate.undecided
    document = plain(certificate)
    assert accepted(checker, document)
    for strike in ("undecided", "opens"):
        false = copy.deepcopy(document)
        if false["flights"][0][strike]:
            false["flights"][0][strike].pop()
            assert not accepted(checker, false)


def test_tampered_capped_claims_are_refused(checker):
    """A cut left out, shortened or without its line; a higher cap; the cap taken away."""
    document = plain(capped(NEAR, LIMIT_M, 2))
    for change in (
        lambda f: f["cuts"].clear(),
        lambda f: f["cuts"][0]["needs"].pop(),
        lambda f: f["cuts"][0].update(line=None),
        lambda f: f.update(most=None),
        lambda f: f.update(most=5),
        lambda f: f.pop("undecided"),
        lambda f: f.update(most=-1),
    ):
        false = copy.deepcopy(document)
        change(false["flights"][0])
        assert not accepted(checker, false)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sets(st.sampled_from("abcdef"), min_size=1, max_size=4), max_size=6), st.integers(1, 4))
def test_exclusions_agree_with_all_sets(family, most):
    """With every true cut in reach, nothing within the cap is undecided but what opens is not excluded."""
    opens = [frozenset(each) for each in family]

    def prove(chosen):
        rest = frozenset("abcdef") - chosen
        return rest if all(each & rest for each in opens) else None

    found = exclusions(opens, most, (), prove)
    assert found.undecided == ()
    for size in range(most + 1):
        for chosen in map(frozenset, itertools.combinations("abcdef", size)):
            missed = any(not cut & chosen for cut in found.cuts)
            assert missed != any(each <= chosen for each in opens)


def test_a_capped_graph_proves_the_fewest(checker):
    """Two arcs of one colour each in a row: two are needed, also where the cap is one and no way was found."""
    graph = graph_of(3, [(0, 2, 1.0, frozenset({0})), (2, 1, 1.0, frozenset({1}))], 2)
    for most in (1, 2, 5):
        front = graph_front(graph, 0, 1, 9.0, most=most)
        part = of_capped("g", graph, ("x", "y"), (0, 1, 9.0), front, most)
        assert part.lower_bound == 2
        assert len(checker.check(json.loads(json.dumps(to_json({}, routes=[part]))))) == 2
    cuts = GraphCuts(graph, ("x", "y"))
    assert cuts.cut(frozenset("xy"), 9.0) is None
    assert cuts.cut(frozenset("x"), 9.0) == {"y"}


def test_more_sets_than_can_be_told_lower_the_cap():
    """Of 2 to the 7 sets of seven and one of three, the one is told, and that no other of at most six opens."""
    large = [frozenset(f"{i}{side}" for i, side in enumerate(sides)) for sides in itertools.product("ab", repeat=7)]
    small = frozenset("xyz")
    told, most = few([(each, ENDS) for each in (*large, small, small | large[0])], None)
    assert (told, most) == ([(small, ENDS)], 6)
    assert few([(each, ENDS) for each in large[:60]], None) == ([(each, ENDS) for each in large[:60]], None)


def test_of_two_paths_with_the_same_needs_the_first_is_told():
    """Ways come by rising length: the shorter path proves the set."""
    other = (ENDS[0], (12.0, 46.0), ENDS[1])
    assert few([(frozenset("a"), ENDS), (frozenset("a"), other)], 5) == ([(frozenset("a"), ENDS)], 5)


def test_hitting_sets_that_are_too_many_are_given_up():
    """Forty disjoint pairs have 2 to the 40; fewer than the limit are all given, more are not given in part."""
    pairs = [frozenset((2 * i, 2 * i + 1)) for i in range(40)]
    assert hitting_sets(pairs) is None
    assert len(hitting_sets(pairs[:4], 16)) == 16
    assert hitting_sets(pairs[:4], 15) is None
    assert hitting_sets([]) == (frozenset(),)
    assert hitting_sets([frozenset()]) == ()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.frozensets(st.integers(0, 6), max_size=4), max_size=6))
def test_hitting_sets_are_those_of_a_search_through_all_sets(family):
    """The minimal ones among all sets that hit every member."""
    every = [frozenset(c) for size in range(8) for c in itertools.combinations(range(7), size)]
    hitting = [each for each in every if all(each & member for member in family)]
    assert set(hitting_sets(family)) == {each for each in hitting if not any(other < each for other in hitting)}
