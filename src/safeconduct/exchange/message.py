"""
One message: the envelope of EDXL-DE around the line items of EDXL-RM and the gates that it has no words for.

A message has one form on the wire: RFC 8785, every field present, instants to the second. Its hash over those bytes is
how later messages name it, so a thread that two parties hold is the same thread or visibly another.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256

from safeconduct.exchange.codec import read_exactly, written
from safeconduct.exchange.content import CONTENT_TYPES
from safeconduct.exchange.remembered import remembered
from safeconduct.model.errors import InvalidInput
from safeconduct.model.instants import Instant

VERSION = 1
STATUSES = ("Actual", "Exercise", "System", "Test")
DISTRIBUTION_TYPES = ("Report", "Update", "Cancel", "Request", "Response", "Dispatch", "Ack", "Error")
RESPONSES = ("Accept", "Decline", "Provisional")
RECALLS = ("Update", "Cancel")
GATE_ANSWERS = ("Granted", "Refused")
DEPLOYMENTS = ("Mobilising", "Entered", "OnTask", "Exited", "Closed")


@dataclass(frozen=True, slots=True)
class Moment:
    """
    A date and time as somebody wrote it, to the second.

    Args:
        at: The instant; taken as UTC where no zone was written.

        zoned: Whether a zone was written. Without one the moment is a guess, and the thread says so.
    """

    at: Instant
    zoned: bool = True


@dataclass(frozen=True, slots=True)
class Resource:
    """What a line item is about; at least one of the three identifies it."""

    id: str | None = None
    name: str | None = None
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """
    Yes, no, or a reasonable alternative to one line item.

    Args:
        answer: Of `RESPONSES`; ``Provisional`` is the alternative, and owes a reason.
    """

    answer: str
    reason: str | None = None

    def __post_init__(self) -> None:
        _one_of(self.answer, RESPONSES, "answer")


@dataclass(frozen=True, slots=True)
class Scheduled:
    """One entry of a line item's schedule: what kind of moment, when (None: not said), where."""

    type: str
    moment: Moment | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class LineItem:
    """
    One resource asked for, offered, committed, used.

    Args:
        id: Element id: with the origin of the thread it names the item through all messages.

        quantity: In the unit the request used, > 0; None where it is not said.

        deployment: Of `DEPLOYMENTS`; None where the message reports none.
    """

    id: str
    resource: Resource | None = None
    quantity: float | None = None
    response: Response | None = None
    schedule: tuple[Scheduled, ...] = ()
    deployment: str | None = None

    def __post_init__(self) -> None:
        _filled(self.id, "id")
        if self.deployment is not None:
            _one_of(self.deployment, DEPLOYMENTS, "deployment")
        if self.quantity is not None and not 0 < self.quantity < float("inf"):
            raise InvalidInput("not a quantity", where="quantity", expected="finite, > 0", got=str(self.quantity))


@dataclass(frozen=True, slots=True)
class GateEntry:
    """
    What a message says about one permission for one line item.

    Args:
        item: Element id of the line item.

        gate: Id of the clearance.

        answer: Of `GATE_ANSWERS`; None where the message answers nothing.

        from_at: A grant holds from here on; None: from when it was sent.

        until_at: A grant holds until here, this instant included; in a request: when the answer is needed.
            None: no end was said.

        effective_at: When a revocation takes effect; None: when it was sent.
    """

    item: str
    gate: str
    answer: str | None = None
    conditions: tuple[str, ...] = ()
    reason: str | None = None
    from_at: Instant | None = None
    until_at: Instant | None = None
    effective_at: Instant | None = None

    def __post_init__(self) -> None:
        _filled(self.item, "item")
        _filled(self.gate, "gate")
        if self.answer is not None:
            _one_of(self.answer, GATE_ANSWERS, "answer")


@dataclass(frozen=True, slots=True)
class Contact:
    """Who speaks: an office, never a person; at least one of the two is said."""

    role: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Recall:
    """An earlier message of the same sender is replaced by this one (``Update``) or taken back (``Cancel``)."""

    message: str
    type: str

    def __post_init__(self) -> None:
        _one_of(self.type, RECALLS, "type")


@dataclass(frozen=True, slots=True)
class Attachment:
    """
    A file that travels beside the message: an entry form, a situation report, terms.

    Args:
        name: For the reader.

        media: Its media type, such as ``text/plain``.

        digest: SHA-256 over its bytes, 64 hexadecimal digits.
    """

    name: str
    media: str
    digest: str

    def __post_init__(self) -> None:
        for name in ("name", "media", "digest"):
            _filled(getattr(self, name), name)


