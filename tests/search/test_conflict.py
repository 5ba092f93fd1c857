"""Which reports contradict each other."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.model.errors import OutOfDomain
from safeconduct.search.conflict import smallest_conflict


@given(st.integers(1, 6), st.lists(st.integers(1, 63), min_size=1, max_size=12))
def test_no_smaller_set_excludes_every_place(pieces, patterns):
    """Against every subset by brute force."""
    wide = np.array([[bool(p >> i & 1) for p in patterns] for i in range(6)])[:pieces]
    if not wide.any(axis=0).all():
        with pytest.raises(OutOfDomain):
            smallest_conflict(wide)
        return
    found = smallest_conflict(wide)
    assert found.smallest
    assert wide[list(found.pieces)].any(axis=0).all()
    for size in range(len(found.pieces)):
        for chosen in combinations(range(pieces), size):
            assert not wide[list(chosen)].any(axis=0).all()


def test_too_many_to_try_are_made_irreducible():
    """Forty pieces of which twenty are needed: none of the set can be left out; it does not claim to be smallest."""
    excluded = np.zeros((40, 20), dtype=bool)
    excluded[np.arange(40), np.arange(40) % 20] = True
    found = smallest_conflict(excluded)
    assert not found.smallest
    assert len(found.pieces) == 20


def test_more_pieces_than_bits_are_refused():
    """Sixty-two at most."""
    with pytest.raises(OutOfDomain):
        smallest_conflict(np.ones((63, 2), dtype=bool))
