"""Types of messages and what the envelope says of them."""

import pytest

from safeconduct.exchange.content import CONTENT_TYPES, distribution_of
from safeconduct.exchange.message import DISTRIBUTION_TYPES


def test_each_type_goes_under_a_distribution_type_of_the_standard():
    """None under a word that EDXL-DE has not."""
    assert {distribution_of(each) for each in CONTENT_TYPES} <= {*DISTRIBUTION_TYPES}


@pytest.mark.parametrize(
    ("content", "distribution"),
    [
        ("Acknowledge", "Ack"),
        ("RequestClearance", "Request"),
        ("ResponseToRequestClearance", "Response"),
        ("RespondToPublicStatement", "Response"),
        ("RevokeClearance", "Report"),
    ],
)
def test_questions_answers_and_receipts_are_told_apart(content, distribution):
    """By the type alone."""
    assert distribution_of(content) == distribution
