from __future__ import annotations

from pathlib import Path

import pytest
from tests.formats.example import CATALOGUE, EXAMPLE, changed, read

from safeconduct.formats.casefile import read_case_file
from safeconduct.model.errors import InvalidInput, OutOfScope, Unavailable

BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n"

GRANTS = "      - {status: granted, at: 2031-03-04T19:50Z, until: 2031-03-04T22:00Z}\n"
ASKED = "      - {status: asked, at: 2031-03-04T19:35Z}\n"
RING = "[[[-36.0, 44.0], [-34.0, 44.0], [-34.0, 45.2], [-36.0, 45.2]]]"
PERSONS = "{id: crew, count: 3, injury: injured, exposure: dry, survival: injured-crash}"

# name: (text, beginning of the line, path, part of the message, part of what was expected, part of what came)
FAULTS: dict[str, tuple[str | bytes, str, str, str, str, str]] = {
    "missing key": (
        changed("host: XB\n", ""),
        "format: 1",
        "",
        "'host' is missing",
        "'host'",
        "a mapping with format, id",
    ),
    "missing in a record": (
        changed("count: 3, ", ""),
        "- {id: crew, injury: injured",
        "persons[0]",
        "'count' is missing",
        "'count'",
        "id, injury",
    ),
    "wrong type": (
        changed("count: 3", "count: three"),
        "- {id: crew, count: three, i",
        "persons[0].count",
        "wrong kind",
        "whole number",
        "'three'",
    ),
    "a number as text": (
        changed("count: 3", 'count: "3"'),
        '- {id: crew, count: "3", inj',
        "persons[0].count",
        "wrong kind",
        "whole",
        "'3'",
    ),
    "a truth as number": (
        changed("count: 3", "count: true"),
        "- {id: crew, count: true, in",
        "persons[0].count",
        "wrong kind",
        "whole",
        "true",
    ),
    "a list for a mapping": (
        changed("incident:\n", "incident: []\nincident2:\n"),
        "incident: []",
        "incident",
        "wrong kind",
        "a mapping",
        "a list of 0",
    ),
    "count of nobody": (
        changed("count: 3", "count: 0"),
        "- {id: crew, count: 0, injur",
        "persons[0].count",
        "out of range",
        "from 1",
        "0",
    ),
    "impossible date": (
        changed("assess_at: 2031-03-04", "assess_at: 2031-02-30"),
        "assess_at: 2031-02-30T19:40Z",
        "assess_at",
        "not an instant",
        "2024-05-19T17:00Z",
        "2031-02-30",
    ),
    "time without zone": (
        changed("assess_at: 2031-03-04T19:40Z", "assess_at: 2031-03-04T19:40"),
        "assess_at: 2031-03-04T19:40",
        "assess_at",
        "without a zone",
        "+03:30",
        "19:40",
    ),
    "an instant as number": (
        changed("2031-03-04T19:40Z", "2031"),
        "assess_at: 2031",
        "assess_at",
        "not an instant",
        "with zone",
        "2031",
    ),
    "an instant before flight": (
        changed("2031-03-04T19:40Z", "0031-03-04T19:40Z"),
        "assess_at: 0031-03-04T19:40Z",
        "assess_at",
        "out of range",
        "1900",
        "0031",
    ),
    "latitude 98": (
        changed("position: [-35.0, 45.4]", "position: [-35.0, 98]"),
        "- {id: bank, name: North ban",
        "bases[0].position",
        "not a latitude",
        "[-90, 90]",
        "98",
    ),
    "longitude 200": (
        changed("points: [[-35.0, 45.0]]", "points: [[200, 45.0]]"),
        "place: {kind: point, points:",
        "evidence[0].place.points[0]",
        "not a longitude",
        "[-180, 180]",
        "200",
    ),
    "one coordinate": (
        changed("position: [-35.0, 45.4]", "position: [-35.0]"),
        "- {id: bank, name: North ban",
        "bases[0].position",
        "not a position",
        "latitude",
        "a list of 1",
    ),
    "unknown base": (
        changed("base: bank", "base: banks"),
        "base: banks",
        "assets[0].base",
        "unknown base",
        "perhaps 'bank'",
        "'banks'",
    ),
    "unknown party": (
        changed("    provider: XA\n    base", "    provider: XD\n    base"),
        "provider: XD",
        "assets[0].provider",
        "unknown party",
        "XB, XA",
        "'XD'",
    ),
    "unknown office": (
        changed("office: duty", "office: minister"),
        "office: minister",
        "clearances[0].office",
        "unknown office",
        "duty",
        "'minister'",
    ),
    "unknown rule": (
        changed("    lead_time_h", "    basis: [INT-01, INT-99]\n    lead_time_h"),
        "basis: [INT-01, INT-99]",
        "clearances[0].basis[1]",
        "unknown rule",
        "INT-01",
        "'INT-99'",
    ),
    "unknown asset": (
        changed("    lead_time_h", "    assets: [xa-resuce]\n    lead_time_h"),
        "assets: [xa-resuce]",
        "clearances[0].assets[0]",
        "unknown asset",
        "perhaps 'xa-rescue'",
        "xa-resuce",
    ),
    "unknown source": (
        changed("    armed: false\n", "    armed: false\n    sources: [S9]\n    grade: A\n"),
        "sources: [S9]",
        "assets[0].sources[0]",
        "unknown source",
        "none declared",
        "'S9'",
    ),
    "unknown type": (
        changed("type: h145-d3", "type: h145"),
        "type: h145",
        "assets[0].type",
        "unknown asset type",
        "perhaps 'h145-d3'",
        "'h145'",
    ),
    "unknown survival model": (
        changed("survival: injured-crash", "survival: injured"),
        "- {id: crew, count: 3, injur",
        "persons[0].survival",
        "unknown survival",
        "injured-crash",
        "'injured'",
    ),
    "unknown place of weather": (
        changed("place: site", "place: sight"),
        "- {id: clear, place: sight, ",
        "weather[0].place",
        "unknown place",
        "perhaps 'site'",
        "'sight'",
    ),
    "unknown evidence": (
        changed("    credibility: 1\n", "    credibility: 1\n    contradicts: [x]\n"),
        "contradicts: [x]",
        "evidence[0].contradicts[0]",
        "unknown evidence",
        "beacon",
        "'x'",
    ),
    "self-intersecting ring": (
        changed(RING, "[[[-36.0, 44.0], [-34.0, 45.2], [-34.0, 44.0], [-36.0, 45.2]]]"),
        "airspace: [[[-36.0, 44.0], [",
        "parties[0].airspace[0]",
        "meets itself",
        "common corners",
        "edges from corners 0 and 2",
    ),
    "ring of two corners": (
        changed(RING, "[[[-36.0, 44.0], [-34.0, 44.0]]]"),
        "airspace: [[[-36.0, 44.0], [",
        "parties[0].airspace[0]",
        "too few",
        "at least 3",
        "a list of 2",
    ),
    "empty file": ("", "", "", "empty", "a YAML mapping", "nothing"),
    "only comments": ("# nothing\n\n", "# nothing", "", "empty", "a YAML mapping", "only comments"),
    "only null": ("null\n", "null", "", "empty", "a YAML mapping", "nothing"),
    "a list": ("- a\n- b\n", "- a", "", "wrong kind", "a mapping with format", "a list of 2"),
    "binary": (b"\x7fELF\x02\x01\x00\x00", "\x7fELF\x02\x01\x00\x00", "", "not a text file", "UTF-8", "a zero byte"),
    "not UTF-8": (EXAMPLE.encode() + b"# \xff\n", "# �", "", "not a text file", "UTF-8", "byte 0xff"),
    "a control character": (
        changed("title: Crew", "title: Cr\x07w"),
        "title: Cr\x07w on the river ban",
        "",
        "not a text file",
        "printable",
        "U+0007",
    ),
    "a lone surrogate": (
        changed("title: Crew", "title: Cr\ud800w"),
        "title: Cr\ud800w on the river ban",
        "",
        "not a text file",
        "Unicode",
        "U+D800",
    ),
    "alias bomb": (BOMB, "a: &a [x, x]", "a", "an anchor", "no anchors", "&a"),
    "alias alone": (
        changed("title: Crew on the river bank", "title: *x"),
        "title: *x",
        "title",
        "an alias",
        "itself",
        "*x",
    ),
    "tag": (
        changed("title: Crew", "title: !!python/object:os.system Crew"),
        "title: !!python/object:os.sy",
        "title",
        "a tag",
        "plain",
        "python",
    ),
    "two documents": (EXAMPLE + "---\na: 1\n", "---", "", "several documents", "one document", "second"),
    "not YAML": (changed("title: Crew", "title: [Crew"), "kind: exercise", "", "not YAML", "valid YAML", "kind"),
    "too deep": (
        "a: " + "[" * 60 + "]" * 60,
        "a: [[[[[[[[[[[[[[[[[[[[[[[[[",
        "a" + "[0]" * 39,
        "nested too deep",
        "40 levels",
        "more",
    ),
    "key twice": (
        changed("kind: exercise\n", "kind: exercise\nkind: real\n"),
        "kind: real",
        "kind",
        "same key twice",
        "once",
        "line 4",
    ),
    "key that is a number": (changed("host: XB\n", "host: XB\n7: x\n"), "7: x", "", "not text", "a word", "'7'"),
    "unknown key": (
        changed("count: 3", "cuont: 3"),
        "- {id: crew, cuont: 3, injur",
        "persons[0].cuont",
        "unknown key",
        "perhaps 'count'",
        "'cuont'",
    ),
    "unknown key at the top": (
        changed("assess_at:", "asses_at:"),
        "asses_at: 2031-03-04T19:40Z",
        "asses_at",
        "unknown key",
        "perhaps 'assess_at'",
        "'asses_at'",
    ),
    "granted and refused": (
        EXAMPLE
        + "      - {status: granted, at: 2031-03-04T19:50Z}\n      - {status: refused, at: 2031-03-04T19:50Z}\n",
        "- {status: refused, at: 2031",
        "clearances[0].events[2]",
        "contradictory grants",
        "one answer",
        "granted and refused",
    ),
    "granted twice": (
        EXAMPLE + GRANTS + "      - {status: granted, at: 2031-03-04T20:00Z, until: 2031-03-05T22:00Z}\n",
        "- {status: granted, at: 2031",
        "clearances[0].events[2]",
        "contradictory grants",
        "one grant at a time",
        "differ in validity",
    ),
    "the same clearance twice": (
        EXAMPLE + "  - {id: AGAIN, kind: entry, authority: XB, office: duty, provider: XA}\n",
        "- {id: AGAIN, kind: entry, a",
        "clearances[1]",
        "same clearance twice",
        "one record",
        "'XB-ENTRY-XA'",
    ),
    "events out of order": (
        EXAMPLE + "      - {status: acknowledged, at: 2031-03-04T19:30Z}\n",
        "- {status: acknowledged, at:",
        "clearances[0].events[1]",
        "out of order",
        "in the order",
        "19:30",
    ),
    "revoked ungranted": (
        EXAMPLE + "      - {status: revoked, at: 2031-03-04T19:50Z}\n",
        "- {status: revoked, at: 2031",
        "clearances[0].events[1]",
        "before it was granted",
        "a grant",
        "revoked",
    ),
    "validity of a request": (
        EXAMPLE.replace(ASKED, ASKED.replace("}", ", until: 2031-03-05T19:35Z}")),
        "- {status: asked, at: 2031-0",
        "clearances[0].events[0]",
        "a validity on",
        "grant only",
        "",
    ),
    "validity that ends first": (
        EXAMPLE + "      - {status: granted, at: 2031-03-04T19:50Z, until: 2031-03-04T19:50Z}\n",
        "- {status: granted, at: 2031",
        "clearances[0].events[1].until",
        "ends before",
        "after the grant",
        "19:50",
    ),
    "known before it happened": (
        EXAMPLE.replace(ASKED, ASKED.replace("}", ", known_at: 2031-03-04T19:34Z}")),
        "- {status: asked, at: 2031-0",
        "clearances[0].events[0].known_at",
        "known before",
        "at or after",
        "19:34",
    ),
    "not a number": (
        changed("[-35.0, 45.4]", "[-35.0, .nan]"),
        "- {id: bank, name: North ban",
        "bases[0].position[1]",
        "not a finite number",
        "finite",
        ".nan",
    ),
    "infinite": (
        changed("visibility_m: 10000", "visibility_m: -.INF"),
        "- {id: clear, place: site, f",
        "weather[0].visibility_m",
        "not a finite",
        "finite",
        "-.INF",
    ),
    "too large for a double": (
        changed("visibility_m: 10000", "visibility_m: 1e400"),
        "- {id: clear, place: site, f",
        "weather[0].visibility_m",
        "out of range",
        "finite",
        "1e400",
    ),
    "endless digits": (
        changed("count: 3", "count: " + "9" * 5000),
        "- {id: crew, count: 99999999",
        "persons[0].count",
        "out of range",
        "18 digits",
        "999",
    ),
    "quantiles out of order": (
        changed("p10: 0.2,", "p10: 0.6,"),
        "lead_time_h: {p10: 0.6, p50:",
        "clearances[0].lead_time_h",
        "out of order",
        "p10 <= p50",
        "0.6, 0.5, 2",
    ),
    "a quantile missing": (
        changed("p10: 0.2, ", ""),
        "lead_time_h: {p50: 0.5, p90:",
        "clearances[0].lead_time_h",
        "missing",
        "p10, p50 and p90",
        "p50",
    ),
    "negative hours": (
        changed("p10: 0.2,", "p10: -0.2,"),
        "lead_time_h: {p10: -0.2, p50",
        "clearances[0].lead_time_h.p10",
        "out of range",
        "at least 0",
        "-0.2",
    ),
    "one number and quantiles": (
        changed("{p10: 0.2,", "{one: 1, p10: 0.2,"),
        "lead_time_h: {one: 1, p10: 0",
        "clearances[0].lead_time_h",
        "both",
        "either",
        "one",
    ),
    "a chance over 1": (
        changed("    effects:", "    detect_once: {p10: 0.2, p50: 0.5, p90: 1.2}\n    effects:"),
        "detect_once: {p10: 0.2, p50:",
        "assets[0].detect_once.p90",
        "out of range",
        "at most 1",
        "1.2",
    ),
    "survival that rises": (
        changed("survival: injured-crash", "survival: {points: [[0, 0.5], [1, 0.6]], scale: linear, domain_h: 2}"),
        "- {id: crew, count: 3, injur",
        "persons[0].survival.points",
        "survival rises",
        "never rise",
        "0.6 after 0.5",
    ),
    "survival from later": (
        changed("survival: injured-crash", "survival: {points: [[1, 0.5]], scale: linear, domain_h: 2}"),
        "- {id: crew, count: 3, injur",
        "persons[0].survival.points",
        "begin at the incident",
        "0 hours",
        "1 hours",
    ),
    "logarithm of nothing": (
        changed("survival: injured-crash", "survival: {points: [[0, 1], [1, 0]], scale: log, domain_h: 2}"),
        "- {id: crew, count: 3, injur",
        "persons[0].survival.points",
        "no logarithm",
        "linear",
        "0",
    ),
    "code in small letters": (
        changed("host: XB", "host: xb"),
        "host: xb",
        "host",
        "not the code",
        "two capital",
        "'xb'",
    ),
    "a word not known": (
        changed("kind: exercise", "kind: excercise"),
        "kind: excercise",
        "kind",
        "not one of",
        "exercise",
        "'excercise'",
    ),
    "same id twice": (
        changed(PERSONS, PERSONS + "\n  - " + PERSONS),
        "- {id: crew, count: 3, injur",
        "persons[1].id",
        "same id twice",
        "once",
        "also on line",
    ),
    "nobody says where": (
        changed("    place: {kind: point, points: [[-35.0, 45.0]], sigma_km: 0.3}\n", ""),
        "evidence:",
        "evidence",
        "nothing says where",
        "with a place",
        "no place",
    ),
    "point without sigma": (
        changed(", sigma_km: 0.3", ""),
        "place: {kind: point, points:",
        "evidence[0].place",
        "'sigma_km' is missing",
        "sigma_km for a point",
        "points",
    ),
    "weather that ends first": (
        changed("until: 2031-03-05T18:00Z", "until: 2031-03-04T18:00Z"),
        "- {id: clear, place: site, f",
        "weather[0].until",
        "ends before",
        "after 'from'",
        "18:00",
    ),
    "no origin": (
        changed("default_cite: {grade: given}\n", ""),
        "incident:",
        "incident",
        "no origin",
        "default_cite",
        "at, emergency",
    ),
    "grade without sources": (
        changed("default_cite: {grade: given}", "default_cite: {grade: A}"),
        "default_cite: {grade: A}",
        "default_cite",
        "without sources",
        "grade A",
        "none",
    ),
    "world without a host's air": (
        changed(f"    airspace: {RING}\n", ""),
        "own_borders_only: true",
        "own_borders_only",
        "no airspace",
        "host party",
        "XB",
    ),
    "on scene before take-off": (
        changed(
            "    effects:",
            "    records:\n"
            "      - {event: on-scene, at: 2031-03-04T20:00Z}\n"
            "      - {event: take-off, at: 2031-03-04T20:30Z}\n"
            "    effects:",
        ),
        "- {event: on-scene, at: 2031",
        "assets[0].records[0]",
        "before it took off",
        "take-off before",
        "on-scene",
    ),
    "another format": (changed("format: 1", "format: 2"), "format: 2", "format", "out of range", "from 1 to 1", "2"),
}

