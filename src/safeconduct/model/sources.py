"""Where a figure comes from and how far it can be trusted."""

from __future__ import annotations

from dataclasses import dataclass

from safeconduct.model.instants import Instant

GRADES: dict[str, str] = {
    "A": "official statement, or two independent reputable sources agree",
    "B": "one reputable source",
    "C": "one weak, secondary or mirrored source",
    "D": "contested or contradicted",
    "X": "derived here by arithmetic; the note gives the method",
    "V": "read in the named text",
    "V2": "read in a second-hand text",
    "calc": "computed here from figures that were read",
    "S": "secondary source only",
    "M": "from memory, not re-read",
    "K": "general knowledge of the named source, not re-read",
    "given": "given by the writer of an exercise",
    "assumed": "our assumption; no source",
}
"""Every grade a figure may carry, with its meaning."""

UNVERIFIED = frozenset({"C", "D", "S", "M", "K", "assumed"})
"""Grades that are shown as unverified wherever the figure is used."""


@dataclass(frozen=True, slots=True)
class Source:
    """
    One publication.

    Args:
        id: Short name used by the facts, such as ``S22``.

        title: What it is; with the address if there is one.
    """

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Cite:
    """
    The origin of a fact.

    Args:
        sources: Ids of sources, or short references of their own; empty only for ``given`` and ``assumed``.

        grade: One of `GRADES`.

        note: Method, conflict or reservation in one sentence.
    """

    sources: tuple[str, ...]
    grade: str
    note: str = ""

    @property
    def verified(self) -> bool:
        """Whether the figure may be shown without the word *unverified*."""
        return self.grade not in UNVERIFIED


@dataclass(frozen=True, slots=True)
class Figure:
    """
    A number with its origin; the unit is in the name of the field that holds it.

    Args:
        value: The figure.

        cite: Its origin.
    """

    value: float
    cite: Cite


@dataclass(frozen=True, slots=True)
class Spread:
    """
    An uncertain quantity by three quantiles; the unit is in the name of the field that holds it.

    Args:
        p10: Value that one case in ten stays under; p10 <= p50 <= p90, all >= 0.

        p50: Median.

        p90: Value that nine cases in ten stay under.

        cite: Its origin.

        reference_class: Which cases it is drawn from, written before it is compared with a record.

        cases: How many cases; 1 means made from one number, None that the count is not known.
    """

    p10: float
    p50: float
    p90: float
    cite: Cite
    reference_class: str = ""
    cases: int | None = None


@dataclass(frozen=True, slots=True)
class Dated:
    """
    An act or event.

    Args:
        at: When it happened, aware UTC.

        known_at: When the office that acted knew it; never before *at* by convention of the case format.

        cite: Its origin.
    """

    at: Instant
    known_at: Instant
    cite: Cite
