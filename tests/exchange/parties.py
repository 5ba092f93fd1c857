"""Parties to test with: keys drawn from a seed, cards, signed messages, a log."""

import random
from dataclasses import dataclass, replace
from datetime import timedelta

from safeconduct.exchange.card import Card, OfficeKey, SignedCard, card_hash, next_card, sign_card
from safeconduct.exchange.merkle import tree
from safeconduct.exchange.message import Contact, LineItem, Message, Moment, Resource
from safeconduct.exchange.powers import default_rules
from safeconduct.exchange.record import Entry, checkpoint, entry_leaf
from safeconduct.exchange.sealing import new_identity
from safeconduct.exchange.signature import public_key
from safeconduct.exchange.signed import SignedMessage, sign_message, signed_hash
from safeconduct.exchange.sounding import sounding_key
from safeconduct.model.instants import instant

START = instant("2031-03-01T06:00Z")
OFFICES = ("duty", "legal", "minister")


@dataclass(frozen=True)
class Party:
    card: Card
    signed: SignedCard
    seeds: dict
    log_seed: bytes
    witness_seed: bytes
    sounding_seed: bytes
    identity: str


def party(code, *, status="Exercise", seed=None):
    """A party with three offices; the same for the same seed, but for its sealing key."""
    draw = random.Random(f"{code}{seed}")
    seeds = {office: draw.randbytes(32) for office in OFFICES}
    log, witness, sounding = (draw.randbytes(32) for _ in range(3))
    identity, recipient = new_identity()
    offices = tuple(OfficeKey(name, name.title(), public_key(s).hex(), START) for name, s in seeds.items())
    card = Card(
        code,
        f"{code} land",
        None,
        status,
        0,
        None,
        "first",
        START,
        offices,
        default_rules(OFFICES),
        recipient,
        sounding_key(sounding),
        f"{code.lower()}.example",
        public_key(log).hex(),
        public_key(witness).hex(),
    )
    return Party(card, sign_card(card, seeds), seeds, log, witness, sounding, identity)


def rotated(old, office="legal", seed=b"n" * 32):
    """The party with a fresh key for one office, signed under its first card's rules."""
    keys = {**old.seeds, office: seed}
    offices = tuple(
        replace(each, public_key=public_key(seed).hex()) if each.office == office else each for each in old.card.offices
    )
    card = next_card(old.card, START + timedelta(days=1), "rotation", offices)
    others = {name: old.seeds[name] for name in OFFICES if name != office}
    return replace(old, card=card, signed=sign_card(card, keys, old.card, others), seeds=keys)


def message(sender, to=("XB",), number=0, content="RequestResource", **more):
    """A message of a party, to be signed."""
    code = sender.card.party
    usual = {"distribution": "Request", "status": "Exercise", "confidentiality": "open"}
    name = f"{code}-{number}"
    sent = Moment(START + timedelta(minutes=number))
    usual["items"] = (LineItem("a", Resource(name="helicopter"), 2.0),)
    usual["contacts"] = (Contact("duty"),)
    usual |= {"id": name, "content": content, "origin": name, "case": "c", "sender": code, "recipients": tuple(to)}
    return Message(**{"sent": sent, **usual, **more})


def spoken(sender, offices=("duty", "legal"), **more) -> SignedMessage:
    """A message signed by offices of its sender."""
    return sign_message(message(sender, **more), sender.card, {name: sender.seeds[name] for name in offices})


def logged(owner, messages, kind="sent"):
    """Entries, tree and signed head of a log that holds these messages."""
    entries = [Entry(kind, signed_hash(each), each.message.sent.at) for each in messages]
    log = tree(entry_leaf(each) for each in entries)
    return entries, log, checkpoint(owner.card, log, owner.log_seed)


def cards(*parties):
    """Cards by hash."""
    return {card_hash(each.card): each.card for each in parties}
