"""Winds of a case: what is read, and what is refused."""

from datetime import UTC, datetime

import pytest
from tests.formats.example import BLOCKS, EXAMPLE, FULL, read

from safeconduct.model.errors import InvalidInput

WEST = (
    "{id: west, area: [[-36, 44], [-34, 44], [-34, 46]], from: 2031-03-04T18:00Z, until: 2031-03-05T00:00Z, "
    "from_deg: 270, speed_kmh: {p10: 10, p50: 20, p90: 40}}"
)


def winds(*records: str) -> str:
    return EXAMPLE + "winds:\n" + "".join(f"  - {record}\n" for record in records)


def test_a_case_without_winds_has_none() -> None:
    """Nothing is made up where nobody says."""
    assert read(EXAMPLE).case.winds == ()


def test_every_key_of_a_wind_arrives() -> None:
    """With every key given, each value is where the model holds it, metres per second as kilometres an hour."""
    (wind,) = read(FULL).case.winds
    assert (wind.id, wind.from_deg, wind.from_sigma_deg, wind.height_m) == ("west", 270.0, 10.0, (300.0, 300.0))
    assert (wind.speed_kmh.p10, wind.speed_kmh.p50, wind.speed_kmh.p90) == pytest.approx((18.0, 36.0, 72.0))
    assert (wind.kinds, wind.alternative, wind.weight) == (("helicopter",), "evening", 3.0)
    assert (wind.start, wind.end) == (datetime(2031, 3, 4, 18, tzinfo=UTC), datetime(2031, 3, 5, 0, tzinfo=UTC))
    assert (wind.known_at, wind.cite.grade, wind.cite.note) == (
        datetime(2031, 3, 4, 17, tzinfo=UTC),
        "given",
        "A forecast",
    )


def test_the_wind_of_the_page_arrives() -> None:
    """The fragment of the page holds the wind that it says."""
    (block,) = [each for each in BLOCKS if each.startswith("winds:")]
    (wind,) = read(EXAMPLE + block).case.winds
    assert (wind.from_deg, wind.from_sigma_deg, wind.speed_kmh.p50, wind.height_m) == (350.0, 15.0, 35.0, (500, 1500))


def test_what_is_left_out_is_not_told() -> None:
    """Known from its begin on, a direction as told, for all that fly, no height."""
    (wind,) = read(winds(WEST)).case.winds
    assert (wind.known_at, wind.from_sigma_deg, wind.kinds, wind.height_m) == (wind.start, 0.0, (), None)


@pytest.mark.parametrize(
    ("old", "new", "says", "where"),
    [
        ("from_deg: 270", "from_deg: 370", "out of range", "winds[0].from_deg"),
        ("from_deg: 270, ", "", "'from_deg' is missing", "winds[0]"),
        ("until: 2031-03-05T00:00Z, ", "", "'until' is missing", "winds[0]"),
        ("until: 2031-03-05", "until: 2031-03-04", "ends before it begins", "winds[0].until"),
        ("p90: 40", "p90: 4000", "out of range", "winds[0].speed_kmh.p90"),
        (", speed_kmh: {p10: 10, p50: 20, p90: 40}", "", "no speed", "winds[0]"),
        ("from_deg: 270", "from_deg: 270, speed_m_s: {one: 5}", "two speeds", "winds[0].speed_m_s"),
        ("from_deg: 270", "from_deg: 270, height_m: [900, 300]", "not a height", "winds[0].height_m"),
        ("from_deg: 270", "from_deg: 270, kinds: [team]", "not one of the words", "winds[0].kinds[0]"),
        ("[-34, 46]]", "[-36, 44]]", "not a ring", "winds[0].area"),
    ],
)
def test_a_broken_wind_is_refused_at_its_place(old: str, new: str, says: str, where: str) -> None:
    """Each fault has one placed error."""
    with pytest.raises(InvalidInput, match=says) as caught:
        read(winds(WEST.replace(old, new)))
    assert caught.value.where.endswith(where)


def test_two_winds_of_one_id_are_refused() -> None:
    """A wind is named by its id on the screen."""
    with pytest.raises(InvalidInput, match="the same id twice"):
        read(winds(WEST, WEST))
