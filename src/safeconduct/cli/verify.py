"""``safeconduct verify``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from safeconduct.cli.console import dump, when
from safeconduct.cli.console import say_foreign as say
from safeconduct.cli.keys import AsJson, naming, read_file
from safeconduct.cli.saying import say_attached
from safeconduct.desk.witnessing import Sealed, texts, verify
from safeconduct.exchange.parcel import hop_words
from safeconduct.formats.plain import plain
from safeconduct.model.instants import iso
from safeconduct.report.exchange import proof_lines


def command(
    bundle: Annotated[Path, typer.Argument(help="A bundle.")],
    *,
    at: Annotated[str | None, typer.Option(help="Hour for what expired or fell silent.")] = None,
    words: Annotated[bool, typer.Option("--words", help="Print the attached texts too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Check a bundle with no keys, no network and no trust in us: what is proved, step by step, and what is not."""
    data, hour = read_file(bundle, "the bundle"), when(at, "--at")
    with naming(bundle):
        found = verify(data, at=hour)
    if isinstance(found, Sealed):
        _sealed(found, as_json=as_json)
        return
    if as_json:
        dump({"holds": found.holds, **plain(found)})
    else:
        say("\n".join(proof_lines(found)))
        held = texts(data) if words else {}
        for each in found.messages if words else ():
            if each.message.attachments:
                say(f"Attached to {each.message.id}:")
                say_attached(each.message, held.get)
    if not found.holds:
        raise typer.Exit(1)


def _sealed(found: Sealed, *, as_json: bool) -> None:
    routing = found.parcel.routing
    if as_json:
        dump({"sealed": True, "routing": plain(routing), "hops": plain(found.parcel.hops)})
        return
    say(f"SEALED: from {routing.sender} to {routing.recipient}, made {iso(routing.made_at)}; whole")
    for said in hop_words(routing, found.parcel.hops):
        say(f"  by its own word, {said}")
    say("Not proved: who sent it and who carried it (that takes their cards: exchange import), and what is in it.")
