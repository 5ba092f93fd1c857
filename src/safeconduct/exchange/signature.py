"""Ed25519 (RFC 8032): who wrote these bytes, with no room for two opinions."""

from __future__ import annotations

from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from safeconduct.model.errors import InvalidInput

KEY_BYTES = 32
SEED_BYTES = 32
SIGNATURE_BYTES = 64

_P = 2**255 - 19
_LOW_ORDER_8 = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
_LOW_ORDER_Y = frozenset({0, 1, _P - 1, _LOW_ORDER_8, _P - _LOW_ORDER_8})
"""y of the eight points whose order divides 8. Under such a key anybody can make signatures without a secret."""


def verifies(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """
    Whether *signature* was made over *message* with the secret of *public_key*.

    Stricter than RFC 8032 asks, so that no signature has a second form and none fits two messages: S is below the
    group order, R and the key are the one encoding of their point, and the key is not of low order. The equation is the
    one without cofactor, which is what signers' libraries check too.

    Args:
        public_key: 32 bytes; any other length, or bytes that are no point of the curve, verify nothing.

        message: Any bytes, none included.

        signature: 64 bytes; any other length is no signature.
    """
    if len(signature) != SIGNATURE_BYTES or not is_key(public_key):
        return False
    try:
        _loaded(public_key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


# A party has few keys and signs much.
@lru_cache(maxsize=1 << 8)
def _loaded(public_key: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(public_key)


@lru_cache(maxsize=1 << 8)
def is_key(public_key: bytes) -> bool:
    """Whether the bytes can be a party's key: 32 bytes, the one encoding of y, and no point of low order."""
    if len(public_key) != KEY_BYTES:
        return False
    y = int.from_bytes(public_key, "little") & ((1 << 255) - 1)
    return y < _P and y not in _LOW_ORDER_Y


def public_key(seed: bytes) -> bytes:
    """
    The public key, 32 bytes, that belongs to the secret *seed*.

    Raises:
        InvalidInput: The seed has not 32 bytes.
    """
    return _private(seed).public_key().public_bytes_raw()


def sign(seed: bytes, message: bytes) -> bytes:
    """
    Sign *message*: 64 bytes, the same every time for the same seed and message.

    Raises:
        InvalidInput: The seed has not 32 bytes.
    """
    return _private(seed).sign(message)


# Loading a seed costs as much as signing, and a party has few.
@lru_cache(maxsize=1 << 4)
def _private(seed: bytes) -> Ed25519PrivateKey:
    if len(seed) != SEED_BYTES:  # never shown: it is a secret even when it is wrong
        raise InvalidInput("not a signing seed", expected=f"{SEED_BYTES} bytes", got=f"{len(seed)} bytes")
    return Ed25519PrivateKey.from_private_bytes(seed)
