"""Pieces of HTML. Every text goes through `text`, so that no word of a case is read as markup."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources

from safeconduct.assessment.answer import SourceRef
from safeconduct.report.choose import clean


def text(words: object) -> str:
    """
    Escape a text for HTML, inside and outside of quoted attributes.

    >>> text('<b> & "c"')
    '&lt;b&gt; &amp; &quot;c&quot;'
    """
    return html.escape(clean(str(words)), quote=True)


def data(value: object) -> str:
    r"""
    Write JSON that can stand inside a script element: no ``<``, so no end tag and no comment.

    >>> data("</script>")
    '"\\u003c/script>"'
    """
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, kind: str = "", caption: str = "") -> str:
    """
    Write a table.

    Args:
        heads: Texts, escaped here.

        rows: Cells that are HTML already.

        kind: Class of the table.

        caption: Text, escaped here.
    """
    head = "".join(f'<th scope="col">{text(h)}</th>' for h in heads)
    names = [text(h) for h in heads]
    body = "".join(
        "<tr>" + "".join(f'<td data-head="{n}">{cell}</td>' for n, cell in zip(names, row, strict=True)) + "</tr>"
        for row in rows
    )
    said = f"<caption>{text(caption)}</caption>" if caption else ""
    return (
        f'<div class="wide"><table class="{text(kind)}">{said}<thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def section(ident: str, title: str, *parts: str) -> str:
    """Write a section with its heading; *parts* are HTML."""
    return f'<section id="{text(ident)}"><h2>{text(title)}</h2>{"".join(parts)}</section>'


def tag(word: str) -> str:
    """A state in words, with a class that the style sheet may give a colour: never colour alone."""
    slug = "".join(c if c.isalnum() and c.isascii() else "-" for c in word.lower())
    return f'<span class="tag is-{slug}">{text(word)}</span>'


def items(lines: Iterable[str], *, ordered: bool = False) -> str:
    """A list; *lines* are HTML. Nothing for no lines."""
    body = "".join(f"<li>{line}</li>" for line in lines)
    kind = "ol" if ordered else "ul"
    return f"<{kind}>{body}</{kind}>" if body else ""


class Anchors:
    """Where the source of each figure stands on the page."""

    def __init__(self, sources: Sequence[SourceRef]) -> None:
        self._places: Mapping[str, int] = {source.id: place for place, source in enumerate(sources)}

    def place(self, source: str) -> str:
        """The id of the source's entry in the list at the end of the page."""
        return f"src-{self._places[source]}"

    def links(self, sources: Sequence[str], grade: str = "", *, verified: bool = True) -> str:
        """Links to the sources of one figure, with its grade; the mark of the unverified before them."""
        said = [f'<a href="#{self.place(s)}">{text(s)}</a>' if s in self._places else text(s) for s in sources] or [
            "no source"
        ]
        graded = f' <abbr title="grade">{text(grade)}</abbr>' if grade else ""
        sure = "" if verified else '<span class="unverified" title="unverified">?</span> '
        return f'<span class="cite">{sure}{", ".join(said)}{graded}</span>'


@cache
def static(name: str) -> str:
    """One of our own files that go into every page."""
    return resources.files("safeconduct").joinpath("report", "static", name).read_text(encoding="utf-8")
