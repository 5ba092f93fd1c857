"""Bodies sealed to named recipients (age, X25519): whoever carries them learns their length, rounded up, no more."""

from __future__ import annotations

from collections.abc import Sequence

from safeconduct.model.errors import InvalidInput

_STEP = 4096
"""Sealed bodies are filled up to a multiple of this many bytes: lengths tell little about contents."""


def new_identity() -> tuple[str, str]:
    """
    A fresh pair: the secret (``AGE-SECRET-KEY-1...``) and the recipient to publish (``age1...``).

    The randomness is the operating system's: a sealing key is the one thing here that is not drawn from the caller.
    """
    from pyrage import x25519  # lazy: needed only where something is sealed

    identity = x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def seal(body: bytes, recipients: Sequence[str]) -> bytes:
    """
    Seal *body* so that each of the *recipients*, and nobody else, can open it.

    Raises:
        InvalidInput: No recipient, or one that is no age recipient.
    """
    import pyrage  # lazy: needed only where something is sealed

    if not recipients:
        raise InvalidInput("no recipient", where="recipients", expected="one or more age recipients")
    try:
        keys = [pyrage.x25519.Recipient.from_str(each) for each in recipients]
    except pyrage.RecipientError as error:
        raise InvalidInput("not an age recipient", where="recipients", expected="age1...", got=str(error)) from None
    filled = len(body).to_bytes(8, "big") + body
    return bytes(pyrage.encrypt(filled + bytes(-len(filled) % _STEP), keys))


def unseal(sealed: bytes, *identities: str) -> bytes:
    """
    Open what was sealed to one of these identities.

    Raises:
        InvalidInput: It was sealed to others, was altered or cut short, or an identity is none.
    """
    import pyrage  # lazy: needed only where something is sealed

    try:
        filled = bytes(pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(each) for each in identities]))
    except (pyrage.DecryptError, pyrage.IdentityError):
        raise InvalidInput(
            "a seal that does not open", where="body", expected="sealed to this party, whole and unaltered"
        ) from None
    size = int.from_bytes(filled[:8], "big")
    if size > len(filled) - 8 or filled.count(0, 8 + size) < len(filled) - 8 - size:
        raise InvalidInput("not a sealed body", where="body", expected="a length, the body, zeros")
    return filled[8 : 8 + size]
