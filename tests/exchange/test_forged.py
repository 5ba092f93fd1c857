"""
What is detected: one row for each attempt, and the word by which it must be named (THREAT-MODEL.md).

The attacker is a party with all its own keys, or a carrier with the bytes of others.
"""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from tests.desk.parties import ITEM, START, later, parties, reopened, sent
from tests.exchange.parties import message, party
from tests.exchange.test_signed import OTHER

from safeconduct.desk.disclosing import disclose, disclosed, withheld
from safeconduct.desk.inbox import inbox
from safeconduct.desk.receiving import receive
from safeconduct.desk.rotation import rotate
from safeconduct.desk.sending import dispatch, pass_on, take_over, waiting_for
from safeconduct.desk.speaking import Speech, _batch, composed, say
from safeconduct.desk.witnessing import evidence, verify
from safeconduct.exchange.card import card_hash, sign_card, write_card
from safeconduct.exchange.content import CONTENT_TYPES
from safeconduct.exchange.contents import read_contents, write_contents
from safeconduct.exchange.evidence import read_evidence, write_evidence
from safeconduct.exchange.message import Moment, Response, message_hash
from safeconduct.exchange.parcel import read_parcel, send, write_parcel
from safeconduct.exchange.record import Growth
from safeconduct.exchange.sealing import seal, unseal
from safeconduct.exchange.signed import check_signed, sign_message
from safeconduct.exchange.thread import thread_state
from safeconduct.model.errors import InvalidInput

XA = party("XA")
BOTH = {name: XA.seeds[name] for name in ("duty", "legal")}


@pytest.mark.parametrize("content", CONTENT_TYPES)
def test_no_field_of_any_type_can_be_altered(content):
    """Every field of a message of every type: altered, the signatures of its offices no longer hold."""
    good = sign_message(message(XA, content=content), XA.card, BOTH)
    check_signed(good, XA.card)
    for name, value in OTHER.items():
        other = "RequestReturn" if (name, content) == ("content", value) else value
        with pytest.raises(InvalidInput):
            check_signed(replace(good, message=replace(good.message, **{name: other})), XA.card)


@pytest.fixture
def three(tmp_path):
    found = parties(tmp_path)
    yield found
    for each in found.values():
        each.store.close()


class Attack:
    """A bundle of XA on its way to XB, opened, to be changed and sealed again as only XA could."""

    def __init__(self, three):
        self.xa, self.xb, self.xc = three.values()
        self.asked = say(self.xa, Speech("RequestResource", "c", ("XB",), more=ITEM)).signed
        self.parcel = read_parcel(dispatch(self.xa, "XB").data)
        self.contents = read_contents(unseal(self.parcel.sealed, self.xb.secrets().sealing))

    def resealed(self, routing=None, **contents):
        """The bundle with other contents and other routing, signed anew by XA's duty office."""
        sealed = seal(write_contents(replace(self.contents, **contents)), [self.xb.card().sealing])
        changed = replace(self.parcel.routing, body=sha256(sealed).hexdigest(), **(routing or {}))
        return write_parcel(send(changed, sealed, self.xa.card(), "duty", self.xa.seed("duty")))

    def with_message(self, changed):
        """The bundle with one message in the place of the request."""
        return self.resealed(messages=(changed,))

    def signed(self, offices=("duty", "legal"), **fields):
        """Another message, signed by XA's offices."""
        other = replace(self.asked.message, **fields)
        return sign_message(other, self.xa.card(), {name: self.xa.seed(name) for name in offices})


def other_key(attack):
    """The request with the signatures of another message."""
    return attack.with_message(replace(attack.signed(id="other"), signatures=attack.asked.signatures))


def other_party(attack):
    """A message in the name of another party under one's own card."""
    spoken = replace(attack.asked, message=replace(attack.asked.message, sender="XC"))
    return attack.with_message(spoken)


def other_case(attack):
    """The signatures of one case on the same words in another."""
    return attack.with_message(replace(attack.asked, message=replace(attack.asked.message, case="d")))


