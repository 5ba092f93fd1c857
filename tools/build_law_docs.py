"""
Write the tables of rules and lead times into docs/law.md, between its markers.

    python tools/build_law_docs.py          writes
    python tools/build_law_docs.py --check  exit 1 where the document is not current
"""

from __future__ import annotations

import sys
from pathlib import Path

from safeconduct.formats.rules import CASE_DEFAULTS, load_rules
from safeconduct.model.rules import FACTS, STATE, YES_NO, Rule, Rulebook
from safeconduct.model.sources import Spread

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "law.md"


def cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def effect(rule: Rule) -> str:
    if rule.opens:
        return "opens " + ", ".join(rule.opens)
    if rule.effect == "duty":
        return "duty" + (
            "" if rule.deadline_h is None else f", {rule.deadline_h:g} h" if rule.deadline_h else ", at once"
        )
    return "; ".join(f"{engaged.kind} by {engaged.authority}" for engaged in rule.engages)


def rule_row(rule: Rule) -> str:
    cells = (
        rule.id,
        rule.says,
        effect(rule),
        rule.cite.sources[0],
        rule.force,
        rule.as_of,
        "yes" if rule.verified else f"no ({rule.confidence})",
    )
    return "| " + " | ".join(cell(each) for each in cells) + " |"


def lead_row(key: str, spread: Spread) -> str:
    hours = " | ".join(f"{value:.3g}" for value in (spread.p10, spread.p50, spread.p90))
    about = f"{cell(spread.reference_class)} | {cell(spread.cite.note)}"
    return f"| {key} | {hours} | {spread.cases} | {spread.cite.grade} | {about} |"


def fact_row(name: str, words: tuple[str, ...]) -> str:
    meaning = "a state's code" if words == STATE else "true, false" if words == YES_NO else ", ".join(words)
    return f"| `{name}` | {meaning} |"


def tables(book: Rulebook) -> dict[str, str]:
    """The generated parts by the name of their marker."""
    rules = [
        "| id | says (our paraphrase) | effect | citation | force | text as of | read |",
        "|---|---|---|---|---|---|---|",
    ]
    leads = [
        "| key | p10 h | p50 h | p90 h | cases | grade | reference class | members |",
        "|---|---|---|---|---|---|---|---|",
    ]
    facts = ["| fact | may be compared with |", "|---|---|"]
    defaults = [f"`{name}: {getattr(CASE_DEFAULTS, name)}`" for name in CASE_DEFAULTS.__slots__]
    return {
        "rules": "\n".join([*rules, *(rule_row(rule) for rule in book.rules)]),
        "lead times": "\n".join([*leads, *(lead_row(key, book.lead_times[key]) for key in sorted(book.lead_times))]),
        "facts": "\n".join([*facts, *(fact_row(name, words) for name, words in FACTS.items())]),
        "defaults": ",\n".join(defaults) + ".",
    }


def current(document: str, book: Rulebook) -> str:
    """*document* with its generated parts written anew."""
    for name, table in tables(book).items():
        start, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
        before, _, rest = document.partition(start)
        _, _, after = rest.partition(end)
        document = f"{before}{start}\n\n{table}\n\n{end}{after}"
    return document


def main() -> int:
    written = DOCUMENT.read_text(encoding="utf-8")
    wanted = current(written, load_rules())
    if "--check" in sys.argv[1:]:
        return int(written != wanted)
    DOCUMENT.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
