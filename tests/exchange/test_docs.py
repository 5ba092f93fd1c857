"""The examples in docs/exchange.md."""

import re

from safeconduct.exchange.breaches import CODES
from safeconduct.exchange.content import LEVEL_1_TYPES
from safeconduct.exchange.gates import GATE_STATES
from safeconduct.exchange.items import COURSE, ENDED
from safeconduct.exchange.message import message_bytes, read_message


def page(repo):
    return (repo / "docs" / "exchange.md").read_text(encoding="utf-8")


def test_the_examples_run(repo):
    """Message and Python blocks, in the order of the page and in one namespace, do what they assert."""
    text = page(repo)
    (example,) = re.findall(r"```json\n(.*?)\n```", text, re.DOTALL)
    assert message_bytes(read_message(example.encode())) == example.encode()
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert len(blocks) == 4
    exec("\n".join(blocks), {"example": example.encode()})


def test_the_tables_are_those_of_the_code(repo):
    """Every violation has its row, and every state and type of ours its name, on the page."""
    text = page(repo)
    assert re.findall(r"^\| `([a-z-]+)` \| (?!id|SHA)", text.partition("| violation")[2], re.MULTILINE) == list(CODES)
    assert [each for each in (*COURSE, *ENDED, *GATE_STATES, *LEVEL_1_TYPES) if each not in text] == []
