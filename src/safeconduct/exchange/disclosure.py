"""
Facts that a message fixes and does not tell: shown to one recipient and not to another, later, provably the same.

The place of survivors goes out to 10 km until somebody has accepted to come. The message holds a salted hash of the
exact place; a disclosure is the place and the salt, for one recipient, logged by the one who gave it.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from hashlib import sha256

from safeconduct.exchange.canonical import canonical
from safeconduct.exchange.codec import written
from safeconduct.exchange.message import Message, Withheld, message_hash
from safeconduct.model.errors import InvalidInput
from safeconduct.model.instants import Instant

_SALT_BYTES = 32


@dataclass(frozen=True, slots=True)
class Disclosure:
    """
    A withheld fact, for one recipient.

    Args:
        message: Hash of the message that fixed it (`message_hash`).

        salt: 64 hexadecimal digits, drawn at random for this fact alone.
    """

    message: str
    name: str
    value: str
    salt: str
    to: str
    at: Instant


def digest_of(name: str, value: str, salt: str) -> str:
    """
    What a message says of a fact it withholds: HMAC-SHA256 of name and value under the salt.

    Without the salt even a fact with few possible values cannot be guessed from it.

    Raises:
        InvalidInput: The salt is not 32 bytes in hexadecimal digits.
    """
    try:
        key = bytes.fromhex(salt)
    except ValueError:
        key = b""
    if len(key) != _SALT_BYTES:
        raise InvalidInput("not a salt", where="salt", expected=f"{2 * _SALT_BYTES} hexadecimal digits")
    return hmac.new(key, canonical({"name": name, "value": value}), sha256).hexdigest()


def withhold(name: str, value: str, shown: str | None, salt: str) -> Withheld:
    """The entry for a message; keep *value* and *salt* to disclose them."""
    return Withheld(name, shown, digest_of(name, value, salt))


def check_disclosure(found: Disclosure, message: Message) -> None:
    """
    Refuse a fact that is not the one the message fixed, or that is not for a recipient of it.

    Raises:
        InvalidInput: Another message, a fact that the message does not withhold, another value or salt.
    """
    where = f"disclosure of {found.name}"
    held = next((each for each in message.withheld if each.name == found.name), None)
    if held is None or found.message != message_hash(message):
        raise InvalidInput("a fact that the message does not hold", where=where, got=found.message)
    if not hmac.compare_digest(held.digest, digest_of(found.name, found.value, found.salt)):
        raise InvalidInput("not the fact that the message fixed", where=where)
    if found.to not in message.recipients:
        raise InvalidInput("not a recipient of the message", where=where, got=found.to)


def disclosure_hash(found: Disclosure) -> str:
    """What the discloser logs."""
    return sha256(written(found)).hexdigest()
