"""What a user met on a walk through the exchange, by command."""

from tests.cli.test_mistypes import desk, question, request_of_xb

__all__ = ["desk", "question", "request_of_xb"]
TILL = ("--until", "2031-03-02T09:00Z")


def test_a_mistyped_permission_is_gone_once_its_question_is_taken_back(desk, question):
    """While the question stands an entry would be a breach; taken back, it is in order and nothing asks for it."""
    selection, asked = question
    desk.said("XB", "exchange", "clear", asked, "--grant", *TILL)
    desk.bring("XB", "XA")
    desk.said("XA", "exchange", "commit", selection)
    typo = desk.said("XA", "exchange", "clear", selection, "--ask", "h:ENTYR", *TILL)
    report = ("exchange", "report", selection, "--state", "Entered")
    assert "ENTYR" in desk.wrong("XA", *report)
    desk.said("XA", "exchange", "recall", typo)
    assert "ENTYR" not in desk.type("XA", "exchange", "inbox")[0].partition("c: EXERCISE")[2]
    assert desk.inbox("XA")["to_ask"] == []
    desk.said("XA", *report)


def test_a_second_revocation_prolongs_nothing(desk, question):
    """Whoever takes a permission back for a later hour than before is told that the earlier hour counts."""
    grant = desk.said("XB", "exchange", "clear", question[1], "--grant", *TILL)
    revoke = ("exchange", "revoke", grant, "--effective")
    desk.said("XB", *revoke, "2031-03-01T12:00Z")
    assert "from 2031-03-01T12:00:00Z on: the earlier hour counts" in desk.type("XB", *revoke, "2031-03-01T18:00Z")[1]
    assert "revoked from 2031-03-01T12:00:00Z on" in desk.type("XB", "exchange", "inbox")[0]
