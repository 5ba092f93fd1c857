"""docs/law.md is made from the rules."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from safeconduct.formats.rules import load_rules

ROOT = Path(__file__).resolve().parents[2]


def test_the_tables_in_the_document_are_current() -> None:
    """Building the document again changes nothing (make it so with: python tools/build_law_docs.py)."""
    spec = importlib.util.spec_from_file_location("build_law_docs", ROOT / "tools" / "build_law_docs.py")
    assert spec is not None
    assert spec.loader is not None
    builder = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(builder)
    written = (ROOT / "docs" / "law.md").read_text(encoding="utf-8")
    assert builder.current(written, load_rules()) == written


def test_the_document_says_what_it_is_not() -> None:
    """Nobody may take it for legal advice."""
    assert "not legal advice" in (ROOT / "docs" / "law.md").read_text(encoding="utf-8")


def tool(name: str):
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_rule_and_precedent_has_a_current_page() -> None:
    """Pages and the list of survivors are what the data say (make it so with: python tools/build_law_pages.py)."""
    assert tool("build_law_pages").stale() == []


def test_the_rules_own_cases_notice_nineteen_changes_of_twenty() -> None:
    """Mutants by the published list: at least 95 % killed."""
    total, alive = tool("mutate_rules").survey()
    assert total > 1000
    assert len(alive) <= 0.05 * total
