"""Which sectors of aircraft come near each other at the same time, and in which height layer each flies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from safeconduct.search.plan import Sector

BUFFER_KM = 1.852
"""Least distance between the turning room of two sectors: 1 NM. Our assumption: the manuals read so far print none."""

LAYER_M = 150.0
"""Between two height layers: 500 ft. Our assumption, after the same silence."""

BESIDE_KM = 0.2
"""Teams on the ground so near to each other are told of each other. Our assumption."""

BUFFER_SAYS = (
    f"aircraft in the air at the same time keep {BUFFER_KM:.1f} km (1 NM) between their turning room, or fly in height "
    f"layers {LAYER_M:.0f} m (500 ft) apart; both figures are our assumption"
)


@dataclass(frozen=True, slots=True)
class Box:
    """
    What a crew takes up.

    Args:
        sector: Its sector.

        room_km: How far its track leaves the sector.

        flies: Whether it must keep clear of other aircraft.
    """

    sector: Sector
    room_km: float
    flies: bool


@dataclass(frozen=True, slots=True)
class Near:
    """
    A neighbour at the same time.

    Args:
        sector: Its id.

        gap_km: Between the sectors; 0 where they touch.

        flies: Whether the neighbour is an aircraft.

        clear: Whether the distance alone keeps two aircraft apart.
    """

    sector: str
    gap_km: float
    flies: bool
    clear: bool


def neighbours(boxes: Sequence[Box], position: int) -> tuple[Near, ...]:
    """Everybody within reach of one crew while it works: aircraft within the buffer, teams under it or above them."""
    own = boxes[position]
    out = []
    for place, other in enumerate(boxes):
        if place == position or other.sector.end <= own.sector.start or own.sector.end <= other.sector.start:
            continue
        gap = gap_km(own.sector, other.sector)
        if own.flies and other.flies:
            clear = gap - own.room_km - other.room_km >= BUFFER_KM
            if gap - own.room_km - other.room_km < 2.0 * BUFFER_KM:
                out.append(Near(other.sector.id, gap, True, clear))
        elif gap <= max(own.room_km, other.room_km, 0.0 if own.flies or other.flies else BESIDE_KM):
            out.append(Near(other.sector.id, gap, other.flies, True))
    return tuple(out)


def layers(boxes: Sequence[Box]) -> tuple[int, ...]:
    """Height layer of each, 0 the lowest: no two aircraft that are not kept apart by distance share one."""
    chosen: list[int] = []
    ids = {box.sector.id: place for place, box in enumerate(boxes)}
    for place, box in enumerate(boxes):
        taken = set()
        if box.flies:
            taken = {
                chosen[ids[near.sector]]
                for near in neighbours(boxes, place)
                if near.flies and not near.clear and ids[near.sector] < place
            }
        chosen.append(next(layer for layer in range(len(boxes) + 1) if layer not in taken))
    return tuple(chosen)


def gap_km(one: Sector, other: Sector) -> float:
    """Distance between two sectors on the map's plane; 0 where they touch or overlap."""
    beside = [
        max(
            min(p[axis] for p in a.corners_km) - max(p[axis] for p in b.corners_km)
            for a, b in ((one, other), (other, one))
        )
        for axis in (0, 1)
    ]
    x, y = (max(0.0, each) for each in beside)
    gap = float((x * x + y * y) ** 0.5)
    return gap if gap > 1e-6 else 0.0  # blocks that share an edge differ by rounding
