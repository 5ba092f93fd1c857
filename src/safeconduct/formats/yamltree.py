"""
YAML text to plain data that remembers its lines.

Only the part of YAML that says the same as JSON is read: mappings with text keys, lists, text, numbers, ``true``,
``false`` and ``null``. Dates stay text, ``NO`` and ``on`` stay text. Anchors, aliases, tags, several documents and
numbers that are not finite are refused, so that a small file cannot grow in memory and a number is always a number.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, TypeAlias

import yaml

from safeconduct.model.errors import InvalidInput, Unavailable

SIZE_LIMIT_BYTES = 5_000_000
"""Larger files are refused unread: no case comes near it."""

DEPTH_LIMIT = 40
"""Deeper nesting is refused: no case comes near it."""

DIGITS_LIMIT = 18
"""Longer whole numbers are refused: they would lose digits wherever a double is used."""

Scalar: TypeAlias = str | int | float | bool | None

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INT = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|nan)", re.IGNORECASE)
_FIRST_OF_NUMBER = frozenset("+-.0123456789")
_WORDS: dict[str, Scalar] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}


@dataclass(frozen=True, slots=True)
class Node:
    """
    One value of a file and where it stands.

    Args:
        file: Name of the file, as the reader of an error knows it.

        line: Line of its key, else of the value itself, counted from 1.

        path: Way to it from the root, such as ``persons[0].count``; empty for the root.

        value: A scalar, a tuple of nodes, or a dict of nodes in file order.
    """

    file: str
    line: int
    path: str
    value: Scalar | tuple[Node, ...] | dict[str, Node]

    @property
    def where(self) -> str:
        """The place for an error: ``case.yaml:12 persons[0].count``."""
        return f"{self.file}:{self.line} {self.path}".rstrip()

    @property
    def got(self) -> str:
        """The value in a few words, for an error."""
        value = self.value
        if isinstance(value, dict):
            return f"a mapping with {', '.join(value) or 'no keys'}"
        if isinstance(value, tuple):
            return f"a list of {len(value)}"
        if isinstance(value, bool) or value is None:
            return {True: "true", False: "false", None: "nothing (null)"}[value]
        return f"the text {value!r}" if isinstance(value, str) else str(value)

    def get(self, key: str) -> Node | None:
        """The node under *key*; None if there is none or it is null, or if this is no mapping."""
        found = self.value.get(key) if isinstance(self.value, dict) else None
        return None if found is None or found.value is None else found

    def items(self, key: str) -> tuple[Node, ...]:
        """The nodes of the list under *key*; empty where `get` gives None or the value is no list."""
        found = self.get(key)
        return found.value if found is not None and isinstance(found.value, tuple) else ()

    def plain(self) -> Any:
        """The same without places: dicts, lists and scalars."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, tuple):
            return [node.plain() for node in self.value]
        return self.value

    def walk(self) -> Iterator[Node]:
        """This node and all below it, in file order."""
        yield self
        below = self.value.values() if isinstance(self.value, dict) else self.value
        if isinstance(below, str) or below is None or isinstance(below, (bool, int, float)):
            return
        for node in below:
            yield from node.walk()


def read_tree(text: str | bytes, *, name: str) -> Node:
    """
    Read one YAML document.

    Args:
        text: The document; bytes must be UTF-8, with or without a byte order mark.

        name: What to call the file in errors.

    Returns:
        The root, a node of any kind but null.

    Raises:
        InvalidInput: The text is empty, too large, binary, not YAML, or uses a part of YAML that is not read.
    """
    if len(text) > SIZE_LIMIT_BYTES:
        _too_large(name, len(text))
    whole = _decoded(text, name)
    if not whole.strip():
        raise InvalidInput("the file is empty", where=f"{name}:1", expected="a YAML mapping", got="nothing")
    loader = _LOADER(whole)
    try:
        return _Composer(loader, name).document()
    except yaml.YAMLError as error:
        raise _syntax(error, whole, name) from None
    finally:
        loader.dispose()


