"""Random small worlds with shared clearances, asked, granted and refused in any mix."""

from hypothesis import strategies as st
from tests.assessment.worlds import (
    DRONE,
    HELICOPTER,
    HOST,
    NEIGHBOUR,
    TEAM,
    asset,
    case,
    did,
    event,
    party,
    people,
    record,
    report,
    sure,
    weather,
)

NEEDS = ("entry:XB", "landing:XB", "request:XB", "deploy:XA", "overflight:XC")
"""Shared by all assets of the one foreign provider."""


def _histories():
    """What happened to a clearance by the hour of the assessment: all statuses, renewed grants and second askings."""
    return st.sampled_from(
        [
            (),
            (event("asked", 0.5),),
            (event("asked", 0.3), event("acknowledged", 0.6)),
            (event("asked", 0.3), event("silent", 0.6)),
            (event("granted", 0.4),),
            (event("granted", -50.0), event("asked", 0.4)),
            (event("granted", 0.4, from_h=2.0),),
            (event("granted", 0.2, until_h=0.9),),
            (event("granted", 0.2, until_h=1.6),),
            (event("asked", 0.3), event("refused", 0.6)),
            (event("asked", 0.3), event("refused", 0.6), event("asked", 0.8)),
            (event("granted", 0.3), event("revoked", 0.8)),
        ]
    )


@st.composite
def _assets(draw, name):
    kind = draw(st.sampled_from([HELICOPTER, DRONE, TEAM]))
    host = draw(st.integers(0, 4)) == 0
    records = draw(st.sampled_from([(), (), (did("take-off", 0.6),), (did("take-off", 0.3), did("on-scene", 0.8))]))
    base = "home" if host else ("north" if kind is TEAM else draw(st.sampled_from(["north", "far"])))
    effects = draw(st.sampled_from([("find",), ("reach",), ("find", "reach")]))
    return asset(
        name,
        kind=kind,
        base=base,
        provider=HOST if host else NEIGHBOUR,
        needs=draw(st.lists(st.sampled_from(NEEDS), max_size=4, unique=True)),
        start=draw(st.sampled_from(["alarm", "request", "approval"])),
        ready=draw(st.sampled_from([None, 0.1, 2.0, 6.0])),
        effects=effects,
        records=records,
    )


@st.composite
def worlds(draw, most=4):
    """A case of 1 to *most* assets that share up to five clearances."""
    made = [draw(_assets(f"a{i}")) for i in range(draw(st.integers(1, most)))]
    named = sorted({n for a in made for n in a.activities})
    records = []
    for word in named:
        history = draw(_histories())
        kind, authority = word.split(":")
        lead = draw(st.sampled_from([None, sure(0.2), sure(3.0)]))
        if history or lead:
            records.append(record(kind, *history, authority=authority, lead=lead))
    known = draw(st.booleans())
    fog = weather("fog", end_h=draw(st.sampled_from([3.0, 6.0])), visibility_m=50.0)
    return case(
        *made,
        clearances=tuple(records),
        parties=(party(HOST), party(NEIGHBOUR, draw(st.sampled_from([None, 0.2, 0.9])))),
        persons=(people(),) if draw(st.booleans()) else (people(), people(2, None, id="others")),
        evidence=(report(known=True),) if known else (report(sigma_km=draw(st.sampled_from([0.5, 4.0]))),),
        weather=(fog,) if draw(st.booleans()) else (weather("clear"),),
    )
