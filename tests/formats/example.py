"""The example of docs/case-format.md: a case without fault, from which the tests make faulty ones."""

from __future__ import annotations

import re
from pathlib import Path

from safeconduct.formats.casefile import Loaded, read_case
from safeconduct.formats.catalogue import Catalogue
from safeconduct.model.assets import AssetType
from safeconduct.model.persons import SurvivalModel
from safeconduct.model.sources import Cite

PAGE = Path(__file__).resolve().parents[2] / "docs" / "case-format.md"

BLOCKS = tuple(re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL))

EXAMPLE = BLOCKS[0]

CATALOGUE = Catalogue(
    types={"h145-d3": AssetType("h145-d3", "H145", "helicopter"), "mi-17": AssetType("mi-17", "Mi-17", "helicopter")},
    survival={
        "injured-crash": SurvivalModel("injured-crash", ((0.0, 1.0), (24.0, 0.2)), "log", 24.0, None, Cite((), "given"))
    },
    sources={},
)

FULL = (
    EXAMPLE.replace(
        "kind: exercise\n", "kind: exercise\nsummary: >\n  Two lines\n  of it.\nsrr: Lower\nsmc: RCC\nphase: ALERFA\n"
    )
    .replace("assess_at:", "seed: 7\nsources: {S1: A book}\nassess_at:")
    .replace(
        "  lost_is_civil: true\n",
        "  lost_is_civil: true\n  in_conflict: false\n  site_elevation_m: [{value: 240}, {value: 250}]\n",
    )
    .replace(
        "survival: injured-crash}",
        "survival: injured-crash, known_at: 2031-03-04T19:10Z, combatants: false,\n"
        "     claims: [{hours: 3, known_at: 2031-03-04T21:10Z, sources: [S1], grade: D}]}",
    )
    .replace(
        "    credibility: 1\n",
        "    credibility: 1\n    withdrawn_at: 2031-03-04T23:00Z\n    contradicts: [heard]\n    finds: false\n",
    )
    .replace(
        "weather:\n",
        """\
  - {id: heard, what: Heard, at: null, known_at: 2031-03-04T19:20Z, reliability: C, credibility: 3,
     place: {kind: disc, points: [[-34.8, 44.9]], radius_km: 5}}
  - {id: flown, what: Flown, at: 2031-03-04T19:00Z, reliability: B, credibility: 2,
     place: {kind: track, points: [[-34.8, 44.9], [-34.7, 45.0]], sigma_km: 7}}
weather:
  - {id: fog, place: bank, from: 2031-03-04T18:00Z, until_after_h: {one: 4}, cloud_base_m: 60, temperature_c: 4,
     ground_hidden: true, alternative: evening, weight: 2, known_at: 2031-03-04T17:00Z, note: A report}
""",
    )
    .replace(
        "    effects:",
        """\
    items: [radio]
    activities: [search]
    count: 2
    persons: 4
    known_at: 2031-03-04T19:00Z
    offered: {at: 2031-03-04T19:20Z, known_at: 2031-03-04T19:25Z}
    hypothetical: true
    via: [bank]
    sweep_width_km: {one: 1}
    flight_time_h: {one: 0.5}
    product_time_h: {one: 9}
    detect_once: {one: 0.5}
    records:
      - {event: take-off, at: 2031-03-04T20:00Z, known_at: 2031-03-04T20:10Z, contested: true, note: Denied}
    effects:""",
    )
    + """\
      - {status: granted, at: 2031-03-04T19:50Z, conditions: [by night only], until: 2031-03-05T19:50Z}
    assets: [xa-rescue]
    basis: [INT-01]
winds:
  - {id: west, area: [[-36, 44], [-34, 44], [-34, 46], [-36, 46]], from: 2031-03-04T18:00Z, until: 2031-03-05T00:00Z,
     from_deg: 270, from_sigma_deg: 10, speed_m_s: {p10: 5, p50: 10, p90: 20}, height_m: [300], kinds: [helicopter],
     alternative: evening, weight: 3, known_at: 2031-03-04T17:00Z, note: A forecast}
ground:
  - {from: bank, drive_h: {one: 2}, walk_h: null, enters: [XB]}
red_lines:
  - {id: line, party: XB, says: No, providers: [XA], armed: true, kinds: [uav], items: [flir], assets: [xa-rescue],
     known_at: 2031-03-04T19:00Z}
offers: [{party: XA, says: anything, at: 2031-03-04T19:30Z, known_at: 2031-03-04T19:31Z}]
happenings: [{at: 2031-03-04T19:32Z, known_at: 2031-03-04T19:33Z, says: Rain, approximate: true}]
assumptions: [one]
unknowns: [two]
"""
)
"""The example with every key that a case file knows."""

RULES = frozenset({"INT-01", "INT-02"})


def read(text: str | bytes) -> Loaded:
    return read_case(text, name="case.yaml", catalogue=CATALOGUE, rules=RULES)


def changed(old: str, new: str) -> str:
    """The example with its one *old* replaced."""
    assert EXAMPLE.count(old) == 1, old
    return EXAMPLE.replace(old, new)
