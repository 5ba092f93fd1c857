"""From the commitment to the end of the stay, by command: who may ask for a longer one, until when, what it lacks."""

import pytest
from tests.cli.test_mistypes import CASE, Desk, desk

__all__ = ["desk"]


def at(clock):
    return {"at": f"2031-03-0{5 if clock < '06:00' else 4}T{clock}:00Z"}


class Stay:
    """XA's helicopter is committed to XB, and the permissions are granted until four."""

    def __init__(self, found: Desk):
        self.desk = found
        self.asked = self.say("XB", "22:50", "request", CASE, "--to", "XA", to="XA")
        offered = self.say("XA", "23:10", "answer", self.asked, "--accept", to="XB")
        selected = self.say("XB", "23:15", "select", offered, to="XA")
        self.committed = self.say("XA", "23:20", "commit", selected, to="XB")
        gates = [f"--ask=xa-rescue:XB-{each}-XA" for each in ("CUSTOMS", "ENTRY", "PERSONS")]
        question = self.say("XA", "23:25", "clear", self.committed, *gates, "--until", "2031-03-05T00:30Z", to="XB")
        self.say("XB", "23:30", "clear", question, "--grant", "--until", "2031-03-05T04:00Z", to="XA")

    def say(self, party, clock, *words, to):
        """Say something and hand it over; its id."""
        found = self.desk.said(party, "exchange", *words, **at(clock))
        self.desk.bring(party, to, **at(clock))
        return found

    def line(self, party, clock):
        """What the inbox says of the helicopter."""
        said = self.desk.type(party, "exchange", "inbox", **at(clock))[0]
        return next(each.split() for each in said.splitlines() if "  item " in each)


@pytest.fixture
def stay(desk):
    return Stay(desk)


def test_the_course_of_a_stay_to_its_end(stay):
    """Entered, on task, extended until the hour that was asked for, released, exited, closed; the evidence holds."""
    states = []
    for clock, state in (("23:40", "Entered"), ("00:10", "OnTask")):
        stay.say("XA", clock, "report", stay.committed, "--state", state, to="XB")
        states.append(stay.line("XB", clock)[0])
    longer = stay.say("XB", "00:20", "extend", stay.committed, "--until", "2031-03-05T08:00Z", to="XA")
    stay.say("XA", "00:30", "answer", longer, "--accept", to="XB")
    extended = stay.line("XB", "00:30")
    assert (extended[0], extended[-2:]) == ("Extended", ["until", "2031-03-05T08:00:00Z"])
    stay.say("XB", "03:00", "release", stay.committed, to="XA")
    states.append(stay.line("XA", "03:00")[0])
    for clock, state in (("03:10", "Exited"), ("03:20", "Closed")):
        stay.say("XA", clock, "report", stay.committed, "--state", state, to="XB")
        states.append(stay.line("XB", clock)[0])
    assert states == ["Entered", "OnTask", "Released", "Exited", "Closed"]
    file = stay.desk.folder / "evidence.scb"
    stay.desk.type("XB", "exchange", "export", file, "--evidence", CASE, **at("03:30"))
    assert "Closed" in stay.desk.type(None, "verify", file)[0]


def test_permissions_that_end_before_the_stay_are_named_on_both_sides(stay):
    """Whoever asks and whoever agrees is told which ones end before; a stay that they cover is silent."""
    words = ("exchange", "extend", stay.committed, "--until")
    assert stay.desk.type("XB", *words, "2031-03-05T03:00Z", **at("23:40"))[1] == ""
    longer = stay.desk.said("XB", *words, "2031-03-05T08:00Z", **at("23:40"))
    stay.desk.bring("XB", "XA", **at("23:40"))
    warned = stay.desk.type("XA", "exchange", "answer", longer, "--accept", **at("23:50"))[1]
    assert warned.count("ends 2031-03-05T04:00:00Z, before 2031-03-05T08:00:00Z") == 3


