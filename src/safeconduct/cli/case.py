"""``safeconduct case``: new, check, list."""

from __future__ import annotations

from typing import Annotated

import typer

from safeconduct.cli.console import dump, say
from safeconduct.desk import cases as desk
from safeconduct.model.errors import InvalidInput

app = typer.Typer(help="Write, check and list cases.", no_args_is_help=True, rich_markup_mode=None)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="Name of the case; writes NAME.yaml.")],
    *,
    exercise_of: Annotated[
        str | None, typer.Option(metavar="CASE", help="A shipped case, to be played: a copy that is an exercise.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write a commented case that can be assessed as it is, to be replaced line by line."""
    path = desk.new_case(name, exercise_of=exercise_of)
    if as_json:
        dump({"written": str(path)})
    else:
        say(f"Written: {path}. Check it with: safeconduct case check {path}")


@app.command()
def check(case: Annotated[str, typer.Argument(help="A shipped case or a path.")], *, as_json: AsJson = False) -> None:
    """Check a case: the first fault with its place, or what is odd about it. Exit 2 if it is wrong."""
    try:
        loaded = desk.open_case(case)
    except InvalidInput as fault:
        if as_json:
            dump(
                {
                    "ok": False,
                    "where": fault.where,
                    "message": fault.message,
                    "expected": fault.expected,
                    "got": fault.got,
                }
            )
            raise typer.Exit(2) from None
        raise
    if as_json:
        dump({"ok": True, "case": loaded.case.id, "warnings": list(loaded.warnings)})
        return
    for line in loaded.warnings:
        say(f"odd: {line}")
    say(f"{loaded.case.id}: a sound case ({len(loaded.warnings)} odd thing{'s' * (len(loaded.warnings) != 1)})")


@app.command("list")
def list_cases(*, as_json: AsJson = False) -> None:
    """List the shipped cases."""
    rows = desk.list_cases()
    if as_json:
        dump([{"id": r.id, "title": r.title, "kind": r.kind} for r in rows])
        return
    wide = max(len(r.id) for r in rows)
    for row in rows:
        say(f"{row.id:<{wide}}  {row.kind:<8}  {row.title}")
