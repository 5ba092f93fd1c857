"""The independent solver: the fewest colours as a mixed-integer program for HiGHS, through scipy.optimize.milp."""

import math

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

from safeconduct.reach.graph import ColouredGraph, colours_of


def fewest_by_milp(
    graph: ColouredGraph, source: int, target: int, limit: float, *, seconds: float = math.inf
) -> int | None:
    """
    The fewest colours of a way no longer than *limit*; None if there is none, or none proved within *seconds*.

    Variables: one per arc (used or not), then one per colour (allowed or not). Flow is kept at every node, the length
    is within the limit, and an arc is used only if its colours are allowed.
    """
    arcs = len(graph.head)
    needs = [colours_of(graph.palette[row]) for row in graph.kind.tolist()]
    rows, columns, values = [], [], []
    for arc in range(arcs):
        rows += [int(graph.tail[arc]), int(graph.head[arc])]
        columns += [arc, arc]
        values += [1.0, -1.0]
    for arc in range(arcs):
        rows.append(graph.nodes)
        columns.append(arc)
        values.append(float(graph.length[arc]))
    low, high = np.zeros(graph.nodes + 1), np.zeros(graph.nodes + 1)
    low[source] = high[source] = 1.0
    low[target] = high[target] = -1.0
    low[-1], high[-1] = -math.inf, limit
    next_row = graph.nodes + 1
    for arc, each in enumerate(needs):
        for colour in each:
            rows += [next_row, next_row]
            columns += [arc, arcs + colour]
            values += [1.0, -1.0]
            next_row += 1
    low = np.concatenate([low, np.full(next_row - len(low), -math.inf)])
    high = np.concatenate([high, np.zeros(next_row - len(high))])
    size = arcs + graph.colours
    answer = milp(
        np.concatenate([np.zeros(arcs), np.ones(graph.colours)]),
        constraints=LinearConstraint(csr_matrix((values, (rows, columns)), shape=(next_row, size)), low, high),
        bounds=Bounds(0.0, 1.0),
        integrality=np.ones(size),
        options={} if math.isinf(seconds) else {"time_limit": seconds},
    )
    return round(answer.fun) if answer.status == 0 else None
