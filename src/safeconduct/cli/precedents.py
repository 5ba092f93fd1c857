"""``safeconduct precedents``: like."""

from __future__ import annotations

from typing import Annotated

import typer

from safeconduct.cli.console import dump, say, width
from safeconduct.desk.precedents import SHOWN, precedents_like
from safeconduct.formats.plain import plain
from safeconduct.report.law import lines
from safeconduct.report.precedents import SELECTED, page_lines

app = typer.Typer(help="What happened before between states at odds.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def _group() -> None:
    """What happened before between states at odds."""


@app.command()
def like(
    case: Annotated[str, typer.Argument(help="A shipped case or a path.")],
    *,
    provider: Annotated[str | None, typer.Option(help="One provider of the case; all without it.")] = None,
    most: Annotated[int, typer.Option(help="How many to show.", min=0, max=1000)] = SHOWN,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Cases like this one with the reasons why, and how often and how fast help was taken."""
    page = precedents_like(case, provider=provider, most=most)
    if as_json:
        dump({"notice": SELECTED, **plain(page)})
    else:
        say(lines(page_lines(page.title, page.found, page.total, page.rates, page.lags), width()))
