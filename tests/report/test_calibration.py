"""The sections on stages, causes, early permission and calibration, in print."""

from __future__ import annotations

from dataclasses import replace

from safeconduct.formats.comparison import (
    Calibration,
    CaseCompared,
    CauseCompared,
    Class,
    Compared,
    Page,
    Permission,
    Span,
    StageSeen,
    Tally,
    Worth,
)
from safeconduct.model.instants import instant
from safeconduct.model.sources import Source
from safeconduct.report.validation import render

START = instant("2031-01-01T00:00Z")
DRAWN = Class("flight", Span(1.0, 2.0, 4.0), "flights in tests", 3, "X", ("S1",), "one: 2 h; two: 3 h")
STAGE = Compared(
    "s", "stage", "A flight", "h", START, 2.0, Span(1.0, 2.0, 4.0), 5.0, -3.0, "", None, False,
    grade="B", sources=("S1",), classes=(DRAWN,), stage=StageSeen("flight", (4.0, 6.0), Span(1.5, 2.0, 3.0), False),
)  # fmt: skip
CAUSE = CauseCompared(
    "rescue", START, "request", "asked late", "w", (5.0, 1.0, 2.0, 0.0), "weather", "The fog", False, "It lifted", "B",
    ("S1",),
)  # fmt: skip
CASE = CaseCompared(
    "made-up", "A made-up case", START, 7, 60, (STAGE,), (Source("S1", "A book"),), START,
    (CAUSE,), (Permission("rescue", "w", None, 3.0), Permission("goods", "v", 9.0, 4.0)),
    (Worth("found", "probability", 0.1, 0.6, 1.0), Worth("survivors", "persons", 0.0, 0.0, 0.0)),
)  # fmt: skip
TALLIES = (Tally("flight", 5, 3, 2, -0.5, 0.9), Tally("all", 5, 3, 2, -0.5, None))
CALIBRATION = Calibration(TALLIES, 1, (0.2, 0.9), (3, 5), (1, 4))


def printed(case: CaseCompared = CASE) -> str:
    return render(Page("safeconduct/validation/2", "safeconduct validate", (case,), CALIBRATION))


def test_a_stage_shows_its_bounds_and_its_cases() -> None:
    """The middle of the bounds, the bounds, the miss, and from how many cases the prediction comes."""
    row = next(line for line in printed().splitlines() if line.startswith("| A flight"))
    assert "5.00 (4 to 6)" in row
    assert "2.00 (1.00 to 4.00)" in row
    assert "**outside p10-p90**" in row
    assert "3 cases" in row
    assert "- Flights in tests. One: 2 h; two: 3 h. Grade X." in printed()


def test_a_stage_without_another_case_says_so() -> None:
    """Where no other case lets it be predicted the row stays and is not counted."""
    silent = replace(STAGE, predicted=None, span=None, difference=None, inside=None, classes=())
    row = next(line for line in printed(replace(CASE, rows=(silent,))).splitlines() if line.startswith("| A flight"))
    assert "no other case" in row
    assert "not counted" in row


def test_a_disagreement_stands_with_its_reason() -> None:
    """Computed and supported cause stand in one line, the reason below."""
    text = printed()
    assert "| rescue | 2031-01-01T00:00Z | request | 5.0 / 1.0 / 2.0 / 0.0 | weather | **disagrees** |" in text
    assert "- rescue, they disagree: It lifted." in text


def test_what_an_early_permission_was_worth_is_told() -> None:
    """Hours gained, or that the way arrives at all; goals for which nobody is counted are left out."""
    text = printed()
    assert "| rescue | `w` | never | T+3.0 h | that it arrives at all |" in text
    assert "| goods | `v` | T+9.0 h | T+4.0 h | 5.0 h |" in text
    assert "| found | 0.1 | 0.6 | +0.5 probability |" in text
    assert "| survivors |" not in text


def test_the_calibration_says_what_the_count_can_show() -> None:
    """Count, share with its interval, what right intervals would have held, and what is in no count."""
    text = printed()
    assert "3 of 5 stages lie in p10-p90" in text
    assert "between 20 % and 90 %" in text
    assert "3 to 5 of 5" in text
    assert "1 more stage is reported" in text
    assert "| all | 5 | 3 (60 %) | 2 (40 %) | -0.50 | - |" in text


def test_the_same_page_has_the_same_bytes() -> None:
    """Nothing on the page depends on the clock or on chance."""
    assert printed() == printed()
