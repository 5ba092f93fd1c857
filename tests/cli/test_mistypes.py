"""An officer at three in the morning: what is mistyped is named, and nothing of it is signed."""

import getpass
import io
import json
import os
import re
import sys
from contextlib import redirect_stderr, redirect_stdout
from functools import cache

import pytest
from tests.desk.parties import PASSPHRASE, parties

from safeconduct.cli.main import main
from safeconduct.desk import drawing
from safeconduct.desk.party import open_party
from safeconduct.desk.speaking import say
from safeconduct.exchange import keybox
from safeconduct.model.errors import InvalidInput
from safeconduct.model.instants import instant

CASE = "exercise-two-rivers"
_SLOW = cache(keybox._key)
"""Slow on purpose: once for each key is enough here."""


class Desk:
    """Parties on disk, and a keyboard."""

    def __init__(self, folder):
        self.folder = folder

    def type(self, party, *words, at="2031-03-01T06:10:00Z", status=0):
        """One command for a party; (stdout, stderr)."""
        os.environ["SAFECONDUCT_NOW"] = at
        home = ["--home", str(self.folder / party)] if party else []
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
        with pytest.raises(SystemExit) as left, redirect_stdout(out), redirect_stderr(err):
            main([*map(str, words), *home])
        said, faults = (each.buffer.getvalue().decode() for each in (out, err))
        assert (left.value.code or 0) == status, said + faults
        return said, faults

    def wrong(self, party, *words, status=2, **more):
        """What is said about a command that is refused."""
        return self.type(party, *words, status=status, **more)[1]

    def said(self, party, *words, **more):
        """The id of what was said."""
        return json.loads(self.type(party, *words, "--json", **more)[0])["id"]

    def inbox(self, party, **more):
        return json.loads(self.type(party, "exchange", "inbox", "--json", **more)[0])

    def bring(self, sender, recipient, **more):
        """A bundle, straight."""
        file = self.folder / "x.scb"
        self.type(sender, "exchange", "export", file, "--to", recipient, "--direct", **more)
        return self.type(recipient, "exchange", "import", file, **more)[0]


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """XA and XB, XC to carry; the passphrase in the environment."""
    for name in [each for each in os.environ if each.startswith("SAFECONDUCT_PASS")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("SAFECONDUCT_PASSPHRASE", PASSPHRASE)
    monkeypatch.setenv("SAFECONDUCT_NOW", "")
    monkeypatch.setattr(keybox, "_key", _SLOW)
    for each in parties(tmp_path).values():
        each.store.close()
    return Desk(tmp_path)


@pytest.fixture
def offered(desk):
    """An offer of two dog teams by XB that XA holds: its id."""
    name = desk.said("XB", "exchange", "offer", "c", "--to", "XA", "--item", "dogs=dog team=2")
    desk.bring("XB", "XA")
    return name


@pytest.fixture
def request_of_xb(desk):
    """A request of XB to XA for two helicopters, with two permissions named, that XA holds: its id."""
    file = desk.folder / "request.json"
    body = {
        "content": "RequestResource",
        "case": "c",
        "recipients": ["XA"],
        "items": [
            {
                "id": "h",
                "quantity": 2,
                "resource": {"id": None, "name": "helicopter", "type": None},
                "deployment": None,
                "response": None,
                "schedule": [],
            }
        ],
    }
    file.write_text(json.dumps(body))
    name = desk.said("XB", "exchange", "write", file)
    desk.bring("XB", "XA")
    return name


@pytest.fixture
def question(desk, request_of_xb):
    """XA offers, is selected, and asks for a permission until 09:00: (selection, question)."""
    offer = desk.said("XA", "exchange", "answer", request_of_xb, "--accept")
    desk.bring("XA", "XB")
    selection = desk.said("XB", "exchange", "select", offer)
    desk.bring("XB", "XA")
    asked = desk.said("XA", "exchange", "clear", selection, "--ask", "h:ENTRY", "--until", "2031-03-01T09:00Z")
    desk.bring("XA", "XB")
    return selection, asked


def log_size(desk, party):
    return re.search(r"(\d+) entries", desk.type(party, "exchange", "check-store")[0]).group(1)


@pytest.mark.parametrize(
    "words", [("verify", "{junk}"), ("exchange", "import", "{junk}"), ("exchange", "hear", "{junk}")]
)
def test_a_file_that_is_none_is_named(desk, words):
    """The error about what stands in a file says which file."""
    junk = desk.folder / "junk"
    junk.write_text("junk")
    said = desk.wrong("" if words[0] == "verify" else "XA", *(str(each).format(junk=junk) for each in words))
    assert said.startswith(f"error: {junk} ")


def test_one_bad_bundle_does_not_keep_out_the_others(desk):
    """Of three files the second is junk: the first and third are taken in and told, then the error."""
    files = [desk.folder / f"{name}.scb" for name in ("one", "junk", "two")]
    for file in (files[0], files[2]):
        desk.said("XB", "exchange", "check", "drill", "--to", "XA")
        desk.type("XB", "exchange", "export", file, "--to", "XA")
    files[1].write_text("junk")
    said, faults = desk.type("XA", "exchange", "import", *files, status=2)
    assert said.count("from XB: 1 new") == 2
    assert str(files[1]) in faults


def test_a_missing_passphrase_says_where_it_is_taken_from(desk, monkeypatch):
    """With nothing in the environment and nobody at a terminal, the error names the variables that work."""
    monkeypatch.delenv("SAFECONDUCT_PASSPHRASE")
    made = desk.wrong("XQ", "party", "init", "XQ")
    assert "key duty" in made
    for said in (made, desk.wrong("XA", "exchange", "export", desk.folder / "x.scb", "--to", "XB")):
        assert "SAFECONDUCT_PASSPHRASE" in said
        assert "--passphrase" not in said


def test_a_passphrase_for_one_office_opens_that_one(desk, monkeypatch):
    """The variable of an office serves that office alone; without the others' a draft waits."""
    monkeypatch.delenv("SAFECONDUCT_PASSPHRASE")
    monkeypatch.setenv("SAFECONDUCT_PASSPHRASE_LEGAL", PASSPHRASE)
    said, _ = desk.type("XA", "exchange", "offer", "c", "--to", "XB", "--says", "anything")
    assert "A DRAFT, signed by legal" in said
    assert "Got legal" in said


@pytest.fixture
def keyboard(monkeypatch):
    """A terminal at which somebody types; what was asked for."""
    asked, typed = [], []

    def answer(prompt):
        asked.append(prompt)
        return typed.pop(0) if typed else PASSPHRASE

    monkeypatch.delenv("SAFECONDUCT_PASSPHRASE")
    monkeypatch.setattr(getpass, "getpass", answer)
    monkeypatch.setattr(sys, "stdin", type("Terminal", (), {"isatty": staticmethod(lambda: True)})())
    return asked, typed


def test_reading_the_inbox_asks_for_no_passphrase(desk, keyboard):
    """Nothing is asked for that is not needed."""
    desk.type("XA", "exchange", "inbox")
    assert keyboard[0] == []


def test_a_terminal_is_asked_for_the_offices_that_are_to_sign(desk, keyboard):
    """With --as, those offices and no other."""
    said, _ = desk.type("XA", "exchange", "offer", "c", "--to", "XB", "--says", "anything", "--as", "duty,minister")
    assert "Signed by duty, minister" in said
    assert keyboard[0] == ["Passphrase of duty: ", "Passphrase of minister: "]


def test_an_empty_line_leaves_an_office_out(desk, keyboard):
    """Who is not there is left out, and the others sign."""
    keyboard[1].append("")
    said, _ = desk.type("XA", "exchange", "offer", "c", "--to", "XB", "--says", "anything")
    assert "Signed by legal, minister" in said


def test_a_new_passphrase_is_typed_twice(desk, keyboard):
    """A key made under a passphrase mistyped would be lost: two different ones are refused, and no party is made."""
    keyboard[1].extend(["one", "other"])
    assert "two different passphrases" in desk.wrong("XQ", "party", "init", "XQ")
    assert not (desk.folder / "XQ").exists()


def test_an_office_that_is_none_is_named(desk):
    """--as with a wrong name says which offices there are."""
    assert "Expected duty, legal, minister" in desk.wrong(
        "XA", "exchange", "offer", "c", "--to", "XB", "--says", "x", "--as", "boss"
    )


def test_a_draft_is_read_before_it_is_signed(desk):
    """exchange show prints it with its words; exchange sign without --as adds who is still missing, and no more."""
    name = desk.said("XA", "exchange", "offer", "c", "--to", "XB", "--says", "two dogs", "--as", "minister")
    shown, _ = desk.type("XA", "exchange", "show", name[-8:])
    assert "A DRAFT, signed by minister so far" in shown
    assert "two dogs" in shown
    assert "Signed by duty, minister and logged" in desk.type("XA", "exchange", "sign", name[-8:])[0]


def test_a_request_is_read_whole_before_it_is_signed(desk):
    """The preview names each attachment with its size, on one line, and prints in full the one that is asked for."""
    preview = ("exchange", "request", CASE, "--to", "XA", "--preview")
    said, _ = desk.type("XB", *preview)
    assert "PREVIEW" in said
    assert not any(line.startswith("  |") for line in said.splitlines())
    whole, _ = desk.type("XB", *preview, "--words", "situation")
    text = "\n".join(line[4:] for line in whole.splitlines() if line.startswith("  | ")) + "\n"
    assert text.startswith("SITREP 1") or "\nSITREP 1" in text
    assert f"attached: situation report (text/plain; charset=utf-8), {len(text.encode())} bytes, " in said
    assert "entry form" in desk.wrong("XB", *preview, "--words", "nothing")
    assert "--preview" in desk.wrong("XB", *preview[:-1], "--words", "situation")
    assert log_size(desk, "XB") == "3"


def test_the_carriers_of_a_request_are_those_of_its_bundles(desk):
    """Said once with the request, they are the default of the export, and --direct goes without."""
    said, _ = desk.type("XB", "exchange", "request", CASE, "--to", "XA", "--via", "XC")
    assert "Carried by XC, remembered" in said
    file = desk.folder / "b.scb"
    said, _ = desk.type("XB", "exchange", "export", file, "--to", "XA")
    assert "by XC as before" in said
    assert "did not sign" in desk.wrong("XA", "exchange", "import", file)
    desk.type("XC", "exchange", "import", file)
    said, _ = desk.type("XB", "exchange", "export", file, "--to", "XA", "--direct")
    assert "XC" not in said
    desk.type("XA", "exchange", "import", file)


def test_a_preview_remembers_no_carriers(desk):
    """Nothing of a preview stays."""
    desk.type("XB", "exchange", "request", CASE, "--to", "XA", "--via", "XC", "--preview")
    assert "XC" not in desk.type("XB", "exchange", "export", desk.folder / "b.scb", "--to", "XA")[0]


def test_what_would_be_a_breach_is_refused_before_it_is_signed(desk, question):
    """An entry without its permission: refused, the log unchanged; with --anyway on record as what happened."""
    size = log_size(desk, "XA")
    report = ("exchange", "report", question[0], "--state", "Entered")
    assert "entry-uncleared" in desk.wrong("XA", *report)
    assert log_size(desk, "XA") == size
    assert "breach: entry-uncleared" in desk.type("XA", *report, "--anyway")[0]


def test_nobody_recalls_anothers_message(desk, offered):
    """The wrong id would be a message of one's own under another's words."""
    assert "another party's message" in desk.wrong("XA", "exchange", "recall", offered)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--grant", "--until", "2030-03-01T09:00Z"), "past"),  # last year
        (("--grant", "--until", "2031-03-02T09:00Z", "--from", "2031-03-03T09:00Z"), "ends before it begins"),
        (("--grant",), "without an end"),
        (("--grant", "--refuse", "--until", "2031-03-02T09:00Z"), "not one of three"),
        (("--grant", "--until", "2031-03-02T09:00"), "zone"),
        (("--grant", "--until", "2031-03-02T09:00Z", "--gate", "h:ENTRI"), "not among what was asked"),
    ],
)
def test_a_grant_mistyped_is_none(desk, question, words, said):
    """Hours past or the wrong way round, no end, both at once, no zone, another gate: refused and not logged."""
    size = log_size(desk, "XB")
    assert said in desk.wrong("XB", "exchange", "clear", question[1], *words)
    assert log_size(desk, "XB") == size


