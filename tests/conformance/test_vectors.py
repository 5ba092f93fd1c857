"""The published vectors of bytes, signatures and proofs, through the adapter as a stranger would use it."""

import io
import json

import pytest

from safeconduct.conformance.__main__ import main


def answers(op, documents):
    """One answer for each document, in order."""
    sink = io.BytesIO()
    assert main([op, "--lines"], io.BytesIO(b"".join(each + b"\n" for each in documents)), sink) == 0
    return [json.loads(line) for line in sink.getvalue().splitlines()]


def test_canonical_bytes_are_the_published_ones(vectors):
    """Every given JSON text comes out as the published bytes (RFC 8785)."""
    inputs = sorted((vectors / "jcs" / "input").glob("*.json"))
    assert inputs
    for path in inputs:
        sink = io.BytesIO()
        assert main(["canonical"], io.BytesIO(path.read_bytes()), sink) == 0
        expected = "".join((vectors / "jcs" / "outhex" / f"{path.stem}.txt").read_text().split())
        assert json.loads(sink.getvalue()) == {"hex": expected}
        assert (vectors / "jcs" / "output" / path.name).read_bytes().hex() == expected


def test_signatures_hold_where_the_vectors_say_so(vectors):
    """Each of the published signatures is judged as published, the malleable and the cut ones included."""
    groups = json.loads((vectors / "signatures" / "ed25519_test.json").read_text())["testGroups"]
    cases = [(group["publicKey"]["pk"], case) for group in groups for case in group["tests"]]
    documents = [{"public_key": key, "message": case["msg"], "signature": case["sig"]} for key, case in cases]
    expected = [{"valid": case["result"] == "valid"} for _, case in cases]
    assert len(cases) > 100
    assert answers("signature", [json.dumps(each).encode() for each in documents]) == expected


@pytest.mark.parametrize("kind", ["inclusion", "consistency"])
def test_proofs_hold_where_the_vectors_say_so(vectors, kind):
    """Each published proof, sound or altered, is judged as published."""
    cases = [json.loads(path.read_text()) for path in sorted((vectors / "merkle" / kind).rglob("*.json"))]
    assert len(cases) > 90
    documents = [json.dumps(each | {"kind": kind}).encode() for each in cases]
    assert answers("merkle", documents) == [{"valid": not each["wantErr"]} for each in cases]
