"""What a party has before it: what to answer, what waits, what is missing, and who has fallen silent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from safeconduct.desk.checking import draft_of, left_behind
from safeconduct.desk.phrases import ANSWERED_BY
from safeconduct.desk.receiving import owed
from safeconduct.desk.route import to_hand_on
from safeconduct.desk.sending import waiting_for
from safeconduct.desk.speaking import void
from safeconduct.desk.voice import Voice, pinned
from safeconduct.exchange.gates import GateState
from safeconduct.exchange.items import RANK
from safeconduct.exchange.message import Message
from safeconduct.exchange.terms import StatementState, TermsState, statement_states, terms_states
from safeconduct.exchange.thread import Thread, thread_state
from safeconduct.model.errors import InvalidInput
from safeconduct.model.instants import Instant, iso
from safeconduct.store.contract import Batch

_QUESTIONS = frozenset({*ANSWERED_BY, "RequestClearance", "ProposePublicStatement"})
_CLEARED = "ResponseToRequestClearance"
_FOLLOWED: Mapping[str, str] = {"ResponseToRequestResource": "select", "RequisitionResource": "commit"}
"""What follows an offer, and what follows its selection."""


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
        to_answer: Questions addressed to this party, by others, to which it has said nothing but that they arrived, and
            that were not taken back.

        to_follow: (what, message): offers to take up (``select``), selections to commit to (``commit``), terms to
            adhere to (``adhere``) and adherences to reveal (``reveal``).

        to_ask: (message that began the thread, ``ITEM:GATE``): permissions that nobody asked for yet, of what this
            party offered and has not entered with.

        to_leave: (message that began the thread, item, its state, why): what this party has committed to or has over
            there, and was let go, or had a permission taken back or run out.

        latest: The last messages that came in, oldest first.

        waiting: By party, how many messages wait for a bundle.

        owed: By party, ids of messages whose receipt could not be made yet.

        drafts: Ids that wait for signatures.

        void: (id, why) of drafts that nobody can sign any more.

        carried: Ids of parcels taken over for others.

        to_pass: Those of them that were not handed on yet.

        refused: Messages that were refused when they came in and are kept beside the record.
    """

    party: str
    at: Instant
    to_answer: tuple[Message, ...]
    to_follow: tuple[tuple[str, Message], ...]
    to_ask: tuple[tuple[str, tuple[str, ...]], ...]
    to_leave: tuple[tuple[str, str, str, str], ...]
    latest: tuple[Message, ...]
    conversations: tuple[Conversation, ...]
    waiting: tuple[tuple[str, int], ...]
    owed: tuple[tuple[str, tuple[str, ...]], ...]
    drafts: tuple[str, ...]
    void: tuple[tuple[str, str], ...]
    carried: tuple[str, ...]
    to_pass: tuple[str, ...]
    refused: int
    channels: tuple[Channel, ...]


_LATEST = 5


def inbox(voice: Voice) -> Inbox:
    """What the party has before it at its hour."""
    index = voice.index()
    others = [each for each in voice.parties() if each != voice.party]
    conversations = tuple(_conversation(voice, case) for case in voice.cases())
    waits = [each for each in _unanswered(voice) if voice.party in each.recipients]
    waiting = [draft_of(voice, each) for each in voice.store.keys("draft")]
    drafts = {each.message.id: void(voice, each) or left_behind(voice, each.message) for each in waiting}
    came = [each for each in index.known if each.sender != voice.party and not _receipt(each)]
    return Inbox(
        voice.party,
        voice.at,
        tuple(each for each in waits if each.content in _QUESTIONS and not _answered_by_first(voice, each)),
        (*_offers(voice, waits, conversations), *(due for each in conversations for due in _terms(voice, each))),
        tuple(due for each in conversations for due in _unasked(voice.party, each.thread)),
        tuple(due for each in conversations for due in _leaving(voice.party, each.thread)),
        tuple(voice.message(each).message for each in came[-_LATEST:]),
        conversations,
        tuple((each, len(out)) for each in others if (out := waiting_for(voice, each))),
        tuple((each, tuple(m.id for m in found)) for each in others if (found := owed(voice, each))),
        tuple(each for each in drafts if not drafts[each]),
        tuple((each, why) for each, why in drafts.items() if why),
        voice.store.keys("parcel"),
        to_hand_on(voice),
        len(voice.store.keys("refused")),
        tuple(_channel(voice, each) for each in others),
    )


def _unanswered(voice: Voice) -> list[Message]:
    """What others asked or offered, that this party has not answered and that was not taken back."""
    known = voice.index().known
    said = {(each.case, each.preceding) for each in known if each.sender == voice.party and not _receipt(each)}
    mine = [each for each in known if each.sender != voice.party and each.content in _QUESTIONS | _FOLLOWED.keys()]
    if not mine:
        return []
    recalls = [each.message for each in voice.messages() if each.message.recall is not None]
    gone = {(each.case, each.sender, each.recall.message) for each in recalls if each.recall is not None}
    gone |= {(each.case, each.sender, each.id) for each in recalls if each.distribution == "Cancel"}
    open_ones = [each for each in mine if (each.case, each.id) not in said]
    return [voice.message(each).message for each in open_ones if (each.case, each.sender, each.id) not in gone]


