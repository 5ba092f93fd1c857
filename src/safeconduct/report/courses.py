"""The ways of a page: arrival, what is missing, risk, verdict, counterfactual, legs and limits."""

from __future__ import annotations

from collections.abc import Iterator

from safeconduct.assessment.answer import Assessment, Way
from safeconduct.report import choose
from safeconduct.report.figures import arrival, gain, moment, share, spread_hours
from safeconduct.report.map import leg_words
from safeconduct.report.markup import Anchors, items, table, tag, text


def courses(answer: Assessment, anchors: Anchors) -> str:
    """The table of ways, best first; each row can be chosen to stand out on the map."""
    if not answer.ways:
        return "<p>No way in the case.</p>"
    heads = (
        "way",
        "arrives (p10-p90)",
        "missing",
        "adds: as it stands / granted now",
        "risk to rescuers",
        "verdict and why",
    )
    rows = (_row(way, answer, anchors) for way in answer.ways)
    offers = items(text(offer) for offer in answer.offers)
    counts = f"{len(answer.ways)} ways: {choose.by_verdict(answer.ways)}. Choose a way to see it on the map."
    return table(heads, rows, kind="ways", caption=counts) + (
        f"<h3>Offers that name no asset</h3>{offers}" if offers else ""
    )


def _row(way: Way, answer: Assessment, anchors: Anchors) -> tuple[str, ...]:
    scale = choose.goal_scale(answer)
    asset = way.asset
    about = f"{way.provider}, {way.kind}, {asset.kind}" + (f", from {asset.base}" if asset.base else "")
    about += ", HYPOTHETICAL: no source names it" if asset.hypothetical else ""
    name = f'<button data-way="{text(way.id)}">{text(asset.name)}</button><br><span class="soft">{text(about)}</span>'
    if way.state != "possible":
        name += f" {tag(way.state)}"
    when = text(arrival(answer.case.incident_at, way.arrival))
    if way.verified_share < 1:
        when += f'<br><span class="soft">{share(1 - way.verified_share)} of its input unverified</span>'
    missing = "<br>".join(f"<code>{text(c)}</code>" for c in way.missing) or "nothing"
    adds = f"{gain(way.effect.lift.p50, scale)} / {gain(way.effect.lift_if_granted_now.p50, scale)}"
    risk = tag(way.risk.level) + "".join(f"<br>{text(reason)}" for reason in way.risk.why)
    return (name, when, missing, text(adds), risk, _verdict(way, answer, anchors))


def _verdict(way: Way, answer: Assessment, anchors: Anchors) -> str:
    out = [f"{tag(way.verdict)}: {text(choose.why(way))}"]
    if any(leg_words(leg) == choose.NOT_CLEARED for leg in way.legs):
        out.append(f"<br>{tag(choose.NOT_CLEARED)}")
    out.append(f"<details><summary>legs, limits, records</summary>{items(_details(way, answer, anchors))}</details>")
    return "".join(out)


def _details(way: Way, answer: Assessment, anchors: Anchors) -> Iterator[str]:
    for leg in way.legs:
        far = f", {leg.distance_km:,.0f} km" if leg.distance_km is not None else ""
        needs = f"; needs {', '.join(leg.clearances)}" if leg.clearances else ""
        ends = f" {leg.start} to {leg.end}" if leg.start or leg.end else ""
        yield f"{text(leg.mode + ends + far)}, {text(spread_hours(leg.hours))}: {tag(leg_words(leg))}{text(needs)}"
    for limit in way.limits:
        yield f"limit {text(limit.id)} {tag(limit.state)}: {text(limit.says)} " + anchors.links(
            limit.sources, verified=limit.verified
        )
    for cause in way.other_causes:
        yield f"also {tag(cause.cause)}: {text(cause.says)}"
    for event in way.recorded:
        said = f"recorded {event.event} {moment(answer.case.incident_at, event.at)}"
        said += " (contested)" if event.contested else ""
        said += f" {event.note}" if event.note else ""
        yield f"{text(said)} {anchors.links(event.sources, event.grade)}"
    if way.note:
        yield text(way.note)
