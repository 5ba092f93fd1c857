"""A verdict in the few words that an answer carries: the rule by its id, what it says, and the chain of reasons."""

from __future__ import annotations

from dataclasses import dataclass

from safeconduct.law.evaluate import Verdict


@dataclass(frozen=True, slots=True)
class Reason:
    """
    What one rule does to one way, and why.

    Args:
        because: The facts on which it applies, its dates, what opens it.

        opened_by: Ids of the permissions that satisfy it.

        subject: Of a rule that informs, what about; else empty.
    """

    rule: str
    says: str
    citation: str
    as_of: str
    force: str
    verified: bool
    needs_counsel: bool
    status: str
    kind: str
    authority: str
    why: str
    conditions: tuple[str, ...]
    because: tuple[str, ...]
    opened_by: tuple[str, ...]
    subject: str


def reason(verdict: Verdict) -> Reason:
    """The short form of *verdict*."""
    rule = verdict.rule
    return Reason(
        rule.id,
        rule.says,
        "; ".join(rule.cite.sources),
        rule.as_of,
        rule.force,
        rule.verified,
        rule.needs_counsel,
        verdict.status,
        verdict.kind,
        verdict.authority,
        verdict.why,
        verdict.conditions,
        verdict.because,
        tuple(opener.id for opener in verdict.opened_by),
        rule.subject,
    )
