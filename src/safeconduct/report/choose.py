"""What is shown first and what is left to the JSON: shared by screen and page, so that both say the same."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence

from safeconduct.assessment.answer import Assessment, Clearance, Delay, Interaction, Way
from safeconduct.report.figures import NOBODY, Scale, gain

WARNING = "Not legal advice. Unknown is never permitted; silence is never consent."
NOT_CLEARED = "NOT CLEARED - DO NOT FLY"
LEAST_GAP = 0.005
"""Share of the goal's maximum: half a percentage point, below which a difference counts as none."""

BORDERLINE = "Borderline: another seed may say otherwise."


def clean(text: str) -> str:
    """Replace control characters, which a case text could use to rewrite a terminal, and line ends by spaces."""
    return "".join(" " if c.isspace() else "\ufffd" if unicodedata.category(c)[0] == "C" else c for c in text)


def by_verdict(ways: Sequence[Way]) -> str:
    """
    Count ways by verdict, most frequent first.

    >>> by_verdict([])
    ''
    """
    return ", ".join(f"{count} {verdict}" for verdict, count in Counter(way.verdict for way in ways).most_common())


def most_worth_first(clearances: Sequence[Clearance]) -> tuple[Clearance, ...]:
    """Clearances by their fair share, then by what each adds last; those already granted after the open ones."""
    return tuple(
        sorted(
            clearances, key=lambda c: (c.status == "granted", -c.value.shapley, -c.value.last, c.status == "refused")
        )
    )


def main_delay(answer: Assessment) -> Delay | None:
    """The delay budget to show first: of a recorded way if there is one, else of the best way; None without any."""
    if not answer.delay:
        return None
    order = {way.id: place for place, way in enumerate(answer.ways)}
    recorded = {way.id for way in answer.ways if way.recorded}
    return min(answer.delay, key=lambda d: (d.way not in recorded, order.get(d.way, len(order))))


def goal_scale(answer: Assessment) -> Scale:
    """What the value of the goal shown is measured in."""
    return Scale(answer.value.unit, max(answer.value.maximum, NOBODY), answer.unverified_share)


def urgent(answer: Assessment) -> int:
    """Place of the line of ``now`` to set in large letters: the first thing to ask, else the first line."""
    return next((place for place, line in enumerate(answer.now) if line.startswith("ASK NOW")), 0)


def what_if(answer: Assessment) -> str:
    """The mark that every page of a what-if carries; empty where nothing is supposed."""
    return f"WHAT-IF: {'; '.join(answer.what_if)}" if answer.what_if else ""


def basis(clearance: Clearance) -> str:
    """Rule ids of a clearance, those that were not read marked as unverified."""
    unread = {rule.rule for rule in clearance.rules if not rule.verified}
    return " ".join(f"{rule}?" if rule in unread else rule for rule in clearance.basis)


def pair(each: Interaction, scale: Scale) -> str:
    """What two clearances are worth together beyond what each is worth singly, with the error where sampled."""
    much = gain(abs(each.value), scale).removeprefix("+")
    about = f" (standard error {gain(each.error, scale).removeprefix('+')})" if each.error > 0.0 else ""
    return f"{' and '.join(each.clearances)}: together {much} {'more' if each.value > 0 else 'less'} than singly{about}"


def tells_gap(answer: Assessment) -> bool:
    """Whether the order to ask may be short of the best one by half a point or more."""
    return answer.ask_order.gap >= LEAST_GAP * answer.value.maximum


def why(way: Way) -> str:
    """
    The reason of a verdict, and what would change it; clearances that stand there already are not named again.

    A verdict that the sample of draws does not settle says so.
    """
    return f"{_why(way)} {BORDERLINE}" if way.borderline else _why(way)


def _why(way: Way) -> str:
    text = way.because.says.rstrip(". ")
    change = way.counterfactual
    if change is None:
        return f"{text}."
    grants_only = change.possible and change.clearances and set(change.changes) <= set(change.clearances)
    if grants_only and set(change.clearances) == set(way.missing):
        return f"{text}. Useful if what is missing were granted."
    if grants_only and all(clearance in text for clearance in change.clearances):
        return f"{text}. Useful if these were granted."
    return f"{text}. {change.says}"


def short(text: str, most: int) -> str:
    """The text, cut off with a sign where it is longer than *most* letters."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def coordination(answer: Assessment) -> str:
    """Who coordinates; what no source says is called not known."""
    told = answer.coordination
    rcc = told.rcc or "responsible RCC not known"
    rest = (("24-hour contact", told.contact), ("SMC", told.smc), ("phase", told.phase), ("SRR", told.srr))
    return "; ".join([rcc, *(f"{head} {said or 'not known'}" for head, said in rest)])


def limiting_lines(answer: Assessment) -> tuple[str, ...]:
    """What limits each kind of help, a sentence each; the kind is named where there are several."""
    several = len(answer.limiting) > 1
    return tuple(f"Limited{f' ({each.help})' if several else ''} by {each.says}." for each in answer.limiting)
