"""Line items in a thread: what was asked, offered, selected, committed, sent, for each provider that was asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from safeconduct.exchange.breaches import Violation
from safeconduct.exchange.gates import Gates, uncleared
from safeconduct.exchange.message import LineItem, Message
from safeconduct.model.instants import Instant

ENDED = ("Cancelled", "Withdrawn", "Declined", "Expired")
COURSE = (
    "Issued",
    "Received",
    "InfoAsked",
    "Offered",
    "Selected",
    "Clearing",
    "Committed",
    "Mobilising",
    "Entered",
    "OnTask",
    "Extended",
    "Released",
    "Exited",
    "Closed",
)
"""The course of an item, in order; a provider goes forward along it, and `ENDED` from anywhere."""

RANK: Mapping[str, int] = MappingProxyType({state: rank for rank, state in enumerate((*ENDED, *COURSE))})

BY_RESPONSE: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("ResponseToRequestResource", "Accept"): "Offered",
        ("ResponseToRequestResource", "Provisional"): "Offered",
        ("ResponseToRequestQuote", "Accept"): "Offered",
        ("ResponseToRequestQuote", "Provisional"): "Offered",
        ("ResponseToOfferUnsolicitedResource", "Accept"): "Selected",
        ("CommitResource", "Accept"): "Committed",
        ("CommitResource", "Provisional"): "Offered",  # a commitment with reservations commits to nothing yet
        ("ResponseToRequestExtendedDeploymentDuration", "Accept"): "Extended",
        ("ResponseToRequestReturn", "Accept"): "Released",
    }
)
DECLINING = frozenset(
    {
        "ResponseToRequestResource",
        "ResponseToRequestQuote",
        "ResponseToOfferUnsolicitedResource",
        "CommitResource",
    }
)
"""Here a ``Decline`` ends the item for that provider; elsewhere it only leaves things as they were."""

BY_CONTENT: Mapping[str, str] = MappingProxyType(
    {
        "RequestResource": "Issued",
        "RequestQuote": "Issued",
        "OfferUnsolicitedResource": "Offered",
        "RequisitionResource": "Selected",
        "ReleaseResource": "Released",
    }
)
OPENED_BY_HOST = frozenset({"RequestResource", "RequestQuote", "RequisitionResource"})
"""They concern each recipient, asked before or not."""

BY_HOST = frozenset({"ReleaseResource", "ResponseToOfferUnsolicitedResource", "ResponseToRequestReturn"})
"""They concern those of the recipients who provide."""

_CANCELLED = OPENED_BY_HOST | {"ResponseToOfferUnsolicitedResource"}
"""What the side that asked says of an item, and which taken back cancels it."""

_INSIDE = frozenset({"Entered", "OnTask", "Exited"})
"""Reported states that say the provider came in."""

OPENED_BY_PROVIDER = frozenset(
    {"OfferUnsolicitedResource", "ResponseToRequestResource", "ResponseToRequestQuote", "CommitResource"}
)
"""They concern the sender, even where what it answers is not at hand."""

BY_PROVIDER = frozenset({"RequestReturn", "ResponseToRequestExtendedDeploymentDuration"})
"""They concern the sender if it provides. What is in none of the four sets may come from either side."""

BY_SCHEDULE: Mapping[str, str] = MappingProxyType(
    {
        "ActualDeparture": "Mobilising",
        "ActualArrival": "OnTask",
        "ActualReturnDeparture": "Exited",
        "ActualReturnArrival": "Closed",
    }
)


@dataclass(frozen=True, slots=True)
class Part:
    """
    A line item at one provider.

    Args:
        state: Of `COURSE` or `ENDED`.

        message: Id of the message that brought this state.

        requested: Quantity asked for; None where it is not said or not at hand. Likewise *selected*.

        committed: Quantity and message id of each commitment that stands.

        until_at: When the state runs out if nothing follows; None: never. Of a longer stay: until when it was agreed.
    """

    provider: str
    state: str
    message: str
    requested: float | None = None
    selected: float | None = None
    committed: tuple[tuple[str, float], ...] = ()
    until_at: Instant | None = None


@dataclass(frozen=True, slots=True)
class ItemState:
    """A line item: key ``ORIGIN/ELEMENT``, the state of the provider that is furthest, and each provider's own."""

    key: str
    state: str
    parts: tuple[Part, ...]


def expired_at(item: ItemState, at: Instant) -> ItemState:
    """The item once the clock has its say: what was asked or offered, and is not selected in time, has expired."""
    parts = tuple(
        replace(each, state="Expired")
        if each.until_at is not None and each.until_at < at and RANK["Issued"] <= RANK[each.state] < RANK["Selected"]
        else each
        for each in item.parts
    )
    return ItemState(item.key, _furthest(parts), parts)


