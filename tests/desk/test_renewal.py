"""The desk's own keys are changed: what is under way still opens, and evidence holds across the change."""

from dataclasses import replace

import pytest
from tests.desk.parties import ITEM, PASSPHRASE, later, parties, reopened, sent

from safeconduct.desk.receiving import receive
from safeconduct.desk.rotation import rotate
from safeconduct.desk.sending import dispatch, pass_on, waiting_for
from safeconduct.desk.sounding import Question, answer, hear, sound, soundings
from safeconduct.desk.speaking import Speech, say
from safeconduct.desk.witnessing import evidence, outrun, verify
from safeconduct.exchange.parcel import read_parcel
from safeconduct.model.errors import InvalidInput

NOTE = "NotifyAuxiliaryRecipients"
KEYS = ("sealing", "sounding", "log_key", "witness_key")


@pytest.fixture
def three(tmp_path):
    found = parties(tmp_path)
    yield found
    for each in found.values():
        each.store.close()


def ask(voice, to="XB"):
    return say(voice, Speech("RequestResource", "c", (to,), more=ITEM)).signed.message


def renew(voice, minutes=10, reason="rotation"):
    return rotate(later(voice, minutes), [], reason, acting={}, desk_keys=True)


def proved(voice):
    proof = verify(evidence(voice, "c"))
    assert proof.holds, [step.faults for step in proof.steps]
    return proof


def test_the_card_names_other_keys_and_the_same_log(three):
    """Sealing, soundings, log and cosigning change; offices, rules and the name of the log do not."""
    before = three["XA"].card()
    after = renew(three["XA"])
    assert all(getattr(before, name) != getattr(after, name) for name in KEYS)
    same = ("offices", "rules", "log_name", "party")
    assert all(getattr(before, name) == getattr(after, name) for name in same)
    assert three["XA"].card() == after


def test_a_bundle_sealed_to_the_old_card_arrives_after_the_change(three):
    """It opens, at this desk and in a new process; its receipts go back under the new card, and both sides agree."""
    xa, xb = three["XA"], three["XB"]
    first = ask(xa)
    data = dispatch(xa, "XB").data
    renew(xb)
    renew(xb, 20)  # and once more: two cards back
    fresh = reopened(xb.home.path, "new process")
    arrival = receive(later(fresh, 30), data)
    assert (arrival.fresh, len(arrival.receipts)) == ((first.id,), 1)
    fresh.store.close()
    assert len(sent(later(xb, 30), later(xa, 30)).fresh) == 1
    assert waiting_for(xa, "XB") == []
    sealed = dispatch(later(xa, 31), "XB").data
    assert read_parcel(sealed).sealed  # sealed to the new card from here on
    assert receive(later(xb, 31), sealed).refused == ()
    proved(later(xa, 40))
    proved(later(xb, 40))


def test_evidence_holds_across_changes_on_both_sides_and_in_between(three):
    """Heads signed by the old and the new log key, cosigned by old and new keys of others: one log, nothing refused."""
    xa, xb, xc = three.values()
    asked = ask(xa)
    for minutes, who in ((1, None), (10, xa), (20, xb), (30, xc), (40, xa)):
        if who is not None:
            renew(who, minutes)
            for other in three.values():  # who is to carry needs the new card first
                if other is not who:
                    sent(later(who, minutes), later(other, minutes))
        for one, other in ((xa, xb), (xb, xa)):
            say(later(one, minutes + 1), Speech(NOTE, "c", (other.party,), asked.id)) if minutes > 1 else None
            one_at, other_at, carrier = (later(each, minutes + 2) for each in (one, other, xc))
            carried = pass_on(carrier, receive(carrier, dispatch(one_at, other.party, ["XC"]).data).parcel)
            assert receive(other_at, carried).refused == ()
    for voice in (xa, xb):
        proof = proved(later(voice, 60))
        said = [
            line
            for step in proof.steps
            for line in step.says
            if line.startswith(f"{voice.card().log_name} of {voice.party}:")
        ]
        assert len(said) == 1
        assert "cosigned by others" in said[0]
        assert outrun(voice) == ""
    sent(later(xa, 61), later(xb, 61))
    assert {each.message.id for each in xa.messages("c")} == {each.message.id for each in xb.messages("c")}


