"""
What a file of evidence proves, step by step, and what it does not.

It needs no key, no network and no trust in whoever made the file. It does need one thing from outside: that the
fingerprints of the first cards are really those of the parties, which only they can say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

from safeconduct.exchange.card import Card, SignedCard, card_hash, check_card, spoken
from safeconduct.exchange.disclosure import check_disclosure
from safeconduct.exchange.evidence import Evidence
from safeconduct.exchange.message import Message, message_hash
from safeconduct.exchange.note import Checkpoint
from safeconduct.exchange.order import backdated
from safeconduct.exchange.parcel import Parcel, check_parcel, hop_words
from safeconduct.exchange.powers import check_starts, replaced_at
from safeconduct.exchange.record import (
    Inclusion,
    check_growth,
    check_inclusion,
    check_log_name,
    continues,
    read_head,
    witnesses,
)
from safeconduct.exchange.signed import SignedMessage, check_signed, signed_hash
from safeconduct.exchange.terms import (
    COMMITMENT,
    OPENING,
    StatementState,
    TermsState,
    statement_states,
    terms_states,
)
from safeconduct.exchange.thread import Thread, thread_state
from safeconduct.model.errors import InvalidInput
from safeconduct.model.instants import Instant, iso

NOT_PROVED = (
    "That the fingerprints above are those of the parties they name: compare them with what each party says of itself.",
    "That what anybody wrote is true, or that an office had the power in its own law to write it.",
    "When a message was written: its sender says so. A cosignature proves only that it existed by then.",
    "To whom and when a withheld fact was disclosed: nobody signs that.",
    "That nothing else was said: a party may hold back messages. Holes that the messages show are listed.",
    "That a permission protected anybody. A notice is no clearance, and a record is no escort.",
)


@dataclass(frozen=True, slots=True)
class Step:
    """
    One step of the check.

    Args:
        name: What is checked.

        holds: Whether all of it holds.

        says: What was established, for a person.

        faults: What does not hold, each with its place.
    """

    name: str
    holds: bool
    says: tuple[str, ...]
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spoken:
    """
    One message as the evidence shows it.

    Args:
        offices: In whose place it was signed; empty where it was not good.

        existed_by: The earliest hour at which one other than its sender had cosigned a log with it; None: nobody did.

        seen_by: That party: the hour is its word. Empty: nobody.

        logged_by: Parties in whose logs it stands.

        under: Fingerprint of the first card of the chain that it was signed under.

        signed_by: (office, the one in whose place it signed; None: itself).
    """

    message: Message
    offices: tuple[str, ...]
    existed_by: Instant | None
    seen_by: str
    logged_by: tuple[str, ...]
    signed_by: tuple[tuple[str, str | None], ...]
    under: str


@dataclass(frozen=True, slots=True)
class Proof:
    """
    What was established.

    Args:
        fingerprints: Of the first card of each party's chain, as they are read out.

        messages: In the order of the thread.
    """

    case: str
    steps: tuple[Step, ...]
    fingerprints: tuple[tuple[str, str], ...]
    messages: tuple[Spoken, ...]
    thread: Thread
    terms: tuple[TermsState, ...]
    statements: tuple[StatementState, ...]
    not_proved: tuple[str, ...] = NOT_PROVED

    @property
    def holds(self) -> bool:
        """Whether every step holds."""
        return all(step.holds for step in self.steps)


_LAST_S = 253_402_300_799
"""The end of the year 9999: a cosignature dated later dates nothing."""


class _Check:
    """The evidence while it is checked: each step may rest on what the earlier ones found good."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.faults: list[str] = []
        self.cards: dict[str, Card] = {}
        self.first: list[tuple[str, str]] = []
        self.good: dict[str, tuple[SignedMessage, tuple[str, ...]]] = {}
        self.heads: dict[tuple[str, int], Checkpoint] = {}
        self.seen_at: dict[tuple[str, int], set[tuple[Instant, str]]] = {}
        self.chain_of: dict[str, str] = {}
        self.owners: dict[str, str] = {}
        self.logged: dict[str, list[Inclusion]] = {}

    def chains(self) -> Iterator[str]:
        """Cards: each chain is whole, and every later card is signed under the rules of the one before."""
        chains: list[list[SignedCard]] = []
        for each in dict.fromkeys(self.evidence.cards):  # one that stands there twice is one
            before = next(
                (found for found in chains if found and card_hash(found[-1].card) == each.card.previous), None
            )
            if before is None:
                chains.append(before := [])
            with self._noting():
                check_card(each, before[-1].card if before else None)
                check_log_name(each.card, self.cards.values())
                before.append(each)
                self.cards[card_hash(each.card)] = each.card
                self.owners[each.card.log_name] = each.card.party
                self.chain_of[card_hash(each.card)] = spoken(card_hash(before[0].card))
        with self._noting():
            check_starts([chain[0].card for chain in chains if chain])
        for chain in filter(None, chains):
            last = chain[-1].card
            self.first.append((last.party, spoken(card_hash(chain[0].card))))
            offices = ", ".join(_office_words(last))
            yield f"{last.party} ({last.status}): {len(chain)} card{'s' * (len(chain) > 1)}; offices {offices}"
            for card in (each.card for each in chain if len(chain) > 1 or last.reason == "new-start"):
                yield f"{card.party} since {iso(card.made_at)}, {card.reason}: {', '.join(_office_words(card))}"

    def signatures(self) -> Iterator[str]:
        """Messages: each is signed by as many of the right offices as its sender's card asks for, in date."""
        ends = replaced_at(self.cards)
        for each in self.evidence.messages:
            with self._noting():
                card = self.cards.get(each.card)
                where = f"message {each.message.id}"
                if card is None:
                    raise InvalidInput("under a card that is not good here", where=where)
                if each.message.case != self.evidence.case:
                    raise InvalidInput(
                        "of another case", where=where, expected=self.evidence.case, got=each.message.case
                    )
                self.good[signed_hash(each)] = (each, check_signed(each, card, ends.get(each.card)))
        yield f"{len(self.good)} messages, each with the signatures that its sender's card asks for"

    def record(self) -> Iterator[str]:
        """Logs: every head is signed by its owner and continues the one before; nothing was rewritten."""
        for each in self.evidence.heads:
            with self._noting():
                self._head(each.note)
        for name in sorted({card.log_name for card in self.cards.values()}):
            with self._noting():
                self._grown(name)
            sizes = sorted(size for log, size in self.heads if log == name)
            seen = [found for (log, _), some in self.seen_at.items() if log == name for found in some]
            first = min(seen, default=None)
            said = f"cosigned by others, first by {first[1]} at {iso(first[0])}" if first else "cosigned by nobody else"
            count = f"{len(sizes)} head{'s' * (len(sizes) != 1)}, up to {max(sizes, default=0)} entries; {said}"
            yield f"{name} of {self.owners[name]}: {count if sizes else 'no head of it is in the file'}"

    def inclusions(self) -> Iterator[str]:
        """Entries: each message stands in a log whose head was signed."""
        for proof in self.evidence.inclusions:
            with self._noting():
                head = self.heads.get((proof.log, proof.size))
                if head is None:
                    raise InvalidInput("no such head in the file", where=f"log {proof.log}", got=f"size {proof.size}")
                check_inclusion(proof, head)
                self.logged.setdefault(proof.entry.hash, []).append(proof)
        for digest, (each, _) in self.good.items():
            logs = {self.owners.get(proof.log, "") for proof in self.logged.get(digest, ())}
            if not logs & {each.message.sender, *each.message.recipients}:
                self.faults.append(f"message {each.message.id}: it stands in no log of its sender or its recipients")
        self._denied()
        both = sum(len({each.log for each in proofs}) > 1 for proofs in self.logged.values())
        yield f"{len(self.logged)} entries proved, {both} of them in the logs of two parties"

    def _denied(self) -> None:
        """Name what its sender logged, and put out of force afterwards by a later card of an earlier date."""
        for each in self.evidence.messages:
            digest, message, card = signed_hash(each), each.message, self.cards.get(each.card)
            own = any(self.owners.get(proof.log) == message.sender for proof in self.logged.get(digest, ()))
            if digest not in self.good and own and card is not None and message.case == self.evidence.case:
                with suppress(InvalidInput):
                    check_signed(each, card)
                    said = "its sender's log holds it: the later card is dated back, or the log's key was lost too"
                    self.faults.append(f"message {message.id}: {said}")

    def carriers(self) -> Iterator[str]:
        """Carriers: each parcel was taken over, whole, by those on its route, in their order."""
        for each in self.evidence.carried:
            with self._noting():
                check_parcel(Parcel(each.routing, each.signature, each.hops, b""), self.cards)
                routing, hops = each.routing, hop_words(each.routing, each.hops)
                if missing := ", ".join(routing.via[len(hops) :]):
                    raise InvalidInput("no receipt of a carrier", where=f"parcel {routing.id}", expected=missing)
                made = f"{routing.sender} to {routing.recipient}, made at {iso(routing.made_at)}"
                yield f"parcel {routing.id}, {made}: {', '.join(hops) or 'by hand'}"

    def disclosed(self) -> Iterator[str]:
        """Disclosures: each fact shown later is the one that its message had fixed."""
        by_hash = {message_hash(each.message): each.message for each, _ in self.good.values()}
        for each in self.evidence.disclosures:
            with self._noting():
                if each.message not in by_hash:
                    raise InvalidInput("of a message that is not good here", where=f"disclosure of {each.name}")
                check_disclosure(each, by_hash[each.message])
                to = f"to {each.to} at {iso(each.at)} by the word of this file alone"
                yield f"{each.name} of message {by_hash[each.message].id}, {to}"

    def spoken(self, thread: Thread) -> tuple[Spoken, ...]:
        """The good messages in the order of the thread."""
        found: dict[str, list[Spoken]] = {}
        for digest, (each, _) in self.good.items():  # two under one id: each is shown
            found.setdefault(each.message.id, []).append(self._spoken(digest))
        return tuple(each for name in dict.fromkeys(thread.order) for each in found.get(name, ()))

    @contextmanager
    def _noting(self) -> Iterator[None]:
        """Note a fault and go on: one bad message hides nothing about the others."""
        try:
            yield
        except InvalidInput as error:
            self.faults.append(str(error))

    def _spoken(self, digest: str) -> Spoken:
        each, offices = self.good[digest]
        proofs = self.logged.get(digest, [])
        seen = {found for proof in proofs for found in self.seen_at.get((proof.log, proof.size), ())}
        at, by = min((found for found in seen if found[1] != each.message.sender), default=(None, ""))
        keys = [self.cards[each.card].office(one.office) for one in each.signatures]
        signed_by = tuple((key.office, key.acting_for) for key in keys if key is not None)
        logged_by = tuple(sorted({self.owners.get(proof.log, "") for proof in proofs}))
        return Spoken(each.message, offices, at, by, logged_by, signed_by, self.chain_of[each.card])

    def _head(self, note: str) -> None:
        name = note.partition("\n")[0]
        # A log keeps its name while its keys rotate: the head is good under the card whose key signed it.
        owners = [card for card in self.cards.values() if card.log_name == name]
        head = next(filter(None, (_read_head(note, owner) for owner in owners)), None)
        if head is None:
            raise InvalidInput("a head that its owner did not sign", where=f"log {name}")
        key = (head.origin, head.size)
        party = owners[0].party
        check_growth(self.heads.setdefault(key, head), head, None, party)
        ends = replaced_at(self.cards)
        for card in (each for each in self.cards.values() if each.party != party):
            until = ends.get(card_hash(card))
            last_s = _LAST_S if until is None else until.timestamp()
            for signer in witnesses(note, [card]):
                # Dated before there was the card that vouches for its key, or after it was replaced: it dates nothing.
                if signer.time_s is not None and card.made_at.timestamp() <= signer.time_s <= last_s:
                    found = datetime.fromtimestamp(signer.time_s, UTC), card.party
                    self.seen_at.setdefault(key, set()).add(found)

    def _grown(self, name: str) -> None:
        sizes = sorted(size for log, size in self.heads if log == name)
        grown = [each for head in self.evidence.heads for each in head.growths if each.log == name]
        for before, after in pairwise(self.heads[name, size] for size in sizes):
            proofs = [each for each in grown if (each.before, each.size) == (before.size, after.size)]
            # Whoever sends a false proof beside the true one makes nobody's log look rewritten.
            good = next((each for each in proofs if continues(before, after, each)), next(iter(proofs), None))
            check_growth(before, after, good, self.owners.get(name, ""))


