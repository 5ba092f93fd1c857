"""Bundles between parties: lost, doubled, late, altered, carried by one who misbehaves."""

import itertools
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.desk.parties import ITEM, START, later, parties, reopened, sent

from safeconduct.desk.checking import drop
from safeconduct.desk.inbox import inbox
from safeconduct.desk.party import Founding, entry, found_party, own_card, trust
from safeconduct.desk.phrases import Choice, answer
from safeconduct.desk.receiving import STEPS, owed, receive
from safeconduct.desk.rotation import rotate
from safeconduct.desk.sending import GOOD_FOR, dispatch, pass_on, waiting_for
from safeconduct.desk.speaking import Speech, by_id, say, sign_draft
from safeconduct.desk.voice import message_thing
from safeconduct.desk.witnessing import evidence, verify
from safeconduct.exchange.card import card_hash
from safeconduct.exchange.contents import read_contents
from safeconduct.exchange.message import Response, message_hash
from safeconduct.exchange.parcel import read_parcel, write_parcel
from safeconduct.exchange.proving import Proof
from safeconduct.exchange.sealing import unseal
from safeconduct.exchange.signed import sign_message, signed_hash
from safeconduct.exchange.thread import thread_state
from safeconduct.model.errors import InvalidInput
from safeconduct.store.contract import Batch, Thing


@pytest.fixture
def three(tmp_path):
    found = parties(tmp_path)
    yield found
    for each in found.values():
        each.store.close()


def ask(voice, to="XB", case="c"):
    return say(voice, Speech("RequestResource", case, (to,), more=ITEM)).signed.message


def held(voice, case="c"):
    return [each.message for each in voice.messages(case)]


def test_a_request_arrives_and_is_receipted(three):
    """The import makes the receipt at once, apart from any answer."""
    asked = ask(three["XA"])
    arrival = sent(three["XA"], three["XB"])
    assert arrival.fresh == (asked.id,)
    assert [each.content for each in held(three["XB"])] == ["RequestResource", "Acknowledge"]


def test_the_same_bundle_twice_is_taken_once(three):
    """A second import finds everything known and changes nothing."""
    ask(three["XA"])
    data = dispatch(three["XA"], "XB").data
    receive(three["XB"], data)
    size = three["XB"].store.size()
    again = receive(three["XB"], data)
    assert (again.fresh, again.known, again.receipts) == ((), 1, ())
    assert three["XB"].store.size() == size


def test_a_lost_bundle_costs_nothing(three):
    """What was in a bundle that never came goes out again with the next one."""
    asked = ask(three["XA"])
    dispatch(three["XA"], "XB")
    assert sent(three["XA"], three["XB"]).fresh == (asked.id,)


def test_what_arrived_is_not_sent_again(three):
    """Once the receipt came back the outbox is empty."""
    ask(three["XA"])
    sent(three["XA"], three["XB"])
    sent(three["XB"], three["XA"])
    assert waiting_for(three["XA"], "XB") == []


def test_receipts_end(three):
    """A receipt gets no receipt: after two exchanges nothing waits on either side."""
    ask(three["XA"])
    for one, other in itertools.islice(itertools.cycle([("XA", "XB"), ("XB", "XA")]), 4):
        sent(three[one], three[other])
    assert waiting_for(three["XA"], "XB") == waiting_for(three["XB"], "XA") == []


def contents(sender, recipient, data):
    """What a bundle holds, opened as its recipient opens it."""
    assert read_parcel(data).routing.sender == sender.party
    return read_contents(unseal(read_parcel(data).sealed, recipient.secrets().sealing))


def test_a_bundle_tells_only_what_the_other_may_not_know(three):
    """However long the exchange, receipts, cosignatures and parcels that arrived are told once, not in every bundle."""
    xa, xb = three["XA"], three["XB"]
    for _ in range(4):
        ask(xa)
        data = dispatch(xa, "XB").data
        receive(xb, data)
        receive(xa, dispatch(xb, "XA").data)
    last = contents(xa, xb, data)
    assert [len(each) for each in (last.messages, last.holds, last.cosigned, last.carried)] == [1, 1, 1, 1]


def test_what_a_lost_bundle_told_is_told_again(three):
    """A receipt is confirmed in every bundle until one of them is known to have arrived."""
    xa, xb = three["XA"], three["XB"]
    ask(xa)
    sent(xa, xb)
    sent(xb, xa)
    (receipt,) = contents(xa, xb, dispatch(xa, "XB").data).holds  # lost
    ask(xa)
    data = dispatch(xa, "XB").data
    assert contents(xa, xb, data).holds == (receipt,)
    receive(xb, data)
    assert [digest for digest, _ in waiting_for(xb, "XA")] != [receipt]
    sent(xb, xa)
    assert receipt not in contents(xa, xb, dispatch(xa, "XB").data).holds


