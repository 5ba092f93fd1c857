"""``safeconduct exchange``: soundings, the inbox, bundles; what is said stands in `cli.speech`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from safeconduct.cli import speech
from safeconduct.cli.console import clock, dump, told, warn
from safeconduct.cli.console import say_foreign as say
from safeconduct.cli.inbox import inbox_lines
from safeconduct.cli.keys import AsJson, HomeOption, listed, naming, read_file, span, voice, write_file
from safeconduct.cli.options import MessageId, To
from safeconduct.cli.saying import say_attached
from safeconduct.desk import sounding as soundings
from safeconduct.desk.cases import titled
from safeconduct.desk.checking import check_accepted, draft_of, drop, left_behind
from safeconduct.desk.disclosing import disclose, disclosed
from safeconduct.desk.inbox import inbox as look
from safeconduct.desk.receiving import TOGETHER, Arrival, receive
from safeconduct.desk.route import handed_on, remember_route, route_to
from safeconduct.desk.sending import dispatch, pass_on, without_card
from safeconduct.desk.speaking import by_id, void
from safeconduct.desk.voice import Voice
from safeconduct.desk.witnessing import evidence, outrun
from safeconduct.exchange.codec import to_json
from safeconduct.exchange.parcel import read_parcel
from safeconduct.exchange.sounding import ANSWERS
from safeconduct.formats.plain import plain
from safeconduct.model.errors import Corrupt, InvalidInput
from safeconduct.model.instants import iso
from safeconduct.report.exchange import gist, message_lines, short, sounding_lines

app = typer.Typer(
    help="Ask, answer and prove it, with no server: files that any carrier can take.", no_args_is_help=True
)
speech.add_to(app)

SLOW_H = 24.0
"""A bundle under way for longer is named with those who had it; our convention."""

SKEW_H = 1.0 / 6.0
"""Receipts of carriers that run backwards by more are named; our convention."""

RESTORE = "exchange import of the bundles since, party rotate --new-log --reason loss, exchange export to everybody"
"""What follows when a backup was put back: the log that others cosigned went further."""

Out = Annotated[Path, typer.Argument(help="File to write.")]


@app.command()
def sound(
    case: Annotated[str, typer.Argument(help="What is asked or answered, in words; or a case: its title is asked.")],
    out: Out = Path("sounding.scs"),
    *,
    to: Annotated[str | None, typer.Option(help="Code of the other party, for a question.")] = None,
    answer: Annotated[str | None, typer.Option(help="Id of the sounding to answer.")] = None,
    would: Annotated[str | None, typer.Option(help=f"For an answer: {', '.join(ANSWERS)}.")] = None,
    condition: Annotated[
        list[str] | None, typer.Option(metavar="TEXT", help="Under which condition; once for each.")
    ] = None,
    refuses: Annotated[
        list[str] | None, typer.Option(metavar="TEXT", help="What would be refused; once for each.")
    ] = None,
    valid: Annotated[str, typer.Option(help="How long it stands.")] = "12h",
    path: HomeOption = None,
) -> None:
    """Would you, if asked? Outside the record; neither side can prove it to anybody."""
    party = voice(path)
    question = soundings.Question(titled(case), tuple(condition or ()), tuple(refuses or ()))
    if answer is not None and would is not None and to is None:
        said, data = soundings.answer(party, answer, would, question, good_for=span(valid, "--valid"))
    elif to is not None and answer is None and would is None:
        said, data = soundings.sound(party, to, question, good_for=span(valid, "--valid"))
    else:
        raise InvalidInput("not one of two", where="sound", expected="--to PARTY, or --answer ID --would WORD")
    write_file(out, data)
    say("\n".join(sounding_lines(said)))
    say(f"Written: {out}. It is in no log, and it proves nothing to anybody. {said.recipient} opens it with:")
    say(f"  safeconduct exchange hear {out}")


@app.command()
def hear(
    file: Annotated[
        Path | None, typer.Argument(help="A sounding that came in; none: show those that are kept.")
    ] = None,
    *,
    path: HomeOption = None,
) -> None:
    """Open a sounding; it is kept, sealed, until it expires."""
    party = voice(path)
    if file is None:
        kept = soundings.soundings(party)
        say("\n".join(line for each in kept for line in sounding_lines(each)) or "no sounding is kept")
        return
    data = read_file(file, "the sounding")
    with naming(file):
        found = soundings.hear(party, data)
    say("\n".join(sounding_lines(found)))
    if found.answers is None:
        say(f"To answer: safeconduct exchange sound WORDS FILE --answer {short(found.id)} --would {'|'.join(ANSWERS)}")
    else:
        say(f"A request is an act of its own: safeconduct exchange request CASE --to {found.sender}")


@app.command()
def forget(
    names: Annotated[list[str] | None, typer.Argument(help="Soundings to forget; default: all.")] = None,
    *,
    path: HomeOption = None,
) -> None:
    """Forget soundings. What the other side keeps, it keeps; it can prove nothing with it."""
    say(f"{soundings.forget(voice(path), names or ())} forgotten")


@app.command()
def inbox(*, path: HomeOption = None, as_json: AsJson = False) -> None:
    """What came in, what waits for an answer, a receipt or a signature, and what is missing."""
    found = look(voice(path))
    if as_json:
        dump({"threads": {each.case: plain(each.thread) for each in found.conversations}, **plain(found)})
        return
    say("\n".join(inbox_lines(found)))


@app.command()
def show(message: MessageId, *, path: HomeOption = None, as_json: AsJson = False) -> None:
    """One message, whole, with what was disclosed of it; or a draft, before it is signed."""
    party = voice(path)
    drafts = [each for each in party.store.keys("draft") if each.endswith(message)]
    signed = draft_of(party, message) if drafts else None
    found = signed.message if signed is not None else by_id(party, message)
    if as_json:
        dump({"message": to_json(found), "draft": signed is not None, "disclosed": plain(disclosed(party, found))})
        return
    if signed is not None:
        names = ", ".join(each.office for each in signed.signatures) or "nobody"
        say(f"A DRAFT, signed by {names} so far; it is not in the record")
        why = void(party, signed) or left_behind(party, found)
        if why:
            say(f"VOID: {why}; exchange drop {short(found.id)}, and say it anew")
    say("\n".join(message_lines(found, disclosures=disclosed(party, found))))
    say_attached(found, lambda digest: party.store.get("enclosure", digest))


@app.command("drop")
def throw_away(
    draft: Annotated[str, typer.Argument(help="Id of a draft, or the end of it.")], *, path: HomeOption = None
) -> None:
    """Throw a draft away; what was logged stays."""
    say(f"{drop(voice(path), draft)} is thrown away; it was a draft, in no log and with nobody else")


@app.command("disclose")
def reveal(
    message: MessageId,
    *,
    to: To,
    fact: Annotated[str, typer.Option(help="What was withheld.")] = "place",
    anyway: Annotated[bool, typer.Option("--anyway", help="Before they have accepted.")] = False,
    path: HomeOption = None,
) -> None:
    """Show a withheld fact of one's own message to one recipient; the log says who was shown what."""
    party = voice(path)
    about = by_id(party, message)
    if not anyway:
        check_accepted(party, about, to)
    found = disclose(party, about, fact, to)
    say(f"{found.name} is disclosed to {to} and logged; it goes out with the next bundle")


