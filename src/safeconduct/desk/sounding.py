"""Soundings: ask and answer outside the record, so that neither side can hold it against the other."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from itertools import product

from safeconduct.desk.voice import Voice
from safeconduct.exchange.canonical import parse
from safeconduct.exchange.codec import from_json, written
from safeconduct.exchange.sealing import seal, unseal
from safeconduct.exchange.sounding import Sounding, read_sounding, write_sounding
from safeconduct.model.errors import InvalidInput, Unavailable
from safeconduct.model.instants import Instant, iso
from safeconduct.store.contract import Batch, Store, Thing

GOOD_FOR = timedelta(hours=12)
"""How long a sounding stands unless its sender says otherwise; our convention."""

_EPHEMERAL_BYTES = 32
_SHELF = "sounding"
"""
Keys there are the end, put up to the full hour, and a name that only the own desk can compute: what is over can be
deleted by one who cannot open it, and whoever holds this disk and the other side's copy finds nothing that fits both.
"""


@dataclass(frozen=True, slots=True)
class Question:
    """
    What to sound out.

    Args:
        about: In words.

        conditions: Under which it would be asked.

        refuses: What would not be accepted.
    """

    about: str
    conditions: tuple[str, ...] = ()
    refuses: tuple[str, ...] = ()


def sound(voice: Voice, to: str, question: Question, *, good_for: timedelta = GOOD_FOR) -> tuple[Sounding, bytes]:
    """
    Put a question; the file goes to the other side by any carrier.

    Raises:
        InvalidInput: The other side's card is not trusted, or the question is too long.
    """
    return _written(voice, to, question, good_for, (None, None))


def answer(
    voice: Voice, name: str, would: str, question: Question, *, good_for: timedelta = GOOD_FOR
) -> tuple[Sounding, bytes]:
    """
    Answer one that was heard.

    Args:
        name: Id of the sounding, or the end of it.

    Raises:
        InvalidInput: There is none of that name, or it has expired.
    """
    heard = next((each for each in soundings(voice) if each.id.endswith(name)), None)
    if heard is None:
        known = ", ".join(each.id for each in soundings(voice)) or "one that exchange hear FILE has opened"
        raise InvalidInput("no such sounding, or it has expired", where="--answer", expected=known, got=name)
    return _written(voice, heard.sender, question, good_for, (heard.id, would))


def hear(voice: Voice, data: bytes) -> Sounding:
    """
    Open a sounding that came in, and keep it until it expires.

    Raises:
        InvalidInput: It is not for this party, not from one whose card is trusted, expired, or known already.
    """
    ears = voice.secrets().ears
    for party in voice.parties():
        keys = dict.fromkeys(each.card.sounding for each in reversed(voice.chain(party)))
        for secret, theirs in product(ears, keys if party != voice.party else ()):
            try:
                found = read_sounding(data, secret, theirs, voice.at)
            except InvalidInput as error:
                if error.where == "until_at":
                    raise
                continue
            if (found.sender, found.recipient) != (party, voice.party):
                raise InvalidInput("a sounding under another name", where="sounding", expected=party, got=found.sender)
            _keep(voice, found)
            return found
    expected = f"one for {voice.party}, unaltered, from a party whose card is trusted"
    raise InvalidInput("a sounding that does not open", where="sounding", expected=expected)


def soundings(voice: Voice) -> tuple[Sounding, ...]:
    """Those kept and not expired."""
    return tuple(found for _, found in _kept(voice))


def forget(voice: Voice, names: Sequence[str] = ()) -> int:
    """
    Forget soundings, by default all; how many. What the other side keeps, it keeps.

    Args:
        names: Ids, or the ends of them.
    """
    if names:
        keys = [key for key, found in _kept(voice) if any(found.id.endswith(name) for name in names)]
    else:
        keys = list(voice.store.keys(_SHELF))
    voice.store.commit((Batch(forgets=tuple((_SHELF, key) for key in keys)),))
    return len(keys)


def forget_expired(store: Store, at: Instant) -> None:
    """Delete what has expired, without opening it; where the store cannot be written it stays, and is shown nowhere."""
    gone = tuple((_SHELF, key) for key in store.keys(_SHELF) if key < iso(at))
    if gone:
        with suppress(Unavailable):
            store.commit((Batch(forgets=gone),))


def _kept(voice: Voice) -> Iterator[tuple[str, Sounding]]:
    keys = voice.store.keys(_SHELF)
    identities = voice.secrets().identities if keys else ()
    for key in keys:
        found = from_json(Sounding, parse(unseal(voice.data(_SHELF, key), *identities)))
        if found.until_at >= voice.at:
            yield key, found


def _written(
    voice: Voice, to: str, question: Question, good_for: timedelta, answered: tuple[str | None, str | None]
) -> tuple[Sounding, bytes]:
    at = voice.at.replace(microsecond=0)
    said = Sounding(
        voice.new_id(),
        voice.party,
        to,
        at,
        at + good_for,
        question.about,
        *answered,
        question.conditions,
        question.refuses,
    )
    data = write_sounding(said, voice.secrets().sounding, voice.card(to).sounding, voice.draw(_EPHEMERAL_BYTES))
    _keep(voice, said)
    return said, data


def _keep(voice: Voice, said: Sounding) -> None:
    """At rest it is sealed to the own desk, and its name says no more than the hour after which it is deleted."""
    over = said.until_at - said.until_at.replace(minute=0, second=0, microsecond=0)
    ends = said.until_at - over + timedelta(hours=bool(over))
    name = hmac.new(voice.secrets().sounding, said.id.encode(), sha256).hexdigest()
    key = f"{iso(ends)} {name}"
    sealed = seal(written(said), [voice.card().sealing])
    voice.store.commit((Batch((Thing(_SHELF, key, sealed),)),))
