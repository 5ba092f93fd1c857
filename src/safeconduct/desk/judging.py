"""What of a bundle holds, by the state of the store that it is judged by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import TypeAlias

from safeconduct.desk.beside import beside
from safeconduct.desk.party import entry
from safeconduct.desk.sending import seen_head
from safeconduct.desk.voice import Voice, card_thing
from safeconduct.exchange.card import Card, SignedCard, card_hash, check_card
from safeconduct.exchange.contents import Contents
from safeconduct.exchange.parcel import Parcel, check_parcel
from safeconduct.exchange.powers import replaced_at
from safeconduct.exchange.record import Inclusion, check_log_name
from safeconduct.exchange.signed import SignedMessage, check_signed
from safeconduct.model.errors import InvalidInput
from safeconduct.model.instants import Instant, hours_between, iso
from safeconduct.store.contract import Batch

MOST_AHEAD = timedelta(days=1)
"""Further than this it is refused until a clock is mended: what it grants would begin nowhere; our convention."""


Good: TypeAlias = dict[str, SignedMessage]
"""By their hash with signatures."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """
    A bundle that was opened.

    Args:
        brought: Its messages, by their hash with signatures.

        proofs: By the hash of what was logged.
    """

    parcel: Parcel
    contents: Contents
    brought: Mapping[str, SignedMessage]
    proofs: Mapping[str, tuple[Inclusion, ...]]

    @property
    def sender(self) -> str:
        """Who made it."""
        return self.parcel.routing.sender


@dataclass(frozen=True, slots=True)
class Judged:
    """
    What a bundle is by the state of the store that *mark* stands for.

    Args:
        cards: That are trusted, by hash, those that came with it among them.

        before: What is kept no later than its first message.

        after: What is kept with its last one: the sender is not told that its parcel arrived before all of it did.
    """

    mark: object
    cards: Mapping[str, Card]
    before: tuple[Batch, ...]
    after: Batch


def judge(voice: Voice, bundle: Bundle, mark: object) -> Judged:
    """
    Check what depends on what is held: cards, routing, the sender's log, and what came beside the messages.

    Raises:
        InvalidInput: One of them does not hold: the bundle fails as a whole.
    """
    parcel = bundle.parcel
    fresh = _new_cards(voice, bundle.sender, bundle.contents)
    cards = voice.cards() | {card_hash(each.card): each.card for each in fresh}
    check_parcel(parcel, cards)
    _, heads = seen_head(voice, cards[parcel.routing.card], parcel.routing.checkpoint, parcel.routing.growths)
    after = Batch(beside(voice, parcel, bundle.contents, bundle.brought, cards))
    return Judged(mark, cards, (*_cards(voice, fresh), Batch(heads)), after)


def check_route(voice: Voice, parcel: Parcel) -> None:
    """
    Refuse a parcel that is not for this party to take now.

    Raises:
        InvalidInput: It is for others, a carrier did not sign for it, or it has expired on the way.
    """
    routing = parcel.routing
    where = f"parcel {routing.id}"
    if routing.recipient == voice.party and len(parcel.hops) < len(routing.via):
        missing = routing.via[len(parcel.hops)]
        expected = f"{missing} to take it over (exchange import) and hand it on (exchange pass)"
        raise InvalidInput("a carrier on the route did not sign for it", where=where, expected=expected)
    if voice.party not in (routing.recipient, *routing.via):
        expected = f"for {voice.party}, or with it among the carriers (exchange export --via {voice.party})"
        raise InvalidInput("a bundle for others", where=where, expected=expected, got=routing.recipient)
    if voice.at > routing.until_at and routing.recipient != voice.party:
        expected = "a new one of its sender (exchange export)"
        raise InvalidInput("a parcel that has expired", where=where, expected=expected, got=iso(routing.until_at))


def legs(parcel: Parcel, at: Instant) -> tuple[tuple[str, float], ...]:
    """Who had a parcel for how many hours, its sender first, by the clocks of those who signed for it and this one."""
    routing = parcel.routing
    hours = [routing.made_at, *(hop.taken_at for hop in parcel.hops), at]
    holders = (routing.sender, *(hop.party for hop in parcel.hops))
    return tuple((who, hours_between(a, b)) for who, (a, b) in zip(holders, pairwise(hours), strict=True))


def _new_cards(voice: Voice, sender: str, contents: Contents) -> tuple[SignedCard, ...]:
    """Cards that continue the sender's trusted chain."""
    chain = voice.chain(sender)
    if not chain:
        expected = f"first: safeconduct party trust {sender}.card --fingerprint ..."
        raise InvalidInput("a party whose card is not trusted", where=sender, expected=expected)
    known = {card_hash(each.card) for each in chain}
    last = chain[-1].card
    fresh = []
    for each in contents.cards:
        if card_hash(each.card) not in known:
            check_card(each, last)
            check_log_name(each.card, voice.cards().values())
            last = each.card
            fresh.append(each)
    return tuple(fresh)


def _cards(voice: Voice, fresh: Sequence[SignedCard]) -> Iterator[Batch]:
    for each in fresh:
        yield Batch((card_thing(each),), (entry("card", card_hash(each.card), voice.at),))


def by_hash(proofs: Sequence[Inclusion]) -> dict[str, tuple[Inclusion, ...]]:
    """Proofs by the hash of what was logged."""
    found: dict[str, tuple[Inclusion, ...]] = {}
    for each in proofs:
        found[each.entry.hash] = (*found.get(each.entry.hash, ()), each)
    return found


def sifted(
    voice: Voice, bundle: Bundle, cards: Mapping[str, Card], digests: Sequence[str]
) -> tuple[Good, list[tuple[SignedMessage, str]]]:
    """The messages that are good, and the others with the reason."""
    good, refused, ends = {}, [], replaced_at(cards)
    for digest in digests:
        each = bundle.brought[digest]
        try:
            _check_message(voice, each, cards, ends)
            if each.message.sender == bundle.sender:
                _check_logged(each, bundle.proofs.get(digest, ()))
            good[digest] = each
        except InvalidInput as error:
            refused.append((each, str(error)))
    return good, refused


def _check_logged(signed: SignedMessage, proofs: Sequence[Inclusion]) -> None:
    if not any(each.entry.kind == "sent" for each in proofs):
        raise InvalidInput("no proof that its sender logged it", where=f"message {signed.message.id}")


def _check_message(voice: Voice, signed: SignedMessage, cards: Mapping[str, Card], ends: Mapping[str, Instant]) -> None:
    where = f"message {signed.message.id}"
    if signed.card not in cards:
        raise InvalidInput("signed under a card that is not trusted", where=where, got=signed.card)
    check_signed(signed, cards[signed.card], ends.get(signed.card))
    if voice.party not in (signed.message.sender, *signed.message.recipients):  # one's own: lost with an older store
        raise InvalidInput("a message for others", where=where, got=", ".join(signed.message.recipients))
    if signed.message.sent.at > voice.at + MOST_AHEAD:
        expected = f"at most a day after {iso(voice.at)}, the hour of this clock"
        raise InvalidInput("from the future", where=where, expected=expected, got=iso(signed.message.sent.at))
