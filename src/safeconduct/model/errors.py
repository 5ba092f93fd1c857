"""The one error root. Each branch answers: who can do something about it?"""

from __future__ import annotations


class SafeConductError(Exception):
    """
    Root of every error that leaves this package.

    Args:
        message: One sentence for a person.

        where: Place of the fault, as a person would look for it: ``case.yaml:12 persons[0].count``.

        expected: What would have been right.

        got: What came instead, shortened to 120 characters.
    """

    kind = "error"

    def __init__(self, message: str, *, where: str = "", expected: str = "", got: str = "") -> None:
        self.message = message
        self.where = where
        self.expected = expected
        self.got = got if len(got) <= 120 else got[:117] + "..."
        super().__init__(str(self))

    def __str__(self) -> str:
        said = f"{self.where}: {self.message}" if self.where else self.message
        parts = [said.removesuffix(".") + "."]
        if self.expected:
            parts.append(f"Expected {self.expected}.")
        if self.got:
            parts.append(f"Got {self.got}.")
        return " ".join(parts)


class InvalidInput(SafeConductError):
    """What was handed in is wrong; whoever handed it in can correct it (exit status 2)."""

    kind = "invalid-input"


class OutOfScope(InvalidInput):
    """The case asks for what this software does not do (DESIGN.md section 1); there is nothing to correct."""

    kind = "out-of-scope"


class OutOfDomain(InvalidInput):
    """A formula was asked outside the domain it states."""

    kind = "out-of-domain"


class Unavailable(SafeConductError):
    """Something outside this program is missing: a file, a disk, a network (exit status 3)."""

    kind = "unavailable"


class Corrupt(SafeConductError):
    """Packaged or stored data are not what was written (exit status 3)."""

    kind = "corrupt"


class Bug(SafeConductError):
    """We broke our own promise (exit status 3)."""

    kind = "bug"
