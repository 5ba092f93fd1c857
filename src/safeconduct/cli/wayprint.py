"""The ways of ``safeconduct ways`` as lines and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from safeconduct.desk.shownways import ShownLeg, ShownWay, Ways
from safeconduct.reach.flights import FlightCertificate

SHOWN = 12
UNDECIDED = 3


def lines(answer: Ways) -> list[str]:
    """The page."""
    code, name, _ = answer.base
    place = f"{answer.site[0]:g},{answer.site[1]:g}"
    out = [f"{answer.asset.name} from {code} {name} to {place}: {answer.direct_km:.0f} km by the direct way"]
    if answer.range_km is not None and answer.direct_km > answer.range_km:
        out.append(
            f"Out of range without a stop: {answer.range_km:.0f} km one way with reserve. No permission changes that."
        )
    for way in answer.ways[:SHOWN]:
        out += _way(way)
    if len(answer.ways) > SHOWN:
        out.append(f"  and {len(answer.ways) - SHOWN} more (--json shows all)")
    if not answer.ways:
        out.append("  no way within the limits of the search")
    return [*out, *_bounds(answer)]


def proof_words(proof: FlightCertificate) -> str:
    """What a certificate proves of the straight flights, and what it does not."""
    shown = sum(path is not None for _, path in proof.opens)
    out = f"Proof, straight flights up to {proof.limit_m / 1000.0:.0f} km: {shown} of {len(proof.opens)} sets by a path"
    if proof.undecided is None:
        return f"{out}, {len(proof.cuts)} cuts; no other set of any size opens one."
    capped = "" if proof.most is None else f"; looked at: sets of at most {proof.most} permissions"
    out += f", {len(proof.cuts)} cuts{capped}"
    if not proof.undecided:
        return f"{out}; no other of these opens one."
    some = ", ".join(" + ".join(sorted(each)) or "any" for each in proof.undecided[:UNDECIDED])
    more = ", ..." if len(proof.undecided) > UNDECIDED else ""
    return (
        f"{out}; no other opens one, but perhaps some that contain one of {len(proof.undecided)} undecided sets, "
        f"for which the search found no flight and we have no proof: {some}{more}."
    )


def _way(way: ShownWay) -> Iterator[str]:
    time = "speed unknown" if way.hours is None else f"{way.hours[1]:5.1f} h ({way.hours[0]:.1f}-{way.hours[2]:.1f})"
    needs = ", ".join(way.names) or "nobody's leave"
    needs += f" (lands in {', '.join(way.lands)})" if way.lands else ""
    short = "" if way.in_range is not False else "  BEYOND RANGE"
    yield f"  {way.distance_km:6.0f} km  {time}  needs {needs}{short}"
    if len(way.legs) > 1:
        for leg in way.legs:
            yield f"           {_leg(leg)}"
        providers = {leg.provider for leg in way.legs}
        if len(providers) > 1:
            each = (f"{leave.kind} {leave.state} for {leave.provider}" for leave in way.leaves)
            yield f"           leaves: {'; '.join(each)}"


def _leg(leg: ShownLeg) -> str:
    runway = ", runway unknown" if leg.runway == "unknown" else ""
    stop = {"refuel": "refuels", "hand-over": "hands over"}.get(leg.stop, "")
    end = f"{leg.end} {leg.end_name}" if leg.stop else "the site"
    ship = "sails" if leg.mode == "sail" else "flies"
    return f"{leg.carrier} ({leg.provider}) {ship} {leg.distance_km:.0f} km to {end}" + (
        f", {stop} there{runway}" if stop else ""
    )


def _bounds(answer: Ways) -> list[str]:
    out = []
    front = answer.front
    if front is not None:
        most = "any number of" if front.max_needs is None else f"at most {front.max_needs}"
        out.append(f"Looked for: up to {front.limit_m / 1000.0:.0f} km, {most} permissions.")
    else:
        out.append("No water joins the two places for a ship, or one of them lies over 30 km from any.")
    if answer.looked is not None:
        out.append(
            f"At most {answer.looked.most} stops, at {len(answer.looked.spots)} of {answer.looked.in_reach} airports "
            "in reach (the likeliest of each state and stretch of the way, unless you name them)."
        )
    if answer.complete:
        out.append("The search was whole within these limits.")
    else:
        out += _cut(answer)
    if answer.closed:
        out.append(f"{answer.closed} ways cross an area that is attributed to no state and are left out.")
    left = [way.left_km for way in answer.ways if way.left_km is not None and way.left_km >= 0.0]
    if left and answer.asset.kind != "ship":
        code, name, km = answer.nearest
        out.append(
            f"Range left at the site: {max(left):.0f} km at most. Nearest airport: {code} {name}, {km:.0f} km off."
        )
    return [*out, *(f"Note: {note}." for note in answer.notes)]


def _cut(answer: Ways) -> Iterator[str]:
    front = answer.front
    if front is not None and not front.complete:
        yield (
            f"The search was cut short: whole up to {front.proved_m / 1000.0:.0f} km; "
            f"no way within the limits needs fewer than {front.fewest_bound} permissions."
        )
    elif answer.looked is not None and answer.looked.journeys.proved_h is not None:
        yield f"The search was cut short: whole up to {answer.looked.journeys.proved_h:.1f} h."
    else:
        yield "The search was cut short on a leg between two stops: ways over it may be missing."


def document(answer: Ways) -> dict[str, Any]:
    """The same as JSON."""
    looked = answer.looked
    return {
        "schema": "safeconduct/ways/1",
        "from": dict(zip(("code", "name", "state"), answer.base, strict=True)),
        "to": list(answer.site),
        "to_states": list(answer.site_states),
        "asset": {"id": answer.asset.id, "kind": answer.asset.kind, "state": answer.free},
        "direct_km": answer.direct_km,
        "range_km": answer.range_km,
        "ways": [_way_json(way) for way in answer.ways],
        "search": _search(answer),
        "stops": None
        if looked is None
        else {
            "most": looked.most,
            "looked_at": list(looked.spots),
            "in_reach": looked.in_reach,
            "labels": looked.journeys.labels,
            "proved_h": looked.journeys.proved_h,
        },
        "nearest_airport": dict(zip(("code", "name", "km"), answer.nearest, strict=True)),
        "notes": list(answer.notes),
    }


def _search(answer: Ways) -> dict[str, Any]:
    front = answer.front
    told = {"complete": answer.complete, "closed_ways": answer.closed}
    if front is None:
        return told
    return told | {
        "method": front.method,
        "limit_km": front.limit_m / 1000.0,
        "max_needs": front.max_needs,
        "proved_km": front.proved_m / 1000.0,
        "labels": front.labels,
        "fewest_bound": front.fewest_bound,
    }


def _hours(hours: tuple[float, float, float] | None) -> dict[str, float] | None:
    return None if hours is None else dict(zip(("p10", "p50", "p90"), hours, strict=True))


def _way_json(way: ShownWay) -> dict[str, Any]:
    return {
        "needs": list(way.needs),
        "leaves": [{"state": each.state, "kind": each.kind, "for": each.provider} for each in way.leaves],
        "distance_km": way.distance_km,
        "hours": _hours(way.hours),
        "in_range": way.in_range,
        "left_km": way.left_km,
        "path": [list(point) for point in way.path],
        "legs": [
            {
                "from": leg.start,
                "to": leg.end,
                "mode": leg.mode,
                "carrier": leg.carrier,
                "provider": leg.provider,
                "distance_km": leg.distance_km,
                "hours": _hours(leg.hours),
                "needs": list(leg.needs),
                "stop": leg.stop or None,
                "runway": leg.runway or None,
                "path": [list(point) for point in leg.path],
            }
            for leg in way.legs
        ],
    }
