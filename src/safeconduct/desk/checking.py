"""Before something is signed: what would be wrong with it in its thread, and which permissions the thread knows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from safeconduct.desk.speaking import Speech, composed
from safeconduct.desk.voice import Voice
from safeconduct.exchange.breaches import Violation
from safeconduct.exchange.items import RANK
from safeconduct.exchange.message import GateEntry, Message
from safeconduct.exchange.signed import SignedMessage, read_signed
from safeconduct.exchange.thread import thread_state
from safeconduct.model.errors import InvalidInput
from safeconduct.model.instants import iso
from safeconduct.report.exchange import in_short, short
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
        said = "; ".join(f"{each.code}: {in_short(each.message)}" for each in found)
        expected = "another message, or --anyway where it is what happened: the record then holds the breach"
        # not as what came: that is cut where it is long, and a permission's name would be cut with it
        raise InvalidInput(
            f"nothing was signed: it would be a breach ({said})", where=speech.content, expected=expected
        )


def check_draft(voice: Voice, message: Message) -> None:
    """
    Refuse to sign a draft that its thread has left behind: of this message or of another it would make a breach.

    Raises:
        InvalidInput: It would be one.
    """
    found = left_behind(voice, message)
    if found:
        expected = f"exchange drop {short(message.id)} and the same said anew; or --anyway: the record holds the breach"
        raise InvalidInput(f"nothing was signed: {found}", where=f"draft {short(message.id)}", expected=expected)


def left_behind(voice: Voice, message: Message) -> str:
    """In words, which breaches a draft would bring in since more was said in its thread; empty: none."""
    held = [each.message for each in voice.messages(message.case)]
    before = {(each.code, each.message_id) for each in thread_state(held).violations}
    after = thread_state([*held, message]).violations
    new = [each for each in after if (each.code, each.message_id) not in before]
    said = "; ".join(f"{each.code}, {in_short(each.message)}" for each in new)
    return f"it would be a breach by what was said since the first office signed ({said})" if new else ""


def short_of(voice: Voice, speech: Speech) -> tuple[str, ...]:
    """Permissions that end before a longer stay does, in words: with the stay they do not grow longer."""
    until, items = speech.more.get("until_at"), speech.more.get("items", ())
    if speech.content not in _STAYS or until is None:
        return ()
    answered = {each.message.id: each.message.origin for each in voice.messages(speech.case)}
    keys = {f"{answered.get(speech.preceding or '')}/{each.id}": each.id for each in items}
    gates = thread_state([each.message for each in voice.messages(speech.case)], voice.at).gates
    found = []
    for each in gates:
        ends = min(filter(None, (each.until_at, each.revoked_at)), default=None)
        if each.item in keys and each.state in ("Granted", "Revoked") and ends is not None and ends < until:
            how = "is revoked from" if ends == each.revoked_at else "ends"
            name = f"permission {keys[each.item]}:{each.gate}"
            found.append(
                f"{name} {how} {iso(ends)}, before {iso(until)}: it has to be asked for anew (exchange clear --ask)"
            )
    return tuple(found)


def noteworthy(voice: Voice, speech: Speech) -> tuple[str, ...]:
    """What is no breach and yet seldom meant, in words: said before it is signed."""
    if speech.content in _STAYS:
        return short_of(voice, speech)
    found = _CAREFUL.get(speech.content)
    if found is None or speech.preceding is None:
        return ()
    held = [each.message for each in voice.messages(speech.case)]
    answered = next((each for each in held if each.id == speech.preceding), None)
    return tuple(found(voice, speech, held, answered)) if answered is not None else ()


def _cut_off(voice: Voice, speech: Speech, held: Sequence[Message], answered: Message) -> Iterator[str]:
    """A permission taken back at once from somebody who is inside, or taken back before."""
    thread = thread_state(held, voice.at)
    for entry in speech.more.get("gates", ()):
        key = f"{answered.origin}/{entry.item}"
        gates = [each for each in thread.gates if (each.item, each.gate) == (key, entry.gate) and each.revoked_at]
        for gate in gates[:1]:
            hour = iso(gate.revoked_at) if gate.revoked_at else ""
            yield f"permission {entry.item}:{entry.gate} was taken back before, from {hour} on: the earlier hour counts"
        parts = (part for item in thread.items if item.key == key for part in item.parts)
        for part in parts:
            if entry.effective_at is None and RANK["Entered"] <= RANK[part.state] < RANK["Exited"]:
                inside = f"{entry.item} of {part.provider} is {part.state}"
                yield f"{inside}: the permission ends at once; --effective T leaves it time to leave"


def _answered_before(voice: Voice, speech: Speech, held: Sequence[Message], answered: Message) -> Iterator[str]:
    """A second answer to one question: the later one counts."""
    recalled = {each.recall.message for each in held if each.recall is not None}
    own = [each for each in held if each.preceding == answered.id and each.sender == voice.party]
    before = [each for each in own if each.content == speech.content and each.recall is None]
    live = [each for each in before if each.id not in recalled]
    gates = {(gate.item, gate.gate): gate.answer for each in live for gate in each.gates}
    items = {item.id: item.response for each in live for item in each.items}
    for entry in speech.more.get("gates", ()):
        if gates.get((entry.item, entry.gate)):
            said = gates[entry.item, entry.gate]
            yield f"permission {entry.item}:{entry.gate} was answered before, {said}: the later answer counts"
    asked = {item.id: item.quantity for item in answered.items}
    for item in speech.more.get("items", ()):
        response, most = items.get(item.id), asked.get(item.id)
        if response is not None:
            yield f"item {item.id} was answered before, {response.answer}: the later answer counts"
        if item.quantity is not None and most is not None and item.quantity > most:
            yield f"item {item.id}: {item.quantity:g} where {most:g} was asked for"


_CAREFUL: Mapping[str, Callable[[Voice, Speech, Sequence[Message], Message], Iterator[str]]] = {
    "RevokeClearance": _cut_off,
    "ResponseToRequestClearance": _answered_before,
    "ResponseToRequestResource": _answered_before,
}


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
