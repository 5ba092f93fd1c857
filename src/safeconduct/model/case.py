"""One emergency and all that is known, asked, offered and agreed about it."""

from __future__ import annotations

from dataclasses import dataclass

from safeconduct.model.assets import Asset, Base, GroundLink
from safeconduct.model.instants import Instant
from safeconduct.model.parties import Party
from safeconduct.model.persons import PersonGroup
from safeconduct.model.places import PlaceShape
from safeconduct.model.sources import Cite, Figure, Source, Spread
from safeconduct.model.space import LonLat
from safeconduct.model.winds import WindReport

CLEARANCE_KINDS = (
    "request",
    "entry",
    "overflight",
    "landing",
    "unmanned",
    "persons",
    "customs",
    "frequency",
    "sensor",
    "arms",
    "export",
    "sanctions",
    "deploy",
    "guarantee",
    "payment",
)
"""
Kinds of permission; ``request`` is the host's own asking or consent, ``deploy`` the provider's own approval,
``guarantee`` and ``payment`` what the provider waits for before it moves.
"""

GATES = ("departure", "border", "landing")
"""Where a recorded clearance may be first needed, besides the id of a step."""

CLEARANCE_STATUSES = (
    "not-engaged",
    "needed",
    "asked",
    "acknowledged",
    "granted",
    "refused",
    "silent",
    "lapsed",
    "revoked",
    "unknown",
)

EMERGENCIES = ("aircraft-accident", "natural-disaster", "maritime", "conflict")


@dataclass(frozen=True, slots=True)
class Place:
    """
    What a report says about where.

    Args:
        kind: ``point`` (normal about one point), ``disc`` (uniform), ``track`` (normal across a line); or one of
            ``route``, ``fixes``, ``bearing``, ``phone``, ``seen``, ``heard``, ``detection``, ``cloud``, ``searched``,
            each with its *shape*.

        points: The point, the centre, the station, the corners of the line, or those of the area searched.

        sigma_km: Standard deviation for ``point`` and ``track``, and across a ``route``.

        radius_km: Radius for ``disc``.

        known: True where the place needs no search (then it is the site).

        shape: What the kind asks for besides; None for point, disc and track.
    """

    kind: str
    points: tuple[LonLat, ...]
    sigma_km: float | None
    radius_km: float | None
    known: bool
    cite: Cite
    shape: PlaceShape | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """
    One account of what happened, held beside others.

    Args:
        weight: Belief in it before the reports, > 0; the weights of all are scaled to sum to 1.

        evidence: Ids of the reports that speak under it; the others say nothing under it. Empty: all of them.
    """

    id: str
    says: str
    weight: float
    evidence: tuple[str, ...]
    known_at: Instant
    cite: Cite


@dataclass(frozen=True, slots=True)
class Evidence:
    """
    One report.

    Args:
        reliability: Of the source, Admiralty ``A`` to ``F``.

        credibility: Of the information, ``1`` to ``6``.

        place: What it says about where; None if nothing that can be put on a map.

        withdrawn_at: When its author took it back.

        contradicts: Ids of evidence it speaks against.

        finds: True where it settles the place: persons found.

        announced_km2: Least and greatest area announced, where it was told without its place; None for none.
    """

    id: str
    what: str
    by: str
    at: Instant | None
    known_at: Instant
    reliability: str
    credibility: str
    place: Place | None
    withdrawn_at: Instant | None
    contradicts: tuple[str, ...]
    finds: bool
    cite: Cite
    announced_km2: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class WeatherWindow:
    """
    Weather at the site (or at one base) over a time.

    Args:
        start: From when.

        end: Until when; None where it is not known.

        end_after_h: Where *end* is not known: hours after *start*, uncertain. At most one of the two.

        visibility_m: Horizontal visibility; None is unknown.

        cloud_base_m: Above ground; None is unknown or none.

        ground_hidden: Whether cloud or fog hides the ground from above.

        icing: None is unknown.

        alternative: Windows with the same name exclude each other: conflicting reports of one time.

        weight: Share of belief among the alternatives of one name; they are scaled to sum to 1.

        shuts: Asset kinds that, as reported, could not work there then, whatever the figures say.
    """

    id: str
    place: str
    start: Instant
    end: Instant | None
    end_after_h: Spread | None
    visibility_m: float | None
    cloud_base_m: float | None
    ground_hidden: bool
    icing: bool | None
    temperature_c: float | None
    alternative: str
    weight: float
    known_at: Instant
    cite: Cite
    note: str = ""
    shuts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClearanceEvent:
    """
    What happened to a clearance.

    Args:
        status: ``asked``, ``acknowledged``, ``granted``, ``refused``, ``silent``, ``lapsed`` or ``revoked``.

        valid_from: For a grant; None means at once.

        valid_until: For a grant; None where no end is stated.
    """

    status: str
    at: Instant
    known_at: Instant
    conditions: tuple[str, ...]
    valid_from: Instant | None
    valid_until: Instant | None
    cite: Cite


