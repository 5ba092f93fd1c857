from __future__ import annotations

import itertools
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from tests.report.sample import SITE, clearance, leg, sample, way

from safeconduct.assessment.answer import Assessment, Border
from safeconduct.report.html import page
from safeconduct.report.map import leg_state, leg_words, scene

HOSTILE = '</script><img src=x onerror="window.__hurt=1"><!-- \' " &'


class Reader(HTMLParser):
    """The elements of a page, and its texts outside of scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._raw = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._raw = tag if tag in {"script", "style"} else ""

    def handle_endtag(self, _tag):
        self._raw = ""

    def handle_data(self, data):
        if not self._raw:
            self.words.append(data)

    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def embedded(text: str) -> dict:
    found = re.search(r'<script type="application/json" id="scene">(.*?)</script>', text, re.DOTALL)
    assert found
    return json.loads(found[1])


def hostile() -> Assessment:
    answer = sample(now=(HOSTILE,), what_if=(HOSTILE,), offers=(HOSTILE,), unknowns=(HOSTILE,))
    bad = way(HOSTILE, HOSTILE, HOSTILE, base="Northfield", needs=(HOSTILE,), missing=(HOSTILE,))
    gate = replace(answer.clearances[0], id=HOSTILE, office=HOSTILE, status=HOSTILE, conditions=(HOSTILE,))
    events = tuple(replace(event, says=HOSTILE) for event in answer.timeline)
    return replace(
        answer,
        case=replace(answer.case, id=HOSTILE, title=HOSTILE, summary=HOSTILE),
        ways=(bad, *answer.ways),
        clearances=(gate, *answer.clearances),
        timeline=events,
        sources=(replace(answer.sources[0], id=HOSTILE, title=HOSTILE), *answer.sources),
    )


@pytest.fixture(scope="module")
def plain() -> str:
    return page(sample())


def test_nothing_is_fetched(plain):
    """No element names a file or an address to load: only anchors on the page and data addresses."""
    for tag, attrs in Reader(plain).tags:
        for name in ("src", "href", "srcset", "poster", "action"):
            assert (attrs.get(name) or "#").startswith(("#", "data:")), (tag, name)


def test_style_sheets_fetch_nothing(plain):
    """The style sheets load nothing from outside the page."""
    sheets = "".join(re.findall(r"<style>(.*?)</style>", plain, re.DOTALL))
    assert "@import" not in sheets
    assert all(url.startswith("data:") for url in re.findall(r"url\([\"']?([^\"')]{5})", sheets))


def test_policy_closes_the_network(plain):
    """The page's own policy allows no host."""
    policy = next(a["content"] for t, a in Reader(plain).tags if a.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    assert policy.startswith("default-src 'none'")
    assert not re.search(r"https?:|\*", policy)


def test_every_link_leads_somewhere(plain):
    """Each figure's link ends at an entry of the list of sources."""
    tags = Reader(plain).tags
    ids = {attrs["id"] for _, attrs in tags if "id" in attrs}
    links = {str(attrs["href"])[1:] for tag, attrs in tags if tag == "a"}
    assert links <= ids
    assert "src-4" in links


def test_hostile_texts_make_no_element():
    """Words of a case are text wherever they stand: no element, no end of a script, no attribute."""
    reader = Reader(page(hostile()))
    assert all(tag != "img" for tag, _ in reader.tags)
    assert all(name != "onerror" for _, attrs in reader.tags for name in attrs)
    assert reader.text().count("onerror") > 8


def test_hostile_texts_survive_in_the_map():
    """The words arrive on the map as they were, unbroken by the script that holds them."""
    ways = {route["properties"]["way"] for route in embedded(page(hostile()))["routes"]["features"]}
    assert HOSTILE in ways


def test_begins_with_now(plain):
    """The first words of the page are the one thing to do now."""
    assert Reader(plain).text().split("Now ")[1].startswith("Ask XB now")


def test_the_line_to_act_on_is_large():
    """Of the first lines the one that says what to ask now is set in large letters, wherever it stands."""
    text = page(sample(now=("No permission can now change who survives", "ASK NOW for a drone")))
    assert '<p class="first">ASK NOW for a drone</p>' in text


def test_what_if_marks_the_page():
    """A what-if stands in the title, at the head, at the map and at the foot."""
    assert page(sample(what_if=("request at T+0.5 h",))).count("WHAT-IF: request at T+0.5 h") >= 4


def test_no_what_if_no_mark(plain):
    """An answer that supposes nothing carries no mark."""
    assert "WHAT-IF:" not in Reader(plain).text()


def test_words_above_half_unverified():
    """With more than half of the input unverified neither states, worths nor curves show a probability."""
    text = Reader(page(sample(unverified_share=0.7))).text()
    assert "about even (70 % unverified)" in text
    assert "46 %" not in text
    assert " pts" not in text


def test_not_cleared_is_said_in_words(plain):
    """A leg that is not cleared carries the words on the map and in the table."""
    routes = [f["properties"] for f in embedded(plain)["routes"]["features"]]
    closed = [route for route in routes if route["state"] == "not-cleared"]
    assert closed
    assert all("NOT CLEARED - DO NOT FLY" in route["says"] for route in closed)


@pytest.mark.parametrize(
    ("cleared", "mark", "state", "words"),
    [
        (True, "", "cleared", "cleared"),
        (False, "", "not-cleared", "NOT CLEARED - DO NOT FLY"),
        (True, "NOT CLEARED - DO NOT FLY", "not-cleared", "NOT CLEARED - DO NOT FLY"),  # the mark wins
        (True, "WHAT-IF", "what-if", "WHAT-IF"),  # a supposed grant is never drawn as granted
        (False, "WHAT-IF", "what-if", "WHAT-IF"),
    ],
)
def test_leg_states(cleared, mark, state, words):
    """Only a leg that is cleared and unmarked is drawn as cleared."""
    made = replace(leg("fly", "Northfield", ("X",), cleared=cleared), mark=mark)
    assert (leg_state(made), leg_words(made)) == (state, words)


def test_map_shows_all_layers(plain):
    """Borders, graticule, areas, evidence with weights, bases and the site are on the map, with shading."""
    drawn = embedded(plain)
    assert drawn["shade"]["url"].startswith("data:image/png;base64,")
    assert {"AT", "CH", "IT"} <= {f["properties"]["code"] for f in drawn["borders"]["features"]}
    assert len(drawn["graticule"]["features"]) > 5
    assert sorted({f["properties"]["share"] for f in drawn["areas"]["features"]}) == [0.5, 0.9]
    texts = {label["text"] for label in drawn["labels"]}
    assert {"phone 45 %", "villager 25 %?", "Northfield", "site assumed for ways"} <= texts


def test_invented_map_has_no_shading_and_its_own_borders():
    """On an invented map the real relief would mislead: only the case's own borders are drawn."""
    square = tuple((SITE[0] + x, SITE[1] + y) for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1)))
    drawn = scene(sample(borders=(Border("XA", "Upper Bank", (square,)),), borders_only=True))
    assert drawn["shade"] is None
    assert [f["properties"]["code"] for f in drawn["borders"]["features"]] == ["XA"]
    assert "Upper Bank" in {label["text"] for label in drawn["labels"]}


