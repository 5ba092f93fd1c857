"""GPX, KML and GeoJSON of a plan: what is written reads back, and what is not cleared is never a line to fly."""

import json
from dataclasses import replace
from functools import cache

import jsonschema
import pytest
from lxml import etree
from tests.search.crews import crew, grid_at, on_foot, plan_of, sector_on, shipped

from safeconduct.earth.geodesy import distance_m
from safeconduct.formats.geojson import geojson
from safeconduct.formats.gpx import gpx
from safeconduct.formats.kml import kml
from safeconduct.formats.tracks import read_tracks
from safeconduct.search.assignments import assignments
from safeconduct.search.disclosure import coarse

G = "{http://www.topografix.com/GPX/1/1}"
K = "{http://www.opengis.net/kml/2.2}"
PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)

PLACE = {
    "type": "array",
    "prefixItems": [
        {"type": "number", "minimum": -180, "maximum": 180},
        {"type": "number", "minimum": -90, "maximum": 90},
    ],
    "minItems": 2,
    "maxItems": 2,
}
LINE = {"type": "array", "items": PLACE, "minItems": 2}
RINGS = {"type": "array", "items": {"type": "array", "items": PLACE, "minItems": 4}, "minItems": 1}


def geometry(name, shape):
    return {"properties": {"type": {"const": name}, "coordinates": shape}, "required": ["type", "coordinates"]}


RFC_7946 = {
    "type": "object",
    "required": ["type", "features"],
    "properties": {
        "type": {"const": "FeatureCollection"},
        "features": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["type", "properties", "geometry"],
                "properties": {
                    "type": {"const": "Feature"},
                    "properties": {"type": "object"},
                    "geometry": {
                        "oneOf": [
                            geometry("Point", PLACE),
                            geometry("LineString", LINE),
                            geometry("MultiLineString", {"type": "array", "items": LINE}),
                            geometry("Polygon", RINGS),
                            geometry("MultiPolygon", {"type": "array", "items": RINGS}),
                        ]
                    },
                },
            },
        },
    },
}
"""The parts of RFC 7946 that we write, as a schema of our own."""


BARRED = crew(id="guest", provider="XA", cleared=False, missing=("IR-ENTRY",), mark="NOT CLEARED - DO NOT FLY")


@cache
def mixed(**given):
    """A cleared helicopter, eight teams, and a guest that is not cleared."""
    grid = grid_at()
    return plan_of(
        (crew(), sector_on(grid, -6.0, -4.0, 6.0, 8.0)),
        (on_foot(), sector_on(grid, 2.0, 2.0, 2.0, 1.0, id="S2", hours=8.0)),
        (BARRED, sector_on(grid, 5.0, -4.0, 6.0, 4.0, id="S3")),
        grid=grid,
        **given,
    )


def crews(planned):
    made = assignments(planned)
    return {each.resource.id: [a for a in made if a.resource.id == each.resource.id] for each in made}


def features(planned):
    return json.loads(geojson(planned, assignments(planned)))["features"]


def marks(planned):
    return etree.fromstring(kml(planned, assignments(planned)), PARSER).iter(f"{K}Placemark")


def test_gpx_reads_back_as_the_tracks_that_were_planned(tmp_path):
    """By our own reader, to a centimetre."""
    own = crews(mixed())["teams"]
    path = tmp_path / "teams.gpx"
    path.write_bytes(gpx(mixed(), own))
    tracks = read_tracks(path, near=(46.65, 38.72), start=None, end=None)
    assert len(tracks) == 8
    for track, task in zip(tracks, own[0].tasks, strict=True):
        for lon, lat, place in zip(track.lon_deg, track.lat_deg, task.track, strict=True):
            assert distance_m((float(lon), float(lat)), place) < 0.02


def test_gpx_keeps_the_order_of_its_schema():
    """GPX 1.1: metadata, way points, routes, tracks; each with its name first."""
    root = etree.fromstring(gpx(mixed(), crews(mixed())["heli"]), PARSER)
    tags = [child.tag.removeprefix(G) for child in root]
    assert tags == sorted(tags, key=["metadata", "wpt", "rte", "trk"].index)
    assert root.get("version") == "1.1"
    assert root.get("creator")
    for part in root.iter(f"{G}rte", f"{G}trk"):
        assert [child.tag.removeprefix(G) for child in part][:2] == ["name", "desc"]
    for point in root.iter(f"{G}rtept"):
        assert abs(float(point.get("lat"))) <= 90.0


def test_gpx_of_who_is_not_cleared_holds_no_track():
    """Not a way point."""
    root = etree.fromstring(gpx(mixed(), crews(mixed())["guest"]), PARSER)
    assert [child.tag for child in root] == [f"{G}metadata"]


def test_gpx_of_a_what_if_holds_no_track():
    """Even of a crew that is cleared, and the file says what it is."""
    supposed = mixed(what_if=("IR-ENTRY granted",))
    root = etree.fromstring(gpx(supposed, crews(supposed)["heli"]), PARSER)
    assert [child.tag for child in root] == [f"{G}metadata"]
    assert "WHAT-IF" in root.findtext(f"{G}metadata/{G}name")


