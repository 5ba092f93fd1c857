"""The examples in docs/conformance.md."""

import io
import json
import re
from pathlib import Path

import pytest

from safeconduct.conformance.__main__ import main
from safeconduct.conformance.ops import BYTE_OPS, OPS

PAGE = Path(__file__).parents[2] / "docs" / "conformance.md"
EXAMPLE = re.compile(
    r"```json in (?P<op>\S+)\n(?P<given>.*?)```\s+"
    r"```json out (?P<status>\d)(?: within (?P<within>\S+))?(?P<part> part)?\n(?P<expected>.*?)```",
    re.DOTALL,
)
EXAMPLES = [match.groupdict() for match in EXAMPLE.finditer(PAGE.read_text(encoding="utf-8"))]


def near(expected, within):
    """*expected* with every number replaced by a comparison within *within*, relative."""
    if isinstance(expected, dict):
        return {key: near(value, within) for key, value in expected.items()}
    if isinstance(expected, list):
        return [near(value, within) for value in expected]
    return pytest.approx(expected, rel=within) if isinstance(expected, float) else expected


def holds(expected, got):
    """Whether *got* has at least what is expected: every key, every member of a list."""
    if isinstance(expected, dict):
        return isinstance(got, dict) and all(key in got and holds(value, got[key]) for key, value in expected.items())
    if isinstance(expected, list) and expected and isinstance(expected[0], dict):
        return all(any(holds(each, one) for one in got) for each in expected)
    return expected == got


@pytest.mark.parametrize("example", EXAMPLES, ids=[each["op"] for each in EXAMPLES])
def test_each_example_is_what_comes_out(example):
    """Status and answer of every example are those on the page."""
    sink = io.BytesIO()
    status = main([example["op"]], io.BytesIO(example["given"].encode()), sink)
    assert status == int(example["status"])
    expected, got = json.loads(example["expected"]), json.loads(sink.getvalue())
    assert holds(expected, got) if example["part"] else got == near(expected, float(example["within"] or 1e-9))


def test_every_op_has_an_example():
    """No op without an example, no example block that the pattern above misses."""
    assert {each["op"] for each in EXAMPLES} == {*OPS, *BYTE_OPS}
    assert PAGE.read_text(encoding="utf-8").count("```json") == 2 * len(EXAMPLES)
