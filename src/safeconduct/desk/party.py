"""Keys and trust: make a party, show its card, trust another's, change one's own."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from safeconduct.desk.again import again
from safeconduct.desk.sounding import forget_expired
from safeconduct.desk.voice import Secrets, Voice, card_thing, pinned
from safeconduct.exchange.canonical import canonical, parse
from safeconduct.exchange.card import (
    Card,
    OfficeKey,
    SignedCard,
    card_hash,
    check_chain,
    read_card,
    sign_card,
    spoken,
    write_card,
)
from safeconduct.exchange.codec import from_json, written
from safeconduct.exchange.keybox import lock
from safeconduct.exchange.powers import default_rules
from safeconduct.exchange.record import Entry, check_log_name
from safeconduct.exchange.sealing import new_identity
from safeconduct.exchange.signature import public_key
from safeconduct.exchange.sounding import sounding_key
from safeconduct.model.errors import InvalidInput
from safeconduct.model.instants import Instant, iso
from safeconduct.store.contract import Batch
from safeconduct.store.home import NEXT, PARTY_KEY, Home

SEED_BYTES = 32
_SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Founding:
    """
    What a party is made of.

    Args:
        offices: Names in order of rank, the duty office first; an office may carry its title after a colon.

        exercise: Whether its keys are for exercises alone.

        new_start: Whether it had a chain of cards before and lost the keys to continue it.
    """

    party: str
    name: str
    rcc: str | None
    offices: tuple[str, ...]
    exercise: bool
    new_start: bool = False


@dataclass(frozen=True, slots=True)
class DeskKeys:
    """
    Keys of a party's own desk.

    Args:
        secrets: As they are kept, under a passphrase.

        sealing, sounding, log, witness: What the card says of them.
    """

    secrets: bytes = field(repr=False)
    sealing: str
    sounding: str
    log: str
    witness: str


@dataclass(frozen=True, slots=True)
class Trusted:
    """
    A party whose cards are held, with the fingerprint to compare and who may sign for it now.

    Args:
        acting: (office, in whose place, until when; empty: no hour stated) of those that sign in another's place.
    """

    party: str
    name: str
    status: str
    fingerprint: str
    cards: int
    offices: tuple[str, ...]
    own: bool
    acting: tuple[tuple[str, str, str], ...] = ()


def open_party(path: Path, at: Instant, draw: Callable[[int], bytes], passphrases: Mapping[str, str]) -> Voice:
    """
    Open a party's directory; soundings whose hour is over are deleted.

    Raises:
        Unavailable: There is none.

        Corrupt: Its store is damaged.
    """
    home = Home(path)
    store = home.store()
    own = store.get("pin", "party")
    if own is None:
        raise InvalidInput("a store without a party", where=str(path), expected="safeconduct party init")
    forget_expired(store, at)
    return Voice(json.loads(own), home, store, at, draw, passphrases)


def found_party(
    path: Path, founding: Founding, at: Instant, draw: Callable[[int], bytes], passphrases: Mapping[str, str]
) -> Voice:
    """
    Make a party: a key for each office, sealed with its passphrase; the keys of the desk; the first card.

    Raises:
        InvalidInput: No offices, one twice, or no passphrase for one of them.

        Unavailable: The directory cannot be made, or holds a party already.
    """
    names = [each.partition(":")[0] for each in founding.offices]
    seeds = {name: draw(SEED_BYTES) for name in names}
    lacking = [name for name in (*names, PARTY_KEY) if not passphrases.get(name, passphrases.get("*"))]
    if lacking:
        raise InvalidInput("no passphrase", where=f"key {lacking[0]}", expected="one for each office and for party")
    reserved = [name for name in names if name == PARTY_KEY or NEXT in name]
    if reserved:
        raise InvalidInput("a name that is taken", where="--offices", expected="another name", got=reserved[0])
    keys = new_desk_keys(draw)
    card = Card(
        founding.party,
        founding.name,
        founding.rcc,
        "Exercise" if founding.exercise else "Actual",
        0,
        None,
        "new-start" if founding.new_start else "first",
        at,
        tuple(_office(each, seeds, at) for each in founding.offices),
        default_rules(names),
        keys.sealing,
        keys.sounding,
        new_log_name(founding.party, draw),
        keys.log,
        keys.witness,
    )
    signed = sign_card(card, seeds)
    home = Home(path)
    store = home.make()
    voice = Voice(founding.party, home, store, at, draw, passphrases)
    for name, secret in {**seeds, PARTY_KEY: keys.secrets}.items():
        keep_key(voice, name, secret, name)
    store.commit((Batch((card_thing(signed), pinned("party", founding.party)), (entry("card", card_hash(card), at),)),))
    return voice


def own_card(voice: Voice) -> bytes:
    """The party's chain of cards as a file, first card first: what another party trusts."""
    return b"".join(write_card(each) for each in voice.chain(voice.party))


