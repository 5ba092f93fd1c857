"""``safeconduct exchange``: what a party says."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from safeconduct.cli.console import dump, when
from safeconduct.cli.console import say_foreign as say
from safeconduct.cli.keys import AsJson, HomeOption, Offices, listed, read_file, span, voice
from safeconduct.desk import drawing, phrases
from safeconduct.desk.inbox import schedule
from safeconduct.desk.receiving import owed, receipts
from safeconduct.desk.speaking import Said, Speech, by_id, composed, sign_draft
from safeconduct.desk.speaking import say as speak
from safeconduct.desk.voice import Voice
from safeconduct.exchange.codec import to_json
from safeconduct.exchange.message import GateEntry, Response
from safeconduct.model.errors import InvalidInput
from safeconduct.report.exchange import NOTICE, message_lines

MessageId = Annotated[str, typer.Argument(help="Id of a message, or the end of it.")]
Items = Annotated[list[str] | None, typer.Option("--item", help="ID or ID=QUANTITY; default: all of the message.")]
Gates = Annotated[list[str] | None, typer.Option("--gate", help="ITEM:GATE; default: all of the message.")]
Reason = Annotated[str | None, typer.Option(help="Why; an alternative owes it.")]
Until = Annotated[str | None, typer.Option(help="Instant until which it stands.")]
Preview = Annotated[bool, typer.Option("--preview", help="Show it and sign nothing.")]
Case = Annotated[str, typer.Argument(help="A shipped case or a path.")]
To = Annotated[str, typer.Option("--to", help="Code of the other party.")]


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
    via: Annotated[str | None, typer.Option(help="Carriers, in order; said again at export.")] = None,
    at: Annotated[str | None, typer.Option(help="As known at this instant.")] = None,
    way: Annotated[list[str] | None, typer.Option(help="Only these ways or assets.")] = None,
    exercise: Annotated[bool, typer.Option("--exercise", help="An exercise: it binds nobody.")] = False,
    preview: Preview = False,
    signers: Offices = None,
    path: HomeOption = None,
    as_json: AsJson = False,
) -> None:
    """Ask a party for what could come in time, with the permissions each needs: drawn from the case."""
    party = voice(path, signers)
    for each in listed(via):
        party.card(each)
    drawn = drawing.request(party, case, to, at=when(at, "--at"), ways=tuple(way or ()), exercise=exercise)
    for name, verdict in drawn.left_out:
        if not as_json:
            say(f"not asked for: {name} ({verdict})")
    _speak(party, drawn.speech, signers, preview=preview, as_json=as_json)


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
    reason: Reason = None,
    says: Annotated[str | None, typer.Option(help="What else is to be said.")] = None,
    until: Until = None,
    signers: Offices = None,
    path: HomeOption = None,
    as_json: AsJson = False,
) -> None:
    """Answer a request or an offer: yes, no, or a reasonable alternative."""
    party = voice(path, signers)
    choice = phrases.Choice(_one(accept=accept, decline=decline, provisional=provisional), tuple(item or ()), reason)
    speech = phrases.answer(by_id(party, message), choice, says=says, until=when(until, "--until"))
    _speak(party, speech, signers, as_json=as_json)


def offer(
    case: Annotated[str, typer.Argument(help="Id of the case.")],
    *,
    to: To,
    item: Annotated[
        list[str] | None, typer.Option("--item", help="ID=NAME or ID=NAME=QUANTITY; none: a general offer.")
    ] = None,
    says: Annotated[str | None, typer.Option(help="Conditions and whatever else is to be said.")] = None,
    exercise: Annotated[bool, typer.Option("--exercise", help="An exercise.")] = False,
    signers: Offices = None,
    path: HomeOption = None,
    as_json: AsJson = False,
) -> None:
    """Offer without having been asked."""
    speech = phrases.offer(case, to, item or (), says=says, exercise=exercise)
    _speak(voice(path, signers), speech, signers, as_json=as_json)


def select(
    message: MessageId, *, item: Items = None, signers: Offices = None, path: HomeOption = None, as_json: AsJson = False
) -> None:
    """Take up what was offered, this much of it."""
    party = voice(path, signers)
    _speak(party, phrases.select(by_id(party, message), tuple(item or ())), signers, as_json=as_json)


def commit(
    message: MessageId, *, item: Items = None, signers: Offices = None, path: HomeOption = None, as_json: AsJson = False
) -> None:
    """Bind oneself to what was selected."""
    party = voice(path, signers)
    _speak(party, phrases.commit(by_id(party, message), tuple(item or ())), signers, as_json=as_json)


def clear(
    message: MessageId,
    *,
    ask: Annotated[list[str] | None, typer.Option(help="ITEM:GATE to ask permission for.")] = None,
    grant: Annotated[bool, typer.Option("--grant", help="Grant what was asked.")] = False,
    refuse: Annotated[bool, typer.Option("--refuse", help="Refuse what was asked.")] = False,
    gate: Gates = None,
    condition: Annotated[list[str] | None, typer.Option(help="Condition of a grant.")] = None,
    reason: Reason = None,
    start: Annotated[str | None, typer.Option("--from", help="A grant holds from this instant.")] = None,
    until: Annotated[str | None, typer.Option(help="A grant ends then; in a question: when silence begins.")] = None,
    signers: Offices = None,
    path: HomeOption = None,
    as_json: AsJson = False,
) -> None:
    """Ask for permissions that an item needs, or grant or refuse those that were asked for."""
    party = voice(path, signers)
    found, end = by_id(party, message), when(until, "--until")
    if ask:
        _speak(party, drawing.clearances(party, found, ask, end), signers, as_json=as_json)
        return
    if grant == refuse:
        raise InvalidInput("one of three", where="clear", expected="--ask ITEM:GATE, --grant or --refuse")
    if grant and end is None:
        raise InvalidInput("a grant without an end", where="--until", expected="an instant: every grant expires")
    said = "Granted" if grant else "Refused"
    entry = GateEntry("-", "-", said, tuple(condition or ()), reason, when(start, "--from"), end if grant else None)
    _speak(party, phrases.permissions(found, tuple(gate or ()), entry), signers, as_json=as_json)


def revoke(
    message: MessageId,
    *,
    gate: Gates = None,
    effective: Annotated[str | None, typer.Option(help="Instant from which it no longer holds.")] = None,
    reason: Reason = None,
    signers: Offices = None,
    path: HomeOption = None,
    as_json: AsJson = False,
) -> None:
    """Take back permissions that a message of yours granted; those in flight have until it takes effect."""
    party = voice(path, signers)
    ends = when(effective, "--effective")
    speech = phrases.revoke(by_id(party, message), tuple(gate or ()), effective=ends, reason=reason)
    _speak(party, speech, signers, as_json=as_json)


def terms(
    message: MessageId,
    *,
    text: Annotated[Path | None, typer.Option(help="The terms: commit to them.")] = None,
    until: Annotated[str | None, typer.Option(help="By when all must have revealed.")] = None,
    reveal: Annotated[bool, typer.Option("--reveal", help="Reveal the adherence committed to.")] = False,
    decline: Annotated[bool, typer.Option("--decline", help="Refuse them.")] = False,
    reason: Reason = None,
    signers: Offices = None,
    path: HomeOption = None,
    as_json: AsJson = False,
) -> None:
    """Adhere to terms, each side by its own act: commit, then reveal; in force only when all have."""
    party = voice(path, signers)
    found, end = by_id(party, message), when(until, "--until")
    if text is not None and end is not None:
        speech = phrases.adhere(party, found, read_file(text, "the terms"), end)
    elif reveal:
        speech = phrases.reveal(party, found)
    elif decline:
        speech = phrases.decline_terms(found, reason)
    else:
        raise InvalidInput("one of three", where="terms", expected="--text FILE --until T, --reveal or --decline")
    _speak(party, speech, signers, as_json=as_json)


def statement(
    message: MessageId,
    *,
    text: Annotated[Path | None, typer.Option(help="The words to propose.")] = None,
    agree: Annotated[bool, typer.Option("--agree", help="Agree to these words.")] = False,
    decline: Annotated[bool, typer.Option("--decline", help="Not to these words.")] = False,
    release: Annotated[bool, typer.Option("--release", help="Report it released.")] = False,
    one_sided: Annotated[bool, typer.Option("--one-sided", help="Released though not all have agreed.")] = False,
    reason: Reason = None,
    signers: Offices = None,
    path: HomeOption = None,
    as_json: AsJson = False,
) -> None:
    """Propose the words of a public statement, agree to them word for word, report it released."""
    party = voice(path, signers)
    found = by_id(party, message)
    if text is not None:
        speech = phrases.propose_statement(found, read_file(text, "the statement"))
    elif release:
        speech = phrases.release_statement(party, found, one_sided=one_sided)
    else:
        choice = phrases.Choice(_one(accept=agree, decline=decline, provisional=False), (), reason)
        speech = phrases.answer_statement(found, choice)
    _speak(party, speech, signers, as_json=as_json)


def report(
    message: MessageId,
    *,
    state: Annotated[str, typer.Option(help="Mobilising, Entered, OnTask, Exited or Closed.")],
    item: Items = None,
    says: Annotated[str | None, typer.Option(help="What else is to be said.")] = None,
    signers: Offices = None,
    path: HomeOption = None,
    as_json: AsJson = False,
) -> None:
    """Report where a resource is."""
    party = voice(path, signers)
    speech = phrases.report(by_id(party, message), tuple(item or ()), state, says=says)
    _speak(party, speech, signers, as_json=as_json)


def extend(
    message: MessageId,
    *,
    until: Annotated[str, typer.Option(help="Until when.")],
    item: Items = None,
    signers: Offices = None,
    path: HomeOption = None,
    as_json: AsJson = False,
) -> None:
    """Ask for a longer stay."""
    party = voice(path, signers)
    end = when(until, "--until")
    if end is not None:
        _speak(party, phrases.extend(by_id(party, message), tuple(item or ()), end), signers, as_json=as_json)


def release(
    message: MessageId,
    *,
    item: Items = None,
    says: Annotated[str | None, typer.Option(help="What else is to be said.")] = None,
    signers: Offices = None,
    path: HomeOption = None,
    as_json: AsJson = False,
) -> None:
    """Let resources go."""
    party = voice(path, signers)
    _speak(party, phrases.release(by_id(party, message), tuple(item or ()), says=says), signers, as_json=as_json)


def recall(message: MessageId, *, signers: Offices = None, path: HomeOption = None, as_json: AsJson = False) -> None:
    """Take back a message of one's own; it stays in the record."""
    party = voice(path, signers)
    _speak(party, phrases.recall(by_id(party, message)), signers, as_json=as_json)


