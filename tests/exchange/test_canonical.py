"""One value, one sequence of bytes."""

import json
import math
import struct

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from safeconduct.exchange.canonical import MOST_INTEGER, MOST_LEVELS, canonical, parse
from safeconduct.model.errors import InvalidInput

TEXTS = st.text(max_size=6)  # Hypothesis makes no lone surrogates here
NUMBERS = st.integers(-MOST_INTEGER, MOST_INTEGER) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_reading_what_was_written_and_writing_again_changes_nothing(value):
    """canonical(parse(canonical(v))) == canonical(v), large doubles included."""
    data = canonical(value)
    assert canonical(parse(data)) == data
    assert parse(data) == value


@given(VALUES, st.sampled_from([None, 1, "\t"]), st.booleans())
def test_layout_and_order_of_keys_do_not_matter(value, indent, ascii_only):
    """However a value was written, its canonical bytes are the same."""
    assert canonical(parse(json.dumps(value, indent=indent, ensure_ascii=ascii_only).encode())) == canonical(value)


@given(VALUES)
@example({"\uffff": 1, "\U00010000": 2, "é": 3})  # UTF-16 sorts the second before the first
@example([chr(each) for each in range(0x120)])
@example({chr(each): each for each in range(0x80)})
@example({"\u2028": "\u2029\x7f\ud7ff\ue000"})
def test_the_bytes_are_those_of_the_library(value):
    """However they were made, the bytes are those that the reference implementation in Python writes."""
    assert canonical(value) == rfc8785.dumps(value)


class Word(str):
    """A text that prints as something else."""

    __slots__ = ()

    def __str__(self):
        return "other"


class Count(int):
    """An integer that prints as something else."""

    def __repr__(self):
        return "other"


def test_subclasses_are_written_by_what_they_hold():
    """Never by what they print as."""
    assert canonical({Word("a"): [Word("b"), Count(3)]}) == b'{"a":["b",3]}'


@pytest.mark.parametrize(
    ("bits", "expected"),
    [  # RFC 8785, appendix B: the bits of a double and how ECMAScript prints it
        ("0000000000000000", "0"),
        ("8000000000000000", "0"),
        ("0000000000000001", "5e-324"),
        ("8000000000000001", "-5e-324"),
        ("7fefffffffffffff", "1.7976931348623157e+308"),
        ("ffefffffffffffff", "-1.7976931348623157e+308"),
        ("4340000000000000", "9007199254740992"),
        ("c340000000000000", "-9007199254740992"),
        ("4430000000000000", "295147905179352830000"),
        ("44b52d02c7e14af5", "9.999999999999997e+22"),
        ("44b52d02c7e14af6", "1e+23"),
        ("44b52d02c7e14af7", "1.0000000000000001e+23"),
        ("444b1ae4d6e2ef4e", "999999999999999700000"),
        ("444b1ae4d6e2ef4f", "999999999999999900000"),
        ("444b1ae4d6e2ef50", "1e+21"),
        ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
        ("3eb0c6f7a0b5ed8d", "0.000001"),
        ("41b3de4355555553", "333333333.3333332"),
        ("41b3de4355555555", "333333333.3333333"),
    ],
)
def test_doubles_are_printed_as_ecmascript_does(bits, expected):
    """Each double of the standard's table has the standard's digits, and is read back from them."""
    (number,) = struct.unpack(">d", bytes.fromhex(bits))
    assert canonical(number) == expected.encode()
    assert parse(expected.encode()) == number


@pytest.mark.parametrize(
    ("value", "where"),
    [
        (math.nan, "$"),
        ({"a": [0, -math.inf]}, "$.a[1]"),
        ([MOST_INTEGER + 1], "$[0]"),
        ({"a": -MOST_INTEGER - 1}, "$.a"),
        ({"a": {"b": "x\ud800"}}, "$.a.b"),
        ({"a": {"\udfff": 1}}, "$.a"),
        ({"a": {"\udfff": math.nan}}, "$.a"),
        ([{1: 2}], "$[0]"),
        ([{1, 2}], "$[0]"),
        ([b"bytes"], "$[0]"),
    ],
)
def test_what_json_cannot_carry_is_refused_with_its_place(value, where):
    """Never bytes that a reader would take for something else."""
    with pytest.raises(InvalidInput) as refused:
        canonical(value)
    assert refused.value.where == where


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\ufeff1",  # a byte order mark
        "NaN",
        "[Infinity]",
        '{"a": 1, "\\u0061": 2}',  # the same key in two spellings
        "[1e999]",
        "9007199254740993",  # 2^53 + 1: a double makes it 2^53
        "18446744073709551615",  # 2^64 - 1
        "295147905179352825856",  # 2^68: a double, but printed with other digits
        "9" * 5000,
        '"\\ud800"',
        '{"\\udc00": 1}',
        "[1,]",
        "'a'",
        "01",
        "1 2",
        '"\t"',
    ],
)
def test_what_two_readers_might_take_differently_is_not_read(text):
    """Refused, with our error."""
    with pytest.raises(InvalidInput):
        parse(text.encode())


def test_levels_are_limited_and_the_limit_is_exact():
    """200 arrays inside each other are read, 201 and 100,000 are not."""
    assert canonical(parse(b"[" * MOST_LEVELS + b"]" * MOST_LEVELS))
    for levels in (MOST_LEVELS + 1, 100_000):
        with pytest.raises(InvalidInput):
            parse(b"[" * levels + b"]" * levels)


def test_the_limit_is_of_levels_and_not_of_brackets():
    """Any number of arrays and objects may stand beside each other; the deepest of them is what counts."""
    beside = b"[{}]," * MOST_LEVELS
    inner = b'{"k":' * (MOST_LEVELS - 2) + b"[]" + b"}" * (MOST_LEVELS - 2)
    assert parse(b"[" + beside + inner + b"]")
    with pytest.raises(InvalidInput, match="deeply"):
        parse(b"[" + beside + b"[" + inner + b"]]")


@pytest.mark.parametrize("number", ["1e999", "-1e999", "9007199254740993", "-123456789012345678"])
def test_a_bad_number_is_named_wherever_it_stands(number):
    """What a double would change is refused with its place, deep inside too; the same digits in a text are a text."""
    with pytest.raises(InvalidInput) as caught:
        parse(b'{"a":[1,{"b": %b}],"c":2.5}' % number.encode())
    assert caught.value.where == "$.a[1].b"
    assert parse(b'{"a":[1,{"b":"%b"}],"c":2.5}' % number.encode()) == {"a": [1, {"b": number}], "c": 2.5}


@given(st.binary(max_size=64) | st.text('{}[]",:\\u0123456789eE+-.dDntrfalse ', max_size=40).map(str.encode))
@example(b"\xff")
def test_any_bytes_are_read_or_refused(data):
    """The reader raises nothing but our error, and what it reads can be written."""
    try:
        value = parse(data)
    except InvalidInput:
        return
    assert parse(canonical(value)) == value
