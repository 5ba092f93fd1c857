"""What the ops answer."""

import base64
import functools
import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.conformance.__main__ import main
from safeconduct.conformance.ops import BYTE_OPS, OPS
from safeconduct.search import path

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
)


def as_base64(data):
    return base64.b64encode(data).decode()


SOUND = {
    "law": st.sampled_from(["exponential", "inverse-cube", "definite-range"]),
    "coverage": st.lists(st.floats(-1, 1e308), max_size=4),
    "poa": st.lists(st.sampled_from([0, 0.25, 0.5, 1]), max_size=4),
    "outside": st.sampled_from([0, 0.25, 0.5, 1]),
    "pod": st.lists(st.floats(0, 1), max_size=4),
    "ways": st.lists(
        st.fixed_dictionaries(
            {
                "id": st.text("abc", max_size=3),
                "needs": st.lists(st.text("ABC", max_size=2), max_size=4),
                "value": st.floats(0, 1) | st.floats(0, 1e308) | JSON,
            }
        ),
        max_size=5,
    ),
    "p": st.lists(st.floats(0, 8) | st.floats(-1, 1e308), max_size=3),
    "w": st.lists(st.lists(st.floats(0, 8) | st.floats(-1, 1e308), max_size=2), max_size=3),
    "T": st.lists(st.floats(0, 8) | st.floats(-1, 1e308), max_size=2),
    "grid": st.tuples(st.integers(0, 3), st.integers(1, 3)).map(list),
    "stay": st.floats(0, 1),
    "searcher": st.integers(-1, 4),
    "target": st.integers(-1, 4),
    "glimpse": st.floats(0, 1),
    "steps": st.integers(-1, 4),
    "combine": st.sampled_from(["max", "noisy-or"]),
    "threshold": st.floats(-1, 2),
    "from": st.tuples(st.floats(-180, 180), st.floats(-90, 90)).map(list),
    "to": st.tuples(st.floats(-180, 180), st.floats(-90, 90)).map(list),
    "airspace": st.lists(
        st.fixed_dictionaries(
            {
                "needs": st.text("XY", min_size=1, max_size=1),
                "ring": st.lists(st.tuples(st.integers(-20, 20), st.integers(-20, 20)).map(list), max_size=5),
            }
        ),
        max_size=2,
    ),
}
SOUND |= {
    "public_key": st.binary(max_size=33).map(bytes.hex),
    "message": st.binary(max_size=4).map(bytes.hex),
    "signature": st.binary(max_size=65).map(bytes.hex),
    "kind": st.sampled_from(["inclusion", "consistency"]),
    "proof": st.none() | st.lists(st.binary(min_size=31, max_size=32).map(as_base64), max_size=4),
} | dict.fromkeys(["leafIdx", "treeSize", "size1", "size2"], st.integers(-1, 9) | st.integers())
SOUND |= dict.fromkeys(["leafHash", "root", "root1", "root2"], st.binary(max_size=32).map(as_base64))
DOCUMENTS = st.fixed_dictionaries({}, optional={key: good | JSON for key, good in SOUND.items()}) | (
    st.fixed_dictionaries(SOUND)
)


def status_of(op, document):
    """Exit status for a document, which must come with exactly one line that is a JSON object."""
    sink = io.BytesIO()
    status = main([op], io.BytesIO(json.dumps(document).encode()), sink)
    (line,) = sink.getvalue().splitlines()
    assert ("error" in json.loads(line)) == (status != 0)
    return status


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted({*OPS, *BYTE_OPS} - {"route"})), DOCUMENTS)
def test_any_document_gives_an_answer_or_our_error(op, document):
    """Whatever the JSON, the answer is an object or bad input (status 2); never a fault of ours (3) or a traceback."""
    assert status_of(op, document) in {0, 2}


@settings(max_examples=25, deadline=None)
@given(DOCUMENTS)
def test_any_route_document_gives_an_answer_or_our_error(document):
    """The same for routes, with fewer draws since each one searches the globe."""
    assert status_of("route", document) in {0, 2}


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 3).flatmap(
        lambda areas: st.integers(0, 2).flatmap(
            lambda crews: st.fixed_dictionaries(
                {
                    "p": st.lists(st.floats(0, 1e100), min_size=areas, max_size=areas),
                    "w": st.lists(
                        st.lists(st.floats(0, 1e100), min_size=crews, max_size=crews), min_size=areas, max_size=areas
                    ),
                    "T": st.lists(st.floats(0, 1e100), min_size=crews, max_size=crews),
                }
            )
        )
    )
)
def test_every_allocation_that_fits_is_answered(document):
    """Whatever numbers in the domain, shapes that fit give status 0."""
    assert status_of("allocate", document) == 0


