"""Six real cases: sound, honest about what is not known, and their limiting causes computed and moved by changes."""

from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest

from safeconduct.desk.assess import NO_CHANGES, Changes, assess
from safeconduct.desk.cases import load_case
from safeconduct.formats.catalogue import catalogue
from safeconduct.formats.validation import shipped_record
from safeconduct.model.instants import instant
from safeconduct.model.sources import Cite, Dated, Spread

SIX = ("ahar-2012", "as28-2005", "aseman-2018", "bam-2003", "kebnekaise-2012", "margara-2023")
MADE_UP = Cite((), "given")

each_case = pytest.mark.parametrize("name", SIX)


@cache
def answer(name, at=None):
    return assess(load_case(name), at=at)


def cause(case, kind, *, at=None, changes=NO_CHANGES):
    """The limiting cause of one kind of help."""
    found = assess(case, at=at, changes=changes).limiting
    return next(c for c in found if c.help == kind)


def asked_at_the_alarm(case):
    """The case with every party told at the incident and the host's request granted there."""
    told = tuple(replace(p, alarm=Dated(case.incident_at, case.incident_at, MADE_UP)) for p in case.parties)
    offered = tuple(replace(a, offered=None) for a in case.assets)
    asked = tuple(_granted(c, case.incident_at) if c.kind == "request" else c for c in case.clearances)
    return replace(case, parties=told, clearances=asked, assets=offered, offers=())


def permitted_at_once(case):
    """The case with every recorded clearance but the request granted at the incident."""
    given = tuple(c if c.kind == "request" else _granted(c, case.incident_at) for c in case.clearances)
    return replace(case, clearances=given)


def _granted(record, at):
    event = record.events[0] if record.events else None
    if event is None:
        return record
    yes = replace(event, status="granted", at=at, known_at=at, conditions=(), valid_from=None, valid_until=None)
    return replace(record, events=(yes,))


@each_case
def test_the_case_is_sound(name):
    """It is read without a fault, is real, and says what was not found."""
    case = load_case(name)
    assert (case.id, case.kind) == (name, "real")
    assert any(u.startswith("Not found") for u in case.unknowns)
    assert any(u.startswith("Conflict") for u in case.unknowns)


@each_case
def test_no_fact_of_the_case_is_given_or_without_origin(name):
    """Every asset, clearance and report names a source, unless its grade says that it is ours."""
    case = load_case(name)
    ours = {"assumed", "X", "calc"}
    cites = [x.cite for x in (*case.assets, *case.clearances, *case.evidence, *case.persons)]
    cites += [e.cite for c in case.clearances for e in c.events] + [r.cite for a in case.assets for r in a.records]
    assert [c for c in cites if c.grade == "given" or (not c.sources and c.grade not in ours)] == []


def test_only_what_no_source_names_is_hypothetical():
    """Two assets of all six cases are ours: a search aeroplane abroad, and the road over the closed bridge."""
    made = {(name, a.id) for name in SIX for a in load_case(name).assets if a.hypothetical}
    assert made == {("aseman-2018", "tr-search-aeroplane"), ("margara-2023", "am-team-road")}


@each_case
def test_no_duration_of_its_own_record_predicts_it(name):
    """What the case's own record tells is in no class that the case draws from."""
    case = load_case(name)
    of_case = {s.id for s in case.sources}
    spreads = [a.mobilisation_h for a in case.assets] + [c.lead_time_h for c in case.clearances]
    assert [s.reference_class for s in spreads if isinstance(s, Spread) and of_case & set(s.cite.sources)] == []


@each_case
def test_every_way_of_every_case_has_a_verdict(name):
    """At the request and at the end of the record every way says what stands in its way, or that nothing does."""
    for at in (None, shipped_record(name).record_at):
        assert [w.id for w in answer(name, at).ways if not w.verdict or not w.because.says] == []


@each_case
def test_the_limiting_cause_is_the_one_the_sources_support(name):
    """Kind by kind; where the program disagrees, the record says why beforehand."""
    record = shipped_record(name)
    wrong = []
    for theirs in record.causes:
        found = {c.help: c.cause for c in answer(name, theirs.at or record.record_at).limiting}
        if found.get(theirs.help) != theirs.cause and not theirs.reason:
            wrong.append((theirs.help, theirs.cause, found.get(theirs.help)))
    assert record.causes
    assert wrong == []


