"""Reader of a chain of steps that a case spells out for an asset: fly, land, clear, unload, drive, load, sail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from safeconduct.formats.fields import Context, Reader, choice, code, identifier, listed, many, nullable, refuse
from safeconduct.formats.values import cited, classed, dated
from safeconduct.formats.yamltree import Node
from safeconduct.model.assets import MOVES, STEP_MODES, Step
from safeconduct.model.sources import Spread

_STEP: Mapping[str, Reader[Any]] = {
    "id": identifier,
    "mode": choice(STEP_MODES),
    "to": identifier,
    "hours": nullable(classed("h")),
    "speed_kmh": nullable(classed("km/h")),
    "needs": many(identifier),
    "after": dated,
    "enters": many(code),
}


def chain(node: Node, ctx: Context) -> tuple[Step, ...]:
    """
    Read the steps of one asset.

    Raises:
        InvalidInput: As for every record; a move without an end, an end or a speed where nothing moves, or an id twice.
    """
    steps = listed(node, ctx, _step, least=1)
    seen: set[str] = set()
    for below, step in zip(node.value if isinstance(node.value, tuple) else (), steps, strict=True):
        if step.id in seen:
            refuse(below, "the same step twice", expected="each id once within an asset", got=step.id)
        seen.add(step.id)
    return steps


def _step(node: Node, ctx: Context) -> Step:
    values, origin = cited(node, ctx, _STEP, ("id", "mode"))
    mode, moves = values["mode"], values["mode"] in MOVES
    if moves != ("to" in values):
        expected = "the id of a base, or site" if moves else f"'to' for {', '.join(MOVES)} alone"
        refuse(node.get("to") or node, f"wrong for {mode}", expected=expected)
    if "speed_kmh" in values and (mode == "fly" or not moves or "hours" in values):
        refuse(
            node.get("speed_kmh") or node, f"wrong for {mode}", expected="a speed for drive, walk or sail without hours"
        )
    return Step(
        id=values["id"],
        mode=mode,
        to=values.get("to", ""),
        hours=values.get("hours"),
        speed_kmh=values.get("speed_kmh"),
        needs=values.get("needs", ()),
        after=values.get("after"),
        enters=values.get("enters", ()),
        cite=origin,
        factor=_flight(ctx) if mode == "fly" and "hours" not in values else None,
    )


def _flight(ctx: Context) -> Spread | None:
    """How recorded flights of other cases stand to their plans."""
    from safeconduct.formats.durations import shipped_classes  # lazy: most cases spell out no chain

    return shipped_classes("ratio", ctx.case)["flight"]
