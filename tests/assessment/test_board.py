"""The board: what the law engages, met with what the case records."""

import pytest
from tests.assessment.worlds import (
    HELICOPTER,
    HOST,
    LEAD,
    NEIGHBOUR,
    THIRD,
    asset,
    case,
    event,
    hour,
    record,
    red_line,
    sure,
    world_of,
)

from safeconduct.assessment.board import barred_by
from safeconduct.assessment.regimes import granted_h, open_ids

ENTRY = "XB-ENTRY-XA"


def permit(*events, at_h=6.0, needs=("entry:XB",), **more):
    records = (record("entry", *events, **more),) if events or more else ()
    return world_of(case(asset(needs=needs), clearances=records), at_h).permit(ENTRY)


ASKED, ACK, YES, NO = event("asked", 1.0), event("acknowledged", 2.0), event("granted", 3.0), event("refused", 4.0)


@pytest.mark.parametrize(
    ("events", "expected", "still_open"),
    [
        ((), "needed", True),  # engaged, and nobody did anything
        ((ASKED,), "asked", True),
        ((ASKED, ACK), "acknowledged", True),
        ((ASKED, event("silent", 5.0)), "silent", True),  # silence is never consent, and no refusal
        ((ASKED, YES), "granted", False),
        ((ASKED, NO), "refused", False),
        ((YES, event("revoked", 5.0)), "revoked", False),
        ((YES, event("lapsed", 5.0)), "lapsed", True),
        ((event("granted", 3.0, until_h=5.0),), "lapsed", True),  # its time is over
        ((event("granted", 3.0, until_h=6.0),), "lapsed", True),  # over at this very instant
        ((event("granted", 3.0, until_h=6.1),), "granted", False),
        ((NO, event("asked", 5.0)), "asked", True),  # asked again after a refusal
        ((event("lapsed", 2.0), YES), "granted", False),  # granted again
        ((YES, NO), "refused", False),  # the latest decision counts
    ],
)
def test_the_status_is_that_of_the_latest_decision(events, expected, still_open):
    """Each history of a clearance leads to one status, and only some of them leave a yes possible."""
    got = permit(*events)
    assert got.status == expected
    assert got.open == still_open


def test_asking_does_not_undo_a_standing_grant():
    """A permission granted long before and asked for again in the emergency is granted."""
    got = permit(event("granted", -900.0), event("asked", 1.0), event("acknowledged", 1.5))
    assert got.status == "granted"
    assert got.granted_at == hour(-900)


def test_a_second_yes_does_not_put_off_the_first():
    """Granted at 3 h and again at 5 h: it holds from 3 h."""
    assert permit(YES, event("granted", 5.0)).granted_at == hour(3)


def test_a_yes_may_hold_from_a_later_hour():
    """Granted at 3 h for 8 h on: nothing crosses before."""
    assert permit(event("granted", 3.0, from_h=8.0)).granted_at == hour(8)


def test_the_wait_runs_from_the_latest_asking():
    """Asked, refused, asked again at 5 h: an answer is awaited since 5 h."""
    assert permit(ASKED, NO, event("asked", 5.0)).asked_at == hour(5)


def test_an_acknowledgement_does_not_restart_the_wait():
    """The wait runs from the asking."""
    assert permit(ASKED, ACK).asked_at == hour(1)


def test_what_the_law_does_not_know_is_unknown():
    """A gate of unknown status and no event: unknown, never permitted."""
    got = permit(needs=("entry:XB:unknown",))
    assert got.status == "unknown"
    assert got.granted_at is None


def test_what_the_law_forbids_outright_is_barred_and_names_its_rule():
    """No answer lifts an absolute bar: the clearance is closed and says by what."""
    got = permit(needs=("entry:XB:blocked-absolute",))
    assert (got.status, got.open, got.barred_by) == ("barred", False, "T-01")


def test_an_absolute_bar_on_one_asset_leaves_the_others_alone():
    """The armed one is barred by the law; the unarmed one's way over the same border stays open."""
    both = case(asset("armed", needs=("entry:XB:blocked-absolute",)), asset("clean", needs=("entry:XB",)))
    world = world_of(both)
    bars = {w.asset.id: w.bar for w in world.ways}
    assert bars == {"armed": "T-01", "clean": ""}
    assert ENTRY in open_ids(world)