def _furthest(parts: tuple[Part, ...]) -> str:
    return max((each.state for each in parts), key=RANK.__getitem__)


class Items:
    """The line items of a thread while its messages are read in order."""

    def __init__(self) -> None:
        self._parts: dict[str, dict[str, Part]] = {}
        self._hosts: dict[tuple[str, str], set[str]] = {}
        """By item and provider: who asked for it, and to whom it was offered. Nobody else moves it."""
        self._begun: set[tuple[str, str]] = set()
        """Where the message that begins the thread asked for it."""
        self._been: dict[tuple[str, str], bool] = {}
        """Of what was reported to have entered, by item and provider: whether it is inside still."""

    def states(self) -> tuple[ItemState, ...]:
        """Every item, by key; its providers by name."""
        found = []
        for key in sorted(self._parts):
            parts = tuple(self._parts[key][name] for name in sorted(self._parts[key]))
            found.append(ItemState(key, _furthest(parts), parts))
        return tuple(found)

    def read(self, message: Message, answered: Message | None, gates: Gates) -> Iterator[Violation]:
        """Let one message that counts move the items it names; for a receipt, those of the message received."""
        if message.content == "Acknowledge":
            if answered is None:
                return
            for item in answered.items:
                key = f"{answered.origin}/{item.id}"
                part = self._parts.get(key, {}).get(message.sender)
                if part is not None and part.state == "Issued":
                    self._parts[key][message.sender] = replace(part, state="Received", message=message.id)
            return
        seen: set[str] = set()
        for item in message.items:
            if item.id not in seen:  # of an item that occurs twice the first one counts
                yield from self._read_item(item, message, gates)
            seen.add(item.id)
        if message.content == "RequestClearance":
            for name in sorted({each.item for each in message.gates} - seen):
                yield from self._read_item(LineItem(name), message, gates)

    def cancel(self, recalled: Message, message: Message) -> None:
        """
        Take a message back: the provider's own yes withdraws the item, the other side's request cancels it.

        A question, a report or a release taken back leaves the item where it is.
        """
        for item in recalled.items:
            key = f"{recalled.origin}/{item.id}"
            parts = self._parts.get(key, {})
            own = message.sender in parts
            if recalled.content not in (OPENED_BY_PROVIDER if own else _CANCELLED):
                continue
            for name in (message.sender,) if own else recalled.recipients:
                if name in parts and self._is_side(key, name, message.sender):
                    kept = tuple(each for each in parts[name].committed if each[0] != recalled.id)
                    state = "Withdrawn" if own else "Cancelled"
                    parts[name] = replace(parts[name], state=state, message=message.id, committed=kept)

    def replaced(self, recalled: Message) -> None:
        """An update is on its way: what *recalled* committed no longer counts beside it."""
        for item in recalled.items:
            parts = self._parts.get(f"{recalled.origin}/{item.id}", {})
            for name, part in parts.items():
                parts[name] = replace(part, committed=tuple(each for each in part.committed if each[0] != recalled.id))

    def _read_item(self, item: LineItem, message: Message, gates: Gates) -> Iterator[Violation]:
        key = f"{message.origin}/{item.id}"
        parts = self._parts.get(key, {})
        for provider in _providers(message, parts):
            old = parts.get(provider)
            if message.id != message.origin and not self._is_side(key, provider, message.sender):
                continue
            state = _next_state(item, message, old)
            if state is None:
                continue
            new = _with_quantities(item, message, old or Part(provider, state, message.id))
            if old is None or state != old.state:
                until_at = message.until_at if state in ("Issued", "Offered", "Extended") else new.until_at
                new = replace(new, state=state, message=message.id, until_at=until_at)
            self._parts.setdefault(key, {})[provider] = new
            self._note_sides(key, provider, message)
            if message.content == "ReportResourceDeploymentStatus" and self._enters(key, provider, item):
                yield from uncleared(message, key, provider, _entry_at(item, message), gates.of(key))
        if message.content == "CommitResource":
            yield from self._exceeded(key, message)

    def _note_sides(self, key: str, provider: str, message: Message) -> None:
        hosts = self._hosts.setdefault((key, provider), set())
        if message.content in OPENED_BY_HOST:
            if message.id == message.origin and (key, provider) not in self._begun:
                hosts.clear()  # an earlier date made nobody else the host; a second use of the id puts out nobody
                self._begun.add((key, provider))
            hosts.add(message.sender)
        elif message.content in OPENED_BY_PROVIDER:
            hosts.update(message.recipients)

    def _is_side(self, key: str, provider: str, sender: str) -> bool:
        """Whether the sender may move the item at this provider: its own, or one that it asked for or was offered."""
        hosts = self._hosts.get((key, provider))
        return sender == provider or not hosts or sender in hosts

    def _enters(self, key: str, provider: str, item: LineItem) -> bool:
        """
        Whether a report says that the provider came in, however far the item is: released or extended, it enters too.

        Whoever reports only that it left was inside; arrivals repeated later are no second entry.
        """
        said = {*_reported(item)}
        inside = self._been.get((key, provider))
        enters = bool(said & _INSIDE) if inside is None else not inside and item.deployment in _INSIDE - {"Exited"}
        if said & _INSIDE:
            self._been[key, provider] = not said & {"Exited", "Closed"}
        return enters

    def _exceeded(self, key: str, message: Message) -> Iterator[Violation]:
        """Committed above selected; above requested where nobody selected."""
        parts = self._parts.get(key, {})
        part = parts.get(message.sender)
        if part is None:
            return
        alike = [part] if part.selected is not None else [each for each in parts.values() if each.selected is None]
        limit = part.selected if part.selected is not None else part.requested
        total = sum(quantity for each in alike for _, quantity in each.committed)
        if limit is not None and total > limit:
            yield Violation("quantity-exceeded", message.id, f"{key}: {total:g} committed of {limit:g}")


