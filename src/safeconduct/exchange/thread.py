"""
What a set of messages amounts to: the state of each line item and of each permission, and every breach.

A pure function of the set. Both ends of a conversation, and a third person who holds the bundle, come to the same state
whatever arrived first, twice or not at all; what did not arrive is named as a hole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from safeconduct.exchange.breaches import Violation, addressed, alone, answered, forks, in_thread, statuses
from safeconduct.exchange.gates import Gates, GateState, seen_at
from safeconduct.exchange.items import Items, ItemState, expired_at
from safeconduct.exchange.message import Message
from safeconduct.exchange.order import Ordered, ordered, recalled
from safeconduct.model.instants import Instant

NO_AUTHORITIES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Thread:
    """
    The state of a conversation.

    Args:
        statuses: Of each origin, by origin, whether it is actual, an exercise or a test.

        items: By key.

        gates: By key of the item, then gate, then who asked.

        violations: In the order of the messages in breach.

        holes: Hashes and ids of messages that others name and that are not at hand, sorted.

        doubtful: Ids of answers and receipts, in order, which stand on what is not at hand: whether they were given to
            what is here under the id that they answer cannot be seen, so they move nothing.

        order: Ids of the messages in their one order.
    """

    statuses: tuple[tuple[str, str], ...]
    items: tuple[ItemState, ...]
    gates: tuple[GateState, ...]
    violations: tuple[Violation, ...]
    holes: tuple[str, ...]
    doubtful: tuple[str, ...]
    order: tuple[str, ...]


def thread_state(
    messages: Iterable[Message], at: Instant | None = None, *, authorities: Mapping[str, str] = NO_AUTHORITIES
) -> Thread:
    """
    The state that a set of messages amounts to.

    A message in breach is recorded and, with two exceptions, moves the state all the same: the record must hold what
    really happened. An exercise message in an actual thread (or the other way round) moves nothing, nor does an answer
    from one who was not asked. Neither does an answer of which it cannot be seen to what it was given, until what it
    stands on is at hand. A grant counts only where the question it answers is at hand.

    Args:
        messages: In any order, any of them any number of times.

        at: The hour that decides what expired, lapsed or fell silent; None leaves the clock out.

        authorities: For a gate's id the party that alone may answer it. A gate that is not listed may be answered by
            any party that was asked, which is no more than the messages themselves can show.
    """
    thread = ordered(messages)
    kinds = statuses(thread)
    items, gates = Items(), Gates(authorities)
    receipts: set[tuple[str, str]] = set()
    doubtful: list[str] = []
    found = [(thread.at[each.message_id][-1], each) for each in forks(thread)]
    for place, (_, message) in enumerate(thread.messages):
        breaches = [*alone(message), *in_thread(place, thread, receipts)]
        before = answered(place, thread)
        if before.doubtful:
            doubtful.append(message.id)
        if message.status != kinds[message.origin]:
            said = f"{message.status} in a thread that is {kinds[message.origin]}"
            breaches.append(Violation("exercise-mixed", message.id, said))
        else:
            breaches += _moved(place, thread, items, gates)
            if message.content == "Acknowledge" and message.preceding is not None:
                receipts.add((message.sender, before.digest or message.preceding))
        found += [(place, each) for each in breaches]
    return Thread(
        tuple(sorted(kinds.items())),
        tuple(each if at is None else expired_at(each, at) for each in items.states()),
        tuple(each if at is None else seen_at(each, at) for each in gates.visible()),
        tuple(each for _, each in sorted(found, key=lambda pair: (pair[0], pair[1].code, pair[1].message))),
        thread.holes,
        tuple(doubtful),
        tuple(message.id for _, message in thread.messages),
    )


def _moved(place: int, thread: Ordered, items: Items, gates: Gates) -> list[Violation]:
    """Let the message at *place* move items and gates; the breaches that only the state shows."""
    message = thread.messages[place][1]
    found = answered(place, thread)
    before = found.message
    if found.doubtful or (before is not None and not addressed(message, before)):
        return []
    earlier = recalled(place, thread)
    if message.recall is not None and message.recall.type == "Cancel":
        for each in earlier:
            items.cancel(each, message)
            gates.recall(each, message)
        return []
    for each in earlier:
        items.replaced(each)
        gates.replaced(each, message)
    return [*gates.read(message, before), *items.read(message, before, gates)]
