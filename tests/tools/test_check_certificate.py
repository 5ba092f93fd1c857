"""The independent checker accepts our certificates and refuses every one that was tampered with."""

import copy
import importlib.util
import itertools
import json
import random

import pytest
from benchmarks.airspaces.instances import maplike, scattered

from safeconduct.desk.assess import assess
from safeconduct.desk.cases import open_case
from safeconduct.desk.certificates import certificate, certificate_json
from safeconduct.formats.certificate import to_json
from safeconduct.reach.hitting import fewest_colours
from safeconduct.reach.labels import graph_front
from safeconduct.reach.proof import of_fewest, of_front, trimmed


@pytest.fixture(scope="module")
def checker(repo):
    spec = importlib.util.spec_from_file_location("check_certificate", repo / "tools" / "check_certificate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def route(seed, *, whole):
    graph = (maplike if seed % 2 else scattered)(4, 6, seed)
    limit = 6 * 1.5
    graph, _ = trimmed(graph, 0, 15, limit)
    names = [f"c{c}" for c in range(6)]
    if whole:
        part = of_front("front", graph, names, (0, 1, limit), graph_front(graph, 0, 1, limit))
    else:
        part = of_fewest("fewest", graph, names, (0, 1, limit), fewest_colours(graph, 0, 1, limit))
    return json.loads(json.dumps(to_json({}, routes=[part])))


@pytest.fixture(scope="module")
def proof():
    case = open_case("varzaqan-2024").case
    return json.loads(json.dumps(certificate_json(case, assess(case, goal="reached"))))


@pytest.mark.parametrize("seed", range(30))
def test_route_certificates_are_accepted(checker, seed):
    """Whole fronts and single optima of random graphs, map-like and scattered, are accepted."""
    for whole in (True, False):
        assert len(checker.check(route(seed, whole=whole))) == 1


def test_the_assessment_s_certificate_is_accepted(checker, proof):
    """The sets of a shipped case are accepted."""
    assert checker.check(proof)[0] == "value of reached: 3 sufficient and 5 blocking sets, all of them"


@pytest.mark.parametrize("goal", ["found", "reached"])
def test_blocking_sets_are_all_that_hit_every_sufficient_set(goal):
    """Of a shipped case, the count of blocking sets is that of a search through all small sets of clearances."""
    answer = assess(open_case("varzaqan-2024").case, goal=goal)
    sufficient = [frozenset(each.clearances) for each in answer.sufficient_sets]
    assert len(sufficient) == answer.sufficient_count  # all are shown, so the dual can be taken from them
    hitting: list[frozenset[str]] = []
    for size in range(1, len(sufficient) + 1):  # a minimal one needs each member for a set of its own
        for chosen in map(frozenset, itertools.combinations(sorted(frozenset().union(*sufficient)), size)):
            if all(chosen & each for each in sufficient) and not any(smaller < chosen for smaller in hitting):
                hitting.append(chosen)
    assert len(hitting) == answer.blocking_count
    assert {frozenset(each.clearances) for each in answer.blocking_sets} <= set(hitting)


@pytest.mark.parametrize("goal", ["found", "reached"])
def test_the_certificate_has_the_answer_s_sets(goal):
    """What the certificate proves is what the answer says."""
    case = open_case("varzaqan-2024").case
    answer = assess(case, goal=goal)
    proved = certificate(case, answer)
    assert {frozenset(each.clearances) for each in answer.sufficient_sets} <= set(proved.sufficient)
    assert len(proved.sufficient) == answer.sufficient_count


def value_drop_set(part):
    part["sufficient"].pop()


def value_smaller_set(part):
    part["sufficient"][0] = part["sufficient"][0][:-1]


def value_larger_set(part):
    part["sufficient"][0] = sorted({*part["sufficient"][0], *part["sufficient"][1], *part["sufficient"][2]})


def value_drop_block(part):
    part["blocking"].pop()


def value_smaller_block(part):
    part["blocking"][0] = part["blocking"][0][:-1]


def value_doubled_target(part):
    part["target"] *= 10


def value_no_target(part):
    part["target"] = 1


def value_samples(part):
    for course in part["courses"]:
        course["values"] = [0 for _ in course["values"]]


def value_false_sample(part):
    part["courses"][0]["values"][0] = part["highest"] + 1


def value_no_needs(part):
    part["courses"][-1]["needs"] = []
    part["courses"][-1]["values"] = [part["highest"]] * len(part["courses"][-1]["values"])


def value_hidden_way(part):
    part["absent"].pop()


def value_unclosed_way(part):
    part["absent"][0].update(reason="closed", needs=[], total=0)


VALUE = [each for name, each in sorted(globals().items()) if name.startswith("value_")]


@pytest.mark.parametrize("tamper", VALUE, ids=lambda each: each.__name__)
def test_tampered_value_certificates_are_refused(checker, proof, tamper):
    """A set dropped, cut or padded, a false sample, target, need or way: refused."""
    false = copy.deepcopy(proof)
    tamper(false["value"])
    with pytest.raises(checker.Refused):
        checker.check(false)


def route_drop_set(part):
    part["opens"].pop()


def route_smaller_set(part):
    part["opens"][0]["needs"] = part["opens"][0]["needs"][1:]


def route_drop_cut(part):
    part["cuts"].pop()


def route_smaller_cut(part):
    part["cuts"][-1] = part["cuts"][-1][1:]


def route_jump(part):
    part["opens"][0]["path"] = [part["from"], part["to"]]


def route_elsewhere(part):
    part["opens"][0]["path"] = part["opens"][0]["path"][1:]


def route_shorter_limit(part):
    part["limit"] = 1.0


def route_bound(part):
    part["lower_bound"] += 1


def route_cleared_arcs(part):
    part["needs"] = [[] for _ in part["needs"]]


ROUTE = [each for name, each in sorted(globals().items()) if name.startswith("route_")]


@pytest.mark.parametrize("tamper", ROUTE, ids=lambda each: each.__name__)
@pytest.mark.parametrize("seed", range(4))
def test_tampered_route_certificates_are_refused(checker, seed, tamper):
    """A set or cut dropped or made smaller, a jump, another limit, bound or colouring: refused."""
    false = route(seed, whole=True)
    tamper(false["routes"][0])
    with pytest.raises(checker.Refused):
        checker.check(false)


def test_a_higher_bound_of_a_single_optimum_is_refused(checker):
    """Where only the cuts prove the bound, one more is refused."""
    for seed in range(8):
        false = route(seed, whole=False)
        part = false["routes"][0]
        part["lower_bound"] += 1
        with pytest.raises(checker.Refused):
            checker.check(false)


def test_random_damage_never_crashes_the_checker(checker, tmp_path):
    """A field taken away anywhere is refused with a message and exit 1, not a traceback."""
    draw = random.Random(3)
    for number in range(20):
        false = route(number, whole=True)
        part = false["routes"][0]
        del part[draw.choice(sorted(part.keys() - {"name", "places"}))]
        path = tmp_path / f"{number}.json"
        path.write_text(json.dumps(false))
        assert checker.main(str(path)) == 1


def test_lengths_on_the_globe_are_measured_again(checker):
    """An arc that claims a shorter length than its geodesic is refused."""
    false = route(1, whole=True)
    part = false["routes"][0]
    part.update(metric="wgs84-m", places=[[0.001 * node, 0.0] for node in range(part["nodes"])])
    with pytest.raises(checker.Refused, match="wrong length"):
        checker.check(false)