def test_asked_at_the_snag_the_submersible_is_limited_by_distance():
    """The request took most of the hours; asked at once, the way from the other end of the world does."""
    case = load_case("as28-2005")
    at = shipped_record("as28-2005").record_at
    assert cause(case, "rescue", at=at).cause == "request"
    assert cause(asked_at_the_alarm(case), "rescue", at=case.incident_at).cause == "distance"


def test_with_a_base_at_the_site_the_searchers_of_bam_are_no_longer_limited_by_distance():
    """The same teams next door, ready as quickly as they were."""
    case = load_case("bam-2003")
    near = tuple(
        replace(a, base="bam", steps=tuple(s for s in a.steps if s.mode == "drive"), mobilisation_h=_soon(a))
        if a.id == "gb-charter"
        else a
        for a in case.assets
        if a.help != "searchers" or a.id == "gb-charter"
    )
    assert cause(case, "searchers").cause == "distance"
    assert cause(replace(case, assets=near), "searchers").cause in ("request", "permission")


def _soon(asset):
    return replace(asset.mobilisation_h, p10=0.2, p50=0.5, p90=1.0)


def test_with_leave_at_once_the_turned_back_team_is_not_limited_by_permission():
    """The same column of vehicles, welcome from the first hour: asking and driving are what is left."""
    case = load_case("ahar-2012")
    free = replace(
        permitted_at_once(asked_at_the_alarm(case)),
        assets=tuple(replace(a, records=()) for a in case.assets),
    )
    assert cause(case, "searchers").cause == "permission"
    assert cause(free, "searchers", at=case.incident_at).cause == "distance"


def test_with_the_bridge_open_the_lorries_are_limited_by_the_request():
    """The closed border held the goods; open, what is left is the call for help, as for the people."""
    case = load_case("margara-2023")
    assert cause(case, "goods").cause == "permission"
    assert cause(permitted_at_once(case), "goods").cause == "request"
    assert cause(case, "searchers").cause == "request"
    place_known = instant("2023-02-06T21:00Z")
    assert cause(asked_at_the_alarm(case), "searchers", at=place_known).cause != "request"


@pytest.mark.parametrize(("name", "kind"), [("kebnekaise-2012", "rescue"), ("aseman-2018", "helicopters")])
def test_in_clear_weather_the_mountains_are_limited_by_something_else(name, kind):
    """Storm decided; without it the way there does."""
    case = load_case(name)
    assert cause(case, kind).cause == "weather"
    assert cause(replace(case, weather=()), kind).cause != "weather"


def test_permission_is_worth_little_where_nobody_had_to_ask():
    """The control case: granting all that is open changes nothing by half a point."""
    found = answer("kebnekaise-2012").value
    assert found.all_now.p50 - found.as_it_stands.p50 < 0.005


def test_beyond_the_hours_of_its_model_survival_is_unknown():
    """At Bam the model of earthen houses has ended before the first foreign team: it is said, and not counted."""
    late = answer("bam-2003")
    assert any("trapped" in text and "unknown" in text for text in late.unknowns)


def test_the_air_of_the_submersible_is_counted_as_it_was_said_then():
    """At the acceptance the two statements of 5 August hold; those made at the surface are not used."""
    case = load_case("as28-2005")
    known = [s for p in case.persons for s in p.supply if s.known_at <= case.assess_at]
    assert len(known) == 2
    ends = {case.incident_at + timedelta(hours=s.hours) for s in known}
    assert ends == {instant("2005-08-06T11:00Z"), instant("2005-08-08T11:00Z")}


def test_refusing_the_loader_its_entry_costs_the_others_their_way():
    """The unloading waits for a loader that must itself be let in."""
    case = load_case("as28-2005")
    before = next(w for w in answer("as28-2005").ways if w.id == "us-super-scorpio")
    after = assess(case, changes=Changes({}, ("RU-ENTRY-US",)))
    assert "RU-ENTRY-US" in before.needs
    assert next(w for w in after.ways if w.id == "gb-scorpio").arrival is None


@pytest.mark.parametrize("model", ["entrapment-earthen", "cold-two-layers", "cold-nude", "injured-crash"])
def test_a_survival_model_says_where_it_holds(model):
    """Each names the injuries of its source, and ends."""
    found = catalogue().survival[model]
    assert found.injuries
    assert 0.0 < found.domain_h <= 24.0