def read_tree_file(path: Path, *, name: str | None = None) -> Node:
    """
    Read one YAML file; its name in errors is *name*, else the path as given.

    Raises:
        InvalidInput: There is no such file, or as for `read_tree`.
        Unavailable: The file is there but cannot be read.
    """
    return read_tree(file_bytes(path), name=name or str(path))


def file_bytes(path: Path) -> bytes:
    """
    The bytes of a file that is small enough; a larger one is refused unread.

    Raises:
        InvalidInput: There is no such file, it is a directory, or it is too large.
        Unavailable: The file is there but cannot be read.
    """
    try:
        if path.is_dir():
            raise InvalidInput("not a file", where=str(path), expected="a YAML file", got="a directory")
        size = path.stat().st_size
        if size > SIZE_LIMIT_BYTES:
            _too_large(str(path), size)
        with path.open("rb") as stream:
            found = stream.read(SIZE_LIMIT_BYTES + 1)  # a pipe or a growing file states no size
    except (FileNotFoundError, NotADirectoryError, ValueError):
        raise InvalidInput("no such file", where=str(path), expected="a YAML file", got="nothing there") from None
    except OSError as error:
        raise Unavailable("cannot read the file", where=str(path), got=error.strerror or type(error).__name__) from None
    if len(found) > SIZE_LIMIT_BYTES:
        _too_large(str(path), len(found))
    return found


def _too_large(name: str, size: int) -> NoReturn:
    raise InvalidInput(
        "the file is too large",
        where=name,
        expected=f"at most {SIZE_LIMIT_BYTES / 1e6:g} MB",
        got=f"{size / 1e6:.1f} MB",
    )


def _decoded(text: str | bytes, name: str) -> str:
    if isinstance(text, bytes):
        if b"\0" in text:
            line = text.count(b"\n", 0, text.index(b"\0")) + 1
            raise InvalidInput("not a text file", where=f"{name}:{line}", expected="UTF-8 text", got="a zero byte")
        try:
            return text.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = text.count(b"\n", 0, error.start) + 1
            raise InvalidInput(
                "not a text file",
                where=f"{name}:{line}",
                expected="UTF-8 text",
                got=f"byte 0x{text[error.start]:02x} at offset {error.start}",
            ) from None
    bad = next((at for at, sign in enumerate(text) if sign == "\0" or "\ud800" <= sign <= "\udfff"), None)
    if bad is not None:
        line = text.count("\n", 0, bad) + 1
        raise InvalidInput(
            "not a text file", where=f"{name}:{line}", expected="Unicode text", got=f"code point U+{ord(text[bad]):04X}"
        )
    return text.removeprefix("\ufeff")


def _syntax(error: yaml.YAMLError, text: str, name: str) -> InvalidInput:
    if isinstance(error, yaml.reader.ReaderError):
        bad = next((at for at, sign in enumerate(text) if not sign.isprintable() and sign not in "\t\n\r\x85"), 0)
        return InvalidInput(
            "not a text file",
            where=f"{name}:{text.count(chr(10), 0, bad) + 1}",
            expected="printable text",
            got=f"code point U+{ord(text[bad]):04X}",
        )
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line = mark.line + 1 if mark is not None else 1
    lines = text.splitlines()
    return InvalidInput(
        f"not YAML: {getattr(error, 'problem', None) or 'cannot be parsed'}",
        where=f"{name}:{line}",
        expected="valid YAML",
        got=repr(lines[line - 1].strip()) if line <= len(lines) else "the end of the file",
    )


