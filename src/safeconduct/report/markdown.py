"""Tables, instants and sentences of a page of Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from safeconduct.model.instants import Instant


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A table, a line a row; bars and line breaks in cells are made harmless."""
    yield "| " + " | ".join(head) + " |"
    yield "|" + " --- |" * len(head)
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |"


def clock(at: Instant, *, day: bool = True) -> str:
    """An instant, with the date in full or as day and month."""
    return f"{at:%Y-%m-%dT%H:%MZ}" if day else f"{at:%d %b %H:%MZ}"


def sentence(text: str) -> str:
    """*text* with a capital and a full stop."""
    return text[0].upper() + text[1:] + ("" if text.endswith(".") else ".")