def test_a_question_for_no_item_is_refused_and_for_a_new_permission_is_named(desk, question):
    """An item that the thread does not hold is an error; a permission that nobody named goes out with a warning."""
    assert "no such item" in desk.wrong("XA", "exchange", "clear", question[0], "--ask", "g:ENTRY")
    _, faults = desk.type("XA", "exchange", "clear", question[0], "--ask", "h:ENTRI")
    assert "h:ENTRI was named by nobody before" in faults


def test_a_revocation_takes_effect_in_the_future(desk, question):
    """An hour that is past is refused; one to come is shown beside the grant that still holds until then."""
    grant = desk.said(
        "XB", "exchange", "clear", question[1], "--grant", "--until", "2031-03-02T09:00Z", "--condition", "unarmed"
    )
    assert "past" in desk.wrong("XB", "exchange", "revoke", grant, "--effective", "2031-03-01T01:00Z")
    desk.said("XB", "exchange", "revoke", grant, "--effective", "2031-03-01T20:00Z")
    desk.bring("XB", "XA")
    line = next(each for each in desk.type("XA", "exchange", "inbox")[0].splitlines() if "/h:ENTRY" in each)
    assert line.split()[0] == "Granted"
    assert "revoked from 2031-03-01T20:00:00Z on" in line
    assert "on condition unarmed" in line


