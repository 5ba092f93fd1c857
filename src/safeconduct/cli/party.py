"""``safeconduct party``: keys and trust."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from safeconduct.cli.console import clock, dump, when
from safeconduct.cli.console import say_foreign as say
from safeconduct.cli.keys import AsJson, HomeOption, home, listed, naming, passphrases, read_file, voice
from safeconduct.desk import party as desk
from safeconduct.desk.rotation import CHANGES
from safeconduct.desk.rotation import rotate as rotate_it
from safeconduct.exchange.card import Card, card_hash, spoken
from safeconduct.formats.plain import plain
from safeconduct.model.errors import InvalidInput
from safeconduct.model.instants import Instant, iso
from safeconduct.store.home import PARTY_KEY

app = typer.Typer(help="Keys and trust: who speaks for whom, and whose word is taken.", no_args_is_help=True)


@app.command()
def init(
    party: Annotated[str, typer.Argument(help="Code of the party, such as XA.")],
    *,
    name: Annotated[str, typer.Option(help="Its name.")] = "",
    rcc: Annotated[str | None, typer.Option(help="Its rescue coordination centre.")] = None,
    offices: Annotated[
        str,
        typer.Option(
            metavar="OFFICE[:TITLE],..", help="Offices in order of rank, the duty office first; separated by commas."
        ),
    ] = "duty,legal,minister",
    exercise: Annotated[bool, typer.Option("--exercise", help="Keys for exercises: they bind nobody.")] = False,
    new_start: Annotated[
        bool, typer.Option("--new-start", help="The keys to continue the cards were lost; all compare anew.")
    ] = False,
    path: HomeOption = None,
) -> None:
    """Make a party: a key for each office, each under its passphrase, and the first card."""
    founding = desk.Founding(party, name or party, rcc, listed(offices), exercise, new_start)
    card = desk.found_party(home(path), founding, clock(), os.urandom, passphrases(fresh=None)).card()
    count = len(card.offices)
    say(f"{party}: {count} office{'s' * (count != 1)}, keys in {home(path)}")
    _rules(card)
    say(f"Fingerprint, to read out to the others:\n  {spoken(card_hash(card))}")
    say(f"Next: safeconduct party card > {party}.card for the others; of each of theirs:")
    say("  safeconduct party trust FILE --fingerprint '...', as they read it out")


@app.command()
def card(*, path: HomeOption = None) -> None:
    """Print the party's cards, to be given to the others."""
    sys.stdout.buffer.write(desk.own_card(voice(path)))


@app.command()
def fingerprint(*, path: HomeOption = None) -> None:
    """Print the fingerprint of the party's first card, to be read out to the others."""
    chain = voice(path)
    say(spoken(card_hash(chain.chain(chain.party)[0].card)))


@app.command()
def trust(
    file: Annotated[Path, typer.Argument(help="Another party's cards.")],
    *,
    fingerprint: Annotated[
        str, typer.Option(metavar="'ab12 ...'", help="As the other party read it out, not as the file came.")
    ],
    path: HomeOption = None,
) -> None:
    """Trust another party's cards, once its fingerprint was compared by another way than the file came."""
    data = read_file(file, "the card")
    with naming(file):
        found = desk.trust(voice(path), data, fingerprint)
    started = ", a new start: its earlier keys sign nothing more" if found.reason == "new-start" else ""
    say(f"{found.party} ({found.name}, {found.status}) is trusted, card {found.serial}{started}")


@app.command("list")
def show(*, path: HomeOption = None, as_json: AsJson = False) -> None:
    """Parties whose cards are held, with the fingerprint that was compared."""
    found = desk.trusted(voice(path))
    if as_json:
        dump({"parties": plain(found)})
        return
    for each in found:
        said = "this party" if each.own else f"trusted, {each.cards} card{'s' * (each.cards > 1)}"
        say(f"{each.party}  {each.name}, {each.status}, {said}; offices {', '.join(each.offices)}")
        say(f"    {each.fingerprint}")
        for office, place, until in each.acting:
            say(f"    {office} acts for {place}" + (f" until {until}" if until else ""))


@app.command()
def rotate(
    *,
    renew: Annotated[str | None, typer.Option(metavar="OFFICE,..", help="To get new keys.")] = None,
    add: Annotated[
        str | None, typer.Option(metavar="OFFICE,..", help="To be added: each may sign what any may.")
    ] = None,
    remove: Annotated[
        str | None, typer.Option(metavar="OFFICE,..", help="To be taken off, such as for a lost key.")
    ] = None,
    acting: Annotated[
        list[str] | None,
        typer.Option(metavar="OFFICE=FOR=UNTIL", help="A new office signs in the place of another until that hour."),
    ] = None,
    new_log: Annotated[
        bool, typer.Option("--new-log", help="After an older state of the store was put back: a log of another name.")
    ] = False,
    desk_keys: Annotated[
        bool, typer.Option("--desk-keys", help="New keys for the desk itself: sealing, soundings, log, cosigning.")
    ] = False,
    reason: Annotated[str, typer.Option(help=f"{', '.join(CHANGES)}.")] = "rotation",
    path: HomeOption = None,
) -> None:
    """
    Issue the next card: new keys, offices added or gone, one acting for another.

    As many offices of the old card sign as it asks for; those that are lost or out of reach are not needed.
    """
    places = dict(_acting(each) for each in acting or ())
    changes = (*listed(renew), *(f"+{each}" for each in listed(add)), *(f"-{each}" for each in listed(remove)))
    if not changes and not places and not new_log and not desk_keys:
        expected = "--renew, --add, --remove, --acting, --desk-keys or --new-log"
        raise InvalidInput("nothing to change", where="party rotate", expected=expected)
    desk_key = (PARTY_KEY,) if desk_keys else ()
    party = voice(path, fresh=(*listed(renew), *listed(add), *places, *desk_key))
    found = rotate_it(party, changes, reason, acting=places, new_log=new_log, desk_keys=desk_keys)
    say(f"{found.party}: card {found.serial} ({found.reason}); it goes out with the next bundle to each party")
    say("  who is to carry for others needs it first: exchange export FILE --to CARRIER")
    say("  a copy of the store from before it is of no use any more: exchange backup FILE")
    if desk_keys:
        kept = bool(party.secrets().earlier)
        lost = "the earlier desk key did not open: what was sealed to it comes again once they have this card"
        say("  the desk has new keys; " + ("what is under way to the earlier ones still opens" if kept else lost))
    for each in found.offices:
        place = f", acting for {each.acting_for}" if each.acting_for else ""
        say(f"  {each.office}{place}" + (f" until {iso(each.until_at)}" if each.until_at else ""))
    _rules(found)


def _rules(card: Card) -> None:
    for rule in card.rules:
        acts = "every other act" if rule.acts == ("*",) else ", ".join(rule.acts)
        say(f"  {rule.needed} of {', '.join(rule.offices)}: {acts}")


def _acting(text: str) -> tuple[str, tuple[str, Instant]]:
    office, _, rest = text.partition("=")
    place, _, until = rest.partition("=")
    moment = when(until, "--acting") if until else None
    if not office or not place or moment is None:
        raise InvalidInput("not an acting office", where="--acting", expected="OFFICE=FOR=UNTIL", got=text)
    return office, (place, moment)
