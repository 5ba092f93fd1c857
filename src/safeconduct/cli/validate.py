"""``safeconduct validate``."""

from __future__ import annotations

from typing import Annotated

import typer

from safeconduct.cli.console import dump, say
from safeconduct.desk.validate import validate
from safeconduct.formats.comparison import to_json
from safeconduct.report.validation import render


def command(
    case: Annotated[str | None, typer.Argument(help="A shipped case, such as varzaqan-2024. Default: all.")] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Predicted beside reported: what the program says of the shipped cases, and what happened."""
    page = validate(case)
    if as_json:
        dump(to_json(page))
    else:
        say(render(page))
