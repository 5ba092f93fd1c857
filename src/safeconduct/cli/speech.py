"""``safeconduct exchange``: what a party says."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from safeconduct.cli.clearing import clear, revoke
from safeconduct.cli.console import say_foreign as say
from safeconduct.cli.console import warn, when
from safeconduct.cli.keys import AsJson, HomeOption, Offices, ahead, listed, read_file, span, voice
from safeconduct.cli.options import Anyway, Attach, Case, Items, MessageId, Preview, Reason, To, Until
from safeconduct.cli.saying import attachments, one_answer, speak, told
from safeconduct.desk import drawing, phrases
from safeconduct.desk.checking import check_draft, draft_of, still_to_sign
from safeconduct.desk.inbox import schedule
from safeconduct.desk.receiving import owed, receipts
from safeconduct.desk.route import remember_route
from safeconduct.desk.speaking import by_id, sign_draft
from safeconduct.desk.writing import written
from safeconduct.model.errors import InvalidInput
from safeconduct.model.instants import iso


def add_to(app: typer.Typer) -> None:
    """Put the commands of this module among those of the exchange."""
    for command in (
        *(request, receipt, answer, offer, select, commit, clear, revoke, terms, statement),
        *(report, extend, release, recall, check, write, sign),
    ):
        app.command()(command)


def request(
    case: Case,
    *,
    to: To,
    via: Annotated[
        str | None,
        typer.Option(metavar="CH,..", help="Carriers, in order; remembered for what is exported to this party."),
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(metavar="T", help="As known at this instant. Default: now, but not later than the case's hour."),
    ] = None,
    way: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Only these ways or assets; once for each.")
    ] = None,
    exercise: Annotated[bool, typer.Option("--exercise", help="An exercise: it binds nobody.")] = False,
    attach: Attach = None,
    preview: Preview = False,
    words: Annotated[
        str | None, typer.Option(metavar="NAME", help="With --preview: in full what is attached under this name.")
    ] = None,
    signers: Offices = None,
    path: HomeOption = None,
    as_json: AsJson = False,
) -> None:
    """Ask a party for what could come in time, with the permissions each needs: drawn from the case."""
    party = voice(path, signers)
    if words is not None and not preview:
        raise InvalidInput("nothing is previewed", where="--words", expected="with --preview")
    for each in listed(via):
        party.card(each)
    drawn = drawing.request(party, case, to, at=when(at, "--at"), ways=tuple(way or ()), exercise=exercise)
    known_at = drawn.answer.as_of
    if at is None and known_at != party.at:
        other = "later" if known_at > party.at else "earlier"
        warn((f"as known at {iso(known_at)}, {other} than this clock's {iso(party.at)}; --at T chooses another hour",))
    for name, verdict in drawn.left_out:
        if not as_json:
            say(f"not asked for: {name} ({verdict}); --way {name} asks for it")
    drawn_up = phrases.with_files(drawn.speech, attachments(attach))
    if via is not None and not preview:
        remember_route(party, to, listed(via))
    speak(party, drawn_up, signers, preview=preview, words=words, as_json=as_json)
    if via is not None and not as_json:
        say(f"Carried by {', '.join(listed(via)) or 'nobody'}" + ("" if preview else ", remembered for every export"))


def receipt(*, path: HomeOption = None) -> None:
    """Make every receipt that is owed: that it arrived, and nothing else."""
    party = voice(path)
    for each in party.parties():
        if each != party.party:
            done = receipts(party, each)
            say(f"{each}: {len(done)} receipts made, {len(owed(party, each))} still owed")


def answer(
    message: MessageId,
    *,
    accept: Annotated[bool, typer.Option("--accept", help="Yes.")] = False,
    decline: Annotated[bool, typer.Option("--decline", help="No.")] = False,
    provisional: Annotated[bool, typer.Option("--provisional", help="A reasonable alternative.")] = False,
    item: Items = None,
    reason: Annotated[str | None, typer.Option(help="Why; an alternative owes it.")] = None,
    says: Annotated[str | None, typer.Option(help="What else is to be said.")] = None,
    until: Until = None,
    attach: Attach = None,
    anyway: Anyway = False,
    signers: Offices = None,
    path: HomeOption = None,
    as_json: AsJson = False,
) -> None:
    """Answer a request or an offer: yes, no, or a reasonable alternative."""
    party = voice(path, signers)
    choice = phrases.Choice(
        one_answer(accept=accept, decline=decline, provisional=provisional), tuple(item or ()), reason
    )
    speech = phrases.answer(by_id(party, message), choice, says=says, until=ahead(until, "--until", party))
    speak(party, phrases.with_files(speech, attachments(attach)), signers, anyway=anyway, as_json=as_json)


def offer(
    case: Annotated[str, typer.Argument(help="Id of the case.")],
    *,
    to: To,
    item: Annotated[
        list[str] | None,
        typer.Option("--item", metavar="ID=NAME[=QUANTITY]", help="Once for each; none: a general offer."),
    ] = None,
    says: Annotated[str | None, typer.Option(help="Conditions and whatever else is to be said.")] = None,
    exercise: Annotated[bool, typer.Option("--exercise", help="An exercise.")] = False,
    signers: Offices = None,
    path: HomeOption = None,
    as_json: AsJson = False,
) -> None:
    """Offer without having been asked."""
    speech = phrases.offer(case, to, item or (), says=says, exercise=exercise)
    speak(voice(path, signers), speech, signers, as_json=as_json)


def select(
    message: MessageId,
    *,
    item: Items = None,
    anyway: Anyway = False,
    signers: Offices = None,
    path: HomeOption = None,
    as_json: AsJson = False,
) -> None:
    """Take up what was offered, this much of it."""
    party = voice(path, signers)
    speak(party, phrases.select(by_id(party, message), tuple(item or ())), signers, anyway=anyway, as_json=as_json)


def commit(
    message: MessageId,
    *,
    item: Items = None,
    anyway: Anyway = False,
    signers: Offices = None,
    path: HomeOption = None,
    as_json: AsJson = False,
) -> None:
    """Bind oneself to what was selected."""
    party = voice(path, signers)
    speak(party, phrases.commit(by_id(party, message), tuple(item or ())), signers, anyway=anyway, as_json=as_json)


def terms(
    message: MessageId,
    *,
    text: Annotated[Path | None, typer.Option(help="Terms of one's own; without it those of the message.")] = None,
    until: Annotated[
        str | None, typer.Option(metavar="T", help="Commit to them; by when all must have revealed.")
    ] = None,
    reveal: Annotated[bool, typer.Option("--reveal", help="Reveal the adherence committed to.")] = False,
    decline: Annotated[bool, typer.Option("--decline", help="Refuse them.")] = False,
    reason: Reason = None,
    anyway: Anyway = False,
    signers: Offices = None,
    path: HomeOption = None,
    as_json: AsJson = False,
) -> None:
    """Adhere to terms, each side by its own act: commit, then reveal; in force only when all have."""
    party = voice(path, signers)
    found, end = by_id(party, message), ahead(until, "--until", party)
    if (end is not None) + reveal + decline != 1 or (text is not None and end is None):
        expected = "--until T (with --text FILE for terms of one's own), --reveal or --decline"
        raise InvalidInput("not one of three", where="terms", expected=expected)
    if end is not None:
        words = read_file(text, "the terms") if text is not None else None
        speech = phrases.adhere(party, found, words, end)
    else:
        speech = phrases.reveal(party, found) if reveal else phrases.decline_terms(found, reason)
    speak(party, speech, signers, anyway=anyway, as_json=as_json)


def statement(
    message: MessageId,
    *,
    text: Annotated[Path | None, typer.Option(help="The words to propose.")] = None,
    agree: Annotated[bool, typer.Option("--agree", help="Agree to these words.")] = False,
    decline: Annotated[bool, typer.Option("--decline", help="Not to these words.")] = False,
    release: Annotated[bool, typer.Option("--release", help="Report it released.")] = False,
    one_sided: Annotated[bool, typer.Option("--one-sided", help="Released though not all have agreed.")] = False,
    reason: Reason = None,
    anyway: Anyway = False,
    signers: Offices = None,
    path: HomeOption = None,
    as_json: AsJson = False,
) -> None:
    """Propose the words of a public statement, agree to them word for word, report it released."""
    party = voice(path, signers)
    found = by_id(party, message)
    if (text is not None) + release + (agree or decline) != 1:
        expected = "--text FILE, --agree, --decline or --release"
        raise InvalidInput("not one of four", where="statement", expected=expected)
    if text is not None:
        speech = phrases.propose_statement(found, read_file(text, "the statement"))
    elif release:
        speech = phrases.release_statement(party, found, one_sided=one_sided)
    else:
        choice = phrases.Choice(one_answer(accept=agree, decline=decline, provisional=False), (), reason)
        speech = phrases.answer_statement(found, choice)
    speak(party, speech, signers, anyway=anyway, as_json=as_json)


def report(
    message: MessageId,
    *,
    state: Annotated[str, typer.Option(metavar="STATE", help="Mobilising, Entered, OnTask, Exited or Closed.")],
    item: Items = None,
    says: Annotated[str | None, typer.Option(help="What else is to be said.")] = None,
    anyway: Anyway = False,
    signers: Offices = None,
    path: HomeOption = None,
    as_json: AsJson = False,
) -> None:
    """Report where a resource is, as its provider."""
    party = voice(path, signers)
    speech = phrases.report(by_id(party, message), tuple(item or ()), state, says=says)
    speak(party, speech, signers, anyway=anyway, as_json=as_json)


def extend(
    message: MessageId,
    *,
    until: Annotated[str, typer.Option(metavar="T", help="Until when.")],
    item: Items = None,
    anyway: Anyway = False,
    signers: Offices = None,
    path: HomeOption = None,
    as_json: AsJson = False,
) -> None:
    """Ask for a longer stay, as the host of what is under way; its provider answers."""
    party = voice(path, signers)
    end = ahead(until, "--until", party)
    if end is not None:
        speak(
            party,
            phrases.extend(by_id(party, message), tuple(item or ()), end),
            signers,
            anyway=anyway,
            as_json=as_json,
        )


def release(
    message: MessageId,
    *,
    item: Items = None,
    says: Annotated[str | None, typer.Option(help="What else is to be said.")] = None,
    anyway: Anyway = False,
    signers: Offices = None,
    path: HomeOption = None,
    as_json: AsJson = False,
) -> None:
    """Let resources go, as their host; the provider then reports that they have left."""
    party = voice(path, signers)
    speak(
        party,
        phrases.release(by_id(party, message), tuple(item or ()), says=says),
        signers,
        anyway=anyway,
        as_json=as_json,
    )


def recall(
    message: MessageId,
    *,
    anyway: Anyway = False,
    signers: Offices = None,
    path: HomeOption = None,
    as_json: AsJson = False,
) -> None:
    """Take back a message of one's own; it stays in the record."""
    party = voice(path, signers)
    speak(party, phrases.recall(party, by_id(party, message)), signers, anyway=anyway, as_json=as_json)