def swapped(attack):
    """Each office's signature under the other's name."""
    one, two = attack.asked.signatures
    crossed = (replace(one, value=two.value), replace(two, value=one.value))
    return attack.with_message(replace(attack.asked, signatures=crossed))


def alone(attack):
    """One office where two are needed."""
    return attack.with_message(attack.signed(offices=("duty",), id="other"))


def actual(attack):
    """Keys of an exercise on an actual case."""
    return attack.with_message(attack.signed(status="Actual"))


def younger(attack):
    """A message dated before the card that signs it."""
    return attack.with_message(attack.signed(sent=Moment(START - timedelta(days=1))))


def future(attack):
    """A message dated two days ahead."""
    return attack.with_message(attack.signed(sent=Moment(START + timedelta(days=2))))


def for_others(attack):
    """A message that was addressed to somebody else."""
    return attack.with_message(attack.signed(recipients=("XC",)))


def unlogged(attack):
    """A message that its sender signed and did not log."""
    return attack.with_message(attack.signed(id="other"))


REFUSED_ALONE = {
    other_key: "does not hold",
    other_party: "not the card",
    other_case: "does not hold",
    swapped: "does not hold",
    alone: "too few offices",
    actual: "exercise",
    younger: "younger",
    future: "from the future",
    for_others: "for others",
    unlogged: "no proof that its sender logged it",
}


@pytest.mark.parametrize("attempt", REFUSED_ALONE, ids=lambda each: each.__name__)
def test_a_bad_message_is_refused_alone_and_named(three, attempt):
    """The message is not kept and not receipted; the reason is given and stands beside the record."""
    attack = Attack(three)
    arrival = receive(attack.xb, attempt(attack))
    assert REFUSED_ALONE[attempt] in arrival.refused[0][1]
    assert (arrival.fresh, arrival.receipts) == ((), ())
    assert inbox(attack.xb).refused == 1


def version(attack):
    """Contents of another version."""
    return attack.resealed().replace(b'"version":1,"via"', b'"version":2,"via"', 1)


def routed_otherwise(attack):
    """A carrier sends the bundle on to somebody else."""
    return write_parcel(attack.parcel).replace(b'"recipient":"XB"', b'"recipient":"XC"')


