"""
Soundings: would you, if asked? Each side knows that the other spoke, and neither can prove it to anybody else.

A sounding is sealed and authenticated with a key that both sides can compute (Noise pattern K: an ephemeral and the
two static keys; RFC 7748, RFC 5869, RFC 8439). The one who receives it could have written every byte of it, so showing
it, key and all, shows nothing about the sender. docs/soundings.md says what that is worth and what not.
"""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from safeconduct.exchange.canonical import canonical, parse
from safeconduct.exchange.codec import from_json, to_json
from safeconduct.model.errors import InvalidInput
from safeconduct.model.instants import Instant

MAGIC = b"safeconduct sounding 1\n"
SIZE = 8192
"""All soundings are of one length, so that a question and a refusal look alike."""

_KEY = 32
_TAG = 16
_NONCE = bytes(12)
ANSWERS = ("yes", "no", "with-conditions", "not-now")


@dataclass(frozen=True, slots=True)
class Sounding:
    """
    A question put, or answered, outside the record.

    Args:
        id: Unique.

        answers: Id of the question it answers; None for a question.

        about: What it is about, in words: no case file need be shown for it.

        would: Of `ANSWERS`; None in a question.

        conditions: Under which they would; in a question: under which they are asked.

        refuses: What they would refuse.

        until_at: Afterwards it is nothing: neither side may rest anything on it.
    """

    id: str
    sender: str
    recipient: str
    sent_at: Instant
    until_at: Instant
    about: str
    answers: str | None = None
    would: str | None = None
    conditions: tuple[str, ...] = ()
    refuses: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.id or not self.about or self.sender == self.recipient:
            raise InvalidInput("not a sounding", where="sounding", expected="an id, a subject, two parties")
        if (self.answers is None) != (self.would is None) or (self.would is not None and self.would not in ANSWERS):
            raise InvalidInput("not an answer", where="would", expected=" | ".join(ANSWERS), got=str(self.would))
        if self.until_at <= self.sent_at:
            raise InvalidInput("it ends before it begins", where="until_at", expected="later than sent_at")


def sounding_key(seed: bytes) -> str:
    """
    The public key to print on a card, from 32 secret bytes.

    Raises:
        InvalidInput: The seed has not 32 bytes.
    """
    if len(seed) != _KEY:
        raise InvalidInput("not a sounding seed", expected=f"{_KEY} bytes", got=f"{len(seed)} bytes")
    return X25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw().hex()


def write_sounding(sounding: Sounding, seed: bytes, theirs: str, ephemeral: bytes) -> bytes:
    """
    Seal a sounding from the owner of *seed* to the owner of the key *theirs*.

    Args:
        ephemeral: 32 fresh random bytes; used once.

    Raises:
        InvalidInput: It is too long (about 8,000 bytes), or a key is none.
    """
    body = canonical(to_json(sounding))
    room = SIZE - len(MAGIC) - _KEY - _TAG - 2
    if len(body) > room:
        raise InvalidInput("a sounding that is too long", where="sounding", expected=f"at most {room} bytes")
    public = bytes.fromhex(sounding_key(ephemeral))
    key = _key(_shared(ephemeral, theirs), _shared(seed, theirs), public, sounding_key(seed), theirs)
    filled = len(body).to_bytes(2, "big") + body + bytes(room - len(body))
    return (
        MAGIC + public + ChaCha20Poly1305(key).encrypt(_NONCE, filled, MAGIC + public)
    )  # one key, one message: no counter


def read_sounding(data: bytes, seed: bytes, theirs: str, at: Instant) -> Sounding:
    """
    Open a sounding that the owner of the key *theirs* (or the owner of *seed* itself) wrote for the owner of *seed*.

    Raises:
        InvalidInput: Not a sounding, not between these two, altered, or expired at *at*.
    """
    if len(data) != SIZE or not data.startswith(MAGIC):
        raise InvalidInput("not a sounding", where="sounding", expected=f"{SIZE} bytes with the heading of one")
    public, sealed = data[len(MAGIC) : len(MAGIC) + _KEY], data[len(MAGIC) + _KEY :]
    key = _key(_shared(seed, public.hex()), _shared(seed, theirs), public, theirs, sounding_key(seed))
    filled = _open(key, sealed, public)
    body = filled[2 : 2 + int.from_bytes(filled[:2], "big")]
    sounding = from_json(Sounding, parse(body))
    if at > sounding.until_at:
        raise InvalidInput("a sounding that has expired", where="until_at", got=sounding.until_at.isoformat())
    return sounding


def _open(key: bytes, sealed: bytes, public: bytes) -> bytes:

    try:
        return ChaCha20Poly1305(key).decrypt(_NONCE, sealed, MAGIC + public)
    except InvalidTag:
        raise InvalidInput(
            "a sounding that does not open", where="sounding", expected="one between these two"
        ) from None


def _shared(seed: bytes, theirs: str) -> bytes:

    try:
        key = X25519PublicKey.from_public_bytes(bytes.fromhex(theirs))
        return X25519PrivateKey.from_private_bytes(seed).exchange(key)
    except ValueError:  # wrong length, or a point of low order, under which the secret would be known to all
        raise InvalidInput("not a sounding key", where="sounding", expected="an X25519 key", got=theirs) from None


def _key(once: bytes, always: bytes, public: bytes, sender: str, recipient: str) -> bytes:

    info = MAGIC + public + bytes.fromhex(sender) + bytes.fromhex(recipient)
    return HKDF(SHA256(), _KEY, salt=None, info=info).derive(once + always)
