"""
Check a certificate without trusting whoever made it: `python check_certificate.py proof.json` (or .json.gz).

Standard library and pyproj only; shares no code with the solver. Exit 0: every claim holds. Exit 1: one does not.
What is proved, and what is still trusted, is said in docs/certificates.md.
"""

import gzip
import hashlib
import heapq
import json
import math
import sys
from itertools import pairwise

from pyproj import Geod

FORMAT, GLOBE, HOP_M = "safeconduct/certificate/1", Geod(ellps="WGS84"), 50.0
OPPOSITE_M = 2e7  # between places so far apart, or farther, no one great circle is the link


class Refused(Exception):
    """A claim does not hold."""


def holds(claim, words):
    if not claim:
        raise Refused(words)


def sets_of(rows):
    """The needs of rows, as sets; each member is there once."""
    lists = [row["needs"] if isinstance(row, dict) else row for row in rows]
    holds(all(len({*each}) == len(each) for each in lists), "a set with a member twice")
    return [frozenset(each) for each in lists]


# Sets that open and cuts that close: each is one claim, and that there are no others is a matter of sets alone.


def dual(family):
    """All minimal sets that hit every member."""
    found = {frozenset()}
    for member in family:
        hit = {each for each in found if each & member}
        grown = {each | {item} for each in found - hit for item in member}
        found = hit | {each for each in grown if not any(other < each for other in hit | grown)}
    return found


def hit_by(cuts, size):
    """Whether some *size* items hit every cut; as many cuts that share no item need as many items."""
    apart, left = 0, sorted(cuts, key=len)
    while left:
        apart, left = apart + 1, [cut for cut in left[1:] if not cut & left[0]]
    if apart > size or not cuts:
        return not cuts
    items = sorted(min(cuts, key=len), key=lambda item: -sum(item in cut for cut in cuts))
    rests = ([cut - set(items[:i]) for cut in cuts if item not in cut] for i, item in enumerate(items))
    return any(hit_by(rest, size - 1) for rest in rests)


def families(name, sets, cuts, opens, closes, *, complete):
    """Each set opens, each cut closes; if all are told, the minimal sets of either kind are there, each once."""
    for each in sets:
        holds(opens(each), f"{name}: {sorted(each)} is not enough")
    for each in cuts:
        holds(closes(each), f"{name}: without {sorted(each)} it still goes")
    whole = not complete or (dual(sets) == set(cuts) and dual(cuts) == set(sets))
    holds(whole and len({*sets}) == len(sets) and len({*cuts}) == len(cuts), f"{name}: the families are not dual")


# On the globe: great circles between points given by longitude and latitude, as vectors.


def vector(place):
    lon, lat = map(math.radians, place)
    holds(abs(lon) <= 2 * math.pi and abs(lat) <= math.pi / 2, f"{place} is not on the globe")
    return math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)


def side(a, b, c):
    """Whether c lies to the left of the great circle from a to b."""
    n = a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]
    return n[0] * c[0] + n[1] * c[1] + n[2] * c[2] > 0


def meets(a, b, line):
    """How many links of a line the great circle from a to b meets."""
    left = [side(a, b, c) for c in line]
    links = [(line[i], line[i + 1], left[i]) for i in range(len(line) - 1) if left[i] != left[i + 1]]
    return sum(side(c, d, b) == at_left != side(c, d, a) for c, d, at_left in links)


def inside(a, rings):
    """Even-odd, looked at from opposite each ring's first corner, which is outside: no ring is so wide."""
    return sum(meets(a, tuple(-x for x in ring[0]), ring) for ring in rings) % 2 == 1


def middle(a, b):
    """Half way from a to b, at any height; nowhere between opposite points."""
    return tuple(x + y for x, y in zip(a, b, strict=True))


