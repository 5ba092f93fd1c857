"""``safeconduct assess``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from safeconduct.cli.console import can_write, colour, dump, say, warn, when, width
from safeconduct.desk import assess as desk
from safeconduct.desk.cases import open_case
from safeconduct.formats.assessment import to_json
from safeconduct.model.errors import InvalidInput
from safeconduct.model.instants import Instant


def command(
    case: Annotated[str, typer.Argument(help="A shipped case, such as varzaqan-2024, or a path.")],
    *,
    at: Annotated[
        str | None, typer.Option(help="As known at; an instant with zone, or now. Default: the case's.")
    ] = None,
    goal: Annotated[str, typer.Option(help="survivors, found or reached.")] = "survivors",
    by: Annotated[str | None, typer.Option(help="Hour to be found or reached by. Default: 24 h after.")] = None,
    target: Annotated[float | None, typer.Option(help="Value that a sufficient set must reach.")] = None,
    grant: Annotated[list[str] | None, typer.Option(help="What if ID (or ID=T) were granted.")] = None,
    refuse: Annotated[list[str] | None, typer.Option(help="What if ID were refused.")] = None,
    what_if: Annotated[str | None, typer.Option(help="request=T or request.PARTY=T.")] = None,
    rules: Annotated[Path | None, typer.Option(help="Your own rules, in place of ours by id.")] = None,
    record: Annotated[
        Path | None, typer.Option(help="A party's directory: what its messages asked, granted and offered counts.")
    ] = None,
    html: Annotated[Path | None, typer.Option(help="Write one self-contained page.")] = None,
    certificate: Annotated[
        Path | None, typer.Option(help="Write the proof of the sets, for an independent check.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Who could come in time, whose permission would change the outcome, by when and by how much."""
    moment, deadline = when(at, "--at", or_now=True), when(by, "--by")
    can_write(html, certificate)
    changes = desk.Changes(_grants(grant or []), tuple(refuse or ()), _request(what_if), rules)
    loaded = open_case(case)
    if loaded.warnings:
        warn((f"{len(loaded.warnings)} odd things in the case; see: safeconduct case check {case}",))
    subject = loaded.case
    if record is not None:
        from safeconduct.desk.carryover import passed_over, recorded  # lazy: only where a conversation is to count

        subject = recorded(subject, record, moment, rules)
    answer = desk.assess(subject, at=moment, goal=goal, by=deadline, target=target, changes=changes)
    if record is not None:
        warn(passed_over(subject, record, answer.as_of))
    written = []
    if html is not None:
        from safeconduct.report.html import page  # lazy: the page's scripts are read only when a page is wanted

        html.write_text(page(answer), encoding="utf-8")
        written.append(str(html))
    if certificate is not None:
        from safeconduct.desk.certificates import certificate_json  # lazy: only where a proof is wanted

        proof = certificate_json(subject, answer, changes=changes)
        certificate.write_text(json.dumps(proof, ensure_ascii=False) + "\n", encoding="utf-8")
        written.append(f"{certificate}, seal {proof['seal']}")
    if as_json:
        dump(to_json(answer))
        return
    from safeconduct.report.terminal import render  # lazy: rich is not needed for JSON

    say(render(answer, width=width(), colour=colour()))
    for each in written:
        say(f"Written: {each}")


def _grants(items: list[str]) -> dict[str, Instant | None]:
    out: dict[str, Instant | None] = {}
    for item in items:
        name, _, text = item.partition("=")
        out[name] = when(text, f"--grant {name}") if text else None
    return out


def _request(text: str | None) -> tuple[str | None, Instant] | None:
    if text is None:
        return None
    head, equals, to = text.partition("=")
    word, _, party = head.partition(".")
    moment = when(to, "--what-if") if equals and word == "request" else None
    if moment is None:
        raise InvalidInput(
            "not a what-if", where="--what-if", expected="request=T or request.PARTY=T, T with a zone", got=text
        )
    return party or None, moment