def _providers(message: Message, parts: Mapping[str, Part]) -> tuple[str, ...]:
    """Whose part a message may move: nobody commits or declines for another, nor selects or releases itself."""
    known = tuple(each for each in message.recipients if each in parts)
    if message.content in OPENED_BY_HOST:
        return message.recipients
    if message.content in BY_HOST:
        return known
    if message.sender in parts or message.content in OPENED_BY_PROVIDER:
        return (message.sender,)
    return () if message.content in BY_PROVIDER else known or (message.sender,)


def _next_state(item: LineItem, message: Message, old: Part | None) -> str | None:
    """The state after this message; None where it does not concern the part."""
    now = old.state if old is not None else None
    if now == "Cancelled":
        return now
    asked = _asked_state(item, message, now)
    if asked is None or now is None:
        return asked
    if asked in ENDED:
        late = asked == "Declined" and RANK[now] > RANK["Offered"]
        return "Withdrawn" if late else asked
    down = (now, asked) == ("InfoAsked", "Received")
    return asked if down or RANK[asked] > RANK[now] else now


def _asked_state(item: LineItem, message: Message, now: str | None) -> str | None:
    answer = item.response.answer if item.response is not None else None
    if answer == "Decline":
        return "Declined" if message.content in DECLINING else now
    if answer is not None and (message.content, answer) in BY_RESPONSE:
        return BY_RESPONSE[message.content, answer]
    if message.content == "ReportResourceDeploymentStatus":
        return max(_reported(item), key=RANK.__getitem__, default=now)
    if now is not None:
        before_entry = RANK[now] < RANK["Entered"]
        conditional = {
            "RequestInformation": "InfoAsked" if now in ("Issued", "Received") else now,
            "ResponseToRequestInformation": "Received" if now == "InfoAsked" else now,
            "RequestClearance": "Clearing" if now in ("Offered", "Selected") else now,
            "RequestReturn": "Withdrawn" if before_entry and now not in ENDED else now,
        }
        if message.content in conditional:
            return conditional[message.content]
    return BY_CONTENT.get(message.content, now)


def _reported(item: LineItem) -> list[str]:
    """The states that a report says to have been reached."""
    reached = [BY_SCHEDULE[each.type] for each in item.schedule if each.type in BY_SCHEDULE and each.moment]
    return reached + ([item.deployment] if item.deployment is not None else [])


def _with_quantities(item: LineItem, message: Message, part: Part) -> Part:
    accepted = item.response is not None and item.response.answer == "Accept"
    if item.quantity is None:
        return part
    if message.content in ("RequestResource", "RequestQuote"):
        return replace(part, requested=item.quantity)
    if message.content == "RequisitionResource" or (message.content in BY_HOST and accepted):
        return replace(part, selected=item.quantity)
    if message.content == "CommitResource" and accepted:
        return replace(part, committed=(*part.committed, (message.id, item.quantity)))
    return part


def _entry_at(item: LineItem, message: Message) -> Instant:
    arrivals = [each.moment.at for each in item.schedule if each.type == "ActualArrival" and each.moment is not None]
    return min(arrivals, default=message.sent.at)
