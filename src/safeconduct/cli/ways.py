"""``safeconduct ways``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from safeconduct.cli.console import dump, say
from safeconduct.desk import ways as desk
from safeconduct.model.errors import InvalidInput
from safeconduct.model.space import LonLat

SHOWN = 12


def command(
    base: Annotated[str, typer.Option("--from", help="Airport: its ICAO location indicator.")],
    to: Annotated[str, typer.Option("--to", help="Site: LON,LAT in degrees.")],
    asset: Annotated[str, typer.Option("--asset", help="Type of aircraft, such as mi-17.")],
    *,
    all_states: Annotated[
        bool, typer.Option("--all-states", help="Any number of permissions, not five at most.")
    ] = False,
    certificate: Annotated[Path | None, typer.Option(help="Write the proof of the sets on the lattice.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Every way for one aircraft and one site: how long, and whose leave it needs."""
    site = _site(to)
    answer, written = desk.ways(base, site, asset, all_states=all_states), ""
    if certificate is not None:
        from safeconduct.formats.certificate import to_json  # lazy: only where a proof is wanted

        about = {"from": base, "to": to}
        proof = to_json(about, routes=[desk.certificate(base, site)], flights=[desk.flight_certificate(answer)])
        certificate.write_text(json.dumps(proof, ensure_ascii=False) + "\n", encoding="utf-8")
        written = f"{certificate}, seal {proof['seal']}"
    if as_json:
        dump(_json(answer))
        return
    say("\n".join(_lines(answer)))
    if written:
        say(f"Written: {written}")


def _site(text: str) -> LonLat:
    try:
        lon, lat = (float(part) for part in text.split(","))
    except ValueError:
        raise InvalidInput("not a position", where="--to", expected="LON,LAT in degrees", got=text) from None
    return (lon, lat)


def _lines(answer: desk.Ways) -> list[str]:
    code, name, _ = answer.base
    place = f"{answer.site[0]:g},{answer.site[1]:g}"
    lines = [f"{answer.asset.name} from {code} {name} to {place}: {answer.direct_km:.0f} km by the direct way"]
    if answer.range_km is not None and answer.direct_km > answer.range_km:
        lines.append(f"Out of range: {answer.range_km:.0f} km one way with reserve. No permission changes that.")
    for way in answer.ways[:SHOWN]:
        time = (
            "speed unknown" if way.hours is None else f"{way.hours[1]:5.1f} h ({way.hours[0]:.1f}-{way.hours[2]:.1f})"
        )
        needs = ", ".join(way.names) or "nobody's leave"
        short = "" if way.in_range is not False else "  BEYOND RANGE"
        lines.append(f"  {way.distance_km:6.0f} km  {time}  needs {needs}{short}")
    if len(answer.ways) > SHOWN:
        lines.append(f"  and {len(answer.ways) - SHOWN} more (--json shows all)")
    if not answer.ways:
        lines.append("  no way within the limits of the search")
    return [*lines, *_bounds(answer)]


def _bounds(answer: desk.Ways) -> list[str]:
    front = answer.front
    most = "any number of" if front.max_needs is None else f"at most {front.max_needs}"
    lines = [f"Looked for: up to {front.limit_m / 1000.0:.0f} km, {most} permissions."]
    if front.complete:
        lines.append("The search was whole within these limits.")
    else:
        lines.append(
            f"The search was cut short: whole up to {front.proved_m / 1000.0:.0f} km; "
            f"no way within the limits needs fewer than {front.fewest_bound} permissions."
        )
    if answer.closed:
        lines.append(f"{answer.closed} ways cross an area that is attributed to no state and are left out.")
    return [*lines, *(f"Note: {note}." for note in answer.notes)]


def _json(answer: desk.Ways) -> dict[str, Any]:
    front = answer.front
    return {
        "schema": "safeconduct/ways/1",
        "from": dict(zip(("code", "name", "state"), answer.base, strict=True)),
        "to": list(answer.site),
        "to_states": list(answer.site_states),
        "asset": {"id": answer.asset.id, "kind": answer.asset.kind, "state": answer.free},
        "direct_km": answer.direct_km,
        "range_km": answer.range_km,
        "ways": [
            {
                "needs": list(way.needs),
                "distance_km": way.distance_km,
                "hours": None if way.hours is None else dict(zip(("p10", "p50", "p90"), way.hours, strict=True)),
                "in_range": way.in_range,
                "path": [list(point) for point in way.path],
            }
            for way in answer.ways
        ],
        "search": {
            "complete": front.complete,
            "method": front.method,
            "limit_km": front.limit_m / 1000.0,
            "max_needs": front.max_needs,
            "proved_km": front.proved_m / 1000.0,
            "labels": front.labels,
            "fewest_bound": front.fewest_bound,
            "closed_ways": answer.closed,
        },
        "notes": list(answer.notes),
    }