def test_a_question_taken_back_waits_for_no_answer(desk, question):
    """A recall is shown as one, and neither it nor what it takes back is among what is to be done."""
    desk.said("XA", "exchange", "recall", question[1])
    desk.bring("XA", "XB")
    assert desk.inbox("XB")["to_answer"] == []
    last = desk.inbox("XB")["latest"][-1]["id"]
    assert f"TAKES BACK {question[1]}" in desk.type("XB", "exchange", "show", last)[0]


def test_the_inbox_says_what_follows_an_offer_and_a_selection(desk, request_of_xb):
    """select for the one who asked, commit for the one who offered, nothing once it is done."""
    offer = desk.said("XA", "exchange", "answer", request_of_xb, "--accept")
    desk.bring("XA", "XB")
    assert f"exchange select {offer[-8:]}" in desk.type("XB", "exchange", "inbox")[0]
    selection = desk.said("XB", "exchange", "select", offer)
    desk.bring("XB", "XA")
    assert f"exchange commit {selection[-8:]}" in desk.type("XA", "exchange", "inbox")[0]
    desk.said("XA", "exchange", "commit", selection)
    assert "commit" not in desk.type("XA", "exchange", "inbox")[0]
    assert "select" not in desk.type("XB", "exchange", "inbox")[0]


