"""The packaged catalogue: asset types, survival models and source titles that every case may name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from safeconduct.formats.assettypes import asset_type
from safeconduct.formats.fields import Context, Reader, closed, refuse, whole, words
from safeconduct.formats.survival import survival_model
from safeconduct.formats.values import default_cite
from safeconduct.formats.yamltree import Node, read_tree
from safeconduct.model.assets import AssetType
from safeconduct.model.errors import Corrupt, InvalidInput
from safeconduct.model.persons import SurvivalModel
from safeconduct.model.sources import Source


@dataclass(frozen=True, slots=True)
class Catalogue:
    """
    What a case may name without bringing it.

    Args:
        types: Asset types by id.

        survival: Survival models by id.

        sources: Sources by id; a case's own source of the same id stands before it.
    """

    types: Mapping[str, AssetType]
    survival: Mapping[str, SurvivalModel]
    sources: Mapping[str, Source]


EMPTY = Catalogue({}, {}, {})
"""A catalogue of nothing, for cases that bring all they name."""


@cache
def catalogue() -> Catalogue:
    """
    The shipped catalogue, read once.

    Raises:
        Corrupt: The packaged data are not what was written.
    """
    root = files("safeconduct").joinpath("data")
    try:
        return _read(root)
    except InvalidInput as error:
        raise Corrupt(error.message, where=error.where, expected=error.expected, got=error.got) from error


def _read(root: Traversable) -> Catalogue:
    types: dict[str, AssetType] = {}
    for name, text in _texts(root.joinpath("types")):
        for node, found in read_types(text, name=name):
            if found.id in types:
                refuse(node, "the same type twice", expected="each id once", got=found.id)
            types[found.id] = found
    survival_file, sources_file = root.joinpath("survival.yaml"), root.joinpath("sources.yaml")
    survival = read_survival(survival_file.read_bytes(), name="survival.yaml") if survival_file.is_file() else {}
    sources = read_sources(sources_file.read_bytes(), name="sources.yaml") if sources_file.is_file() else {}
    return Catalogue(types, survival, sources)


def _texts(folder: Traversable) -> Iterator[tuple[str, bytes]]:
    if folder.is_dir():
        for entry in sorted(folder.iterdir(), key=lambda found: found.name):
            if entry.name.endswith(".yaml"):
                yield entry.name, entry.read_bytes()


def read_types(text: str | bytes, *, name: str) -> tuple[tuple[Node, AssetType], ...]:
    """Read one file of asset types; each with its node, so that a clash between files can be placed."""
    nodes, ctx = _members(text, name, "types")
    return tuple((node, asset_type(node, ctx)) for node in nodes)


def read_survival(text: str | bytes, *, name: str) -> dict[str, SurvivalModel]:
    """Read a file of survival models."""
    nodes, ctx = _members(text, name, "models")
    models: dict[str, SurvivalModel] = {}
    for node in nodes:
        found = survival_model(node, ctx)
        if found.id in models:
            refuse(node, "the same model twice", expected="each id once", got=found.id)
        models[found.id] = found
    return models


def read_sources(text: str | bytes, *, name: str) -> dict[str, Source]:
    """Read a file of source titles: ``sources: {ID: title}``."""
    root = read_tree(text, name=name)
    values = closed(root, Context(), {"format": whole(1, 1), "sources": titles}, ("format", "sources"))
    return {source.id: source for source in values["sources"]}


def titles(node: Node, ctx: Context) -> tuple[Source, ...]:
    """Read a mapping of source ids to titles."""
    if not isinstance(node.value, dict):
        refuse(node, "wrong kind of value", expected="a mapping of source ids to titles")
    return tuple(Source(key, words(below, ctx)) for key, below in node.value.items())


def _members(text: str | bytes, name: str, key: str) -> tuple[tuple[Node, ...], Context]:
    root = read_tree(text, name=name)
    readers: dict[str, Reader[Any]] = {
        "format": whole(1, 1),
        "default_cite": default_cite,
        key: lambda node, _ctx: node,
    }
    values = closed(root, Context(), readers, ("format", key))
    if not isinstance(values[key].value, tuple):
        refuse(values[key], "wrong kind of value", expected="a list")
    return values[key].value, Context(cite=values.get("default_cite"))
