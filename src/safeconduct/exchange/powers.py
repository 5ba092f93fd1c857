"""Which offices may do what where a party states no rules, and until when a card vouches for anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from safeconduct.exchange.card import ANY, TRANSIT, Card, Rule, card_hash, spoken
from safeconduct.model.errors import InvalidInput
from safeconduct.model.instants import Instant


def default_rules(offices: Sequence[str]) -> tuple[Rule, ...]:
    """
    Rules for a party that states none, from its offices in order of rank, the duty office first.

    The duty office alone receives, asks and answers questions, reports and checks the channel: nothing of that binds.
    Everything else takes two offices, or the only one there is.
    """
    light = ("Acknowledge", "RequestInformation", "ResponseToRequestInformation", "ChannelCheck")
    status = ("RequestResourceDeploymentStatus", "ReportResourceDeploymentStatus", "NotifyAuxiliaryRecipients")
    return (
        Rule((*light, *status, TRANSIT), tuple(offices), 1),
        Rule((ANY,), tuple(offices), min(2, len(offices))),
    )


def replaced_at(cards: Mapping[str, Card]) -> dict[str, Instant]:
    """
    Since when a card is replaced, by its hash: what is dated later than that it does not vouch for.

    A lost key is taken off by the next card; whoever found it must not go on under the one before. A new start
    replaces every card of its party that is older.

    Args:
        cards: By hash.
    """
    found: dict[str, Instant] = {}
    for later in cards.values():
        for digest, each in cards.items():
            started = later.reason == "new-start" and each.made_at < later.made_at
            if each.party == later.party and (started or later.previous == digest):
                found[digest] = min(later.made_at, found.get(digest, later.made_at))
    return found


def check_starts(first: Sequence[Card]) -> None:
    """
    A second chain of one party is a new start that says so; otherwise one of the two is not that party's.

    Raises:
        InvalidInput: Two first cards under one name.
    """
    for party in sorted({each.party for each in first}):
        own = sorted({spoken(card_hash(each)) for each in first if each.party == party and each.reason != "new-start"})
        if len(own) > 1:
            expected = f"one chain, or new starts: one of these is not of {party}"
            where = f"card {party}"
            raise InvalidInput("two parties under one name", where=where, expected=expected, got=" and ".join(own))
