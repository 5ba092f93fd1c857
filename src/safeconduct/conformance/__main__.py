"""`python -m safeconduct.conformance OP [--lines] < in.json > out.json`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from typing import BinaryIO, TypeAlias

from safeconduct.conformance.ops import BYTE_OPS, OPS
from safeconduct.conformance.reading import document
from safeconduct.model.errors import Bug, InvalidInput, SafeConductError

USAGE = "python -m safeconduct.conformance OP [--lines] < in.json > out.json"

Work: TypeAlias = Callable[[bytes], dict[str, object]]
"""The bytes of one document in, its answer out."""


def main(arguments: Sequence[str], source: BinaryIO, sink: BinaryIO) -> int:
    """
    Answer one document, or with ``--lines`` one document per line.

    Returns:
        Exit status 0: answered (with ``--lines`` always, errors being answers too). 2: bad input. 3: a fault of ours.
    """
    try:
        work, by_line = _read(arguments)
    except InvalidInput as error:
        sink.write(_line(_error(error)))
        return 2
    if by_line:
        for line in source:
            sink.write(_answer(work, line.strip())[0])
            sink.flush()
        return 0
    answer, status = _answer(work, source.read())
    sink.write(answer)
    return status


def _read(arguments: Sequence[str]) -> tuple[Work, bool]:
    names = [each for each in arguments if each != "--lines"]
    if len(names) != 1 or names[0] not in {*OPS, *BYTE_OPS}:
        expected = f"{USAGE} with OP one of {', '.join([*OPS, *BYTE_OPS])}"
        raise InvalidInput("no such op", where="arguments", expected=expected, got=" ".join(names))
    by_line = len(names) < len(arguments)
    if names[0] in BYTE_OPS:
        return BYTE_OPS[names[0]], by_line
    on_object = OPS[names[0]]
    return lambda data: on_object(document(data)), by_line


def _answer(work: Work, data: bytes) -> tuple[bytes, int]:
    """Line with the answer or error object, and the exit status it stands for."""
    try:
        return _line(work(data)), 0
    except InvalidInput as error:
        return _line(_error(error)), 2
    except SafeConductError as error:
        return _line(_error(error)), 3
    except Exception as error:  # noqa: BLE001  # the edge: whoever reads the other end of the pipe gets an object
        return _line(_error(Bug("unexpected fault", got=f"{type(error).__name__}: {error}"))), 3


def _error(error: SafeConductError) -> dict[str, object]:
    where = error.where if error.where.startswith(("$", "arguments")) or not error.where else f"$.{error.where}"
    parts = [error.message]
    if error.expected:
        parts.append(f"expected {error.expected}")
    if error.got:
        parts.append(f"got {error.got}")
    return {"error": {"kind": error.kind, "where": where or "$", "message": "; ".join(parts)}}


def _line(answer: dict[str, object]) -> bytes:
    return json.dumps(answer, allow_nan=False).encode("ascii") + b"\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], sys.stdin.buffer, sys.stdout.buffer))