def test_a_party_restored_from_a_backup_imports_the_bundles_since(three):
    """With the backup and the bundles that came after it nothing waits that would not wait otherwise."""
    xa, xb = three["XA"], three["XB"]
    ask(xa)
    sent(xa, xb)
    path = Path(xb.home.path).parent / "restored"
    path.mkdir()
    xb.store.backup(str(path / "record.db"))
    (path / "keys").symlink_to(xb.home.path / "keys")
    sent(xb, xa)
    since = dispatch(xa, "XB").data
    restored = replace(reopened(path, "restored"), opened=xb.opened)
    assert len(waiting_for(restored, "XA")) == 1
    for each in (xb, restored):
        receive(each, since)
        assert waiting_for(each, "XA") == []
    restored.store.close()


def test_bundles_that_overtake_each_other_give_one_state(three):
    """Three bundles in every order of arrival: the same thread at the other end."""
    bundles = []
    for _ in range(3):
        ask(three["XA"])
        bundles.append(dispatch(three["XA"], "XB").data)
    states = set()
    for number, order in enumerate(itertools.permutations(bundles)):
        path = Path(three["XB"].home.path).parent / f"copy{number}"
        path.mkdir()
        three["XB"].store.backup(str(path / "record.db"))
        (path / "keys").symlink_to(three["XB"].home.path / "keys")
        copy = replace(reopened(path, number), opened=three["XB"].opened)
        for data in order:
            receive(copy, data)
        states.add(thread_state(m for m in held(copy) if m.sender == "XA"))
        copy.store.close()
    assert len(states) == 1


def test_a_hole_is_asked_for_and_filled(three):
    """A message whose predecessor is missing shows the hole; the next bundles ask for it and fill it."""
    first = ask(three["XA"])
    say(three["XA"], Speech("NotifyAuxiliaryRecipients", "c", ("XB",), first.id))
    (first_key, _) = three["XA"].store.keys("outbox")
    from safeconduct.store.contract import Batch

    three["XA"].store.commit((Batch(forgets=(("outbox", first_key),)),))  # as if only the second were sent
    sent(three["XA"], three["XB"])
    assert thread_state(held(three["XB"])).holes
    assert sent(three["XB"], three["XA"]).wants == (first.id,)
    sent(three["XA"], three["XB"])
    assert not thread_state(held(three["XB"])).holes


def test_a_carrier_passes_it_on_with_its_receipt(three):
    """Through a carrier it arrives, and the carrier's receipt reaches both sides."""
    ask(three["XA"])
    assert sent(three["XA"], three["XB"], three["XC"]).fresh
    sent(three["XB"], three["XA"])
    for code in ("XA", "XB"):
        proof = verify(evidence(three[code], "c"))
        assert isinstance(proof, Proof)
        assert any("XC took it over" in line for step in proof.steps for line in step.says)


def test_a_carrier_takes_it_over_once(three):
    """The same parcel handed to a carrier twice gives one receipt, and one entry in its log."""
    ask(three["XA"])
    data = dispatch(three["XA"], "XB", ["XC"]).data
    first = receive(three["XC"], data)
    size = three["XC"].store.size()
    assert receive(three["XC"], data) == first
    assert three["XC"].store.size() == size


def test_a_carrier_that_drops_its_receipt_is_named(three):
    """A parcel that reaches its recipient without the receipt of a carrier on its route is refused."""
    ask(three["XA"])
    data = dispatch(three["XA"], "XB", ["XC"]).data
    with pytest.raises(InvalidInput, match="did not sign"):
        receive(three["XB"], data)


def test_a_carrier_cannot_swap_the_contents(three):
    """Contents from another parcel under this one's routing are refused."""
    ask(three["XA"])
    one, other = (read_parcel(dispatch(three["XA"], "XB").data) for _ in range(2))
    with pytest.raises(InvalidInput, match="not those sent"):
        receive(three["XB"], write_parcel(replace(one, sealed=other.sealed)))


def test_a_bundle_for_others_is_refused(three):
    """A party that is neither the recipient nor a carrier takes nothing."""
    ask(three["XA"])
    with pytest.raises(InvalidInput, match="for others"):
        receive(three["XC"], dispatch(three["XA"], "XB").data)


