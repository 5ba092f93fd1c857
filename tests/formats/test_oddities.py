from __future__ import annotations

import pytest
from tests.formats.example import EXAMPLE, changed, read

ALARM = "    alarm: {at: 2031-03-04T19:10Z}\n"
WINDOW = "until: 2031-03-05T18:00Z, visibility_m: 10000, icing: false}\n"

ODD = {
    "standing permission": (
        EXAMPLE.replace(
            "      - {status: asked", "      - {status: granted, at: 2031-01-01T00:00Z}\n      - {status: asked"
        ),
        "granted before it was asked: taken as a standing permission",
    ),
    "late news of a grant": (
        EXAMPLE + "      - {status: granted, at: 2031-03-04T20:00Z, known_at: 2031-03-05T03:00Z}\n",
        "known only 7.0 h after",
    ),
    "an answer to nothing": (EXAMPLE.replace("status: asked", "status: refused"), "no request is recorded"),
    "an answer before the question": (
        EXAMPLE.replace(
            "      - {status: asked", "      - {status: refused, at: 2031-03-04T19:15Z}\n      - {status: asked"
        ),
        "refused before it was asked",
    ),
    "offer before alarm": (
        changed("    effects:", "    offered: {at: 2031-03-04T19:05Z}\n    effects:"),
        "offered before anybody was alarmed",
    ),
    "gap in the weather": (
        EXAMPLE.replace(WINDOW, WINDOW + "  - {id: later, place: site, from: 2031-03-05T20:00Z}\n"),
        "no weather at site from 2031-03-05T18:00:00Z to 2031-03-05T20:00:00Z",
    ),
    "no weather": (EXAMPLE.replace("place: site", "place: bank"), "no weather at the site"),
    "asset without base": (changed("    base: bank\n", ""), "xa-rescue has no base"),
    "asset without type": (changed("type: h145-d3", "type: null"), "xa-rescue has no type"),
    "no alarm": (changed(ALARM, ""), "no alarm for the host XB"),
    "alarm first": (
        changed("{at: 2031-03-04T19:15Z}", "{at: 2031-03-04T18:15Z}"),
        "XA was alarmed before the incident",
    ),
    "assessed first": (changed("T19:40Z", "T18:40Z"), "assessed before the incident"),
    "invented facts": (changed("kind: exercise", "kind: real"), "which is for exercises"),
    "a line against all": (EXAMPLE + "red_lines: [{id: no, party: XB, says: Nobody}]\n", "bars everything"),
    "records first": (
        changed("    effects:", "    records: [{event: ready, at: 2031-03-04T18:00Z}]\n    effects:"),
        "records from before the incident",
    ),
    "two known places": (
        EXAMPLE.replace(
            "weather:\n",
            "".join(
                f"  - {{id: k{n}, what: seen, at: 2031-03-04T19:06Z, reliability: A, credibility: 1,"
                f" place: {{kind: point, points: [[-35.0, 45.{n}]], known: true}}}}\n"
                for n in (1, 2)
            )
            + "weather:\n",
        ),
        "several reports know the place",
    ),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_but_real_things_are_warned_of(name: str) -> None:
    """What is odd is read, with one warning that says where and what."""
    text, says = ODD[name]
    (warning,) = read(text).warnings
    assert warning.startswith("case.yaml:")
    assert says in warning


def test_warnings_stand_in_file_order() -> None:
    """Several warnings come in the order of their lines."""
    text = changed(ALARM, "").replace("    base: bank\n", "").replace("kind: exercise", "kind: real")
    lines = [int(warning.split(":")[1].split(" ", 1)[0]) for warning in read(text).warnings]
    assert lines == sorted(lines)
    assert len(lines) == 3


def test_a_window_without_an_end_leaves_no_gap() -> None:
    """After a window whose end nobody knows a later one is no gap."""
    text = EXAMPLE.replace("until: 2031-03-05T18:00Z, ", "").replace(
        "icing: false}\n", "icing: false}\n  - {id: later, place: site, from: 2031-03-05T20:00Z}\n"
    )
    assert read(text).warnings == ()


@pytest.mark.parametrize("kind", ["request", "deploy"])
def test_what_a_party_decides_for_itself_needs_no_request(kind: str) -> None:
    """The host's asking and the provider's own approval may be granted with nobody asking."""
    assert read(changed("kind: entry", f"kind: {kind}").replace("status: asked", "status: granted")).warnings == ()
