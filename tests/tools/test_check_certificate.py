"""The independent checker accepts our certificates and refuses every one that was tampered with."""

import ast
import copy
import importlib.util
import itertools
import json
import random
import re
import sys

import pytest
from benchmarks.airspaces.instances import maplike, scattered
from tests.reach.test_barriers import DIRECT_M, ENDS
from tests.reach.test_detours import EAST, WEST, certified, document

from safeconduct.desk.assess import assess
from safeconduct.desk.cases import open_case
from safeconduct.desk.certificates import certificate, certificate_json
from safeconduct.formats.certificate import seal, to_json
from safeconduct.reach.hitting import fewest_colours
from safeconduct.reach.labels import graph_front
from safeconduct.reach.proof import of_fewest, of_front, trimmed
from safeconduct.reach.route import route_front


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
    document = json.loads(json.dumps(to_json({}, routes=[part])))
    del document["seal"]  # what is refused here is refused for what it says
    return document


@pytest.fixture(scope="module")
def answer():
    return assess(open_case("varzaqan-2024").case, goal="reached")


@pytest.fixture(scope="module")
def proof(answer):
    case = open_case("varzaqan-2024").case
    return json.loads(json.dumps(certificate_json(case, answer)))


@pytest.mark.parametrize("seed", range(30))
def test_route_certificates_are_accepted(checker, seed):
    """Whole fronts and single optima of random graphs, map-like and scattered, are accepted."""
    for whole in (True, False):
        assert len(checker.check(route(seed, whole=whole))) == 2


def test_the_assessment_s_certificate_is_accepted(checker, answer, proof):
    """The sets of a shipped case are accepted: as many as the answer counts, blocking ones by class of clearances."""
    sets = f"{answer.sufficient_count} sufficient and {len(proof['value']['blocking'])} blocking sets"
    assert checker.check(proof)[-2] == f"value of reached: {sets}, all of them"


def test_every_cut_of_the_assessment_s_flights_is_proved(checker, proof):
    """By an end within, a barrier, or walls: nothing is left to the solver's word."""
    said = checker.check(proof)[: len(proof["flights"])]
    assert len(said) > 20
    assert all(line.endswith("; 0 not proved") for line in said)
    assert len(proof["detours"]) == 3


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


