"""The whole front of a coloured graph, and the switch to the hitting set where labels would explode."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from safeconduct.reach.graph import ColouredGraph, colours_of
from safeconduct.reach.hitting import Fewest, fewest_colours

LABELS = 400_000
"""Labels made before the whole front is given up: a second or so, about a hundred bytes each."""

WORK = 2_000_000_000
"""Comparisons of two labels before the whole front is given up: the same on every machine, on ours 15 seconds."""

ROOM = 4_000_000
"""Nodes and colours of all ways kept together: some 300 MB. Of a front with more, the longer ways are left out."""

NO_CAP = 1 << 30


@dataclass(frozen=True, slots=True)
class GraphWay:
    """
    One way of a front.

    Args:
        colours: What it needs.

        length: In the unit of the arcs.

        path: Nodes from source to target.
    """

    colours: frozenset[int]
    length: float
    path: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class GraphFront:
    """
    Ways over (length, colours), and what is proved of them.

    Args:
        ways: By rising length; none is both no shorter than another and in need of all that the other needs.

        method: ``labels``, or ``labels, then hitting set`` when a budget was spent.

        complete: Whether the front is whole within the limits asked.

        proved_length: Every way shorter than this was looked at.

        labels: Labels made.

        comparisons: Of two labels.

        fewest: From the hitting set, where it took over.
    """

    ways: tuple[GraphWay, ...]
    method: str
    complete: bool
    proved_length: float
    labels: int
    comparisons: int
    fewest: Fewest | None = None


def graph_front(
    graph: ColouredGraph,
    source: int,
    target: int,
    limit: float = math.inf,
    *,
    most: int | None = None,
    labels: int = LABELS,
    work: int = WORK,
    room: int = ROOM,
    seconds: float = 10.0,
    clock: Callable[[], float] = time.monotonic,
) -> GraphFront:
    """
    All Pareto-optimal (length, colours) ways from *source* to *target*.

    When the labels, the comparisons or the room for ways are spent, the ways found so far are kept with the length up
    to which they are all, and the implicit hitting set looks for the fewest colours within *seconds*; its way is added.

    Args:
        graph: Coloured arcs.

        source: Node.

        target: Node; equal to the source there is one way of no length.

        limit: Longest way of interest.

        most: Most colours of interest; None: no cap.

        labels: Budget of labels.

        work: Budget of comparisons of two labels; their number grows with the square of the labels at one node.

        room: Budget of nodes and colours of the ways kept.

        seconds: Budget of the hitting set.

        clock: Seconds that only go forward.
    """
    from safeconduct.reach import labelkernels  # lazy: compiled code, not wanted before a route is

    bound = np.append(_to_target(graph, target), 0.0)
    none = np.zeros((1, graph.palette.shape[1]), dtype=np.uint64)
    exits = np.full(graph.nodes, -1, dtype=np.int32)
    exits[target] = 0
    status, made, compared, proved, arrived, node, parent, far, masks = labelkernels.pareto(
        graph.begin, graph.head, graph.length, graph.kind, graph.palette,
        np.array([source], dtype=np.int32), np.zeros(1), none, exits, np.zeros(1), none,
        bound, np.zeros(graph.nodes + 1), limit, NO_CAP if most is None else most, labels, work,
    )  # fmt: skip
    ways: list[GraphWay] = []
    whole = status == labelkernels.DONE
    for label in arrived.tolist():
        steps, at = [], int(parent[label])
        while at >= 0:
            steps.append(int(node[at]))
            at = int(parent[at])
        colours = colours_of(masks[label])
        room -= len(steps) + len(colours)
        if room < 0:
            proved, whole = float(far[label]), False
            break
        ways.append(GraphWay(colours, float(far[label]), tuple(steps[::-1])))
    if whole:
        return GraphFront(tuple(ways), "labels", True, limit, int(made), int(compared))
    fewest = fewest_colours(graph, source, target, limit, seconds=seconds, clock=clock)
    small = fewest.colours is not None and (most is None or len(fewest.colours) <= most)
    if fewest.colours is not None and small and not any(way.colours <= fewest.colours for way in ways):
        ways.append(GraphWay(fewest.colours, fewest.length, fewest.path))
    return GraphFront(
        tuple(ways), "labels, then hitting set", complete=False, proved_length=float(proved), labels=int(made),
        comparisons=int(compared), fewest=fewest,
    )  # fmt: skip


def _to_target(graph: ColouredGraph, target: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    from safeconduct.reach import kernels  # lazy: as above

    back = graph.reverse()
    distance = np.empty(graph.nodes)
    kernels.field(np.array([target], dtype=np.int32), np.zeros(1), back.begin, back.head, back.length, distance)
    return distance


def minimal_sets(front: GraphFront) -> frozenset[frozenset[int]]:
    """The minimal sets of colours that open a way of a complete front."""
    sets = {way.colours for way in front.ways}
    return frozenset(each for each in sets if not any(other < each for other in sets))