@pytest.mark.parametrize("status", ["satisfied", "satisfied-with-conditions"])
def test_an_open_gate_is_no_clearance(status):
    """What the law already permits needs nobody's yes; it is kept for the account."""
    world = world_of(case(asset(needs=(f"entry:XB:{status}",))))
    assert world.permits == ()
    assert world.ways[0].needs == ()
    assert [g.status for g in world.ways[0].plan.satisfied] == [status]


def test_the_hosts_own_assets_need_nobody():
    """At home no law is asked."""
    world = world_of(case(asset(provider=HOST, base="home", needs=("entry:XB",))))
    assert world.permits == ()


def test_the_narrowest_record_covers_an_asset():
    """A record for one asset is its clearance; the others keep the general one."""
    general = record("entry", event("refused", 0.5))
    single = record("entry", event("granted", 0.5), assets=("lucky",))
    single = type(single)(**{f: getattr(single, f) for f in single.__slots__} | {"id": "XB-ENTRY-LUCKY"})
    world = world_of(case(asset("lucky"), asset("other"), clearances=(general, single)))
    needs = {w.asset.id: [n.clearance for n in w.needs] for w in world.ways}
    assert needs == {"lucky": ["XB-ENTRY-LUCKY"], "other": [ENTRY]}


def test_a_recorded_lead_time_goes_before_the_rules():
    """The case's own figure counts; without one the rule's does."""
    assert permit(lead=sure(9.0)).lead_time_h == sure(9.0)
    assert permit().lead_time_h == LEAD


def test_a_grant_counts_from_when_it_was_given():
    """The hour of the grant is the event's, in hours since the incident; inf without a yes."""
    world = world_of(case(asset(), clearances=(record("entry", YES),)), 6.0)
    assert granted_h(world, world.permits[0]) == 3.0
    assert world_of(case(asset())).permits[0].granted_at is None


@pytest.mark.parametrize(
    ("made", "line", "barred"),
    [
        ({"armed": True}, {"armed": True}, True),
        ({"armed": False}, {"armed": True}, False),
        ({"armed": None}, {"armed": True}, True),  # unknown armament does not pass
        ({}, {"kinds": ("helicopter",)}, True),
        ({}, {"kinds": ("uav",)}, False),
        ({"items": ("camera",)}, {"items": ("camera", "flir")}, True),
        ({"items": ("radio",)}, {"items": ("camera", "flir")}, False),
        ({}, {"assets": ("heli",)}, True),
        ({}, {"assets": ("other",)}, False),
        ({}, {"providers": (NEIGHBOUR,)}, True),
        ({}, {"providers": (THIRD,)}, False),
        ({"armed": True}, {"armed": True, "kinds": ("uav",)}, False),  # every field that is filled must hold
        ({"armed": True}, {"armed": True, "providers": (THIRD,)}, False),
        ({"armed": True, "provider": HOST}, {"armed": True}, False),  # a party's line does not bind itself
        ({}, {}, False),  # a line without any field bars nothing
    ],
)
def test_a_red_line_bars_what_meets_all_its_fields(made, line, barred):
    """Each red line against each asset."""
    got = barred_by(asset(**made), (red_line(**line),))
    assert (got is not None) == barred


def test_a_way_across_a_red_line_never_arrives():
    """Whatever is granted, it is closed, and the line is named."""
    world = world_of(case(asset(armed=True, needs=()), red_lines=(red_line(armed=True),)))
    assert world.ways[0].bar == "line"


def test_the_facts_told_to_the_law_are_those_of_the_way():
    """States entered, landing, status, armament, persons: what a rule may ask."""
    asked = []

    def listening(facts):
        asked.append(facts)
        return ()

    from tests.assessment.worlds import ThreeSkies

    from safeconduct.assessment.draws import Draws
    from safeconduct.assessment.engine import Means, build

    heli = asset(base="far", kind=HELICOPTER, armed=None, persons=5, items=("flir",))
    build(case(heli), hour(1), hour(24), Means(listening, lambda _: ThreeSkies()), Draws(1, 4, 2, 2))
    (facts,) = asked
    assert (facts.host, facts.provider, facts.crosses) == (HOST, NEIGHBOUR, (HOST,))
    assert (facts.aircraft, facts.armed, facts.persons, facts.items) == ("civil", None, 5, ("flir",))
    assert facts.lands_in == (HOST,)
    assert facts.on == hour(1).date()