@app.command("export")
def write_bundle(
    file: Out,
    *,
    to: Annotated[str | None, typer.Option(help="Code of the other party.")] = None,
    via: Annotated[
        str | None,
        typer.Option(metavar="CH,..", help="Carriers, in order. Default: as its request went, or as its bundles came."),
    ] = None,
    direct: Annotated[bool, typer.Option("--direct", help="By no carrier that signs for it.")] = False,
    case: Annotated[
        str | None, typer.Option("--evidence", help="Not a sealed bundle: a case, open, for anybody.")
    ] = None,
    disclosures: Annotated[
        bool, typer.Option("--disclosures", help="With what was disclosed, such as places.")
    ] = False,
    valid: Annotated[str, typer.Option(help="How long carriers may have it.")] = "7d",
    path: HomeOption = None,
    as_json: AsJson = False,
) -> None:
    """Write a bundle: sealed for one party, by any carrier; or the evidence of a case, for anybody to verify."""
    party = voice(path)
    if case is not None and to is None:
        data = evidence(party, case, disclosures=disclosures)
        write_file(file, data)
        if as_json:
            dump({"evidence": case, "file": str(file), "disclosures": disclosures})
            return
        say(f"Written: {file}, the conversation of {case} in the open. Soundings are not in it.")
        return
    if to is None or case is not None:
        raise InvalidInput("not one of two", where="export", expected="--to PARTY, or --evidence CASE")
    if direct and via is not None:
        raise InvalidInput("one of two", where="export", expected="--via CARRIERS or --direct")
    route = () if direct else route_to(party, to) if via is None else listed(via)
    warn(tuple(_old_card(party, to, route)))
    sent = dispatch(party, to, route, good_for=span(valid, "--valid"))
    write_file(file, sent.data)
    if as_json:
        found = {"parcel": sent.parcel, "to": sent.recipient, "via": route}
        dump({**found, "messages": sent.messages, "wants": sent.wants})
        return
    said = f", by {', '.join(route)}" + (" as before" if via is None else "") if route else ""
    count, asked = len(sent.messages), f"; {len(sent.wants)} missing ones asked for" if sent.wants else ""
    empty = "" if count or asked else ": nothing new to say, only cards and what was seen of logs"
    say(f"Written: {file}, {count} message{'s' * (count != 1)} for {to}{said}{asked}{empty}")
    say(f"Next: safeconduct exchange import {file.name} there: {', '.join((*route, to))}")


