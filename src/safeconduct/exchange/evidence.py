"""
A case's conversation as a file for a third person: whole, open, checkable without keys or trust in who hands it over.

One line of JSON each: a heading, cards, checkpoints, then every message with its proofs, in the order of the thread.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256

from safeconduct.exchange.canonical import parse
from safeconduct.exchange.card import SignedCard
from safeconduct.exchange.codec import from_json, written
from safeconduct.exchange.contents import Carried, Enclosure
from safeconduct.exchange.disclosure import Disclosure
from safeconduct.exchange.record import Growth, Inclusion
from safeconduct.exchange.signed import SignedMessage
from safeconduct.model.errors import InvalidInput
from safeconduct.model.instants import Instant

VERSION = 1


@dataclass(frozen=True, slots=True)
class Heading:
    """
    The first line.

    Args:
        lines: How many follow.

        digest: SHA-256 over all that follows: a file cut short or altered is seen at once.
    """

    safeconduct: str
    version: int
    case: str
    by: str
    made_at: Instant
    lines: int
    digest: str


@dataclass(frozen=True, slots=True)
class Head:
    """A checkpoint with its cosignatures, and that it continues earlier ones of the same log."""

    note: str
    growths: tuple[Growth, ...]


Line = SignedCard | Head | SignedMessage | Inclusion | Carried | Disclosure | Enclosure
_KINDS: dict[str, type[Line]] = {
    "card": SignedCard,
    "head": Head,
    "message": SignedMessage,
    "inclusion": Inclusion,
    "carried": Carried,
    "disclosure": Disclosure,
    "enclosure": Enclosure,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}


@dataclass(frozen=True, slots=True)
class Evidence:
    """
    What the file holds.

    Args:
        case: Which case.

        by: The party that hands it over.
    """

    case: str
    by: str
    made_at: Instant
    cards: tuple[SignedCard, ...]
    heads: tuple[Head, ...]
    messages: tuple[SignedMessage, ...]
    inclusions: tuple[Inclusion, ...]
    carried: tuple[Carried, ...]
    disclosures: tuple[Disclosure, ...]
    enclosures: tuple[Enclosure, ...]


def write_evidence(found: Evidence) -> bytes:
    """The file."""
    every: tuple[tuple[Line, ...], ...] = (
        found.cards,
        found.heads,
        found.messages,
        found.inclusions,
        found.carried,
        found.disclosures,
        found.enclosures,
    )
    lines = [b'["%b",%b]\n' % (_NAMES[type(each)].encode(), written(each)) for some in every for each in some]
    digest = _digest(lines)
    heading = Heading("evidence", VERSION, found.case, found.by, found.made_at, len(lines), digest)
    return b"".join([written(heading), b"\n", *lines])


def read_evidence(data: bytes) -> Evidence:
    """
    Read the file that `write_evidence` wrote; nothing is verified but that it is whole.

    Raises:
        InvalidInput: Not such a file, cut short, altered, or a line that is no value of its kind (its place).
    """
    first, _, rest = data.partition(b"\n")
    heading = from_json(Heading, parse(first))
    if heading.safeconduct != "evidence" or heading.version != VERSION:
        raise InvalidInput("not evidence", where="line 1", expected=f"evidence of version {VERSION}")
    lines = rest.splitlines(keepends=True)
    if len(lines) != heading.lines or _digest(lines) != heading.digest:
        expected = f"{heading.lines} lines with the digest of the heading"
        raise InvalidInput(
            "a file that is cut short or altered", where="line 1", expected=expected, got=str(len(lines))
        )
    values = list(_values(lines))
    return Evidence(
        heading.case,
        heading.by,
        heading.made_at,
        tuple(each for each in values if isinstance(each, SignedCard)),
        tuple(each for each in values if isinstance(each, Head)),
        tuple(each for each in values if isinstance(each, SignedMessage)),
        tuple(each for each in values if isinstance(each, Inclusion)),
        tuple(each for each in values if isinstance(each, Carried)),
        tuple(each for each in values if isinstance(each, Disclosure)),
        tuple(each for each in values if isinstance(each, Enclosure)),
    )


def _values(lines: Iterable[bytes]) -> Iterator[Line]:
    for number, line in enumerate(lines, start=2):
        try:
            yield _value(line.removesuffix(b"\n"))
        except InvalidInput as error:
            error.where = f"line {number} {error.where}".strip()
            raise


def _value(line: bytes) -> Line:
    found = parse(line)
    if not isinstance(found, list) or len(found) != 2 or not isinstance(found[0], str) or found[0] not in _KINDS:
        raise InvalidInput("not a line of evidence", expected=" | ".join(_KINDS))
    return from_json(_KINDS[found[0]], found[1])


def _digest(lines: Iterable[bytes]) -> str:
    whole = sha256()
    for line in lines:
        whole.update(line)
    return whole.hexdigest()
