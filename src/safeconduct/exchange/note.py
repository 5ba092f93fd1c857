"""
Signed notes, checkpoints and cosignatures of C2SP: a log's head as a text that any witness's tools can read.

    example.org/log
    3
    rra8/idLcKFPsGel5VeCZNsPqbUa9eC6FZFY8yngbnc=

    — example.org/log <base64 of 4 bytes of key id and the signature>

c2sp.org/signed-note, c2sp.org/tlog-checkpoint, c2sp.org/tlog-cosignature (Ed25519 kinds only).
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

from safeconduct.exchange.merkle import HASH_BYTES
from safeconduct.exchange.signature import KEY_BYTES, SIGNATURE_BYTES, public_key, sign, verifies
from safeconduct.model.errors import InvalidInput

ED25519 = 0x01
"""Signature over the text itself."""

COSIGNATURE = 0x04
"""Signature of a witness over the text and the time at which it saw it."""

MOST_SIGNATURES = 100
_ID_BYTES = 4
_TIME_BYTES = 8
_CONTROL = re.compile("[\x00-\x1f\ud800-\udfff]")
_BREAKS_NAME = re.compile(rf"{_CONTROL.pattern}|[\s+]")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class NoteKey:
    """
    Who may sign a note.

    Args:
        name: Of the log or the witness; no white space, no plus sign.

        public_key: 32 bytes.

        kind: `ED25519` or `COSIGNATURE`.
    """

    name: str
    public_key: bytes
    kind: int = ED25519

    def __post_init__(self) -> None:
        _check_name(self.name)
        if self.kind not in (ED25519, COSIGNATURE) or len(self.public_key) != KEY_BYTES:
            raise InvalidInput("not a note key", where=self.name, expected="an Ed25519 key of 32 bytes")

    @property
    def id(self) -> bytes:
        """Four bytes that lead a verifier to the key; they prove nothing."""
        return sha256(f"{self.name}\n".encode() + bytes([self.kind]) + self.public_key).digest()[:_ID_BYTES]


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line: name, key id, and what the kind of key makes of the rest. Nothing is verified yet."""

    name: str
    key_id: bytes
    value: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A text, ending in a line feed, and its signature lines."""

    text: str
    signatures: tuple[NoteSignature, ...]


@dataclass(frozen=True, slots=True)
class Signer:
    """
    Whose signature on a note holds.

    Args:
        time_s: When a witness saw it, POSIX seconds, > 0; None for a signature without a time.
    """

    key: NoteKey
    time_s: int | None


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """
    The head of a log.

    Args:
        origin: Unique name of the log.

        size: Entries, in [0, 10^19).

        head: 32 bytes.

        extensions: Further lines, none empty.
    """

    origin: str
    size: int
    head: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        lines = (self.origin, *self.extensions)
        if not all(lines) or any(_control(each) for each in lines):
            raise InvalidInput("not a line", where="checkpoint", expected="text without control characters, not empty")
        if not _SIZE.fullmatch(str(self.size)) or len(self.head) != HASH_BYTES:
            raise InvalidInput("not the head of a log", where=self.origin, expected="a size and 32 bytes")

    @property
    def text(self) -> str:
        """What is signed."""
        return "".join(f"{each}\n" for each in (self.origin, str(self.size), _base64(self.head), *self.extensions))


def signed(text: str, key: NoteKey, seed: bytes, *, time_s: int | None = None) -> NoteSignature:
    """
    Sign a note's text.

    Args:
        time_s: When the witness saw it, POSIX seconds; for a cosignature, and only for one.

    Raises:
        InvalidInput: The seed is not that of *key*, the text is none, or the time does not fit the kind of key.
    """
    _check_text(text)
    if public_key(seed) != key.public_key:
        raise InvalidInput("another key's seed", where=key.name)
    if key.kind == ED25519 and time_s is None:
        return NoteSignature(key.name, key.id, sign(seed, text.encode()))
    if key.kind == COSIGNATURE and time_s is not None and 0 < time_s < 1 << 63:
        stamp = time_s.to_bytes(_TIME_BYTES, "big")
        return NoteSignature(key.name, key.id, stamp + sign(seed, _cosigned(text, time_s)))
    raise InvalidInput("a time that does not fit the kind of key", where=key.name, got=str(time_s))


def signers(note: Note, keys: Iterable[NoteKey]) -> tuple[Signer, ...]:
    """
    Which of *keys* signed the note, in the order of *keys*.

    Lines of keys that are not given are passed over. Whose signatures are enough is for the caller to say: nothing is
    established by an empty answer.

    Raises:
        InvalidInput: A line bears the name and id of a given key and its signature does not hold.
    """
    found = []
    for key in keys:
        lines = [each for each in note.signatures if (each.name, each.key_id) == (key.name, key.id)]
        holds = [_signer(note.text, key, each.value) for each in lines]
        if None in holds:
            raise InvalidInput("a signature that does not hold", where=key.name)
        found += [each for each in holds if each is not None][:1]
    return tuple(found)


def write_note(note: Note) -> bytes:
    """
    The note as a file, UTF-8.

    Raises:
        InvalidInput: The text or a name is none, or there is no signature or over 100.
    """
    _check_text(note.text)
    if not 1 <= len(note.signatures) <= MOST_SIGNATURES:
        raise InvalidInput("not a signed note", where="signatures", expected=f"1 to {MOST_SIGNATURES}")
    for each in note.signatures:
        _check_name(each.name)
    lines = [f"— {each.name} {_base64(each.key_id + each.value)}\n" for each in note.signatures]
    return "".join([note.text, "\n", *lines]).encode()


# One step of an import after the other asks what the same note says.
@lru_cache(maxsize=1 << 6)
def read_note(data: bytes) -> Note:
    """
    The note that `write_note` wrote. No signature is verified.

    Raises:
        InvalidInput: Not UTF-8, a control character other than the line feed, no text or no signatures after an empty
            line, a signature line that is none, over 100 of them.
    """
    try:
        whole = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInput("not UTF-8", where="note", got=f"byte {error.start}") from None
    text, between, rest = whole.rpartition("\n\n")
    text += "\n"
    if not between or not rest.endswith("\n"):
        raise InvalidInput("not a signed note", where="note", expected="a text, an empty line, signature lines")
    note = Note(text, tuple(_signature(line) for line in rest[:-1].split("\n")))
    if write_note(note) != data:
        raise InvalidInput("not a signed note", where="note", expected="the one spelling of each line")
    return note


def read_checkpoint(text: str) -> Checkpoint:
    """
    The head that a note's text states.

    Raises:
        InvalidInput: Under three lines, a size with leading zeros or beyond 10^19, a head that is not base64 of 32
            bytes.
    """
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or not _SIZE.fullmatch(lines[1]):
        raise InvalidInput("not a checkpoint", where="checkpoint", expected="origin, size, head, one to a line")
    return Checkpoint(lines[0], int(lines[1]), _bytes(lines[2], "checkpoint"), tuple(lines[3:-1]))


def _signer(text: str, key: NoteKey, value: bytes) -> Signer | None:
    if key.kind == ED25519:
        return Signer(key, None) if verifies(key.public_key, text.encode(), value) else None
    time_s = int.from_bytes(value[:_TIME_BYTES], "big")
    fits = len(value) == _TIME_BYTES + SIGNATURE_BYTES and time_s > 0
    holds = fits and verifies(key.public_key, _cosigned(text, time_s), value[_TIME_BYTES:])
    return Signer(key, time_s) if holds else None


def _cosigned(text: str, time_s: int) -> bytes:
    return f"cosignature/v1\ntime {time_s}\n{text}".encode()


def _signature(line: str) -> NoteSignature:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != "—":
        raise InvalidInput("not a signature line", where="note", expected="— NAME BASE64", got=ascii(line))
    data = _bytes(parts[2], "note")
    if len(data) <= _ID_BYTES:
        raise InvalidInput("a signature that is too short", where="note", got=ascii(line))
    return NoteSignature(parts[1], data[:_ID_BYTES], data[_ID_BYTES:])


def _bytes(text: str, where: str) -> bytes:
    try:
        found = binascii.a2b_base64(text, strict_mode=True)
    except ValueError:
        found = b""
    if not found or _base64(found) != text:
        raise InvalidInput("not base64", where=where, expected="base64 with padding", got=ascii(text))
    return found


def _base64(data: bytes) -> str:
    return binascii.b2a_base64(data, newline=False).decode("ascii")


def _control(text: str) -> bool:
    return _CONTROL.search(text) is not None


def _check_text(text: str) -> None:
    if not text.endswith("\n") or _control(text.replace("\n", "")):
        raise InvalidInput("not a note's text", where="note", expected="lines of UTF-8, the last one ended")


def _check_name(name: str) -> None:
    if not name or _BREAKS_NAME.search(name):
        raise InvalidInput("not a name", where="note", expected="no white space, no plus sign", got=ascii(name))
