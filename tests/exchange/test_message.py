"""One message, one sequence of bytes."""

import contextlib
import json
from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.exchange.threads import START, conversation, message, random_thread

from safeconduct.exchange.canonical import canonical
from safeconduct.exchange.content import CONTENT_TYPES, LEVEL_1_TYPES, NEEDS_RESOURCE, RM_TYPES, SCHEDULES
from safeconduct.exchange.message import Message, Moment, message_bytes, message_hash, read_message
from safeconduct.model.errors import InvalidInput

FIRST = conversation()[0]
TREE = json.loads(message_bytes(FIRST))


@settings(max_examples=60)
@given(st.integers(0, 2**32))
def test_what_was_written_is_read(seed):
    """Every message comes back from its bytes as the same value with the same hash."""
    for each in random_thread(seed):
        again = read_message(message_bytes(each))
        assert again == each
        assert message_hash(again) == message_hash(each)


def paths(found, path=()):
    """Every place in a JSON value."""
    yield path
    inner = found.items() if isinstance(found, dict) else enumerate(found) if isinstance(found, list) else ()
    for key, value in inner:
        yield from paths(value, (*path, key))


def changed(tree, path, value):
    """The tree with another value at one place."""
    if not path:
        return value
    copy = dict(tree) if isinstance(tree, dict) else list(tree)
    copy[path[0]] = changed(copy[path[0]], path[1:], value)
    return copy


@pytest.mark.parametrize("path", list(paths(TREE)), ids=str)
@pytest.mark.parametrize("value", [None, "2030-01-01T00:00:00Z", "", 3, -1, True, [], {}, [{}], {"at": "x"}], ids=str)
def test_a_changed_field_is_refused_or_changes_the_hash(path, value):
    """No field can be altered unnoticed: either it is no message any more, or another one."""
    tree = changed(TREE, path, value)
    if tree == TREE:
        return
    found = None
    with contextlib.suppress(InvalidInput):
        found = read_message(canonical(tree))
    assert found is None or message_hash(found) != message_hash(FIRST)


@pytest.mark.parametrize(
    ("tree", "where"),
    [
        (TREE | {"comment": "x"}, "$.comment"),
        ({key: value for key, value in TREE.items() if key != "case"}, "$.case"),
        (TREE | {"version": 2}, "$.version"),
        (TREE | {"content": "DemandResource"}, "$.content"),
        (TREE | {"sent": {"at": "2030-03-01T06:00:00", "zoned": True}}, "$.sent.at"),
        (changed(TREE, ("items", 0, "quantity"), 0), "$.items[0].quantity"),
        (changed(TREE, ("items", 0, "id"), ""), "$.items[0].id"),
        (TREE | {"recipients": ["XB", "XB"]}, "$.recipients"),
        (TREE | {"previous": ["b", "a"]}, "$.previous"),
    ],
)
def test_what_is_no_message_is_refused_with_its_place(tree, where):
    """The error names the JSON path."""
    with pytest.raises(InvalidInput) as refused:
        read_message(canonical(tree))
    assert refused.value.where == where


def test_a_second_spelling_of_the_same_message_is_refused():
    """Other layout, another order of keys, another zone: what was signed is one sequence of bytes."""
    data = message_bytes(FIRST)
    spaced = json.dumps(TREE).encode()
    reversed_keys = json.dumps(dict(reversed(TREE.items())), separators=(",", ":")).encode()
    zoned = data.replace(b"06:00:00Z", b"06:00:00+00:00")
    for other in (spaced, reversed_keys, zoned, data + b"\n"):
        with pytest.raises(InvalidInput):
            read_message(other)


def test_fractions_of_a_second_are_refused_not_lost():
    """An instant that the text could not carry is no instant of a message."""
    with pytest.raises(InvalidInput):
        message_bytes(replace(FIRST, sent=Moment(START + timedelta(microseconds=1))))


@given(st.binary(max_size=200) | st.integers(0, 2**16).map(lambda at: message_bytes(FIRST)[: at % 600]))
def test_any_bytes_are_a_message_or_our_error(data):
    """Truncated or random input raises nothing but our error."""
    with contextlib.suppress(InvalidInput):
        assert isinstance(read_message(data), Message)


def test_the_schemas_and_our_tables_agree(vectors):
    """Each reserved type with a published schema may carry exactly the schedule entries that its schema allows."""
    schema = "{http://www.w3.org/2001/XMLSchema}"
    seen = 0
    for name in RM_TYPES:
        path = vectors / "edxl-rm" / f"EDXL-RM{name}.xsd"
        if path.exists():
            (element,) = ET.parse(path).iterfind(f".//{schema}element[@name='ScheduleType']")
            allowed = {each.get("value") for each in element.iter(f"{schema}enumeration")}
            assert SCHEDULES.get(name, set()) == allowed
            seen += 1
    assert seen >= 14


def test_the_types_are_the_sixteen_and_our_ten():
    """Every table speaks of types that exist, and no name is used twice."""
    assert (len(RM_TYPES), len(LEVEL_1_TYPES), len(set(CONTENT_TYPES))) == (16, 10, 26)
    assert set(SCHEDULES) | NEEDS_RESOURCE <= set(RM_TYPES)
    for each in CONTENT_TYPES:
        assert message("1", each, 0).content == each
