"""
Terms and statements: what two sides adhere to, each by its own act, without signing anything together.

An adherence is to one hash. It is committed to first and revealed later, and it takes effect only beside the others':
the one who reveals first gives nothing away, and if the time runs out, none of them ever stood.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from safeconduct.exchange.breaches import statuses
from safeconduct.exchange.canonical import canonical
from safeconduct.exchange.message import Message
from safeconduct.exchange.order import Ordered, ordered, stands_on
from safeconduct.model.instants import Instant

COMMITMENT = "commitment"
"""Name of the attachment of an ``AdhereToTerms`` that commits: its digest is `commitment_to`."""

OPENING = "opening"
"""Name of the attachment of an ``AdhereToTerms`` that reveals: its digest is the salt."""

TERMS_STATES = ("Committed", "Revealed", "InForce", "TimedOut", "Refused")
STATEMENT_STATES = ("Proposed", "Agreed", "Refused", "Released", "OneSided")

RELEASES = "NotifyAuxiliaryRecipients"
"""Type of the message that reports a statement released: it answers the proposal and names the same words by hash."""


@dataclass(frozen=True, slots=True)
class TermsState:
    """
    Where an adherence to terms stands.

    Args:
        digest: Hash of the terms.

        message: Id of the first adherence, which proposes them.

        parties: Who is to adhere: the sender and the recipients of the first adherence.

        state: Of `TERMS_STATES`: ``Committed`` while not all have committed, ``Revealed`` while some have opened.

        committed: Who has committed, sorted.

        revealed: Who has opened its commitment, sorted.

        until_at: When it times out; None: no end was said, and it never comes into force.

        public: Whether the adherences may be published: in force, or timed out and void.
    """

    digest: str
    message: str
    parties: tuple[str, ...]
    state: str
    committed: tuple[str, ...]
    revealed: tuple[str, ...]
    until_at: Instant | None
    public: bool


@dataclass(frozen=True, slots=True)
class StatementState:
    """
    Where a public statement stands.

    Args:
        digest: Hash of its words, in all languages.

        by: Who proposed it.

        state: Of `STATEMENT_STATES`; ``OneSided`` where it was reported released before every agreement was there: what
            is agreed later does not mend it.

        agreed: Recipients who accepted it word for word, sorted.

        missing: Recipients who did not answer, sorted: silence agrees to nothing.
    """

    digest: str
    by: str
    state: str
    agreed: tuple[str, ...]
    missing: tuple[str, ...]


def commitment_to(party: str, digest: str, salt: str) -> str:
    """
    What a party shows of its adherence before it reveals it.

    Args:
        salt: 64 hexadecimal digits drawn at random, shown when the adherence is revealed.
    """
    return sha256(canonical({"adherence": digest, "party": party, "salt": salt})).hexdigest()


def terms_states(messages: Iterable[Message], at: Instant | None = None) -> tuple[TermsState, ...]:
    """
    Where each adherence stands, by thread and hash of the terms; a function of the set of messages and the clock.

    An opening counts only against a commitment of its own sender, which must stand before it, and only until the
    time-out; one that opens something else counts for nothing. A revocation is a refusal. What is dated before the
    adherence that the other side answered, and does not stand on it, counts for nothing: no earlier hour and no other
    party is put under terms that stand. Exercise adheres to nothing actual, nor the other way round.

    Args:
        at: The hour; None leaves the clock out.
    """
    thread = ordered(messages)
    kinds = statuses(thread)
    found: dict[tuple[str, str], list[int]] = {}
    for place, (_, message) in enumerate(thread.messages):
        if message.content == "AdhereToTerms" and message.digest and message.status == kinds[message.origin]:
            found.setdefault((message.digest, message.origin), []).append(place)
    return tuple(_terms(digest, _together(found[digest, origin], thread), at) for digest, origin in sorted(found))


def statement_states(messages: Iterable[Message]) -> tuple[StatementState, ...]:
    """Where each proposed public statement stands, in the order of the thread; one without words is none."""
    thread = ordered(messages)
    kinds = statuses(thread)
    sequence = [each for _, each in thread.messages if each.status == kinds[each.origin]]
    return tuple(
        _statement(message, message.digest, sequence)
        for message in sequence
        if message.content == "ProposePublicStatement" and message.digest is not None
    )


def silent_since(messages: Iterable[Message], party: str) -> Instant | None:
    """When anything was last heard of a party, for the schedule of channel checks; None: never."""
    return max((each.sent.at for each in messages if each.sender == party), default=None)


def attached(message: Message, name: str) -> str | None:
    """Digest of the attachment of that name, or None."""
    return next((each.digest for each in message.attachments if each.name == name), None)


def _together(places: Sequence[int], thread: Ordered) -> list[Message]:
    """The first adherence that another party's stands on, and what stands on it; all, where no hashes are named."""
    own = [(place, thread.messages[place][1]) for place in places]
    if not any(each.previous for _, each in own):
        return [each for _, each in own]
    chosen: list[Message] = []
    for at, first in own:
        found = [each for place, each in own if place == at or stands_on(place, (at,), thread)[0] == at]
        chosen = chosen or found
        if any(each.sender != first.sender for each in found):
            return found
    return chosen


def _terms(digest: str, messages: list[Message], at: Instant | None) -> TermsState:
    first = messages[0]
    parties = tuple(sorted({first.sender, *first.recipients}))
    until = first.until_at
    committed: dict[str, set[str]] = {}
    revealed: set[str] = set()
    refused = False
    for message in messages:
        if message.sender not in parties:
            continue
        if message.response is not None and message.response.answer == "Decline" and revealed != set(parties):
            refused = True  # what is in force already is not undone by one side's no
        shown, salt = attached(message, COMMITMENT), attached(message, OPENING)
        if shown is not None:
            committed.setdefault(message.sender, set()).add(shown)
        in_time = until is not None and message.sent.at <= until
        if (
            salt is not None
            and in_time
            and commitment_to(message.sender, digest, salt) in committed.get(message.sender, ())
        ):
            revealed.add(message.sender)
    state = _terms_state(parties, revealed, refused=refused, late=until is not None and at is not None and until < at)
    public = state in ("InForce", "TimedOut")
    return TermsState(
        digest, first.id, parties, state, tuple(sorted(committed)), tuple(sorted(revealed)), until, public
    )


def _terms_state(parties: tuple[str, ...], revealed: set[str], *, refused: bool, late: bool) -> str:
    if refused:
        return "Refused"
    if revealed == set(parties):
        return "InForce"
    if late:
        return "TimedOut"
    return "Revealed" if revealed else "Committed"


def _statement(proposed: Message, digest: str, sequence: list[Message]) -> StatementState:
    said: dict[str, str] = {}
    released = ""
    for each in sequence:
        if each.preceding != proposed.id or each.digest != digest:
            continue
        if each.content == "RespondToPublicStatement" and each.sender in proposed.recipients and each.response:
            said[each.sender] = each.response.answer
        if each.content == RELEASES and each.sender in (proposed.sender, *proposed.recipients):
            whole = all(said.get(party) == "Accept" for party in proposed.recipients)
            released = released or ("Released" if whole else "OneSided")
    agreed = tuple(sorted(party for party, answer in said.items() if answer == "Accept"))
    missing = tuple(sorted(set(proposed.recipients) - said.keys()))
    refused = len(agreed) + len(missing) < len(proposed.recipients)
    state = released or ("Refused" if refused else ("Proposed" if missing else "Agreed"))
    return StatementState(digest, proposed.sender, state, agreed, missing)
