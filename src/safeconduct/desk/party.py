"""Keys and trust: make a party, show its card, trust another's, change one's own."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from safeconduct.desk.sounding import forget_expired
from safeconduct.desk.voice import Voice, card_thing, pinned
from safeconduct.exchange.canonical import canonical, parse
from safeconduct.exchange.card import (
    CHANGE,
    Card,
    OfficeKey,
    Rule,
    SignedCard,
    card_hash,
    check_chain,
    next_card,
    read_card,
    sign_card,
    spoken,
    write_card,
)
from safeconduct.exchange.codec import from_json, written
from safeconduct.exchange.keybox import lock
from safeconduct.exchange.powers import default_rules
from safeconduct.exchange.record import Entry
from safeconduct.exchange.sealing import new_identity
from safeconduct.exchange.signature import public_key
from safeconduct.exchange.sounding import sounding_key
from safeconduct.model.errors import InvalidInput
from safeconduct.model.instants import Instant, iso
from safeconduct.store.contract import Batch
from safeconduct.store.home import NEXT, PARTY_KEY, Home

CHANGES = ("rotation", "loss", "succession", "rules")
"""Why a card is replaced; one that continues nothing says ``new-start``."""

_SEED_BYTES = 32
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
class Trusted:
    """A party whose cards are held, with the fingerprint to compare and who may sign for it now."""

    party: str
    name: str
    status: str
    fingerprint: str
    cards: int
    offices: tuple[str, ...]
    own: bool


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
    seeds = {name: draw(_SEED_BYTES) for name in names}
    lacking = [name for name in (*names, PARTY_KEY) if not passphrases.get(name, passphrases.get("*"))]
    if lacking:
        raise InvalidInput("no passphrase", where=f"key {lacking[0]}", expected="one for each office and for party")
    reserved = [name for name in names if name == PARTY_KEY or name.endswith(NEXT)]
    if reserved:
        raise InvalidInput("a name that is taken", where="--offices", expected="another name", got=reserved[0])
    secrets, public = _desk_keys(draw)
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
        public["sealing"],
        public["sounding"],
        _log_name(founding.party, draw),
        public["log"],
        public["witness"],
    )
    signed = sign_card(card, seeds)
    home = Home(path)
    store = home.make()
    voice = Voice(founding.party, home, store, at, draw, passphrases)
    for name, secret in {**seeds, PARTY_KEY: secrets}.items():
        _keep(voice, name, secret)
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
        InvalidInput: The chain does not hold, the fingerprint is another, the card is one's own, or a chain is trusted
            already that this one does not continue: then a ``new-start`` is needed, and its own fingerprint.
    """
    chain = [read_card(line + b"\n") for line in data.splitlines()]
    check_chain(chain)
    first = chain[0].card
    said = "".join(fingerprint.split()).lower()
    if said != card_hash(first):
        raise InvalidInput(
            "another fingerprint: this is not the card that was read out",
            where=f"card {first.party}",
            expected=spoken(card_hash(first)),
            got=fingerprint,
        )
    if first.party == voice.party:
        raise InvalidInput("one's own card", where=f"card {first.party}", expected="another party's")
    held = voice.chain(first.party)
    if held and card_hash(held[0].card) != card_hash(first) and first.reason != "new-start":
        expected = "cards that continue the trusted chain, or a new start that says so"
        raise InvalidInput("another chain than the one that is trusted", where=f"card {first.party}", expected=expected)
    _accept(voice, tuple(chain), "trust")
    return chain[-1].card


def rotate(
    voice: Voice,
    offices: Sequence[str],
    reason: str,
    *,
    acting: Mapping[str, tuple[str, Instant]],
    new_log: bool = False,
) -> Card:
    """
    Issue the next card: fresh keys for *offices*, signed by those whom the present card asks for.

    An office that gets no new key need not be here: whoever is lost or out of reach stops nothing, as long as enough
    of the others sign.

    Args:
        offices: To be given new keys; ``+NAME`` adds one, which may sign whatever any office may; ``-NAME`` takes one
            off.

        reason: ``rotation``, ``loss``, ``succession`` or ``rules``.

        acting: Office to (the office in whose place it signs, until when): who holds the powers of an office that is
            vacant or out of reach.

        new_log: Under another name from here on: an older state of the store was put back, and the log that others
            cosigned cannot be continued.

    Raises:
        InvalidInput: An office that the card does not name, or names already; an hour that is past; another reason;
            too few offices of the present card are here to sign.
    """
    card = voice.card()
    _check_change(card, offices, reason, acting, voice.at)
    removed = {each[1:] for each in offices if each.startswith("-")}
    named = (each.removeprefix("+") for each in (*offices, *acting) if not each.startswith("-"))
    renewed = {name: voice.draw(_SEED_BYTES) for name in dict.fromkeys(named)}
    made = _next_offices(card, removed, renewed, acting, voice.at)
    added = tuple(each[1:] for each in offices if each.startswith("+"))
    following = next_card(card, voice.at, reason, made, _next_rules(card, removed, added, made))
    if new_log:
        following = replace(following, log_name=_log_name(card.party, voice.draw))
    old = {name: voice.seed(name) for name in _changers(voice, card, removed)}
    signed = sign_card(following, renewed, card, old)
    for name, seed in renewed.items():
        _keep(voice, name + NEXT, seed)
    _accept(voice, (signed,), "card")  # a crash before this leaves the old keys with the old card, after it both
    for name in renewed:
        voice.home.promote_key(name)
        voice.opened.pop(name, None)
    return following


