"""``safeconduct precedents`` on the command line."""

from __future__ import annotations

import json
import subprocess
import sys


def run(*arguments):
    done = subprocess.run(
        [sys.executable, "-m", "safeconduct", "precedents", *arguments], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, done.stderr


def test_precedents_like_a_case_come_with_reasons_and_rates():
    """Exit 0, the likest with why, rates with intervals; the same as JSON."""
    status, out, err = run("like", "varzaqan-2024", "--most", "2")
    assert (status, err) == (0, "")
    assert "like it by" in out
    assert "no rate is a forecast" in " ".join(out.split())
    status, out, _ = run("like", "varzaqan-2024", "--most", "2", "--json")
    assert status == 0
    assert len(json.loads(out)["found"]) == 2


def test_an_unknown_case_leaves_with_two():
    """Exit 2 and the near name."""
    status, out, err = run("like", "varzaqan-2042")
    assert (status, out) == (2, "")
    assert "did you mean varzaqan-2024" in err
