"""The adapter from bytes to bytes."""

import io
import json
import subprocess
import sys

import pytest

from safeconduct.conformance.__main__ import main
from safeconduct.conformance.ops import BYTE_OPS, OPS


def run(arguments, data):
    """Exit status and parsed answers, one for each line of output."""
    sink = io.BytesIO()
    status = main(arguments, io.BytesIO(data), sink)
    return status, [json.loads(line) for line in sink.getvalue().splitlines()]


def refused(op, data):
    """The error object for one document, which must come with status 2."""
    status, (answer,) = run([op], data if isinstance(data, bytes) else json.dumps(data).encode())
    assert status == 2
    assert set(answer) == {"error"}
    assert set(answer["error"]) == {"kind", "where", "message"}
    return answer["error"]


def test_one_document_in_one_answer_out():
    """A good document gives its answer and status 0; unknown fields are ignored."""
    data = b'{"law": "definite-range", "coverage": [0, 0.5, 7], "comment": {"by": null}}'
    assert run(["detect"], data) == (0, [{"pod": [0.0, 0.5, 1.0]}])


def test_line_by_line_every_line_has_an_answer():
    """With --lines good, broken and blank lines each give one object in order, and the status is 0."""
    lines = [
        b'{"law": "definite-range", "coverage": [1]}',
        b"{",
        b"",
        b"[]",
        b'{"law": "definite-range", "coverage": [-1]}',
        b'{"law": "definite-range", "coverage": [0.25]}',
    ]
    for arguments in (["detect", "--lines"], ["--lines", "detect"]):
        for end in (b"", b"\n"):
            status, answers = run(arguments, b"\r\n".join(lines) + end)
            assert status == 0
            assert [answer.get("pod", answer.get("error", {}).get("where")) for answer in answers] == [
                [1.0],
                "$ (line 1, column 2)",
                "$ (line 1, column 1)",
                "$",
                "$.coverage[0]",
                [0.25],
            ]


def test_no_lines_no_answers():
    """An empty stream with --lines holds no document, so nothing comes out."""
    assert run(["sets", "--lines"], b"") == (0, [])


@pytest.mark.parametrize("arguments", [[], ["nope"], ["detect", "update"], ["--line", "detect"], ["--lines"]])
def test_an_unknown_op_lists_the_ops(arguments):
    """Status 2 and the names of all ops."""
    status, (answer,) = run(arguments, b"{}")
    assert status == 2
    assert all(op in answer["error"]["message"] for op in [*OPS, *BYTE_OPS])


@pytest.mark.parametrize(
    ("data", "where"),
    [
        (b"", "$ (line 1, column 1)"),
        (b"{]", "$ (line 1, column 2)"),
        (b"\xff{}", "$"),  # not UTF-8
        (b"\x00\x01\x02", "$ (line 1, column 1)"),
        (b"null", "$"),
        (b'"text"', "$"),
        (b'{"law": "exponential", "law": "exponential", "coverage": []}', "$"),  # a key twice
        (b"[" * 100_000, "$"),  # too deep
        (b'{"coverage": [' + b"9" * 5000 + b"]}", "$"),  # more digits than an integer may have
        (b'{"law": "exponential", "coverage": [NaN]}', "$"),
        (b'{"law": "exponential", "coverage": [-Infinity]}', "$"),
        (b'{"law": "exponential", "coverage": [1e999]}', "$.coverage[0]"),
        (b'{"law": "exponential", "coverage": [' + b"9" * 400 + b"]}", "$.coverage[0]"),
        (b'{"law": "exponential", "coverage": [true]}', "$.coverage[0]"),
        (b'{"law": "exponential", "coverage": 1}', "$.coverage"),
        (b'{"law": "exponential"}', "$.coverage"),
        (b'{"law": 7, "coverage": []}', "$.law"),
        (b'{"law": "guess", "coverage": []}', "$.law"),
    ],
)
def test_bad_documents_are_refused_with_their_place(data, where):
    """Status 2 and an error object that names the place."""
    assert refused("detect", data)["where"] == where


def way(name="w", needs=("A",), value=0.5):
    return {"id": name, "needs": list(needs), "value": value}


SETS = {"ways": [way()], "combine": "max", "threshold": 0.5}
ALLOCATE = {"p": [1, 1], "w": [[1, 1], [1, 1]], "T": [1, 1]}
PATH = {"grid": [3, 3], "stay": 0.4, "searcher": 0, "target": 8, "glimpse": 1, "steps": 4}
RING = [[0, 0], [1, 0], [1, 1]]
CROSSED = [[0, 0], [2, 2], [2, 0], [0, 2]]
SIGNED = {"public_key": "", "message": "", "signature": ""}
PROOF = {"kind": "inclusion", "leafIdx": 0, "treeSize": 1, "leafHash": "QQ==", "root": "QQ==", "proof": []}
PART = {"needs": "X", "ring": RING}
ROUTE = {"from": [0, 0], "to": [1, 1], "airspace": []}


