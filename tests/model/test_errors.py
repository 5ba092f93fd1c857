"""The one error root."""

import pytest

from safeconduct.model.errors import (
    Bug,
    Corrupt,
    InvalidInput,
    OutOfDomain,
    OutOfScope,
    SafeConductError,
    Unavailable,
)


def test_a_message_reads_place_fault_expected_got():
    """Place, fault, what was expected and what came instead, in that order, and each is kept as data."""
    fault = InvalidInput("not a latitude", where="case.yaml:7", expected="degrees in [-90, 90]", got="98")
    expected = "case.yaml:7: not a latitude. Expected degrees in [-90, 90]. Got 98."
    assert str(fault) == expected
    assert (fault.message, fault.where, fault.expected, fault.got) == (
        "not a latitude",
        "case.yaml:7",
        "degrees in [-90, 90]",
        "98",
    )


def test_a_bare_message_says_no_more():
    """Without place, expectation or value only the sentence is said."""
    assert str(Bug("broken")) == "broken."


@pytest.mark.parametrize(("size", "kept"), [(120, 120), (121, 120), (5000, 120)])
def test_what_came_instead_is_cut_to_120_characters(size, kept):
    """A value of 120 characters is kept whole; a longer one ends in three dots."""
    fault = InvalidInput("bad", got="x" * size)
    assert len(fault.got) == kept
    assert fault.got.endswith("...") == (size > kept)


@pytest.mark.parametrize(
    ("error", "kind", "correctable"),
    [
        (InvalidInput, "invalid-input", True),
        (OutOfScope, "out-of-scope", True),  # nothing to correct, but it is the input that is refused
        (OutOfDomain, "out-of-domain", True),
        (Unavailable, "unavailable", False),
        (Corrupt, "corrupt", False),
        (Bug, "bug", False),
    ],
)
def test_each_branch_says_who_can_act(error, kind, correctable):
    """Every error comes from the one root; those of exit status 2 are input errors, the others are not."""
    assert issubclass(error, SafeConductError)
    assert error.kind == kind
    assert issubclass(error, InvalidInput) == correctable
