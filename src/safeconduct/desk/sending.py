"""Bundles out: what waits for a party, with its proofs, sealed and signed for whoever carries it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from safeconduct.desk.again import again
from safeconduct.desk.memory import Known
from safeconduct.desk.party import entry
from safeconduct.desk.voice import Voice, pinned
from safeconduct.exchange.canonical import parse
from safeconduct.exchange.card import TRANSIT, Card, card_hash
from safeconduct.exchange.codec import from_json, written
from safeconduct.exchange.contents import Carried, Contents, Enclosure, enclose, write_contents
from safeconduct.exchange.disclosure import Disclosure
from safeconduct.exchange.evidence import Head
from safeconduct.exchange.merkle import Tree
from safeconduct.exchange.note import Checkpoint, read_checkpoint, read_note
from safeconduct.exchange.parcel import (
    VERSION,
    Parcel,
    Routing,
    carry,
    check_parcel,
    parcel_hash,
    read_parcel,
    send,
    write_parcel,
)
from safeconduct.exchange.record import Growth, check_growth, checkpoint, cosigned, growth, inclusion, read_head
from safeconduct.exchange.sealing import seal
from safeconduct.exchange.signed import SignedMessage, signed_hash
from safeconduct.model.errors import InvalidInput
from safeconduct.store.contract import Batch, Thing

GOOD_FOR = timedelta(days=7)
"""How long a parcel may be under way; our convention, and the sender may say otherwise."""

_MOST_GROWTHS = 512
"""Bundles that may be under way unconfirmed before the proofs of the middle ones are left out; our convention."""


@dataclass(frozen=True, slots=True)
class Dispatch:
    """A bundle to hand over, and what is in it."""

    data: bytes
    parcel: str
    recipient: str
    messages: tuple[str, ...]
    wants: tuple[str, ...]


def dispatch(voice: Voice, to: str, via: Sequence[str] = (), *, good_for: timedelta = GOOD_FOR) -> Dispatch:
    """
    Everything that waits for a party, as one bundle.

    What is in it waits on until the other side confirms it: a bundle that is lost costs nothing but time.

    Args:
        via: Who is to carry it, in order.

    Raises:
        InvalidInput: The card of the recipient or of a carrier is not trusted, or no office of this party may send.

        Unavailable: Another process keeps writing to the store, or it takes nothing; nothing was promised.
    """
    return again(voice.store, lambda mark: _dispatched(voice, to, via, good_for, mark))


def _dispatched(voice: Voice, to: str, via: Sequence[str], good_for: timedelta, mark: object) -> Dispatch:
    theirs = voice.card(to)
    for each in via:
        voice.card(each)
    secrets, card, log = voice.secrets(), voice.card(), voice.log()
    waiting = [voice.message(known) for _, known in waiting_for(voice, to)]
    back = _going_back(voice, to)
    contents = _contents(voice, to, waiting, log, back)
    sealed = seal(write_contents(contents), [theirs.sealing])
    routing = Routing(
        voice.new_id(),
        voice.party,
        to,
        tuple(via),
        card.status,
        voice.at,
        voice.at + good_for,
        card_hash(card),
        sha256(sealed).hexdigest(),
        checkpoint(card, log, secrets.log),
        _growths(voice, log, (to, *via)),
        VERSION,
    )
    office = transit_office(voice)
    parcel = send(routing, sealed, card, office, voice.seed(office))
    seen = tuple(pinned(f"seen/{each}", sorted({*(voice.pin(f"seen/{each}") or ()), log.size})) for each in (to, *via))
    shown = pinned(f"card/{to}", card_hash(card))
    voice.store.commit((Batch((*seen, shown, _sent_back(voice, to, routing.id, back.place))),), mark)
    messages = tuple(each.message.id for each in waiting)
    return Dispatch(write_parcel(parcel), routing.id, to, messages, contents.wants)


def without_card(voice: Voice, parties: Sequence[str]) -> tuple[str, ...]:
    """
    Those of *parties* to whom no bundle was made since this party's card changed.

    The first card goes by another way, and nobody is without it who trusts this party.
    """
    chain = voice.chain(voice.party)
    if len(chain) < 2:
        return ()
    return tuple(each for each in parties if voice.pin(f"card/{each}") != card_hash(chain[-1].card))


def pass_on(voice: Voice, parcel: str) -> bytes:
    """
    A parcel that was taken over for others, with this party's receipt, for the next to take.

    Raises:
        InvalidInput: There is none of that id.
    """
    key = next((each for each in voice.store.keys("parcel") if each.endswith(parcel)), parcel)
    return voice.data("parcel", key)


def take_over(voice: Voice, parcel: Parcel) -> Parcel:
    """
    Take a parcel over for others: sign for it, cosign the sender's log if it grew honestly, log it.

    Raises:
        InvalidInput: It is not this party's turn, it has expired, another parcel bears its id, or the sender's log
            forked or was rewritten.
    """
    return again(voice.store, lambda mark: _taken_over(voice, parcel, mark))


def _taken_over(voice: Voice, parcel: Parcel, mark: object) -> Parcel:
    routing = parcel.routing
    held = voice.store.get("parcel", routing.id)
    if held is not None:
        known = read_parcel(held)
        if known.routing != routing:
            raise InvalidInput("another parcel under an id that is taken", where=f"parcel {routing.id}")
        return known
    card, office = voice.card(), transit_office(voice)
    check_parcel(parcel, voice.cards())
    _, things = seen_head(voice, voice.cards()[routing.card], routing.checkpoint, routing.growths)
    note = next((each.data.decode() for each in things if each.shelf == "cosigned"), None)
    taken = carry(parcel, voice.at, card, (office, voice.seed(office)), note)
    kept = Thing("parcel", routing.id, write_parcel(taken))
    logged = entry("transit", parcel_hash(parcel), voice.at)
    voice.store.commit((Batch((kept, *things), (logged,)),), mark)
    return taken


def seen_head(voice: Voice, owner: Card, note: str, growths: Sequence[Growth]) -> tuple[Checkpoint, tuple[Thing, ...]]:
    """
    Check the head of another party's log against what was seen of it, cosign it, and keep it.

    Bundles overtake each other: an earlier head may come after a later one. It is cosigned where a proof at hand shows
    that the later one continues it, and else kept as it is.

    Returns:
        The head, and what is to be kept of it.

    Raises:
        InvalidInput: The log forked, shrank or was rewritten, or grew without proof.
    """
    head = read_head(note, owner)
    last = _last_head(voice, owner.party, head.origin)
    ours = cosigned(note, voice.card(), voice.secrets().witness, voice.at)
    if last is not None and last.size < head.size:
        proofs = {each.before: each for each in growths if each.size == head.size}
        check_growth(last, head, proofs.get(last.size), owner.party)
    elif last is not None:
        ours = ours if _fits(head, _kept_heads(voice, owner.party), owner.party) else note
    digest = sha256(note.encode()).hexdigest()
    kept = Thing("head", f"{owner.party}/{head.size:012d}/{digest}", written(Head(ours, tuple(growths))))
    if voice.store.get("head", kept.key) is not None:
        return head, ()
    back = Thing("cosigned", f"for/{owner.party}/{head.size:012d}/{digest}", ours.encode())
    return head, (kept, back) if ours != note else (kept,)


def _last_head(voice: Voice, party: str, origin: str) -> Checkpoint | None:
    """The longest state of a log that was seen."""
    longest = voice.index().heads.get(party)
    found = _kept_head(voice, longest)[1] if longest is not None else None
    if found is None or found.origin == origin:
        return found
    return next((each for _, each in _kept_heads(voice, party) if each.origin == origin), None)


def _kept_heads(voice: Voice, party: str) -> Iterator[tuple[Head, Checkpoint]]:
    """All heads of a party that were seen, the longest first."""
    return (_kept_head(voice, key) for key in sorted(voice.store.keys("head", f"{party}/"), reverse=True))


def _fits(head: Checkpoint, kept: Iterable[tuple[Head, Checkpoint]], party: str) -> bool:
    """
    Whether an earlier head is shown to stand under one that came before it.

    Raises:
        InvalidInput: It is another of a size that was seen, or a proof at hand shows another past.
    """
    for each, later in kept:
        if later.origin == head.origin and later.size == head.size:
            check_growth(later, head, None, party)
            return True
        for proof in each.growths:
            if (later.origin, later.size, proof.before) == (head.origin, proof.size, head.size):
                check_growth(head, later, proof, party)
                return True
    return False


def _kept_head(voice: Voice, key: str) -> tuple[Head, Checkpoint]:
    found = from_json(Head, parse(voice.data("head", key)))
    return found, read_checkpoint(read_note(found.note.encode()).text)  # verified when it was kept


def transit_office(voice: Voice) -> str:
    """
    The office that signs for sending and carrying, of those whose keys are open here.

    Raises:
        InvalidInput: None may.
    """
    card = voice.card()
    rule = card.rule(TRANSIT)
    for each in card.offices:
        place = each.acting_for or each.office
        if rule is not None and place in rule.offices and each.in_date(voice.at) and voice.has_key(each.office):
            return each.office
    raise InvalidInput("no office here may send", where=voice.party, expected="the key and passphrase of one")


def holes(voice: Voice, to: str) -> tuple[str, ...]:
    """Messages that others name and that are not held: what to ask a party for, of cases in which it takes part."""
    missing = voice.index().missing
    shared = {case for case in {case for case, _ in missing} if _takes_part(voice, case, to)}
    return tuple(sorted({name for case, name in missing if case in shared}))


def _takes_part(voice: Voice, case: str, party: str) -> bool:
    return any(party in (each.message.sender, *each.message.recipients) for each in voice.messages(case))


def waiting_for(voice: Voice, to: str) -> list[tuple[str, Known]]:
    """What was put out for a party and not confirmed yet, in order, each with its hash."""
    digests = [key.partition("/")[2] for key in voice.store.keys("outbox", f"{to}/")]
    known = voice.index().by_digest
    return [(digest, known[digest]) for digest in digests]


@dataclass(frozen=True, slots=True)
class _Back:
    """
    What goes back to a party: what came from it, and what was cosigned for it, since it last was known to know.

    Args:
        place: In the store: all of it came up to there.
    """

    place: int
    cosigned: tuple[str, ...]
    carried: tuple[str, ...]
    holds: tuple[str, ...]


def _going_back(voice: Voice, to: str) -> _Back:
    told, _ = _told(voice, to)
    news = voice.store.news(("message", "cosigned", "carried"), told)
    known = voice.index().by_digest
    came = [known[key.rpartition("/")[2]] for _, shelf, key in news if shelf == "message"]
    return _Back(
        news[-1][0] if news else told,
        tuple(key for _, shelf, key in news if shelf == "cosigned" and key.startswith(f"for/{to}/")),
        tuple(key for _, shelf, key in news if shelf == "carried" and key.startswith(f"{to}/")),
        tuple(each.digest for each in came if (each.sender, each.content) == (to, "Acknowledge")),
    )


def _told(voice: Voice, to: str) -> tuple[int, dict[str, int]]:
    """The place up to which a party is known to have been told, and those that parcels under way tell it."""
    told, under_way = voice.pin(f"told/{to}") or (0, {})
    return told, under_way


def _sent_back(voice: Voice, to: str, parcel: str, place: int) -> Thing:
    told, under_way = _told(voice, to)
    latest = list({**under_way, parcel: place}.items())[-_MOST_GROWTHS:]
    return pinned(f"told/{to}", [told, dict(latest)])


def told_by(voice: Voice, sender: str, contents: Contents) -> tuple[Thing, ...]:
    """What the sender of a bundle knows: the parcels that arrived there told it all that had come here before them."""
    told, under_way = before = _told(voice, sender)
    told = max([told, *(under_way.get(each.routing.id, 0) for each in contents.carried)])
    under_way = {parcel: place for parcel, place in under_way.items() if place > told}
    return () if (told, under_way) == before else (pinned(f"told/{sender}", [told, under_way]),)


def _contents(voice: Voice, to: str, waiting: Sequence[SignedMessage], log: Tree, back: _Back) -> Contents:
    memory = voice.index()
    name = voice.card().log_name
    proofs = tuple(
        inclusion(log, name, each, index)
        for digest in _proved(voice, waiting)
        for index, each in memory.entries(digest)
    )
    digests = dict.fromkeys(each.digest for m in waiting for each in m.message.attachments)
    return Contents(
        voice.chain(voice.party),
        tuple(waiting),
        proofs,
        tuple(voice.data("cosigned", key).decode() for key in back.cosigned),
        tuple(from_json(Carried, parse(voice.data("carried", key))) for key in back.carried),
        holes(voice, to),
        back.holds,
        tuple(
            from_json(Disclosure, parse(voice.data("disclosure", key)))
            for key in voice.store.keys("disclosure", f"{to}/")
        ),
        tuple(_enclosures(voice, digests)),
    )


def _enclosures(voice: Voice, digests: Iterable[str]) -> Iterable[Enclosure]:
    for digest in digests:
        data = voice.store.get("enclosure", digest)
        if data is not None:
            yield enclose(data)


def _proved(voice: Voice, waiting: Sequence[SignedMessage]) -> tuple[str, ...]:
    """What to prove: the messages that go out, and those for which a receipt goes out."""
    found = [signed_hash(each) for each in waiting]
    for each in waiting:
        if each.message.content == "Acknowledge":
            held = voice.index().by_name.get(each.message.preceding or "", ())
            found += [before.digest for before in held if before.case == each.message.case]
    return tuple(dict.fromkeys(found))


def _growths(voice: Voice, log: Tree, parties: Iterable[str]) -> tuple[Growth, ...]:
    """Proofs from every size that one of them may have seen last: a bundle may still be under way, or be lost."""
    sizes = sorted({size for each in parties for size in voice.pin(f"seen/{each}") or () if 0 < size < log.size})
    # The first is what they are known to have seen; any later one may be what they saw last.
    chosen = sizes if len(sizes) <= _MOST_GROWTHS else [*sizes[:1], *sizes[1 - _MOST_GROWTHS :]]
    return tuple(growth(log, voice.card().log_name, size) for size in chosen)
