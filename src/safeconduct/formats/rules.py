"""Loading rules: YAML that a lawyer can read and correct, ours and a user's own beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from safeconduct.formats.fields import Context, closed, listed, refuse, whole
from safeconduct.formats.leadtimes import read_lead_times
from safeconduct.formats.rulebonds import Found, check
from safeconduct.formats.rulefields import CASE_DEFAULTS, read_rule
from safeconduct.formats.yamltree import Node, read_tree, read_tree_file
from safeconduct.model.errors import InvalidInput
from safeconduct.model.rules import Rule, Rulebook
from safeconduct.model.sources import Spread

__all__ = ["CASE_DEFAULTS", "Amended", "Rulebook", "amended", "load_rules", "read_rules", "shipped_drafts"]


@dataclass(frozen=True, slots=True)
class Amended:
    """
    Rules with a user's own beside or in place of them.

    Args:
        book: What holds; of a faulty rule the shipped one of the same id, if there is one.

        own: Ids of the user's rules that were taken.

        replaced: Ids of shipped rules in whose place they stand.

        faults: What was left out, in the order of the files.
    """

    book: Rulebook
    own: tuple[str, ...]
    replaced: tuple[str, ...]
    faults: tuple[InvalidInput, ...]


def load_rules(*paths: Path, lead_times: Path | None = None, without: str = "") -> Rulebook:
    """
    Load rules and lead times.

    Args:
        paths: Files, or directories whose ``*.yaml`` are read; none takes the shipped rules.

        lead_times: None takes the shipped file.

        without: Id of a shipped case that lends no lead times, because it is the one to be predicted.

    Returns:
        The rules sorted by id; the same whatever the order of the files.

    Raises:
        InvalidInput: The first fault: place, what was expected, what came instead.
        Unavailable: A file is there but cannot be read.
    """
    if lead_times is not None:
        spreads = read_lead_times(read_tree_file(lead_times), without=without)
    else:
        table = files("safeconduct").joinpath("data", "lead_times.yaml")
        spreads = read_lead_times(read_tree(table.read_bytes(), name="data/lead_times.yaml"), without=without)
    if paths:
        return read_rules([read_tree_file(file) for path in paths for file in _files(path)], spreads)
    return read_rules([read_tree(data, name=name) for name, data in _packed()], spreads)


def amended(path: Path, *, without: str = "") -> Amended:
    """
    The shipped rules with those of a file or directory: a rule of the same id replaces ours, a faulty one is left out.

    Raises:
        InvalidInput: There is nothing at *path*.
        Unavailable: A file is there but cannot be read.
    """
    if not path.exists():
        raise InvalidInput(
            "no such file", where=str(path), expected="a file of rules, or a directory of them", got="nothing"
        )
    shipped = load_rules(without=without)
    ours = _found([read_tree(data, name=name) for name, data in _packed()], shipped.lead_times)
    faults: list[InvalidInput] = []
    trees = []
    for file in _files(path):
        try:
            trees.append(read_tree_file(file))
        except InvalidInput as fault:
            faults.append(fault)
    own = _found(trees, shipped.lead_times, faults)
    while bad := _faulty({**ours, **own}):  # a rule left out may leave another without what it names
        faults += bad.values()
        named = {name for each in bad if each in ours for name in (*ours[each][0].opens, *ours[each][0].follows)}
        guilty = {name for name in own if name in bad or name in named} or set(own)
        own = {name: each for name, each in own.items() if name not in guilty}
    found = {**ours, **own}
    book = Rulebook(tuple(found[name][0] for name in sorted(found)), shipped.lead_times)
    return Amended(book, tuple(sorted(own)), tuple(sorted(own.keys() & ours.keys())), tuple(faults))


def shipped_drafts() -> tuple[Rule, ...]:
    """
    The draft agreements, in the form of rules: no law, never among the rules, for a what-if alone.

    Raises:
        InvalidInput: A packaged draft is wrong.
    """
    spreads = load_rules().lead_times
    ours = _found([read_tree(data, name=name) for name, data in _packed()], spreads)
    file = files("safeconduct").joinpath("data", "drafts.yaml")
    drafts = _found([read_tree(file.read_bytes(), name="data/drafts.yaml")], spreads)
    for rule, node in drafts.values():
        check(rule, node, {**ours, **drafts})
    return tuple(drafts[name][0] for name in sorted(drafts))


def _faulty(found: Found) -> dict[str, InvalidInput]:
    """The rules that do not hold beside the others, each with its first fault."""
    bad = {}
    for name, (rule, node) in found.items():
        try:
            check(rule, node, found)
        except InvalidInput as fault:
            bad[name] = fault
    return bad


def _files(path: Path) -> list[Path]:
    return sorted(path.glob("*.yaml")) if path.is_dir() else [path]


def _packed() -> list[tuple[str, bytes]]:
    """The shipped files by name."""
    packed = [e for e in files("safeconduct").joinpath("data", "rules").iterdir() if e.name.endswith(".yaml")]
    return [(f"data/rules/{entry.name}", entry.read_bytes()) for entry in sorted(packed, key=lambda entry: entry.name)]


def read_rules(trees: list[Node], lead_times: Mapping[str, Spread | None]) -> Rulebook:
    """
    Read rules from documents that are already parsed.

    Raises:
        InvalidInput: The first fault within a document, then the first between documents: an id twice, a name that
            stands for no rule, a cycle of exceptions, validity that overlaps.
    """
    found = _found(trees, lead_times)
    for rule, node in found.values():
        check(rule, node, found)
    given = {key: spread for key, spread in lead_times.items() if spread is not None}
    return Rulebook(tuple(found[name][0] for name in sorted(found)), given)


def _found(
    trees: list[Node], lead_times: Mapping[str, Spread | None], faults: list[InvalidInput] | None = None
) -> dict[str, tuple[Rule, Node]]:
    """The rules by id; faults are raised, or gathered in *faults* where there is such a list."""
    found: dict[str, tuple[Rule, Node]] = {}
    for tree in trees:
        try:
            nodes = _rule_nodes(tree)
        except InvalidInput as fault:
            if faults is None:
                raise
            faults.append(fault)
            continue
        for node in nodes:
            try:
                rule = read_rule(node, Context(), lead_times)
                if rule.id in found:
                    other = found[rule.id][1].where
                    refuse(node, "the same rule twice", expected="each id once", got=f"{rule.id}, also at {other}")
            except InvalidInput as fault:
                if faults is None:
                    raise
                faults.append(fault)
                continue
            found[rule.id] = (rule, node)
    return found


def _rule_nodes(tree: Node) -> tuple[Node, ...]:
    ctx = Context()
    top = closed(tree, ctx, {"format": whole(1, 1), "rules": lambda node, _ctx: node}, ("format", "rules"))
    return listed(top["rules"], ctx, lambda node, _ctx: node, least=1)
