"""A case's conversation for a third person, and the check of such a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from safeconduct.desk.voice import Voice
from safeconduct.exchange.canonical import parse
from safeconduct.exchange.card import SignedCard, read_card
from safeconduct.exchange.codec import from_json
from safeconduct.exchange.contents import Carried, Enclosure, enclose
from safeconduct.exchange.disclosure import Disclosure
from safeconduct.exchange.evidence import Evidence, Head, read_evidence, write_evidence
from safeconduct.exchange.merkle import Tree
from safeconduct.exchange.note import Checkpoint, read_checkpoint, read_note
from safeconduct.exchange.parcel import Parcel, read_parcel
from safeconduct.exchange.proving import Proof, prove
from safeconduct.exchange.record import Inclusion, checkpoint, growth, inclusion
from safeconduct.exchange.signed import SignedMessage, signed_hash
from safeconduct.model.errors import InvalidInput
from safeconduct.model.instants import Instant

_SEALED = b'{"hops":'


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a bundle shows to one who may not open it; nothing of it is verified without cards."""

    parcel: Parcel


def evidence(voice: Voice, case: str, *, attachments: bool = True, disclosures: bool = False) -> bytes:
    """
    The conversation of a case with all that proves it, for anybody to check. Soundings are never in it.

    Args:
        attachments: With the bytes of attachments.

        disclosures: With the withheld facts that were disclosed, such as the exact place.

    Raises:
        InvalidInput: Nothing was said in that case, or the desk's key does not open.
    """
    messages = tuple(voice.messages(case))
    if not messages:
        raise InvalidInput("nothing was said in this case", where="CASE", got=case)
    log = voice.log()
    notes = _own_notes(voice, log)
    own = tuple(_own_inclusions(voice, messages, log, sorted(notes)))
    theirs = tuple(_their_inclusions(voice, messages))
    parties = {each.message.sender for each in messages} | {to for each in messages for to in each.message.recipients}
    carried = tuple(_carried(voice, parties))
    on_the_way = {hop.party for each in carried for hop in each.hops}
    heads = (
        *_own_heads(voice, log, notes, {each.size for each in own}),
        *_their_heads(voice, parties, theirs, carried),
    )
    cards = tuple(each for party in sorted(parties | on_the_way) for each in _cards(voice, party))
    found = Evidence(
        case,
        voice.party,
        voice.at,
        cards,
        heads,
        messages,
        (*own, *theirs),
        carried,
        tuple(_disclosed(voice)) if disclosures else (),
        tuple(_enclosed(voice, messages)) if attachments else (),
    )
    return write_evidence(found)


def verify(data: bytes, *, at: Instant | None = None) -> Proof | Sealed:
    """
    Check a bundle without keys, network or trust in who made it.

    Raises:
        InvalidInput: It is no bundle, is cut short or was altered.
    """
    if data.startswith(_SEALED):
        return Sealed(read_parcel(data))
    return prove(read_evidence(data), at=at)


def texts(data: bytes) -> dict[str, bytes]:
    """
    What the attachments in a file of evidence say, by hash; none in a sealed bundle.

    Raises:
        InvalidInput: As `verify`.
    """
    sealed = data.startswith(_SEALED)
    return {} if sealed else {each.digest: each.content for each in read_evidence(data).enclosures}


def _own_notes(voice: Voice, log: Tree) -> dict[int, list[str]]:
    """Heads of the own log that others cosigned, and the present one, by size."""
    own = voice.card().log_name
    found: dict[int, list[str]] = {log.size: [checkpoint(voice.card(), log, voice.secrets().log)]}
    notes = [voice.data("cosigned", key).decode() for key in voice.store.keys("cosigned") if key.startswith("mine/")]
    notes += [hop.checkpoint for each in _all_carried(voice, voice.party) for hop in each.hops if hop.checkpoint]
    for note in notes:
        head = _head(note)
        if head.origin == own:
            found.setdefault(head.size, []).append(note)
    return found


def _own_inclusions(
    voice: Voice, messages: Sequence[SignedMessage], log: Tree, sizes: Sequence[int]
) -> Iterator[Inclusion]:
    """Each message against the earliest head that holds it and that somebody else cosigned."""
    memory = voice.index()
    name = voice.card().log_name
    for each in messages:
        for index, entry in memory.entries(signed_hash(each)):
            size = next(size for size in sizes if size > index)
            yield inclusion(log, name, entry, index, size)


