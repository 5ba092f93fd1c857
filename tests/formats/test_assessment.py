from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
import types
import typing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.assessment.answer import Assessment, Quantiles, Sets
from safeconduct.formats.assessment import SCHEMA_ID, schema, to_json
from safeconduct.model.errors import Bug

REPO = Path(__file__).resolve().parents[2]
FINITE = st.floats(allow_nan=False, allow_infinity=False)
INSTANTS = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def of(kind: object) -> st.SearchStrategy[object]:
    """Any value of a type that the answer uses."""
    plain = {str: st.text(max_size=5), int: st.integers(), bool: st.booleans(), float: FINITE, datetime: INSTANTS}
    if kind in plain:
        return plain[kind]
    if kind is types.NoneType:
        return st.none()
    if dataclasses.is_dataclass(kind):
        return assessments(kind)
    arguments = typing.get_args(kind)
    if typing.get_origin(kind) is tuple:
        if arguments[-1] is Ellipsis:
            return st.lists(of(arguments[0]), max_size=1).map(tuple)
        return st.tuples(*map(of, arguments))
    return st.one_of(*map(of, arguments))


def assessments(kind: type = Assessment) -> st.SearchStrategy[object]:
    fields = {name: of(hint) for name, hint in typing.get_type_hints(kind).items()}
    return st.builds(kind, **(fields | ({"schema": st.just(SCHEMA_ID)} if kind is Assessment else {})))


ANY = assessments()


@settings(max_examples=25, deadline=None)
@given(ANY)
def test_the_json_keeps_the_schema(assessment: Assessment) -> None:
    """Whatever an assessment holds, its JSON is strict JSON and valid by the generated schema."""
    text = json.dumps(to_json(assessment), allow_nan=False)
    jsonschema.Draft202012Validator(schema()).validate(json.loads(text))


@settings(max_examples=10, deadline=None)
@given(ANY)
def test_keys_stand_in_the_order_of_the_dataclass(assessment: Assessment) -> None:
    """The same assessment gives the same bytes: no order is left to chance."""
    assert list(to_json(assessment)) == [field.name for field in dataclasses.fields(Assessment)]


@settings(max_examples=5, deadline=None)
@given(ANY)
def test_values_are_written_plainly(assessment: Assessment) -> None:
    """Instants end in Z whatever their zone, sets are named, numbers of numpy are numbers."""
    zone = timezone(timedelta(hours=3, minutes=30))
    changed = dataclasses.replace(
        assessment,
        as_of=datetime(2024, 5, 19, 20, 30, tzinfo=zone),
        sufficient_sets=(Sets(("A", "B")),),
        unverified_share=np.float64(0.5),
        draws=np.int64(7),
    )
    plain = to_json(changed)
    assert plain["as_of"] == "2024-05-19T17:00:00Z"
    assert plain["sufficient_sets"] == [{"clearances": ["A", "B"], "margin": None, "borderline": False}]
    assert (type(plain["unverified_share"]), type(plain["draws"])) == (float, int)


@settings(max_examples=5, deadline=None)
@given(ANY, st.sampled_from([float("nan"), float("inf"), -float("inf"), 1j, b"x"]))
def test_what_json_cannot_hold_is_our_fault(assessment: Assessment, value: object) -> None:
    """A number that is not finite, or a foreign value, is refused with its place."""
    broken = dataclasses.replace(assessment.value, as_it_stands=Quantiles(None, value, None))
    with pytest.raises(Bug) as caught:
        to_json(dataclasses.replace(assessment, value=broken))
    assert caught.value.where == "assessment.value.as_it_stands.p50"


def test_the_schema_is_a_schema() -> None:
    """It is valid by its own dialect, carries its version, and requires every key."""
    made = schema()
    jsonschema.Draft202012Validator.check_schema(made)
    assert made["$id"] == SCHEMA_ID
    assert made["required"] == [field.name for field in dataclasses.fields(Assessment)]


def test_the_written_schema_is_current() -> None:
    """docs/schema holds what the dataclasses say now."""
    script = REPO / "tools" / "build_schema.py"
    done = subprocess.run([sys.executable, str(script), "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
