"""Reading tracks: what is incomplete becomes a warning, what cannot be right one clear error."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.formats.tracks import read_tracks
from safeconduct.model.errors import InvalidInput, SafeConductError
from safeconduct.model.instants import instant, iso

NEAR = (46.65, 38.72)
START, END = instant("2024-05-19T18:00Z"), instant("2024-05-19T20:00Z")
OF_IT = {"near": NEAR, "start": START, "end": END}


def points(count=13, *, first="2024-05-19T18:30Z", step_s=60, lon=46.6, lat=38.7, step_deg=0.005):
    """A walk to the east: longitude, latitude, time."""
    began = instant(first)
    return [(lon + k * step_deg, lat, iso(began + timedelta(seconds=k * step_s))) for k in range(count)]


def gpx(path, *segments, point="trkpt", extra=""):
    """A GPX file of one track."""
    wrap = ("<rte>", "</rte>") if point == "rtept" else ("<trkseg>", "</trkseg>")
    body = "".join(
        wrap[0]
        + "".join(
            f'<{point} lat="{lat}" lon="{lon}">{extra}' + (f"<time>{at}</time>" if at else "") + f"</{point}>"
            for lon, lat, at in segment
        )
        + wrap[1]
        for segment in segments
    )
    inner = body if point == "rtept" else f"<trk><name>walk</name>{body}</trk>"
    path.write_text(f'<?xml version="1.0"?><gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1">{inner}</gpx>')
    return path


def table(path, rows, header="time,lon,lat,ele"):
    """A CSV file."""
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def test_a_gpx_track_is_read(tmp_path):
    """Places, times and heights of one track, without a warning."""
    (track,) = read_tracks(gpx(tmp_path / "a.gpx", points(), extra="<ele>1500</ele>"), **OF_IT)
    assert track.id == "walk"
    assert track.lon_deg[:2] == pytest.approx([46.6, 46.605])
    assert track.at[0] == instant("2024-05-19T18:30Z")
    assert set(track.height_m) == {1500.0}
    assert track.length_km == pytest.approx(5.22, abs=0.02)
    assert (track.warnings, track.gap.any()) == ((), False)


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("time,lon,lat,ele", "{at},{lon},{lat},1500"),
        ("Latitude;Longitude;Timestamp", "{lat};{lon};{at}"),
        ("utc\tx\ty\taltitude_m", "{at}\t{lon}\t{lat}\t1500"),
    ],
)
def test_csv_tracks_are_read(tmp_path, header, row):
    """Commas, semicolons, tabs; columns in any order under their usual names."""
    rows = [row.format(lon=lon, lat=lat, at=at) for lon, lat, at in points()]
    (track,) = read_tracks(table(tmp_path / "a.csv", rows, header), **OF_IT)
    assert track.lon_deg[-1] == pytest.approx(46.66)
    assert track.at is not None
    assert track.warnings == ()


def test_decimal_commas_are_read_between_semicolons(tmp_path):
    """A table written where the comma is the decimal sign."""
    rows = [f"{lon};{lat}".replace(".", ",") for lon, lat, _ in points()]
    (track,) = read_tracks(table(tmp_path / "a.csv", rows, "lon;lat"))
    assert track.lat_deg[0] == 38.7
    assert any("no times" in warning for warning in track.warnings)


def test_gaps_are_warned_of_and_do_not_count(tmp_path):
    """Twenty minutes and several kilometres without a fix: told, and no part of the length."""
    before, after = points(5), points(5, first="2024-05-19T18:55Z", lon=46.7)
    (track,) = read_tracks(gpx(tmp_path / "a.gpx", before + after), **OF_IT)
    assert track.gap.tolist() == [False] * 4 + [True] + [False] * 4
    assert any("1 gaps (7." in warning for warning in track.warnings)


def test_segments_are_not_joined(tmp_path):
    """Between two segments nobody says which way was taken."""
    (track,) = read_tracks(gpx(tmp_path / "a.gpx", points(5), points(5, first="2024-05-19T18:36Z")), **OF_IT)
    assert track.gap.sum() == 1


def test_lost_fixes_and_repeats_are_left_out(tmp_path):
    """Places at 0,0, points without a time among others, and the same fix twice."""
    walk = points(10)
    odd = [walk[0], *walk, (0.0, 0.0, walk[-1][2]), (46.7, 38.7, None)]
    (track,) = read_tracks(gpx(tmp_path / "a.gpx", odd), **OF_IT)
    assert len(track.lon_deg) == 10
    assert len(track.warnings) == 2


def test_a_jump_of_the_receiver_does_not_count(tmp_path):
    """One fix far off makes two stretches that nobody flew."""
    walk = points(13)
    walk[6] = (47.9, 38.7, walk[6][2])
    (track,) = read_tracks(gpx(tmp_path / "a.gpx", walk), **OF_IT)
    assert track.gap.sum() == 2
    assert any("jumps" in warning for warning in track.warnings)
    assert track.length_km < 5.0


def test_a_route_without_times_is_read_in_its_order(tmp_path):
    """Where a file has no track its route is taken, and the missing times are said."""
    (track,) = read_tracks(gpx(tmp_path / "a.gpx", [(lon, lat, None) for lon, lat, _ in points()], point="rtept"))
    assert track.at is None
    assert any("no times" in warning for warning in track.warnings)


def test_parts_outside_of_the_sortie_are_left_out(tmp_path):
    """A recorder that ran on after the landing: the rest does not count."""
    (track,) = read_tracks(gpx(tmp_path / "a.gpx", points(60, step_s=240, step_deg=0.001)), **OF_IT)
    assert track.at[-1] <= END + timedelta(minutes=30)
    assert any("outside of the sortie's times" in warning for warning in track.warnings)


def test_other_tracks_of_a_file_are_left_out(tmp_path):
    """A device with yesterday's track in the same file: today's is read, the other is said."""
    path = gpx(tmp_path / "a.gpx", points())
    day = gpx(tmp_path / "b.gpx", points(first="2024-05-17T18:30Z")).read_text()
    other = day[day.index("<trk>") : day.index("</gpx>")]
    path.write_text(path.read_text().replace("</gpx>", other + "</gpx>"))
    (track,) = read_tracks(path, **OF_IT)
    assert any("1 other tracks" in warning for warning in track.warnings)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ([(lat, lon, at) for lon, lat, at in points()], "look swapped"),
        ([(lat, lon, at) for lon, lat, at in points(lon=120.0)], "look swapped"),
        (points(lon=10.0, lat=50.0), "far from the case"),
        ([(200.0, 95.0, None)] * 3, "off the Earth"),
        (points(first="2024-05-19T22:00Z"), r"another zone: moved by -2.25 to -4 h"),
        (points(first="2024-05-19T14:45Z"), r"another zone: moved by \+3.25 to \+5 h"),
        (points(first="2024-05-17T18:30Z"), "not of this sortie"),
        (points(5) + points(5, first="2024-05-19T18:20Z"), "time runs backwards"),
        ([(lon, lat, at.removesuffix("Z")) for lon, lat, at in points()], "without a zone"),
        ([(lon, lat, "yesterday") for lon, lat, _ in points()], "not an instant"),
        (points(1), "not a track"),
        (points(13, step_s=1, step_deg=0.5), "far from the case|one searcher"),
        ([], "no track"),
    ],
)
def test_what_cannot_be_right_is_refused(tmp_path, changed, said):
    """Swapped columns, other zones, other days, nonsense: one error that says which; the same from GPX and CSV."""
    with pytest.raises(InvalidInput, match=said):
        read_tracks(gpx(tmp_path / "a.gpx", changed), **OF_IT)
    rows = [f"{at or ''},{lon},{lat},," for lon, lat, at in changed]
    with pytest.raises(InvalidInput, match=said):
        read_tracks(table(tmp_path / "a.csv", rows), **OF_IT)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<gpx", "not a GPX file"),
        ("<kml/>", "not a GPX file"),
        ('<!DOCTYPE gpx [<!ENTITY a "b">]><gpx><trk/></gpx>', "not a GPX file.*DOCTYPE"),
        ("<gpx/>", "no track"),
        ('<gpx><trk><trkseg><trkpt lat="x" lon="1"/></trkseg></trk></gpx>', "not a number for lat"),
        ('<gpx><trk><trkseg><trkpt lat="1"/></trkseg></trk></gpx>', "not a number for lon"),
        ("", "not a track"),
        ("a,b,c\n1,2,3\n", "names the columns"),
        ("lon,lat\n1\n", "not a number for lat"),
        ("lon,lat\n1,nan\n", "not a number for lat"),
    ],
)
def test_files_of_another_kind_are_refused(tmp_path, text, said):
    """Broken XML, another format, an entity, a table without places: one error with the place."""
    (tmp_path / "a").write_text(text)
    with pytest.raises(InvalidInput, match=said):
        read_tracks(tmp_path / "a")


def test_a_missing_file_is_refused(tmp_path):
    """Nothing there: said."""
    with pytest.raises(InvalidInput, match="no such file"):
        read_tracks(tmp_path / "none.gpx")


def test_an_entity_never_reads_a_file(tmp_path):
    """A hostile track that names a file of the machine gets nothing of it."""
    (tmp_path / "secret").write_text("46.6")
    (tmp_path / "a.gpx").write_text(
        f'<!DOCTYPE gpx [<!ENTITY s SYSTEM "{(tmp_path / "secret").as_uri()}">]>'
        "<gpx><trk><trkseg><trkpt lat='1' lon='1'><ele>&s;</ele></trkpt></trkseg></trk></gpx>"
    )
    with pytest.raises(InvalidInput) as caught:
        read_tracks(tmp_path / "a.gpx")
    assert "46.6" not in str(caught.value)


@given(st.binary(max_size=300))
def test_no_bytes_crash_the_reader(tmp_path_factory, data):
    """Whatever the bytes: tracks, or an error of ours."""
    path = tmp_path_factory.mktemp("fuzz") / "a"
    path.write_bytes(data)
    try:
        read_tracks(path)
    except SafeConductError:
        return


@given(st.text(alphabet="<>gpxtrkse/ \"='latlon0123456789.:-TZ,;\n", max_size=200))
def test_no_text_crashes_the_reader(tmp_path_factory, text):
    """Text made of the pieces of both formats: tracks, or an error of ours."""
    path = tmp_path_factory.mktemp("fuzz") / "a"
    path.write_text("lon,lat,time\n" + text if "," in text else "<gpx>" + text)
    try:
        read_tracks(path)
    except SafeConductError:
        return