@app.command("import")
def read_bundle(
    files: Annotated[list[Path], typer.Argument(help="Bundles, in any order, any number of times.")],
    *,
    one_by_one: Annotated[
        bool,
        typer.Option(
            "--one-by-one", help="Each message is safe on disk, with its receipt, before the next is looked at; slower."
        ),
    ] = False,
    path: HomeOption = None,
    as_json: AsJson = False,
) -> None:
    """Take bundles in: check them, log them, receipt them; or take them over to carry."""
    party = voice(path)
    found, faults = [], []
    for each in _oldest_first(files):
        try:
            data = read_file(each, "the bundle")
            before = {code: len(party.chain(code)) for code in party.parties()}
            with naming(each):
                found.append(receive(party, data, together=1 if one_by_one else TOGETHER))
                came = _came_by(party, found[-1], data)
        except InvalidInput as fault:  # the others are taken in all the same
            faults.append(fault)
        else:
            if not as_json:
                say("\n".join((*_arrived(party, found[-1]), *_new_cards(party, before), *came)))
    if as_json:
        dump({"bundles": plain(found), "refused": [str(each) for each in faults]})
    for each_fault in faults[:-1]:
        told(each_fault)
    if faults:
        raise faults[-1]


@app.command("pass")
def hand_on(
    parcel: Annotated[str, typer.Argument(help="Id of a parcel taken over, or the end of it.")],
    file: Out,
    *,
    path: HomeOption = None,
) -> None:
    """Hand on a parcel that was taken over, with this carrier's receipt on it."""
    party = voice(path)
    data = pass_on(party, parcel)
    write_file(file, data)
    handed_on(party, parcel)
    routing = read_parcel(data).routing
    after = (*routing.via, routing.recipient)[len(read_parcel(data).hops) :]
    say(f"Written: {file}, for {' by way of '.join(reversed(after))}")
    say(f"Next: safeconduct exchange import {file.name} there; lost on the way, the same pass again")


@app.command()
def backup(file: Out, *, path: HomeOption = None) -> None:
    """Write a copy of the store; keys are apart and are not in it."""
    if file.exists():
        raise InvalidInput("a file is there already", where=str(file), expected="a name that is free")
    voice(path).store.backup(str(file))
    say(f"Written: {file}; the keys are not in it. To restore it: put it in the place of record.db, remove")
    say(f"record.db-wal and record.db-shm, then {RESTORE}.")


@app.command("check-store")
def check_store(*, path: HomeOption = None) -> None:
    """Read the whole store and say whether it is sound."""
    party = voice(path)
    party.store.check()
    lost = outrun(party)
    if lost:
        raise Corrupt("an older state was put back", where="the own log", expected=RESTORE, got=lost)
    say(f"sound: {party.store.size()} entries in the log at {clock():%Y-%m-%dT%H:%MZ}")


