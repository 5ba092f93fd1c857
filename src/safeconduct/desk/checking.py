"""Before something is signed: what would be wrong with it in its thread, and which permissions the thread knows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from safeconduct.desk.speaking import Speech, composed
from safeconduct.desk.voice import Voice
from safeconduct.exchange.breaches import Violation
from safeconduct.exchange.items import RANK
from safeconduct.exchange.message import GateEntry, Message
from safeconduct.exchange.signed import SignedMessage, read_signed
from safeconduct.exchange.thread import thread_state
from safeconduct.model.errors import InvalidInput
from safeconduct.model.instants import iso
from safeconduct.store.contract import Batch

_YES = frozenset({"Accept", "Provisional"})
_BY_HOST: Mapping[str, tuple[str, str]] = {
    "RequestExtendedDeploymentDuration": ("Committed", "exchange clear MESSAGE --ask ITEM:GATE for a later hour"),
    "ReleaseResource": ("Selected", "exchange report MESSAGE --state Exited"),
}
"""What the host of a resource says of it: from which state on, and what its provider says instead."""

_STAYS = frozenset({"RequestExtendedDeploymentDuration", "ResponseToRequestExtendedDeploymentDuration"})


def breaches(voice: Voice, message: Message) -> tuple[Violation, ...]:
    """What would be wrong with a message if it joined its case now."""
    held = [each.message for each in voice.messages(message.case)]
    return tuple(each for each in thread_state([*held, message]).violations if each.message_id == message.id)


def check_speech(voice: Voice, speech: Speech) -> None:
    """
    Refuse what would be a breach, or move nothing: once it is logged, nothing takes it back.

    Raises:
        InvalidInput: It would be one; a longer stay or a release of what is not under way, or by the one who provides
            it; or the message cannot be composed.
    """
    message = composed(voice, speech)
    if speech.content in _BY_HOST:
        _check_course(voice, message)
    found = breaches(voice, message)
    if found:
        said = "; ".join(f"{each.code}: {each.message}" for each in found)
        expected = "another message, or --anyway where it is what happened: the record then holds the breach"
        raise InvalidInput(
            "nothing was signed: it would be a breach", where=speech.content, expected=expected, got=said
        )


def short_of(voice: Voice, speech: Speech) -> tuple[str, ...]:
    """Permissions that end before a longer stay does, in words: with the stay they do not grow longer."""
    until, items = speech.more.get("until_at"), speech.more.get("items", ())
    if speech.content not in _STAYS or until is None:
        return ()
    answered = {each.message.id: each.message.origin for each in voice.messages(speech.case)}
    keys = {f"{answered.get(speech.preceding or '')}/{each.id}": each.id for each in items}
    gates = thread_state([each.message for each in voice.messages(speech.case)], voice.at).gates
    return tuple(
        f"permission {keys[each.item]}:{each.gate} ends {iso(each.until_at)}, before {iso(until)}: it has to be asked "
        "for anew (exchange clear --ask)"
        for each in gates
        if each.item in keys and each.state == "Granted" and each.until_at is not None and each.until_at < until
    )


def _check_course(voice: Voice, message: Message) -> None:
    """Refuse what would move nothing: of whoever provides the item itself, or of an item that is not so far."""
    first, instead = _BY_HOST[message.content]
    held = [each.message for each in voice.messages(message.case)]
    parts = {state.key: state.parts for state in thread_state(held, voice.at).items}
    for item in message.items:
        at = {each.provider: each.state for each in parts.get(f"{message.origin}/{item.id}", ())}
        if voice.party in at:
            said = f"{voice.party} provides {item.id} itself"
            raise InvalidInput("nothing was signed: not for its provider", where="MESSAGE", expected=instead, got=said)
        states = [at[each] for each in message.recipients if each in at]
        if not any(RANK[first] <= RANK[each] < RANK["Released"] for each in states):
            said = f"{item.id}: {', '.join(states) or 'nowhere in this thread'}"
            expected = f"an item from {first} on that was not let go"
            raise InvalidInput("nothing was signed: it would move nothing", where="--item", expected=expected, got=said)


def unheard(voice: Voice, message: Message, gates: Collection[GateEntry]) -> tuple[str, ...]:
    """
    Permissions of a question that nobody named before, as ``ITEM:GATE``: a name mistyped stays on record, ungranted.

    Raises:
        InvalidInput: The thread of the message has no such item.
    """
    thread = list(_thread(voice, message))
    items = {item.id for each in thread for item in each.items}
    known = {(gate.item, gate.gate) for each in thread for gate in each.gates}
    for entry in gates:
        if entry.item not in items:
            raise InvalidInput("no such item", where="--ask", expected=", ".join(sorted(items)), got=entry.item)
    return tuple(f"{each.item}:{each.gate}" for each in gates if (each.item, each.gate) not in known)


def check_accepted(voice: Voice, message: Message, to: str) -> None:
    """
    Refuse to disclose what a message withholds to a party that has not accepted yet (DESIGN.md section 5).

    Raises:
        InvalidInput: Nothing of that party in the thread says yes.
    """
    for each in _thread(voice, message):
        said = [*(item.response for item in each.items), each.response]
        if each.sender == to and any(answer is not None and answer.answer in _YES for answer in said):
            return
    expected = f"an acceptance or an alternative by {to} first, or --anyway"
    raise InvalidInput("not accepted yet", where=f"message {message.id}", expected=expected)


def draft_of(voice: Voice, name: str) -> SignedMessage:
    """
    A draft that waits for signatures, by its id or the end of it.

    Raises:
        InvalidInput: None or several.
    """
    found = [key for key in voice.store.keys("draft") if key.endswith(name)]
    if len(found) != 1:
        known = ", ".join(voice.store.keys("draft")) or "none waits"
        raise InvalidInput("no such draft" if not found else "several drafts", where="DRAFT", expected=known, got=name)
    return read_signed(voice.data("draft", found[0]))


def drop(voice: Voice, name: str) -> str:
    """
    Throw a draft away, by its id or the end of it; its id. It was never in the record, and nobody else has it.

    Raises:
        InvalidInput: None or several.
    """
    found = draft_of(voice, name).message.id
    voice.store.commit((Batch(forgets=(("draft", found),)),))
    return found


def still_to_sign(voice: Voice, draft: SignedMessage) -> tuple[str, ...]:
    """Offices whose signature a draft still needs, of those whose keys are open here, in order of rank."""
    card = voice.card()
    rule = card.rule(draft.message.content)
    signed = {each.office for each in draft.signatures}
    done = {(key.acting_for or key.office) for key in card.offices if key.office in signed}
    found: dict[str, str] = {}
    for each in card.offices:
        place = each.acting_for or each.office
        if rule is None or len(done) + len(found) >= rule.needed:
            break
        may = each.in_date(voice.at) and place in rule.offices and place not in {*done, *found}
        if may and voice.has_key(each.office):
            found[place] = each.office
    return tuple(found.values())


def _thread(voice: Voice, message: Message) -> Iterator[Message]:
    for each in voice.messages(message.case):
        if each.message.origin == message.origin:
            yield each.message
