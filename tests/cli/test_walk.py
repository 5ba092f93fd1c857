"""What a user met on a walk through the exchange, by command."""

import json
from importlib import resources

from tests.cli.test_mistypes import CASE, desk, question, request_of_xb

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


OVERFLIGHT = "h:XC-OVERFLIGHT"


def on_the_way(desk, question, *, through_asker):
    """Host and a state on the way grant, then XA enters: (grant of the host, grant of the other)."""
    hours = iter(f"2031-03-01T07:{minute:02d}:00Z" for minute in range(60))
    selection, entry = question
    grant = desk.said("XB", "exchange", "clear", entry, "--grant", *TILL, at=next(hours))
    desk.bring("XB", "XA", at=next(hours))
    ask = ("exchange", "clear", selection, "--ask", OVERFLIGHT, "--to", "XC,XB", *TILL)
    asked = desk.said("XA", *ask, at=next(hours))
    desk.bring("XA", "XC", at=next(hours))
    if not through_asker:
        desk.bring("XA", "XB", at=next(hours))
        waits = desk.type("XB", "exchange", "inbox", at=next(hours))[0]
        assert "XC is asked first; only what is not XC's to give" in waits
    leave = desk.said("XC", "exchange", "clear", asked, "--grant", *TILL, at=next(hours))
    for each in ("XA",) if through_asker else ("XA", "XB"):
        desk.bring("XC", each, at=next(hours))
    desk.said("XA", "exchange", "commit", selection, at=next(hours))
    desk.said("XA", "exchange", "report", selection, "--state", "Entered", at=next(hours))
    desk.bring("XA", "XB", at=next(hours))
    return grant, leave, hours


def test_the_host_holds_what_a_state_on_the_way_granted(desk, question):
    """Asked with the host named beside it, its grant counts there, and nobody sees a breach."""
    grant, leave, _ = on_the_way(desk, question, through_asker=False)
    for each in ("XA", "XB", "XC"):
        thread = desk.inbox(each)["threads"]["c"]
        assert thread["violations"] == []
        assert bool(thread["holes"]) == (each == "XC")  # what was said before and not to it
    granted = {gate["gate"]: (gate["by"], gate["message"]) for gate in desk.inbox("XB")["threads"]["c"]["gates"]}
    assert granted == {"ENTRY": ("XB", grant), "XC-OVERFLIGHT": ("XC", leave)}
    assert desk.inbox("XB")["to_answer"] == []
    assert desk.inbox("XC")["to_answer"] == []


def test_a_grant_reaches_the_host_through_the_one_who_asked(desk, question):
    """Whoever holds what is addressed to another too hands it on when that one misses it: no bundle between the two."""
    _, _, hours = on_the_way(desk, question, through_asker=True)
    early = desk.inbox("XB")["threads"]["c"]
    assert [each["code"] for each in early["violations"]] == ["preceding-unknown", "entry-uncleared"]
    assert "comes if it is addressed here" in desk.type("XB", "exchange", "inbox")[0]
    for _ in range(2):  # the grant is missed first, then the receipt that it names
        desk.bring("XB", "XA", at=next(hours))
        desk.bring("XA", "XB", at=next(hours))
    late = desk.inbox("XB")["threads"]["c"]
    assert (late["violations"], late["holes"]) == ([], [])


def test_who_learns_nothing_of_a_question_is_said(desk, question):
    """Asked alone, a state on the way answers to the asker alone: the asker is told what that means for the others."""
    said = desk.type("XA", "exchange", "clear", question[0], "--ask", OVERFLIGHT, "--to", "XC", *TILL)[1]
    assert "XB will see neither question nor answer: --to XC,XB tells XB too" in said
    desk.bring("XA", "XC")
    assert desk.inbox("XC")["threads"]["c"]["violations"] == []


def test_a_question_to_a_state_on_the_way_is_taken_back_there(desk, question):
    """Its recall is of the same thread, and breaks nothing at either end."""
    asked = desk.said("XA", "exchange", "clear", question[0], "--ask", OVERFLIGHT, "--to", "XC", *TILL)
    desk.said("XA", "exchange", "recall", asked)
    desk.bring("XA", "XC")
    for each in ("XA", "XC"):
        thread = desk.inbox(each)["threads"]["c"]
        assert thread["violations"] == []
        assert "XC-OVERFLIGHT" not in {gate["gate"] for gate in thread["gates"]}
    assert desk.inbox("XC")["to_answer"] == []


