from __future__ import annotations

from dataclasses import replace

import pytest
from tests.report.sample import sample

from safeconduct.assessment.answer import Assessment, Sets
from safeconduct.report.terminal import render


def said(answer: Assessment, width: int = 120) -> str:
    return render(answer, width=width, colour=False)


def flat(answer: Assessment) -> str:
    return " ".join(said(answer).split())


def test_begins_with_now():
    """The first line is the one thing to do now."""
    assert said(sample()).startswith("NOW: Ask XB now")


def test_the_engine_lines_come_in_their_order():
    """What the engine says first, such as that another goal is shown, is printed first."""
    first = said(sample(now=("No permission can now change who survives", "ASK NOW for a drone"))).splitlines()[0]
    assert first.startswith("NOW: No permission can now change who survives")


def test_two_screens():
    """At 120 columns the answer fits two screens of fifty lines."""
    assert len(said(sample()).splitlines()) <= 100


@pytest.mark.parametrize("width", [80, 120, 160])
def test_no_line_is_wider(width):
    """No line is wider than the terminal."""
    assert max(map(len, said(sample(), width).splitlines())) <= width


def test_warning():
    """The sentence that nobody may miss is there in full."""
    assert "Not legal advice. Unknown is never permitted; silence is never consent." in said(sample())


def test_what_if_marks_both_screens():
    """A what-if is marked at the head and at the end, so that each screen carries it."""
    lines = said(sample(what_if=("request at T+0.5 h",))).splitlines()
    marked = [place for place, line in enumerate(lines) if line.startswith("WHAT-IF: request at T+0.5 h")]
    assert marked[0] < 5
    assert marked[-1] == len(lines) - 1


def test_no_what_if_no_mark():
    """An answer that supposes nothing carries no mark."""
    assert "WHAT-IF" not in said(sample())


@pytest.mark.parametrize("figure", ["Villager heard rotor?", "icing?", "2.5 h (1-9)?", "US-01?", "Sweep width 0.4 km?"])
def test_unverified_is_marked(figure):
    """Unverified reports, weather, lead times, rules and assumptions carry the sign."""
    assert figure in flat(sample())


def test_verified_is_not_marked():
    """What was read carries no sign."""
    assert "INT-01?" not in flat(sample())


def test_words_above_half_unverified():
    """With more than half of the input unverified the three states are words, not numbers."""
    text = flat(sample(unverified_share=0.7))
    assert "as it stands about even (70 % unverified)" in text
    assert "46 %" not in text


def test_ways_beyond_ten_are_counted():
    """Ways beyond the ten best are summarised by verdict, with where to find them."""
    assert "and 2 more: 1 superseded, 1 useful (--json)" in said(sample())


def test_best_way_first():
    """The way that adds most as things stand is the first row."""
    lines = said(sample()).splitlines()
    assert "Own mountain teams" in lines[lines.index("Ways, best first") + 2]


def test_board_names_status_and_basis():
    """The board says who must say yes, on what basis, and that silence is still silence."""
    line = next(x for x in said(sample()).splitlines() if x.startswith(" XA-PERSONS-XD"))
    assert "XA foreign" in line
    assert "INT-01" in line
    assert "silent" in line


def test_counts_of_sets():
    """Sets are shown with how many there are in all."""
    text = flat(sample())
    assert "{XA-ENTRY-XB, XA-REQUEST, XA-UNMANNED-XB} (3 in all)" in text
    assert "(7 in all)" in text


def test_empty_sets_are_put_in_words():
    """An empty set is not printed as braces: it means that nothing is needed, or that nothing helps."""
    answer = sample(sufficient_sets=(Sets(()),), sufficient_count=1, blocking_sets=(), blocking_count=0)
    assert "nothing more is needed" in flat(answer)
    assert "nobody can stop it" in flat(answer)


def test_incomplete_sets_are_a_lower_bound():
    """Where the enumeration was cut short the counts say so, and that smaller sets may be left."""
    text = flat(sample(sets_complete=False))
    assert "(at least 7 in all)" in text
    assert "Smallest sets found for the target" in text


def test_colour_says_nothing_alone():
    """The coloured answer without its colours is the plain one."""
    import re

    plain = re.sub(r"\x1b\[[0-9;]*m", "", render(sample(), width=120, colour=True))
    assert [line.rstrip() for line in plain.splitlines()] == said(sample()).splitlines()


def test_control_characters_are_replaced():
    """A case text cannot rewrite the terminal."""
    case = replace(sample().case, title="good\x1b[2Jbad\nline")
    text = said(sample(case=case))
    assert "\x1b" not in text
    assert "good\ufffd[2Jbad line" in text


def test_markup_of_the_console_is_plain_text():
    """Square brackets in a case text are printed, not obeyed."""
    assert "[bold]x[/bold]" in said(sample(case=replace(sample().case, title="[bold]x[/bold]")))


def test_empty_answer():
    """An answer without ways, clearances, map or delay still prints every section."""
    where = replace(sample().where, containment=(), sources=())
    bare = sample(ways=(), clearances=(), delay=(), where=where, persons=(), timeline=(), unknowns=(), assumptions=())
    text = flat(bare)
    assert "none in the case" in text
    assert "none needed" in text
    assert "no way arrives" in text


def test_granted_clearances_keep_their_conditions():
    """A granted clearance stays on the board with its conditions."""
    assert "granted: XB-DEPLOY (unarmed)" in flat(sample())


def test_long_texts_still_fit_two_screens():
    """Where texts are long and clearances many, fewer rows are shown and the rest is counted."""
    answer = sample()
    long = tuple(replace(w, because=replace(w.because, says="reason " * 20)) for w in answer.ways)
    many = tuple(replace(c, id=f"{c.id}-{i}") for c in answer.clearances for i in range(4))
    lines = said(replace(answer, ways=long * 3, clearances=many)).splitlines()
    assert len(lines) <= 100
    assert any("of less worth (--json)" in line for line in lines)
