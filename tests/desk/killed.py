"""A process to kill: it takes bundles in and out, and says each step on stdout once it is done."""

import sys
from dataclasses import replace
from pathlib import Path

from tests.desk.parties import PASSPHRASE, START

from safeconduct.desk.party import open_party
from safeconduct.desk.receiving import receive
from safeconduct.desk.sending import dispatch


def main(home, bundles, out):
    """Import every bundle of a directory, then export the answers."""
    import random

    voice = open_party(Path(home), START, random.SystemRandom().randbytes, {"*": PASSPHRASE})
    say("opened-party")
    for path in sorted(Path(bundles).iterdir()):
        arrival = receive(voice, path.read_bytes(), say)
        for each in arrival.receipts:
            say(f"receipt {each}")
    sent = dispatch(replace(voice), "XA")
    beside = Path(out + ".part")
    beside.write_bytes(sent.data)
    beside.replace(out)
    say("exported")


def say(step):
    sys.stdout.write(f"{step}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
