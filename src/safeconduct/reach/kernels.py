"""
Compiled loops of the world-scale search: borders met by legs, distances. Import this module lazily.

A set of colours is a row of W unsigned 64-bit words, colour c being bit c % 64 of word c // 64; so there is no limit to
the number of colours.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

CELL_DEG = 0.5
COLUMNS = 720
ROWS = 360
PIECE_RAD = math.radians(0.4)  # a leg is cut into pieces so short, each then looked up in the cells around it
PAD_DEG = 0.02  # a great circle of one piece bulges from its chord of latitude by less, up to 85 degrees


@njit(cache=True)
def popcount(word: Any) -> int:
    """Ones in a 64-bit word."""
    one, two = np.uint64(0x5555555555555555), np.uint64(0x3333333333333333)
    four, sum8 = np.uint64(0x0F0F0F0F0F0F0F0F), np.uint64(0x0101010101010101)
    word = word - ((word >> np.uint64(1)) & one)
    word = (word & two) + ((word >> np.uint64(2)) & two)
    word = (word + (word >> np.uint64(4))) & four
    return int(np.int64((word * sum8) >> np.uint64(56)))


@njit(cache=True)
def holders(lon: float, lat: float, edges: Any, owner: Any, start: Any, members: Any, odd: Any) -> None:
    """
    Set *odd* (uint8, one per owner) to 1 for each owner that a place lies in: parity of its edges due north.

    Edges are taken as straight in longitude and latitude here; they are short.
    """
    odd[:] = 0
    column = int(math.floor((lon + 180.0) / CELL_DEG)) % COLUMNS
    first = max(0, int(math.floor((lat + 90.0) / CELL_DEG)))
    for row in range(min(first, ROWS - 1), ROWS):
        cell = row * COLUMNS + column
        for place in range(start[cell], start[cell + 1]):
            e = members[place]
            x1, y1, x2, y2 = edges[e, 0], edges[e, 1], edges[e, 2], edges[e, 3]
            west, east = min(x1, x2), max(x1, x2)
            x = lon
            if x < west - 180.0:
                x += 360.0
            elif x > east + 180.0:
                x -= 360.0
            if not west <= x < east:
                continue
            y = y1 + (x - x1) / (x2 - x1) * (y2 - y1)
            # An edge stands in each cell its box meets; it counts in the one where the ray crosses it.
            if y > lat and min(ROWS - 1, int(math.floor((y + 90.0) / CELL_DEG))) == row:
                odd[owner[e]] ^= 1


@njit(cache=True)
def leg_meets(a: Any, b: Any, ends: Any, owner: Any, start: Any, members: Any, words: Any, first: bool) -> bool:
    """
    Add to *words* the owner of each border edge that the great circle from a to b (unit vectors) crosses.

    Returns whether any was added; with *first* it stops at the first one.
    """
    added = False
    dot = a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
    nx, ny, nz = a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]
    size = math.sqrt(nx * nx + ny * ny + nz * nz)
    arc = math.atan2(size, dot)
    if size == 0.0:
        return False
    # The unit vector a quarter turn ahead of a: points of the leg are cos t a + sin t ahead.
    hx, hy, hz = (b[0] - dot * a[0]) / size, (b[1] - dot * a[1]) / size, (b[2] - dot * a[2]) / size
    count = max(1, int(math.ceil(arc / PIECE_RAD)))
    px, py, pz = a[0], a[1], a[2]
    plon, plat = math.degrees(math.atan2(py, px)), math.degrees(math.asin(max(-1.0, min(1.0, pz))))
    for step in range(1, count + 1):
        turn = arc * step / count
        c, s = math.cos(turn), math.sin(turn)
        qx, qy, qz = c * a[0] + s * hx, c * a[1] + s * hy, c * a[2] + s * hz
        qlon, qlat = math.degrees(math.atan2(qy, qx)), math.degrees(math.asin(max(-1.0, min(1.0, qz))))
        other = qlon
        if other > plon + 180.0:
            other -= 360.0
        elif other < plon - 180.0:
            other += 360.0
        low = max(0, int(math.floor((min(plat, qlat) - PAD_DEG + 90.0) / CELL_DEG)))
        high = min(ROWS - 1, int(math.floor((max(plat, qlat) + PAD_DEG + 90.0) / CELL_DEG)))
        west = int(math.floor((min(plon, other) - PAD_DEG + 180.0) / CELL_DEG))
        east = int(math.floor((max(plon, other) + PAD_DEG + 180.0) / CELL_DEG))
        for row in range(low, high + 1):
            for column in range(west, east + 1):
                cell = row * COLUMNS + column % COLUMNS
                for place in range(start[cell], start[cell + 1]):
                    e = members[place]
                    word, bit = owner[e] >> 6, np.uint64(1) << np.uint64(owner[e] & 63)
                    if words[word] & bit:
                        continue
                    one = nx * ends[e, 0] + ny * ends[e, 1] + nz * ends[e, 2]
                    two = nx * ends[e, 3] + ny * ends[e, 4] + nz * ends[e, 5]
                    if (one > 0.0) == (two > 0.0):
                        continue
                    three = ends[e, 6] * px + ends[e, 7] * py + ends[e, 8] * pz
                    four = ends[e, 6] * qx + ends[e, 7] * qy + ends[e, 8] * qz
                    if (three > 0.0) != (four > 0.0):
                        words[word] |= bit
                        added = True
                        if first:
                            return True
        px, py, pz, plon, plat = qx, qy, qz, qlon, qlat
    return added


@njit(cache=True)
def all_holders(places: Any, units: int, edges: Any, owner: Any, start: Any, members: Any, words: Any) -> None:
    """The holders of each place (lon, lat), into rows of words."""
    odd = np.zeros(units, dtype=np.uint8)
    for i in range(places.shape[0]):
        holders(places[i, 0], places[i, 1], edges, owner, start, members, odd)
        for unit in range(units):
            if odd[unit]:
                words[i, unit >> 6] |= np.uint64(1) << np.uint64(unit & 63)


@njit(cache=True)
def all_legs(
    points: Any, tails: Any, heads: Any, held: Any, ends: Any, owner: Any, start: Any, members: Any, words: Any
) -> None:
    """The colours of each leg (indices of points): what holds its two ends and what it crosses between."""
    for i in range(tails.shape[0]):
        for w in range(words.shape[1]):
            words[i, w] = held[tails[i], w] | held[heads[i], w]
        leg_meets(points[tails[i]], points[heads[i]], ends, owner, start, members, words[i], False)


@njit(cache=True)
def push(heap: Any, key: Any, size: int, item: int) -> int:
    """Add a label to a binary heap ordered by key; returns the new size."""
    place = size
    while place > 0:
        above = (place - 1) >> 1
        if key[heap[above]] <= key[item]:
            break
        heap[place] = heap[above]
        place = above
    heap[place] = item
    return size + 1


@njit(cache=True)
def pop(heap: Any, key: Any, size: int) -> int:
    """Move the least label to heap[size - 1]; the caller counts down."""
    least, last = heap[0], heap[size - 1]
    end = size - 1
    place = 0
    while True:
        child = 2 * place + 1
        if child >= end:
            break
        if child + 1 < end and key[heap[child + 1]] < key[heap[child]]:
            child += 1
        if key[heap[child]] >= key[last]:
            break
        heap[place] = heap[child]
        place = child
    heap[place] = last
    heap[end] = least
    return end


@njit(cache=True)
def field(nodes: Any, lengths: Any, begin: Any, head: Any, length: Any, distance: Any) -> None:
    """Lengths from a place that is joined to *nodes*, to every node, everything permitted, into *distance*."""
    distance[:] = np.inf
    room = 4 * begin.shape[0]
    heap = np.empty(room, dtype=np.int32)
    where = np.empty(room, dtype=np.int32)
    key = np.empty(room, dtype=np.float64)
    made = size = 0
    for i in range(nodes.shape[0]):
        distance[nodes[i]] = lengths[i]
        where[made], key[made] = nodes[i], lengths[i]
        size = push(heap, key, size, made)
        made += 1
    while size > 0:
        size = pop(heap, key, size)
        here = where[heap[size]]
        if key[heap[size]] > distance[here]:
            continue
        for arc in range(begin[here], begin[here + 1]):
            whole = distance[here] + length[arc]
            if whole < distance[head[arc]]:
                distance[head[arc]] = whole
                if made == key.shape[0]:
                    heap, where, key = doubled(heap), doubled(where), doubled(key)
                where[made], key[made] = head[arc], whole
                size = push(heap, key, size, made)
                made += 1


@njit(cache=True)
def doubled(array: Any) -> Any:
    """The array with room for twice as many rows, the new ones not set."""
    wider = np.empty((2 * array.shape[0], *array.shape[1:]), dtype=array.dtype)
    wider[: array.shape[0]] = array
    return wider


@njit(cache=True)
def used_colours(begin: Any, kind: Any, before: Any, after: Any, limit: float, palette: Any) -> Any:
    """Words of the colours on arcs of the nodes that some way within the limit may pass."""
    seen = np.zeros(palette.shape[0], dtype=np.bool_)
    for here in range(begin.shape[0] - 1):
        if before[here] + after[here] <= limit:
            for arc in range(begin[here], begin[here + 1]):
                seen[kind[arc]] = True
    words = np.zeros(palette.shape[1], dtype=np.uint64)
    for p in range(palette.shape[0]):
        if seen[p]:
            for w in range(words.shape[0]):
                words[w] |= palette[p, w]
    return words


@njit(cache=True)
def packed(rows: Any, colours: Any) -> Any:
    """The same sets with colour colours[i] as number i; other colours are dropped."""
    out = np.zeros((rows.shape[0], max(1, (colours.shape[0] + 63) // 64)), dtype=np.uint64)
    for i in range(colours.shape[0]):
        word, shift = colours[i] >> 6, np.uint64(colours[i] & 63)
        for p in range(rows.shape[0]):
            out[p, i >> 6] |= ((rows[p, word] >> shift) & np.uint64(1)) << np.uint64(i & 63)
    return out