def test_an_exercise_writes_every_track_and_names_it():
    """With the mark of what is not cleared."""
    exercise = mixed(case=replace(shipped().case, kind="exercise"))
    root = etree.fromstring(gpx(exercise, crews(exercise)["guest"]), PARSER)
    names = [each.text for each in root.iter(f"{G}name") if each.getparent().tag == f"{G}trk"]
    assert names
    assert all(name.startswith("EXERCISE; NOT CLEARED - DO NOT FLY: ") for name in names)


def test_geojson_follows_its_standard():
    """The schema; rings closed."""
    document = json.loads(geojson(mixed(), assignments(mixed())))
    jsonschema.validate(document, RFC_7946)
    for each in document["features"]:
        if each["geometry"]["type"] == "Polygon":
            assert all(ring[0] == ring[-1] for ring in each["geometry"]["coordinates"])


def test_geojson_reads_back_as_the_tracks_that_were_planned():
    """Corner by corner, to a centimetre."""
    (task,) = crews(mixed())["heli"][0].tasks
    (drawn,) = [
        f for f in features(mixed()) if f["properties"]["group"] == "tracks" and f["properties"]["sector"] == "S1"
    ]
    for place, (lon, lat) in zip(task.track, drawn["geometry"]["coordinates"], strict=True):
        assert distance_m(place, (lon, lat)) < 0.02


def test_kml_reads_back_as_the_tracks_that_were_planned():
    """The line of the helicopter."""
    (task,) = crews(mixed())["heli"][0].tasks
    (drawn,) = [m for m in marks(mixed()) if m.findtext(f"{K}name") == "S1 track"]
    said = [tuple(map(float, c.split(","))) for c in drawn.findtext(f"{K}LineString/{K}coordinates").split()]
    for place, each in zip(task.track, said, strict=True):
        assert distance_m(place, each) < 0.02


def test_kml_keeps_the_order_of_its_schema():
    """OGC 07-147r2: name, description, TimeSpan, styleUrl, ExtendedData, then the shape."""
    order = ["name", "description", "TimeSpan", "styleUrl", "ExtendedData"]
    shapes = {"Point", "LineString", "Polygon", "MultiGeometry"}
    for mark in marks(mixed()):
        tags = [child.tag.removeprefix(K) for child in mark]
        assert tags[-1] in shapes
        assert tags[:-1] == [tag for tag in order if tag in tags]


def test_what_is_not_cleared_is_broken_and_named_everywhere():
    """No line, no area, no track: dashes, and the words before the name."""
    own = [
        f for f in features(mixed()) if f["properties"].get("sector") == "S3" and f["properties"]["group"] != "bases"
    ]
    assert {f["properties"]["group"] for f in own} == {"sectors", "transit"}
    for each in own:
        assert each["geometry"]["type"] == "MultiLineString"
        assert each["properties"]["name"].startswith("NOT CLEARED - DO NOT FLY: ")
        assert each["properties"]["broken"] is True
    drawn = [m for m in marks(mixed()) if "NOT CLEARED" in m.findtext(f"{K}name")]
    assert len(drawn) == 2
    assert all(m.find(f"{K}MultiGeometry") is not None for m in drawn)
    assert not [m for m in drawn if next(m.iter(f"{K}Polygon"), None) is not None]


def test_a_what_if_marks_every_name():
    """On sectors, bases, reports, areas."""
    supposed = mixed(what_if=("IR-ENTRY granted",))
    assert all("WHAT-IF" in f["properties"]["name"] for f in features(supposed))
    assert all("WHAT-IF" in m.findtext(f"{K}name") for m in marks(supposed))


def test_places_carry_their_disclosure():
    """Every feature says how exactly it may be told; the base of a guest not accepted is coarse."""
    made = features(mixed())
    assert all(f["properties"]["disclosure"] for f in made)
    bases = {
        f["properties"]["sector"]: f["geometry"]["coordinates"] for f in made if f["properties"]["group"] == "bases"
    }
    assert bases["S1"] == pytest.approx(list(crew().base))
    assert bases["S3"] == pytest.approx(list(coarse(crew().base)), abs=1e-6)


def test_sectors_across_the_antimeridian_are_cut():
    """Two parts, each on its side, in both formats."""
    grid = grid_at(180.0, 10.0)
    planned = plan_of((crew(base=None), sector_on(grid, -6.0, -4.0, 12.0, 8.0)), grid=grid)
    (sector,) = [f for f in features(planned) if f["properties"]["group"] == "sectors"]
    assert sector["geometry"]["type"] == "MultiPolygon"
    jsonschema.validate(json.loads(geojson(planned, assignments(planned))), RFC_7946)
    (drawn,) = [m for m in marks(planned) if m.findtext(f"{K}name").startswith("S1 Helicopter")]
    assert len(list(drawn.iter(f"{K}Polygon"))) == 2


def test_words_of_a_case_are_text():
    """Markup and forbidden characters in a name do no harm."""
    grid = grid_at()
    planned = plan_of((crew(name='<a href="x">&\x00'), sector_on(grid, -6.0, -4.0, 6.0, 8.0)), grid=grid)
    names = [m.findtext(f"{K}name") for m in marks(planned)]
    assert 'S1 <a href="x">&\ufffd' in names
    assert etree.fromstring(gpx(planned, assignments(planned)), PARSER) is not None