def test_a_stranger_is_refused(three, tmp_path):
    """A bundle of a party whose card is not trusted is refused, with what to do."""
    stranger = found_party(
        tmp_path / "XD", Founding("XD", "XD", None, ("duty",), True), START, three["XA"].draw, {"*": "p"}
    )
    trust(stranger, own_card(three["XB"]), card_hash(three["XB"].card()))
    ask(stranger)
    with pytest.raises(InvalidInput, match="not trusted"):
        receive(three["XB"], dispatch(stranger, "XB").data)


def test_trust_takes_the_right_fingerprint(three, tmp_path):
    """A card is not trusted on sight: another fingerprint than its own is refused."""
    fresh = found_party(
        tmp_path / "XD", Founding("XD", "XD", None, ("duty",), True), START, three["XA"].draw, {"*": "p"}
    )
    with pytest.raises(InvalidInput, match="fingerprint"):
        trust(fresh, own_card(three["XA"]), card_hash(three["XB"].card()))


def test_a_second_chain_of_a_trusted_party_is_refused(three, tmp_path):
    """A card of the same party that continues nothing is refused even with its own fingerprint."""
    other = found_party(
        tmp_path / "false", Founding("XA", "XA", None, ("duty",), True), START, three["XB"].draw, {"*": "p"}
    )
    with pytest.raises(InvalidInput, match="another chain"):
        trust(three["XB"], own_card(other), card_hash(other.card()))


def test_a_party_with_two_histories_is_named(three):
    """A party restored to an older state that goes on otherwise is named as forked or shrunk, and nothing is kept."""
    xa, copy = three["XA"], Path(three["XA"].home.path).parent / "second"
    copy.mkdir()
    xa.store.backup(str(copy / "record.db"))
    (copy / "keys").symlink_to(xa.home.path / "keys")
    second = replace(reopened(copy, "second"), opened=xa.opened)
    ask(xa)
    sent(xa, three["XB"])
    ask(second)
    size = three["XB"].store.size()
    with pytest.raises(InvalidInput, match="forked"):
        receive(three["XB"], dispatch(second, "XB").data)
    assert three["XB"].store.size() == size
    second.store.close()


def test_of_two_messages_under_one_id_the_one_that_was_read_is_answered(three):
    """By the id alone nothing is answered; by its hash each of the two, and the answer names that one."""
    xa, xb, _ = three.values()
    asked = ask(xa)
    forged = replace(asked, description="and forty soldiers")
    signed = sign_message(forged, xa.card(), {name: xa.seed(name) for name in ("duty", "legal")})
    sent(xa, xb)
    digest = signed_hash(signed)
    logged = entry("sent", digest, START)
    xa.store.commit((Batch((message_thing(signed, digest), Thing("outbox", f"XB/{digest}", b"c")), (logged,)),))
    sent(xa, xb)
    with pytest.raises(InvalidInput, match="several messages under one name"):
        by_id(xb, asked.id)
    with pytest.raises(InvalidInput, match="several messages under one name"):
        say(xb, Speech("ResponseToRequestResource", "c", ("XA",), asked.id))
    for words in (asked, forged):
        read = by_id(xb, message_hash(words)[:16])
        assert read == words
        said = say(xb, answer(read, Choice("Decline"))).signed.message
        assert message_hash(words) in said.previous
    assert thread_state(held(xb)).doubtful == ()


def test_an_answer_names_its_question_whatever_others_wrote_between(three):
    """What a third party wrote to the one is a hole for the other; the answer is still seen to be to that question."""
    xa, xb, xc = three.values()
    asked = say(xb, Speech("RequestResource", "c", ("XA", "XC"), more=ITEM)).signed.message
    sent(xb, xa)
    sent(xb, xc)
    say(xc, Speech("NotifyAuxiliaryRecipients", "c", ("XA",), asked.id))
    sent(xc, xa)
    sent(xa, xc)
    say(later(xa, 1), answer(asked, Choice("Accept")))
    sent(later(xa, 2), later(xb, 3))
    thread = thread_state(held(xb))
    assert thread.holes
    assert thread.doubtful == ()
    assert [part.state for part in thread.items[0].parts if part.provider == "XA"] == ["Offered"]


def test_a_draft_waits_for_its_second_office(three):
    """One signature of two is a draft: it is not logged, not sent, and complete with the second."""
    said = say(three["XA"], Speech("RequestResource", "c", ("XB",), more=ITEM), ["duty"])
    assert not said.sent
    assert waiting_for(three["XA"], "XB") == []
    done = sign_draft(three["XA"], said.signed.message.id, ["minister"])
    assert done.sent
    assert [each.office for each in done.signed.signatures] == ["duty", "minister"]