def prove(evidence: Evidence, *, at: Instant | None = None, authorities: Mapping[str, str] | None = None) -> Proof:
    """
    Check a file of evidence.

    Nothing is raised for a fault: each step says what it found, and a step that needs an earlier one which failed says
    so too.

    Args:
        at: The hour for what expired or fell silent; None leaves the clock out.

        authorities: For a gate's id the party that alone may answer it (`thread_state`).
    """
    check = _Check(evidence)
    parts = (check.chains, check.signatures, check.record, check.inclusions, check.carriers, check.disclosed)
    steps = [_step(check, each) for each in parts]
    messages = [each.message for each, _ in check.good.values()]
    thread = thread_state(messages, at, authorities=authorities or {})
    spoken_then = check.spoken(thread)
    steps.append(_conversation(thread, spoken_then, {each.digest for each in evidence.enclosures}))
    return Proof(
        evidence.case,
        tuple(steps),
        tuple(check.first),
        spoken_then,
        thread,
        terms_states(messages, at),
        statement_states(messages),
    )


def prove_parcel(parcel: Parcel, cards: Mapping[str, Card]) -> Step:
    """What a sealed parcel shows to one who cannot open it: sender, route, receipts; whose cards must be at hand."""
    try:
        check_parcel(parcel, cards)
    except InvalidInput as error:
        return Step("Sender, route and receipts", False, (), (str(error),))
    routing = parcel.routing
    way = f"{routing.sender} to {routing.recipient}", *hop_words(routing, parcel.hops)
    return Step("Sender, route and receipts", True, way, ())