def _answered_by_first(voice: Voice, message: Message) -> bool:
    """Whether the one whom a question for permissions names first has answered it: the others were only told."""
    if message.content != "RequestClearance" or message.recipients[0] == voice.party:
        return False
    answers = (each for each in voice.index().known if (each.case, each.preceding) == (message.case, message.id))
    return any((each.sender, each.content) == (message.recipients[0], _CLEARED) for each in answers)


def _offers(
    voice: Voice, waits: Sequence[Message], conversations: Sequence[Conversation]
) -> Iterator[tuple[str, Message]]:
    """Offers and selections; what ran out, says no to everything or is done already waits for nobody."""
    parts = {
        (each.case, item.key, part.provider): RANK[part.state]
        for each in conversations
        for item in each.thread.items
        for part in item.parts
    }
    taken = dict(_taken_up(voice))
    for each in waits:
        answers = {said.answer for said in (*(item.response for item in each.items), each.response) if said}
        no = answers == {"Decline"}
        over = each.until_at is not None and each.until_at < voice.at
        if each.content not in _FOLLOWED or no or over:
            continue
        keys = [(each.case, f"{each.origin}/{item.id}") for item in each.items]
        if each.content == "RequisitionResource":
            done = [parts.get((*key, voice.party), 0) >= RANK["Committed"] for key in keys]
        else:
            hours = [taken.get((*key, each.sender)) for key in keys]
            done = [hour is not None and hour >= each.sent.at for hour in hours]
        if not done or not all(done):
            yield _FOLLOWED[each.content], each


def _taken_up(voice: Voice) -> Iterator[tuple[tuple[str, str, str], Instant]]:
    """(case, item, provider) of what this party selected, with the hour of the latest offer that it took up."""
    index = voice.index()
    own = [each for each in index.known if each.sender == voice.party and each.content == "RequisitionResource"]
    found: dict[tuple[str, str, str], Instant] = {}
    for each in own:
        selection = voice.message(each).message
        offers = (voice.message(held).message for held in index.by_name.get(selection.preceding or "", ()))
        for offer in (held for held in offers if held.case == selection.case):
            for item in selection.items:
                key = (offer.case, f"{offer.origin}/{item.id}", offer.sender)
                found[key] = max(found.get(key, offer.sent.at), offer.sent.at)
    yield from found.items()


def _unasked(party: str, thread: Thread) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Permissions that somebody named and nobody asked for, of what this party provides and has not entered with."""
    mine = {
        item.key
        for item in thread.items
        for part in item.parts
        if part.provider == party and RANK["Offered"] <= RANK[part.state] < RANK["Entered"]
    }
    found: dict[str, list[str]] = {}
    for gate in thread.gates:
        if gate.state == "Needed" and gate.item in mine:
            origin, _, item = gate.item.partition("/")
            found.setdefault(origin, []).append(f"{item}:{gate.gate}")
    yield from ((origin, tuple(names)) for origin, names in found.items())


def _leaving(party: str, thread: Thread) -> Iterator[tuple[str, str, str, str]]:
    """What this party has committed to or has over there, and was let go, or lost a permission that it had."""
    for item in thread.items:
        for part in item.parts:
            if part.provider != party or not RANK["Committed"] <= RANK[part.state] < RANK["Exited"]:
                continue
            name = item.key.partition("/")[2]
            why = ["it was let go"] if part.state == "Released" else []
            for gate in thread.gates:
                if gate.item == item.key and gate.holder in (party, "") and gate.by is not None:
                    why += _gone(gate)
            if why:
                yield item.key.partition("/")[0], name, part.state, "; ".join(why)


def _gone(gate: GateState) -> Iterator[str]:
    if gate.revoked_at is not None:
        yield f"permission {gate.gate} is revoked from {iso(gate.revoked_at)} on"
    elif gate.state == "Lapsed" and gate.until_at is not None:
        yield f"permission {gate.gate} ended {iso(gate.until_at)}"


def _terms(voice: Voice, conversation: Conversation) -> Iterator[tuple[str, Message]]:
    """Terms that wait for this party: to adhere to, or to reveal once all have committed."""
    for each in conversation.terms:
        if each.state not in ("Committed", "Revealed") or voice.party not in each.parties:
            continue
        all_in = set(each.parties) <= set(each.committed)
        due = "adhere" if voice.party not in each.committed else "reveal" if all_in else None
        if due is not None and voice.party not in each.revealed:
            found = (m.message for m in voice.messages(conversation.case) if m.message.id == each.message)
            yield due, next(m for m in found if m.digest == each.digest)


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
