"""The program held against the record of the shipped case: every figure that it must reach."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from safeconduct.desk.cases import load_case
from safeconduct.desk.stages import found
from safeconduct.desk.validate import compare, validate
from safeconduct.formats.comparison import Compared, Page, Span, StageCompared
from safeconduct.formats.validation import (
    Distance,
    Forecast,
    Record,
    Replay,
    Row,
    StageTold,
    Transit,
    shipped_record,
    shipped_records,
)
from safeconduct.model.errors import InvalidInput
from safeconduct.model.sources import Cite

CASE = "varzaqan-2024"


@pytest.fixture(scope="module")
def page() -> Page:
    return validate(CASE)


@pytest.fixture(scope="module")
def rows(page: Page) -> dict[str, Compared]:
    return {row.id: row for row in page.cases[0].rows}


@pytest.mark.parametrize(
    ("row", "reported_km"),
    [
        ("distance-dam-wreck", 60.72),
        ("distance-tabriz-wreck", 74.66),
        ("distance-van-wreck", 290.77),
        ("distance-batman-wreck", 492.08),
        ("distance-batman-heat", 498.69),
    ],
)
def test_distances_are_those_of_the_record(rows: dict[str, Compared], row: str, reported_km: float) -> None:
    """Five geodesics on WGS 84 are within 0.01 km of the figures given for them."""
    assert rows[row].predicted == pytest.approx(reported_km, abs=0.01)
    assert rows[row].met


@pytest.mark.parametrize(("row", "reported_h"), [("sunset", 6.0 + 2 / 60), ("sunrise", 15.0 + 37 / 60)])
def test_the_sun_keeps_its_hours(rows: dict[str, Compared], row: str, reported_h: float) -> None:
    """Sunset 16:02Z and sunrise 01:37Z at the wreck, within 3 minutes."""
    assert rows[row].predicted == pytest.approx(reported_h, abs=3 / 60)
    assert rows[row].met


def test_the_transit_is_stated_and_not_tuned(rows: dict[str, Compared]) -> None:
    """498.69 km at the sourced 290 km/h are 1.72 h, the recorded 1.25 h are outside p10-p90: a miss with its causes."""
    row = rows["transit-drone"]
    assert row.predicted == pytest.approx(498.69 / 290.0, abs=1e-4)
    assert row.reported == 1.25
    assert (row.met, row.inside, row.missed) == (None, False, True)
    assert "399 km/h" in row.note
    assert [word for word in ("tail wind", "rounded", "edge of the area") if word in " ".join(row.causes)] == [
        "tail wind",
        "rounded",
        "edge of the area",
    ]


def test_the_replay_holds_the_record(rows: dict[str, Compared]) -> None:
    """As known at 19:30Z the recorded arrival, T+11.75, lies inside p10-p90, and p50 is within 1.5 h of it."""
    row = rows["replay-drone"]
    assert row.reported == 11.75
    assert row.span is not None
    assert row.span.p10 is not None
    assert row.span.p90 is not None
    assert row.span.p10 <= 11.75 <= row.span.p90
    assert row.predicted == pytest.approx(11.75, abs=1.5)
    assert row.met


def test_the_forecast_is_narrow_enough_to_be_wrong(rows: dict[str, Compared]) -> None:
    """At 17:00Z p90 - p10 is at most 12 h, and the record's percentile is told."""
    row = rows["forecast-drone"]
    assert row.span is not None
    assert row.span.p10 is not None
    assert row.span.p90 is not None
    assert 0.0 < row.span.p90 - row.span.p10 <= 12.0
    assert row.percentile is not None
    assert row.inside == (row.span.p10 <= row.reported <= row.span.p90)
    assert row.met


def test_a_missed_forecast_has_a_cause(rows: dict[str, Compared]) -> None:
    """Where the record lies outside p10-p90, the stages that explain it are told; where it lies inside, none is."""
    row = rows["forecast-drone"]
    assert bool(row.causes) == (row.inside is False)


def test_the_forecast_does_not_know_its_own_record(rows: dict[str, Compared]) -> None:
    """Every open step is drawn from a stated class, and none from a source of this case's own record."""
    classes = rows["forecast-drone"].classes
    recorded = {s.id for s in load_case(CASE).sources if s.id[0] == "S" and s.id[1:].isdigit()}
    assert {c.step for c in classes} >= {"mobilisation", "TR-DEPLOY-TR-UAV", "IR-UNMANNED-TR-UAV"}
    assert [c.step for c in classes if not c.reference_class] == []
    assert [c.step for c in classes if recorded & set(c.sources) or f"case:{CASE}" in c.sources] == []


