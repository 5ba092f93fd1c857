"""How many threads the libraries may use is no part of the answer."""

import os
import subprocess
import sys

import pytest

COMMANDS = {
    "assess": ("assess", "varzaqan-2024", "--json"),
    "search": ("search", "plan", "varzaqan-2024", "--at", "2024-05-19T15:00Z", "--json"),
}


def answer(command, threads):
    """What the command prints when linear algebra has so many threads."""
    env = {**os.environ, "OPENBLAS_NUM_THREADS": str(threads), "OMP_NUM_THREADS": str(threads)}
    done = subprocess.run([sys.executable, "-m", "safeconduct", *command], capture_output=True, env=env, check=True)
    return done.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_threads_change_no_byte(name):
    """One thread or several: the same bytes, so that two machines agree."""
    first = answer(COMMANDS[name], 1)
    assert len(first) > 10_000
    assert answer(COMMANDS[name], 2) == first
