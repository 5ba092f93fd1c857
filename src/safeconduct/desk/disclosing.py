"""Staged disclosure: what a message holds back, shown to one recipient when it is time, and who was shown what."""

from __future__ import annotations

from dataclasses import dataclass

from safeconduct.desk.again import again
from safeconduct.desk.party import entry
from safeconduct.desk.voice import Voice
from safeconduct.exchange.canonical import parse
from safeconduct.exchange.codec import from_json, written
from safeconduct.exchange.disclosure import Disclosure, check_disclosure, disclosure_hash, withhold
from safeconduct.exchange.message import Message, Withheld, message_hash
from safeconduct.model.errors import InvalidInput
from safeconduct.store.contract import Batch, Thing

_SALT_BYTES = 32


@dataclass(frozen=True, slots=True)
class _Secret:
    name: str
    value: str
    salt: str


def withheld(voice: Voice, name: str, value: str, shown: str | None) -> tuple[Withheld, Thing]:
    """The entry for a message, and the secret to keep so that it can be disclosed later."""
    salt = voice.draw(_SALT_BYTES).hex()
    made = withhold(name, value, shown, salt)
    return made, Thing("secret", made.digest, written(_Secret(name, value, salt)))


def disclose(voice: Voice, message: Message, name: str, to: str) -> Disclosure:
    """
    Show a withheld fact of an own message to one recipient; it goes out with the next bundle, and the log says so.

    What was disclosed to them already is disclosed: it is neither logged nor sent a second time.

    Raises:
        InvalidInput: The message withholds no such fact, it is another's, or *to* did not receive it.
    """
    return again(voice.store, lambda mark: _disclosed(voice, message, name, to, mark))


def _disclosed(voice: Voice, message: Message, name: str, to: str, mark: object) -> Disclosure:
    before = (each for each in disclosed(voice, message) if (each.name, each.to) == (name, to))
    known = next(before, None)
    if known is not None:
        return known
    held = next((each for each in message.withheld if each.name == name), None)
    kept = voice.store.get("secret", held.digest) if held is not None else None
    if held is None or kept is None:
        names = ", ".join(each.name for each in message.withheld) or "nothing"
        raise InvalidInput("no such fact to disclose", where=f"message {message.id}", expected=names, got=name)
    secret = from_json(_Secret, parse(kept))
    at = voice.at.replace(microsecond=0)
    found = Disclosure(message_hash(message), secret.name, secret.value, secret.salt, to, at)
    check_disclosure(found, message)
    digest = disclosure_hash(found)
    thing = Thing("disclosure", f"{to}/{digest}", written(found))
    voice.store.commit((Batch((thing,), (entry("disclosed", digest, voice.at),)),), mark)
    return found


def disclosed(voice: Voice, message: Message) -> tuple[Disclosure, ...]:
    """Who was shown what of a message, as far as this party gave or got it."""
    found = (from_json(Disclosure, parse(voice.data("disclosure", key))) for key in voice.store.keys("disclosure"))
    return tuple(each for each in found if each.message == message_hash(message))
