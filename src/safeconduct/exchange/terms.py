"""
Terms and statements: what two sides adhere to, each by its own act, without signing anything together.

An adherence is to one hash. It is committed to first and revealed later, and it takes effect only beside the others':
the one who reveals first gives nothing away, and if the time runs out, none of them ever stood.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from safeconduct.exchange.breaches import answered, statuses
from safeconduct.exchange.canonical import canonical
from safeconduct.exchange.message import Message, message_hash
from safeconduct.exchange.order import Ordered, by_first, known_at, ordered, recalled
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
    time-out; one that opens something else counts for nothing. A revocation is a refusal, and so is an adherence taken
    back; once all have opened it counts only where one of them opened in knowledge of it. What is dated before the
    adherence that the other side answered, and does not stand on it, counts for nothing: no earlier hour and no other
    party is put under terms that stand. Exercise adheres to nothing actual, nor the other way round.

    Args:
        at: The hour; None leaves the clock out.
    """
    thread = ordered(messages)
    kinds = statuses(thread)
    found: dict[tuple[str, str], list[int]] = {}
    for place, (_, message) in enumerate(thread.messages):
        if message.content == "AdhereToTerms" and message.status == kinds[message.origin]:
            back = [each for each in recalled(place, thread) if each.digest and _takes_back(message)]
            for each in back or ([message] if message.digest else []):
                found.setdefault((each.digest or "", each.origin), []).append(place)
    groups = ((digest, each) for digest, origin in sorted(found) for each in _together(found[digest, origin], thread))
    return tuple(_terms(digest, each, thread, at) for digest, each in groups)


def statement_states(messages: Iterable[Message]) -> tuple[StatementState, ...]:
    """
    Where each proposed public statement stands, in the order of the thread; one without words is none.

    An answer is to the proposal that its hashes lead to: of two under one id none is agreed for the other.
    """
    thread = ordered(messages)
    kinds = statuses(thread)
    sequence = [
        (each, answered(place, thread).digest)
        for place, (_, each) in enumerate(thread.messages)
        if each.status == kinds[each.origin]
    ]
    return tuple(
        _statement(message, message.digest, sequence)
        for message, _ in sequence
        if message.content == "ProposePublicStatement" and message.digest is not None
    )


def silent_since(messages: Iterable[Message], party: str) -> Instant | None:
    """When anything was last heard of a party, for the schedule of channel checks; None: never."""
    return max((each.sent.at for each in messages if each.sender == party), default=None)


def attached(message: Message, name: str) -> str | None:
    """Digest of the attachment of that name, or None."""
    return next((each.digest for each in message.attachments if each.name == name), None)


def _takes_back(message: Message) -> bool:
    return message.recall is not None and message.recall.type == "Cancel"


def _together(places: Sequence[int], thread: Ordered) -> list[list[int]]:
    """
    Each first adherence that another party's stands on, with what stands on it; all, where no hashes are named.

    Whoever stands on one of his own making beside it has two: none of them undoes the other.
    """
    if not any(thread.messages[place][1].previous for place in places):
        return [list(places)]
    chosen = by_first(places, thread)
    return [each for each in chosen if len({thread.messages[place][1].sender for place in each}) > 1] or chosen[:1]


def _terms(digest: str, places: Sequence[int], thread: Ordered, at: Instant | None) -> TermsState:
    first = thread.messages[places[0]][1]
    parties = tuple(sorted({first.sender, *first.recipients}))
    until = first.until_at
    committed: dict[str, set[str]] = {}
    opened: dict[str, int] = {}
    against: list[int] = []
    for place in places:
        message = thread.messages[place][1]
        if message.sender not in parties:
            continue
        if _takes_back(message) or (message.response is not None and message.response.answer == "Decline"):
            against.append(place)
            continue
        shown, salt = attached(message, COMMITMENT), attached(message, OPENING)
        if shown is not None:
            committed.setdefault(message.sender, set()).add(shown)
        in_time = until is not None and message.sent.at <= until
        if (
            salt is not None
            and in_time
            and commitment_to(message.sender, digest, salt) in committed.get(message.sender, ())
        ):
            opened.setdefault(message.sender, place)
    revealed = set(opened)
    refused = bool(against) and (revealed != set(parties) or _known(against, opened.values(), thread))
    state = _terms_state(parties, revealed, refused=refused, late=until is not None and at is not None and until < at)
    public = state in ("InForce", "TimedOut")
    return TermsState(
        digest, first.id, parties, state, tuple(sorted(committed)), tuple(sorted(revealed)), until, public
    )


def _known(against: Sequence[int], opened: Iterable[int], thread: Ordered) -> bool:
    """Whether somebody opened in knowledge of a no: else whoever opened could date one back and undo what stands."""
    for each in opened:
        led = known_at(each, thread) if thread.messages[each][1].previous else range(each)
        if any(place in led for place in against):
            return True
    return False


def _terms_state(parties: tuple[str, ...], revealed: set[str], *, refused: bool, late: bool) -> str:
    if refused:
        return "Refused"
    if revealed == set(parties):
        return "InForce"
    if late:
        return "TimedOut"
    return "Revealed" if revealed else "Committed"


def _statement(proposed: Message, digest: str, sequence: Sequence[tuple[Message, str]]) -> StatementState:
    name = message_hash(proposed)
    said: dict[str, tuple[str, str]] = {}
    released, gone = "", False
    for each, to in sequence:
        if each.recall is not None:  # an agreement taken back is none, and nobody agrees to words that were taken back
            gone = gone or (each.sender, each.recall.message) == (proposed.sender, proposed.id)
            if said.get(each.sender, ("", ""))[1] == each.recall.message:
                del said[each.sender]
        if to != name or each.digest != digest or _takes_back(each):
            continue
        if each.content == "RespondToPublicStatement" and each.sender in proposed.recipients and each.response:
            said[each.sender] = each.response.answer, each.id
        if each.content == RELEASES and each.sender in (proposed.sender, *proposed.recipients):
            whole = not gone and all(said.get(party, ("", ""))[0] == "Accept" for party in proposed.recipients)
            released = released or ("Released" if whole else "OneSided")
    agreed = tuple(sorted(party for party, (answer, _) in said.items() if answer == "Accept"))
    missing = tuple(sorted(set(proposed.recipients) - said.keys()))
    refused = gone or len(agreed) + len(missing) < len(proposed.recipients)
    state = released or ("Refused" if refused else ("Proposed" if missing else "Agreed"))
    return StatementState(digest, proposed.sender, state, agreed, missing)