SCOPE: dict[str, tuple[str, str, str]] = {
    "armed asset": (changed("armed: false", "armed: true"), "armed: true", "assets[0].armed"),
    "combatants": (
        changed("count: 3", "count: 3, combatants: true"),
        "- {id: crew, count: 3, comba",
        "persons[0].combatants",
    ),
    "radar": (changed("weather:\n", "radar: []\nweather:\n"), "radar: []", "radar"),
    "air defence": (
        changed("    name: Upper River\n", "    name: Upper River\n    air-defence: []\n"),
        "air-defence: []",
        "parties[1].air-defence",
    ),
    "jamming": (changed("    armed: false\n", "    armed: false\n    jamming: 1\n"), "jamming: 1", "assets[0].jamming"),
}


def place(text: str | bytes, where: str, begins: str, path: str) -> str:
    """The place *where* should name: a line that begins so, and the path."""
    shown = text if isinstance(text, str) else text.decode("utf-8", "replace")
    number = int(where.split(":")[1].split(maxsplit=1)[0])
    assert [*shown.split("\n"), ""][number - 1].strip().startswith(begins)
    return f"case.yaml:{number} {path}".rstrip()


@pytest.mark.parametrize("name", FAULTS)
def test_a_broken_file_gets_one_placed_error(name: str) -> None:
    """Each way to break a file gives one error with its line, its path, what was expected and what came."""
    text, line, path, message, expected, got = FAULTS[name]
    with pytest.raises(InvalidInput) as caught:
        read(text)
    error = caught.value
    assert error.where == place(text, error.where, line, path)
    assert message in error.message
    assert expected in error.expected
    assert got in error.got
    assert not isinstance(error, OutOfScope)