def trusted(voice: Voice) -> tuple[Trusted, ...]:
    """Every party whose cards are held."""
    found = []
    for party in voice.parties():
        chain = voice.chain(party)
        card = chain[-1].card
        offices = tuple(each.office for each in card.offices if each.in_date(voice.at))
        first = spoken(card_hash(chain[0].card))
        found.append(Trusted(party, card.name, card.status, first, len(chain), offices, party == voice.party))
    return tuple(found)


def latest_entry(voice: Voice) -> Instant | None:
    """When the log was last written to, by the clock of that day; None while it is empty."""
    size = voice.store.size()
    last = next(iter(voice.store.entries(size - 1)), None) if size else None
    return None if last is None else from_json(Entry, parse(last)).at


def entry(kind: str, digest: str, at: Instant) -> bytes:
    """An entry for the log."""
    return written(Entry(kind, digest, at))


def _accept(voice: Voice, chain: tuple[SignedCard, ...], kind: str) -> None:
    batches = tuple(Batch((card_thing(each),), (entry(kind, card_hash(each.card), voice.at),)) for each in chain)
    if batches:
        voice.store.commit(batches)


def _check_change(
    card: Card, offices: Sequence[str], reason: str, acting: Mapping[str, tuple[str, Instant]], at: Instant
) -> None:
    """A name mistyped would take nobody off the card, or let somebody act for nobody."""
    names = [each.office for each in card.offices]
    if reason not in CHANGES:
        raise InvalidInput("not a reason", where="--reason", expected=" | ".join(CHANGES), got=reason)
    for said in offices:
        name, adds = said.lstrip("+-"), said.startswith("+")
        if (name in names) == adds or name == PARTY_KEY or name.endswith(NEXT):
            expected = "a name that is not taken" if adds else ", ".join(names)
            raise InvalidInput("not an office", where="party rotate", expected=expected, got=name)
    places = {*names, *(office for rule in card.rules for office in rule.offices)}
    for name, (place, until) in acting.items():
        held = card.office(name)
        if name == PARTY_KEY or name.endswith(NEXT):
            raise InvalidInput("a name that is taken", where="--acting", expected="another name", got=name)
        if place not in places or place == name:
            raise InvalidInput("nobody to act for", where="--acting", expected=", ".join(sorted(places)), got=place)
        if held is not None and held.acting_for is None:
            expected = "an office of its own, such as deputy: this one goes on signing for itself"
            raise InvalidInput("an office that is on the card", where="--acting", expected=expected, got=name)
        if until <= at:
            raise InvalidInput("an hour that is past", where="--acting", expected=f"after {iso(at)}", got=iso(until))


def _next_offices(
    card: Card,
    removed: set[str],
    renewed: Mapping[str, bytes],
    acting: Mapping[str, tuple[str, Instant]],
    at: Instant,
) -> tuple[OfficeKey, ...]:
    made = [each for each in card.offices if each.office not in removed]
    held = {each.office for each in made}
    made += [OfficeKey(name, name, public_key(seed).hex(), at) for name, seed in renewed.items() if name not in held]
    for index, each in enumerate(made):
        if each.office in renewed:
            place, until = acting.get(each.office, (each.acting_for, each.until_at))
            key = public_key(renewed[each.office]).hex()
            made[index] = replace(each, public_key=key, from_at=at, acting_for=place, until_at=until)
    return tuple(made)


def _next_rules(
    card: Card, removed: set[str], added: tuple[str, ...], offices: tuple[OfficeKey, ...]
) -> tuple[Rule, ...]:
    """Rules name no office that is gone unless another acts for it, and ask for no more than are left."""
    gone = removed - {each.acting_for for each in offices}
    left = [(rule, (*(each for each in rule.offices if each not in gone), *added)) for rule in card.rules]
    return tuple(replace(rule, offices=some, needed=min(rule.needed, len(some))) for rule, some in left if some)


def _changers(voice: Voice, card: Card, removed: set[str]) -> tuple[str, ...]:
    """Offices that sign the next card: as many as it takes, one for each place, of those whose keys open here."""
    rule = card.rule(CHANGE)
    found: dict[str, str] = {}
    for each in card.offices:
        place = each.acting_for or each.office
        if rule is None or len(found) == rule.needed:
            break
        may = each.office not in removed and each.in_date(voice.at) and place in rule.offices and place not in found
        if may and voice.has_key(each.office):
            found[place] = each.office
    return tuple(found.values())


def _log_name(party: str, draw: Callable[[int], bytes]) -> str:
    return f"{party.lower()}.safeconduct/{draw(4).hex()}"


def _desk_keys(draw: Callable[[int], bytes]) -> tuple[bytes, dict[str, str]]:
    identity, recipient = new_identity()
    seeds = {name: draw(_SEED_BYTES) for name in ("sounding", "log", "witness")}
    secrets = {"sealing": identity, **{name: seed.hex() for name, seed in seeds.items()}}
    public = {name: public_key(seeds[name]).hex() for name in ("log", "witness")}
    return canonical(secrets), {**public, "sealing": recipient, "sounding": sounding_key(seeds["sounding"])}


def _office(said: str, seeds: Mapping[str, bytes], at: Instant) -> OfficeKey:
    name, _, title = said.partition(":")
    return OfficeKey(name, title or name, public_key(seeds[name]).hex(), at)


def _keep(voice: Voice, name: str, secret: bytes) -> None:
    office = name.removesuffix(NEXT)
    passphrase = voice.passphrases.get(office, voice.passphrases.get("*", ""))
    voice.home.write_key(name, lock(office, secret, passphrase, voice.draw(_SALT_BYTES)))
