"""Permissions in a thread: one state for each line item and gate. Silence and doubt are never consent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from safeconduct.exchange.breaches import Violation
from safeconduct.exchange.message import GateEntry, Message
from safeconduct.model.instants import Instant, iso

CLEARANCE_TYPES = frozenset({"RequestClearance", "ResponseToRequestClearance", "RevokeClearance"})
GATE_STATES = ("Needed", "Asked", "Acknowledged", "Granted", "Refused", "Silent", "Lapsed", "Revoked")

GateKey = tuple[str, str]
"""Key of the line item in its thread, and the gate."""


@dataclass(frozen=True, slots=True)
class GateState:
    """
    One permission for one line item.

    Args:
        item: ``ORIGIN/ELEMENT``.

        state: Of `GATE_STATES`; a gate that no message names is not in the list.

        by: Who granted, refused or revoked; None before that. Where the thread was read without authorities, whether
            that party had the power to is for the reader to check: it is only known to have been asked.

        message: Id of the message that brought this state.

        question: Id of the latest request for it; None before one.

        asked_of: To whom that was addressed.

        answer_by: When silence begins; None: the request names no time.

        from_at: A grant holds from here on; None where there was none.

        until_at: A grant holds until here, this instant included; None: no end was said.

        revoked_at: It no longer holds from here on; None: not revoked.
    """

    item: str
    gate: str
    state: str
    message: str
    question: str | None = None
    asked_of: tuple[str, ...] = ()
    answer_by: Instant | None = None
    by: str | None = None
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

    def read(self, message: Message, answered: Message | None) -> Iterator[Violation]:
        """
        Let one message that counts move the gates it names.

        Args:
            answered: The message it answers, where the thread has it before this one.
        """
        if message.content == "Acknowledge":
            self._acknowledge(message, answered)
        for entry in message.gates:
            key = (f"{message.origin}/{entry.item}", entry.gate)
            held = self.states.get(key)
            if message.content == "RequestClearance":
                self._ask(key, entry, message)
            elif message.content == "ResponseToRequestClearance":
                yield from self._answer(key, entry, message, answered)
            elif message.content == "RevokeClearance":
                yield from self._revoke(key, entry, message)
            elif held is None:
                self.states[key] = GateState(*key, "Needed", message.id)

    def recall(self, recalled: Message, message: Message) -> None:
        """Take back what *recalled* did: its grants end, its questions are no longer asked."""
        for entry in recalled.gates:
            key = (f"{recalled.origin}/{entry.item}", entry.gate)
            held = self.states.get(key)
            if held is None:
                continue
            if held.state == "Granted" and held.message == recalled.id:
                self.states[key] = replace(held, state="Revoked", message=message.id, revoked_at=message.sent.at)
            elif held.state in ("Asked", "Acknowledged") and held.question == recalled.id:
                self.states[key] = GateState(*key, "Needed", message.id)

    def of(self, item: str) -> tuple[GateState, ...]:
        """Every gate of a line item, by name."""
        return tuple(self.states[key] for key in sorted(self.states) if key[0] == item)

    def _ask(self, key: GateKey, entry: GateEntry, message: Message) -> None:
        held = self.states.get(key)
        if held is None or held.state != "Granted":  # asking for a renewal ends no grant
            self.states[key] = GateState(
                *key, "Asked", message.id, question=message.id, asked_of=message.recipients, answer_by=entry.until_at
            )

    def _acknowledge(self, message: Message, answered: Message | None) -> None:
        if answered is None or answered.content != "RequestClearance":
            return
        for entry in answered.gates:
            key = (f"{answered.origin}/{entry.item}", entry.gate)
            held = self.states.get(key)
            if held is not None and held.state == "Asked" and held.question == answered.id:
                self.states[key] = replace(held, state="Acknowledged", message=message.id)

    def _answer(
        self, key: GateKey, entry: GateEntry, message: Message, answered: Message | None
    ) -> Iterator[Violation]:
        """A grant counts only as an answer, by one who was asked, to a question about this gate that is at hand."""
        asked = answered is not None and answered.content == "RequestClearance"
        named = (
            asked
            and answered is not None
            and any((f"{answered.origin}/{each.item}", each.gate) == key for each in answered.gates)
        )
        held = self.states.get(key)
        if not named or held is None or entry.answer is None:
            return
        if held.state == "Refused" and held.by != message.sender:
            return  # of two who were asked, one cannot lift what the other refused
        if not self._may_answer(entry, message):
            yield self._no_authority(entry, message)
            return
        self.states[key] = replace(
            held,
            state=entry.answer,
            message=message.id,
            by=message.sender,
            conditions=entry.conditions,
            from_at=(entry.from_at or message.sent.at) if entry.answer == "Granted" else None,
            until_at=entry.until_at if entry.answer == "Granted" else None,
            revoked_at=None,
        )

    def _may_answer(self, entry: GateEntry, message: Message) -> bool:
        return self._authorities.get(entry.gate, message.sender) == message.sender

    def _no_authority(self, entry: GateEntry, message: Message) -> Violation:
        said = f"{entry.gate} is for {self._authorities[entry.gate]} to answer, not for {message.sender}"
        return Violation("not-authority", message.id, said)

    def _revoke(self, key: GateKey, entry: GateEntry, message: Message) -> Iterator[Violation]:
        held = self.states.get(key)
        if held is not None and held.by is not None and held.by != message.sender:
            said = f"{entry.gate} of {key[0]} was answered by {held.by}, not by {message.sender}"
            yield Violation("not-authority", message.id, said)
            return
        if not self._may_answer(entry, message):
            yield self._no_authority(entry, message)
            return
        # A revocation without the grant at hand counts: the grant may still be on its way.
        effective = entry.effective_at or message.sent.at
        base = held or GateState(*key, "Revoked", message.id)
        self.states[key] = replace(base, state="Revoked", message=message.id, by=message.sender, revoked_at=effective)


def uncleared(message: Message, item: str, at: Instant, gates: tuple[GateState, ...]) -> Iterator[Violation]:
    """Breaches of an entry at this instant: one for each gate not granted and in date, one where none is on record."""
    if not gates:
        yield Violation("entry-uncleared", message.id, f"{item} entered and no clearance is on record")
    for gate in gates:
        if not in_date(gate, at):
            said = f"{item} entered at {iso(at)}; {gate.gate} was {gate.state} and not in date"
            yield Violation("entry-uncleared", message.id, said)
