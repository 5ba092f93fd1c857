"""Rules of law and practice as data: what a rule says, when it applies, and what it does to a way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from safeconduct.model.law import ACTIVITIES, AIRCRAFT, COUNTERPARTS, ITEMS, Bound, WayFacts
from safeconduct.model.sources import Cite, Spread

YES_NO = ("yes", "no")
STATE = ("state",)

FACTS: Mapping[str, tuple[str, ...]] = {
    "provider": STATE,
    "host": STATE,
    "crosses": STATE,
    "lands_in": STATE,
    "actor": ("military", "civil-agency", "contractor", "grantee", "ngo", "international", "individual"),
    "aircraft": AIRCRAFT,
    "activity": ACTIVITIES,
    "item": ITEMS,
    "emergency": ("aircraft-accident", "natural-disaster", "maritime", "conflict"),
    "foreign": YES_NO,
    "remote": YES_NO,
    "crosses_third": YES_NO,
    "lands_in_host": YES_NO,
    "persons_cross": YES_NO,
    "pilotless": YES_NO,
    "armed": YES_NO,
    "lost_is_civil": YES_NO,
    "in_conflict": YES_NO,
    "counterpart": COUNTERPARTS,
    "hands_over": YES_NO,
    "based_in_host": YES_NO,
}
"""
The closed vocabulary of conditions: each fact with the words it may be compared with.

`STATE` stands for any two capitals, `YES_NO` for true and false. ``crosses``, ``lands_in``, ``activity`` and ``item``
hold several words at once; a test on them is true where any one of the words asked for is among them.
"""

EFFECTS = ("engages", "permits", "prohibits", "duty", "informs")

SUBJECTS: Mapping[str, str] = {
    "path": "a way to help that needs no clearance, or one fewer",
    "procedure": "how a permission is got, how long it takes, who else has a say",
    "right": "what may be pleaded, and what it does not give",
    "practice": "what states do or have said",
}
"""What a rule that only informs is about."""

FORCES = ("shall", "should", "practice", "model")

AUTHORITIES = ("host", "each-crossed", "each-third", "each-landed", "each-ground", "provider")
"""
Who grants, by role: the host; each state entered; each of those but the host; each of the latter where the way lands;
each state in which people are on the ground (all that are entered by land, of a flight the host alone); the provider.
The provider itself is left out of all but the last: nobody asks his own state for leave to enter it.
"""

CONFIDENCE: Mapping[str, str] = {
    "V": "read in the named text",
    "V2": "read in a second-hand text",
    "partly": "some of the named text read",
    "S": "secondary source only",
    "M": "from memory, not re-read",
}
"""How well a rule's text is known. Only the first two may open a gate."""

VERIFIED = frozenset({"V", "V2"})


@dataclass(frozen=True, slots=True)
class Test:
    """
    One comparison; unknown where the fact is not known.

    Args:
        fact: Of `FACTS`.

        among: Words, ``yes`` and ``no`` for true and false; true where the fact is (or, of several, holds) one of them.
    """

    __test__ = False  # keeps test collectors off a class of this name

    fact: str
    among: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """True where every part is; the empty one is true."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True where at least one part is; the empty one is false."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class NotThis:
    """True where the part is false; unknown stays unknown."""

    part: Condition


Condition: TypeAlias = Test | AllOf | AnyOf | NotThis


@dataclass(frozen=True, slots=True)
class Engagement:
    """
    A clearance that a rule engages.

    Args:
        kind: Clearance kind.

        authority: One of `AUTHORITIES`, or the code of a party.

        lead_time: Key into the lead times; empty for none.

        lead_time_h: From asking to answer, taken from that key.
    """

    kind: str
    authority: str
    lead_time: str
    lead_time_h: Spread | None


@dataclass(frozen=True, slots=True)
class RuleCase:
    """
    A case of the rule's own, which a lawyer reads beside it.

    Args:
        says: The case in words.

        facts: The way of the case, what the file leaves out filled in with the defaults that docs/law.md lists.

        status: The status this rule must have on those facts; the worst one where it engages several clearances.

        where: File and line, for whoever has to correct it.
    """

    says: str
    facts: WayFacts
    status: str
    where: str


@dataclass(frozen=True, slots=True)
class Period:
    """
    A further time of validity, added by a later act.

    Args:
        start: First day or instant.

        end: Last day or instant.

        published: Day from which it could be known.
    """

    start: Bound
    end: Bound
    published: date


@dataclass(frozen=True, slots=True)
class Doubt:
    """
    Days on which nobody outside could tell whether the rule held.

    Args:
        start: First day.

        end: Last day.

        why: What was not known.
    """

    start: date
    end: date
    why: str


@dataclass(frozen=True, slots=True)
class Rule:
    """
    One rule of law or practice.

    Args:
        id: Such as ``INT-01``.

        says: Our own paraphrase.

        when: Facts under which it applies.

        effect: One of `EFFECTS`: ``engages`` a clearance that can be granted, ``prohibits`` what nobody can grant,
            ``permits`` what other rules engage, ``duty`` binds somebody and stops no way, ``informs`` does neither.

        engages: The clearances engaged or prohibited; empty for the other effects.

        opens: Ids of the rules that a permission satisfies; empty for the other effects.

        deadline_h: Of a duty, 0 for at once; None where the text names no time.

        force: One of `FORCES`.

        valid_from: First day or instant; None where not read or without beginning.

        valid_until: Last day or instant; None where no end is stated.

        published: Day from which it could be known; None where not read: then it counts as long known.

        as_of: Date of the text that was read, as far as it is known.

        cite: The place in the law, and where it was read.

        confidence: One of `CONFIDENCE`.

        conditions: On what terms; the terms of an engaged clearance, or of a permission.

        channel: How to reach the authority; empty where the rule does not say.

        follows: Of a permission: rules that must themselves be satisfied for it to hold; its terms are theirs too.

        unless: Of a permission or duty: rules before which it yields where they apply.

        extended: Further times of validity, each with the day on which it was published.

        in_doubt: Days on which it was not known whether it held.

        version_of: Id that the versions of one rule share; empty where there is one version.

        subject: Of a rule that informs: one of `SUBJECTS`; else empty.

        where: File and line.
    """

    id: str
    says: str
    when: Condition
    effect: str
    engages: tuple[Engagement, ...]
    opens: tuple[str, ...]
    deadline_h: float | None
    force: str
    valid_from: Bound | None
    valid_until: Bound | None
    published: date | None
    as_of: str
    cite: Cite
    confidence: str
    needs_counsel: bool
    conditions: tuple[str, ...]
    channel: str
    cases: tuple[RuleCase, ...]
    note: str = ""
    follows: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    extended: tuple[Period, ...] = ()
    in_doubt: tuple[Doubt, ...] = ()
    version_of: str = ""
    subject: str = ""
    where: str = ""

    @property
    def verified(self) -> bool:
        """Whether the text was read; without that a rule can engage a gate and never open one."""
        return self.confidence in VERIFIED


@dataclass(frozen=True, slots=True)
class Rulebook:
    """
    The rules and the lead times they use.

    Args:
        rules: Sorted by id, ids unique.

        lead_times: Hours from asking to answer, by clearance kind and, after a hyphen, relation.
    """

    rules: tuple[Rule, ...]
    lead_times: Mapping[str, Spread]