def test_an_allocation_has_a_row_for_each_area():
    """Times stand as the rates do: a row for each area, a column for each resource."""
    answer = OPS["allocate"]({"p": [4, 0, 2], "w": [[1, 2], [3, 4], [2, 1]], "T": [1, 2]})
    assert [len(row) for row in answer["t"]] == [2, 2, 2]
    assert answer["t"][1] == [0.0, 0.0]
    assert [sum(column) for column in zip(*answer["t"], strict=True)] == pytest.approx([1.0, 2.0])


def test_a_path_that_is_not_proven_best_carries_its_bound(monkeypatch):
    """Where the search for the best path ends early, the answer says what no path exceeds; else it does not."""
    asked = {"grid": [6, 6], "stay": 0.4, "searcher": 0, "target": 35, "glimpse": 0.5, "steps": 12}
    proven = OPS["path"](asked)
    assert set(proven) == {"p", "path"}
    short = functools.partial(path.best_path, work=1_000)
    monkeypatch.setattr(path, "best_path", short)
    cut = OPS["path"](asked)
    assert cut["p"] <= proven["p"] < cut["bound"]


def test_sets_come_sorted():
    """Identifiers are sorted inside a set, sets among each other, and every clearance has its worth."""
    ways = [
        {"id": "1", "needs": ["Z", "B"], "value": 0.5},
        {"id": "2", "needs": ["C"], "value": 0.5},
        {"id": "3", "needs": ["A", "D", "A"], "value": 0.75},  # a set is meant: the second A adds nothing
        {"id": "4", "needs": ["E"], "value": 0},
    ]
    answer = OPS["sets"]({"ways": ways, "combine": "max", "threshold": 0.5})
    assert answer["sufficient"] == [["A", "D"], ["B", "Z"], ["C"]]
    assert answer["blocking"] == [["A", "B", "C"], ["A", "C", "Z"], ["B", "C", "D"], ["C", "D", "Z"]]
    assert list(answer["shapley"]) == ["A", "B", "C", "D", "E", "Z"]
    assert answer["shapley"]["E"] == 0.0


def test_the_degenerate_sets():
    """A free way that reaches it: [[]] and []; out of reach with all: [] and [[]]; no ways at all: no clearances."""
    free = [{"id": "1", "needs": [], "value": 0.5}, {"id": "2", "needs": ["A"], "value": 0.9}]
    reached = OPS["sets"]({"ways": free, "combine": "max", "threshold": 0.5})
    assert (reached["sufficient"], reached["blocking"]) == ([[]], [])
    beyond = OPS["sets"]({"ways": free, "combine": "max", "threshold": 0.95})
    assert (beyond["sufficient"], beyond["blocking"]) == ([], [[]])
    nothing = OPS["sets"]({"ways": [], "combine": "noisy-or", "threshold": 0.1})
    assert nothing == {"sufficient": [], "blocking": [[]], "shapley": {}}


def test_a_route_asks_for_each_permission_once():
    """Two parts of one airspace between the ends are one need, and a ring may be closed by its first corner."""
    parts = [[[1, -5], [1.2, -5], [1.2, 5], [1, 5], [1, -5]], [[2, -5], [2.2, -5], [2.2, 5], [2, 5]]]
    answer = OPS["route"]({"from": [0, 0], "to": [3, 0], "airspace": [{"needs": "X", "ring": ring} for ring in parts]})
    needs = [option["needs"] for option in answer["options"]]
    lengths = [option["distance_km"] for option in answer["options"]]
    assert needs == [[], ["X"]]
    assert 333.9 < lengths[1] < 334.0 < lengths[0]


def test_an_end_inside_is_needed_in_every_option():
    """From inside an airspace there is no way without it."""
    ring = [[-1, -1], [1, -1], [1, 1], [-1, 1]]
    answer = OPS["route"]({"from": [0, 0], "to": [3, 0], "airspace": [{"needs": "X", "ring": ring}]})
    assert [option["needs"] for option in answer["options"]] == [["X"]]
