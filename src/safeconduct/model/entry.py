"""What is known of entering a state, and the words two sides may agree on."""

from __future__ import annotations

from dataclasses import dataclass

from safeconduct.model.sources import Cite

TOPICS = ("authority", "channel", "hours", "notice", "sensors", "arms", "languages", "exceptions")
"""What an entry profile speaks of; a topic without an entry was not published or not read."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One topic of a profile with its source."""

    topic: str
    says: str
    cite: Cite


@dataclass(frozen=True, slots=True)
class EntryProfile:
    """
    What foreign rescue units must know to enter a state (ICAO Annex 12 asks each state to publish it).

    Args:
        entries: In the order of `TOPICS`; topics that are missing are not known.
    """

    state: str
    entries: tuple[Entry, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Topics of which nothing was read."""
        known = {each.topic for each in self.entries}
        return tuple(topic for topic in TOPICS if topic not in known)


@dataclass(frozen=True, slots=True)
class Clause:
    """
    Words for terms between parties, of our own wording.

    Args:
        purpose: Why it is there.

        after: Models that it follows.
    """

    id: str
    title: str
    purpose: str
    text: str
    after: str


@dataclass(frozen=True, slots=True)
class FormField:
    """
    One field of a clearance form.

    Args:
        value: Empty where the case does not say; a person fills it in.
    """

    name: str
    value: str
