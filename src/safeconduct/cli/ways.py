"""``safeconduct ways``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from safeconduct.cli.console import can_write, dump, say
from safeconduct.cli.wayprint import document, lines, proof_words
from safeconduct.desk import ways as desk
from safeconduct.desk.carriers import position_of, runways_in


def command(
    base: Annotated[str, typer.Option("--from", help="Base: an ICAO location indicator, or LON,LAT in one state.")],
    to: Annotated[str, typer.Option("--to", help="Site: LON,LAT in degrees.")],
    asset: Annotated[str, typer.Option("--asset", help="Type of aircraft or ship, such as mi-17.")],
    *,
    all_states: Annotated[
        bool, typer.Option("--all-states", help="Any number of permissions, not five at most.")
    ] = False,
    stops: Annotated[
        int | None,
        typer.Option(help="Most stops of a way. Default: 2 with --via or where the straight way is out of range."),
    ] = None,
    via: Annotated[list[str] | None, typer.Option(help="Airport to stop at, instead of those we pick. Repeat.")] = None,
    relay: Annotated[
        list[str] | None,
        typer.Option(help="Carrier that may take over at an airport: TYPE[@AIRPORT[:STATE]]. Repeat."),
    ] = None,
    wind: Annotated[str, typer.Option(help="FROM/KNOTS, the same everywhere: 270/30 is from the west at 30 kt.")] = "",
    runways: Annotated[Path | None, typer.Option(help="OurAirports' runways.csv.")] = None,
    certificate: Annotated[Path | None, typer.Option(help="Write the proof of the sets of straight flights.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Every way for one carrier and one site: how long, and whose leave it needs."""
    can_write(certificate)
    site = position_of(to, "--to")
    brought = runways_in(runways) if runways is not None else None
    extra = desk.Extra(all_states, stops, tuple(via or ()), tuple(relay or ()), wind, brought)
    answer, written = desk.ways(base, site, asset, extra), ""
    if certificate is not None:
        from safeconduct.formats.certificate import to_json  # lazy: only where a proof is wanted

        about = {"from": base, "to": to}
        proved = desk.proof(answer, all_states=all_states)
        plain = to_json(about, routes=[proved.route], flights=[proved.flight])
        certificate.write_text(json.dumps(plain, ensure_ascii=False) + "\n", encoding="utf-8")
        written = f"{proof_words(proved.flight)}\nWritten: {certificate}, seal {plain['seal']}"
    if as_json:
        dump(document(answer))
        return
    say("\n".join(lines(answer)))
    if written:
        say(written)
