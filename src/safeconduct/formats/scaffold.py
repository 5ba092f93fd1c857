"""The text of a new case: an invented emergency to overwrite, line by line."""

from __future__ import annotations

from safeconduct.formats.fields import ID
from safeconduct.model.errors import InvalidInput

_TEMPLATE = """\
# A case file. It holds as it stands: first run
#     safeconduct case check {file}
#     safeconduct assess {file}
# and then replace what is invented, from the top down. docs/case-format.md explains every key.
# Positions are [longitude, latitude]. Instants need a zone: Z, or an offset such as +03:30.
format: 1
id: {id}
title: Aircraft down at the river          # REPLACE
kind: exercise                             # 'real' for a real emergency
summary: >
  A light aircraft is down in XB, an hour's drive from any road.
  The nearest rescue helicopter stands across the border, in XA.
host: XB                                   # state on whose territory it happened (two letters; XA to XZ are invented)
phase: DETRESFA                            # INCERFA, ALERFA, DETRESFA, or "" where nobody has declared one
assess_at: 2031-03-04T19:40Z               # 'now' of the case: later facts are not used
own_borders_only: true                     # DELETE this line, and every 'airspace' below, to use the real borders

# The origin of every fact that states none of its own. In a real case write sources and grades instead:
# grade A official or twice confirmed, B one good source, C one weak one, D contested, assumed = our assumption.
default_cite: {{grade: given}}
sources: {{}}                                # such as  S1: "Press release of the ministry, 4 March, https://..."

incident:
  at: 2031-03-04T19:00Z                    # REPLACE
  emergency: aircraft-accident             # or natural-disaster, maritime, conflict
  lost: light aircraft
  lost_is_civil: true
  site_elevation_m: [{{value: 240}}]         # leave out where nobody knows; write both where sources differ

parties:                                   # every state or organisation that is named below
  - id: XB
    name: Lower River
    rcc: {{name: RCC Lower River, contact: "+000 0000 24 hours"}}
    offices: [{{id: duty, title: Duty officer of the RCC}}]
    alarm: {{at: 2031-03-04T19:10Z}}         # when it came to know; known_at if its office knew only later
    airspace: [[[-36.0, 44.0], [-34.0, 44.0], [-34.0, 45.2], [-36.0, 45.2]]]
  - id: XA
    name: Upper River
    alarm: {{at: 2031-03-04T19:15Z}}
    airspace: [[[-36.0, 45.2], [-34.0, 45.2], [-34.0, 46.0], [-36.0, 46.0]]]

persons:                                   # groups who share injury and exposure; never names
  - id: crew
    count: 3                               # REPLACE
    injury: critical                       # uninjured, injured, critical, unknown
    exposure: clear night, 4 C, dry
    # Chance of being alive by hours since the incident; or the id of a shipped model; or leave it out.
    survival: {{points: [[0, 1.0], [1.5, 0.8], [4, 0.1]], scale: linear, domain_h: 6, relative_h_spread: 0.25}}

evidence:                                  # every report of where they are; contradicting ones stay side by side
  - id: beacon
    what: Fix of the emergency beacon
    by: XB
    at: 2031-03-04T19:05Z
    known_at: 2031-03-04T19:10Z
    reliability: A                         # of the source, A to F
    credibility: 1                         # of the report, 1 to 6
    place: {{kind: point, points: [[-35.0, 45.0]], known: true}}   # sigma_km: 2 instead of known, if uncertain

weather:                                   # at 'site' or at a base; leave out what nobody knows
  - id: clear-night
    place: site
    from: 2031-03-04T18:00Z
    until: 2031-03-05T18:00Z
    visibility_m: 10000
    temperature_c: 4
    icing: false

bases:
  - id: north-bank                         # 'airport: CODE' instead of the next five lines takes a known airport
    name: North bank heliport
    position: [-35.0, 45.4]                # REPLACE
    state: XA
    elevation_m: 200
    runway_m: 0
    fuel: true

assets:                                    # offered, or conceivable; 'hypothetical: true' where no source names it
  - id: xa-rescue
    name: Rescue helicopter of Upper River
    type: h145-d3                          # a shipped type; null if the offer named none
    provider: XA
    base: north-bank
    status: civil                          # civil or state aircraft
    actor: civil-agency                    # military, civil-agency, ngo, individual
    armed: false
    activities: [rescue-service]
    offered: {{at: 2031-03-04T19:20Z}}
    mobilisation: {{start: alarm, hours: {{p10: 0.15, p50: 0.25, p90: 0.5}}}}
    effects: [find, reach]                 # find, reach, image, carry

clearances:                                # what was asked and answered; what nobody asked yet needs no record
  - id: XB-ENTRY-XA
    kind: entry
    authority: XB
    office: duty
    provider: XA
    lead_time_h: {{p10: 0.2, p50: 0.5, p90: 2}}
    events:
      - {{status: asked, at: 2031-03-04T19:35Z}}   # then acknowledged, granted (from, until), refused, ...

red_lines:
  - {{id: unarmed, party: XB, says: No armed aircraft, armed: true}}

assumptions: [The river can be crossed by air only.]
unknowns: [Whether the crew has blankets.]
"""


def scaffold(name: str, *, file: str | None = None) -> str:
    """
    Write the text of a new case.

    Args:
        name: Id of the case: letters, digits, ``.``, ``_``, ``-``.

        file: The file's name, for the advice in the first lines; by default *name* with ``.yaml``.

    Returns:
        YAML that `safeconduct.formats.casefile.read_case` accepts without a warning.

    Raises:
        InvalidInput: *name* is not an id.
    """
    if not ID.fullmatch(name):
        raise InvalidInput(
            "not an id",
            where="NAME",
            expected="letters, digits, '.', '_' and '-', beginning with a letter or digit",
            got=repr(name),
        )
    shown = (file or f"{name}.yaml").replace("\n", " ")
    # Quoted, because an id such as 2031 or true would otherwise be read as a number or a word.
    return _TEMPLATE.format(id=f'"{name}"', file=shown)
