from __future__ import annotations

import pytest

from safeconduct.formats import catalogue as module
from safeconduct.formats.casefile import read_case
from safeconduct.formats.catalogue import EMPTY, catalogue, read_sources, read_survival, read_types
from safeconduct.formats.fields import ID
from safeconduct.formats.scaffold import scaffold
from safeconduct.model.errors import Corrupt, InvalidInput

TYPE = "format: 1\ntypes:\n  - {id: a, name: A, kind: team, cruise_kmh: {value: 4, sources: [Book one], grade: B}}\n"


def test_the_shipped_catalogue_is_read_once() -> None:
    """The packaged data are well formed, under their own ids, and read lazily and once."""
    shipped = catalogue()
    assert catalogue() is shipped
    assert [key for key, found in shipped.types.items() if key != found.id] == []
    assert {"mi-17", "h145-d3"} <= set(shipped.types)
    assert "injured-crash" in shipped.survival


def test_every_source_of_the_shipped_types_has_a_title() -> None:
    """Each figure of a shipped type is one step from its source."""
    shipped = catalogue()
    figures = [
        getattr(found, name)
        for found in shipped.types.values()
        for name in found.__slots__
        if hasattr(getattr(found, name), "cite")
    ]
    named = {source for figure in figures for source in figure.cite.sources if ID.fullmatch(source)}
    assert len(figures) > len(shipped.types)
    assert named - set(shipped.sources) == set()


def test_a_cell_without_an_origin_is_an_error() -> None:
    """A type needs no origin of its own, but each of its figures needs one."""
    ((_, found),) = read_types(TYPE, name="types.yaml")
    assert (found.cite, found.cruise_kmh.cite.grade) == (None, "B")
    with pytest.raises(InvalidInput, match="no origin") as caught:
        read_types(TYPE.replace(", sources: [Book one], grade: B", ""), name="types.yaml")
    assert caught.value.where == "types.yaml:3 types[0].cruise_kmh"


def test_a_speed_of_nothing_is_an_error() -> None:
    """An unknown speed is left out; 0 would divide."""
    with pytest.raises(InvalidInput, match="out of range"):
        read_types(TYPE.replace("value: 4", "value: 0"), name="types.yaml")


def test_survival_models_and_sources_are_read_by_id() -> None:
    """The other two files of the catalogue are mappings by id."""
    model = "{id: m, points: [[0, 1], [3, 0.5]], scale: log, domain_h: 3, relative_h_spread: null, grade: assumed}"
    assert read_survival(f"format: 1\nmodels: [{model}]", name="x")["m"].points == ((0.0, 1.0), (3.0, 0.5))
    assert read_sources("format: 1\nsources: {S1: A book}", name="x")["S1"].title == "A book"
    with pytest.raises(InvalidInput, match="same model twice"):
        read_survival(f"format: 1\nmodels: [{model}, {model}]", name="x")


def test_broken_packaged_data_are_our_fault(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A fault in the packaged data is not the caller's to correct."""
    root = tmp_path_factory.mktemp("package")
    (root / "data" / "types").mkdir(parents=True)
    (root / "data" / "types" / "a.yaml").write_text(TYPE, encoding="utf-8")
    monkeypatch.setattr(module, "files", lambda _name: root)
    catalogue.cache_clear()
    assert list(catalogue().types) == ["a"]
    (root / "data" / "types" / "b.yaml").write_text(TYPE, encoding="utf-8")
    catalogue.cache_clear()
    with pytest.raises(Corrupt, match="same type twice"):
        catalogue()
    catalogue.cache_clear()


def test_a_new_case_holds_as_it_is() -> None:
    """The scaffold passes the check without a warning, and its id is the name it was given."""
    for name in ("my-case", "2031", "true", "null"):
        loaded = read_case(scaffold(name), name="new.yaml", catalogue=catalogue())
        assert (loaded.case.id, loaded.warnings) == (name, ())


def test_a_new_case_is_invented() -> None:
    """The scaffold names no real state and has one asset, one open clearance and a place."""
    case = read_case(scaffold("x"), name="new.yaml", catalogue=catalogue()).case
    assert {party.id for party in case.parties} == {"XA", "XB"}
    assert (len(case.assets), [record.events[-1].status for record in case.clearances]) == (1, ["asked"])
    assert case.evidence[0].place.known


@pytest.mark.parametrize("name", ["", "a b", "../x", "a\nb", "-x"])
def test_a_new_case_needs_an_id(name: str) -> None:
    """A name that is no id is refused before a file is written."""
    with pytest.raises(InvalidInput, match="not an id"):
        scaffold(name)


def test_an_empty_catalogue_serves_cases_that_bring_all() -> None:
    """A case that names nothing shipped is read with no catalogue."""
    text = scaffold("x").replace("type: h145-d3", "type: null")
    assert read_case(text, name="x", catalogue=EMPTY).case.assets[0].type is None
    with pytest.raises(InvalidInput, match="unknown survival model"):
        read_case(text.replace("survival: {", "survival: none #"), name="x", catalogue=EMPTY)
