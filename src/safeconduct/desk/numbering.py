"""Numbers of situation reports: each is taken when the first office signs, and none twice in a case."""

from __future__ import annotations

from safeconduct.desk.voice import Voice, pinned
from safeconduct.model.errors import InvalidInput
from safeconduct.store.contract import Thing

REPORT = "situation report"
"""Name of the attachment that is one."""


def reports(voice: Voice, case: str) -> int:
    """The number of this party's last situation report in a case, sent or in a draft; 0: none was drawn up."""
    own = (each.message for each in voice.messages(case) if each.message.sender == voice.party)
    return max(voice.pin(f"report/{case}") or 0, sum(each.name == REPORT for m in own for each in m.attachments))


def check_number(voice: Voice, case: str, number: int | None) -> None:
    """
    Refuse a number that is taken; None is no report.

    Raises:
        InvalidInput: Another one was signed, as a draft or whole, after this one was drawn.
    """
    last = reports(voice, case) if number is not None else 0
    if number is not None and number <= last:
        said, expected = "another situation report was signed meanwhile", f"the same once more, as number {last + 1}"
        raise InvalidInput(said, where=REPORT, expected=expected, got=str(number))


def numbered(case: str, number: int | None) -> tuple[Thing, ...]:
    """What is kept with the report, sent or in a draft, so that its number stays taken."""
    return () if number is None else (pinned(f"report/{case}", number),)