def shut(a, b, airspaces, size_m):
    """
    Whether a link lies within one of the airspaces, or is a hop from within one to within one.

    It is looked at half way: from corner to corner of a border it may meet no edge, within or without.
    """
    return (size_m <= HOP_M and all(any(inside(tip, rings) for rings in airspaces) for tip in (a, b))) or any(
        inside(middle(a, b), rings) and not any(meets(a, b, ring) for ring in rings) and size_m < OPPOSITE_M
        for rings in airspaces
    )


def check_flight(part, airspaces, walled):
    """Whose leave the flights between two places need: paths that keep out, and lines that no flight gets round."""
    rings = {code: [[vector(place) for place in ring] for ring in airspaces[code]] for code in part["near"]}
    holds(all(ring[0] == ring[-1] for each in rings.values() for ring in each), "a ring that is not closed")
    start, end, limit_m = part["from"], part["to"], part["limit_m"]
    paths, lines = ({frozenset(each["needs"]): each["line"] for each in part[kind]} for kind in ("opens", "cuts"))

    def far(*places):
        return GLOBE.line_length(*zip(*places, strict=True))

    def clear(legs, code):
        return not any(meets(*leg, ring) for leg in legs for ring in rings[code]) and not any(
            inside(tip, rings[code]) for tip in (legs[0][0], legs[-1][1], *(middle(*leg) for leg in legs))
        )

    def opens(needs):
        path = paths[needs] or [start, end]
        legs = list(pairwise(map(vector, path)))
        keeps = all(clear(legs, code) for code in rings if code not in needs) and needs <= rings.keys()
        leads = [path[0], path[-1]] == [start, end] and all(far(*leg) < OPPOSITE_M for leg in pairwise(path))
        return paths[needs] is None or (keeps and leads and far(*path) <= limit_m)

    def closes(cut):
        line = lines[cut]
        if not line:  # none: a detour, or the solver's word; empty: an end lies in one of the airspaces
            return line is None or any(inside(vector(place), rings[code]) for place in (start, end) for code in cut)
        around = line[0] == line[-1] or all(far(start, tip, end) > limit_m for tip in (line[0], line[-1]))
        odd = meets(vector(start), vector(end), [vector(place) for place in line]) % 2 == 1
        kept = all(shut(vector(a), vector(b), [rings[code] for code in cut], far(a, b)) for a, b in pairwise(line))
        return around and odd and kept and far(start, end) < OPPOSITE_M

    families(
        part["name"], *map(sets_of, (part["opens"], part["cuts"])), opens, closes, complete="undecided" not in part
    )
    bare = [cut for cut, line in lines.items() if line is None and (start, end, limit_m, cut) not in walled]
    word = len(bare) + sum(path is None for path in paths.values())
    return (
        f"{part['name']}, up to {limit_m / 1000:.0f} km: {len(paths)} sets open, {len(lines)} cuts; {word} not proved"
    )


def spared(cuts, told, most, chosen=frozenset()):
    """Whether some set of at most *most* members hits every cut and contains none of the sets told."""
    left = [cut for cut in cuts if not cut & chosen]
    if any(each <= chosen for each in told) or not left or not most:
        return not left and not any(each <= chosen for each in told)
    items = sorted(min(left, key=len))
    rests = ([cut - set(items[:i]) for cut in left] for i in range(len(items)))
    return any(spared(rest, told, most - 1, chosen | {item}) for rest, item in zip(rests, items, strict=True))


def check_most(part, walled):
    """That no other set of at most so many airspaces opens a flight: each misses a cut, but for what is undecided."""
    question, cuts = (part["from"], part["to"], part["limit_m"]), sets_of(part["cuts"])
    bare = [row for row in part["cuts"] if row["line"] is None and (*question, frozenset(row["needs"])) not in walled]
    sets, left, most = sets_of(part["opens"]), sets_of(part["undecided"]), part["most"]
    holds(not bare, f"{part['name']}: a cut that is not proved: {bare}")
    holds(most is None or most > 0, f"{part['name']}: a cap of {most}")
    others = spared(cuts, [*sets, *left], math.inf if most is None else most)
    holds(not others, f"{part['name']}: there may be other sets")
    size = "any size" if most is None else f"at most {most} states"
    return f"{part['name']}: sets of {size}: no other opens, but for those that contain one of {len(left)} undecided"