def test_who_was_not_sent_the_newest_card_is_named_with_the_bundle(desk):
    """A carrier who lacks it refuses what is signed under it; the recipient gets it with the bundle, once."""
    file = desk.folder / "x.scb"
    export = ("exchange", "export", file, "--to", "XA", "--via", "XC")
    assert desk.type("XB", *export)[1] == ""
    later = {"at": "2031-03-01T06:20:00Z"}
    desk.type("XB", "party", "rotate", "--renew", "legal", **later)
    warned = desk.type("XB", *export, **later)[1]
    assert "XC, who is to carry it, was not sent card 1 of this party" in warned
    assert "export FILE --to XC --direct" in warned
    assert "XA was not sent card 1 of this party yet; it goes with this bundle" in warned
    desk.wrong("XC", "exchange", "import", file, **later)
    desk.bring("XB", "XC", **later)
    assert desk.type("XB", *export, **later)[1] == ""
    desk.type("XC", "exchange", "import", file, **later)


def test_the_layout_of_a_verified_file(desk, question):
    """Verdict, fingerprints, numbered steps, who said what with its receipt below, states, then what is not proved."""
    there, on, file = (desk.folder / name for name in ("there.scb", "on.scb", "e.scb"))
    desk.said("XB", "exchange", "clear", question[1], "--grant", *TILL)
    desk.type("XB", "exchange", "export", there, "--to", "XA", "--via", "XC")
    taken = json.loads(desk.type("XC", "exchange", "import", there, "--json")[0])
    desk.type("XC", "exchange", "pass", taken["bundles"][0]["parcel"], on)
    desk.type("XA", "exchange", "import", on)
    desk.type("XA", "exchange", "export", file, "--evidence", "c")
    lines = desk.type(None, "verify", file)[0].splitlines()
    heads = [line.split(":")[0] for line in lines if not line.startswith(" ")]
    steps = ("Cards", "Messages", "Logs", "Entries", "Carriers", "Disclosures", "Conversation")
    numbered = [f"{number}. {name}" for number, name in enumerate(steps, 1)]
    after = ["Who said what, each with its receipt", "c", "Not proved"]
    assert heads == ["HOLDS", "Compare with what each party says of itself", *numbered, *after]
    place = next(place for place, line in enumerate(lines) if "EXERCISE RequisitionResource" in line)
    below = lines[place + 1 : place + 4]
    assert [line.split()[0] for line in below[:2]] == ["id", "item"]
    assert "XA to XB: EXERCISE Acknowledge" in below[2]
    logs = [line for line in lines if ".safeconduct/" in line]
    assert [line.strip()[:2] for line in logs] == ["xa", "xb", "xc"]
    assert "3 heads, up to " in logs[0]
    assert logs[2].endswith(": no head of it is in the file")


def test_a_form_for_one_state_is_that_form_alone(desk):
    """law form --state prints the form of that state and no other; a state not entered is named with those that are."""
    form = ("law", "form", CASE, "--way", "xa-rescue")
    every = {each["state"] for each in json.loads(desk.type(None, *form, "--json")[0])["forms"]}
    assert "XB" in every
    (only,) = json.loads(desk.type(None, *form, "--state", "XB", "--json")[0])["forms"]
    assert only["state"] == "XB"
    text = desk.type(None, *form, "--state", "XB")[0]
    assert text.count("A request is no clearance.") == 1
    assert f"Expected {', '.join(sorted(every))}" in desk.wrong(None, *form, "--state", "XD")


def test_an_hour_before_the_first_place_is_told_the_hour_of_it(desk):
    """An assessment at an hour when nothing says where they are names the first hour at which something does."""
    said = desk.wrong(None, "assess", CASE, "--at", "2031-03-04T22:35Z")
    assert "nothing that is known says where they are" in said
    assert "Expected --at 2031-03-04T22:40:00Z or later" in said
    desk.type(None, "assess", CASE, "--at", "2031-03-04T22:40Z")


def test_the_report_names_the_centre_of_the_host_where_the_case_names_none(desk):
    """The card says whose rescue centre coordinates; a case that names one itself is believed."""
    own = desk.folder / "own.yaml"
    text = (resources.files("safeconduct.data") / "cases" / f"{CASE}.yaml").read_text(encoding="utf-8")
    own.write_text(text.replace('rcc: {name: RCC Lower River, contact: "exercise line 1"}', "rcc: null"))
    preview = ("--to", "XA", "--preview", "--words", "situation report")
    assert "F. Coordinating centre: RCC XB;" in desk.type("XB", "exchange", "request", own, *preview)[0]
    assert "F. Coordinating centre: RCC Lower River;" in desk.type("XB", "exchange", "request", CASE, *preview)[0]


def test_a_key_that_lies_elsewhere_is_named_with_those_that_are_here(desk):
    """An office without its key here signs nothing, and which ones could is said."""
    (desk.folder / "XB" / "keys" / "legal.key").unlink()
    said = desk.wrong("XB", "exchange", "check", "drill", "--to", "XA", "--as", "legal")
    assert "no key of this office here" in said
    assert "duty, minister, party" in said
