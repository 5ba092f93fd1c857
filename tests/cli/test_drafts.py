"""What one office signed waits for another; meanwhile the conversation goes on."""

import json

from tests.cli.test_mistypes import CASE, desk, offered

__all__ = ["desk", "offered"]
LATER = {"at": "2031-03-01T06:20:00Z"}


def breaches(desk, party, **more):
    """Codes of the breaches on record in case c."""
    return [each["code"] for each in desk.inbox(party, **more)["threads"]["c"]["violations"]]


def test_a_receipt_made_meanwhile_makes_no_breach(desk, offered):
    """The desk takes a bundle in, which makes a receipt in the thread; then the second office signs what waited."""
    draft = desk.said("XA", "exchange", "select", offered, "--as", "duty")
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


def test_who_acts_for_whom_is_listed(desk):
    """party list says it on both sides, with the hour: in words and as data."""
    desk.type("XA", "party", "rotate", "--acting", "deputy=minister=2031-03-05T06:00Z", "--reason", "succession")
    desk.bring("XA", "XB", **LATER)
    for each in ("XA", "XB"):
        assert "deputy acts for minister until 2031-03-05T06:00:00Z" in desk.type(each, "party", "list", **LATER)[0]
    listed = json.loads(desk.type("XB", "party", "list", "--json", **LATER)[0])["parties"]
    assert [each["acting"] for each in listed if each["party"] == "XA"] == [
        [["deputy", "minister", "2031-03-05T06:00:00Z"]]
    ]


def test_bundles_are_taken_in_the_oldest_first(desk):
    """Whatever order they are named in: the later one proves its log from the earlier one on."""
    files = [desk.folder / f"{number}.scb" for number in range(3)]
    for number, file in enumerate(files):
        hour = {"at": f"2031-03-01T06:{20 + number}:00Z"}
        desk.said("XA", "exchange", "offer", "c", "--to", "XB", "--says", str(number), **hour)
        desk.type("XA", "exchange", "export", file, "--to", "XB", "--direct", **hour)
    junk = desk.folder / "junk"
    junk.write_text("no bundle")
    hour = {"at": "2031-03-01T06:30:00Z"}
    said = desk.type("XB", "exchange", "import", *reversed(files), junk, "--json", status=2, **hour)[0]
    taken = json.loads(said)
    assert [len(each["fresh"]) for each in taken["bundles"]] == [1, 1, 1]
    assert len(taken["refused"]) == 1


def test_what_was_just_said_is_recalled_in_the_same_second(desk):
    """Which of the two came first is in the message, not in their ids: it holds every time."""
    for _ in range(8):
        name = desk.said("XB", "exchange", "offer", "c", "--to", "XA", "--item", "dogs=dog team")
        desk.said("XB", "exchange", "recall", name)
    desk.bring("XB", "XA")
    for each in ("XA", "XB"):
        thread = desk.inbox(each)["threads"]["c"]
        assert (thread["violations"], thread["holes"]) == ([], [])
        assert {item["state"] for item in thread["items"]} == {"Withdrawn"}


def test_evidence_is_written_with_json_said_of_it(desk, offered):
    """--json says what was written; evidence is for nobody in particular, so --to beside it is refused."""
    file = desk.folder / "e.scb"
    said = json.loads(desk.type("XA", "exchange", "export", file, "--evidence", "c", "--json")[0])
    assert said == {"evidence": "c", "file": str(file), "disclosures": False}
    assert "not one of two" in desk.wrong(
        "XA", "exchange", "export", desk.folder / "f", "--evidence", "c", "--to", "XB"
    )


def test_a_sounding_about_a_case_says_its_title(desk, monkeypatch):
    """The other side has not the file: a shipped name or a path is told by title and id, other words as they are."""
    file = desk.folder / "q.scs"
    monkeypatch.chdir(desk.folder)
    desk.type(None, "case", "new", "played", "--exercise-of", CASE)
    for words in (CASE, "played.yaml"):
        assert f" ({CASE})\n" in desk.type("XA", "exchange", "sound", words, file, "--to", "XB")[0]
    assert "\n  would you?\n" in desk.type("XA", "exchange", "sound", "would you?", file, "--to", "XB")[0]
