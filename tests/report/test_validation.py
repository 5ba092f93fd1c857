"""Predicted beside reported, as a page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from safeconduct.desk.validate import validate
from safeconduct.formats.comparison import CaseCompared, Class, Compared, Page, Span, StageCompared, WaySeen
from safeconduct.model.instants import instant
from safeconduct.model.sources import Source
from safeconduct.report.validation import HEADINGS, render

AT = instant("2031-01-01T06:00Z")

KM = Compared(
    "d", "distance", "A to B", "km", None, 12.3456, None, 12.34, 0.0056, "within 0.01 km", met=True, grade="X"
)
SUN = Compared("s", "sun", "Sunset", "T+h", None, 6.05, None, 6.0, 0.05, "within 3 min", met=True, grade="X")
FORECAST = Compared(
    "f",
    "forecast",
    "Arrival",
    "T+h",
    AT,
    8.0,
    Span(6.0, 8.0, None),
    5.0,
    3.0,
    "p90 - p10 at most 12 h",
    met=False,
    inside=False,
    percentile=0.04,
    causes=("transit: predicted 2.00 h, recorded 1.00 h",),
    grade="A",
    sources=("S1",),
    stages=(
        StageCompared("transit", Span(1.0, 2.0, 3.0), known=False, reported_h=1.0),
        StageCompared("request", None, known=False, reported_h=None),
    ),
    classes=(Class("mobilisation", Span(0.5, 2.0, 3.0), "helicopters | on alert", None, "assumed", ()),),
)
NO = Compared(
    "n",
    "no",
    "Nobody in three hours",
    "T+h",
    AT,
    None,
    None,
    3.0,
    None,
    "none",
    met=True,
    grade="A",
    ways=(
        WaySeen("late", "XB", "Helicopter", True, True, Span(9.0, 12.0, None), "request", "Nobody has asked.", ()),
        WaySeen("never", "XB", "Team", False, True, None, "unknown", "Unknown: no base.", ()),
        WaySeen("early", "XC", "Images", False, False, Span(4.0, 5.0, 6.0), "clearance", "If granted.", ("Far.",)),
    ),
)


def page(*rows: Compared) -> Page:
    start = instant("2031-01-01T00:00Z")
    case = CaseCompared("made-up", "A made-up case", start, 7, 60, rows, (Source("S1", "A book"),), start)
    return Page("safeconduct/validation/2", "safeconduct validate made-up", (case,))


def test_the_first_line_names_the_command() -> None:
    """The page says which command writes it, so that a check can write it anew and compare."""
    assert render(page(KM)).splitlines()[0] == "<!-- generated: safeconduct validate made-up -->"


def test_each_unit_is_printed_in_its_own_way() -> None:
    """Kilometres to the metre, the sun's error in minutes, hours since the incident with the clock."""
    text = render(page(KM, SUN))
    assert "| A to B | 12.346 km | 12.34 km | +0.006 km | within 0.01 km | met | X |" in text
    assert "| Sunset | T+6.05 h, 01 Jan 06:03Z | T+6.00 h, 01 Jan 06:00Z | +3.0 min | within 3 min | met | X |" in text


def test_a_share_is_printed_in_percent() -> None:
    """Shares are percent, their differences points."""
    row = replace(KM, kind="shares", unit="share", predicted=0.5147, reported=0.51, difference=0.0047)
    assert "| 51.5 % | 51 % | +0.5 points |" in render(page(row))


def test_a_miss_is_printed_with_its_cause() -> None:
    """A broken bound and a record outside p10-p90 are marked in the table and listed with their causes."""
    text = render(page(FORECAST))
    assert "**not met**, **record outside p10-p90**" in text
    assert "- **Arrival**: the bound is not met (+3.00 h). Candidate causes:" in text
    assert "  - transit: predicted 2.00 h, recorded 1.00 h" in text
    assert "| made-up](#made-up)" not in text
    assert "| [made-up](#made-up) | 0 of 1 | 0 of 1 |" in text


def test_a_miss_without_a_cause_says_so() -> None:
    """Nothing is made up where no cause is known."""
    assert "No cause is known." in render(page(replace(FORECAST, causes=())))


def test_a_page_without_misses_says_none() -> None:
    """The list of misses is there even when it is empty."""
    assert "### Misses\n\nNone.\n" in render(page(KM))


def test_the_forecast_tells_percentile_stages_and_classes() -> None:
    """The record's percentile, each stage beside its record, and what each step was drawn from; a bar is escaped."""
    text = render(page(FORECAST))
    assert "The record lies at percentile 4 of the draws; p90 is never." in text
    assert "| transit | 1.00 | 2.00 | 3.00 | 1.00 | predicted |" in text
    assert "| request | - | - | - | not told apart | predicted |" in text
    assert "| mobilisation | 0.5 / 2 / 3 | helicopters \\| on alert | not known | assumed | none |" in text


def test_the_width_is_told() -> None:
    """Where both quantiles exist, the hours between them are printed."""
    assert "p90 - p10 is 4.0 h." in render(page(replace(FORECAST, span=Span(6.0, 8.0, 10.0))))


def test_ways_stand_earliest_first_with_their_verdicts() -> None:
    """Earliest first, never last; what is hypothetical or remote says so; a quantile that is never says never."""
    lines = [line for line in render(page(NO)).splitlines() if line.startswith("| `")]
    assert [line.split("`")[1] for line in lines] == ["early", "late", "never"]
    assert (
        lines[0] == "| `early` | XC | Images (remote) | T+4.0 h | T+5.0 h | T+6.0 h | clearance | If granted. | Far. |"
    )
    assert "| Helicopter (hypothetical) | T+9.0 h | T+12.0 h | never | request |" in lines[1]
    assert "| never | never | never | unknown | Unknown: no base. |" in lines[2]
    assert "| none at all | none by T+3.00 h, 01 Jan 03:00Z |" in render(page(NO))


def test_sources_and_grades_are_spelt_out() -> None:
    """Every source that a row names has its title on the page, every grade its meaning."""
    text = render(page(FORECAST))
    assert "- S1: A book" in text
    assert "assumed, our assumption; no source" in text


@pytest.mark.parametrize("kind", list(HEADINGS))
def test_every_kind_has_a_section(kind: str) -> None:
    """No row of a known kind is left off the page."""
    assert f"### {HEADINGS[kind]}\n" in render(page(replace(KM, kind=kind)))


def test_every_line_of_a_table_has_the_cells_of_its_head() -> None:
    """Tables are sound: as many cells in every line as in the head above it."""
    cells = 0
    for line in render(page(KM, SUN, FORECAST, NO)).splitlines():
        count = line.replace("\\|", "").count("|")
        assert count in (0, cells) or cells == 0
        cells = count
    assert cells == 0


def test_the_shipped_page_is_what_the_command_prints(repo: Path) -> None:
    """docs/validation.md equals the command's output, to the byte."""
    written = (repo / "docs" / "validation.md").read_text(encoding="utf-8")
    assert written == render(validate())
