"""Reading the record that the program is held against."""

from __future__ import annotations

import json

import pytest

from safeconduct.desk.cases import load_case
from safeconduct.formats import validation as module
from safeconduct.formats.comparison import SCHEMA_ID, CaseCompared, Compared, Page, Span, to_json
from safeconduct.formats.validation import Distance, No, StageTold, read_record, shipped_record, shipped_records
from safeconduct.model.errors import Bug, Corrupt, InvalidInput
from safeconduct.model.instants import instant

TEXT = """format: 1
case: made-up
record_at: 2031-01-02T00:00Z
default_cite: {grade: given}
rows:
  - {id: a, kind: distance, says: A to B, from: [1, 2], to: b, reported_km: 5, tolerance_km: 0.1}
  - {id: n, kind: "no", says: Nobody, at: 2031-01-01T01:00Z, within_h: 3, causes: [far]}
"""


def test_a_record_is_read_as_written() -> None:
    """Each row becomes the values of its kind, with the origin that it inherits."""
    record = read_record(TEXT, name="x.yaml")
    assert record.case == "made-up"
    assert [row.what for row in record.rows] == [
        Distance((1.0, 2.0), "b", 5.0, 0.1),
        No(instant("2031-01-01T01:00Z"), 3.0),
    ]
    assert [row.cite.grade for row in record.rows] == ["given", "given"]
    assert [row.causes for row in record.rows] == [(), ("far",)]


@pytest.mark.parametrize(
    ("old", "new", "message", "where"),
    [
        ("kind: distance", "kind: distanse", "not one of the words", "x.yaml:6 rows[0].kind"),
        ("kind: distance, ", "", "'kind' is missing", "x.yaml:6 rows[0]"),
        (", reported_km: 5", "", "'reported_km' is missing", "x.yaml:6 rows[0]"),
        ("reported_km: 5", "reported_km: .nan", "not a finite number", "x.yaml:6 rows[0].reported_km"),
        ("within_h: 3", "within_h: 3, way: w", "unknown key", "x.yaml:7 rows[1].way"),
        ("id: n,", "id: a,", "the same row twice", "x.yaml:7 rows[1]"),
        ("default_cite: {grade: given}\n", "", "no origin", "x.yaml:5 rows[0]"),
        ("2031-01-01T01:00Z", "2031-01-01T01:00", "without a zone", "x.yaml:7 rows[1].at"),
        ("from: [1, 2]", "from: [1, 98]", "latitude", "x.yaml:6 rows[0].from"),
    ],
)
def test_a_fault_is_told_with_its_place(old: str, new: str, message: str, where: str) -> None:
    """The first fault of a record is told as for a case: where, and what was expected."""
    assert old in TEXT
    with pytest.raises(InvalidInput, match=message) as caught:
        read_record(TEXT.replace(old, new, 1), name="x.yaml")
    assert caught.value.where == where


def test_every_shipped_record_is_of_a_shipped_case() -> None:
    """Each record names the case of its file, and that case is shipped."""
    for name in shipped_records():
        assert shipped_record(name).case == name == load_case(name).id


def test_every_shipped_row_has_a_source_that_the_case_names() -> None:
    """What was reported is one step from its source."""
    for name in shipped_records():
        known = {s.id for s in load_case(name).sources}
        for row in shipped_record(name).rows:
            assert row.cite.sources
            assert set(row.cite.sources) - known == set()


def test_a_broken_packaged_record_is_our_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault in the packaged record is not the caller's to correct."""

    class Broken:
        def read_bytes(self) -> bytes:
            return b"format: 2"

    monkeypatch.setattr(module, "shipped_records", lambda: {"x": Broken()})
    with pytest.raises(Corrupt):
        shipped_record("x")


ROW = Compared("r", "replay", "R", "T+h", None, None, Span(1.0, None, None), 2.0, None, "b", met=True, inside=True)


def test_a_comparison_is_plain_json() -> None:
    """Instants become text with a Z, never is null, and the keys stand in the order of the values."""
    at = instant("2031-01-01T00:00Z")
    made = to_json(Page(SCHEMA_ID, "safeconduct validate", (CaseCompared("c", "C", at, 1, 60, (ROW,), (), at),)))
    assert list(made) == ["schema", "command", "cases", "calibration", "found_alive"]
    assert made["cases"][0]["incident_at"] == "2031-01-01T00:00:00Z"
    assert made["cases"][0]["rows"][0]["span"] == {"p10": 1.0, "p50": None, "p90": None}
    assert json.loads(json.dumps(made, allow_nan=False)) == made


def test_what_json_cannot_hold_is_a_bug() -> None:
    """A value of a kind that was not foreseen is refused rather than written as something else."""
    with pytest.raises(Bug):
        to_json(Page(SCHEMA_ID, {"a set"}, ()))  # type: ignore[arg-type]  # the fault under test


@pytest.mark.parametrize(
    ("met", "inside", "missed"),
    [
        (True, True, False),
        (True, None, False),
        (None, None, False),
        (False, None, True),
        (True, False, True),
        (None, False, True),
    ],
)
def test_a_miss_is_a_broken_bound_or_a_record_outside(*, met: bool | None, inside: bool | None, missed: bool) -> None:
    """A row is missed if its bound is broken or the record lies outside p10-p90; what is not said misses nothing."""
    row = Compared("r", "replay", "R", "h", None, 1.0, None, 2.0, -1.0, "b", met=met, inside=inside)
    assert row.missed is missed


RECORD = """
format: 1
case: c
record_at: 2031-01-02T00:00Z
predict_at: 2031-01-01T06:00Z
default_cite: {sources: [], grade: X, note: made up}
causes:
  - {help: rescue, cause: weather, says: fog, reason: nobody knows}
rows:
  - {id: a, kind: stage, says: a flight, stage: flight, way: w, step: fly, reported_h: [1, 3]}
  - {id: b, kind: stage, says: a drive, stage: ground, way: w, step: road, reported_h: 2, at: 2031-01-01T08:00Z}
"""


def test_stages_and_causes_are_read() -> None:
    """Bounds stay bounds, one number is both, the instant of a stage is its own or none."""
    made = read_record(RECORD, name="t")
    first, second = (row.what for row in made.rows)
    assert isinstance(first, StageTold)
    assert isinstance(second, StageTold)
    assert (first.reported_h, first.at) == ((1.0, 3.0), None)
    assert (second.reported_h, second.at) == ((2.0, 2.0), instant("2031-01-01T08:00Z"))
    assert made.predict_at == instant("2031-01-01T06:00Z")
    assert [(c.help, c.cause, c.at, c.reason) for c in made.causes] == [("rescue", "weather", None, "nobody knows")]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[1, 3]", "[3, 1]"),
        ("[1, 3]", "[1, 2, 3]"),
        ("stage: flight", "stage: sleep"),
        ("cause: weather", "cause: fate"),
        ("says: fog, ", ""),
        ("way: w, step: fly", "way: w"),
    ],
)
def test_a_fault_of_a_stage_or_cause_is_placed(old: str, new: str) -> None:
    """Each wrong word is refused with its line."""
    with pytest.raises(InvalidInput) as told:
        read_record(RECORD.replace(old, new, 1), name="record")
    assert told.value.where.startswith("record:")