class _Composer:
    """
    Nodes from the events of one parser.

    Events, not YAML's own nodes: an alias is then refused before anything is expanded, and nesting is counted before
    anything recurses.
    """

    def __init__(self, loader: Any, name: str) -> None:
        self._loader = loader
        self._name = name

    def document(self) -> Node:
        self._loader.get_event()  # start of the stream
        start = self._loader.get_event()
        if isinstance(start, yaml.StreamEndEvent):
            raise InvalidInput(
                "the file is empty", where=f"{self._name}:1", expected="a YAML mapping", got="only comments"
            )
        root = self._node(self._loader.get_event(), "", None, 0)
        if root.value is None:
            raise InvalidInput("the file is empty", where=root.where, expected="a YAML mapping", got="nothing")
        self._loader.get_event()  # end of the document
        more = self._loader.get_event()
        if not isinstance(more, yaml.StreamEndEvent):
            self._refuse("several documents in one file", more, "", "one document", "a second one")
        return root

    def _refuse(self, message: str, event: Any, path: str, expected: str, got: str) -> NoReturn:
        where = f"{self._name}:{event.start_mark.line + 1} {path}".rstrip()
        raise InvalidInput(message, where=where, expected=expected, got=got)

    def _node(self, event: Any, path: str, line: int | None, depth: int) -> Node:
        if isinstance(event, yaml.AliasEvent):
            self._refuse("an alias", event, path, "the value itself", f"*{event.anchor}")
        if event.anchor is not None:
            self._refuse("an anchor", event, path, "no anchors or aliases", f"&{event.anchor}")
        if event.tag is not None:
            self._refuse("a tag", event, path, "a plain value", event.tag)
        line = event.start_mark.line + 1 if line is None else line
        if isinstance(event, yaml.ScalarEvent):
            return Node(self._name, line, path, self._scalar(event, path))
        if depth >= DEPTH_LIMIT:
            self._refuse("nested too deep", event, path, f"at most {DEPTH_LIMIT} levels", "more")
        if isinstance(event, yaml.SequenceStartEvent):
            return Node(self._name, line, path, self._sequence(path, depth))
        return Node(self._name, line, path, self._mapping(path, depth))

    def _sequence(self, path: str, depth: int) -> tuple[Node, ...]:
        nodes: list[Node] = []
        while not isinstance(event := self._loader.get_event(), yaml.SequenceEndEvent):
            nodes.append(self._node(event, f"{path}[{len(nodes)}]", None, depth + 1))
        return tuple(nodes)

    def _mapping(self, path: str, depth: int) -> dict[str, Node]:
        nodes: dict[str, Node] = {}
        while not isinstance(event := self._loader.get_event(), yaml.MappingEndEvent):
            key = self._key(event, path)
            below = f"{path}.{key}" if path else key
            line = event.start_mark.line + 1
            if key in nodes:
                self._refuse(
                    "the same key twice", event, below, "each key once", f"{key!r} also on line {nodes[key].line}"
                )
            nodes[key] = self._node(self._loader.get_event(), below, line, depth + 1)
        return nodes

    def _key(self, event: Any, path: str) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            self._refuse("a key that is not text", event, path, "a word", "a collection, alias or other structure")
        if event.anchor is not None or event.tag is not None:
            self._refuse("an anchor or tag on a key", event, path, "a word", str(event.anchor or event.tag))
        key = self._scalar(event, path)
        if not isinstance(key, str):
            self._refuse("a key that is not text", event, path, "a word (quote it if it must be so)", repr(event.value))
        return key

    def _scalar(self, event: Any, path: str) -> Scalar:
        text: str = event.value
        if not event.implicit[0]:
            return text  # quoted
        if text in _WORDS:
            return _WORDS[text]
        if text[0] not in _FIRST_OF_NUMBER:
            return text
        if _INT.fullmatch(text):
            if len(text.lstrip("+-")) > DIGITS_LIMIT:
                self._refuse("a number out of range", event, path, f"at most {DIGITS_LIMIT} digits", text)
            return int(text)
        if _FLOAT.fullmatch(text):
            number = float(text)
            if not math.isfinite(number):
                self._refuse("a number out of range", event, path, "a finite number", text)
            return number
        if _NOT_FINITE.fullmatch(text):
            self._refuse("not a finite number", event, path, "a finite number", text)
        return text
