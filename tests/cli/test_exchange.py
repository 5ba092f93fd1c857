"""
The 2024 case as an exercise, by files alone: a host, a provider and a mediator between them, from the sounding to the
statement; at the end a third person holds one file.
"""

import io
import json
import os
import re
from contextlib import redirect_stderr, redirect_stdout

import pytest
from tests.desk.parties import PASSPHRASE

from safeconduct.cli.main import main

CASE = "varzaqan-2024"
HOST, PROVIDER, CARRIER = "IR", "TR", "CH"
WAY = "tr-akinci"


class Scene:
    """Three directories and what was typed in them."""

    def __init__(self, folder):
        self.folder = folder
        self.minute = 0

    def run(self, party, *words, status=0):
        """Type one command for a party; what it printed, or the errors of one that fails."""
        self.minute += 1
        os.environ["SAFECONDUCT_NOW"] = f"2024-05-19T{17 + self.minute // 60:02}:{self.minute % 60:02}:00Z"
        home = [] if words[0] in ("verify", "assess") else ["--home", str(self.folder / party)]
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
        with pytest.raises(SystemExit) as left, redirect_stdout(out), redirect_stderr(err):
            main([*words, *home])
        said, faults = (each.buffer.getvalue().decode() for each in (out, err))
        assert (left.value.code or 0) == status, said + faults
        return faults if status else said

    def carry(self, sender, recipient):
        """A bundle from one to the other through the mediator; the host's disk is old, and it takes them one by one."""
        first, second = (str(self.folder / f"{self.minute}-{name}.scb") for name in ("sent", "carried"))
        self.run(sender, "exchange", "export", first, "--to", recipient, "--via", CARRIER)
        parcel = re.search(r"parcel (\S+) taken over", self.run(CARRIER, "exchange", "import", first)).group(1)
        self.run(CARRIER, "exchange", "pass", parcel, second)
        return self.run(recipient, "exchange", "import", second, *(["--one-by-one"] if recipient == HOST else []))

    def said(self, party, *words):
        """Say something; the id of the message."""
        return json.loads(self.run(party, *words, "--json"))["id"]


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """The whole conversation, once; the scene, and the names of its messages."""
    folder = tmp_path_factory.mktemp("scene")
    before = dict(os.environ)
    os.environ["SAFECONDUCT_PASSPHRASE"] = PASSPHRASE
    try:
        yield play(Scene(folder))
    finally:
        os.environ.clear()
        os.environ.update(before)


def play(scene):
    """Everything that happens."""
    parties = (HOST, PROVIDER, CARRIER)
    for code in parties:
        scene.run(code, "party", "init", code, "--name", code, "--exercise")
        (scene.folder / f"{code}.card").write_text(scene.run(code, "party", "card"))
    prints = {code: scene.run(code, "party", "fingerprint").strip() for code in parties}
    for one in parties:
        for other in parties:
            if one != other:
                scene.run(one, "party", "trust", str(scene.folder / f"{other}.card"), "--fingerprint", prints[other])
    heard = sound(scene)
    names = negotiate(scene)
    scene.run(HOST, "exchange", "export", str(scene.folder / "evidence.scb"), "--evidence", CASE)
    return scene, names, prints, heard


def sound(scene):
    """A question and its answer that nobody can prove."""
    question, answer = (str(scene.folder / name) for name in ("q.scs", "a.scs"))
    scene.run(HOST, "exchange", "sound", "a drone with infrared, unarmed", question, "--to", PROVIDER)
    heard = scene.run(PROVIDER, "exchange", "hear", question)
    name = re.search(r"id (\S+),", heard).group(1)
    words = ("--answer", name, "--would", "with-conditions", "--condition", "a written request")
    scene.run(PROVIDER, "exchange", "sound", "yes, if asked in writing", answer, *words)
    return scene.run(HOST, "exchange", "hear", answer)


def negotiate(scene):
    """Request, receipts, offer, three permissions, terms, one revocation, entry, release, statement."""
    names = {}
    host, provider = HOST, PROVIDER
    ask = ("exchange", "request", CASE, "--to", provider, "--via", CARRIER, "--way", WAY, "--exercise")
    names["request"] = scene.said(host, *ask)
    scene.carry(host, provider)
    names["offer"] = scene.said(
        provider,
        "exchange",
        "answer",
        names["request"],
        "--provisional",
        "--reason",
        "with infrared, unarmed, ten hours",
    )
    scene.carry(provider, host)
    names["selection"] = scene.said(host, "exchange", "select", names["offer"])
    scene.carry(host, provider)
    gates = [f"{WAY}:{gate}" for gate in ("IR-ENTRY-TR", "IR-UNMANNED-TR-UAV", "IR-SENSOR-TR-UAV")]
    asks = [word for gate in gates for word in ("--ask", gate)]
    names["question"] = scene.said(
        provider, "exchange", "clear", names["selection"], *asks, "--until", "2024-05-19T21:00Z"
    )
    scene.carry(provider, host)
    until = ("--until", "2024-05-20T09:00Z", "--condition", "unarmed")
    names["grant"] = scene.said(host, "exchange", "clear", names["question"], "--grant", *until)
    terms = scene.folder / "terms.txt"
    terms.write_text("The drone leaves by the way it came. Pictures go to both sides.\n")
    by = ("--until", "2024-05-19T22:00Z")
    names["terms"] = scene.said(host, "exchange", "terms", names["offer"], "--text", str(terms), *by)
    scene.carry(host, provider)
    names["adherence"] = scene.said(provider, "exchange", "terms", names["terms"], "--text", str(terms), *by)
    scene.carry(provider, host)
    scene.said(host, "exchange", "terms", names["adherence"], "--reveal")
    scene.carry(host, provider)
    scene.said(provider, "exchange", "terms", names["terms"], "--reveal")
    names["commitment"] = scene.said(provider, "exchange", "commit", names["selection"])
    names["entry"] = scene.said(provider, "exchange", "report", names["selection"], "--state", "Entered")
    scene.carry(provider, host)
    scene.run(host, "exchange", "disclose", names["request"], "--to", provider)
    end = ("--effective", "2024-05-20T06:00Z", "--reason", "found")
    names["revocation"] = scene.said(host, "exchange", "revoke", names["grant"], "--gate", gates[2], *end)
    names["release"] = scene.said(host, "exchange", "release", names["commitment"])
    words = scene.folder / "words.txt"
    words.write_text("A drone helped. We thank its crew.\n")
    names["statement"] = scene.said(host, "exchange", "statement", names["commitment"], "--text", str(words))
    scene.carry(host, provider)
    scene.said(provider, "exchange", "statement", names["statement"], "--agree")
    scene.said(provider, "exchange", "report", names["release"], "--state", "Exited")
    scene.carry(provider, host)
    scene.carry(host, provider)
    return names