def cut_short(attack):
    """Half of the file."""
    whole = write_parcel(attack.parcel)
    return whole[: len(whole) // 2]


def noise(attack):
    """A file that is no bundle."""
    return b"nothing of the kind"


def false_proof(attack):
    """A proof of inclusion that leads elsewhere."""
    return attack.resealed(proofs=(replace(attack.contents.proofs[0], path=("00" * 32,)),))


def other_log(attack):
    """A proof against a head that is not there."""
    return attack.resealed(proofs=(replace(attack.contents.proofs[0], log="xb.example"),))


def swapped_contents(attack):
    """Contents of one bundle under the routing of another."""
    other = read_parcel(dispatch(attack.xa, "XB").data)
    return write_parcel(replace(attack.parcel, sealed=other.sealed))


def actual_parcel(attack):
    """An exercise passed off as actual on the outside."""
    return write_parcel(attack.parcel).replace(b'"status":"Exercise"', b'"status":"Actual"')


def forged_card(attack):
    """A next card that one office alone signed."""
    card = attack.xa.card()
    following = replace(card, serial=1, previous=card_hash(card), reason="rules", made_at=START)
    seeds = {name: attack.xa.seed(name) for name in ("duty", "legal", "minister")}
    signed = sign_card(following, seeds, card, seeds)
    return attack.resealed(cards=(*attack.contents.cards, replace(signed, signatures=signed.signatures[:1])))


REFUSED_WHOLE = {
    version: "",
    routed_otherwise: "",
    cut_short: "not a parcel",
    noise: "not JSON",
    false_proof: "not in the log",
    other_log: "not in the log",
    swapped_contents: "not those sent",
    actual_parcel: "",
    forged_card: "too few offices",
}


@pytest.mark.parametrize("attempt", REFUSED_WHOLE, ids=lambda each: each.__name__)
def test_a_bad_bundle_changes_nothing(three, attempt):
    """It is refused as a whole, by name, and the store is as it was; the good one is still taken afterwards."""
    attack = Attack(three)
    size, keys = attack.xb.store.size(), attack.xb.store.keys("message")
    with pytest.raises(InvalidInput) as caught:
        receive(attack.xb, attempt(attack))
    assert REFUSED_WHOLE[attempt] in f"{caught.value} {caught.value.expected}"
    assert (attack.xb.store.size(), attack.xb.store.keys("message")) == (size, keys)
    assert receive(attack.xb, write_parcel(attack.parcel)).fresh == (attack.asked.message.id,)


def test_two_bad_messages_under_one_id_do_not_stop_the_good_one(three):
    """Both are refused and kept beside the record; the good message of the same bundle is receipted."""
    attack = Attack(three)
    bad = [attack.signed(offices=("duty",), id="twice", description=each) for each in ("one", "two")]
    for _ in range(2):
        arrival = receive(attack.xb, attack.resealed(messages=(*attack.contents.messages, *bad)))
    assert len(arrival.refused) == 2
    assert len(inbox(attack.xb).to_answer) == 1
    assert inbox(attack.xb).owed == ()


def test_a_lost_key_signs_nothing_after_it_was_taken_off(three):
    """With the keys of the card before, whoever found them signs nothing dated after the new card."""
    xa, xb, _ = three.values()
    old = {name: xa.seed(name) for name in ("duty", "minister")}
    card = xa.card()
    rotate(later(xa, 10), ["-minister"], "loss", acting={})
    say(later(xa, 20), Speech("RequestResource", "c", ("XB",), more=ITEM))
    parcel = read_parcel(dispatch(later(xa, 30), "XB").data)
    contents = read_contents(unseal(parcel.sealed, xb.secrets().sealing))
    found = sign_message(replace(contents.messages[0].message, id="found"), card, old)
    sealed = seal(write_contents(replace(contents, messages=(found,))), [xb.card().sealing])
    routing = replace(parcel.routing, body=sha256(sealed).hexdigest())
    data = write_parcel(send(routing, sealed, xa.card(), "duty", xa.seed("duty")))
    assert "replaced" in receive(later(xb, 31), data).refused[0][1]
    stale = write_parcel(send(replace(routing, card=card_hash(card)), sealed, card, "duty", old["duty"]))
    with pytest.raises(InvalidInput, match="replaced"):
        receive(later(xb, 31), stale)


def test_a_message_an_hour_ahead_is_taken_and_the_clock_is_named(three):
    """Whose clock is wrong cannot be known: it is kept, receipted and said; evidence shows that it existed before."""
    xa, xb, _ = three.values()
    say(later(xa, 60), Speech("RequestResource", "c", ("XB",), more=ITEM))
    arrival = sent(xa, xb)
    assert [hours for _, hours in arrival.ahead] == [1.0]
    assert len(arrival.receipts) == 1
    assert any("clock was ahead" in line for step in verify(evidence(xb, "c")).steps for line in step.says)


def test_a_parcel_past_its_date_goes_no_further_and_is_still_read(three):
    """No carrier signs for it; its recipient reads it."""
    xa, xb, xc = three.values()
    say(xa, Speech("RequestResource", "c", ("XB",), more=ITEM))
    by_hand = dispatch(xa, "XB", good_for=timedelta(hours=1)).data
    carried = dispatch(xa, "XB", ["XC"], good_for=timedelta(hours=1)).data
    with pytest.raises(InvalidInput, match="expired"):
        receive(later(xc, 120), carried)
    assert receive(later(xb, 120), by_hand).fresh


def test_an_office_out_of_its_dates_is_named(three):
    """A deputy whose time is over signs nothing."""
    xa = three["XA"]
    rotate(xa, [], "succession", acting={"deputy": ("minister", START + timedelta(hours=1))})
    speech = Speech("RequestResource", "c", ("XB",), more=ITEM)
    said = say(later(xa, 120), speech, ["duty", "deputy"])
    assert not said.sent
    assert "outside its dates" in said.missing


def test_a_mediator_that_delays_and_reorders_changes_nothing(three):
    """Bundles that come late, twice and in the wrong order end in the same conversation."""
    xa, xb, xc = three.values()
    bundles = []
    for minute in range(3):
        say(later(xa, minute), Speech("RequestResource", "c", ("XB",), more=ITEM))
        data = dispatch(later(xa, minute), "XB", ["XC"]).data
        bundles.append(pass_on(xc, receive(xc, data).parcel))
    for data in (bundles[2], bundles[0], bundles[2], bundles[1], bundles[0]):
        receive(later(xb, 600), data)
    messages = [each.message for each in xb.messages("c")]
    assert [each.content for each in messages].count("RequestResource") == 3
    assert thread_state(messages).violations == ()


def test_a_mediator_that_forks_is_named(three):
    """Two parcels under one id: the second is not taken for the first."""
    attack = Attack(three)
    one = read_parcel(dispatch(attack.xa, "XB", ["XC"]).data)
    take_over(attack.xc, one)
    with pytest.raises(InvalidInput, match="id that is taken"):
        take_over(attack.xc, replace(one, routing=replace(one.routing, until_at=START + timedelta(days=9))))


def test_two_messages_under_one_id_are_shown_as_a_fork(three):
    """A party that says two things under one id is named in the thread, with both."""
    attack = Attack(three)
    sent(attack.xa, attack.xb)
    other = composed(attack.xa, Speech("RequestResource", "c", ("XB",), more=ITEM))
    other = replace(other, id=attack.asked.message.id, origin=attack.asked.message.id, description="another")
    codes = [each.code for each in thread_state([attack.asked.message, other]).violations]
    assert "message-forked" in codes


def test_a_false_proof_of_growth_makes_nobodys_log_look_rewritten(three):
    """A sender that adds false proofs to its routing cannot spoil the evidence of the one who receives it."""
    attack = Attack(three)
    name, size = attack.xa.card().log_name, attack.xa.store.size()
    receive(attack.xb, write_parcel(attack.parcel))
    say(attack.xa, Speech("RequestResource", "c", ("XB",), more=ITEM))
    honest = read_parcel(dispatch(attack.xa, "XB").data)
    false = Growth(name, size, attack.xa.store.size(), ("00" * 32,))
    routing = replace(honest.routing, growths=(false, *honest.routing.growths))
    data = write_parcel(send(routing, honest.sealed, attack.xa.card(), "duty", attack.xa.seed("duty")))
    receive(attack.xb, data)
    proof = verify(evidence(attack.xb, "c"))
    assert proof.holds, [step.faults for step in proof.steps]


def test_words_of_others_cannot_make_the_record_unreadable(three):
    """Whatever types and answers a party sends without what they need, inbox and evidence still read."""
    xa, xb, _ = three.values()
    asked = say(xa, Speech("RequestResource", "c", ("XB",), more=ITEM)).signed.message
    for content in CONTENT_TYPES:
        say(xa, Speech(content, "c", ("XB",), asked.id, more={"response": Response("Accept")}))
    sent(xa, xb)
    assert inbox(xb).conversations[0].thread.items
    assert verify(evidence(xb, "c")).holds


def test_a_case_is_not_mixed_with_one_whose_name_begins_alike(three):
    """A message of the case c/d is no message of the case c."""
    xa, xb, _ = three.values()
    for case in ("c", "c/d"):
        say(xa, Speech("RequestResource", case, ("XB",), more=ITEM))
    sent(xa, xb)
    assert {each.message.case for each in xb.messages("c")} == {"c"}
    assert [each.case for each in inbox(xb).conversations] == ["c", "c/d"]


def test_a_read_only_disk_during_an_import_is_said_and_mended(three):
    """Nothing is kept and nothing receipted; once it can be written to, the same bundle is taken."""
    from safeconduct.model.errors import Unavailable

    attack = Attack(three)
    attack.xb.store._db.execute("PRAGMA query_only = ON")
    with pytest.raises(Unavailable, match="readonly"):
        receive(attack.xb, write_parcel(attack.parcel))
    attack.xb.store._db.execute("PRAGMA query_only = OFF")
    arrival = receive(attack.xb, write_parcel(attack.parcel))
    assert (len(arrival.fresh), len(arrival.receipts)) == (1, 1)


def test_a_full_disk_during_an_import_is_said_and_mended(three):
    """As with a read-only disk."""
    from safeconduct.model.errors import Unavailable

    attack = Attack(three)
    pages = attack.xb.store._db.execute("PRAGMA page_count").fetchone()[0]
    attack.xb.store._db.execute(f"PRAGMA max_page_count = {pages}")
    big = say(attack.xa, Speech("RequestResource", "c", ("XB",), more={**ITEM, "description": "x" * 50_000})).signed
    data = dispatch(attack.xa, "XB").data
    with pytest.raises(Unavailable, match="full"):
        receive(attack.xb, data)
    assert [each.message.content for each in attack.xb.messages()] == []
    attack.xb.store._db.execute("PRAGMA max_page_count = 1000000")
    assert big.message.id in receive(attack.xb, data).fresh


def test_a_rotation_cut_short_leaves_keys_that_fit_the_card(three, monkeypatch):
    """Whether it dies before or after the new card is durable, the party still speaks under the card it has."""
    xa, xb, _ = three.values()

    class Died(Exception):
        pass

    def die(*_):
        raise Died

    for target in ("safeconduct.desk.rotation.accept", "safeconduct.store.home.Home.promote_key"):
        with monkeypatch.context() as patched:
            patched.setattr(target, die)
            with pytest.raises(Died):
                rotate(xa, ["legal"], "rotation", acting={})
        again = reopened(Path(xa.home.path), "after")
        say(again, Speech("RequestResource", "c", ("XB",), more=ITEM), ["duty", "legal"])
        assert sent(again, xb).fresh
        again.store.close()
    assert write_card(xb.chain("XA")[-1]) == write_card(xa.chain("XA")[-1])


def place_withheld(three):
    """A request of XA to XB and XC, both of which hold it, with its place withheld."""
    xa, xb, xc = three.values()
    hidden, kept = withheld(xa, "place", "46.1 38.2", "about 46 38")
    more = {**ITEM, "withheld": (hidden,)}
    asked = say(xa, Speech("RequestResource", "c", ("XB", "XC"), more=more, things=(kept,))).signed
    sent(xa, xb)
    sent(xa, xc)
    return asked


def test_nobody_feigns_a_disclosure_to_another(three):
    """What XB got it cannot pass off as shown to XC: XA would then never show it, and believe that it had."""
    asked = place_withheld(three)
    xa, xb, xc = three.values()
    shown = disclose(xa, asked.message, "place", "XB")
    sent(xa, xb)
    said = read_parcel(dispatch(xb, "XA").data)
    contents = read_contents(unseal(said.sealed, xa.secrets().sealing))
    sealed = seal(write_contents(replace(contents, disclosures=(replace(shown, to="XC"),))), [xa.card().sealing])
    routing = replace(said.routing, body=sha256(sealed).hexdigest())
    with pytest.raises(InvalidInput, match="a disclosure between others"):
        receive(xa, write_parcel(send(routing, sealed, xb.card(), "duty", xb.seed("duty"))))
    disclose(xa, asked.message, "place", "XC")
    sent(xa, xc)
    assert [each.to for each in disclosed(xc, asked.message)] == ["XC"]


def test_to_whom_a_fact_was_disclosed_is_said_to_be_unsigned(three):
    """Whoever makes the file can write any recipient and hour of a disclosure: neither is stated as proved."""
    asked = place_withheld(three)
    xa = three["XA"]
    shown = disclose(xa, asked.message, "place", "XB")
    whole = read_evidence(evidence(xa, "c", disclosures=True))
    feigned = replace(whole, disclosures=(replace(shown, to="XC", at=START - timedelta(days=9)),))
    found = verify(write_evidence(feigned))
    assert "by the word of this file alone" in found.steps[5].says[0]
    assert any("nobody signs that" in each for each in found.not_proved)


def test_an_id_that_a_stranger_used_before_costs_no_receipt(three):
    """XC writes to XB under the id of XA's request, and is first: XA's own gets its receipt, and XB may answer it."""
    xa, xb, xc = three.values()
    asked = say(xa, Speech("RequestResource", "c", ("XB", "XC"), more=ITEM)).signed
    sent(xa, xc)
    other = replace(asked.message, sender="XC", recipients=("XB",))
    signed = sign_message(other, xc.card(), {name: xc.seed(name) for name in ("duty", "legal")})
    xc.store.commit((_batch(xc, signed, ()),))
    assert len(sent(xc, xb).receipts) == 1
    assert len(sent(xa, xb).receipts) == 1
    items = (replace(ITEM["items"][0], response=Response("Accept")),)
    speech = Speech("ResponseToRequestResource", "c", ("XA",), asked.message.id, more={"items": items})
    assert say(xb, replace(speech, to_words=message_hash(asked.message))).violations == ()
    sent(xb, xa)
    assert [known.content for _, known in waiting_for(xa, "XB")] == ["Acknowledge"]


def test_what_is_missing_of_one_case_is_asked_of_nobody_in_another(three):
    """XA lacks a message of XC: XB, who has no part in that case, learns neither its id nor that there is one."""
    xa, _, xc = three.values()
    first = say(xc, Speech("RequestResource", "between two", ("XA",), more=ITEM)).signed.message
    say(xc, Speech("ChannelCheck", "between two", ("XA",), first.id))
    bundle = read_parcel(dispatch(xc, "XA").data)
    contents = read_contents(unseal(bundle.sealed, xa.secrets().sealing))
    sealed = seal(write_contents(replace(contents, messages=contents.messages[-1:])), [xa.card().sealing])
    routing = replace(bundle.routing, body=sha256(sealed).hexdigest())
    receive(xa, write_parcel(send(routing, sealed, xc.card(), "duty", xc.seed("duty"))))
    say(xa, Speech("RequestResource", "c", ("XB",), more=ITEM))
    assert first.id in dispatch(xa, "XC").wants
    assert dispatch(xa, "XB").wants == ()


def test_a_card_dated_back_is_named(three):
    """What a party signed and logged it can put out of force by a card of an earlier date: evidence says so."""
    xa, xb, _ = three.values()
    asked = say(later(xa, 60), Speech("RequestResource", "c", ("XB",), more=ITEM)).signed
    sent(later(xa, 60), later(xb, 61))
    rotate(later(xa, 30), ["minister"], "rotation", acting={})
    say(later(xa, 90), Speech("ChannelCheck", "c", ("XB",), asked.message.id))
    receive(later(xb, 95), dispatch(later(xa, 90), "XB").data)
    found = verify(evidence(later(xb, 95), "c"))
    named = [each for step in found.steps for each in step.faults if asked.message.id in each]
    assert "a card that was replaced before the message" in named[0]
    assert "the later card is dated back, or the log's key was lost too" in named[1]


def test_a_carrier_whose_receipt_was_taken_out_is_named(three):
    """Evidence without the receipt of a carrier on the route does not hold, and is not said to have come by hand."""
    xa, xb, xc = three.values()
    say(xa, Speech("RequestResource", "c", ("XB",), more=ITEM))
    sent(xa, xb, xc)
    whole = read_evidence(evidence(xb, "c"))
    assert verify(write_evidence(whole)).holds
    without = replace(whole, carried=tuple(replace(each, hops=()) for each in whole.carried))
    step = verify(write_evidence(without)).steps[4]
    assert "no receipt of a carrier" in step.faults[0]
    assert not step.says


def test_a_message_dated_before_what_it_names_is_named(three):
    """Whoever names a message by hash wrote after it: an earlier date is shown as one that cannot be."""
    xa, xb, _ = three.values()
    say(later(xa, 60), Speech("RequestResource", "c", ("XB",), more=ITEM))
    sent(later(xa, 60), later(xb, 30))
    said = verify(evidence(xb, "c")).steps[-1].says
    assert any("names by hash" in each and "one of two clocks is wrong" in each for each in said)
