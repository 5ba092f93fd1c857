"""
A party's card: which offices speak for it, with which keys, and how many of them each act takes.

Cards form a chain. The first is trusted by its fingerprint, compared out of band; each later one is signed under the
rules of the one before, so keys rotate, are lost and change hands and the record still says who spoke for whom, when.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from hashlib import sha256

from safeconduct.exchange.canonical import canonical, parse
from safeconduct.exchange.codec import from_json, written
from safeconduct.exchange.content import CONTENT_TYPES
from safeconduct.exchange.signature import KEY_BYTES, SIGNATURE_BYTES, is_key, sign, verifies
from safeconduct.model.errors import InvalidInput
from safeconduct.model.instants import Instant

VERSION = 1
STATUSES = ("Actual", "Exercise")
REASONS = ("first", "rotation", "loss", "succession", "rules", "new-start")
CHANGE = "ChangeCard"
"""The act of issuing the next card."""

TRANSIT = "Transit"
"""The act of carrying what others wrote: taking a parcel over and passing it on."""

ACTS = (*CONTENT_TYPES, CHANGE, TRANSIT)
ANY = "*"
"""In a rule: every act that no other rule names."""


@dataclass(frozen=True, slots=True)
class OfficeKey:
    """
    The key of one office: a role inside a party, never a person.

    Args:
        public_key: Ed25519, 64 hexadecimal digits.

        from_at: Signs from here on.

        until_at: Signs until here, this instant included; None: until another card says otherwise.

        acting_for: Another office in whose place it signs meanwhile; None: for itself.
    """

    office: str
    title: str
    public_key: str
    from_at: Instant
    until_at: Instant | None = None
    acting_for: str | None = None

    def __post_init__(self) -> None:
        if not self.office or not self.title:
            raise InvalidInput("an empty text", where="office", expected="an office and its title")
        if not is_key(unhex(self.public_key, KEY_BYTES, "public_key")):
            raise InvalidInput("not a key", where="public_key", expected="an Ed25519 key", got=self.public_key)

    def in_date(self, at: Instant) -> bool:
        """Whether the office signs with this key at this instant."""
        return self.from_at <= at and (self.until_at is None or at <= self.until_at)


@dataclass(frozen=True, slots=True)
class Rule:
    """
    How many of which offices must sign an act.

    Args:
        acts: Of `ACTS`, or `ANY` alone.

        needed: Of *offices*, in [1, number of them].
    """

    acts: tuple[str, ...]
    offices: tuple[str, ...]
    needed: int

    def __post_init__(self) -> None:
        for each in self.acts:
            if each not in ACTS and self.acts != (ANY,):
                raise InvalidInput(
                    "not an act", where="acts", expected=f"{ANY} alone, or of {', '.join(ACTS)}", got=each
                )
        if not self.acts or len(set(self.offices)) < len(self.offices) or not 1 <= self.needed <= len(self.offices):
            raise InvalidInput("not a rule", where="needed", expected="1 to the number of offices, none twice")


@dataclass(frozen=True, slots=True)
class Card:
    """
    What a party shows of itself to another.

    Args:
        party: ISO 3166 alpha-2, EU, UN, or XA-XZ.

        rcc: Its rescue coordination centre; None where it names none.

        status: Of `STATUSES`: the keys of an exercise card bind nobody in an actual case.

        serial: 0 for the first card of a chain, then one more each time.

        previous: Hash of the card before (`card_hash`); None for the first of a chain.

        reason: Of `REASONS`; ``new-start`` where the keys to continue the chain were lost: trusted by fingerprint anew.

        sealing: age recipient to which bodies are sealed, ``age1...``.

        sounding: X25519 key for soundings, 64 hexadecimal digits.

        log_name: Name of its log in checkpoints.

        log_key: Ed25519 key that signs them, 64 hexadecimal digits.

        witness_key: Ed25519 key that cosigns the checkpoints of others. C2SP asks for one apart from the log's.
    """

    party: str
    name: str
    rcc: str | None
    status: str
    serial: int
    previous: str | None
    reason: str
    made_at: Instant
    offices: tuple[OfficeKey, ...]
    rules: tuple[Rule, ...]
    sealing: str
    sounding: str
    log_name: str
    log_key: str
    witness_key: str
    version: int = field(default=VERSION, kw_only=True)

    def __post_init__(self) -> None:
        if not self.name or not self.log_name or not self.sealing.startswith("age1"):
            raise InvalidInput("not a card", where="card", expected="party, name, log and an age recipient")
        if not self.party.isascii() or not self.party.isalnum():
            raise InvalidInput("not a party", where="party", expected="letters and digits, such as XA", got=self.party)
        if self.status not in STATUSES or self.reason not in REASONS or self.version != VERSION:
            raise InvalidInput("not a card", where="status", expected=" | ".join(STATUSES), got=self.status)
        starts = self.reason in ("first", "new-start")
        if (self.previous is None) != starts or (self.serial == 0) != starts or self.serial < 0:
            raise InvalidInput("not a place in a chain", where="serial", expected="0 and no previous, or both")
        unhex(self.sounding, KEY_BYTES, "sounding")
        unhex(self.log_key, KEY_BYTES, "log_key")
        unhex(self.witness_key, KEY_BYTES, "witness_key")
        if self.log_key == self.witness_key:
            raise InvalidInput("one key for two uses", where="witness_key", expected="another than log_key")
        _check_offices(self)

    def office(self, name: str) -> OfficeKey | None:
        """The key of that office, or None."""
        return next((each for each in self.offices if each.office == name), None)

    def rule(self, act: str) -> Rule | None:
        """The rule for an act: the one that names it, else the one for any; None: nobody may."""
        named = (each for each in self.rules if act in each.acts)
        return next(named, next((each for each in self.rules if each.acts == (ANY,)), None))


@dataclass(frozen=True, slots=True)
class Signature:
    """What one office signed, 128 hexadecimal digits."""

    office: str
    value: str

    def __post_init__(self) -> None:
        unhex(self.value, SIGNATURE_BYTES, "value")


@dataclass(frozen=True, slots=True)
class SignedCard:
    """
    A card with the signatures that make it its party's.

    Args:
        held: By each office with a key that the card before did not give it: that it holds this one.

        signatures: By offices of the card before, with the keys of that one; none for the first of a chain.
    """

    card: Card
    held: tuple[Signature, ...]
    signatures: tuple[Signature, ...] = ()


def card_bytes(card: Card) -> bytes:
    """The one form of a card: what is signed and fingerprinted."""
    return written(card)


# Every signature names its card by hash: without the cache a long conversation would do little else.
@lru_cache(maxsize=1 << 8)
def card_hash(card: Card) -> str:
    """SHA-256 over `card_bytes`: the fingerprint that two parties compare out of band."""
    return sha256(card_bytes(card)).hexdigest()


def spoken(fingerprint: str) -> str:
    """A fingerprint in groups of four, as it is read out on the telephone."""
    return " ".join(fingerprint[i : i + 4] for i in range(0, len(fingerprint), 4))


@lru_cache(maxsize=1 << 6)
def read_card(data: bytes) -> SignedCard:
    """
    The signed card that `write_card` wrote; no signature is verified.

    Raises:
        InvalidInput: Not the canonical form of a signed card. The place is a JSON path.
    """
    found = from_json(SignedCard, parse(data.rstrip(b"\n")))
    if write_card(found) != data:
        raise InvalidInput("not the canonical form of a card", where="$", expected="RFC 8785 and a line feed")
    return found


def write_card(signed: SignedCard) -> bytes:
    """A signed card as a file."""
    return written(signed) + b"\n"


def sign_card(
    card: Card, seeds: Mapping[str, bytes], before: Card | None = None, old: Mapping[str, bytes] | None = None
) -> SignedCard:
    """
    Sign a card with the seeds of its own offices and, for a later one, those of the card *before*.

    Raises:
        InvalidInput: A seed is not that of the key on the card, or the signatures do not suffice (`check_card`).
    """
    held = tuple(Signature(each, sign(seed, _held(card, each)).hex()) for each, seed in sorted(seeds.items()))
    signs = sorted((old or {}).items()) if before is not None else []
    signed = SignedCard(
        card, held, tuple(Signature(each, sign(seed, _changed(card, each)).hex()) for each, seed in signs)
    )
    check_card(signed, before)
    return signed


def check_card(signed: SignedCard, before: Card | None) -> None:
    """
    Refuse a card that is not its party's.

    Each office shows once that it holds its key, on the first card that gives it: in an emergency the next card must
    not need the office that is lost.

    Args:
        before: The card it continues; None for the first of a chain, which only its fingerprint can vouch for.

    Raises:
        InvalidInput: An office with a key of its own since this card did not show that it holds it, the card does not
            continue *before* (party, status, serial, hash, date), or too few offices of *before* signed it.
    """
    card = signed.card
    where = f"card {card.party} {card.serial}"
    holders = dict(_good(signed.held, card, lambda office: _held(card, office)))
    shown = {(each.office, each.public_key) for each in before.offices} if before is not None else set()
    lack = [each for each in card.offices if each.office not in holders and (each.office, each.public_key) not in shown]
    missing = [each.office for each in lack]
    if missing or len(signed.held) != len(holders):
        raise InvalidInput("an office did not show that it holds its key", where=where, got=", ".join(missing))
    if before is None:
        if card.previous is not None:
            raise InvalidInput("the card that it continues is missing", where=where, expected=card.previous)
        return
    follows = (card.party, card.status, card.serial, card.previous)
    if follows != (before.party, before.status, before.serial + 1, card_hash(before)) or card.made_at < before.made_at:
        raise InvalidInput("it does not continue the card before", where=where, expected=f"serial {before.serial + 1}")
    names = [office for office, _ in _good(signed.signatures, before, lambda office: _changed(card, office))]
    lacking(before, CHANGE, names, card.made_at, where)


def lacking(card: Card, act: str, offices: Collection[str], at: Instant, where: str) -> tuple[str, ...]:
    """
    Refuse an act that too few offices signed.

    Args:
        offices: Whose signatures hold.

        at: When they signed.

    Returns:
        In whose place each of them counted, as the rule lists them: whoever acts for another counts as that one.

    Raises:
        InvalidInput: No rule allows the act, an office was out of date, or too few of the right ones signed.
    """
    rule = card.rule(act)
    if rule is None:
        raise InvalidInput("an act that no office of this card may do", where=where, got=act)
    counted: set[str] = set()
    for name in offices:
        key = card.office(name)
        if key is None or not key.in_date(at):
            raise InvalidInput(
                "a key outside its dates", where=where, expected="a key in date when it signed", got=name
            )
        place = key.acting_for or name
        if place not in rule.offices:
            raise InvalidInput("an office beyond its powers", where=where, expected=" | ".join(rule.offices), got=name)
        counted.add(place)
    if len(counted) < rule.needed:
        expected = f"{rule.needed} of {', '.join(rule.offices)} for {act}"
        raise InvalidInput(
            "too few offices signed", where=where, expected=expected, got=", ".join(sorted(counted)) or "none"
        )
    return tuple(sorted(counted))


def check_chain(chain: Sequence[SignedCard]) -> None:
    """
    Refuse a chain of cards that is broken, from its first card on.

    Raises:
        InvalidInput: It is empty, or a card does not hold (`check_card`).
    """
    if not chain:
        raise InvalidInput("no card", where="cards", expected="a chain from its first card on")
    before: Card | None = None
    for each in chain:
        check_card(each, before)
        before = each.card


def next_card(
    card: Card, at: Instant, reason: str, offices: tuple[OfficeKey, ...], rules: tuple[Rule, ...] | None = None
) -> Card:
    """The card that continues *card*, unsigned; by default with its rules."""
    return replace(
        card,
        serial=card.serial + 1,
        previous=card_hash(card),
        reason=reason,
        made_at=at,
        offices=offices,
        rules=card.rules if rules is None else rules,
    )


def unhex(text: str, length: int, where: str) -> bytes:
    """
    Bytes of a fixed *length* from lower-case hexadecimal digits.

    Raises:
        InvalidInput: Another length or other characters.
    """
    try:
        found = bytes.fromhex(text)
    except ValueError:
        found = b""
    if len(found) != length or found.hex() != text:
        raise InvalidInput("not hexadecimal digits", where=where, expected=f"{2 * length} lower-case digits", got=text)
    return found


def _check_offices(card: Card) -> None:
    names = [each.office for each in card.offices]
    if not names or len(set(names)) < len(names):
        raise InvalidInput("not offices", where="offices", expected="one or more, none twice")
    keys = {each.public_key for each in card.offices}
    if len(keys) < len(names):
        raise InvalidInput("two offices with one key", where="offices", expected="a key each: k of n means k holders")
    known = {*names, *(each.acting_for for each in card.offices if each.acting_for)}
    strangers = sorted({office for rule in card.rules for office in rule.offices} - known)
    if strangers or not card.rules:
        raise InvalidInput("a rule names an office that is not on the card", where="rules", got=", ".join(strangers))


def _good(signatures: Sequence[Signature], card: Card, text: Callable[[str], bytes]) -> Iterator[tuple[str, Signature]]:
    for each in signatures:
        key = card.office(each.office)
        where = f"card {card.party}"
        if key is None or not verifies(bytes.fromhex(key.public_key), text(each.office), bytes.fromhex(each.value)):
            raise InvalidInput("a signature that does not hold", where=where, got=each.office)
        yield each.office, each


def _held(card: Card, office: str) -> bytes:
    return _said("card held", card, office)


def _changed(card: Card, office: str) -> bytes:
    return _said("card changed", card, office)


def _said(what: str, card: Card, office: str) -> bytes:
    # What a signature is for stands in the signed bytes: none made for one purpose serves another.
    return canonical({"safeconduct": what, "party": card.party, "office": office, "card": card_hash(card)})