def _their_inclusions(voice: Voice, messages: Sequence[SignedMessage]) -> Iterator[Inclusion]:
    wanted = {signed_hash(each) for each in messages}
    for key in voice.store.keys("inclusion"):
        if key.partition("/")[0] in wanted:
            yield from_json(Inclusion, parse(voice.data("inclusion", key)))


def _own_heads(voice: Voice, log: Tree, notes: dict[int, list[str]], used: set[int]) -> Iterator[Head]:
    name = voice.card().log_name
    sizes = sorted(used)
    before = {size: growth(log, name, earlier, size) for earlier, size in pairwise(sizes)}
    for size in sizes:
        for note in notes[size]:
            yield Head(note, (before[size],) if size in before else ())


def _their_heads(
    voice: Voice, parties: set[str], theirs: Sequence[Inclusion], carried: Sequence[Carried]
) -> Iterator[Head]:
    used = {(each.log, each.size) for each in theirs}
    kept: dict[str, list[tuple[Checkpoint, Head]]] = {}
    for key in voice.store.keys("head"):
        if key.partition("/")[0] in parties - {voice.party}:
            found = from_json(Head, parse(voice.data("head", key)))
            head = _head(found.note)
            kept.setdefault(head.origin, []).append((head, found))
    for name, heads in kept.items():
        shown = _linked(heads, {size for log, size in used if log == name})
        yield from (found for head, found in heads if head.size in shown)
    own_name = voice.card().log_name
    for hop in (hop for each in carried for hop in each.hops):
        if hop.checkpoint is not None:
            head = _head(hop.checkpoint)
            if head.origin != own_name and (head.origin, head.size) in used:
                yield Head(hop.checkpoint, ())


def _linked(heads: Sequence[tuple[Checkpoint, Head]], used: set[int]) -> set[int]:
    """The sizes that are used, and those between them by way of which each is shown to continue the one before."""
    befores: dict[int, set[int]] = {}
    for head, found in heads:
        befores.setdefault(head.size, set()).update(each.before for each in found.growths if each.size == head.size)
    shown = set(used)
    for before, after in pairwise(sorted(used & befores.keys())):
        reached: dict[int, tuple[int, ...]] = {after: (after,)}
        ends = [after]
        while ends and before not in reached:
            size = ends.pop()
            for each in befores[size] & befores.keys() - reached.keys():
                if each >= before:
                    reached[each] = (*reached[size], each)
                    ends.append(each)
        shown |= set(reached.get(before, ()))
    return shown


def _cards(voice: Voice, party: str) -> Iterator[SignedCard]:
    """Every card of a party, those before a new start too: what was said under them stays said."""
    for key in voice.store.keys("card"):
        if key.startswith(f"{party}/"):
            yield read_card(voice.data("card", key))


def outrun(voice: Voice) -> str:
    """
    In words, where others have seen of this party's log what is not in it; empty: nowhere.

    That is so once an older state of the store was put back: whatever goes out from such a log is refused as forked.
    """
    log = voice.log()
    for size, notes in sorted(_own_notes(voice, log).items()):
        if size > log.size:
            return f"others have seen {size} entries of it, and it has {log.size}"
        if any(_head(note).head != log.head(size) for note in notes):
            return f"others have seen {size} entries of it that are not the first {size} here"
    return ""


def _carried(voice: Voice, parties: set[str]) -> Iterator[Carried]:
    for party in sorted(parties):
        yield from _all_carried(voice, party)


def _all_carried(voice: Voice, sender: str) -> Iterator[Carried]:
    for key in voice.store.keys("carried"):
        if key.startswith(f"{sender}/"):
            yield from_json(Carried, parse(voice.data("carried", key)))


def _disclosed(voice: Voice) -> Iterator[Disclosure]:
    for key in voice.store.keys("disclosure"):
        yield from_json(Disclosure, parse(voice.data("disclosure", key)))


def _enclosed(voice: Voice, messages: Sequence[SignedMessage]) -> Iterator[Enclosure]:
    for digest in dict.fromkeys(each.digest for found in messages for each in found.message.attachments):
        data = voice.store.get("enclosure", digest)
        if data is not None:
            yield enclose(data)


def _head(note: str) -> Checkpoint:
    return read_checkpoint(read_note(note.encode()).text)
