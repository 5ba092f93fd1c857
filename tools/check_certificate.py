"""
Check a certificate without trusting whoever made it: `python check_certificate.py proof.json` (or .json.gz).

Standard library and pyproj only; shares no code with the solver. Exit 0: every claim holds. Exit 1: one does not.
What is checked is said in docs/certificates.md; what the arcs and the samples themselves rest on is not.
"""

import gzip
import heapq
import json
import math
import sys
from itertools import pairwise

FORMAT = "safeconduct/certificate/1"


class Refused(Exception):
    """A claim does not hold."""


def holds(claim, words):
    if not claim:
        raise Refused(words)


def hitting_sets(family):
    """All minimal sets that hit every member."""
    found = {frozenset()}
    for member in family:
        hit = {each for each in found if each & member}
        grown = {each | {item} for each in found - hit for item in member}
        found = hit | {each for each in grown if not any(other <= each for other in hit)}
        found = {each for each in found if not any(other < each for other in found)}
    return found


def hit_by(cuts, size):
    """Whether some set of *size* items hits every cut."""
    if not cuts or size == 0:
        return not cuts
    apart, used = 0, set()
    for cut in sorted(cuts, key=len):
        if not cut & used:
            apart, used = apart + 1, used | cut
    if apart > size:
        return False
    first, barred = min(cuts, key=len), set()
    for item in sorted(first, key=lambda each: -sum(each in cut for cut in cuts)):
        if hit_by([cut - barred for cut in cuts if item not in cut], size - 1):
            return True
        barred.add(item)
    return False


def shortest(count, arcs, source, target):
    """Length of the shortest way over (tail, head, length) arcs."""
    onward = [[] for _ in range(count)]
    for tail, head, length in arcs:
        onward[tail].append((head, length))
    far, queue = {source: 0.0}, [(0.0, source)]
    while queue:
        length, node = heapq.heappop(queue)
        if node == target:
            return length
        for head, more in onward[node] if length <= far[node] else ():
            if length + more < far.get(head, math.inf):
                far[head] = length + more
                heapq.heappush(queue, (length + more, head))
    return math.inf


def check_routes(part):
    arcs, needs = part["arcs"], [frozenset(each) for each in part["needs"]]
    limit = math.inf if part["limit"] is None else part["limit"] * (1 + 1e-12)
    holds(all(length >= 0.0 for _, _, length, _ in arcs), "an arc of negative length")
    if part["metric"] == "wgs84-m":
        from pyproj import Geod

        ends = [(*part["places"][tail], *part["places"][head]) for tail, head, _, _ in arcs]
        true = Geod(ellps="WGS84").inv(*zip(*ends, strict=True))[2] if ends else []
        holds(all(abs(a - arc[2]) < 0.01 for a, arc in zip(true, arcs, strict=True)), "an arc of a wrong length")
    for way in part["opens"]:
        path, wanted = way["path"], frozenset(way["needs"])
        best = {}
        for tail, head, length, kind in arcs:
            if needs[kind] <= wanted:
                best[tail, head] = min(length, best.get((tail, head), math.inf))
        holds(path[0] == part["from"] and path[-1] == part["to"], "a way that does not lead from end to end")
        whole = sum(best.get(step, math.inf) for step in pairwise(path))
        holds(whole <= limit, f"{sorted(wanted)} opens no such way within the limit")
    cuts = [frozenset(cut) for cut in part["cuts"]]
    for cut in cuts:
        left = [(tail, head, length) for tail, head, length, kind in arcs if not needs[kind] & cut]
        way = shortest(part["nodes"], left, part["from"], part["to"])
        holds(way > limit, f"without {sorted(cut)} there is still a way")
    sets = [frozenset(way["needs"]) for way in part["opens"]]
    if part["complete"]:
        holds(hitting_sets(sets) == set(cuts) and len(set(sets)) == len(sets), "the families are not each other's dual")
        holds(part["lower_bound"] == min(map(len, sets), default=0), "a wrong lower bound")
    elif part["lower_bound"]:
        holds(not hit_by(cuts, part["lower_bound"] - 1), "fewer would hit every cut: the bound is not proved")
    return f"{part['name']}: {len(sets)} sets open a way, {len(cuts)} cuts, at least {part['lower_bound']} needed"


def check_value(part):
    courses = [(frozenset(each["needs"]), each["values"]) for each in part["courses"]]
    count = max((len(values) for _, values in courses), default=1)
    everything = frozenset().union(*(needs for needs, _ in courses))
    holds(all(len(v) == count and min(v) >= 0 and max(v) <= part["highest"] for _, v in courses), "a false sample")

    def enough(granted):
        rows = [values for needs, values in courses if needs <= granted]
        return (sum(map(max, zip(*rows, strict=True))) if rows else 0) >= part["target"] * count

    sets, cuts = [[frozenset(each) for each in part[kind]] for kind in ("sufficient", "blocking")]
    first = {each[0]: frozenset(each) for each in part["classes"]}
    for needs, _ in courses:
        holds(all(each <= needs or not each & needs for each in first.values()), "a class that does not go together")
    for each in sets:
        holds(enough(each), f"{sorted(each)} does not reach the target")
        holds(not any(enough(each - {item}) for item in each), f"{sorted(each)} is not minimal")
    for cut in cuts:
        holds(not enough(everything - cut), f"without {sorted(cut)} the target is still reached")
        holds(all(enough(everything - (cut - {item})) for item in cut), f"{sorted(cut)} is not minimal")
    if part["complete"]:
        holds(hitting_sets([each & frozenset(first) for each in sets]) == set(cuts), "the families are not dual")
        holds(all(each <= frozenset().union(*first.values()) for each in sets), "a set of unknown clearances")
    known = {name for each in part["courses"] for name in each["ways"]}
    for way in part["absent"]:
        known.add(way["way"])
        if way["reason"] == "covered":
            cover = part["courses"][way["course"]]
            less = frozenset(cover["needs"]) <= frozenset(way["needs"]) and sum(cover["values"]) >= way["total"]
            holds(less, f"{way['way']} is not covered")
        else:
            holds(way["total"] == 0 and way["reason"] in ("closed", "worthless"), f"{way['way']} is not accounted for")
            open_ = way["reason"] == "worthless" or not frozenset(way["needs"]) <= frozenset(part["open"])
            holds(open_, f"{way['way']} is not closed")
    holds(known == set(part["ways"]), "ways without an account: " + ", ".join(sorted(known ^ set(part["ways"]))))
    whole = "all of them" if part["complete"] else "perhaps not all"
    return f"value of {part['goal']}: {len(sets)} sufficient and {len(cuts)} blocking sets, {whole}"


def check(document):
    """One line for each part; raises Refused, or any error of a malformed document."""
    holds(document["format"] == FORMAT, f"not a certificate of the format {FORMAT}")
    said = [check_routes(part) for part in document["routes"]]
    return said + ([] if document["value"] is None else [check_value(document["value"])])


def main(path):
    try:
        with (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8") as stream:
            said = check(json.load(stream))
    except (Refused, KeyError, TypeError, ValueError, IndexError, AttributeError, OSError) as fault:
        print(f"REFUSED: {type(fault).__name__}: {fault}")
        return 1
    print("\n".join([*said, "ACCEPTED"]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
