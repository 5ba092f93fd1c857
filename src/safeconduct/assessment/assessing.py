"""Questions 1-3 for one case as known at one instant: puts the parts of the answer together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from safeconduct.assessment.answer import (
    Assessment,
    Border,
    CaseRef,
    Delay,
    GoalValue,
    InstantQuantiles,
    Interaction,
    Quantiles,
    Sets,
    SourceRef,
    Value,
)
from safeconduct.assessment.boardroom import ask_steps, clearances
from safeconduct.assessment.deadlines import ask_order, curves
from safeconduct.assessment.delay import delay
from safeconduct.assessment.draws import Array, Draws
from safeconduct.assessment.engine import Means, build
from safeconduct.assessment.first import first_lines
from safeconduct.assessment.game import play
from safeconduct.assessment.limiting import limiting_causes
from safeconduct.assessment.names import DISCLAIMER
from safeconduct.assessment.regimes import all_now, as_it_stands, asked_now, nothing_more, open_ids
from safeconduct.assessment.situation import coordination, persons, timeline, where, windows
from safeconduct.assessment.trace import assumptions, unknowns, unverified_share
from safeconduct.assessment.value import (
    BORDERLINE,
    GOALS,
    POINT,
    Granting,
    Run,
    expected,
    margin,
    maximum,
    quantiles,
    run,
    stated,
    times,
    unit,
    value_of,
)
from safeconduct.assessment.wayroom import Presented, present_ways
from safeconduct.assessment.world import World
from safeconduct.model.case import Case
from safeconduct.model.instants import Instant, after
from safeconduct.model.space import LonLat

SCHEMA = "safeconduct/assessment/1"
DEFAULT_BY_H = 24.0
LIGHT_H = 36.0
DELAYS_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Question:
    """
    What is asked of a case.

    Args:
        at: As known at.

        goal: Of `GOALS`.

        by: Hour by which found or reached is asked; None is 24 h after the incident, or after *at* once that is over.

        target: Value that a sufficient set must reach; None is half-way between nothing more and all now.

        what_if: Words for each change that is not a fact of the case.
    """

    at: Instant
    goal: str = "survivors"
    by: Instant | None = None
    target: float | None = None
    what_if: tuple[str, ...] = ()


def assess_case(case: Case, question: Question, means: Means, *, draws: Draws | None = None) -> Assessment:
    """
    Assess *case*, which must already be cut to what is known and changed by the what-ifs.

    Args:
        draws: Seeded draws; None takes the case's seed.

    Raises:
        InvalidInput: Nothing that is known says where they are.
    """
    drawn = draws or Draws(case.seed)
    by = question.by or default_by(case, question.at)
    world, site = build(case, question.at, by, means, drawn)
    states = tuple(run(world, regime(world)) for regime in (as_it_stands, nothing_more, all_now))
    goals = tuple(_goal_value(world, g, states) for g in GOALS)
    goal = _shown_goal(goals, question.goal)
    return _Answer(world, site, question, by=by, goals=goals, goal=goal).assessment()


def default_by(case: Case, at: Instant) -> Instant:
    """The hour by which found or reached is asked: 24 h after the incident, or after *at* where that is over."""
    first = case.incident_at + timedelta(hours=DEFAULT_BY_H)
    return first if at < first else at + timedelta(hours=DEFAULT_BY_H)


def _goal_value(world: World, goal: str, taken: Sequence[Run]) -> GoalValue:
    """A goal's value in the three states, *taken* being what the ways do in each."""
    states = [value_of(world, goal, each) for each in taken]
    top = maximum(world, goal)
    # What is so whatever anybody does (a place that is known, a find on record) is nothing to hope for.
    anyway = expected(value_of(world, goal, []))
    negligible = top <= 0.0 or max(expected(s) for s in states) - anyway < POINT * top
    return GoalValue(goal, _q(states[0]), _q(states[1]), _q(states[2]), top, unit(goal), negligible)


def _q(values: Array) -> Quantiles:
    return Quantiles(*quantiles(values))


def _shown_goal(goals: tuple[GoalValue, ...], asked: str) -> str:
    """The goal asked for, or the next one whose best value is not negligible."""
    order = [asked, *(g for g in GOALS if g != asked)]
    by_name = {g.goal: g for g in goals}
    return next((g for g in order if not by_name[g].negligible), asked)


