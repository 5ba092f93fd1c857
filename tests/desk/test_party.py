"""Keys that are lost, offices that change hands: the record goes on and says who spoke for whom."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.desk.parties import ITEM, PASSPHRASE, START, later, parties, sent

from safeconduct.desk.party import Founding, accept, found_party, own_card, trust
from safeconduct.desk.rotation import rotate
from safeconduct.desk.speaking import Speech, say
from safeconduct.desk.witnessing import evidence, verify
from safeconduct.exchange.card import card_hash, next_card, sign_card, write_card
from safeconduct.exchange.powers import default_rules
from safeconduct.model.errors import InvalidInput
from safeconduct.model.instants import iso
from safeconduct.report.exchange import proof_lines

UNTIL = START + timedelta(days=1)


@pytest.fixture
def two(tmp_path):
    found = parties(tmp_path, ("XA", "XB"))
    yield found["XA"], found["XB"]
    for each in found.values():
        each.store.close()


def without(voice, *offices):
    """The same desk where the passphrases of some offices are known to nobody any more."""
    known = {name: PASSPHRASE for name in ("duty", "legal", "minister", "deputy", "party") if name not in offices}
    return replace(voice, passphrases=known, opened={k: v for k, v in voice.opened.items() if k not in offices})


def ask(voice, offices=()):
    return say(voice, Speech("RequestResource", "c", ("XB",), more=ITEM), offices)


@pytest.mark.parametrize("changes", [(), ("-minister",)])
def test_a_lost_minister_stops_no_succession(two, changes):
    """A deputy takes the minister's place though nobody can open the minister's key, on the card still or taken off."""
    xa, xb = without(two[0], "minister"), two[1]
    rotate(xa, changes, "succession", acting={"deputy": ("minister", UNTIL)})
    assert ask(xa, ["duty", "deputy"]).sent
    assert sent(xa, xb).fresh
    proof = verify(evidence(xb, "c"))
    assert proof.holds
    assert proof.messages[0].offices == ("duty", "minister")


def test_the_evidence_says_who_spoke_when(two):
    """The minister's signature before the loss, the deputy's after it: both in one chain, each under its own card."""
    xa, xb = two
    ask(xa, ["duty", "minister"])
    sent(xa, xb)
    hurt = later(without(xa, "minister"), 60)
    rotate(hurt, ["-minister"], "succession", acting={"deputy": ("minister", UNTIL)})
    ask(hurt, ["legal", "deputy"])
    sent(hurt, later(xb, 60))
    proof = verify(evidence(later(xb, 60), "c"))
    asked = [each for each in proof.messages if each.message.content == "RequestResource"]
    assert [each.offices for each in asked] == [("duty", "minister"), ("legal", "minister")]
    assert [each.signed_by for each in asked] == [
        (("duty", None), ("minister", None)),
        (("deputy", "minister"), ("legal", None)),
    ]
    assert sum("signed deputy for minister, legal;" in line for line in proof_lines(proof)) == 1
    said = [line for step in proof.steps for line in step.says]
    assert any("2 cards" in line for line in said)
    since = f"XA since {iso(START + timedelta(hours=1))}, succession: duty, legal, deputy acting for minister until"
    assert any(line.startswith(since) for line in said)


def test_an_acting_office_ends_with_its_hour(two):
    """After the hour on the card the deputy's signature completes nothing: it stays a draft, which says why."""
    xa, _ = two
    rotate(xa, ["-minister"], "succession", acting={"deputy": ("minister", UNTIL)})
    said = ask(later(xa, 60 * 25), ["duty", "deputy"])
    assert not said.sent
    assert "outside its dates. Expected a key in date when it signed. Got deputy" in said.missing


def test_one_office_cannot_take_the_others_off(two):
    """With one passphrase of three, no card is issued: too few offices signed."""
    with pytest.raises(InvalidInput, match="too few"):
        rotate(without(two[0], "legal", "minister"), ["-minister"], "loss", acting={})


