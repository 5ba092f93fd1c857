"""Whatever is handed in, a case is read or one of our own errors is raised."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.example import FULL, read

from safeconduct.formats.casefile import CASE, Loaded
from safeconduct.formats.yamltree import read_tree
from safeconduct.model.errors import InvalidInput, SafeConductError

PLAIN = read_tree(FULL, name="page").plain()
LINES = FULL.splitlines(keepends=True)
ODD_VALUES = st.sampled_from(
    [
        None,
        True,
        -1,
        0,
        98,
        1e308,
        "",
        "x",
        "XB",
        "2031-03-04T19:00Z",
        "2031-02-30",
        "9999-12-31T23:59-12:00",
        [],
        {},
        [[]],
    ]
) | st.text(max_size=5)
TREES = st.recursive(
    ODD_VALUES,
    lambda below: (
        st.lists(below, max_size=3) | st.dictionaries(st.sampled_from([*CASE, "id", "at"]), below, max_size=4)
    ),
)


def paths(tree: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    found = [path] if path else []
    if isinstance(tree, dict):
        return found + [below for key, value in tree.items() for below in paths(value, (*path, key))]
    if isinstance(tree, list):
        return found + [below for index, value in enumerate(tree) for below in paths(value, (*path, index))]
    return found


def put(tree: object, path: tuple[str | int, ...], value: object) -> object:
    if not path:
        return value
    if isinstance(tree, dict):
        return tree | {path[0]: put(tree[path[0]], path[1:], value)}
    return [put(old, path[1:], value) if index == path[0] else old for index, old in enumerate(tree)]


def tolerate(text: str | bytes) -> None:
    with contextlib.suppress(InvalidInput):
        assert isinstance(read(text), Loaded)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(FULL) - 1), st.binary(max_size=6), st.integers(0, 6))
def test_bytes_that_change_raise_nothing_else(place: int, new: bytes, drop: int) -> None:
    """Any few bytes replaced anywhere give a case or an `InvalidInput`."""
    raw = FULL.encode()
    tolerate(raw[:place] + new + raw[place + drop :])


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=60))
def test_lines_in_any_order_raise_nothing_else(lines: list[str]) -> None:
    """The lines of a case in any order, some missing and some twice, give a case or an `InvalidInput`."""
    tolerate("".join(lines))


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(paths(PLAIN)), TREES)
def test_values_that_change_raise_nothing_else(path: tuple[str | int, ...], value: object) -> None:
    """Any value of a case replaced by anything gives a case or an `InvalidInput`."""
    tolerate(json.dumps(put(PLAIN, path, value), ensure_ascii=False))


@settings(max_examples=100, deadline=None)
@given(TREES)
def test_any_tree_raises_nothing_else(tree: object) -> None:
    """Any tree over the words of the format gives an error of ours, with a place."""
    with pytest.raises(SafeConductError) as caught:
        read(json.dumps(tree))
    assert caught.value.where.startswith("case.yaml:")


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60) | st.binary(max_size=60))
def test_any_text_raises_nothing_else(text: str | bytes) -> None:
    """Any text and any bytes give an error of ours."""
    tolerate(text)
