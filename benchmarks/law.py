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


def main():
    rules = Compiled(load_rules().rules)
    asked = list(ways())
    start = time.perf_counter()
    for facts in asked:
        rules.statuses(facts)
    taken = time.perf_counter() - start
    print(f"{len(asked)} evaluations of {len(rules.rules)} rules: {taken:.3f} s")
    return int(taken >= 1.0)


if __name__ == "__main__":
    sys.exit(main())