@dataclass(frozen=True, slots=True)
class Withheld:
    """
    A fact that the message fixes and does not tell: whom it is disclosed to, and when, is a later step.

    Args:
        name: What it is, such as ``place``.

        shown: What everybody who reads the message is told instead, such as the place to 10 km; None: nothing.

        digest: Salted hash of the fact (`disclosure.digest_of`), 64 hexadecimal digits.
    """

    name: str
    shown: str | None
    digest: str

    def __post_init__(self) -> None:
        for name in ("name", "digest"):
            _filled(getattr(self, name), name)


@dataclass(frozen=True, slots=True)
class Message:
    """
    One message as it was written. What is wrong with it in its thread, the thread says; nothing is refused for that.

    Args:
        id: Unique among all messages, for answers name it.

        content: Of `CONTENT_TYPES`.

        origin: Id of the message that began the thread; its own for that one.

        preceding: Id of the message it answers; None if it answers none.

        case: The case the thread belongs to.

        recipients: Party ids, none twice.

        distribution: Of `DISTRIBUTION_TYPES`.

        status: Of `STATUSES`; ``Exercise`` never moves the state of an actual thread, nor the other way round.

        until_at: What it asks or offers stands until here, this instant included; None: no end was said.

        languages: RFC 5646 tags, the binding one first.

        previous: Hashes (`message_hash`), sorted, of the latest messages of the thread its sender held and of the one
            it answers: it binds its sender to those words, not to whatever bears their id.

        digest: Hash of the terms or the public statement it is about; None if about neither.

        response: To those terms or that statement.

        attachments: By name, none twice.

        withheld: By name, none twice.
    """

    id: str
    content: str
    origin: str
    case: str
    sender: str
    recipients: tuple[str, ...]
    sent: Moment
    distribution: str
    status: str
    confidentiality: str
    preceding: str | None = None
    from_at: Instant | None = None
    until_at: Instant | None = None
    languages: tuple[str, ...] = ()
    previous: tuple[str, ...] = ()
    recall: Recall | None = None
    contacts: tuple[Contact, ...] = ()
    description: str | None = None
    items: tuple[LineItem, ...] = ()
    gates: tuple[GateEntry, ...] = ()
    digest: str | None = None
    response: Response | None = None
    attachments: tuple[Attachment, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    version: int = field(default=VERSION, kw_only=True)

    def __post_init__(self) -> None:
        for name in ("id", "origin", "case", "sender", "confidentiality"):
            _filled(getattr(self, name), name)
        _one_of(self.content, CONTENT_TYPES, "content")
        _one_of(self.status, STATUSES, "status")
        _one_of(self.distribution, DISTRIBUTION_TYPES, "distribution")
        if not self.recipients or len(set(self.recipients)) < len(self.recipients):
            raise InvalidInput("not recipients", where="recipients", expected="one or more, none twice")
        if list(self.previous) != sorted(set(self.previous)):
            raise InvalidInput("not in order", where="previous", expected="hashes sorted, none twice")
        for name in ("attachments", "withheld"):
            names = [each.name for each in getattr(self, name)]
            if len(set(names)) < len(names):
                raise InvalidInput("a name twice", where=name, expected="each name once")
        if self.version != VERSION:
            raise InvalidInput("another version", where="version", expected=str(VERSION), got=str(self.version))


# A thread is read anew at each arrival and hashes every message it holds: without the cache that is all it would do.
@remembered(1 << 14)
def message_bytes(message: Message) -> bytes:
    """
    The one form of a message: what is signed, hashed, sealed and sent.

    Raises:
        InvalidInput: A text holds half a surrogate pair, or an instant has a fraction of a second.
    """
    return written(message)


def read_message(data: bytes) -> Message:
    """
    The message that `message_bytes` wrote.

    Raises:
        InvalidInput: The bytes are in any respect not those that `message_bytes` writes: another layout, order of keys
            or spelling of a number, a field missing or unknown, a value of another type. The place is a JSON path.
    """
    return read_exactly(Message, data, message_bytes, "a message")


def message_hash(message: Message) -> str:
    """SHA-256 over `message_bytes`, 64 hexadecimal digits in lower case."""
    return sha256(message_bytes(message)).hexdigest()


def _filled(text: str, where: str) -> None:
    if not text:
        raise InvalidInput("an empty text", where=where, expected="a text, not empty")


def _one_of(text: str, allowed: tuple[str, ...], where: str) -> None:
    if text not in allowed:
        raise InvalidInput("not one of the choices", where=where, expected=" | ".join(allowed), got=text)