def check_detour(part, airspaces):
    """That every flight needs one of some airspaces: the shortest way that crosses no wall within them is too long."""
    start, end, limit_m, rings = part["from"], part["to"], part["limit_m"], [airspaces[code] for code in part["needs"]]
    rings = [[[vector(place) for place in ring] for ring in each] for each in rings]
    walls = [[vector(place) for place in wall] for wall in part["walls"]]
    holds(all(ring[0] == ring[-1] for each in (*rings, walls) for ring in each), "a ring or wall that is not closed")
    places = {vector(place): place for place in (start, end, *(place for wall in part["walls"] for place in wall))}
    here, goal, links = vector(start), vector(end), [link for wall in walls for link in pairwise(wall)]

    def far(*points):
        return GLOBE.line_length(*zip(*(places[point] for point in points), strict=True))

    def sees(a, b):
        left = {place: side(a, b, place) for place in places}
        across = (link for link in links if left[link[0]] != left[link[1]] and a not in link and b not in link)
        free = not any(meets(a, b, link) for link in across)
        return (free and not inside(middle(a, b), walls)) or any({a, b} == {*link} for link in links)

    kept = all(shut(a, b, rings, far(a, b)) for a, b in links)
    holds(kept and not any(inside(tip, [wall]) for tip in (here, goal) for wall in walls), "a wall that is none")
    sofar, rest = {here: 0.0}, {point: far(point, goal) for point in places}
    left = {point for point in places if far(here, point) + rest[point] <= limit_m}
    while goal in left:
        here = min(left, key=lambda point: sofar.get(point, math.inf))
        left.remove(here)
        for point in left:
            whole = sofar.get(here, math.inf) + far(here, point)
            if whole < sofar.get(point, math.inf) and whole + rest[point] <= limit_m and sees(here, point):
                sofar[point] = whole
    holds(sofar.get(goal, math.inf) > limit_m, f"there is a way round {sorted(part['needs'])}")
    return start, end, limit_m, frozenset(part["needs"])


def check_routes(part):
    """Whose leave the ways over a graph need: paths over its arcs, and cuts without which none is short enough."""
    arcs, needs = part["arcs"], sets_of(part["needs"])
    limit = math.inf if part["limit"] is None else part["limit"] * (1 + 1e-12)
    holds(all(length >= 0 for _, _, length, _ in arcs), "an arc of negative length")
    if part["metric"] == "wgs84-m" and arcs:
        true = GLOBE.inv(*zip(*((*part["places"][a], *part["places"][b]) for a, b, _, _ in arcs), strict=True))[2]
        holds(all(abs(a - arc[2]) < 0.01 for a, arc in zip(true, arcs, strict=True)), "an arc of a wrong length")
    paths = {frozenset(way["needs"]): set(pairwise(way["path"])) for way in part["opens"]}

    def short(kept):
        """Whether there is a way within the limit over the arcs kept."""
        onward, done, queue = {}, set(), [(0.0, part["from"])]
        for tail, head, length, _ in kept:
            onward.setdefault(tail, []).append((length, head))
        while queue and part["to"] not in done:
            sofar, node = heapq.heappop(queue)
            for length, head in onward.pop(node, ()):
                if sofar + length <= limit and head not in done:
                    heapq.heappush(queue, (sofar + length, head))
            done.add(node)
        return part["to"] in done

    def opens(each):
        return short(arc for arc in arcs if (arc[0], arc[1]) in paths[each] and needs[arc[3]] <= each)

    def closes(cut):
        return not short(arc for arc in arcs if not needs[arc[3]] & cut)

    sets, cuts, least = sets_of(part["opens"]), sets_of(part["cuts"]), part["lower_bound"]
    families(part["name"], sets, cuts, opens, closes, complete=part["complete"])
    proved = least == min(map(len, sets), default=0) if part["complete"] else not least or not hit_by(cuts, least - 1)
    holds(proved and isinstance(least, int), f"{part['name']}: a lower bound of {least} is not proved")
    return f"{part['name']}: {len(sets)} sets open a way, {len(cuts)} cuts, at least {least} needed"


