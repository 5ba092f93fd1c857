"""What the inbox tells a duty officer to do, and what a question for permissions says and does not swallow."""

from tests.cli.test_mistypes import desk, question, request_of_xb
from tests.cli.test_walk import TILL

__all__ = ["desk", "question", "request_of_xb"]


def granted(desk, question):
    """XB grants entry, XA commits and enters: (selection, grant)."""
    selection, asked = question
    grant = desk.said("XB", "exchange", "clear", asked, "--grant", *TILL)
    desk.bring("XB", "XA")
    desk.said("XA", "exchange", "commit", selection)
    return selection, grant


def test_whoever_is_inside_is_told_that_the_permission_is_gone(desk, question):
    """A revocation stands among what to do, not only among the states, with the command that ends the stay."""
    selection, grant = granted(desk, question)
    desk.said("XA", "exchange", "report", selection, "--state", "Entered")
    desk.bring("XA", "XB")
    desk.said("XB", "exchange", "revoke", grant, "--effective", "2031-03-01T09:00Z")
    desk.bring("XB", "XA")
    told = desk.type("XA", "exchange", "inbox")[0].partition("Last to come in")[0]
    assert "leave    h is Entered: permission ENTRY is revoked from 2031-03-01T09:00:00Z on" in told
    ((origin, item, state, _),) = desk.inbox("XA")["to_leave"]
    assert (item, state) == ("h", "Entered")
    desk.said("XA", "exchange", "report", origin, "--item", item, "--state", "Exited")
    assert desk.inbox("XA")["to_leave"] == []


def test_whoever_has_not_entered_is_told_to_hold(desk, question):
    """Taken back before the entry, or run out: it may not go in, and how to ask anew is said."""
    _, grant = granted(desk, question)
    assert desk.inbox("XA")["to_leave"] == []
    assert (
        "hold     h is Committed: permission ENTRY ended"
        in desk.type("XA", "exchange", "inbox", at="2031-03-02T09:00:01Z")[0]
    )
    desk.said("XB", "exchange", "revoke", grant)
    desk.bring("XB", "XA")
    told = desk.type("XA", "exchange", "inbox")[0]
    assert "hold     h is Committed: permission ENTRY is revoked from" in told
    assert "--ask h:GATE --until T asks anew" in told


def test_what_was_let_go_is_to_leave(desk, question):
    """The host released it: its provider is told to report that it has left."""
    selection, _ = granted(desk, question)
    desk.said("XA", "exchange", "report", selection, "--state", "Entered")
    desk.bring("XA", "XB")
    desk.said("XB", "exchange", "release", selection)
    desk.bring("XB", "XA")
    assert "leave    h is Released: it was let go" in desk.type("XA", "exchange", "inbox")[0]


def test_the_hour_in_a_question_is_that_of_the_answer(desk, question):
    """It is not how long the permission is wanted for, and does not read so."""
    shown = desk.type("XB", "exchange", "show", question[1])[0]
    assert "permission h:ENTRY, answer due by 2031-03-01T09:00:00Z" in shown


def test_a_question_for_permissions_says_what_it_is_about(desk, question):
    """A state on the way holds the question alone: words and files go with it, and with the answer."""
    form = desk.folder / "form.txt"
    form.write_text("one helicopter, unarmed")
    asked = ("exchange", "clear", question[0], "--ask", "h:XC-OVERFLIGHT", "--to", "XC,XB", *TILL)
    name = desk.said("XA", *asked, "--says", "one helicopter", "--attach", f"form={form}")
    desk.bring("XA", "XC")
    shown = desk.type("XC", "exchange", "show", name)[0]
    assert "one helicopter" in shown
    assert "| one helicopter, unarmed" in shown
    answer = ("exchange", "clear", name, "--grant", *TILL, "--says", "ask for RCC", "--attach", f"chart={form}")
    said = desk.type("XC", *answer)[0]
    assert "ask for RCC" in said
    assert "attached: chart" in said


def test_an_option_of_another_act_is_refused(desk, question):
    """What would be left unsaid is no part of the command: a condition of a refusal, a reason of a question."""
    selection, asked = question
    refuse = ("exchange", "clear", asked, "--refuse", "--reason", "no")
    assert "--condition" in desk.wrong("XB", *refuse, "--condition", "unarmed")
    assert "--until" in desk.wrong("XB", *refuse, *TILL)
    ask = ("exchange", "clear", selection, "--ask", "h:ENTRY", *TILL)
    assert "--reason" in desk.wrong("XA", *ask, "--reason", "x")