def places_in(node, path=()):
    """Every place of a document; of a list its first, middle and last entry."""
    yield path, node
    if isinstance(node, dict):
        for key, each in node.items():
            yield from places_in(each, (*path, key))
    elif isinstance(node, list) and node:
        for index in sorted({0, len(node) // 2, len(node) - 1}):
            yield from places_in(node[index], (*path, index))


CHANGES = {
    bool: (("flip", lambda each: not each),),
    int: (("more", lambda each: each + 1), ("less", lambda each: each - 1)),
    float: (("more", lambda each: each + 1.0), ("less", lambda each: each - 1.0)),
    str: (("rename", lambda each: each + "x"),),
    type(None): (("fill", lambda _: []),),
}


def tampered(document):
    """The document with one place deleted, doubled or changed, and the name of the place with * for numbers."""
    for path, node in list(places_in(document))[1:]:
        name = ".".join("*" if isinstance(key, int) else key for key in path)
        name = re.sub(r"^airspaces\.[A-Z]+", "airspaces.*", name)
        acts = [
            ("delete", None),
            *([("double", None)] if isinstance(path[-1], int) else []),
            *CHANGES.get(type(node), ()),
        ]
        for act, change in acts:
            false = copy.deepcopy(document)
            inner = false
            for key in path[:-1]:
                inner = inner[key]
            if act == "delete":
                del inner[path[-1]]
            elif act == "double":
                inner.insert(path[-1], copy.deepcopy(node))
            else:
                inner[path[-1]] = change(node)
            yield name, act, false


def accepted(checker, document):
    try:
        return bool(checker.check(document))
    except (checker.Refused, ArithmeticError, LookupError, TypeError, ValueError, AttributeError):
        return False


def detoured():
    """A flight between two airspaces that are passed on opposite sides."""
    (way,) = [each for each in route_front(*ENDS, (WEST, EAST), limit_m=3.0 * DIRECT_M) if not each.needs]
    return {**document(certified((WEST, EAST), 0.995 * way.distance_m)), "about": {"case": "x"}}


@pytest.fixture(scope="module")
def parts(proof):
    """Small documents, one for each kind of claim."""
    barrier = next(
        flight
        for flight in proof["flights"]
        if flight["limit_m"] < 130_000.0 and any(c["line"] for c in flight["cuts"])
    )
    rings = {code: proof["airspaces"][code] for code in barrier["near"]}
    bare = {"format": proof["format"], "about": {"case": "x"}, "airspaces": {}, "flights": [], "routes": []}
    graph, single = route(2, whole=True)["routes"], route(3, whole=False)["routes"]
    return {
        "value": {**bare, "value": proof["value"]},
        "flights": {**bare, "airspaces": rings, "flights": [barrier], "value": None},
        "detours": {**detoured(), "format": proof["format"]},
        "graph": {**bare, "routes": graph, "value": None},
        "single": {**bare, "routes": single, "value": None},
    }


@pytest.mark.parametrize("kind", ["value", "flights", "detours", "graph", "single"])
def test_every_change_of_a_sealed_certificate_is_refused(checker, parts, kind):
    """Any field taken away, any entry doubled, any number, word or flag changed: refused; only the seal can go."""
    sealed = {**parts[kind], "seal": seal(parts[kind])}
    assert accepted(checker, sealed)
    left = {(name, act) for name, act, false in tampered(sealed) if accepted(checker, false)}
    assert left == {("seal", "delete")}


PREMISE = "what the claims are about: other premises make another certificate, whose claims hold of them"
WORDS = "words for people, of which no claim is made"
LESS = "claims less, and that holds"
SAME = "says the same in another way"
TRUE_STILL = {
    "about": WORDS, "about.case": WORDS, "airspaces": LESS, "flights": LESS, "flights.*": LESS,
    "airspaces.*": PREMISE, "airspaces.*.*": PREMISE, "airspaces.*.*.*": PREMISE, "airspaces.*.*.*.*": PREMISE,
    "flights.*.name": WORDS, "flights.*.free": WORDS, "flights.*.free.*": WORDS, "flights.*.near.*": PREMISE,
    "flights.*.limit_m": PREMISE, "flights.*.cuts.*.line.*": SAME, "flights.*.cuts.*.line.*.*": SAME,
    "flights.*.opens.*.line.*": SAME, "flights.*.opens.*.line.*.*": SAME,
    "detours": LESS, "detours.*": LESS, "detours.*.limit_m": LESS, "detours.*.from.*": LESS, "detours.*.to.*": LESS,
    "detours.*.needs.*": SAME, "detours.*.walls.*": SAME, "detours.*.walls.*.*": SAME, "detours.*.walls.*.*.*": SAME,
    "value.absent.*.course": SAME, "value.absent.*.needs.*": LESS, "value.classes.*": SAME, "value.complete": LESS,
    "value.courses.*": PREMISE, "value.courses.*.needs.*": PREMISE, "value.courses.*.values.*": PREMISE,
    "value.courses.*.ways.*": SAME, "value.goal": WORDS, "value.highest": PREMISE, "value.looked_for": WORDS,
    "value.looked_for.*": WORDS, "value.open.*": SAME, "value.target": PREMISE, "value.unit": WORDS,
    "routes.*": LESS,
    "routes.*.opens.*": LESS, "routes.*.name": WORDS, "routes.*.arcs.*": PREMISE, "routes.*.arcs.*.*": PREMISE,
    "routes.*.needs.*": PREMISE, "routes.*.needs.*.*": PREMISE, "routes.*.limit": PREMISE, "routes.*.places": SAME,
    "routes.*.opens.*.path.*": SAME, "routes.*.nodes": WORDS, "routes.*.metric": PREMISE, "routes.*.complete": LESS,
    "routes.*.cuts.*": LESS, "routes.*.lower_bound": LESS,
}  # fmt: skip
"""Places where somebody who seals anew can change something and be accepted, and why no false claim is."""


@pytest.mark.parametrize("kind", ["value", "flights", "detours", "graph", "single"])
def test_what_can_be_changed_and_sealed_anew_leaves_true_claims(checker, parts, kind):
    """Without the seal, the sets, cuts, bounds and accounts themselves cannot be changed; the rest is listed."""
    left = {name for name, _, false in tampered(parts[kind]) if accepted(checker, false)}
    assert sorted(left - set(TRUE_STILL)) == []


def test_claims_that_are_false_are_refused_whatever_their_seal(checker, parts):
    """A set cut short, a cut cut short, a set or cut left out: refused without a seal as well."""
    for kind, part, families in (
        ("value", "value", ("sufficient", "blocking")),
        ("graph", "routes", ("opens", "cuts")),
    ):
        for family in families:
            for change in (lambda rows: rows.pop(), lambda rows: rows.append([]), shorten):
                false = copy.deepcopy(parts[kind])
                change((false[part] if part == "value" else false[part][0])[family])
                assert not accepted(checker, false)


def shorten(rows):
    row = rows[-1]["needs"] if isinstance(rows[-1], dict) else rows[-1]
    row.pop()


def test_a_flight_through_an_airspace_it_does_not_name_is_refused(checker, parts):
    """The direct way in place of the way round, at any limit."""
    false = copy.deepcopy(parts["flights"])
    flight = false["flights"][0]
    row = min(flight["opens"], key=lambda each: len(each["needs"]))
    row["needs"] = row["needs"][:-1]
    flight["limit_m"] = 1e7
    assert not accepted(checker, false)


def test_a_line_that_ways_get_round_is_no_barrier(checker, parts):
    """A barrier that ends within the ellipse, does not part the ends, or leaves the closed airspaces is refused."""
    place = next(i for i, cut in enumerate(parts["flights"]["flights"][0]["cuts"]) if cut["line"])
    for change in (
        lambda line: line.__delitem__(slice(len(line) // 2, None)),
        lambda line: line.__setitem__(slice(1, None), [[lon, lat + 5.0] for lon, lat in line[1:]]),
        lambda line: line.__delitem__(slice(2, None)),
    ):
        false = copy.deepcopy(parts["flights"])
        change(false["flights"][0]["cuts"][place]["line"])
        assert not accepted(checker, false)


def test_each_kind_of_claim_is_checked_by_about_fifty_statements(repo):
    """Statements of all functions that a kind of claim needs, but for docstrings and the heads of functions."""
    tree = ast.parse((repo / "tools" / "check_certificate.py").read_text(encoding="utf-8"))
    functions = {each.name: each for each in tree.body if isinstance(each, ast.FunctionDef)}

    def own(function):
        return [
            each
            for each in ast.walk(function)
            if isinstance(each, ast.stmt)
            and not isinstance(each, ast.FunctionDef)
            and not (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))
        ]

    def needed(name, seen):
        seen.add(name)
        for each in ast.walk(functions[name]):
            if isinstance(each, ast.Name) and each.id in functions and each.id not in seen:
                needed(each.id, seen)
        return seen

    sizes = {
        name: sum(len(own(functions[each])) for each in needed(name, set()))
        for name in ("check_value", "check_flight", "check_most", "check_detour", "check_routes")
    }
    assert max(sizes.values()) <= 50, sizes
    imported = {each.names[0].name.split(".")[0] for each in ast.walk(tree) if isinstance(each, ast.Import)}
    imported |= {each.module.split(".")[0] for each in ast.walk(tree) if isinstance(each, ast.ImportFrom)}
    assert imported - sys.stdlib_module_names == {"pyproj"}


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
        del part[draw.choice(sorted(part.keys() - {"name", "places", "nodes"}))]
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


def wall_across(lat_from, lat_to):
    """A ring that stands across the direct way from 10 to 20 east at 45 north."""
    west, east = 14.9, 15.1
    return [[west, lat_from], [east, lat_from], [east, lat_to], [west, lat_to], [west, lat_from]]


def flight_of(ring, **claims):
    """A document of one flight over one airspace, with the claims given."""
    flight = {
        "name": "x", "from": [10.0, 45.0], "to": [20.0, 45.0], "limit_m": 900_000.0, "free": [], "near": ["X"],
        "opens": [], "cuts": [{"needs": [], "line": None}],
    }  # fmt: skip
    return {
        "format": "safeconduct/certificate/1", "about": {}, "airspaces": {"X": [ring]}, "flights": [flight | claims],
        "detours": [], "routes": [], "value": None,
    }  # fmt: skip


def open_by(path):
    return {"opens": [{"needs": [], "line": path}], "cuts": []}


def test_walls_off_the_globe_are_refused(checker):
    """Corners written beyond a pole (180 - lat, lon + 180) are no corners that pyproj can measure: no way is denied."""
    ring = wall_across(44.0, 46.0)
    wall = [[14.95, 44.1], [15.05, 44.1], [15.05, 45.9], [14.95, 45.9], [14.95, 44.1]]
    for beyond in (False, True):
        line = [[lon + 180.0, 180.0 - lat] for lon, lat in wall] if beyond else wall
        claim = {"from": [10.0, 45.0], "to": [20.0, 45.0], "limit_m": 900_000.0, "needs": ["X"], "walls": [line]}
        cut = {"opens": [{"needs": ["X"], "line": []}], "cuts": [{"needs": ["X"], "line": None}]}
        assert not accepted(checker, {**flight_of(ring, **cut), "detours": [claim]})


def test_a_link_between_opposite_places_proves_nothing(checker):
    """A path, or a barrier, that leaps to the place exactly opposite meets no border on its way."""
    ring = wall_across(44.9, 60.0)  # open to the south: there is a way round
    leap = [[15.0, 45.05], [-165.0, -45.05]]
    line = [[15.0, 59.0], *leap]
    cut = {"opens": [{"needs": ["X"], "line": []}], "cuts": [{"needs": ["X"], "line": line}]}
    assert not accepted(checker, flight_of(ring, **cut))
    across = {"from": [15.0, 40.0], "to": [-165.0, -40.0], "limit_m": 3e7}
    path = [[15.0, 40.0], [-165.0, -40.0]]
    assert not accepted(checker, flight_of(wall_across(41.0, 50.0), **across, **open_by(path)))
    round_it = [[15.0, 40.0], [100.0, 0.0], [-165.0, -40.0]]
    assert accepted(checker, flight_of(wall_across(41.0, 50.0), **across, **open_by(round_it)))


def test_a_path_from_corner_to_corner_of_an_airspace_is_refused(checker):
    """Through the inside, it may meet no edge."""
    draw = random.Random(5)
    for _ in range(60):
        ring = [[lon + draw.uniform(-0.1, 0.1), lat] for lon, lat in wall_across(44.0, 46.0)[:4]]
        ring = [*ring, ring[0]]
        for corner in range(4):  # to the one across
            path = [[10.0, 45.0], ring[corner], ring[corner - 2], [20.0, 45.0]]
            assert not accepted(checker, flight_of(ring, **open_by(path)))
    assert accepted(checker, flight_of(ring, **open_by([[10.0, 45.0], [15.0, 46.3], [20.0, 45.0]])))


def test_a_flight_into_an_airspace_from_its_first_corner_is_refused(checker):
    """Where the start lies on the border itself, the end counts as well."""
    ring = wall_across(44.0, 46.0)
    flight = {"from": ring[0], "to": [15.0, 45.0]}
    assert not accepted(checker, flight_of(ring, **flight, **open_by([ring[0], [15.0, 45.0]])))


def test_a_bound_that_is_no_whole_number_is_refused(checker):
    """Where one permission opens a way, "at least one and a half" would mean two."""
    arcs = [[0, 1, 1.0, 0]]
    part = {
        "name": "x", "metric": "units", "places": None, "nodes": 2, "from": 0, "to": 1, "limit": None, "needs": [["a"]],
        "arcs": arcs, "opens": [{"needs": ["a"], "path": [0, 1]}], "cuts": [["a"]], "complete": False,
    }  # fmt: skip
    bare = {"format": "safeconduct/certificate/1", "routes": [], "value": None}
    assert accepted(checker, bare | {"routes": [part | {"lower_bound": 1}]})
    assert not accepted(checker, bare | {"routes": [part | {"lower_bound": 1.5}]})


def test_what_json_does_not_know_is_no_number(checker, tmp_path):
    """NaN and Infinity, which Python reads, are refused."""
    path = tmp_path / "odd.json"
    for word in ("NaN", "Infinity", "-Infinity"):
        text = json.dumps(route(1, whole=True))
        path.write_text(re.sub(r'"limit": [0-9.]+', f'"limit": {word}', text))
        assert checker.main(str(path)) == 1