def test_no_more_is_taken_up_than_was_offered(desk, request_of_xb):
    """Three of two, selected or committed, are refused."""
    offer = desk.said("XA", "exchange", "answer", request_of_xb, "--accept")
    desk.bring("XA", "XB")
    assert "at most 2" in desk.wrong("XB", "exchange", "select", offer, "--item", "h=3")
    selection = desk.said("XB", "exchange", "select", offer, "--item", "h=1")
    desk.bring("XB", "XA")
    assert "at most 1" in desk.wrong("XA", "exchange", "commit", selection, "--item", "h=2")


def test_terms_are_those_of_the_message_word_for_word(desk, offered):
    """One blank more is refused; without --text the words that came are adhered to; the inbox says when to reveal."""
    words, other = desk.folder / "terms.txt", desk.folder / "other.txt"
    words.write_text("It leaves by the way it came.\n")
    other.write_text("It leaves by the way it came. \n")
    until = ("--until", "2031-03-01T12:00Z")
    terms = desk.said("XA", "exchange", "terms", offered, "--text", words, *until)
    desk.bring("XA", "XB")
    assert f"exchange terms {terms[-8:]} --until T" in desk.type("XB", "exchange", "inbox")[0]
    assert "other words" in desk.wrong("XB", "exchange", "terms", terms, "--text", other, *until)
    desk.said("XB", "exchange", "terms", terms, *until)
    assert f"exchange terms {terms[-8:]} --reveal" in desk.type("XB", "exchange", "inbox")[0]
    desk.said("XB", "exchange", "terms", terms, "--reveal")
    desk.bring("XB", "XA")
    desk.said("XA", "exchange", "terms", terms, "--reveal")
    desk.bring("XA", "XB")
    found = desk.inbox("XB")
    assert [each["state"] for each in found["conversations"][0]["terms"]] == ["InForce"]
    assert found["to_follow"] == []