@pytest.mark.parametrize(
    ("offices", "reason", "acting", "words"),
    [
        (("-ministr",), "loss", {}, "not an office"),  # else nobody is taken off, and it is believed
        (("ministr",), "rotation", {}, "not an office"),
        (("+duty",), "rules", {}, "not an office"),
        (("legal",), "because", {}, "not a reason"),
        ((), "succession", {"deputy": ("ministr", UNTIL)}, "nobody to act for"),
        ((), "succession", {"legal": ("minister", UNTIL)}, "on the card"),  # else legal signs no more for itself
        ((), "succession", {"deputy": ("minister", START - timedelta(days=365))}, "past"),
        ((), "succession", {"party": ("minister", UNTIL)}, "taken"),
    ],
)
def test_a_change_mistyped_changes_nothing(two, offices, reason, acting, words):
    """A wrong name, reason or hour is refused, and the card stays."""
    with pytest.raises(InvalidInput, match=words):
        rotate(two[0], offices, reason, acting=acting)
    assert two[0].card().serial == 0


def test_an_added_office_may_sign(two):
    """An office that was added counts towards two of four."""
    xa, xb = two
    card = rotate(xa, ["+deputy"], "rules", acting={})
    assert [rule.offices[-1] for rule in card.rules] == ["deputy"] * len(default_rules(["a", "b"]))
    ask(xa, ["deputy", "legal"])
    assert sent(xa, xb).fresh


def test_a_party_that_lost_its_keys_starts_anew(two, tmp_path):
    """A new start is refused without its fingerprint, taken with it; the old keys sign nothing afterwards."""
    xa, xb = two
    ask(xa)
    sent(xa, xb)
    founding = Founding("XA", "XA land", None, ("duty", "legal"), exercise=True, new_start=True)
    anew = found_party(tmp_path / "anew", founding, START + timedelta(hours=1), xa.draw, {"*": PASSPHRASE})
    with pytest.raises(InvalidInput, match="fingerprint"):
        trust(later(xb, 60), own_card(anew), card_hash(xa.card()))
    trust(later(xb, 60), own_card(anew), card_hash(anew.card()))
    trust(anew, own_card(xb), card_hash(xb.card()))
    ask(anew)
    assert sent(anew, later(xb, 60)).fresh
    ask(later(xa, 120))
    with pytest.raises(InvalidInput):
        sent(later(xa, 120), later(xb, 120))
    proof = verify(evidence(later(xb, 120), "c"))
    assert proof.holds, [step.faults for step in proof.steps]
    assert len(proof.messages) == 4  # one request before and one after it, each with its receipt
    anew.store.close()


def test_a_second_chain_that_is_no_new_start_is_refused(two, tmp_path):
    """Without saying that it starts anew, another chain of the same party is a forgery or a mistake."""
    founding = Founding("XA", "XA land", None, ("duty",), exercise=True)
    other = found_party(tmp_path / "other", founding, START, two[0].draw, {"*": PASSPHRASE})
    with pytest.raises(InvalidInput, match="another chain"):
        trust(two[1], own_card(other), card_hash(other.card()))
    other.store.close()


def test_a_party_whose_log_bears_anothers_name_is_refused(two, tmp_path):
    """Neither at first nor by a later card: its heads would make the log of the other look forked."""
    xa, xb = two
    thief = found_party(
        tmp_path / "XD", Founding("XD", "XD", None, ("duty",), exercise=True), START, bytes_of(4), {"*": PASSPHRASE}
    )
    seeds = {"duty": thief.seed("duty")}
    named = replace(thief.card(), log_name=xa.card().log_name)
    with pytest.raises(InvalidInput, match="the name of another party's log"):
        trust(xb, write_card(sign_card(named, seeds)), card_hash(named))
    trust(xb, own_card(thief), card_hash(thief.card()))
    trust(thief, own_card(xb), card_hash(xb.card()))
    following = replace(next_card(thief.card(), START, "rules", named.offices), log_name=xa.card().log_name)
    accept(thief, (sign_card(following, {}, thief.card(), seeds),), "card", None)
    with pytest.raises(InvalidInput, match="the name of another party's log"):
        sent(thief, xb)
    thief.store.close()


def bytes_of(seed):
    return random.Random(seed).randbytes