def check(
    case: Annotated[str, typer.Argument(help="Name of the drill.")],
    *,
    to: Annotated[str, typer.Option(help="Codes of the other parties.")],
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
    _speak(party, phrases.check_channel(case, listed(to)), signers, as_json=as_json)


def write(
    file: Annotated[Path, typer.Argument(help="A JSON file with content, case, recipients and what else is said.")],
    *,
    preview: Preview = False,
    signers: Offices = None,
    path: HomeOption = None,
    as_json: AsJson = False,
) -> None:
    """Say anything that has no command of its own: docs/wire has an example of each type."""
    party = voice(path, signers)
    _speak(party, phrases.written(read_file(file, "the message")), signers, preview=preview, as_json=as_json)


def sign(draft: MessageId, *, signers: Offices = None, path: HomeOption = None, as_json: AsJson = False) -> None:
    """Add offices' signatures to a draft that waits for them."""
    party = voice(path, signers)
    name = next((key for key in party.store.keys("draft") if key.endswith(draft)), draft)
    _told(sign_draft(party, name, listed(signers)), as_json=as_json)


def _speak(party: Voice, speech: Speech, signers: str | None, *, preview: bool = False, as_json: bool = False) -> None:
    if preview:
        message = composed(party, speech)
        if as_json:
            dump({"message": to_json(message)})
            return
        say("\n".join(("PREVIEW, nothing was signed", *message_lines(message), NOTICE)))
        return
    _told(speak(party, speech, listed(signers)), as_json=as_json)


def _told(said: Said, *, as_json: bool) -> None:
    message = said.signed.message
    offices = [each.office for each in said.signed.signatures]
    if as_json:
        found = {"id": message.id, "sent": said.sent, "signed": offices, "missing": said.missing}
        breaches = [{"code": each.code, "message": each.message} for each in said.violations]
        dump({**found, "violations": breaches, "message": to_json(message)})
        return
    say("\n".join(message_lines(message)))
    if said.sent:
        to = ", ".join(message.recipients)
        say(f"Signed by {', '.join(offices)} and logged; it goes out with: safeconduct exchange export --to {to} FILE")
    else:
        say(f"A draft: {said.missing}\nNext: safeconduct exchange sign {message.id} --as OFFICE")
    for each in said.violations:
        say(f"breach: {each.code}: {each.message}")


def _one(*, accept: bool, decline: bool, provisional: bool) -> str:
    chosen = [name for name, on in (("Accept", accept), ("Decline", decline), ("Provisional", provisional)) if on]
    if len(chosen) != 1:
        raise InvalidInput("one answer", where="answer", expected="yes, no, or an alternative", got=", ".join(chosen))
    return Response(chosen[0]).answer
