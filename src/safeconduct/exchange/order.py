"""The one order of a set of messages: causal, then by the time they were sent, then by id; never by arrival."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from safeconduct.exchange.message import Message, message_hash
from safeconduct.model.instants import Instant, iso

_NEAR, _KEPT = 4, 8
"""How many steps back are looked at one by one; of how many messages it is kept what stands on them."""


@dataclass(frozen=True, slots=True)
class Ordered:
    """
    A set of messages in its order.

    Args:
        messages: With their hashes; the same bytes twice count once.

        at: Places in *messages* by message id, in order; more than one where an id was used again.

        place_of: Places in *messages* by hash.

        holes: Hashes and ids that messages name and the set does not have, sorted: what to ask the other side for.

        above: What `stands_on` found out so far.
    """

    messages: tuple[tuple[str, Message], ...]
    at: Mapping[str, tuple[int, ...]]
    place_of: Mapping[str, int]
    holes: tuple[str, ...]
    above: dict[int, tuple[set[int], set[int]]] = field(default_factory=dict, repr=False, compare=False)


def ordered(messages: Iterable[Message]) -> Ordered:
    """
    Put messages in order.

    A message stands after the one it answers and after those whose hashes it names, whatever the clocks said. Among
    messages that do not depend on each other the earlier `sent` stands first, then the smaller id, then the smaller
    hash. Where messages answer each other in a circle, which only ids can do, the smallest of those left goes first.
    """
    by_hash = {message_hash(each): each for each in messages}
    by_id: dict[str, list[str]] = {}
    for digest in sorted(by_hash):
        by_id.setdefault(by_hash[digest].id, []).append(digest)
    before = {digest: _named(digest, each, by_hash, by_id) for digest, each in by_hash.items()}
    sequence = _sequence({digest: _rank(digest, each) for digest, each in by_hash.items()}, before)
    at: dict[str, list[int]] = {}
    for place, digest in enumerate(sequence):
        at.setdefault(by_hash[digest].id, []).append(place)
    named = {digest for each in by_hash.values() for digest in each.previous} - by_hash.keys()
    answered = {each.preceding for each in by_hash.values() if each.preceding is not None} - by_id.keys()
    return Ordered(
        tuple((digest, by_hash[digest]) for digest in sequence),
        {name: tuple(places) for name, places in at.items()},
        {digest: place for place, digest in enumerate(sequence)},
        tuple(sorted(named | answered)),
    )


def stands_on(place: int, targets: Sequence[int], thread: Ordered) -> tuple[int | None, bool]:
    """
    Which of some earlier messages the one at *place* stands on, by the hashes it names, directly or through others.

    Args:
        targets: Their places, in order.

    Returns:
        The place of the one that is named itself, else of the latest that is led to, or None; and whether all that it
        stands on after the first of *targets* is at hand: only then does None mean that it stands on none of them.
    """
    named = _named_by(place, thread)
    direct = next((each for each in targets if each in named), None)
    if direct is not None:
        return direct, None not in named
    near: set[int | None] = {place}
    for _ in range(_NEAR):  # mostly a receipt or two lie between, and one look finds what the other would search for
        near = {each for at in near if at is not None and at > targets[0] for each in _named_by(at, thread)}
        led = next((each for each in reversed(targets) if each in near), None)
        if led is not None:
            return led, None not in near
    led = next((each for each in reversed(targets) if place in _above(each, thread)[0]), None)
    return led, place in _above(targets[0], thread)[1]


def known_at(place: int, thread: Ordered) -> set[int]:
    """The places that the message at *place* stands on, by the hashes it names, directly or through others."""
    found: set[int] = set()
    ends = [place]
    while ends:
        named = {each for each in _named_by(ends.pop(), thread) if each is not None} - found
        found |= named
        ends += named
    return found


def by_first(places: Sequence[int], thread: Ordered) -> list[list[int]]:
    """Those of *places* that stand on none of the others, in order, each with those that stand on it."""
    own, found = set(places), list[list[int]]()
    marks: dict[int, int] = {}  # of which firsts a message stands on: a bit each, for one pass over the thread
    for place in range(min(places), max(places) + 1):
        mark = 0
        for each in _named_by(place, thread):
            mark |= marks.get(each, 0) if each is not None else 0
        if place in own:
            if not mark:
                mark = 1 << len(found)
                found.append([])
            for number in range(mark.bit_length()):
                if mark >> number & 1:
                    found[number].append(place)
        marks[place] = mark
    return found


def backdated(messages: Iterable[Message]) -> Iterator[str]:
    """In words, which messages are dated before one whose hash they name: they were written after it all the same."""
    by_hash = {message_hash(each): each for each in messages}
    for each in by_hash.values():
        latest = max(
            (by_hash[name] for name in each.previous if name in by_hash), key=lambda m: m.sent.at, default=each
        )
        if latest.sent.at > each.sent.at:
            stood_on = f"names by hash {latest.id}, which {latest.sender} dated {iso(latest.sent.at)}"
            yield f"message {each.id} is dated {iso(each.sent.at)} and {stood_on}: one of two clocks is wrong"


def recalled(place: int, thread: Ordered) -> list[Message]:
    """The earlier messages of the same sender that this one recalls."""
    message = thread.messages[place][1]
    if message.recall is None:
        return []
    earlier = (thread.messages[at][1] for at in thread.at.get(message.recall.message, ()) if at < place)
    return [each for each in earlier if each.sender == message.sender]


def _named_by(place: int, thread: Ordered) -> set[int | None]:
    """Places of the messages that the one at *place* names by hash; None for what is not at hand."""
    return {thread.place_of.get(digest) for digest in thread.messages[place][1].previous}


def _above(target: int, thread: Ordered) -> tuple[set[int], set[int]]:
    """The places that stand on *target*, and those of which all that they stand on after it is at hand."""
    if target not in thread.above:
        led, whole = {target}, set(range(target + 1))
        for place in range(target + 1, len(thread.messages)):
            named = _named_by(place, thread)
            if any(each in led for each in named):
                led.add(place)
            if all(each in whole for each in named):
                whole.add(place)
        if len(thread.above) == _KEPT:  # else a long thread of strange answers would fill the memory
            thread.above.clear()
        thread.above[target] = led, whole
    return thread.above[target]


_Rank = tuple[Instant, str, str]


def _rank(digest: str, message: Message) -> _Rank:
    return message.sent.at, message.id, digest


def _named(digest: str, message: Message, by_hash: Mapping[str, Message], by_id: Mapping[str, list[str]]) -> set[str]:
    """Hashes of the messages in the set that must stand before this one."""
    answered = by_id.get(message.preceding, []) if message.preceding is not None else []
    return ({each for each in message.previous if each in by_hash} | set(answered)) - {digest}


def _sequence(rank: Mapping[str, _Rank], before: Mapping[str, set[str]]) -> list[str]:
    """Kahn's algorithm with a heap; a circle is cut at its smallest message."""
    after: dict[str, list[str]] = {}
    for digest, named in before.items():
        for each in named:
            after.setdefault(each, []).append(digest)
    waiting = {digest: len(named) for digest, named in before.items()}
    ready = [rank[digest] for digest, count in waiting.items() if not count]
    heapq.heapify(ready)
    by_rank = sorted(rank.values(), reverse=True)
    done: set[str] = set()
    sequence: list[str] = []
    while len(sequence) < len(rank):
        if not ready:
            while by_rank[-1][2] in done:
                by_rank.pop()
            heapq.heappush(ready, by_rank[-1])
        digest = heapq.heappop(ready)[2]
        if digest in done:
            continue
        done.add(digest)
        sequence.append(digest)
        for each in after.get(digest, ()):
            waiting[each] -= 1
            if not waiting[each]:
                heapq.heappush(ready, rank[each])
    return sequence