def check_value(part):
    """Which clearances are enough for the target: the value of any set is added up again from the samples."""
    courses = list(zip(sets_of(part["courses"]), [each["values"] for each in part["courses"]], strict=True))
    count = max((len(values) for _, values in courses), default=1)
    holds(all(len(v) == count and 0 <= min(v) <= max(v) <= part["highest"] for _, v in courses), "a false sample")
    classes = dict(zip((each[0] for each in part["classes"]), sets_of(part["classes"]), strict=True))
    apart = [each for each in classes.values() for needs, _ in courses if needs & each and not each <= needs]
    holds(not apart, f"a class that does not go together: {apart}")

    def members(firsts):
        return frozenset().union(*(classes[each] for each in firsts))

    def enough(firsts):
        rows = [values for needs, values in courses if needs <= members(firsts)]
        return sum(map(max, zip(*rows, strict=True))) >= part["target"] * count

    def falls_short(cut):
        return cut <= classes.keys() and not enough(classes.keys() - cut)

    holds(members(classes) == frozenset().union(*(needs for needs, _ in courses)), "a clearance in no class")
    whole, cuts = sets_of(part["sufficient"]), sets_of(part["blocking"])
    sets = [each & frozenset(classes) for each in whole]
    holds(all(each == members(first) for each, first in zip(whole, sets, strict=True)), "half a class")
    families(part["goal"], sets, cuts, enough, falls_short, complete=part["complete"])
    for each in sets:
        holds(not any(enough(each - {item}) for item in each), f"{sorted(each)} is not minimal")
    for each in cuts:
        holds(not any(falls_short(each - {item}) for item in each), f"{sorted(each)} is not minimal")
    known = {name for each in part["courses"] for name in each["ways"]}
    for way in part["absent"]:
        needs, (least, cover) = frozenset(way["needs"]), courses[way["course"]] if way["total"] else (set(), [0])
        closed = not needs <= set(part["open"])
        reason = "closed" if closed else "covered" if way["total"] else "worthless"
        good = not way["total"] if closed else least <= needs and sum(cover) >= way["total"]
        holds(good and way["reason"] == reason, f"{way['way']} is not accounted for")
    told = sorted([*known, *(each["way"] for each in part["absent"])])
    holds(told == sorted(part["ways"]), "ways without an account, or with two")
    words = "all of them" if part["complete"] else "perhaps not all"
    return f"value of {part['goal']}: {len(sets)} sufficient and {len(cuts)} blocking sets, {words}"


def check(document):
    """One line for each part; raises Refused, or any error of a malformed document."""
    holds(document["format"] == FORMAT, f"not a certificate of the format {FORMAT}")
    rest = {key: each for key, each in document.items() if key != "seal"}
    seal = hashlib.sha256(json.dumps(rest, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
    holds(document.get("seal", seal) == seal, "changed since it was sealed")
    walled = [check_detour(part, document["airspaces"]) for part in document.get("detours", [])]
    said = [check_flight(part, document["airspaces"], walled) for part in document.get("flights", [])]
    said += [check_most(part, walled) for part in document.get("flights", []) if "undecided" in part]
    said += [check_routes(part) for part in document["routes"]]
    said += [] if document["value"] is None else [check_value(document["value"])]
    return [*said, f"seal {seal}"]


def main(path):
    try:
        with (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8") as stream:
            said = check(json.load(stream, parse_constant=lambda word: holds(False, f"{word} is not a number")))
    except (Refused, ArithmeticError, LookupError, TypeError, ValueError, AttributeError, OSError) as fault:
        print(f"REFUSED: {type(fault).__name__}: {fault}")
        return 1
    print("\n".join([*said, "ACCEPTED"]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