def test_a_cosignature_under_a_key_that_came_with_the_bundle_counts(three):
    """The other side renews its keys, then cosigns: the same bundle brings the card and the cosignature."""
    xa, xb = three["XA"], three["XB"]
    ask(xa)
    renew(xb)
    sent(later(xa, 11), later(xb, 11))
    before = len([key for key in xa.store.keys("cosigned") if key.startswith("mine/")])
    sent(later(xb, 12), later(xa, 12))
    assert len([key for key in xa.store.keys("cosigned") if key.startswith("mine/")]) == before + 1


def test_a_cosignature_of_what_the_old_key_signed_counts(three):
    """A head signed before the change comes back cosigned after it: taken, and in the evidence."""
    xa, xb = three["XA"], three["XB"]
    ask(xa)
    sent(xa, xb)
    back = dispatch(xb, "XA").data
    renew(xa)
    assert receive(later(xa, 11), back).refused == ()
    assert [key for key in xa.store.keys("cosigned") if key.startswith("mine/")]
    assert "cosigned by others" in str(proved(later(xa, 12)).steps)


def test_soundings_under_way_and_kept_still_open(three):
    """Heard before the change or written to the old card: both open, and an answer to the old card does too."""
    xa, xb = three["XA"], three["XB"]
    early = sound(xa, "XB", Question("one"))[1]
    late = sound(xa, "XB", Question("two"))[1]
    hear(xb, early)
    renew(xb)
    xb = later(xb, 11)
    found = hear(xb, late)
    assert {each.about for each in soundings(xb)} == {"one", "two"}
    _, data = answer(xb, found.id, "yes", Question("two"))
    with pytest.raises(InvalidInput, match="does not open"):
        hear(later(xa, 12), data)  # the other side does not know the new card yet
    sent(xb, later(xa, 12))
    assert hear(later(xa, 13), data).would == "yes"


def lost(voice, *names):
    """The desk where the passphrases of some keys are known to nobody any more."""
    known = dict.fromkeys(("duty", "legal", "minister"), PASSPHRASE) | {"party": "another"}
    return replace(voice, passphrases=known, opened={k: v for k, v in voice.opened.items() if k not in names})


def test_a_lost_desk_key_needs_no_new_start(three):
    """Enough offices issue a card with other keys; what was under way comes again, and nothing is missing."""
    xa, xb = three["XA"], three["XB"]
    first = ask(xa)
    hear(xb, sound(xa, "XB", Question("one"))[1])
    under_way = dispatch(xa, "XB").data
    xb = lost(xb, "party")
    with pytest.raises(InvalidInput, match="--reason loss"):
        renew(xb)
    renew(xb, reason="loss")
    assert soundings(later(xb, 11)) == ()
    with pytest.raises(InvalidInput, match="does not open"):
        receive(later(xb, 11), under_way)
    sent(later(xb, 12), later(xa, 12))
    assert sent(later(xa, 13), later(xb, 13)).fresh == (first.id,)
    sent(later(xb, 14), later(xa, 14))
    assert waiting_for(xa, "XB") == []
    proved(later(xa, 20))
    proved(later(xb, 20))
    assert (xb.home.path / "keys" / "party-lost-0.key").exists()  # should the passphrase be found after all


@pytest.mark.parametrize("target", ["safeconduct.desk.rotation.accept", "safeconduct.store.home.Home.promote_key"])
def test_a_change_cut_short_leaves_a_desk_that_works(three, monkeypatch, target):
    """Before the card is durable the old keys go with the old card; after it the new ones with the new card."""
    xa, xb = three["XA"], three["XB"]
    ask(xa)

    def dies(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(target, dies)
        with pytest.raises(KeyboardInterrupt):
            renew(xa)
    again = reopened(xa.home.path, "again")
    assert len(again.chain("XA")) == (2 if "promote" in target else 1)
    assert sent(later(again, 11), later(xb, 11)).fresh
    sent(later(xb, 12), later(again, 12))
    proved(later(again, 13))
    again.store.close()


def test_a_process_that_was_open_meanwhile_uses_the_new_keys(three):
    """Another process of the desk changes every key; this one signs, sends and opens with them at once."""
    xa, xb = three["XA"], three["XB"]
    other = replace(reopened(xa.home.path, "other"), opened=dict(xa.opened))
    xa.secrets()
    rotate(later(other, 10), ["duty", "legal", "minister"], "rotation", acting={}, desk_keys=True)
    asked = ask(later(xa, 11))
    assert sent(later(xa, 11), later(xb, 11)).fresh == (asked.id,)
    assert sent(later(xb, 12), later(xa, 12)).fresh
    with pytest.raises(InvalidInput, match="younger"):
        ask(later(xa, 9))  # a process whose hour is that of its start: said again it goes through
    other.store.close()
