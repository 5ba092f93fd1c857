"""A process to kill: it takes bundles in, says something of its own, exports, and tells each step once it is done."""

import sys
from dataclasses import replace
from pathlib import Path

from tests.desk.parties import ITEM, PASSPHRASE, START

from safeconduct.cli.keys import write_file
from safeconduct.desk.party import open_party
from safeconduct.desk.receiving import receive
from safeconduct.desk.route import handed_on
from safeconduct.desk.sending import dispatch, pass_on
from safeconduct.desk.speaking import Speech, sign_draft
from safeconduct.desk.speaking import say as speak


def main(home, bundles, out):
    """Import every bundle of a directory, ask something with two offices, then export all of it."""
    import random

    voice = open_party(Path(home), START, random.SystemRandom().randbytes, {"*": PASSPHRASE})
    say("opened-party")
    for path in sorted(Path(bundles).iterdir()):
        arrival = receive(voice, path.read_bytes(), say)
        for each in arrival.receipts:
            say(f"receipt {each}")
    draft = speak(voice, Speech("RequestResource", "c", ("XA",), more=ITEM), ["duty"])
    say("drafted")
    done = sign_draft(voice, draft.signed.message.id, ["legal"])
    say(f"receipt {done.signed.message.id}")  # a promise like a receipt: it was said
    say("signed")
    sent = dispatch(replace(voice), "XA")
    beside = Path(out + ".part")
    beside.write_bytes(sent.data)
    beside.replace(out)
    say("exported")


def carry(home, bundles, out):
    """As a mediator: take every parcel of a directory over, and hand each on with the receipt."""
    import random

    voice = open_party(Path(home), START, random.SystemRandom().randbytes, {"*": PASSPHRASE})
    say("opened-party")
    for path in sorted(Path(bundles).iterdir()):
        arrival = receive(voice, path.read_bytes(), say)
        say(f"receipt {arrival.parcel}")
        target = Path(out) / path.name
        write_file(target, pass_on(voice, arrival.parcel))
        say("passed")
        handed_on(voice, arrival.parcel)
        say("remembered")


def say(step):
    sys.stdout.write(f"{step}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    {"take": main, "carry": carry}[sys.argv[1]](*sys.argv[2:])