def test_two_answers_at_once_are_none(desk, offered):
    """--release with --agree, --accept with --decline: refused, and the error names the options."""
    words = desk.folder / "words.txt"
    words.write_text("Thank you.")
    proposal = desk.said("XB", "exchange", "statement", offered, "--text", words)
    desk.bring("XB", "XA")
    assert "not one of four" in desk.wrong("XA", "exchange", "statement", proposal, "--agree", "--release")
    assert "--accept" in desk.wrong("XA", "exchange", "answer", offered, "--accept", "--decline")


def test_the_exact_place_waits_for_an_acceptance(desk):
    """Before the other side has accepted anything the place is not disclosed; afterwards it is."""
    name = desk.said("XB", "exchange", "request", CASE, "--to", "XA")
    desk.bring("XB", "XA")
    assert "not accepted yet" in desk.wrong("XB", "exchange", "disclose", name, "--to", "XA")
    desk.said("XA", "exchange", "answer", name, "--accept")
    desk.bring("XA", "XB")
    assert "disclosed to XA" in desk.type("XB", "exchange", "disclose", name, "--to", "XA")[0]
    desk.bring("XB", "XA")
    assert "disclosed to XA at" in desk.type("XA", "exchange", "show", name)[0]


def test_a_parcel_that_was_handed_on_is_done(desk):
    """It leaves what is to be done, and can be handed on again."""
    desk.said("XA", "exchange", "check", "drill", "--to", "XB")
    file = desk.folder / "b.scb"
    desk.type("XA", "exchange", "export", file, "--to", "XB", "--via", "XC")
    desk.type("XC", "exchange", "import", file)
    (parcel,) = desk.inbox("XC")["to_pass"]
    for _ in range(2):
        desk.type("XC", "exchange", "pass", parcel[-8:], desk.folder / "c.scb")
        assert (desk.inbox("XC")["to_pass"], desk.inbox("XC")["carried"]) == ([], [parcel])


def test_a_clock_behind_the_record_is_said(desk):
    """An hour set back is named on stderr with both hours; ten minutes are not."""
    desk.said("XA", "exchange", "check", "drill", "--to", "XB", at="2031-03-01T08:00:00Z")
    assert "is the clock right?" in desk.type("XA", "exchange", "inbox", at="2031-03-01T07:00:00Z")[1]
    assert desk.type("XA", "exchange", "inbox", at="2031-03-01T07:55:00Z")[1] == ""


def test_soundings_that_are_kept_are_listed(desk):
    """exchange hear without a file prints them; after their hour there is none."""
    file = desk.folder / "q.scs"
    desk.type("XA", "exchange", "sound", "would you?", file, "--to", "XB")
    desk.type("XB", "exchange", "hear", file)
    assert "would you?" in desk.type("XB", "exchange", "hear")[0]
    assert "no sounding" in desk.type("XB", "exchange", "hear", at="2031-03-02T06:00:00Z")[0]


