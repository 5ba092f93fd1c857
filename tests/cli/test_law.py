"""``safeconduct law`` on the command line."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest


def run(*arguments):
    done = subprocess.run(
        [sys.executable, "-m", "safeconduct", "law", *arguments], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("case", "varzaqan-2024", "--way", "US-helicopter"), "did not stand in the way: export (US), sanctions (US)"),
        (("rule", "US-15"), "opens: US-14, and nothing else"),
        (("diff", "2012-08-20", "2012-08-22", "--host", "IR", "--provider", "US"), "US-10-2012: not-engaged ->"),
        (("check",), "sound"),
        (("case", "varzaqan-2024", "--way", "tr-cougar", "--draft", "DRAFT-ENTRY"), "WHAT-IF, no law: DRAFT-ENTRY"),
        (("profile", "IR"), "not published or not read"),
        (("clauses",), "Without prejudice and no recognition"),
    ],
)
def test_each_command_answers_and_says_what_it_is_not(arguments, said):
    """Exit 0, the answer, and the words that nobody may miss; the same with --json."""
    status, out, err = run(*arguments)
    assert (status, err) == (0, "")
    assert said in " ".join(out.split())
    assert "Not legal advice" in out
    status, out, err = run(*arguments, "--json")
    assert (status, err) == (0, "")
    assert "Not legal advice" in json.loads(out)["notice"]


def test_a_broken_rule_is_told_and_fails_the_check(tmp_path):
    """Exit 1 with file and line on stderr; a case is answered all the same, with a warning."""
    bad = tmp_path / "bad.yaml"
    bad.write_text("format: 1\nrules:\n  - {id: X-1, says: Hm., wen: {}}\n", encoding="utf-8")
    status, out, err = run("check", str(tmp_path))
    assert status == 1
    assert "bad.yaml:3" in err
    assert "1 wanting" in out
    status, _, err = run("case", "varzaqan-2024", "--way", "us-drone", "--rules", str(tmp_path))
    assert status == 0
    assert err.startswith("warning: ")


@pytest.mark.parametrize(
    "arguments",
    [
        ("rule", "US-99"),
        ("diff", "2012-08-32", "2012-08-22", "--host", "IR", "--provider", "US"),
        ("diff", "2012-08-20", "2012-08-22", "--host", "Iran", "--provider", "US"),
        ("check", "no-such-place.yaml"),
    ],
)
def test_bad_input_leaves_with_two(arguments):
    """Exit 2, one line on stderr, nothing on stdout."""
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    assert err.startswith("error: ")


def test_forms_and_drafts_say_that_they_grant_nothing():
    """A request is no clearance; nobody has signed a draft."""
    status, out, _ = run("form", "varzaqan-2024", "--way", "us-helicopter")
    assert status == 0
    assert " ".join(out.split()).count("A request is no clearance.") == 2
    status, out, _ = run("drafts")
    assert status == 0
    assert "nobody has signed them" in out