class _Answer:
    """One answer in the making: what several parts of it share."""

    def __init__(
        self,
        world: World,
        site: LonLat,
        question: Question,
        *,
        by: Instant,
        goals: tuple[GoalValue, ...],
        goal: str,
    ) -> None:
        self.world, self.site, self.question, self.by, self.goals, self.goal = world, site, question, by, goals, goal
        held = frozenset(p.id for p in world.permits if p.status == "granted")
        self.granting = Granting(world, goal, all_now(world), held)
        self.players = open_ids(world)
        self.maximum = maximum(world, goal)
        self.target = self._target()

    def _target(self) -> float:
        if self.question.target is not None:
            return self.question.target
        low, high = self.granting(frozenset()), self.granting(frozenset(self.players))
        return low + (high - low) / 2.0

    def _set(self, chosen: frozenset[str]) -> Sets:
        return self._shown(chosen, [chosen, *(chosen - {item} for item in chosen)])

    def _block(self, chosen: frozenset[str]) -> Sets:
        left = frozenset(self.players) - chosen
        return self._shown(chosen, [left, *(left | {item} for item in chosen)])

    def _shown(self, chosen: frozenset[str], deciding: Sequence[frozenset[str]]) -> Sets:
        """A minimal set, with how clear of the target the values are that make it one."""
        level: Array | float = self.target
        if self.question.target is None:
            low, high = (self.granting.by_draw(each) for each in (frozenset[str](), frozenset(self.players)))
            level = low + (high - low) / 2.0
        clear = min(abs(margin(self.granting.by_draw(each) - level)) for each in deciding)
        return Sets(tuple(sorted(chosen)), stated(clear), clear < BORDERLINE)

    def assessment(self) -> Assessment:
        """All of it."""
        world, case, at = self.world, self.world.case, self.question.at
        game = play(self.granting, self.players, self.target, seed=case.seed, point=POINT * max(self.maximum, 1e-9))
        bends = curves(world, self.goal, self.players)
        order = ask_order(world, self.goal, {n: s.shapley for n, s in game.shares.items()}, bends)
        ways = present_ways(world, self.goal, what_if=bool(self.question.what_if))
        board = clearances(world, game.shares, bends, ways)
        steps = ask_steps(world, order, game.shares, bends)
        shown = next(g for g in self.goals if g.goal == self.goal)
        stands = times(world, run(world, as_it_stands(world)))
        return Assessment(
            schema=SCHEMA,
            case=_case_ref(case),
            as_of=at,
            what_if=self.question.what_if,
            goal=self.goal,
            goal_asked=self.question.goal,
            by=self.by,
            now=first_lines(world, self.goals, goal=self.goal, asked=self.question.goal, order=steps, ways=ways),
            coordination=coordination(case),
            where=where(case, world.shown, self.site),
            persons=persons(case, world.at, world.draws),
            windows=windows(case, self.site, world.at, case.incident_at, at + timedelta(hours=LIGHT_H)),
            ways=tuple(w.way for w in ways),
            offers=tuple(f"{o.party}: {o.says}" for o in case.offers),
            clearances=board,
            value=Value(shown.as_it_stands, shown.nothing_more, shown.all_now, self.target, shown.maximum, shown.unit),
            goals=self.goals,
            find_time=_instants(world, stands.found),
            reach_time=_instants(world, stands.reached),
            sufficient_sets=tuple(map(self._set, game.families.sufficient)),
            sufficient_count=game.families.sufficient_count,
            blocking_sets=tuple(map(self._block, game.families.blocking)),
            blocking_count=game.families.blocking_count,
            sets_complete=game.complete,
            interactions=tuple(Interaction((a, b), v, error) for a, b, v, error in game.pairs),
            ask_order=steps,
            delay=_delays(world, ways),
            limiting=limiting_causes(world, [(w.model, w.verdict.first) for w in ways], asked_now(world)),
            timeline=timeline(case),
            assumptions=assumptions(world),
            unknowns=unknowns(world),
            unverified_share=unverified_share(world),
            sources=tuple(SourceRef(s.id, s.title) for s in case.sources),
            borders=_borders(case),
            borders_only=case.own_borders_only,
            draws=world.draws.draws,
            seed=world.draws.seed,
            disclaimer=DISCLAIMER,
        )


def _case_ref(case: Case) -> CaseRef:
    return CaseRef(case.id, case.title, case.kind, case.host, case.lost, case.emergency, case.incident_at, case.summary)


def _borders(case: Case) -> tuple[Border, ...]:
    own = [(p, p.airspace) for p in case.parties if p.airspace is not None]
    return tuple(Border(p.id, p.name, tuple(r for g in a.polygons for r in (g.shell, *g.holes))) for p, a in own)


def _instants(world: World, hours: Array) -> InstantQuantiles:
    """Quantiles over all draws and chances; None where that quantile is never."""
    flat = np.quantile(hours.ravel(), [0.1, 0.5, 0.9], method="inverted_cdf")
    return InstantQuantiles(*(after(world.case.incident_at, float(h)) for h in flat))


def _delays(world: World, ways: tuple[Presented, ...]) -> tuple[Delay, ...]:
    """Delay budgets: every way that has left or arrived, then the best of the others."""
    regime = asked_now(world)
    moved = [w for w in ways if w.model.departed is not None]
    others = [w for w in ways if w.model.departed is None and w.model.asset.provider != world.case.host]
    others.sort(key=lambda w: (w.way.verdict == "unknown", w.way.verdict == "physical"))
    chosen = [*moved, *others][:DELAYS_SHOWN]
    return tuple(d for w in chosen if (d := delay(world, w.model, regime)) is not None)