def test_each_recipient_gets_a_command_of_its_own(desk):
    """What goes to two parties is exported twice, and the screen prints two commands that work."""
    said, _ = desk.type("XA", "exchange", "check", "drill", "--to", "XB,XC")
    assert "export FILE --to XB\n" in said
    assert "export FILE --to XC\n" in said


def test_a_party_that_nobody_knows_is_told_nothing(desk):
    """A code mistyped is refused before anything is logged that could never go out."""
    size = log_size(desk, "XA")
    for words in (("check", "drill"), ("offer", "c", "--says", "anything")):
        assert "not trusted" in desk.wrong("XA", "exchange", *words, "--to", "XV")
    assert log_size(desk, "XA") == size


def test_a_bundle_that_cannot_be_written_costs_nothing(desk):
    """No such directory, or a directory in its place: said, with status 3, and what was to go out still waits."""
    desk.said("XA", "exchange", "check", "drill", "--to", "XB")
    (desk.folder / "taken").mkdir()
    for file in (desk.folder / "none" / "x.scb", desk.folder / "taken"):
        assert "still waits" in desk.wrong("XA", "exchange", "export", file, "--to", "XB", status=3)
    assert not list(desk.folder.glob("*.part"))
    assert desk.inbox("XA")["waiting"] == [["XB", 1]]


def test_nothing_to_change_is_said(desk):
    """party rotate without a change issues no card."""
    assert "nothing to change" in desk.wrong("XA", "party", "rotate")
    assert "card 0" not in desk.type("XA", "party", "list")[0]


def test_a_completed_form_takes_the_place_of_the_drawn_one(desk):
    """--attach NAME=FILE replaces what was drawn under that name; the other side reads it, word for word."""
    form = desk.folder / "form.txt"
    form.write_text("registration TC-ABC\n")
    name = desk.said("XB", "exchange", "request", CASE, "--to", "XA", "--attach", f"situation report={form}")
    desk.bring("XB", "XA")
    shown, _ = desk.type("XA", "exchange", "show", name)
    assert "| registration TC-ABC" in shown
    assert "SITREP" not in shown
    assert "cannot be read" in desk.wrong("XB", "exchange", "request", CASE, "--to", "XA", "--attach", "no/such")


def test_situation_reports_are_numbered_and_say_from_whom(desk):
    """The second request of a case carries the second report; its heading names the party's own centre."""
    for number in (1, 2):
        name = desk.said("XB", "exchange", "request", CASE, "--to", "XA")
        assert f"| SITREP {number}, from RCC XB to XA" in desk.type("XB", "exchange", "show", name)[0]


def test_no_two_situation_reports_bear_one_number(desk):
    """A draft takes its number when the first office signs, thrown away or not; so does one drawn a moment before."""
    one = desk.said("XB", "exchange", "request", CASE, "--to", "XA", "--as", "duty")
    two = desk.said("XB", "exchange", "request", CASE, "--to", "XA")
    desk.type("XB", "exchange", "drop", one)
    three = desk.said("XB", "exchange", "request", CASE, "--to", "XA")
    for number, name in ((2, two), (3, three)):
        assert f"| SITREP {number}, from RCC XB to XA" in desk.type("XB", "exchange", "show", name)[0]
    party = open_party(desk.folder / "XB", instant("2031-03-01T06:20Z"), os.urandom, {"*": PASSPHRASE})
    drawn = [drawing.request(party, CASE, "XA").speech for _ in range(2)]
    say(party, drawn[0])
    with pytest.raises(InvalidInput, match="another situation report was signed meanwhile"):
        say(party, drawn[1])
    party.store.close()