def test_the_hours_went_where_the_record_says(rows: dict[str, Compared]) -> None:
    """Becoming known and request 51 %, approval 17 %, launch 9 %, transit 9 %, scan 14 %, each within 3 points."""
    shares = [row for row in rows.values() if row.kind == "shares"]
    assert [row.reported for row in shares] == [0.51, 0.17, 0.09, 0.09, 0.14]
    assert [row.predicted for row in shares] == pytest.approx([row.reported for row in shares], abs=0.03)
    assert all(row.met for row in shares)


def test_the_shares_are_of_the_whole(rows: dict[str, Compared]) -> None:
    """No stage of the delay budget is left out of the groups."""
    assert sum(row.predicted or 0.0 for row in rows.values() if row.kind == "shares") == pytest.approx(1.0)


def test_asking_at_once_brings_the_drone_in_daylight(rows: dict[str, Compared]) -> None:
    """With the request at T+0.5 h the drone is on scene at about T+5.3 h, within 0.5 h."""
    assert rows["what-if-asked-at-once"].predicted == pytest.approx(5.3, abs=0.5)
    assert rows["what-if-asked-at-once"].met


def test_nobody_from_abroad_comes_in_three_hours(rows: dict[str, Compared]) -> None:
    """At 10:15Z no draw of any foreign aircraft, vehicle or team arrives within 3 h of the crash; each way says why."""
    row = rows["no-within-three-hours"]
    assert row.met
    assert row.predicted is None or row.predicted > 3.0
    assert {w.way for w in row.ways} >= {"tr-akinci", "tr-cougar", "tr-afad-mountaineers", "az-zangilan-helicopter"}
    assert [w.way for w in row.ways if not w.verdict or not w.says] == []
    assert [w.way for w in row.ways if w.provider == "IR"] == []
    assert [w.way for w in row.ways if not w.counts] != []


def test_the_same_seed_gives_the_same_page(page: Page) -> None:
    """A second run gives the same values, to the last bit."""
    assert validate(CASE) == page


@pytest.fixture(scope="module")
def whole() -> Page:
    return validate()


def test_all_shipped_records_are_compared_by_default(page: Page, whole: Page) -> None:
    """Without a name every record is compared; the page names the command that writes it."""
    assert [c.case for c in whole.cases] == sorted(shipped_records())
    assert len(whole.cases) >= 7
    assert (whole.command, page.command) == ("safeconduct validate", f"safeconduct validate {CASE}")


def test_every_source_named_has_a_title(page: Page) -> None:
    """Whatever id of a source a row names stands in the list of the page."""
    case = page.cases[0]
    assert {s for r in case.rows for s in r.sources} - {s.id for s in case.sources} == set()


def test_a_case_without_a_record_is_told_with_its_near_name() -> None:
    """A slip in the name is answered with the name that was meant."""
    with pytest.raises(InvalidInput, match="did you mean varzaqan-2024"):
        validate("varzaqan-2023")


CITE = Cite((), "given")


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        (Distance("nowhere", "tabriz", 1.0, 0.1), "called nowhere"),
        (Transit("ghost", "tabriz", "van"), "a way ghost"),
        (Transit("tr-cougar", "tabriz", "van"), "the event take-off of tr-cougar"),
    ],
)
def test_a_record_that_names_what_the_case_lacks_is_told(what: Distance | Transit, expected: str) -> None:
    """A place, way or event that the case does not have is an error that names it and the row."""
    case = load_case(CASE)
    record = Record(CASE, shipped_record(CASE).record_at, (Row("odd", "distance", "x", what, (), CITE),))
    with pytest.raises(InvalidInput, match=expected) as caught:
        compare(case, record)
    assert caught.value.where == "row odd"


def test_a_tighter_bound_is_not_met() -> None:
    """The bounds bind: a forecast held to one hour, and a replay held to none, are not met."""
    record = shipped_record(CASE)
    tight = []
    for row in record.rows:
        if isinstance(row.what, Forecast):
            tight.append(replace(row, what=replace(row.what, width_h=1.0)))
        if isinstance(row.what, Replay):
            tight.append(replace(row, what=replace(row.what, tolerance_h=0.0)))
    compared = compare(load_case(CASE), replace(record, rows=tuple(tight)))
    assert {row.kind: row.met for row in compared.rows} == {"forecast": False, "replay": False}


