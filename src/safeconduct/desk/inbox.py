"""What a party has before it: what to answer, what waits, what is missing, and who has fallen silent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from safeconduct.desk.phrases import ANSWERED_BY
from safeconduct.desk.receiving import owed
from safeconduct.desk.sending import waiting_for
from safeconduct.desk.voice import Voice, pinned
from safeconduct.exchange.message import Message
from safeconduct.exchange.terms import StatementState, TermsState, statement_states, terms_states
from safeconduct.exchange.thread import Thread, thread_state
from safeconduct.model.errors import InvalidInput
from safeconduct.model.instants import Instant
from safeconduct.store.contract import Batch

_QUESTIONS = frozenset({*ANSWERED_BY, "RequestClearance", "ProposePublicStatement"})


@dataclass(frozen=True, slots=True)
class Channel:
    """
    A party as heard from here.

    Args:
        heard_at: When its last message was logged here, by this party's own clock; None: never.

        due_at: By when it should be heard of again, where a schedule was set (`schedule`).

        late: Whether that hour is past.
    """

    party: str
    heard_at: Instant | None
    due_at: Instant | None
    late: bool


@dataclass(frozen=True, slots=True)
class Conversation:
    """Where a case stands."""

    case: str
    thread: Thread
    terms: tuple[TermsState, ...]
    statements: tuple[StatementState, ...]


@dataclass(frozen=True, slots=True)
class Inbox:
    """
    What a party has before it.

    Args:
        to_answer: Questions addressed to this party, by others, to which it has said nothing but that they arrived.

        latest: The last messages that came in, oldest first.

        waiting: By party, how many messages wait for a bundle.

        owed: By party, ids of messages whose receipt could not be made yet.

        drafts: Ids that wait for signatures.

        carried: Ids of parcels taken over for others.

        refused: Messages that were refused when they came in and are kept beside the record.
    """

    party: str
    at: Instant
    to_answer: tuple[Message, ...]
    latest: tuple[Message, ...]
    conversations: tuple[Conversation, ...]
    waiting: tuple[tuple[str, int], ...]
    owed: tuple[tuple[str, tuple[str, ...]], ...]
    drafts: tuple[str, ...]
    carried: tuple[str, ...]
    refused: int
    channels: tuple[Channel, ...]


_LATEST = 5


def inbox(voice: Voice) -> Inbox:
    """What the party has before it at its hour."""
    index = voice.index()
    others = [each for each in voice.parties() if each != voice.party]
    said = {(each.case, each.preceding) for each in index.known if each.sender == voice.party and not _receipt(each)}
    open_ones = [
        voice.message(each).message
        for each in index.known
        if each.sender != voice.party and each.content in _QUESTIONS and (each.case, each.id) not in said
    ]
    came = [each for each in index.known if each.sender != voice.party and not _receipt(each)]
    return Inbox(
        voice.party,
        voice.at,
        tuple(each for each in open_ones if voice.party in each.recipients),
        tuple(voice.message(each).message for each in came[-_LATEST:]),
        tuple(_conversation(voice, case) for case in voice.cases()),
        tuple((each, len(out)) for each in others if (out := waiting_for(voice, each))),
        tuple((each, tuple(m.id for m in found)) for each in others if (found := owed(voice, each))),
        voice.store.keys("draft"),
        voice.store.keys("parcel"),
        len(voice.store.keys("refused")),
        tuple(_channel(voice, each) for each in others),
    )


def schedule(voice: Voice, parties: Sequence[str], every: timedelta) -> None:
    """
    From now on say when these parties are to be heard of again; nothing is sent by itself.

    Raises:
        InvalidInput: The card of one of them is not trusted, or no time lies between two checks.
    """
    if every <= timedelta():
        raise InvalidInput("not a schedule", where="--every", expected="a time above zero, such as 24h")
    for each in parties:
        voice.card(each)
    since = voice.at.replace(microsecond=0).isoformat()
    kept = tuple(pinned(f"check/{each}", {"every_s": every.total_seconds(), "since": since}) for each in parties)
    voice.store.commit((Batch(kept),))


def _conversation(voice: Voice, case: str) -> Conversation:
    messages = [each.message for each in voice.messages(case)]
    terms, statements = terms_states(messages, voice.at), statement_states(messages)
    return Conversation(case, thread_state(messages, voice.at), terms, statements)


def _channel(voice: Voice, party: str) -> Channel:
    index = voice.index()
    logged = (entry.at for each in index.known if each.sender == party for _, entry in index.entries(each.digest))
    heard = max(logged, default=None)
    plan = voice.pin(f"check/{party}")
    if plan is None:
        return Channel(party, heard, None, late=False)
    since = Instant.fromisoformat(plan["since"])
    due = max(since, heard or since) + timedelta(seconds=plan["every_s"])
    return Channel(party, heard, due, late=due < voice.at)


def _receipt(each: object) -> bool:
    return getattr(each, "content", "") == "Acknowledge"