def check(
    case: Annotated[str, typer.Argument(help="Name of the drill.")],
    *,
    to: Annotated[str, typer.Option(metavar="XA,..", help="Codes of the other parties.")],
    every: Annotated[
        str | None, typer.Option(help="From now on the inbox says when they are to be heard of again, such as 24h.")
    ] = None,
    signers: Offices = None,
    path: HomeOption = None,
    as_json: AsJson = False,
) -> None:
    """Check the channel: does this reach you, and who is on duty?"""
    party = voice(path, signers)
    if every is not None:
        schedule(party, listed(to), span(every, "--every"))
    speak(party, phrases.check_channel(case, listed(to)), signers, as_json=as_json)


def write(
    file: Annotated[Path, typer.Argument(help="A JSON file with content, case, recipients and what else is said.")],
    *,
    preview: Preview = False,
    anyway: Anyway = False,
    signers: Offices = None,
    path: HomeOption = None,
    as_json: AsJson = False,
) -> None:
    """Say anything that has no command of its own: docs/wire has an example of each type."""
    party = voice(path, signers)
    speak(party, written(read_file(file, "the message")), signers, preview=preview, anyway=anyway, as_json=as_json)


def sign(
    draft: MessageId,
    *,
    anyway: Anyway = False,
    signers: Offices = None,
    path: HomeOption = None,
    as_json: AsJson = False,
) -> None:
    """Add offices' signatures to a draft that waits for them; exchange show prints it before."""
    party = voice(path, signers)
    found = draft_of(party, draft)
    offices = listed(signers) or still_to_sign(party, found)
    told(sign_draft(party, found.message.id, offices, None if anyway else check_draft), as_json=as_json)
