"""What one office signed waits for another; meanwhile the conversation goes on."""

from tests.cli.test_mistypes import CASE, desk, offered

__all__ = ["desk", "offered"]
LATER = {"at": "2031-03-01T06:20:00Z"}


def breaches(desk, party, **more):
    """Codes of the breaches on record in case c."""
    return [each["code"] for each in desk.inbox(party, **more)["threads"]["c"]["violations"]]


def test_a_receipt_made_meanwhile_makes_no_breach(desk, offered):
    """The desk takes a bundle in, which makes a receipt in the thread; then the second office signs what waited."""
    draft = desk.said("XA", "exchange", "select", offered, "--as", "duty")
    desk.said("XB", "exchange", "recall", desk.said("XB", "exchange", "offer", "c", "--to", "XA", "--says", "x"))
    desk.said("XB", "exchange", "clear", offered, "--ask", "dogs:ENTRY", "--until", "2031-03-02T06:00Z")
    desk.bring("XB", "XA", **LATER)
    assert desk.inbox("XA", **LATER)["drafts"] == [draft]
    desk.said("XA", "exchange", "sign", draft, "--as", "legal", **LATER)
    desk.bring("XA", "XB", **LATER)
    for each in ("XA", "XB"):
        assert breaches(desk, each, **LATER) == []


def test_a_draft_that_its_thread_has_left_behind_is_refused_and_named(desk, offered):
    """Signed now it would read as a second history: nothing is signed, the inbox and show say so, --anyway signs it."""
    decline = desk.said("XA", "exchange", "answer", offered, "--decline", "--as", "duty")
    desk.said("XA", "exchange", "select", offered, **LATER)
    said = desk.wrong("XA", "exchange", "sign", decline, "--as", "legal", **LATER)
    assert "nothing was signed" in said
    assert "chain-forked" in said
    assert f"exchange drop {decline[-8:]}" in said
    assert f"void     draft {decline[-8:]}: it would be a breach" in desk.type("XA", "exchange", "inbox", **LATER)[0]
    assert "VOID: it would be a breach" in desk.type("XA", "exchange", "show", decline, **LATER)[0]
    assert breaches(desk, "XA", **LATER) == []
    desk.said("XA", "exchange", "sign", decline, "--as", "legal", "--anyway", **LATER)
    assert breaches(desk, "XA", **LATER) == ["chain-forked"]


def test_whoever_is_asked_reads_by_when(desk):
    """The hour by which each thing is wanted stands under it, in the preview and with the recipient."""
    preview = desk.type("XB", "exchange", "request", CASE, "--to", "XA", "--preview")[0]
    assert "\n    RequestedArrival 20" in preview
