"""Random ways with clearances, and their value by definition."""

from itertools import chain, combinations
from math import prod

from hypothesis import strategies as st

from safeconduct.assessment.payoff import Payoff

NAMES = [f"c{i:02d}" for i in range(12)]


@st.composite
def payoffs(draw, most=12):
    """Ways over up to *most* clearances; few distinct values, so that ties and thresholds met exactly occur."""
    names = NAMES[: draw(st.integers(0, most))]
    needs = st.frozensets(st.sampled_from(names), max_size=5) if names else st.just(frozenset())
    value = st.sampled_from([0.0, 0.1, 0.25, 0.3, 0.5, 0.75, 1.0])
    return draw(st.lists(st.builds(Payoff, needs, value), max_size=14))


def worth(ways, combine, granted):
    """value(K), straight from its definition."""
    open_values = [way.value for way in ways if way.needs <= granted]
    if not open_values:
        return 0.0
    return max(open_values) if combine == "max" else 1.0 - prod(1.0 - value for value in open_values)


def subsets(items):
    """All subsets of *items*, smallest first."""
    return [frozenset(each) for each in chain.from_iterable(combinations(items, k) for k in range(len(items) + 1))]