def _oldest_first(files: Sequence[Path]) -> list[Path]:
    """A later bundle may prove its log only from an earlier one on; what is no bundle the import names."""

    def made_at(file: Path) -> str:
        try:
            return iso(read_parcel(read_file(file, "the bundle")).routing.made_at)
        except InvalidInput:
            return ""

    return sorted(files, key=made_at)


def _came_by(party: Voice, found: Arrival, data: bytes) -> list[str]:
    """The way a bundle came is the way back, where no other was remembered: a receipt that goes astray helps nobody."""
    via = read_parcel(data).routing.via if found.carried is None else ()
    if not via or route_to(party, found.sender):
        return []
    back = tuple(reversed(via))
    remember_route(party, found.sender, back)
    return [f"  it came by {', '.join(via)}; what goes to {found.sender} goes back that way (export --via, --direct)"]


def _old_card(party: Voice, to: str, route: Sequence[str]) -> Iterator[str]:
    """Who on the way has not been sent the own newest card: a carrier opens no bundle it carries, and refuses this."""
    serial = party.card().serial
    for each in without_card(party, route):
        how = f"it refuses this bundle before it has it: exchange export FILE --to {each} --direct"
        yield f"{each}, who is to carry it, was not sent card {serial} of this party; {how}"
    for each in without_card(party, (to,)):
        yield f"{each} was not sent card {serial} of this party yet; it goes with this bundle"


def _new_cards(party: Voice, before: Mapping[str, int]) -> Iterator[str]:
    """Who speaks for a party changed with this bundle: the one thing in it that nobody may overlook."""
    for code in party.parties():
        for each in party.chain(code)[before.get(code, 0) :]:
            names = (o.office + (f" for {o.acting_for}" if o.acting_for else "") for o in each.card.offices)
            yield f"  CARD     {code}: card {each.card.serial} ({each.card.reason}); offices {', '.join(names)}"


_SHOWN = 20
"""So many new messages of a bundle are named one by one."""


def _fresh(party: Voice, names: Sequence[str]) -> Iterator[str]:
    if len(names) > _SHOWN:
        yield f"  new      the last {_SHOWN} of {len(names)}:"
    wanted = set(names[-_SHOWN:])
    known = {each.id: each for each in party.index().known if each.id in wanted}
    for name in names[-_SHOWN:]:
        message = party.message(known[name]).message
        yield f"  new      {short(name)}  {message.content} of {message.sender}: {gist(message)}".removesuffix(": ")


def _arrived(party: Voice, found: Arrival) -> list[str]:
    if found.carried is not None:
        how = f"safeconduct exchange pass {short(found.parcel)} FILE"
        return [f"parcel {found.parcel} taken over for {found.carried}: hand it on with {how}"]
    said = [f"from {found.sender}: {len(found.fresh)} new, {found.known} known, {len(found.refused)} refused"]
    said += _fresh(party, found.fresh)
    said += [f"  REFUSED  {name}: {reason}" for name, reason in found.refused]
    said += [f"  receipt owed for {each} (no key here could sign)" for each in found.unreceipted]
    said += [f"  asked for again: {each}" for each in found.wants]
    said += [
        f"  CLOCK    {name} is dated {hours:.1f} h ahead of this clock: one of the two is wrong"
        for name, hours in found.ahead
    ]
    said += [
        f"  CLOCK    {who} handed it on {-hours:.1f} h before it had it: one of two clocks is wrong"
        for who, hours in found.legs
        if hours < -SKEW_H
    ]
    total = sum(hours for _, hours in found.legs)
    over = found.until_at is not None and party.at > found.until_at
    if over or total > SLOW_H:
        held = ", ".join(f"{hours:.1f} h with {who}" for who, hours in found.legs)
        past = f"; it was good until {iso(found.until_at)}" if over and found.until_at is not None else ""
        said.append(f"  LATE     {total:.1f} h under way: {held}{past}")
    if found.receipts:
        count = f"{len(found.receipts)} receipt{'s' * (len(found.receipts) != 1)}"
        said.append(f"  {count} made; out with: safeconduct exchange export FILE --to {found.sender}")
    return said
