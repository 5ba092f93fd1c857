"""Reading entry profiles and clauses."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from safeconduct.formats.fields import (
    Context,
    Reader,
    choice,
    closed,
    code,
    identifier,
    listed,
    many,
    refuse,
    whole,
    words,
)
from safeconduct.formats.yamltree import Node, read_tree
from safeconduct.model.entry import TOPICS, Clause, Entry, EntryProfile
from safeconduct.model.sources import GRADES, Cite

_ENTRY: Mapping[str, Reader[Any]] = {
    "topic": choice(TOPICS),
    "says": words,
    "grade": choice(GRADES),
    "sources": many(words, least=1),
}

_CLAUSE: Mapping[str, Reader[Any]] = {
    "id": identifier,
    "title": words,
    "purpose": words,
    "text": words,
    "after": words,
}


def _entry(node: Node, ctx: Context) -> Entry:
    values = closed(node, ctx, _ENTRY, tuple(_ENTRY))
    return Entry(values["topic"], values["says"], Cite(values["sources"], values["grade"]))


def _profile(node: Node, ctx: Context) -> EntryProfile:
    readers: dict[str, Reader[Any]] = {"state": code, "entries": many(_entry, least=1)}
    values = closed(node, ctx, readers, tuple(readers))
    entries = sorted(values["entries"], key=lambda each: TOPICS.index(each.topic))
    if len({each.topic for each in entries}) < len(entries):
        refuse(node.get("entries") or node, "the same topic twice", expected="each topic once")
    return EntryProfile(values["state"], tuple(entries))


def _clause(node: Node, ctx: Context) -> Clause:
    return Clause(**closed(node, ctx, _CLAUSE, tuple(_CLAUSE)))


def _members(root: Node, key: str, reader: Reader[Any]) -> tuple[Any, ...]:
    readers: dict[str, Reader[Any]] = {"format": whole(1, 1), key: lambda node, _ctx: node}
    ctx = Context()
    return listed(closed(root, ctx, readers, ("format", key))[key], ctx, reader, least=1)


def read_profiles(root: Node) -> dict[str, EntryProfile]:
    """
    Read a file of entry profiles, by state.

    Raises:
        InvalidInput: The first fault: place, what was expected, what came instead.
    """
    return {each.state: each for each in _members(root, "profiles", _profile)}


def read_clauses(root: Node) -> tuple[Clause, ...]:
    """
    Read a file of clauses, in its order.

    Raises:
        InvalidInput: The first fault: place, what was expected, what came instead.
    """
    return _members(root, "clauses", _clause)


@cache
def shipped_profiles() -> Mapping[str, EntryProfile]:
    """The packaged profiles, read once."""
    return read_profiles(_packed("profiles.yaml"))


@cache
def shipped_clauses() -> tuple[Clause, ...]:
    """The packaged clauses, read once."""
    return read_clauses(_packed("clauses.yaml"))


def _packed(name: str) -> Node:
    return read_tree(files("safeconduct").joinpath("data", name).read_bytes(), name=f"data/{name}")
