"""The next card: keys renewed, offices added or gone, one acting for another, the desk's own keys changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from safeconduct.desk.again import again
from safeconduct.desk.party import SEED_BYTES, DeskKeys, accept, keep_key, new_desk_keys, new_log_name
from safeconduct.desk.voice import Voice
from safeconduct.exchange.card import CHANGE, Card, OfficeKey, Rule, next_card, sign_card
from safeconduct.exchange.signature import public_key
from safeconduct.model.errors import InvalidInput
from safeconduct.model.instants import Instant, iso
from safeconduct.store.contract import Overtaken
from safeconduct.store.home import NEXT, PARTY_KEY, next_name

CHANGES = ("rotation", "loss", "succession", "rules")
"""Why a card is replaced; one that continues nothing says ``new-start``."""


@dataclass(frozen=True, slots=True)
class _Change:
    """What is to be changed; see `rotate`."""

    offices: tuple[str, ...]
    reason: str
    acting: Mapping[str, tuple[str, Instant]]
    new_log: bool
    desk_keys: bool


def rotate(
    voice: Voice,
    offices: Sequence[str],
    reason: str,
    *,
    acting: Mapping[str, tuple[str, Instant]],
    new_log: bool = False,
    desk_keys: bool = False,
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

        desk_keys: Fresh keys for the desk itself: sealing, soundings, log, cosigning. The earlier ones for sealing and
            soundings are kept, so that what is under way still opens. Where they open no more, *reason* is ``loss``,
            and what is under way comes again, sealed to the new ones; soundings that were kept are forgotten.

    Raises:
        InvalidInput: An office that the card does not name, or names already; an hour that is past; another reason;
            too few offices of the present card are here to sign; the earlier keys of the desk do not open, and that is
            not the reason.
    """
    change = _Change(tuple(offices), reason, acting, new_log, desk_keys)
    return again(voice.store, lambda mark: _rotated(voice, change, mark))


def _rotated(voice: Voice, change: _Change, mark: object) -> Card:
    card, offices, acting = voice.card(), change.offices, change.acting
    _check_change(card, offices, change.reason, acting, voice.at)
    removed = {each[1:] for each in offices if each.startswith("-")}
    named = (each.removeprefix("+") for each in (*offices, *acting) if not each.startswith("-"))
    renewed = {name: voice.draw(SEED_BYTES) for name in dict.fromkeys(named)}
    made = _next_offices(card, removed, renewed, acting, voice.at)
    added = tuple(each[1:] for each in offices if each.startswith("+"))
    following = next_card(card, voice.at, change.reason, made, _next_rules(card, removed, added, made))
    if change.new_log:
        following = replace(following, log_name=new_log_name(card.party, voice.draw))
    forgets: tuple[tuple[str, str], ...] = ()
    made_keys = {name: (public_key(seed).hex(), seed) for name, seed in renewed.items()}
    if change.desk_keys:
        keys, forgets = _next_desk_keys(voice, change.reason)
        made_keys[PARTY_KEY] = (keys.sounding, keys.secrets)
        following = replace(
            following, sealing=keys.sealing, sounding=keys.sounding, log_key=keys.log, witness_key=keys.witness
        )
    old = {name: voice.seed(name) for name in _changers(voice, card, removed)}
    signed = sign_card(following, renewed, card, old)
    for name, (key, secret) in made_keys.items():
        keep_key(voice, name, secret, next_name(name, key))
    try:
        accept(voice, (signed,), "card", mark, forgets)  # a crash before this leaves the old keys with the old card
    except Overtaken:
        for name, (key, _) in made_keys.items():
            voice.home.drop_key(next_name(name, key))
        raise
    for name, (key, _) in made_keys.items():
        voice.home.promote_key(name, key)
        voice.opened.pop(name, None)
    return following


def _next_desk_keys(voice: Voice, reason: str) -> tuple[DeskKeys, tuple[tuple[str, str], ...]]:
    """The keys, and the names of what nobody opens any more."""
    try:
        return new_desk_keys(voice.draw, voice.secrets()), ()
    except InvalidInput as error:
        if reason != "loss":
            expected = "its passphrase; where that is lost: --reason loss"
            raise InvalidInput(error.message, where=error.where, expected=expected, got=error.got) from None
        if voice.home.has_key(PARTY_KEY):  # whoever remembers the passphrase after all finds it here
            voice.home.write_key(f"{PARTY_KEY}-lost-{voice.card().serial}", voice.home.read_key(PARTY_KEY))
    return new_desk_keys(voice.draw), tuple(("sounding", key) for key in voice.store.keys("sounding"))


def _check_change(
    card: Card, offices: Sequence[str], reason: str, acting: Mapping[str, tuple[str, Instant]], at: Instant
) -> None:
    """A name mistyped would take nobody off the card, or let somebody act for nobody."""
    names = [each.office for each in card.offices]
    if reason not in CHANGES:
        raise InvalidInput("not a reason", where="--reason", expected=" | ".join(CHANGES), got=reason)
    for said in offices:
        name, adds = said.lstrip("+-"), said.startswith("+")
        if (name in names) == adds or name == PARTY_KEY or NEXT in name:
            expected = "a name that is not taken" if adds else ", ".join(names)
            raise InvalidInput("not an office", where="party rotate", expected=expected, got=name)
    places = {*names, *(office for rule in card.rules for office in rule.offices)}
    for name, (place, until) in acting.items():
        held = card.office(name)
        if name == PARTY_KEY or NEXT in name:
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
