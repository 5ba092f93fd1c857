"""What entering a state asks for, and the forms and words for asking."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

from safeconduct.assessment.board import facts_of
from safeconduct.desk.cases import open_case
from safeconduct.desk.law import chosen_plans
from safeconduct.formats.entry import shipped_clauses, shipped_profiles
from safeconduct.formats.rules import shipped_drafts
from safeconduct.law.form import clearance_form
from safeconduct.model.assets import Asset
from safeconduct.model.case import Case
from safeconduct.model.entry import Clause, EntryProfile, FormField
from safeconduct.model.errors import InvalidInput
from safeconduct.model.instants import Instant
from safeconduct.model.known import as_known
from safeconduct.model.rules import Rule
from safeconduct.reach.plans import Plan


@dataclass(frozen=True, slots=True)
class Form:
    """The clearance form of one way for one state."""

    case: str
    way: str
    state: str
    exercise: bool
    fields: tuple[FormField, ...]


def profile(state: str) -> EntryProfile:
    """
    What is known of entering a state.

    Raises:
        InvalidInput: Nothing is on file for it.
    """
    known = shipped_profiles()
    if state not in known:
        near = get_close_matches(state.upper(), known, n=1)
        hint = f" (did you mean {near[0]}?)" if near else ""
        raise InvalidInput(
            "no entry profile", where="STATE", expected=f"one of {', '.join(sorted(known))}{hint}", got=state
        )
    return known[state]


def clauses() -> tuple[Clause, ...]:
    """Words for terms between parties."""
    return shipped_clauses()


def drafts() -> tuple[Rule, ...]:
    """Draft agreements that a what-if can take as law."""
    return shipped_drafts()


def forms(name: str, way: str, *, at: Instant | None = None) -> tuple[Form, ...]:
    """
    The clearance forms of a way, one for each state that it enters.

    Args:
        way: Id of a way or asset; of several ways of one asset the first.

    Raises:
        InvalidInput: There is no such case or way, or it is no flight.
    """
    case = open_case(name).case
    moment = at or case.assess_at
    known = as_known(case, moment)
    shown, asset, plan = chosen_plans(known, moment, way)[0]
    facts = facts_of(asset, plan, known, moment)
    if facts.aircraft == "none" or not facts.crosses:
        raise InvalidInput(
            "not a flight across a border", where="--way", expected="an aircraft that enters a state", got=way
        )
    ordered = _entered(plan, facts.crosses)
    return tuple(
        Form(
            case.id,
            shown,
            state,
            case.kind == "exercise",
            clearance_form(
                facts,
                issuing=state,
                count=asset.count,
                craft=asset.type.id if asset.type else "not stated",
                departure=_place(known, asset),
                destination=f"search area in {known.host}, place to be given on acceptance",
                entries=ordered,
                contact=_contact(known, asset.provider),
            ),
        )
        for state in ordered
    )


def _entered(plan: Plan, crosses: tuple[str, ...]) -> tuple[str, ...]:
    """States in the order in which they are entered, those without a known order last."""
    order = dict.fromkeys(state for leg in plan.legs for state, _ in leg.enters if state in crosses)
    return (*order, *(state for state in crosses if state not in order))


def _place(case: Case, asset: Asset) -> str:
    base = case.base(asset.base)
    return base.name if base is not None else ""


def _contact(case: Case, provider: str) -> str:
    party = case.party(provider)
    rcc = party.rcc if party is not None else None
    return f"{rcc.name}, {rcc.contact or 'no contact published'}" if rcc is not None else ""
