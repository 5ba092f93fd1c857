"""Permissions in a thread: one state for each line item, gate and asker. Silence and doubt are never consent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from safeconduct.exchange.breaches import Violation
from safeconduct.exchange.message import GateEntry, Message, message_hash
from safeconduct.model.instants import Instant, iso

CLEARANCE_TYPES = frozenset({"RequestClearance", "ResponseToRequestClearance", "RevokeClearance"})
GATE_STATES = ("Needed", "Asked", "Acknowledged", "Granted", "Refused", "Silent", "Lapsed", "Revoked")

GateKey = tuple[str, str, str]
"""Key of the line item in its thread, the gate, and who asked; nobody (an empty text) while it is only needed."""


@dataclass(frozen=True, slots=True)
class GateState:
    """
    One permission for one line item, as one party asked for it.

    Args:
        item: ``ORIGIN/ELEMENT``.

        holder: Who asked; empty while nobody did. A grant is good for its holder and for those it was addressed to.

        state: Of `GATE_STATES`; a gate that no message names is not in the list.

        by: Who granted, refused or revoked; None before that. Where the thread was read without authorities, whether
            that party had the power to is for the reader to check: it is only known to have been asked.

        message: Id of the message that brought this state.

        question: Id of the latest request for it; None before one.

        asked_of: To whom that was addressed.

        to: To whom the answer was addressed, without those who got the question: they are told of it, no more.

        answer_by: When silence begins; None: the request names no time.

        from_at: A grant holds from here on; None where there was none.

        until_at: A grant holds until here, this instant included; None: no end was said.

        revoked_at: It no longer holds from here on; None: not revoked.
    """

    item: str
    gate: str
    holder: str
    state: str
    message: str
    question: str | None = None
    asked_of: tuple[str, ...] = ()
    answer_by: Instant | None = None
    by: str | None = None
    to: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    from_at: Instant | None = None
    until_at: Instant | None = None
    revoked_at: Instant | None = None


def in_date(gate: GateState, at: Instant) -> bool:
    """Whether a grant held at this instant: given, begun, not run out, not revoked."""
    return (
        gate.state in ("Granted", "Revoked")
        and gate.from_at is not None
        and gate.from_at <= at
        and (gate.until_at is None or at <= gate.until_at)
        and (gate.revoked_at is None or at < gate.revoked_at)
    )


def seen_at(gate: GateState, at: Instant) -> GateState:
    """The state once the clock has its say: a request unanswered is silent, a grant that ran out has lapsed."""
    if gate.state in ("Asked", "Acknowledged") and gate.answer_by is not None and gate.answer_by < at:
        return replace(gate, state="Silent")
    if gate.state == "Revoked" and in_date(gate, at):
        return replace(gate, state="Granted")
    if gate.state == "Granted" and gate.until_at is not None and gate.until_at < at:
        return replace(gate, state="Lapsed")
    return gate


class Gates:
    """The permissions of a thread while its messages are read in order."""

    def __init__(self, authorities: Mapping[str, str]) -> None:
        self.states: dict[GateKey, GateState] = {}
        self._authorities = authorities
        self._named: dict[tuple[str, str], set[str]] = {}
        """By item and gate: hashes of the messages that name it, without questions that were taken back."""
        self._grants: dict[GateKey, str] = {}
        """Id of the latest grant."""
        self._over: dict[GateKey, list[GateState]] = {}
        """Grants that another answer or question took the place of: whoever came in under them had a permission."""

    def read(self, message: Message, answered: Message | None) -> Iterator[Violation]:
        """
        Let one message that counts move the gates it names.

        Args:
            answered: The message it answers, where the thread has it before this one.
        """
        if message.content == "Acknowledge" and answered is not None and answered.content == "RequestClearance":
            self._acknowledge(message, answered)
        for entry in message.gates:
            item = f"{message.origin}/{entry.item}"
            self._named.setdefault((item, entry.gate), set()).add(message_hash(message))
            if message.content == "RequestClearance":
                self._ask((item, entry.gate, message.sender), entry, message)
            elif message.content == "ResponseToRequestClearance":
                yield from self._answer(item, entry, message, answered)
            elif message.content == "RevokeClearance":
                yield from self._revoke(item, entry, message)
            elif not self._held(item, entry.gate):
                self.states[item, entry.gate, ""] = GateState(item, entry.gate, "", "Needed", message.id)

    def recall(self, recalled: Message, message: Message) -> None:
        """
        Take back what *recalled* did: its grants end, its questions are no longer asked.

        What only that question named is no longer needed either (`visible`): a name mistyped spoils no entry. What any
        other message names stays, answers of whatever kind among them.
        """
        self.replaced(recalled, message)
        for key, held in list(self.states.items()):
            asked = held.state in ("Asked", "Acknowledged") and held.holder == message.sender
            if asked and held.question == recalled.id:
                self.states[key] = GateState(*key, "Needed", message.id)
        if recalled.content == "RequestClearance":
            for entry in recalled.gates:
                named = self._named.get((f"{recalled.origin}/{entry.item}", entry.gate), set())
                named.discard(message_hash(recalled))

    def replaced(self, recalled: Message, message: Message) -> None:
        """What *recalled* granted ends; an update that comes in its place may grant it anew."""
        for key, held in list(self.states.items()):
            if self._grants.get(key) == recalled.id and held.by == message.sender:
                self._end(key, held, message, message.sent.at)

    def visible(self) -> tuple[GateState, ...]:
        """
        Every permission, by item, gate and who asked.

        A need that nobody names any more is left out; it is kept all the same, for an answer may be on its way.
        """
        return tuple(self.states[key] for key in sorted(self.states) if self._counts(key))

    def of(self, item: str) -> tuple[GateState, ...]:
        """Every permission for a line item, by gate, then by who asked; then those that others took the place of."""
        over = (each for key in sorted(self._over) for each in self._over[key])
        return tuple(each for each in (*self.visible(), *over) if each.item == item)

    def _counts(self, key: GateKey) -> bool:
        named = key[1] in self._authorities or bool(self._named.get(key[:2]))
        return named or self.states[key].state != "Needed"

    def _held(self, item: str, gate: str) -> list[GateKey]:
        return [key for key in sorted(self.states) if key[:2] == (item, gate)]

    def _ask(self, key: GateKey, entry: GateEntry, message: Message) -> None:
        held = self.states.get(key)
        self.states.pop((*key[:2], ""), None)  # what was needed of nobody in particular is now asked for
        if held is None or held.state != "Granted":  # asking for a renewal ends no grant
            asked_of, answer_by = message.recipients, entry.until_at
            self._keep(key, held)
            state = GateState(*key, "Asked", message.id, message.id, asked_of=asked_of, answer_by=answer_by)
            self.states[key] = state
        else:
            self.states[key] = replace(held, question=message.id, asked_of=message.recipients)

    def _acknowledge(self, message: Message, answered: Message) -> None:
        for entry in answered.gates:
            key = (f"{answered.origin}/{entry.item}", entry.gate, answered.sender)
            held = self.states.get(key)
            if held is not None and held.state == "Asked" and held.question == answered.id:
                self.states[key] = replace(held, state="Acknowledged", message=message.id)

    def _answer(self, item: str, entry: GateEntry, message: Message, answered: Message | None) -> Iterator[Violation]:
        """A grant counts only as an answer, by one who was asked, to a question about this gate that is at hand."""
        if answered is None or answered.content != "RequestClearance" or entry.answer is None:
            return
        named = {(f"{answered.origin}/{each.item}", each.gate) for each in answered.gates}
        key = (item, entry.gate, answered.sender)
        held = self.states.get(key)
        if held is None or (item, entry.gate) not in named or (held.state == "Refused" and held.by != message.sender):
            return  # of two who were asked, one cannot lift what the other refused
        if not self._may_answer(entry, message):
            yield self._no_authority(entry, message)
            return
        granted = entry.answer == "Granted"
        from_at = (entry.from_at or message.sent.at) if granted else None
        if from_at is not None:
            self._grants[key] = message.id
            from_at, alone = _since(held, from_at), from_at
            if from_at == alone:
                self._keep(key, held)
        else:  # a no after a yes ends it as a revocation does: not before it was said
            self._end(key, held, message, message.sent.at)
            self._keep(key, self.states[key])
        self.states[key] = replace(
            held,
            state=entry.answer,
            message=message.id,
            by=message.sender,
            to=tuple(each for each in message.recipients if each not in answered.recipients),
            conditions=entry.conditions,
            from_at=from_at,
            until_at=entry.until_at if granted else None,
            revoked_at=None,
        )

    def _revoke(self, item: str, entry: GateEntry, message: Message) -> Iterator[Violation]:
        """End what the sender granted to the recipients, or to all if it granted nothing to any of them."""
        held = self._held(item, entry.gate)
        if not self._may_answer(entry, message):
            yield self._no_authority(entry, message)
            return
        own = [key for key in held if _may_revoke(self.states[key], message.sender)]
        if held and not own:
            said = f"{entry.gate} of {item} was put to another party than {message.sender}, or answered by another"
            yield Violation("not-authority", message.id, said)
        # A revocation without the grant at hand counts: the grant may still be on its way.
        meant = (
            [key for key in own if key[2] in message.recipients] or own or ([] if held else [(item, entry.gate, "")])
        )
        effective = max(entry.effective_at or message.sent.at, message.sent.at)  # who was under way had the grant
        for key in meant:
            base = self.states.get(key) or GateState(*key, "Revoked", message.id)
            self._end(key, base, message, effective)

    def _end(self, key: GateKey, held: GateState, message: Message, at: Instant) -> None:
        """A permission ends at the earliest hour that was said: what was taken back only a new grant prolongs."""
        if held.revoked_at is None or at < held.revoked_at:
            self.states[key] = replace(held, state="Revoked", message=message.id, by=message.sender, revoked_at=at)
        over = self._over.get(key, [])
        over[:] = [replace(each, revoked_at=min(at, each.revoked_at or at)) for each in over]

    def _keep(self, key: GateKey, held: GateState | None) -> None:
        if held is not None and held.from_at is not None:
            self._over.setdefault(key, []).append(held)

    def _may_answer(self, entry: GateEntry, message: Message) -> bool:
        return self._authorities.get(entry.gate, message.sender) == message.sender

    def _no_authority(self, entry: GateEntry, message: Message) -> Violation:
        said = f"{entry.gate} is for {self._authorities[entry.gate]} to answer, not for {message.sender}"
        return Violation("not-authority", message.id, said)


def _since(held: GateState, from_at: Instant) -> Instant:
    """From when a grant holds beside the one before: a renewal while that one stood makes no earlier entry a breach."""
    ends = min(filter(None, (held.until_at, held.revoked_at)), default=None)
    if held.from_at is None or (ends is not None and ends < from_at):
        return from_at
    return min(held.from_at, from_at)


def _may_revoke(gate: GateState, party: str) -> bool:
    return gate.by == party or (gate.by is None and (not gate.asked_of or party in gate.asked_of))


def uncleared(
    message: Message, item: str, provider: str, at: Instant, gates: tuple[GateState, ...]
) -> Iterator[Violation]:
    """Breaches of *provider*'s entry: one for each gate not granted to it and in date, one where none is on record."""
    by = "" if message.sender == provider else f" (says {message.sender})"
    if not gates:
        said = f"{item}: {provider} entered{by} and no clearance is on record"
        yield Violation("entry-uncleared", message.id, said)
    for gate in sorted({each.gate for each in gates}):
        own = [each for each in gates if each.gate == gate and (each.holder == provider or provider in each.to)]
        if not any(in_date(each, at) for each in own):
            states = ", ".join(sorted({each.state for each in own})) or "not asked for it"
            said = f"{item}: {provider} entered at {iso(at)}{by}; {gate}: {states}, not granted and in date"
            yield Violation("entry-uncleared", message.id, said)