def test_a_void_draft_and_a_late_bundle_are_said(desk):
    """The inbox says which draft is void and how to throw it away; the import says who had the bundle for how long."""
    name = desk.said("XB", "exchange", "offer", "c", "--to", "XA", "--item", "dogs=dog team", "--as", "duty")
    desk.type("XB", "party", "rotate", "--renew", "legal", at="2031-03-01T06:20:00Z")
    later = {"at": "2031-03-01T06:30:00Z"}
    assert f"void     draft {name[-8:]}: signed under card 0" in desk.type("XB", "exchange", "inbox", **later)[0]
    assert "VOID" in desk.type("XB", "exchange", "show", name, **later)[0]
    assert "exchange drop" in desk.wrong("XB", "exchange", "sign", name, "--as", "legal", **later)
    desk.type("XB", "exchange", "drop", name, **later)
    desk.said("XB", "exchange", "offer", "c", "--to", "XA", "--item", "dogs=dog team", **later)
    file = desk.folder / "late.scb"
    desk.type("XB", "exchange", "export", file, "--to", "XA", "--direct", "--valid", "1d", **later)
    said = desk.type("XA", "exchange", "import", file, at="2031-03-02T18:30:00Z")[0]
    assert "LATE     36.0 h under way: 36.0 h with XB; it was good until 2031-03-02T06:30:00Z" in said


def test_a_bundle_from_a_clock_ahead_is_said(desk):
    """One that arrives, by the clocks, before it was made names who had it; a few minutes are no matter."""
    for minute, hour, said in ((30, "06:24", False), (40, "05:40", True)):
        at = {"at": f"2031-03-01T06:{minute}:00Z"}
        desk.said("XB", "exchange", "offer", "c", "--to", "XA", "--item", f"dogs{minute}=dog team", **at)
        file = desk.folder / "ahead.scb"
        desk.type("XB", "exchange", "export", file, "--to", "XA", "--direct", **at)
        arrived = desk.type("XA", "exchange", "import", file, at=f"2031-03-01T{hour}:00Z")[0]
        assert ("CLOCK    XB handed it on 1.0 h before it had it: one of two clocks is wrong" in arrived) is said


def test_a_third_person_reads_what_was_asked_and_answered(desk, question):
    """verify prints under each message what it asks or answers, and with --words the attached texts."""
    words = desk.folder / "words.txt"
    words.write_text("We thank the crew.\n")
    desk.said("XB", "exchange", "clear", question[1], "--refuse", "--reason", "closed airspace")
    desk.said("XB", "exchange", "statement", question[1], "--text", words)
    file = desk.folder / "e.scb"
    desk.type("XB", "exchange", "export", file, "--evidence", "c")
    said, _ = desk.type("", "verify", file)
    assert "permission h:ENTRY: Refused (closed airspace)" in said
    assert "item h, helicopter, 2" in said
    assert "We thank the crew" not in said
    assert "| We thank the crew." in desk.type("", "verify", file, "--words")[0]


def test_an_assessment_says_which_messages_it_left_out(desk):
    """Exercise messages on a real case, and those later than the hour assessed, are counted aloud."""
    desk.said("XB", "exchange", "offer", CASE, "--to", "XA", "--says", "anything", at="2031-03-04T23:30Z")
    desk.said("XB", "exchange", "offer", "margara-2023", "--to", "XA", "--says", "anything")
    late = desk.type("", "assess", CASE, "--record", desk.folder / "XB")[1]
    assert "1 of 1 messages do not count yet: they are later than 2031-03-04T23:05:00Z" in late
    other = desk.type("", "assess", "margara-2023", "--record", desk.folder / "XB")[1]
    assert "1 of 1 messages do not count: the case is real, and they are an exercise or a test" in other
    assert "no message" in desk.type("", "assess", CASE, "--record", desk.folder / "XC")[1]


@pytest.mark.parametrize(
    ("words", "place"),
    [
        (("exchange", "answer"), "exchange answer: missing argument 'message'"),
        (("party", "trust", "x.card"), "party trust: missing option '--fingerprint'"),
        (("exchange", "answer", "x", "--acept"), "exchange answer: no such option: --acept"),
        (("exchnge",), "safeconduct: no such command 'exchnge'"),
    ],
)
def test_a_command_mistyped_is_one_line(desk, words, place):
    """Place, what came, where the words that it takes are told."""
    said = desk.wrong("", *words)
    assert said.startswith(f"error: {place}")
    assert "--help" in said
    assert said.count("\n") == 1


