"""
Merkle trees as in RFC 6962: a log whose head, 32 bytes, fixes every entry and their order.

Proofs are made from a `Tree` and checked with nothing but hashes in hand, by the algorithms of RFC 9162 sections
2.1.3.2 and 2.1.4.2 (the same trees, the checks written out).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from safeconduct.model.errors import OutOfDomain

HASH_BYTES = 32
EMPTY_HEAD = sha256(b"").digest()
"""Head of a log without entries (RFC 6962 section 2.1)."""


def leaf_hash(entry: bytes) -> bytes:
    """Hash of one entry; the prefix keeps entries and inner nodes apart (RFC 6962 section 2.1)."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of the node over two subtrees, 32 bytes each."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Tree:
    """
    Every complete subtree of a log, so that heads and proofs of each of its earlier sizes cost a logarithm.

    Args:
        levels: Level 0 holds the leaf hashes; entry i of level k is the hash over leaves [i 2^k, (i + 1) 2^k). Levels
            end where no subtree is complete. An empty log has one empty level. Made by `tree`.
    """

    levels: tuple[tuple[bytes, ...], ...]

    @property
    def size(self) -> int:
        """How many entries the log has."""
        return len(self.levels[0])

    def head(self, size: int | None = None) -> bytes:
        """
        The head over the first *size* entries (default: all).

        Raises:
            OutOfDomain: *size* is not in [0, self.size].
        """
        upto = self.size if size is None else size
        self._check(upto, 0, self.size, "size")
        return self._over(0, upto) if upto else EMPTY_HEAD

    def inclusion(self, index: int, size: int | None = None) -> tuple[bytes, ...]:
        """
        Hashes that lead from entry *index*, counted from 0, to the head over the first *size* entries, leaf end first.

        Raises:
            OutOfDomain: *size* is not in [1, self.size], or *index* not in [0, size).
        """
        upto = self.size if size is None else size
        self._check(upto, 1, self.size, "size")
        self._check(index, 0, upto - 1, "index")
        return tuple(self._path(index, 0, upto))

    def consistency(self, before: int, size: int | None = None) -> tuple[bytes, ...]:
        """
        Hashes that show the log of *before* entries to be the start of the log of *size* entries.

        Equal sizes need none, and the proof is empty.

        Raises:
            OutOfDomain: *size* is not in [1, self.size], or *before* not in [1, size]: an empty log starts every log
                and proves nothing.
        """
        upto = self.size if size is None else size
        self._check(upto, 1, self.size, "size")
        self._check(before, 1, upto, "before")
        return tuple(self._grown(before, 0, upto, whole=True))

    def _over(self, start: int, end: int) -> bytes:
        """Hash over leaves [start, end); *start* is a multiple of the largest power of two that fits in."""
        span = 1 << ((end - start - 1).bit_length())
        if span == end - start:
            return self.levels[span.bit_length() - 1][start // span]
        middle = start + span // 2
        return node_hash(self._over(start, middle), self._over(middle, end))

    def _path(self, index: int, start: int, end: int) -> list[bytes]:
        """PATH of RFC 6962 section 2.1.1, with absolute indices."""
        if end - start == 1:
            return []
        middle = start + _split(end - start)
        if index < middle:
            return [*self._path(index, start, middle), self._over(middle, end)]
        return [*self._path(index, middle, end), self._over(start, middle)]

    def _grown(self, before: int, start: int, end: int, *, whole: bool) -> list[bytes]:
        """SUBPROOF of RFC 6962 section 2.1.2; *whole*: the earlier head itself is this subtree, so it is not sent."""
        if before == end:
            return [] if whole else [self._over(start, end)]
        middle = start + _split(end - start)
        if before <= middle:
            return [*self._grown(before, start, middle, whole=whole), self._over(middle, end)]
        return [*self._grown(before, middle, end, whole=False), self._over(start, middle)]

    def _check(self, value: int, least: int, most: int, name: str) -> None:
        if not least <= value <= most:
            raise OutOfDomain(f"no such {name}", where=name, expected=f"in [{least}, {most}]", got=str(value))


def tree(leaves: Iterable[bytes]) -> Tree:
    """
    Build the tree over *leaves*.

    Args:
        leaves: Leaf hashes, 32 bytes each, in the order of the log.

    Raises:
        OutOfDomain: A leaf hash has not 32 bytes.
    """
    level = tuple(leaves)
    for index, each in enumerate(level):
        if len(each) != HASH_BYTES:
            expected = f"{HASH_BYTES} bytes"
            raise OutOfDomain("not a hash", where=f"leaves[{index}]", expected=expected, got=f"{len(each)} bytes")
    levels = [level]
    while len(level) > 1:
        level = tuple(node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2))
        levels.append(level)
    return Tree(tuple(levels))


def is_included(index: int, size: int, leaf: bytes, proof: Sequence[bytes], head: bytes) -> bool:
    """
    Whether *proof* leads from the leaf hash *leaf* at *index* to the head of a log of *size* entries.

    Every proof that is not exactly the right one is refused: too long, too short, a hash that has not 32 bytes, an
    index outside the log.
    """
    if not 0 <= index < size or any(len(each) != HASH_BYTES for each in (leaf, *proof)):
        return False
    here, last, found = index, size - 1, leaf
    for each in proof:
        if last == 0:
            return False
        if here & 1 or here == last:
            found = node_hash(each, found)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            found = node_hash(found, each)
        here, last = here >> 1, last >> 1
    return last == 0 and found == head


def is_consistent(before: int, size: int, old_head: bytes, head: bytes, proof: Sequence[bytes]) -> bool:
    """
    Whether *proof* shows a log of *size* entries to continue, unchanged, the log of *before* entries.

    An earlier log without entries is refused: nothing about it can be proved. For equal sizes the proof is empty and
    the heads are the same bytes.
    """
    if not 0 < before <= size or any(len(each) != HASH_BYTES for each in proof):
        return False
    if before == size:
        return not proof and old_head == head
    if not proof or len(old_head) != HASH_BYTES:
        return False
    whole = before & (before - 1) == 0  # the earlier head is itself a node of the later tree
    first, *rest = (old_head, *proof) if whole else tuple(proof)
    here, last = before - 1, size - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    old = new = first
    for each in rest:
        if last == 0:
            return False
        if here & 1 or here == last:
            old, new = node_hash(each, old), node_hash(each, new)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            new = node_hash(new, each)
        here, last = here >> 1, last >> 1
    return last == 0 and (old, new) == (old_head, head)


def _split(size: int) -> int:
    """The largest power of two below *size* (> 1)."""
    return 1 << ((size - 1).bit_length() - 1)