@pytest.fixture(scope="module")
def proof(played):
    """What a third person establishes, holding the file alone."""
    scene = played[0]
    return json.loads(scene.run("nobody", "verify", str(scene.folder / "evidence.scb"), "--json"))


def test_the_evidence_holds(proof):
    """Every step holds, with no key and no card at hand but those in the file."""
    assert proof["holds"], [step["faults"] for step in proof["steps"]]


def test_it_shows_who_asked_what_and_when(played, proof):
    """The request, its sender, the offices that signed it and by when it existed."""
    asked = next(each for each in proof["messages"] if each["message"]["id"] == played[1]["request"])
    assert (asked["message"]["sender"], asked["offices"]) == (HOST, ["duty", "legal"])
    assert asked["existed_by"].startswith("2024-05-19T17:")


def test_it_shows_who_answered(played, proof):
    """The answer stands after its receipt, by the one who was asked."""
    found = [(each["message"]["content"], each["message"]["sender"]) for each in proof["messages"]]
    assert found.index(("Acknowledge", PROVIDER)) < found.index(("ResponseToRequestResource", PROVIDER))


def test_there_are_no_breaches_and_no_holes(proof):
    """A conversation held by the commands has neither."""
    assert (proof["thread"]["violations"], proof["thread"]["holes"]) == ([], [])


def test_two_permissions_held_and_one_was_revoked(proof):
    """Three gates were granted, one of them taken back from an hour on."""
    states = {each["gate"]: each["state"] for each in proof["thread"]["gates"] if each["gate"] != ""}
    granted = [gate for gate in ("IR-ENTRY-TR", "IR-UNMANNED-TR-UAV") if states[gate] == "Granted"]
    assert (len(granted), states["IR-SENSOR-TR-UAV"]) == (2, "Revoked")


def test_the_terms_were_in_force(proof):
    """Both sides revealed in time."""
    assert [each["state"] for each in proof["terms"]] == ["InForce"]


def test_the_statement_was_agreed(proof):
    """The words were agreed before release."""
    assert [each["state"] for each in proof["statements"]] == ["Agreed"]


def test_the_mediator_signed_for_each_bundle(proof):
    """Each parcel carried the mediator's receipt."""
    carriers = next(step for step in proof["steps"] if step["name"] == "Carriers")
    assert carriers["says"]
    assert all(f"{CARRIER} took it over" in line for line in carriers["says"])


def test_nothing_of_the_sounding_is_in_the_evidence(played):
    """Neither its words nor its name stand in the file."""
    scene, _, _, heard = played
    data = (scene.folder / "evidence.scb").read_text()
    name = re.search(r"id (\S+),", heard).group(1)
    assert name not in data
    assert "if asked in writing" not in data


def test_the_exact_place_is_not_in_the_evidence(played):
    """What was disclosed to the other side is not in a file for third persons."""
    scene, names, _, _ = played
    shown = scene.run(PROVIDER, "exchange", "show", names["request"])
    place = re.search(r"disclosed to TR at \S+: (.+)", shown).group(1)
    assert place not in (scene.folder / "evidence.scb").read_text()


def test_both_sides_hold_the_same_thread(played):
    """Host and provider see the same items, permissions and order."""
    scene = played[0]
    found = [json.loads(scene.run(code, "exchange", "inbox", "--json"))["threads"][CASE] for code in (HOST, PROVIDER)]
    assert found[0] == found[1]


def test_the_mediator_holds_no_message(played):
    """The carrier's inbox has parcels and no conversation."""
    scene = played[0]
    found = json.loads(scene.run(CARRIER, "exchange", "inbox", "--json"))
    assert found["threads"] == {}
    assert found["carried"]


def test_the_fingerprints_are_those_that_were_read_out(played, proof):
    """The third person compares them with what each party says of itself."""
    assert dict(proof["fingerprints"]) == played[2]


def test_an_altered_file_does_not_hold(played):
    """With one digit of one message changed, verify refuses the file."""
    scene = played[0]
    data = (scene.folder / "evidence.scb").read_bytes()
    place = data.index(b'"sent":{"at":"2024') + len(b'"sent":{"at":"')
    (scene.folder / "altered.scb").write_bytes(data[:place] + b"3" + data[place + 1 :])
    assert "altered" in scene.run("nobody", "verify", str(scene.folder / "altered.scb"), status=2)
