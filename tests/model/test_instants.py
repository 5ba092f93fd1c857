"""Instants: aware UTC, with a zone, printed with a Z."""

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.model.errors import InvalidInput
from safeconduct.model.instants import after, hours_between, instant, iso

NOON = datetime(2024, 5, 19, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-05-19T17:00Z", datetime(2024, 5, 19, 17, 0, tzinfo=UTC)),
        ("2024-05-19T20:30+03:30", datetime(2024, 5, 19, 17, 0, tzinfo=UTC)),  # a half-hour zone
        ("2024-05-20T00:30:15+09:00", datetime(2024, 5, 19, 15, 30, 15, tzinfo=UTC)),  # another day
    ],
)
def test_a_zoned_text_is_read_as_utc(text, expected):
    """Whatever its zone, an instant comes out in UTC."""
    read = instant(text)
    assert read == expected
    assert read.tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        "2024-05-19T17:00",  # no zone
        "2024-05-19",  # no time and no zone
        "2024-02-30T00:00Z",  # no such day
        "noon",
        "",
        "0001-01-01T00:00+23:00",  # before the calendar in UTC
    ],
)
def test_anything_else_is_refused_with_its_place(text):
    """No zone, no such day, no date at all: an input error that carries the place it was given."""
    with pytest.raises(InvalidInput) as caught:
        instant(text, where="case.yaml:3")
    assert caught.value.where == "case.yaml:3"


def test_iso_ends_in_z_whatever_the_zone():
    """Printing converts to UTC and to the second."""
    assert iso(instant("2024-05-19T20:30+03:30")) == "2024-05-19T17:00:00Z"


def test_hours_between_is_negative_backwards():
    """The span has a sign."""
    assert hours_between(NOON, NOON - timedelta(minutes=90)) == -1.5


@pytest.mark.parametrize("hours", [math.inf, -math.inf, math.nan])
def test_never_is_no_instant(hours):
    """An infinite or undefined span leads to no instant."""
    assert after(NOON, hours) is None


@given(st.floats(-10_000, 10_000))
def test_after_undoes_hours_between_to_half_a_second(hours):
    """Going there and measuring back differs by rounding to the second alone."""
    there = after(NOON, hours)
    assert there is not None
    assert abs(hours_between(NOON, there) - hours) <= 0.5001 / 3600.0
