"""
How long 10,000 evaluations of all rules take, statuses only: 25 assets, 20 sets of states crossed, 20 dates.

    python benchmarks/law.py    exit 1 at one second or more
"""

import sys
import time
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

from safeconduct.formats.rules import CASE_DEFAULTS, load_rules
from safeconduct.law.compiled import Compiled
from safeconduct.law.evaluate import verdicts

ACTORS = ("military", "civil-agency", "contractor", "ngo", "individual")
CRAFT = (("state", True), ("state", False), ("civil", False), ("none", None), ("civil", True))
CROSSED = (("IR",), ("TR", "IR"), ("AZ", "IR"), ("AM", "IR"), ("IQ", "IR"), ("RU", "AZ", "IR"), ("TM", "IR"))
LOADS = ((), ("flir", "camera"), ("radio", "medicine"))


def ways():
    crossed = list(product(CROSSED, LOADS))[:20]
    days = [date(2003, 12, 1) + timedelta(days=431 * step) for step in range(20)]
    for (actor, (craft, pilotless)), (states, items), day in product(product(ACTORS, CRAFT), crossed, days):
        yield replace(
            CASE_DEFAULTS,
            on=day,
            known=day,
            host="IR",
            provider="US",
            actor=actor,
            aircraft=craft,
            pilotless=pilotless,
            crosses=states,
            items=items,
        )


SAMPLE = 500


def main() -> list[tuple[str, float, float, float, bool]]:
    """One row: statuses alone, beside the full walk with its reasons (on a sample, scaled), which must say the same."""
    rules = Compiled(load_rules().rules)
    asked = list(ways())
    start = time.perf_counter()
    answers = [rules.statuses(facts) for facts in asked]
    ours_s = time.perf_counter() - start
    step = len(asked) // SAMPLE
    start = time.perf_counter()
    told = [verdicts(facts, rules) for facts in asked[::step]]
    theirs_s = (time.perf_counter() - start) * step
    names = [rule.id for rule in rules.rules]
    same = all(
        {v.rule.id: v.status for v in reasons}.items() <= dict(zip(names, statuses, strict=True)).items()
        for reasons, statuses in zip(told, answers[::step], strict=True)
    )
    name = f"law: {len(asked)} x {len(names)} statuses / with reasons"
    return [(name, ours_s, theirs_s, theirs_s / ours_s, same)]


if __name__ == "__main__":
    rows = main()
    print(rows)
    sys.exit(int(rows[0][1] >= 1.0 or not rows[0][4]))
