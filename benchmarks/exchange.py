"""The exchange: what our checks cost beside the bare library or the plainest loop that gives the same answer."""

import json
import random
import time
from collections.abc import Callable
from hashlib import sha256

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from safeconduct.exchange.canonical import canonical, parse
from safeconduct.exchange.merkle import is_included, leaf_hash, tree
from safeconduct.exchange.message import (
    LineItem,
    Message,
    Moment,
    Resource,
    message_bytes,
    message_hash,
    read_message,
)
from safeconduct.exchange.signature import public_key, sign, verifies
from safeconduct.model.instants import instant

Row = tuple[str, float, float, float, bool]
COUNT = 2000


def plain_verify(key: bytes, message: bytes, signature: bytes) -> bool:
    """The library alone, without our stricter rules for keys."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def plain_heads(leaves: list[bytes]) -> bytes:
    """A head by the definition: hash level by level, an odd node goes up as it is."""
    level = leaves
    while len(level) > 1:
        pairs = [sha256(b"\x01" + a + b).digest() for a, b in zip(level[::2], level[1::2], strict=False)]
        level = pairs + level[len(level) - len(level) % 2 :]
    return level[0]


def checked(data: bytes, key: bytes, signatures: tuple[bytes, ...]) -> bool:
    """A message as it comes in: read strictly, its hash taken, each signature over its bytes verified."""
    return bool(message_hash(read_message(data))) and all(verifies(key, data, each) for each in signatures)


def long_message(number: int) -> bytes:
    """A message of 2 KB."""
    sent = Moment(instant("2030-01-01T00:00Z"))
    items = tuple(LineItem(f"i{i}", Resource(name=f"helicopter {number}"), float(i + 1)) for i in range(11))
    return message_bytes(
        Message(
            str(number),
            "RequestResource",
            str(number),
            "c",
            "XA",
            ("XB",),
            sent,
            "Request",
            "Test",
            "open",
            items=items,
        )
    )


def timed(work: Callable[[], object]) -> tuple[float, object]:
    """Best of three runs, seconds, and what came out."""
    runs = []
    for _ in range(3):
        start = time.perf_counter()
        found = work()
        runs.append(time.perf_counter() - start)
    return min(runs), found


def row(name: str, ours: Callable[[], object], theirs: Callable[[], object]) -> Row:
    """Both timed, and whether they agree."""
    ours_s, our_answer = timed(ours)
    theirs_s, their_answer = timed(theirs)
    return (name, ours_s, theirs_s, theirs_s / ours_s, our_answer == their_answer)


def main() -> list[Row]:
    """Signatures, heads, proofs and bytes."""
    draw = random.Random(7)
    seed = draw.randbytes(32)
    key = public_key(seed)
    texts = [draw.randbytes(2048) for _ in range(COUNT)]
    signed = [(text, sign(seed, text if i % 10 else b"other")) for i, text in enumerate(texts)]  # every tenth is forged
    leaves = [leaf_hash(text) for text in texts]
    log = tree(leaves)
    proofs = [log.inclusion(i) for i in range(COUNT)]
    documents = [
        {"id": str(i), "at": "2030-01-01T00:00:00Z", "items": [{"q": i, "name": f"n{j}"} for j in range(20)]}
        for i in range(200)
    ]
    written = [long_message(i) for i in range(COUNT)]
    messages = [(text, (sign(seed, text), sign(seed, text))) for text in written]
    plain = [json.dumps(each, sort_keys=True, separators=(",", ":")).encode() for each in documents]
    return [
        row(
            f"verify {COUNT} signatures of 2 KB: ours / cryptography",
            lambda: [verifies(key, *each) for each in signed],
            lambda: [plain_verify(key, *each) for each in signed],
        ),
        row(
            f"head over {COUNT} leaves: ours / plain loop",
            lambda: tree(leaves).head(),
            lambda: plain_heads(leaves),
        ),
        row(
            "100 proofs checked / 100 heads rebuilt",
            lambda: {is_included(i, COUNT, leaves[i], proofs[i], log.head()) for i in range(100)},
            lambda: {plain_heads(leaves) == log.head() for _ in range(100)},
        ),
        row(
            f"{len(plain)} documents read and written: ours / bare rfc8785",
            lambda: [canonical(parse(each)) for each in plain],
            lambda: [rfc8785.dumps(json.loads(each)) for each in plain],
        ),
        row(
            f"{COUNT} messages of 2 KB, two signatures: ours / the signatures alone",
            lambda: (message_bytes.cache_clear(), [checked(data, key, both) for data, both in messages])[1],
            lambda: [all(plain_verify(key, data, each) for each in both) for data, both in messages],
        ),
    ]
