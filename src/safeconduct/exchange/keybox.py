"""Secrets under a passphrase: Argon2id with the second recommended option of RFC 9106, then ChaCha20-Poly1305."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from safeconduct.exchange.canonical import canonical, parse
from safeconduct.exchange.codec import from_json, to_json
from safeconduct.model.errors import InvalidInput

_ITERATIONS = 3
_LANES = 4
_MEMORY_KIB = 64 * 1024
_SALT_BYTES = 16
_NONCE = bytes(12)  # one key, one message: the salt is fresh each time


@dataclass(frozen=True, slots=True)
class KeyBox:
    """
    A secret as it lies on disk.

    Args:
        name: Whose it is; bound into the seal, so that one box cannot be passed off as another.

        salt: 32 hexadecimal digits.

        sealed: Hexadecimal digits.
    """

    safeconduct: str
    name: str
    salt: str
    sealed: str


def lock(name: str, secret: bytes, passphrase: str, salt: bytes) -> bytes:
    """
    Seal a secret under a passphrase.

    Args:
        salt: 16 fresh random bytes.

    Raises:
        InvalidInput: The passphrase is empty, or the salt has another length.
    """
    if not passphrase or len(salt) != _SALT_BYTES:
        raise InvalidInput("no passphrase", where=name, expected="a passphrase that is not empty")
    sealed = ChaCha20Poly1305(_key(passphrase, salt)).encrypt(_NONCE, secret, name.encode())
    return canonical(to_json(KeyBox("key", name, salt.hex(), sealed.hex()))) + b"\n"


def unlock(data: bytes, name: str, passphrase: str) -> bytes:
    """
    Open what `lock` sealed.

    Raises:
        InvalidInput: Not such a box, another name's, another passphrase, or altered.
    """
    box = from_json(KeyBox, parse(data.rstrip(b"\n")))
    try:
        salt, sealed = bytes.fromhex(box.salt), bytes.fromhex(box.sealed)
    except ValueError:
        salt, sealed = b"", b""
    if not passphrase:
        raise InvalidInput("no passphrase", where=f"key {name}", expected="a passphrase that is not empty")
    if (box.safeconduct, box.name, len(salt)) != ("key", name, _SALT_BYTES):
        raise InvalidInput("not this key", where=f"key {name}", expected="its own file", got=box.name)
    try:
        return ChaCha20Poly1305(_key(passphrase, salt)).decrypt(_NONCE, sealed, name.encode())
    except InvalidTag:
        raise InvalidInput("another passphrase, or a key file that was altered", where=f"key {name}") from None


def _key(passphrase: str, salt: bytes) -> bytes:
    kdf = Argon2id(salt=salt, length=32, iterations=_ITERATIONS, lanes=_LANES, memory_cost=_MEMORY_KIB)
    return kdf.derive(passphrase.encode())
