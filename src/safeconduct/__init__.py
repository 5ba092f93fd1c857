"""
Safe Conduct: who could come in time, whose permission each of them needs, and what each permission is worth.

    >>> import safeconduct
    >>> case = safeconduct.load_case("exercise-two-rivers")
    >>> answer = safeconduct.assess(case)
    >>> answer.sufficient_sets[0].clearances
    ('XB-ENTRY-XA',)
"""

from typing import TYPE_CHECKING, Any

from safeconduct.model.errors import InvalidInput, OutOfScope, SafeConductError

if TYPE_CHECKING:
    from safeconduct.assessment.answer import Assessment
    from safeconduct.desk.assess import assess
    from safeconduct.desk.cases import load_case
    from safeconduct.model.case import Case

__all__ = ["Assessment", "Case", "InvalidInput", "OutOfScope", "SafeConductError", "assess", "load_case"]

_DOORS = {
    "assess": "safeconduct.desk.assess",
    "load_case": "safeconduct.desk.cases",
    "Assessment": "safeconduct.assessment.answer",
    "Case": "safeconduct.model.case",
}


def __getattr__(name: str) -> Any:
    """Open a door when it is asked for: importing the package loads nothing heavy."""
    if name not in _DOORS:
        raise AttributeError(name)
    from importlib import import_module  # lazy: as said above

    return getattr(import_module(_DOORS[name]), name)
