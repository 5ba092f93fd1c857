from __future__ import annotations

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.formats import yamltree
from safeconduct.formats.yamltree import read_tree

SCALARS = st.none() | st.booleans() | st.integers(-(10**17), 10**17) | st.floats(allow_nan=False, allow_infinity=False)
# Line and paragraph separators are left out where the loaders are compared: the slow one ends a key of JSON form there.
ONE_LINE = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn", "Co", "Zl", "Zp")), max_size=12)
PRINTABLE = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn", "Co")), max_size=12)
TREES = st.recursive(
    SCALARS | PRINTABLE,
    lambda below: st.lists(below, max_size=4) | st.dictionaries(PRINTABLE, below, max_size=4),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("NO", "NO"),  # a country, not false
        ("on", "on"),
        ("2024-05-19", "2024-05-19"),  # YAML would make a date
        ("12:30:45", "12:30:45"),  # YAML 1.1 would make a number to the base of 60
        ("1_000", "1_000"),
        ("0x10", "0x10"),
        ("'5'", "5"),
        ("5", 5),
        ("-.5", -0.5),
        ("1e3", 1000.0),
        ("~", None),
        ("TRUE", True),
        ("<<", "<<"),
    ],
)
def test_a_plain_word_is_read_as_json_would(text: str, value: object) -> None:
    """Dates, countries and old YAML spellings stay text; numbers, truth and null are themselves."""
    found = read_tree(f"a: {text}", name="x").plain()["a"]
    assert (found, type(found)) == (value, type(value))


def test_every_node_knows_its_line_and_path() -> None:
    """A value in a mapping stands where its key stands; a member of a list where it begins."""
    root = read_tree("a:\n  b:\n    - 1\n    -\n      c: x\n# c\nd:\n  >\n  long\n", name="x")
    places = [node.where for node in root.walk()]
    assert places == ["x:1", "x:1 a", "x:2 a.b", "x:3 a.b[0]", "x:5 a.b[1]", "x:5 a.b[1].c", "x:7 d"]


@given(TREES.filter(lambda tree: tree is not None))
def test_json_is_read_as_itself(tree: object) -> None:
    """Any JSON document within the limits is read back as itself."""
    assert read_tree(json.dumps(tree, ensure_ascii=False), name="x").plain() == tree


@given(st.dictionaries(ONE_LINE, st.lists(SCALARS | ONE_LINE, max_size=3), min_size=1, max_size=5))
def test_both_loaders_say_the_same(tree: object) -> None:
    """Without the C library the Python loader gives the same tree."""
    text = json.dumps(tree, ensure_ascii=False, indent=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yamltree, "_LOADER", yaml.SafeLoader)
        slow = read_tree(text, name="x")
    assert slow == read_tree(text, name="x")


def test_a_byte_order_mark_is_no_content() -> None:
    """A mark at the beginning is dropped, from bytes and from text."""
    assert read_tree(b"\xef\xbb\xbfa: 1", name="x").plain() == read_tree("\ufeffa: 1", name="x").plain() == {"a": 1}