def _step(check: _Check, part: Callable[[], Iterator[str]]) -> Step:
    check.faults = []
    said = tuple(part())
    return Step((part.__doc__ or "").partition(":")[0], not check.faults, said, tuple(check.faults))


def _read_head(note: str, owner: Card) -> Checkpoint | None:
    try:
        return read_head(note, owner)
    except InvalidInput:
        return None


def _conversation(thread: Thread, messages: Sequence[Spoken], enclosed: AbstractSet[str]) -> Step:
    """Breaches are part of the record: they do not make the evidence bad, they are what it shows."""
    said = [f"{len(thread.order)} messages, {len(thread.violations)} breaches, {len(thread.holes)} holes"]
    said += [f"{each.code} in {each.message_id}: {each.message}" for each in thread.violations]
    said += [f"missing: {each}" for each in thread.holes]
    said += [
        f"doubtful: {each} stands on what is missing: it may have answered other words than those here under that id"
        for each in thread.doubtful
    ]
    said += [
        f"message {each.message.id} is dated {iso(each.message.sent.at)} and existed by {iso(each.existed_by)}, by the "
        f"word of {each.seen_by}: its sender's clock was ahead, or a date is false"
        for each in messages
        if each.existed_by is not None and each.existed_by < each.message.sent.at
    ]
    said += backdated(each.message for each in messages)
    said += [
        f"{each.name}, attached to message {spoken_then.message.id}, is not in the file: its words are not shown"
        for spoken_then in messages
        for each in spoken_then.message.attachments
        if each.digest not in enclosed and each.name not in (COMMITMENT, OPENING)
    ]
    return Step("Conversation", True, tuple(said), ())


def _office_words(card: Card) -> Iterator[str]:
    for each in card.offices:
        acting = f" acting for {each.acting_for}" if each.acting_for else ""
        until = f" until {iso(each.until_at)}" if each.until_at else ""
        yield f"{each.office}{acting}{until}"
