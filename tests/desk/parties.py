"""Parties on disk to test with: the same randomness every time, and keys that open at once."""

import atexit
import random
import shutil
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from safeconduct.desk.party import Founding, found_party, open_party, own_card, trust
from safeconduct.desk.receiving import receive
from safeconduct.desk.sending import dispatch, pass_on
from safeconduct.exchange.card import card_hash
from safeconduct.exchange.message import LineItem, Resource
from safeconduct.model.instants import instant

PASSPHRASE = "passphrase"
START = instant("2031-03-01T06:00Z")
ITEM = {"items": (LineItem("a", Resource(name="helicopter"), 2.0),)}


@cache
def _template(codes):
    """Parties that trust each other, made once: their keys take seconds to lock, on purpose."""
    folder = Path(mkdtemp())
    atexit.register(shutil.rmtree, folder)
    found = {}
    for code in codes:
        founding = Founding(code, f"{code} land", f"RCC {code}", ("duty", "legal", "minister"), exercise=True)
        found[code] = found_party(folder / code, founding, START, random.Random(code).randbytes, {"*": PASSPHRASE})
    for one in found.values():
        for other in found.values():
            if one is not other:
                trust(one, own_card(other), card_hash(other.card()))
        for office in ("duty", "legal", "minister"):
            one.seed(office)
        one.secrets()
    for one in found.values():
        one.store.close()
    return folder, {code: dict(each.opened) for code, each in found.items()}


def parties(folder, codes=("XA", "XB", "XC")):
    """Parties that trust each other, each in its own directory, their keys open."""
    made, opened = _template(codes)
    found = {}
    for code in codes:
        shutil.copytree(made / code, folder / code)
        found[code] = replace(reopened(folder / code, code), opened=dict(opened[code]))
    return found


def reopened(path, seed):
    """A party opened from its directory."""
    return open_party(path, START, random.Random(f"again {seed}").randbytes, {"*": PASSPHRASE})


def later(voice, minutes):
    """The same party some minutes after the start."""
    return replace(voice, at=START + timedelta(minutes=minutes))


def sent(sender, recipient, *via):
    """A bundle from one to the other, through carriers; what it brought."""
    data = dispatch(sender, recipient.party, [each.party for each in via]).data
    for carrier in via:
        data = pass_on(carrier, receive(carrier, data).parcel)
    return receive(recipient, data)
