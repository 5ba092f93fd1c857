"""Write docs/schema/assessment-1.json from the dataclasses; with --check say whether it is current."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from safeconduct.formats.assessment import schema

TARGET = Path(__file__).resolve().parent.parent / "docs" / "schema" / "assessment-1.json"


def text() -> str:
    """The file's text: two spaces, sorted as generated, one newline at the end."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    if "--check" in arguments:
        current = TARGET.is_file() and TARGET.read_text(encoding="utf-8") == text()
        print("current" if current else f"{TARGET.name} is not current: run tools/build_schema.py", file=sys.stderr)
        return 0 if current else 1
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