def test_antimeridian_makes_no_jump():
    """Near the antimeridian every line stays within half a turn of the site."""
    answer = sample()
    site = (179.9, 51.0)
    crossing = replace(leg("fly", "", ("X",), cleared=False), path=((-178.0, 52.0), (179.0, 51.5), site))
    moved = replace(
        answer,
        where=replace(answer.where, site=site, containment=(), sources=()),
        ways=(way("a", "a", "clearance", needs=("X",), missing=("X",), legs=(crossing,)),),
    )
    line = scene(moved)["routes"]["features"][0]["geometry"]["coordinates"]
    assert line[0][0] == pytest.approx(182.0)
    assert max(abs(a[0] - b[0]) for a, b in itertools.pairwise(line)) < 3.0


def test_same_answer_same_bytes(plain):
    """The page depends on the answer alone."""
    assert page(sample()) == plain


def test_empty_answer():
    """An answer without ways, clearances, delay, events and sources still makes a page."""
    where = replace(sample().where, containment=(), sources=())
    bare = sample(ways=(), clearances=(), delay=(), timeline=(), sources=(), where=where, goals=(), persons=())
    text = Reader(page(bare)).text()
    assert "No way in the case." in text
    assert "silence costs nothing here" in text


def test_curve_of_every_worthy_clearance(plain):
    """Each clearance worth half a point has its line, named; one that is worth less has none."""
    chart = plain.split('id="silence"')[1].split("</section>")[0]
    assert chart.count('stroke-width="2"') == 5
    assert "XA-REQUEST<" in chart
    assert "XA-LAND-XB" not in chart


def test_sampled_shapley_carries_its_error():
    """A worth that was sampled is printed with its error."""
    gate = clearance(("XA-REQUEST", "request", "XA", "XB", "needed", 0.05, 0.12, 0.10, 3.0))
    rough = replace(gate, value=replace(gate.value, shapley_error=0.012))
    assert "+10 pts ±1<" in page(sample(clearances=(rough,)))
