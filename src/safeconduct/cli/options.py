"""Options that several commands of the exchange share."""

from __future__ import annotations

from typing import Annotated

import typer

MessageId = Annotated[str, typer.Argument(help="Id of a message, or the end of it.")]
Items = Annotated[
    list[str] | None,
    typer.Option("--item", metavar="ID[=QUANTITY]", help="Once for each; default: all of the message."),
]
Gates = Annotated[
    list[str] | None, typer.Option("--gate", metavar="ITEM:GATE", help="Once for each; default: all of the message.")
]
Reason = Annotated[str | None, typer.Option(help="Why.")]
Until = Annotated[str | None, typer.Option(metavar="T", help="Instant until which it stands.")]
Preview = Annotated[bool, typer.Option("--preview", help="Show it and sign nothing.")]
Anyway = Annotated[bool, typer.Option("--anyway", help="Sign it although it breaks a rule: it is what happened.")]
Attach = Annotated[
    list[str] | None,
    typer.Option("--attach", metavar="[NAME=]FILE", help="Once for each; one of the same name is replaced."),
]
Case = Annotated[str, typer.Argument(help="A shipped case or a path.")]
To = Annotated[str, typer.Option("--to", help="Code of the other party.")]
