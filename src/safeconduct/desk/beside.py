"""What comes in a bundle beside its messages, and is kept with them: whatever evidence is made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from safeconduct.desk.sending import told_by
from safeconduct.desk.voice import Voice, pinned
from safeconduct.exchange.card import Card
from safeconduct.exchange.codec import written
from safeconduct.exchange.contents import Carried, Contents
from safeconduct.exchange.disclosure import check_disclosure, disclosure_hash
from safeconduct.exchange.message import message_hash
from safeconduct.exchange.note import read_checkpoint, read_note
from safeconduct.exchange.parcel import Parcel, check_parcel
from safeconduct.exchange.record import Inclusion, document_hash, read_head, witnesses
from safeconduct.exchange.signed import SignedMessage
from safeconduct.model.errors import InvalidInput
from safeconduct.store.contract import Thing


def beside(
    voice: Voice,
    parcel: Parcel,
    contents: Contents,
    brought: Mapping[str, SignedMessage],
    cards: Mapping[str, Card],
) -> tuple[Thing, ...]:
    """
    What came with the messages: attachments, cosignatures, carriers' receipts, disclosures, proofs of the rest.

    Args:
        brought: The messages, by their hash with signatures; their own proofs are kept with them.

        cards: That are trusted, by hash, those that came with it among them.

    Raises:
        InvalidInput: A cosignature, a carrier's receipt or a disclosure that does not hold.
    """
    sender = parcel.routing.sender
    things = [Thing("enclosure", each.digest, each.content) for each in contents.enclosures]
    things += [inclusion_thing(each) for each in contents.proofs if each.entry.hash not in brought]
    things += _cosigned(voice, sender, contents, cards)
    things += _all_seen(voice, sender, cards[parcel.routing.card])
    arrived = Carried(parcel.routing, parcel.signature, parcel.hops)
    things.append(_json("carried", f"{sender}/{parcel.routing.id}", arrived))
    for each in contents.carried:
        new = voice.store.get("carried", f"{voice.party}/{each.routing.id}") is None
        if each.routing.sender == voice.party and new:
            check_parcel(Parcel(each.routing, each.signature, each.hops, b""), cards)
            if len(each.hops) < len(each.routing.via):  # the own evidence would not hold with it
                raise InvalidInput("no receipt of a carrier", where=f"parcel {each.routing.id}")
            things.append(_json("carried", f"{voice.party}/{each.routing.id}", each))
    things += _disclosed(voice, sender, contents)
    things += told_by(voice, sender, contents)
    return lacking(voice, things)


def lacking(voice: Voice, things: Sequence[Thing]) -> tuple[Thing, ...]:
    """Those that are not kept yet, each once; what is kept of them first stays."""
    once = {(each.shelf, each.key): each for each in things}
    return tuple(each for each in once.values() if each.shelf == "pin" or voice.store.get(each.shelf, each.key) is None)


def inclusion_thing(proof: Inclusion) -> Thing:
    """A proof to keep."""
    return _json("inclusion", f"{proof.entry.hash}/{proof.log}", proof)


def _disclosed(voice: Voice, sender: str, contents: Contents) -> Iterator[Thing]:
    """
    Withheld facts that were disclosed, of messages that are held or came with them.

    Only the one who withheld a fact discloses it, to this party: what names another recipient would be taken here for
    a disclosure that was made.
    """
    brought = {message_hash(each.message): each.message for each in contents.messages if contents.disclosures}
    known = voice.index().by_name
    for found in contents.disclosures:
        held = [voice.message(each).message for each in known.get(found.message, ())]
        of = next(iter(held), brought.get(found.message))
        if of is not None:
            check_disclosure(found, of)
            if (of.sender, found.to) != (sender, voice.party):
                expected, got = f"of {sender}, to {voice.party}", f"of {of.sender}, to {found.to}"
                where = f"disclosure of {found.name}"
                raise InvalidInput("a disclosure between others", where=where, expected=expected, got=got)
            yield _json("disclosure", f"{voice.party}/{disclosure_hash(found)}", found)


def _cosigned(voice: Voice, sender: str, contents: Contents, cards: Mapping[str, Card]) -> Iterator[Thing]:
    """The sender's cosignatures of the own log; what it has seen for certain, earlier states need no proof from."""
    own, seen = voice.card(), 0
    earlier = [each for each in cards.values() if each.party == voice.party]
    theirs = [each for each in cards.values() if each.party == sender]  # each side's keys may have changed on the way
    for note in contents.cosigned:
        kept = Thing("cosigned", f"mine/{document_hash(note.encode())}", note.encode())
        of_now = note.partition("\n")[0] == own.log_name  # a log given up may still be cosigned on the way
        if of_now and voice.store.get(kept.shelf, kept.key) is None:
            head = read_head(note, own, *earlier)
            if witnesses(note, theirs):
                seen = max(seen, head.size)
                yield kept
    sizes = voice.pin(f"seen/{sender}") or []
    if seen and any(size < seen for size in sizes):
        yield pinned(f"seen/{sender}", [seen, *(size for size in sizes if size > seen)])


def _all_seen(voice: Voice, sender: str, card: Card) -> Iterator[Thing]:
    """
    Whoever goes on under another log has put an older store back, and may know no more than any state it once saw of
    the own log: the next bundle proves from all of them, or it could not be taken in. With it goes back whatever that
    party said itself: of a thread that it lost whole nothing would show it that it is missing.
    """
    before = voice.chain(sender)
    if not before or before[-1].card.log_name == card.log_name:
        return
    own = voice.card()
    notes = (voice.data("cosigned", key).decode() for key in voice.store.keys("cosigned", "mine/"))
    ours = [note for note in notes if note.partition("\n")[0] == own.log_name]
    theirs = [each.card for each in before]
    known = {read_checkpoint(read_note(note.encode()).text).size for note in ours if witnesses(note, theirs)}
    yield pinned(f"seen/{sender}", sorted({*(voice.pin(f"seen/{sender}") or ()), *known}))
    own_words = (each for each in voice.index().known if each.sender == sender)
    yield from (Thing("outbox", f"{sender}/{each.digest}", each.case.encode()) for each in own_words)


def _json(shelf: str, key: str, value: object) -> Thing:
    return Thing(shelf, key, written(value))
