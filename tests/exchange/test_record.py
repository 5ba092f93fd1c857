"""Records: logs of hashes that only grow, and what a fork or a rewritten past looks like."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.exchange.parties import START, logged, party, spoken

from safeconduct.exchange.merkle import tree
from safeconduct.exchange.record import (
    Entry,
    check_growth,
    check_inclusion,
    checkpoint,
    cosigned,
    entry_leaf,
    growth,
    inclusion,
    read_head,
    witnesses,
)
from safeconduct.model.errors import InvalidInput

XA, XB, XC = (party(code) for code in ("XA", "XB", "XC"))
ENTRIES, LOG, NOTE = logged(XA, [spoken(XA, number=i) for i in range(7)])
NAME = XA.card.log_name


def head(entries):
    log = tree(entry_leaf(each) for each in entries)
    return read_head(checkpoint(XA.card, log, XA.log_seed), XA.card), log


def test_each_entry_is_in_the_log():
    """Every entry is proved against the head."""
    for index, entry in enumerate(ENTRIES):
        check_inclusion(inclusion(LOG, NAME, entry, index), read_head(NOTE, XA.card))


def test_an_entry_is_proved_against_an_earlier_head():
    """A proof may lead to any head that holds the entry."""
    earlier, _ = head(ENTRIES[:4])
    check_inclusion(inclusion(LOG, NAME, ENTRIES[2], 2, 4), earlier)


@pytest.mark.parametrize(
    "change",
    [{"hash": "00" * 32}, {"at": START + timedelta(hours=1)}, {"kind": "received"}],
)
def test_no_entry_can_be_altered(change):
    """An entry with another hash, time or kind is not in the log."""
    proof = inclusion(LOG, NAME, ENTRIES[3], 3)
    with pytest.raises(InvalidInput, match="not in the log"):
        check_inclusion(replace(proof, entry=replace(ENTRIES[3], **change)), read_head(NOTE, XA.card))


@pytest.mark.parametrize("change", [{"index": 2}, {"size": 6}, {"log": "xb.example"}, {"path": ()}])
def test_no_proof_can_be_altered(change):
    """A proof with another place, size, log or path is refused."""
    proof = inclusion(LOG, NAME, ENTRIES[3], 3)
    with pytest.raises(InvalidInput):
        check_inclusion(replace(proof, **change), read_head(NOTE, XA.card))


def test_honest_growth_is_proved():
    """A longer log is shown to continue each shorter one."""
    after, log = head(ENTRIES)
    for size in range(1, len(ENTRIES)):
        check_growth(head(ENTRIES[:size])[0], after, growth(log, NAME, size))


def test_two_heads_of_one_size_are_a_fork():
    """A second history of the same length is named as a fork, with what to do."""
    other = [*ENTRIES[:-1], Entry("sent", "11" * 32, START)]
    with pytest.raises(InvalidInput, match=r"forked.*Expected one head for each size"):
        check_growth(head(ENTRIES)[0], head(other)[0], None)


def test_a_log_that_shrank_is_named():
    """A shorter log after a longer one is refused."""
    with pytest.raises(InvalidInput, match="shrank"):
        check_growth(head(ENTRIES)[0], head(ENTRIES[:3])[0], None)


def test_a_rewritten_past_is_named():
    """A longer log whose beginning differs does not continue the earlier one, whatever proof comes with it."""
    other, log = head([Entry("sent", "11" * 32, START), *ENTRIES[1:], *ENTRIES])
    with pytest.raises(InvalidInput, match="rewritten past"):
        check_growth(head(ENTRIES)[0], other, growth(log, NAME, len(ENTRIES)))


def test_growth_without_proof_is_refused():
    """A longer log without a proof is not believed."""
    with pytest.raises(InvalidInput, match="without proof"):
        check_growth(head(ENTRIES[:3])[0], head(ENTRIES)[0], None)


def test_a_witness_says_when_it_saw_it():
    """A cosignature names the witness and the hour."""
    seen = cosigned(NOTE, XB.card, XB.witness_seed, START)
    (signer,) = witnesses(seen, [XB.card, XC.card])
    assert (signer.key.name, signer.time_s) == (XB.card.log_name, int(START.timestamp()))


def test_a_cosignature_leaves_the_head_as_it_is():
    """The head of a cosigned note is the one its owner signed."""
    assert read_head(cosigned(NOTE, XB.card, XB.witness_seed, START), XA.card) == read_head(NOTE, XA.card)


def test_another_partys_log_is_no_head_of_this_one():
    """A note of another log is refused, whoever cosigned it."""
    with pytest.raises(InvalidInput, match="not a checkpoint"):
        read_head(NOTE, XB.card)


def test_a_witness_cannot_sign_for_another():
    """A cosignature moved to another head does not hold."""
    line = cosigned(NOTE, XB.card, XB.witness_seed, START).splitlines()[-1]
    forged = checkpoint(XA.card, tree([entry_leaf(ENTRIES[0])]), XA.log_seed) + line + "\n"
    with pytest.raises(InvalidInput, match="does not hold"):
        witnesses(forged, [XB.card])
