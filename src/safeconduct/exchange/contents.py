"""What is sealed into a parcel: messages with their proofs, and what one record needs of the other."""

from __future__ import annotations

import base64
from dataclasses import dataclass, fields
from hashlib import sha256

from safeconduct.exchange.card import Signature, SignedCard
from safeconduct.exchange.codec import read_exactly, written
from safeconduct.exchange.disclosure import Disclosure
from safeconduct.exchange.parcel import Hop, Routing
from safeconduct.exchange.record import Inclusion
from safeconduct.exchange.signed import SignedMessage, signed_bytes
from safeconduct.model.errors import InvalidInput

VERSION = 1


@dataclass(frozen=True, slots=True)
class Enclosure:
    """
    The bytes of an attachment that a message names by hash.

    Args:
        data: Base64.
    """

    digest: str
    data: str

    def __post_init__(self) -> None:
        try:
            found = base64.b64decode(self.data, validate=True)
        except ValueError:
            raise InvalidInput("not base64", where="data", expected="base64") from None
        if sha256(found).hexdigest() != self.digest:
            raise InvalidInput("an attachment that is not the one named", where="digest", expected=self.digest)

    @property
    def content(self) -> bytes:
        """The bytes themselves."""
        return base64.b64decode(self.data)


@dataclass(frozen=True, slots=True)
class Carried:
    """
    A parcel that arrived, without its contents: the receipts of its carriers go back to the one who had sent it.

    Args:
        signature: The sender's.
    """

    routing: Routing
    signature: Signature
    hops: tuple[Hop, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """
    The contents of a parcel.

    Args:
        cards: The sender's cards that the recipient may lack, in the order of the chain.

        messages: Sent, or sent again because they were asked for.

        proofs: That each message stands in the sender's log, against the checkpoint of the routing.

        cosigned: Checkpoints of the recipient's log with the sender's cosignature.

        carried: Parcels of the recipient that arrived here, with their carriers' receipts.

        wants: Hashes and ids of messages that the sender knows of and does not hold.

        holds: Hashes of receipts of the recipient that arrived: a receipt gets no receipt, and need not be sent again.

        disclosures: Of withheld facts, to this recipient.

        enclosures: Bytes of attachments.
    """

    cards: tuple[SignedCard, ...]
    messages: tuple[SignedMessage, ...]
    proofs: tuple[Inclusion, ...]
    cosigned: tuple[str, ...]
    carried: tuple[Carried, ...]
    wants: tuple[str, ...]
    holds: tuple[str, ...]
    disclosures: tuple[Disclosure, ...]
    enclosures: tuple[Enclosure, ...]
    version: int = VERSION

    def __post_init__(self) -> None:
        if self.version != VERSION:
            raise InvalidInput("another version", where="version", expected=str(VERSION), got=str(self.version))


_FIELDS = tuple(sorted(each.name for each in fields(Contents)))


def enclose(data: bytes) -> Enclosure:
    """An attachment's bytes for a parcel."""
    return Enclosure(sha256(data).hexdigest(), base64.b64encode(data).decode("ascii"))


def write_contents(contents: Contents) -> bytes:
    """The bytes to seal."""
    # Each message is written once, for its hash too; the fields of the rest stand in the order of RFC 8785.
    parts = {name: written(getattr(contents, name)) for name in _FIELDS if name != "messages"}
    parts["messages"] = b"[%b]" % b",".join([signed_bytes(each) for each in contents.messages])
    return b"{%b}" % b",".join([b'"%b":%b' % (name.encode(), parts[name]) for name in _FIELDS])


def read_contents(data: bytes) -> Contents:
    """
    The contents that `write_contents` wrote.

    Raises:
        InvalidInput: In any respect not those bytes. The place is a JSON path.
    """
    return read_exactly(Contents, data, write_contents, "contents")
