"""``safeconduct exchange clear`` and ``revoke``: permissions asked for, granted, refused, taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated

import typer

from safeconduct.cli.console import warn, when
from safeconduct.cli.keys import AsJson, HomeOption, Offices, ahead, listed, voice
from safeconduct.cli.options import Anyway, Attach, Gates, MessageId, Reason
from safeconduct.cli.saying import attachments, speak
from safeconduct.desk import drawing, phrases
from safeconduct.desk.checking import unheard
from safeconduct.desk.speaking import Speech, by_id
from safeconduct.desk.voice import Voice
from safeconduct.exchange.message import GateEntry, Message
from safeconduct.model.errors import InvalidInput
from safeconduct.model.instants import Instant, iso

_FITS = {
    "--ask": ("--until",),
    "--grant": ("--gate", "--condition", "--reason", "--from", "--until"),
    "--refuse": ("--gate", "--reason"),
}
"""Options that each act says something with."""


def clear(
    message: MessageId,
    *,
    ask: Annotated[
        list[str] | None, typer.Option(metavar="ITEM:GATE", help="What to ask permission for; once for each.")
    ] = None,
    to: Annotated[
        str | None,
        typer.Option(
            metavar="XC,..", help="Whom to ask, where it is not the other side: a state on the way; then whom to tell."
        ),
    ] = None,
    grant: Annotated[bool, typer.Option("--grant", help="Grant what was asked.")] = False,
    refuse: Annotated[bool, typer.Option("--refuse", help="Refuse what was asked.")] = False,
    gate: Gates = None,
    condition: Annotated[list[str] | None, typer.Option(help="Condition of a grant; once for each.")] = None,
    reason: Reason = None,
    start: Annotated[str | None, typer.Option("--from", metavar="T", help="A grant holds from this instant.")] = None,
    until: Annotated[
        str | None, typer.Option(metavar="T", help="A grant ends then; in a question: when silence begins.")
    ] = None,
    says: Annotated[
        str | None, typer.Option(help="What else is to be said, such as which aircraft to a state on the way.")
    ] = None,
    attach: Attach = None,
    anyway: Anyway = False,
    signers: Offices = None,
    path: HomeOption = None,
    as_json: AsJson = False,
) -> None:
    """Ask for permissions that an item needs, or grant or refuse those that were asked for."""
    party = voice(path, signers)
    found, end, begin = by_id(party, message), ahead(until, "--until", party), when(start, "--from")
    given = {"--gate": gate, "--condition": condition, "--reason": reason, "--from": begin, "--until": end}
    if bool(ask) + grant + refuse != 1 or (to is not None and not ask):
        expected = "--ask ITEM:GATE (with --to XC for a state on the way), --grant or --refuse"
        raise InvalidInput("not one of three", where="clear", expected=expected)
    _check_fit("--ask" if ask else "--grant" if grant else "--refuse", given)
    if ask:
        speech = _question(party, found, ask, end, listed(to))
    else:
        entry = GateEntry("-", "-", "Granted" if grant else "Refused", tuple(condition or ()), reason, begin, end)
        speech = phrases.permissions(found, tuple(gate or ()), _dated(entry))
    speech = phrases.with_files(speech, attachments(attach))
    speak(party, _with_words(speech, says), signers, anyway=anyway, as_json=as_json)


def _question(party: Voice, about: Message, ask: Sequence[str], answer_by: Instant | None, to: Sequence[str]) -> Speech:
    """The question, with warnings of who will not see it and of permissions that nobody named before."""
    question = drawing.clearances(party, about, ask, answer_by, to)
    untold = drawing.uninformed(party, about, question.recipients)
    said = f"--to {','.join((*question.recipients, *untold))} tells {', '.join(untold)} too"
    warn((f"{', '.join(untold)} will see neither question nor answer: {said}",) if untold else ())
    new = unheard(party, about, question.more["gates"])
    warn(tuple(f"{each} was named by nobody before; exchange recall takes the question back" for each in new))
    return question


def _dated(entry: GateEntry) -> GateEntry:
    """
    The answer, if it may be given: a grant has an end, after its beginning.

    Raises:
        InvalidInput: It has none, or one before it begins.
    """
    begin, end = entry.from_at, entry.until_at
    if entry.answer == "Granted" and end is None:
        raise InvalidInput("a grant without an end", where="--until", expected="an instant: every grant expires")
    if begin is not None and end is not None and end <= begin:
        expected = f"before {iso(end)}"
        raise InvalidInput("a grant that ends before it begins", where="--from", expected=expected, got=iso(begin))
    return entry


def _with_words(speech: Speech, says: str | None) -> Speech:
    return replace(speech, more={**speech.more, "description": says}) if says is not None else speech


def _check_fit(act: str, given: Mapping[str, object]) -> None:
    """
    Refuse what would be left unsaid: options that belong to another act than this one.

    Raises:
        InvalidInput: One of them was given.
    """
    idle = [name for name, value in given.items() if value and name not in _FITS[act]]
    if idle:
        expected, what = f"{act} without it: it would not be said", f"an option that {act} has no use for"
        raise InvalidInput(what, where="clear", expected=expected, got=", ".join(idle))


def revoke(
    message: MessageId,
    *,
    gate: Gates = None,
    effective: Annotated[
        str | None, typer.Option(metavar="T", help="Instant from which it no longer holds. Default: at once.")
    ] = None,
    reason: Reason = None,
    anyway: Anyway = False,
    signers: Offices = None,
    path: HomeOption = None,
    as_json: AsJson = False,
) -> None:
    """Take back permissions that a message of yours granted; those in flight have until it takes effect."""
    party = voice(path, signers)
    ends = ahead(effective, "--effective", party)
    speech = phrases.revoke(by_id(party, message), tuple(gate or ()), effective=ends, reason=reason)
    speak(party, speech, signers, anyway=anyway, as_json=as_json)