@pytest.mark.parametrize(
    ("op", "document", "where"),
    [
        ("update", {"poa": [0.5], "outside": 0.6, "pod": [0.1]}, "$.poa"),
        ("update", {"poa": [1.0], "outside": 0.0, "pod": [1.0]}, "$.pod"),
        ("update", {"poa": [1.0], "outside": None, "pod": [1.0]}, "$.outside"),
        ("update", {"poa": [0.5, -0.5], "outside": 1, "pod": [0, 0]}, "$.poa[1]"),
        ("allocate", ALLOCATE | {"p": [1, -1]}, "$.p[1]"),
        ("allocate", ALLOCATE | {"p": [1]}, "$.w"),
        ("allocate", ALLOCATE | {"w": [1, 2]}, "$.w[0]"),
        ("allocate", ALLOCATE | {"w": [[1, 1], [1]]}, "$.w[1]"),
        ("allocate", ALLOCATE | {"w": [[1, 1], [1, "1"]]}, "$.w[1][1]"),
        ("allocate", ALLOCATE | {"w": [[1, 1], [-1, 1]]}, "$.w[1][0]"),
        ("allocate", ALLOCATE | {"T": [1, 1e200]}, "$.T[1]"),
        ("allocate", {"p": [], "w": []}, "$.T"),
        ("path", PATH | {"grid": [3]}, "$.grid"),
        ("path", PATH | {"grid": [0, 3]}, "$.grid[0]"),
        ("path", PATH | {"grid": [3, 1.5]}, "$.grid[1]"),
        ("path", PATH | {"grid": [10**9, 10**9]}, "$.grid[0]"),
        ("path", PATH | {"stay": 2}, "$.stay"),
        ("path", PATH | {"searcher": 9}, "$.searcher"),
        ("path", PATH | {"target": -1}, "$.target"),
        ("path", PATH | {"glimpse": -0.1}, "$.glimpse"),
        ("path", PATH | {"steps": 0.5}, "$.steps"),
        ("path", PATH | {"steps": -1}, "$.steps"),
        ("path", PATH | {"steps": 1e300}, "$.steps"),
        ("sets", SETS | {"combine": "sum"}, "$.combine"),
        ("sets", SETS | {"threshold": "0.5"}, "$.threshold"),
        ("sets", SETS | {"ways": {}}, "$.ways"),
        ("sets", SETS | {"ways": [[]]}, "$.ways[0]"),
        ("sets", SETS | {"ways": [way(), way()]}, "$.ways[1].id"),
        ("sets", SETS | {"ways": [way(name=3)]}, "$.ways[0].id"),
        ("sets", SETS | {"ways": [way(needs=("A", 5))]}, "$.ways[0].needs[1]"),
        ("sets", SETS | {"ways": [way(needs=("",))]}, "$.ways[0].needs[0]"),
        ("sets", SETS | {"ways": [way(value=1e300)]}, "$.ways[0].value"),
        ("sets", SETS | {"ways": [way(value=-1)]}, "$.ways[0].value"),
        ("sets", SETS | {"combine": "noisy-or", "ways": [way(value=1.5)]}, "$.ways[0].value"),
        ("route", {"to": [0, 0], "airspace": []}, "$.from"),
        ("route", ROUTE | {"from": [0]}, "$.from"),
        ("route", ROUTE | {"to": [0, 98]}, "$.to"),
        ("route", ROUTE | {"airspace": [{"needs": "X"}]}, "$.airspace[0].ring"),
        ("route", ROUTE | {"airspace": [{"needs": ["X"], "ring": RING}]}, "$.airspace[0].needs"),
        ("route", ROUTE | {"airspace": [{"needs": "X", "ring": RING[:2]}]}, "$.airspace[0].ring"),
        ("route", ROUTE | {"airspace": [{"needs": "X", "ring": [*RING[:2], [400, 0]]}]}, "$.airspace[0].ring[2]"),
        ("route", ROUTE | {"airspace": [PART, PART | {"ring": CROSSED}]}, "$.airspace[1].ring"),
        ("route", ROUTE | {"to": [180, 0]}, "$"),  # opposite ends
        ("canonical", {"a": [1, 2**53 + 1]}, "$.a[1]"),
        ("canonical", {"a": ["\ud800"]}, "$.a[0]"),
        ("signature", SIGNED | {"public_key": "0g"}, "$.public_key"),
        ("signature", SIGNED | {"message": "0"}, "$.message"),
        ("signature", SIGNED | {"signature": "00 00"}, "$.signature"),
        ("signature", {"public_key": "", "message": ""}, "$.signature"),
        ("merkle", {"proof": []}, "$.kind"),
        ("merkle", PROOF | {"kind": "absence"}, "$.kind"),
        ("merkle", PROOF | {"leafIdx": 0.0}, "$.leafIdx"),
        ("merkle", PROOF | {"treeSize": True}, "$.treeSize"),
        ("merkle", PROOF | {"leafHash": "QQ"}, "$.leafHash"),  # padding cut off
        ("merkle", PROOF | {"root": "QR=="}, "$.root"),  # bits left over: a second spelling of QQ==
        ("merkle", PROOF | {"proof": ["QQ==", "Q\n"]}, "$.proof[1]"),
        ("merkle", PROOF | {"proof": {}}, "$.proof"),
    ],
)
def test_bad_fields_are_refused_with_their_place(op, document, where):
    """Each wrong field is named by its JSON path."""
    assert refused(op, document)["where"] == where


def test_a_fault_of_ours_is_an_object_too(monkeypatch):
    """Should an op break its promise, the answer is an error of kind bug and status 3, not a traceback."""

    def broken(_):
        raise ZeroDivisionError

    monkeypatch.setattr("safeconduct.conformance.__main__.OPS", {"detect": broken})
    status, (answer,) = run(["detect"], b"{}")
    assert (status, answer["error"]["kind"]) == (3, "bug")


def test_as_a_process_it_reads_stdin_and_sets_the_status():
    """The module is wired to stdin, stdout and the exit status, and writes nothing to stderr."""
    command = [sys.executable, "-m", "safeconduct.conformance", "detect"]
    good = subprocess.run(command, input=b'{"law": "exponential", "coverage": [0]}', capture_output=True, check=False)
    assert (good.returncode, json.loads(good.stdout), good.stderr) == (0, {"pod": [0.0]}, b"")
    bad = subprocess.run(command, input=b"nonsense", capture_output=True, check=False)
    assert (bad.returncode, list(json.loads(bad.stdout)), bad.stderr) == (2, ["error"], b"")