@pytest.mark.parametrize(
    ("party", "words", "says"),
    [
        ("XA", ("extend", "--until", "2031-03-05T08:00Z"), "not for its provider"),
        ("XA", ("release",), "--state Exited"),
        ("XB", ("extend", "--until", "2031-03-05T08:00Z", "--item", "xa-rescue=2"), "at most 1"),
        ("XB", ("extend", "--until", "2031-03-04T08:00Z"), "past"),
        ("XB", ("release", "--item", "xa-rescue=7"), "at most 1"),
        ("XB", ("release", "--item", "xa-rescu"), "no such item"),
        ("XA", ("report", "--state", "Gone"), "not a state"),
    ],
)
def test_what_moves_nothing_is_not_signed(stay, party, words, says):
    """By the wrong side, of more than there is, of another item, until a past hour: refused, with the reason."""
    assert says in stay.desk.wrong(party, "exchange", words[0], stay.committed, *words[1:], **at("23:40"))
    assert stay.line(party, "23:40")[0] == "Committed"


def test_nobody_asks_for_a_longer_stay_of_what_was_let_go(stay):
    """After the release the stay is over; before the commitment it had not begun."""
    stay.say("XB", "23:40", "release", stay.committed, to="XA")
    words = ("exchange", "extend", stay.committed, "--until", "2031-03-05T08:00Z")
    assert "xa-rescue: Released" in stay.desk.wrong("XB", *words, **at("23:50"))
    again = stay.say("XB", "23:55", "request", CASE, "--to", "XA", to="XA")
    words = ("exchange", "extend", again, "--until", "2031-03-05T08:00Z")
    assert "would move nothing" in stay.desk.wrong("XB", *words, **at("00:00"))


@pytest.mark.parametrize(
    ("clock", "known", "warned"),
    [
        ("2031-03-04T22:50:00Z", "2031-03-04T22:50:00Z", False),  # before the case's hour: what is known by then
        ("2031-03-04T23:05:00Z", "2031-03-04T23:05:00Z", False),  # at it
        ("2031-03-04T23:50:00Z", "2031-03-04T23:05:00Z", True),  # after it: the case knows no more, and that is said
        ("2031-03-04T06:00:00Z", "2031-03-04T23:05:00Z", True),  # before anything happened: a drill ahead of its case
    ],
)
def test_a_request_rests_on_what_is_known_at_its_hour(desk, clock, known, warned):
    """Nobody asks on the ground of what is not known yet; another hour than now is said on stderr."""
    words = ("exchange", "request", CASE, "--to", "XA", "--preview")
    said, faults = desk.type("XB", *words, at=clock)
    assert f"As known at {known}" in said
    assert (f"as known at {known}" in faults) == warned
    assert "as known at" not in desk.type("XB", *words, "--at", "2031-03-04T22:55Z", at=clock)[1]


def test_the_desk_keys_are_renewed_by_command(desk, monkeypatch):
    """What was sealed to the old card opens after it; with another passphrase it takes a loss, and it is said."""
    asked = desk.said("XA", "exchange", "check", "drill", "--to", "XC")
    file = desk.folder / "early.scb"
    desk.type("XA", "exchange", "export", file, "--to", "XC")
    later, last = {"at": "2031-03-01T06:20:00Z"}, {"at": "2031-03-01T06:30:00Z"}
    said = desk.type("XC", "party", "rotate", "--desk-keys", **later)[0]
    assert "still opens" in said
    assert "export FILE --to CARRIER" in said
    assert asked[-8:] in desk.type("XC", "exchange", "import", file, **later)[0]
    monkeypatch.setenv("SAFECONDUCT_PASSPHRASE_PARTY", "forgotten")
    assert "--reason loss" in desk.wrong("XC", "party", "rotate", "--desk-keys", **last)
    said = desk.type("XC", "party", "rotate", "--desk-keys", "--reason", "loss", **last)[0]
    assert "comes again" in said
    assert "XC" in desk.type("XC", "exchange", "inbox", **last)[0]