def test_a_wrong_fingerprint_does_not_tell_the_right_one(desk):
    """Who could copy it from the error would have compared nothing."""
    card = desk.folder / "XB.card"
    card.write_text(desk.type("XB", "party", "card")[0])
    own = desk.type("XB", "party", "fingerprint")[0].strip()
    said = desk.wrong("XA", "party", "trust", card, "--fingerprint", "1234")
    assert "XB itself reads it out" in said
    assert own not in said


def test_an_answer_goes_back_the_way_the_request_came(desk):
    """The carriers of what came in are those of what goes out, in turn, where nobody said otherwise."""
    there, on, back = (desk.folder / name for name in ("there.scb", "on.scb", "back.scb"))
    desk.said("XB", "exchange", "offer", "c", "--to", "XA", "--says", "anything")
    desk.type("XB", "exchange", "export", there, "--to", "XA", "--via", "XC")
    taken = desk.type("XC", "exchange", "import", there)[0]
    handed = desk.type("XC", "exchange", "pass", re.search(r"pass (\w+)", taken).group(1), on)[0]
    assert "for XA" in handed
    assert "goes back that way" in desk.type("XA", "exchange", "import", on)[0]
    assert "by XC as before" in desk.type("XA", "exchange", "export", back, "--to", "XB")[0]


def test_an_import_says_who_now_speaks_for_a_party(desk):
    """A new card is named with its reason and its offices; a bundle that brings nothing else says so."""
    desk.said("XB", "exchange", "check", "drill", "--to", "XA")
    desk.bring("XB", "XA")
    later = {"at": "2031-03-01T06:20:00Z"}
    desk.type("XB", "party", "rotate", "--remove", "legal", "--reason", "loss", **later)
    assert "CARD     XB: card 1 (loss); offices duty" in desk.bring("XB", "XA", **later)


def test_a_selection_that_was_committed_to_waits_no_more(desk, request_of_xb):
    """Committed to in answer to the request itself, it is committed to all the same."""
    offer = desk.said("XA", "exchange", "answer", request_of_xb, "--accept")
    desk.bring("XA", "XB")
    desk.said("XB", "exchange", "select", offer)
    desk.bring("XB", "XA")
    desk.said("XA", "exchange", "commit", request_of_xb)
    assert "commit" not in desk.type("XA", "exchange", "inbox")[0]


def test_a_second_answer_to_one_question_is_said(desk, question):
    """A no and then a yes: both stand in the record, the later counts, and whoever signs it is told."""
    desk.said("XB", "exchange", "clear", question[1], "--refuse")
    grant = ("exchange", "clear", question[1], "--grant", "--until", "2031-03-02T09:00Z")
    assert "was answered before, Refused" in desk.type("XB", *grant)[1]


def test_what_a_breach_lacks_is_named_whole(desk, question):
    """The permission's name is not cut off at the end of a long line."""
    desk.said("XA", "exchange", "commit", question[0])
    said = desk.wrong("XA", "exchange", "report", question[0], "--state", "Entered")
    assert "; ENTRY: " in said
    assert "..." not in said


def test_a_state_on_the_way_is_asked_by_name(desk, request_of_xb):
    """It gets the question alone, and its answer counts for the item of the request that it does not hold."""
    asked = desk.said("XA", "exchange", "clear", request_of_xb, "--ask", "h:XC-OVERFLIGHT", "--to", "XC")
    desk.bring("XA", "XC")
    desk.said("XC", "exchange", "clear", asked, "--grant", "--until", "2031-03-02T09:00Z")
    desk.bring("XC", "XA")
    line = next(each for each in desk.type("XA", "exchange", "inbox")[0].splitlines() if "/h:XC-OVERFLIGHT" in each)
    assert line.split()[0] == "Granted"
    assert "no such message" in desk.wrong("XC", "exchange", "show", request_of_xb)
