"""Open, list, check and scaffold cases."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from safeconduct.formats.casefile import Loaded, read_case, read_case_file
from safeconduct.formats.catalogue import catalogue
from safeconduct.formats.scaffold import scaffold
from safeconduct.model.case import Case
from safeconduct.model.errors import InvalidInput
from safeconduct.wiring.rooms import rulebook, shipped_cases


@dataclass(frozen=True, slots=True)
class Listed:
    """One shipped case as a list shows it."""

    id: str
    title: str
    kind: str


def open_case(name: str) -> Loaded:
    """
    Read a shipped case by its name, or a case file by its path.

    Args:
        name: A name without a directory or ending is looked up among the shipped cases, then as
            ``NAME.yaml`` and as a path in the working directory.

    Raises:
        InvalidInput: There is no such case, or its file is wrong.
    """
    shipped = shipped_cases()
    if name in shipped:
        return read_case(shipped[name].read_bytes(), name=f"{name}.yaml", catalogue=catalogue(), rules=_rule_ids(name))
    path = next((p for p in (Path(name), Path(f"{name}.yaml")) if p.is_file()), None)
    if path is None:
        near = get_close_matches(name, shipped, n=1)
        raise InvalidInput(
            "no such case",
            where=name,
            expected=f"a path to a case file, or one of {', '.join(shipped)}"
            + (f" (did you mean {near[0]}?)" if near else ""),
        )
    return read_case_file(path, catalogue(), rules=_rule_ids(path.stem))


def load_case(path: str | Path) -> Case:
    """Read a shipped case by its name or a case file by its path; warnings are left to `open_case`."""
    return open_case(str(path)).case


def titled(words: str) -> str:
    """
    Words, or ``TITLE (ID)`` where they are the name of a shipped case or the path of a case file: another party has not
    our files, and reads what it is about.

    Raises:
        InvalidInput: The case file is wrong.
    """
    is_file = words.endswith((".yaml", ".yml")) and Path(words).is_file()
    if words not in shipped_cases() and not is_file:
        return words
    case = open_case(words).case
    return f"{case.title} ({case.id})"


def list_cases() -> tuple[Listed, ...]:
    """The shipped cases."""
    cases = (open_case(name).case for name in shipped_cases())
    return tuple(Listed(c.id, c.title, c.kind) for c in cases)


def new_case(name: str, *, exercise_of: str | None = None, folder: Path | None = None) -> Path:
    """
    Write a scaffold to ``NAME.yaml`` in *folder* (default: the working directory).

    Args:
        exercise_of: A shipped case to be played: its text under its own id, as an exercise, so that the messages of
            an exercise count in it and move nothing actual.

    Raises:
        InvalidInput: The name is not usable, there is no such shipped case, or the file exists (nothing is
            overwritten).
    """
    if not name or not all(c.isascii() and (c.isalnum() or c in "-_") for c in name):
        raise InvalidInput("not a name for a case", where=name, expected="letters, digits, - and _")
    path = (folder or Path()) / f"{name}.yaml"
    if path.exists():
        raise InvalidInput("the file exists already", where=str(path), expected="a new name")
    path.write_text(_played(exercise_of) if exercise_of is not None else scaffold(name), encoding="utf-8")
    return path


def _played(name: str) -> str:
    shipped = shipped_cases()
    if name not in shipped:
        raise InvalidInput("no such shipped case", where="--exercise-of", expected=", ".join(shipped), got=name)
    text = shipped[name].read_text(encoding="utf-8")
    return re.sub(r"(?m)^kind: real$", "kind: exercise", text, count=1)


_RULE_IDS: list[frozenset[str]] = []
"""Ids of the rules, once they were read: the same whichever case lends no lead times."""


def _rule_ids(case: str) -> frozenset[str]:
    """Ids of the rules; first read as the assessment of *case* will want them, so that one command reads them once."""
    if not _RULE_IDS:
        _RULE_IDS.append(frozenset(r.id for r in rulebook(case).rules))
    return _RULE_IDS[0]