def test_a_draft_under_a_card_that_was_replaced_is_void(three):
    """It is listed with the reason, refused with the way out, and thrown away by name; nothing of the record goes."""
    xa = three["XA"]
    draft = say(xa, Speech("RequestResource", "c", ("XB",), more=ITEM), ["duty"]).signed.message.id
    rotate(later(xa, 5), ["legal"], "rotation", acting={})
    now = later(xa, 6)
    assert inbox(now).drafts == ()
    assert inbox(now).void == ((draft, "signed under card 0, and card 1 is in force since 2031-03-01T06:05:00Z"),)
    with pytest.raises(InvalidInput, match="nobody can sign any more"):
        sign_draft(now, draft, ["legal"])
    size = xa.store.size()
    assert drop(now, draft[-8:]) == draft
    assert (inbox(now).void, now.store.size()) == ((), size)
    with pytest.raises(InvalidInput, match="no such draft"):
        drop(now, draft)


def test_a_bundle_that_was_delayed_names_who_had_it(three):
    """Sender, carrier and the hours of each; that it was past its date is not hidden either."""
    xa, xb, xc = three.values()
    say(xa, Speech("RequestResource", "c", ("XB",), more=ITEM))
    carried = pass_on(xc, receive(later(xc, 30), dispatch(xa, "XB", ["XC"]).data).parcel)
    arrival = receive(later(xb, 60 * 40), carried)
    assert arrival.legs == (("XA", 0.5), ("XC", 39.5))
    assert arrival.until_at == START + GOOD_FOR


def test_a_rotated_key_arrives_with_the_next_bundle(three):
    """The other side takes over the new card from the bundle, because the old one signed for it."""
    rotate(three["XA"], ["legal"], "rotation", acting={})
    ask(three["XA"])
    assert sent(three["XA"], three["XB"]).fresh
    assert three["XB"].card("XA").serial == 1


def test_a_lost_office_is_taken_off_by_the_others(three):
    """Two offices take a third off the card; messages go on."""
    (three["XA"].home.path / "keys" / "minister.key").unlink()
    rotate(three["XA"], ["-minister"], "loss", acting={})
    ask(three["XA"])
    assert sent(three["XA"], three["XB"]).fresh
    assert [each.office for each in three["XB"].card("XA").offices] == ["duty", "legal"]


def test_in_an_emergency_one_acts_for_another(three):
    """A deputy on the next card signs in the minister's place, and the evidence says so."""
    until = START + timedelta(days=1)
    rotate(three["XA"], [], "succession", acting={"deputy": ("minister", until)})
    say(three["XA"], Speech("RequestResource", "c", ("XB",), more=ITEM), ["duty", "deputy"])
    sent(three["XA"], three["XB"])
    proof = verify(evidence(three["XB"], "c"))
    assert isinstance(proof, Proof)
    assert proof.messages[0].offices == ("duty", "minister")
    assert any("deputy acting for minister" in line for step in proof.steps for line in step.says)


def test_without_a_key_here_the_receipt_is_owed(three):
    """A desk whose passphrase for no office is at hand keeps the message and owes the receipt."""
    ask(three["XA"])
    data = dispatch(three["XA"], "XB").data
    closed = replace(three["XB"], passphrases={"party": "passphrase"}, opened={})
    arrival = receive(closed, data)
    assert len(arrival.fresh) == len(arrival.unreceipted) == 1
    assert owed(three["XB"], "XA")


def test_an_import_reports_its_steps_in_order(three):
    """Whoever watches sees each step once, in order."""
    ask(three["XA"])
    seen = []
    receive(three["XB"], dispatch(three["XA"], "XB").data, seen.append)
    assert tuple(seen) == STEPS


@pytest.mark.parametrize("step", STEPS)
def test_a_crash_after_each_step_loses_nothing(three, step):
    """
    Whatever step the program dies after, importing the bundle again ends with the message and its receipt, once each.
    """

    class Died(Exception):
        pass

    def die(at):
        if at == step:
            raise Died

    ask(three["XA"])
    data = dispatch(three["XA"], "XB").data
    with pytest.raises(Died):
        receive(three["XB"], data, die)
    receive(three["XB"], data)
    assert [each.content for each in held(three["XB"])] == ["RequestResource", "Acknowledge"]
    assert len(list(three["XB"].store.entries())) == three["XB"].store.size()


