"""
Write a page per rule and per precedent, and the list of surviving mutants into docs/law-format.md.

    python tools/build_law_pages.py          writes
    python tools/build_law_pages.py --check  exit 1 where a page is not current
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from safeconduct.formats.precedents import shipped_precedents
from safeconduct.formats.rules import load_rules
from safeconduct.law.compiled import Compiled
from safeconduct.law.evaluate import told
from safeconduct.law.precedents import Lag, Rate, lags, rates
from safeconduct.model.precedents import Precedent
from safeconduct.model.rules import CONFIDENCE, SUBJECTS, Rule
from safeconduct.report.law import NATURES, case_line, dates, lead_line
from safeconduct.report.precedents import SELECTED, precedent_lines

DOCS = Path(__file__).resolve().parent.parent / "docs"
NOTICE = "**Not legal advice.** Our paraphrase; the cases test this encoding, not the law."


def link(name: str) -> str:
    return f"[{name}]({name}.md)"


def rule_page(rule: Rule, openers: Sequence[Rule]) -> str:
    rows = [
        ("source", "; ".join(rule.cite.sources)),
        ("text as of", rule.as_of),
        (
            "read",
            f"{rule.confidence}: {CONFIDENCE[rule.confidence]}"
            + ("" if rule.verified else ". It can close, never open"),
        ),
        ("force", f"{rule.force}: {NATURES[rule.force]}"),
        ("for counsel", "yes" if rule.needs_counsel else "no"),
        ("valid", dates(rule)),
        *(("in doubt", f"{each.start} to {each.end}: {each.why}") for each in rule.in_doubt),
        ("applies if", told(rule.when)),
        *effect_rows(rule),
        ("opened by", ", ".join(link(each.id) for each in openers) or "nothing"),
        ("channel", rule.channel or "not stated"),
        ("written in", rule.where.split(" ")[0].rpartition(":")[0]),
    ]
    lines = [f"# {rule.id}", "", NOTICE, "", rule.says, "", "| | |", "|---|---|"]
    lines += [f"| {head} | {cell(text)} |" for head, text in rows]
    if rule.conditions:
        lines += ["", "Terms:", "", *(f"- {each}" for each in rule.conditions)]
    if rule.note:
        lines += ["", f"Note: {rule.note}"]
    lines += ["", "Its own cases:", "", *(f"- {case_line(case)}" for case in dict.fromkeys(rule.cases)), ""]
    return "\n".join(lines) + "\n[All rules](README.md)\n"


def effect_rows(rule: Rule) -> list[tuple[str, str]]:
    rows = []
    for each in rule.engages:
        how_long = f"; {lead_line(each.lead_time_h)}" if each.lead_time_h and rule.effect == "engages" else ""
        rows.append((rule.effect, f"{each.kind} of {each.authority}{how_long}"))
    if rule.opens:
        rows.append(("opens", ", ".join(map(link, rule.opens)) + " and nothing else"))
    if rule.follows:
        rows.append(("only where satisfied", ", ".join(map(link, rule.follows))))
    if rule.unless:
        rows.append(("yields to", ", ".join(map(link, rule.unless))))
    if rule.effect == "duty":
        by = "no time named" if rule.deadline_h is None else f"{rule.deadline_h:g} h" if rule.deadline_h else "at once"
        rows.append(("duty", by))
    if rule.subject:
        rows.append(("informs about", f"{rule.subject}: {SUBJECTS[rule.subject]}"))
    return rows


def cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def rule_index(rules: Sequence[Rule]) -> str:
    lines = [
        "# The rules, one page each",
        "",
        "**Not legal advice.** How to read and correct one: [law-format](../law-format.md).",
        "",
    ]
    return "\n".join([*lines, *(f"- {link(rule.id)}: {rule.says}" for rule in rules)]) + "\n"


def precedent_page(each: Precedent) -> str:
    lines = [
        f"# {each.title}",
        "",
        *(f"- {line.strip()}" for line in precedent_lines(each)),
        "",
        "[All precedents](README.md)",
    ]
    return "\n".join(lines) + "\n"


def precedent_index(found: Sequence[Precedent], shares: Sequence[Rate], spreads: Sequence[Lag]) -> str:
    lines = ["# What happened before, one page each", "", SELECTED, ""]
    lines += ["| | of | among | 90 % interval | cases |", "|---|---|---|---|---|"]
    lines += [
        f"| {r.says} | {r.count} of {r.total} | {r.among} | {r.low:.0%} to {r.high:.0%} | "
        f"{', '.join(f'#{n}' for n in r.numbers)} |"
        for r in shares
    ]
    lines += ["", "| days | p10 | p50 | p90 | cases |", "|---|---|---|---|---|"]
    lines += [f"| {s.says} | {s.p10_days:.2g} | {s.p50_days:.2g} | {s.p90_days:.2g} | {s.cases} |" for s in spreads]
    lines += ["", *(f"- #{each.number} [{each.title}]({each.id}.md): {each.outcome}" for each in found)]
    return "\n".join(lines) + "\n"


def survivors() -> str:
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    from mutate_rules import survey

    total, alive = survey()
    head = f"{total - len(alive)} of {total} mutants are killed ({1 - len(alive) / total:.1%}). These survive:"
    return "\n".join([head, "", *(f"- {rule}: {name}" for rule, name in alive)])


def pages() -> dict[str, str]:
    """Every generated page by its path under docs/."""
    rules = Compiled(load_rules().rules)
    found = shipped_precedents()
    out = {f"law/{rule.id}.md": rule_page(rule, rules.openers(rule)) for rule in rules.rules}
    out["law/README.md"] = rule_index(rules.rules)
    out |= {f"precedents/{each.id}.md": precedent_page(each) for each in found}
    out["precedents/README.md"] = precedent_index(found, rates(found), lags(found))
    text = (DOCS / "law-format.md").read_text(encoding="utf-8")
    start, end = "<!-- survivors -->", "<!-- end of survivors -->"
    before, _, rest = text.partition(start)
    out["law-format.md"] = f"{before}{start}\n\n{survivors()}\n\n{end}{rest.partition(end)[2]}"
    return out


def stale() -> list[str]:
    """Pages that are missing, not current, or left over."""
    wanted = pages()
    there = {f"{room}/{path.name}" for room in ("law", "precedents") for path in (DOCS / room).glob("*.md")}
    wrong = [
        name for name, text in wanted.items() if not (DOCS / name).is_file() or (DOCS / name).read_text("utf-8") != text
    ]
    return sorted({*wrong, *(there - wanted.keys())})


def main() -> int:
    if "--check" in sys.argv[1:]:
        wrong = stale()
        print("\n".join(wrong))
        return int(bool(wrong))
    wanted = pages()
    for room in ("law", "precedents"):
        (DOCS / room).mkdir(exist_ok=True)
        for path in (DOCS / room).glob("*.md"):
            if f"{room}/{path.name}" not in wanted:
                path.unlink()
    for name, text in wanted.items():
        (DOCS / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