def test_a_later_record_moves_the_result() -> None:
    """The reported hour is read from the case: a drone that came ten hours later is later by ten hours."""
    case, record = load_case(CASE), shipped_record(CASE)
    assets = tuple(
        replace(a, records=tuple(replace(r, at=r.at + timedelta(hours=10)) for r in a.records))
        if a.id == "tr-akinci"
        else a
        for a in case.assets
    )
    (row,) = (r for r in record.rows if isinstance(r.what, Forecast))
    later = compare(replace(case, assets=assets), replace(record, rows=(row,))).rows[0]
    assert later.reported == 21.75
    assert later.percentile is not None
    assert later.percentile > 0.5


def test_a_miss_is_explained_by_its_worst_stage_first() -> None:
    """Known stages and near ones explain nothing; the others are told with both figures, worst first."""
    compared = (
        StageCompared("request", Span(4.0, 4.0, 4.0), known=True, reported_h=1.0),
        StageCompared("mobilisation", Span(1.0, 2.0, 3.0), known=False, reported_h=1.0),
        StageCompared("approval X", Span(1.0, 5.0, 9.0), known=False, reported_h=2.0),
        StageCompared("transit", Span(1.0, 1.2, 2.0), known=False, reported_h=1.1),
        StageCompared("approval Y", Span(0.0, 1.0, 2.5), known=False, reported_h=None),
        StageCompared("search", None, known=False, reported_h=2.0),
    )
    assert found(compared) == (
        "approval X: predicted 5.00 h, recorded 2.00 h",
        "approval Y: predicted 1.00 h (p90 2.50 h); the record tells no such wait",
        "mobilisation: predicted 2.00 h, recorded 1.00 h",
    )


def test_stages_after_the_arrival_are_left_out(rows: dict[str, Compared]) -> None:
    """The search comes after the arrival that is compared, and is in no table of stages."""
    told = [s.stage for s in rows["forecast-drone"].stages]
    assert told[:2] == ["becoming known", "request"]
    assert told[-1] == "transit"
    assert {s.stage: s.reported_h for s in rows["forecast-drone"].stages}["transit"] == 1.25


def test_each_stage_counts_once(whole: Page) -> None:
    """The tally of all kinds is the sum of the kinds, and counts every stage with a prediction."""
    assert whole.calibration is not None
    *kinds, every = whole.calibration.tallies
    rows = [row for case in whole.cases for row in case.rows if row.stage is not None]
    assert (every.kind, every.count) == ("all", sum(t.count for t in kinds))
    assert every.count + whole.calibration.silent == len(rows)
    assert every.inside == sum(t.inside for t in kinds) == sum(bool(row.inside) for row in rows)


def test_the_intervals_hold_what_they_should(whole: Page) -> None:
    """The 80 % intervals hold between 65 % and 95 % of the reported durations of all cases."""
    assert whole.calibration is not None
    every = whole.calibration.tallies[-1]
    assert every.count >= 25
    assert 0.65 <= every.inside / every.count <= 0.95
    low, high = whole.calibration.share
    assert low < every.inside / every.count < high


def test_no_stage_is_predicted_from_its_own_case(whole: Page) -> None:
    """No class behind a stage names a source that is called after the case, and every class names its cases."""
    for case in whole.cases:
        for row in case.rows:
            for each in row.classes if row.stage is not None else ():
                assert case.case not in each.sources, (case.case, row.id)


def test_every_kind_of_help_has_a_cause_and_a_worth(whole: Page) -> None:
    """The cause of each kind stands beside the sources'; where they disagree a reason is printed."""
    for case in whole.cases:
        assert case.causes != ()
        assert any(cause.supported for cause in case.causes)
        assert case.permissions != ()
        assert [w.goal for w in case.worth] == ["survivors", "found", "reached"]
        assert [w.goal for w in case.worth if w.permitted < w.predicted - 1e-9] == []


def test_the_counts_of_those_found_are_tested(whole: Page, page: Page) -> None:
    """Each day has its own prediction; the page of one case leaves the test out."""
    (kobe,) = whole.found_alive
    assert [d.out for d in kobe.days] == [692, 806, 883, 484, 209]
    assert all(d.predicted is not None and 0.0 <= d.predicted <= 1.0 for d in kobe.days)
    assert page.found_alive == ()


def test_a_stage_of_nothing_is_refused() -> None:
    """A row that names a step which the way does not have is an error with its place."""
    what = StageTold("flight", "tr-akinci", "no-such-step", (1.0, 1.0), None)
    record = replace(shipped_record(CASE), rows=(Row("x", "stage", "x", what, (), Cite((), "X")),), causes=())
    with pytest.raises(InvalidInput, match="does not have"):
        compare(load_case(CASE), record)
