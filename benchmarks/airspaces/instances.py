"""The published generators of coloured graphs: map-like and scattered grids. Same arguments, same instance."""

import random

from safeconduct.reach.graph import ColouredGraph, graph_of


def scattered(side: int, colours: int, seed: int) -> ColouredGraph:
    """A square grid of unit edges, each with one colour drawn at random: the hard family of the literature."""
    draw = random.Random(seed)
    return graph_of(side * side, [(*edge, 1.0, frozenset({draw.randrange(colours)})) for edge in _edges(side)], colours,
                    both_ways=True)  # fmt: skip


def maplike(side: int, colours: int, seed: int) -> ColouredGraph:
    """A square grid whose cells belong to the nearest of some places, a fifth to nobody; an edge needs both ends'."""
    draw = random.Random(seed)
    seats = [(draw.uniform(0, side), draw.uniform(0, side)) for _ in range(colours)]
    owner = {}
    for cell in range(side * side):
        row, column = divmod(cell, side)
        nearest = min(range(colours), key=lambda c: (seats[c][0] - row) ** 2 + (seats[c][1] - column) ** 2)
        owner[cell] = frozenset() if draw.random() < 0.2 else frozenset({nearest})
    rows = [(a, b, round(draw.uniform(1.0, 1.3), 3), owner[a] | owner[b]) for a, b in _edges(side)]
    return graph_of(side * side, rows, colours, both_ways=True)


def _edges(side: int) -> list[tuple[int, int]]:
    across = [(r * side + c, r * side + c + 1) for r in range(side) for c in range(side - 1)]
    return across + [(r * side + c, (r + 1) * side + c) for r in range(side - 1) for c in range(side)]