def trust(voice: Voice, data: bytes, fingerprint: str) -> Card:
    """
    Trust another party's chain of cards.

    Args:
        fingerprint: Of its first card, as the other party read it out; blanks and case do not matter.

    Raises:
        InvalidInput: The chain does not hold, the fingerprint is another, the card is one's own, its log bears the name
            of another party's, or a chain is trusted already that this one does not continue: then a ``new-start`` is
            needed, and its own fingerprint.
    """
    chain = [read_card(line + b"\n") for line in data.splitlines()]
    check_chain(chain)
    first = chain[0].card
    said = "".join(fingerprint.split()).lower()
    if said != card_hash(first):
        raise InvalidInput(
            "another fingerprint: this is not the card that was read out",
            where=f"card {first.party}",
            # not the file's own: whoever copies it from here has compared nothing
            expected=f"that of the card in this file, as {first.party} itself reads it out (party fingerprint)",
            got=fingerprint,
        )
    if first.party == voice.party:
        raise InvalidInput("one's own card", where=f"card {first.party}", expected="another party's")

    def act(mark: object) -> Card:
        held = voice.chain(first.party)
        if held and card_hash(held[0].card) != card_hash(first) and first.reason != "new-start":
            expected = "cards that continue the trusted chain, or a new start that says so"
            where = f"card {first.party}"
            raise InvalidInput("another chain than the one that is trusted", where=where, expected=expected)
        for each in chain:
            check_log_name(each.card, voice.cards().values())
        accept(voice, tuple(chain), "trust", mark)
        return chain[-1].card

    return again(voice.store, act)


def trusted(voice: Voice) -> tuple[Trusted, ...]:
    """Every party whose cards are held."""
    found = []
    for party in voice.parties():
        chain = voice.chain(party)
        card = chain[-1].card
        there = [each for each in card.offices if each.in_date(voice.at)]
        acting = tuple(
            (each.office, each.acting_for, iso(each.until_at) if each.until_at is not None else "")
            for each in there
            if each.acting_for is not None
        )
        first, offices = spoken(card_hash(chain[0].card)), tuple(each.office for each in there)
        found.append(Trusted(party, card.name, card.status, first, len(chain), offices, party == voice.party, acting))
    return tuple(found)


def latest_entry(voice: Voice) -> Instant | None:
    """When the log was last written to, by the clock of that day; None while it is empty."""
    size = voice.store.size()
    last = next(iter(voice.store.entries(size - 1)), None) if size else None
    return None if last is None else from_json(Entry, parse(last)).at


def entry(kind: str, digest: str, at: Instant) -> bytes:
    """An entry for the log."""
    return written(Entry(kind, digest, at))


def accept(
    voice: Voice, chain: tuple[SignedCard, ...], kind: str, mark: object, forgets: tuple[tuple[str, str], ...] = ()
) -> None:
    """Keep cards, with what the log says of them; resting on *mark*. *forgets*: as in `Batch`."""
    batches = tuple(Batch((card_thing(each),), (entry(kind, card_hash(each.card), voice.at),)) for each in chain)
    if batches:
        voice.store.commit((*batches, Batch(forgets=forgets)) if forgets else batches, mark)


def new_log_name(party: str, draw: Callable[[int], bytes]) -> str:
    """A name for a log that no other bears."""
    return f"{party.lower()}.safeconduct/{draw(4).hex()}"


def new_desk_keys(draw: Callable[[int], bytes], before: Secrets | None = None) -> DeskKeys:
    """Fresh keys for the desk, with those *before* that may still open what is under way."""
    identity, recipient = new_identity()
    seeds = {name: draw(SEED_BYTES) for name in ("sounding", "log", "witness")}
    earlier = list(zip(before.identities, (each.hex() for each in before.ears), strict=True)) if before else []
    secrets = {"sealing": identity, "earlier": earlier, **{name: seed.hex() for name, seed in seeds.items()}}
    log, witness = (public_key(seeds[name]).hex() for name in ("log", "witness"))
    return DeskKeys(canonical(secrets), recipient, sounding_key(seeds["sounding"]), log, witness)


def _office(said: str, seeds: Mapping[str, bytes], at: Instant) -> OfficeKey:
    name, _, title = said.partition(":")
    return OfficeKey(name, title or name, public_key(seeds[name]).hex(), at)


def keep_key(voice: Voice, name: str, secret: bytes, under: str) -> None:
    """Keep a key; *under*: the name of the file, which is another while it waits for its card."""
    passphrase = voice.passphrases.get(name, voice.passphrases.get("*", ""))
    voice.home.write_key(under, lock(name, secret, passphrase, voice.draw(_SALT_BYTES)))
