"""Text that may stand in XML 1.0."""

from __future__ import annotations

import re

_BARRED = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    r"""
    The text without the characters that XML forbids; each becomes a replacement character.

    >>> clean("a\x00b")
    'a\ufffdb'
    """
    return _BARRED.sub("\ufffd", text)
