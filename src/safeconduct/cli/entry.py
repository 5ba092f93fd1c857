"""``safeconduct law``: profile, form, drafts, clauses."""

from __future__ import annotations

from typing import Annotated

import typer

from safeconduct.cli.console import dump, say, when, width
from safeconduct.desk import entry as desk
from safeconduct.formats.plain import plain
from safeconduct.model.errors import InvalidInput
from safeconduct.report.entry import clause_lines, draft_lines, form_lines, profile_lines
from safeconduct.report.law import NOT_ADVICE, lines

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def add_to(app: typer.Typer) -> None:
    """Put the commands of this module among those of the law."""
    for command in (profile, form, drafts, clauses):
        app.command()(command)


def profile(state: Annotated[str, typer.Argument(help="Code of a state.")], *, as_json: AsJson = False) -> None:
    """What rescue units must know to enter a state: authority, channel, notice, sensors, arms, languages."""
    found = desk.profile(state)
    if as_json:
        dump({"notice": NOT_ADVICE, **plain(found), "missing": list(found.missing)})
    else:
        say(lines(profile_lines(found), width()))


def form(
    case: Annotated[str, typer.Argument(help="A shipped case or a path.")],
    *,
    way: Annotated[str, typer.Option(help="Id of a way or asset that flies.")],
    state: Annotated[str | None, typer.Option(help="Only the form for this state.")] = None,
    at: Annotated[str | None, typer.Option(metavar="T", help="As known at this instant.")] = None,
    as_json: AsJson = False,
) -> None:
    """The aircraft-clearance form of a way, one for each state that it enters, filled from the case."""
    found = desk.forms(case, way, at=when(at, "--at"))
    if state is not None:
        entered = ", ".join(dict.fromkeys(each.state for each in found))
        found = tuple(each for each in found if each.state == state)
        if not found:
            raise InvalidInput("no state that this way enters", where="--state", expected=entered, got=state)
    if as_json:
        dump({"notice": NOT_ADVICE, "forms": plain(found)})
        return
    for place, each in enumerate(found):
        say(
            ("\n" if place else "")
            + lines(form_lines(each.way, each.state, each.fields, exercise=each.exercise), width())
        )


def drafts(*, as_json: AsJson = False) -> None:
    """Draft agreements that a what-if can take as law."""
    found = desk.drafts()
    if as_json:
        dump({"notice": NOT_ADVICE, "drafts": plain(found)})
    else:
        say(lines(draft_lines(found), width()))


def clauses(*, as_json: AsJson = False) -> None:
    """Clauses for the terms between parties, each with its purpose."""
    found = desk.clauses()
    if as_json:
        dump({"notice": NOT_ADVICE, "clauses": plain(found)})
    else:
        say(lines(clause_lines(found), width()))
