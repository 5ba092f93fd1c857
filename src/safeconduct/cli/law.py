"""``safeconduct law``: case, rule, diff, check."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from safeconduct.cli.console import dump, say, told, warn, when, width
from safeconduct.desk import law as desk
from safeconduct.formats.plain import plain
from safeconduct.model.errors import InvalidInput
from safeconduct.report.law import NOT_ADVICE, lines, rule_lines
from safeconduct.report.lawpages import case_lines, check_lines, diff_lines

app = typer.Typer(help="What the law asks of a way; not legal advice.", no_args_is_help=True, rich_markup_mode=None)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Own = Annotated[
    Path | None, typer.Option("--rules", help="File or directory of your own rules, in place of ours by id.")
]


@app.command("case")
def of_case(
    case: Annotated[str, typer.Argument(help="A shipped case or a path.")],
    *,
    way: Annotated[str | None, typer.Option(help="Id of a way or asset; all without it.")] = None,
    at: Annotated[str | None, typer.Option(help="As known at this instant.")] = None,
    rules: Own = None,
    draft: Annotated[list[str] | None, typer.Option(help="A draft agreement taken as law: a what-if.")] = None,
    as_json: AsJson = False,
) -> None:
    """Gates that the ways of a case engage: why, who grants, how long it takes, what would open them."""
    found = desk.law_case(case, way=way, at=when(at, "--at"), own=rules, drafts=draft or ())
    warn(tuple(str(fault) for fault in found.faults))
    if as_json:
        dump({"notice": NOT_ADVICE, **plain(found)})
    else:
        say(lines(case_lines(found), width()))


@app.command()
def rule(
    rule: Annotated[str, typer.Argument(help="Id of a rule, such as US-15.")],
    *,
    rules: Own = None,
    as_json: AsJson = False,
) -> None:
    """A rule: paraphrase, citation, dates, force, confidence, its cases, what it opens and what opens it."""
    found = desk.law_rule(rule, own=rules)
    if as_json:
        dump({"notice": NOT_ADVICE, **plain(found)})
    else:
        say(lines([NOT_ADVICE, "", *rule_lines(found.rule, found.opened_by)], width()))


@app.command()
def diff(
    first: Annotated[str, typer.Argument(help="The earlier day.")],
    second: Annotated[str, typer.Argument(help="The later day.")],
    *,
    host: Annotated[str, typer.Option(help="Code of the affected state.")],
    provider: Annotated[str, typer.Option(help="Code of the state that would help.")],
    rules: Own = None,
    as_json: AsJson = False,
) -> None:
    """What the rules between two parties say on one day and not on the other."""
    for name, value in (("--host", host), ("--provider", provider)):
        if len(value) != 2 or not (value.isascii() and value.isupper()):
            raise InvalidInput("not a party", where=name, expected="two capitals, such as XA", got=value)
    found = desk.law_diff(_day(first, "D1"), _day(second, "D2"), host=host, provider=provider, own=rules)
    if as_json:
        dump({"notice": NOT_ADVICE, **plain(found)})
    else:
        say(lines(diff_lines(found), width()))


@app.command()
def check(
    rules: Annotated[Path | None, typer.Argument(help="Your own rules; ours alone without it.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Every rule's own cases, dangling names, cycles, overlaps. Exit 1 if anything is wanting."""
    found = desk.law_check(rules)
    if as_json:
        dump({"notice": NOT_ADVICE, "sound": found.sound, **plain(found)})
    else:
        for fault in found.faults:
            told(fault)
        say(lines(check_lines(found), width()))
    if not found.sound:
        raise typer.Exit(1)


def _day(text: str, where: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput("not a day", where=where, expected="a day such as 2012-08-20", got=text) from None
