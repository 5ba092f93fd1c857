"""Entry profiles, clearance forms, drafts and clauses on a terminal or paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from safeconduct.model.entry import Clause, EntryProfile, FormField
from safeconduct.model.rules import Rule
from safeconduct.report.law import NOT_ADVICE

BLANK = "........ (to be filled in)"


def profile_lines(profile: EntryProfile) -> Iterator[str]:
    """What is known, and what is not."""
    yield NOT_ADVICE
    yield f"Entry of rescue units into {profile.state}, as far as it was read"
    for each in profile.entries:
        unread = "" if each.cite.verified else "; UNVERIFIED"
        yield f"  {each.topic}: {each.says} [{'; '.join(each.cite.sources)}; grade {each.cite.grade}{unread}]"
    if profile.missing:
        yield f"  not published or not read: {', '.join(profile.missing)}"


def form_lines(way: str, state: str, fields: Sequence[FormField], *, exercise: bool) -> Iterator[str]:
    """The form as a person would hand it in; a form filled in is no clearance."""
    yield NOT_ADVICE
    if exercise:
        yield "EXERCISE EXERCISE EXERCISE"
    yield f"Request for diplomatic clearance of a state aircraft: {way} to {state}"
    yield "Filled from the case; to be read, completed and signed by an office. A request is no clearance."
    wide = max(len(each.name) for each in fields)
    for number, each in enumerate(fields, 1):
        yield f"{number:>3}  {each.name + ' ':.<{wide + 2}} {each.value or BLANK}"


def draft_lines(drafts: Sequence[Rule]) -> Iterator[str]:
    """The draft agreements."""
    yield NOT_ADVICE
    yield "Draft agreements: nobody has signed them. Switch one on with: safeconduct law case CASE --draft ID"
    for each in drafts:
        yield ""
        yield f"{each.id}: {each.says}"
        yield f"  would open: {', '.join(each.opens)}"
        yield from (f"  - {condition}" for condition in each.conditions)
        yield f"  after: {each.cite.sources[0]}"


def clause_lines(clauses: Sequence[Clause]) -> Iterator[str]:
    """The clauses with their purpose."""
    yield "Clauses of our own wording, in English alone. Not legal advice: a lawyer of each side reads them first."
    for each in clauses:
        yield ""
        yield f"{each.title} ({each.id})"
        yield f"  Purpose: {each.purpose}"
        yield f"  {each.text}"
        yield f"  After: {each.after}"