@dataclass(frozen=True, slots=True)
class ClearanceRecord:
    """
    A permission that the case knows about.

    Args:
        id: Name used on the command line, such as ``IR-ENTRY-TR``.

        kind: One of `CLEARANCE_KINDS`.

        authority: Party that must say yes.

        office: Role in it; empty where not known.

        provider: Party whose assets need it.

        assets: Ids of the assets it covers; empty means all of the provider's.

        lead_time_h: From being asked to the answer; None takes the rule's.

        gate: Where it is first needed: of `GATES`, or the id of a step; empty leaves that to the rules, which then must
            engage it.
    """

    id: str
    kind: str
    authority: str
    office: str
    provider: str
    assets: tuple[str, ...]
    events: tuple[ClearanceEvent, ...]
    lead_time_h: Spread | None
    basis: tuple[str, ...]
    cite: Cite
    note: str = ""
    gate: str = ""


@dataclass(frozen=True, slots=True)
class RedLine:
    """
    A condition a party will not trade. An asset that meets every non-empty field is barred.

    Args:
        providers: Parties whose assets are barred.

        armed: True bars armed assets.

        kinds: Asset kinds barred.

        items: Items whose carriage bars.

        assets: Single assets barred.
    """

    id: str
    party: str
    says: str
    providers: tuple[str, ...]
    armed: bool
    kinds: tuple[str, ...]
    items: tuple[str, ...]
    assets: tuple[str, ...]
    known_at: Instant
    cite: Cite


@dataclass(frozen=True, slots=True)
class Offer:
    """
    A general offer that names no asset.

    Args:
        party: Who offered.

        says: What, in our words.
    """

    party: str
    says: str
    at: Instant
    known_at: Instant
    cite: Cite


@dataclass(frozen=True, slots=True)
class Happening:
    """A dated event that no asset or clearance carries, for the timeline."""

    at: Instant
    known_at: Instant
    says: str
    cite: Cite
    approximate: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """
    One emergency.

    Args:
        kind: ``real`` or ``exercise``.

        host: State on whose territory it happened.

        lost_is_civil: Whether the lost craft is civil; None is unknown. Some duties hold for civil aircraft only.

        site_elevation_m: Elevation figures that the sources give; several where they conflict.

        map_base: (lon, lat) that centres an invented map; None for the real globe.

        scenarios: Accounts held side by side; none is one account under which every report speaks.

        search_object: What is looked for, a row of the sweep width tables; empty where the case does not say.

        cover: Terrain and vegetation, a column of their factors; empty where the case does not say.

        winds: None is not calm: nobody says.
    """

    id: str
    title: str
    kind: str
    summary: str
    host: str
    incident_at: Instant
    incident_cite: Cite
    emergency: str
    lost: str
    lost_is_civil: bool | None
    in_conflict: bool
    assess_at: Instant
    seed: int
    srr: str
    smc: str
    phase: str
    sources: tuple[Source, ...]
    parties: tuple[Party, ...]
    persons: tuple[PersonGroup, ...]
    evidence: tuple[Evidence, ...]
    weather: tuple[WeatherWindow, ...]
    bases: tuple[Base, ...]
    ground: tuple[GroundLink, ...]
    assets: tuple[Asset, ...]
    clearances: tuple[ClearanceRecord, ...]
    red_lines: tuple[RedLine, ...]
    offers: tuple[Offer, ...]
    happenings: tuple[Happening, ...]
    site_elevation_m: tuple[Figure, ...]
    assumptions: tuple[str, ...]
    unknowns: tuple[str, ...]
    own_borders_only: bool = False
    scenarios: tuple[Scenario, ...] = ()
    search_object: str = ""
    cover: str = ""
    winds: tuple[WindReport, ...] = ()

    def party(self, code: str) -> Party | None:
        """The party of that code, or None."""
        return next((p for p in self.parties if p.id == code), None)

    def base(self, name: str | None) -> Base | None:
        """The base of that id, or None."""
        return next((b for b in self.bases if b.id == name), None)