@pytest.mark.parametrize("name", SCOPE)
def test_what_is_out_of_scope_is_refused_as_such(name: str) -> None:
    """What this software does not do is refused with its place and the reason, not as a slip of the pen."""
    text, line, path = SCOPE[name]
    with pytest.raises(OutOfScope) as caught:
        read(text)
    assert caught.value.where == place(text, caught.value.where, line, path)
    assert caught.value.expected


def test_the_first_error_in_the_file_is_told() -> None:
    """Of several faults of form the one that stands first is told, whatever is read first."""
    text = (
        EXAMPLE.replace("effects: [find", "effects: [fnid").replace("count: 3", "count: -3").replace("19:00Z", "19:00")
    )
    with pytest.raises(InvalidInput, match=r"incident\.at"):
        read(text)


def test_a_large_file_is_refused_unread(tmp_path: Path) -> None:
    """A file of 50 MB is refused by its size, with the limit; its content is not looked at."""
    path = tmp_path / "large.yaml"
    with path.open("wb") as stream:
        stream.truncate(50_000_000)
    with pytest.raises(InvalidInput, match="too large") as caught:
        read_case_file(path, CATALOGUE)
    assert (caught.value.expected, caught.value.got) == ("at most 5 MB", "50.0 MB")


def test_a_large_text_is_refused() -> None:
    """The limit holds for text that comes from elsewhere than a file."""
    with pytest.raises(InvalidInput, match="too large"):
        read("#" * 5_000_001)


@pytest.mark.parametrize(
    ("name", "says"), [("none.yaml", "no such file"), (".", "not a file"), ("a\0b", "no such file")]
)
def test_a_path_without_a_file_is_bad_input(tmp_path: Path, name: str, says: str) -> None:
    """A path that leads to no file is the caller's to correct."""
    with pytest.raises(InvalidInput, match=says):
        read_case_file(tmp_path / name, CATALOGUE)


def test_a_file_that_cannot_be_opened_is_unavailable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that the system will not open is a fault of the surroundings."""
    path = tmp_path / "case.yaml"
    path.write_text(EXAMPLE, encoding="utf-8")

    def denied(*_args: object, **_kwargs: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    with pytest.raises(Unavailable, match="Permission denied"):
        read_case_file(path, CATALOGUE)