@pytest.mark.parametrize("commits", [1, 2])
def test_a_crash_between_two_messages_loses_neither(three, commits):
    """
    With a commit for each message those before the crash are held with their receipts, the rest not at all, and the
    sender is not told that its parcel arrived; importing it again brings the rest, once.
    """

    class Died(Exception):
        pass

    def die(at):
        said.append(at)
        if said.count("receipted") == commits:
            raise Died

    xa, xb = three["XA"], three["XB"]
    asked, said = [ask(xa).id for _ in range(3)], []
    data = dispatch(xa, "XB").data
    with pytest.raises(Died):
        receive(xb, data, die, together=1)
    assert [each.content for each in held(xb)] == ["RequestResource", "Acknowledge"] * commits
    assert not xb.store.keys("carried")
    again = receive(xb, data, together=1)
    assert (again.fresh, again.known) == (tuple(asked[commits:]), commits)
    assert len(again.receipts) == len(again.fresh)
    assert [each.content for each in held(xb)] == ["RequestResource", "Acknowledge"] * 3
    assert verify(evidence(xb, "c")).holds
    sent(xb, xa)
    assert waiting_for(xa, "XB") == []


def test_two_processes_that_take_in_one_bundle_make_one_receipt(three):
    """Whoever comes second reads anew and finds everything known; nobody is told to try again."""
    xb = three["XB"]
    asked = ask(three["XA"])
    data = dispatch(three["XA"], "XB").data
    other = replace(reopened(xb.home.path, "other"), opened=xb.opened)

    def draw(count):
        if not other.store.keys("carried"):
            receive(other, data)  # at the worst moment: while the receipt is drawn up
        return xb.draw(count)

    arrival = receive(replace(xb, draw=draw), data)
    assert (arrival.fresh, arrival.known, arrival.receipts) == ((), 1, ())
    assert [(each.content, each.preceding) for each in held(xb)] == [
        ("RequestResource", None),
        ("Acknowledge", asked.id),
    ]
    other.store.close()


def test_one_by_one_or_together_is_the_same_record(three):
    """How many messages a commit takes decides nothing about what is held in the end."""
    first = ask(three["XA"])
    say(three["XA"], Speech("NotifyAuxiliaryRecipients", "c", ("XB",), first.id))
    ask(three["XA"])
    data = dispatch(three["XA"], "XB").data
    states = []
    for together in (1, 2, 100):
        path = Path(three["XB"].home.path).parent / f"by{together}"
        path.mkdir()
        three["XB"].store.backup(str(path / "record.db"))
        (path / "keys").symlink_to(three["XB"].home.path / "keys")
        copy = replace(reopened(path, together), opened=three["XB"].opened)
        arrival = receive(copy, data, together=together)
        assert len(arrival.fresh) == len(arrival.receipts) == 3
        states.append(
            (
                arrival.fresh,
                sorted(str((each.sender, each.content, each.preceding)) for each in held(copy)),
                {(each.code, each.message_id in arrival.fresh) for each in thread_state(held(copy)).violations},
                set(copy.store.keys("inclusion")),
                copy.store.size(),
            )
        )
        assert verify(evidence(copy, "c")).holds
        copy.store.close()
    assert states[0] == states[1] == states[2]


def test_a_clock_an_hour_ahead_is_seen(three):
    """A message dated an hour ahead is kept with its own date; the order of the thread does not depend on clocks."""
    first = ask(later(three["XA"], 60))
    sent(three["XA"], three["XB"])
    answer = Speech(
        "ResponseToRequestResource",
        "c",
        ("XA",),
        first.id,
        more={"items": (replace(ITEM["items"][0], response=Response("Accept")),)},
    )
    said = say(three["XB"], answer)
    assert said.violations == ()
    assert thread_state(held(three["XB"])).order[0] == first.id


def test_evidence_of_both_sides_agrees(three):
    """What either side hands over shows the same conversation."""
    ask(three["XA"])
    sent(three["XA"], three["XB"])
    sent(three["XB"], three["XA"])
    proofs = [verify(evidence(three[code], "c")) for code in ("XA", "XB")]
    assert all(isinstance(each, Proof) and each.holds for each in proofs), [
        step.faults for each in proofs for step in each.steps
    ]
    assert proofs[0].thread == proofs[1].thread


def test_a_message_is_found_by_the_end_of_its_id(three):
    """The last characters of an id name the message, if no other ends so."""
    asked = ask(three["XA"])
    assert by_id(three["XA"], asked.id[-8:]) == asked


def test_pass_on_names_what_is_not_there(three):
    """A parcel that was never taken over cannot be handed on."""
    with pytest.raises(InvalidInput):
        pass_on(three["XC"], "unknown")
