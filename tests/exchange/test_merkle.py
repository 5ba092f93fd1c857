"""A log whose head fixes every entry and their order."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.exchange.merkle import EMPTY_HEAD, Tree, is_consistent, is_included, leaf_hash, tree
from safeconduct.model.errors import OutOfDomain

MOST = 34  # two past a power of two: every shape of the upper levels occurs
ENTRIES = [bytes([i]) * (i % 5) for i in range(MOST)]
LEAVES = [leaf_hash(entry) for entry in ENTRIES]
LOG = tree(LEAVES)


def plain_head(entries):
    """MTH of RFC 6962 section 2.1, word for word."""
    if not entries:
        return sha256(b"").digest()
    if len(entries) == 1:
        return sha256(b"\x00" + entries[0]).digest()
    k = 1
    while 2 * k < len(entries):
        k *= 2
    return sha256(b"\x01" + plain_head(entries[:k]) + plain_head(entries[k:])).digest()


def test_heads_are_those_of_the_standard():
    """Every size has the head of the definition, whether it is the whole log or its start."""
    for size in range(MOST + 1):
        assert LOG.head(size) == plain_head(ENTRIES[:size])
        assert tree(LEAVES[:size]).head() == plain_head(ENTRIES[:size])
    assert tree([]).head() == EMPTY_HEAD


def test_every_entry_is_shown_to_be_in_the_log():
    """For every size and index the proof holds, and for no other index or size."""
    for size in range(1, MOST + 1):
        head = LOG.head(size)
        for index in range(size):
            proof = LOG.inclusion(index, size)
            assert is_included(index, size, LEAVES[index], proof, head)
            others = [at for at in range(size + 1) if at != index and is_included(at, size, LEAVES[index], proof, head)]
            assert others == []


def test_every_log_is_shown_to_continue_every_earlier_one():
    """For every pair of sizes the proof holds, and for no other earlier size."""
    for size in range(1, MOST + 1):
        for before in range(1, size + 1):
            proof = LOG.consistency(before, size)
            old, new = LOG.head(before), LOG.head(size)
            assert is_consistent(before, size, old, new, proof)
            others = [n for n in range(size + 1) if n != before and is_consistent(n, size, old, new, proof)]
            assert others == []


@given(st.integers(2, MOST), st.data())
def test_a_rewritten_past_cannot_be_shown_to_continue(size, data):
    """With one early entry changed, the honest proof of either log joins no old head to the other's new head."""
    before = data.draw(st.integers(1, size - 1))
    changed = data.draw(st.integers(0, before - 1))
    rewritten = tree([leaf_hash(b"other") if i == changed else leaf for i, leaf in enumerate(LEAVES)])
    for proof in (LOG.consistency(before, size), rewritten.consistency(before, size)):
        assert not is_consistent(before, size, LOG.head(before), rewritten.head(size), proof)


HASHES = st.sampled_from([*LEAVES[:4], LOG.head(4), LOG.head(7), b"", b"\x00" * 31, b"\x00" * 33])


@given(st.integers(-2, 2**70), st.integers(-2, 2**70), HASHES, HASHES, st.lists(HASHES, max_size=80))
def test_any_proof_is_judged(first, second, one, other, proof):
    """Sizes of any magnitude and hashes of any length get an answer, and none outside the domain is yes."""
    included = is_included(first, second, one, proof, other)
    consistent = is_consistent(first, second, one, other, proof)
    assert not included or 0 <= first < second
    assert not consistent or 0 < first <= second


@pytest.mark.parametrize(
    "ask",
    [
        lambda: LOG.head(-1),
        lambda: LOG.head(MOST + 1),
        lambda: LOG.inclusion(MOST),
        lambda: LOG.inclusion(-1),
        lambda: LOG.inclusion(3, 3),
        lambda: LOG.consistency(0),
        lambda: LOG.consistency(4, 3),
        lambda: tree([]).inclusion(0),
        lambda: tree([b"short"]),
    ],
)
def test_what_the_log_does_not_have_cannot_be_asked(ask):
    """No head, proof or tree outside the domain that its docstring states."""
    with pytest.raises(OutOfDomain):
        ask()


def test_an_entry_cannot_pass_for_a_node():
    """The prefixes keep leaf and node hashes apart, so two leaves joined are no entry with the same head."""
    assert tree([leaf_hash(LEAVES[0] + LEAVES[1])]).head() != tree(LEAVES[:2]).head()
    assert Tree(((LEAVES[0],),)).head() == LEAVES[0]
