"""Certificates as JSON (docs/certificates.md)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from safeconduct.assessment.certificate import ValueCertificate
from safeconduct.reach.flights import FlightCertificate, detour_documents, rings_of
from safeconduct.reach.flights import document as flight_document
from safeconduct.reach.proof import RouteCertificate
from safeconduct.reach.proof import document as route_document

FORMAT = "safeconduct/certificate/1"


def to_json(
    about: dict[str, str],
    value: ValueCertificate | None = None,
    routes: Sequence[RouteCertificate] = (),
    flights: Sequence[FlightCertificate] = (),
) -> dict[str, Any]:
    """
    One document.

    Args:
        about: Words for people; no claim is made of them.

        value: Of the sets of an assessment; None if there is none.

        routes: Of questions over graphs.

        flights: Of flights around airspaces.
    """
    detours = [detour for each in flights for detour in detour_documents(each)]
    document = {
        "format": FORMAT,
        "about": about,
        "airspaces": rings_of(flights),
        "flights": [flight_document(each) for each in flights],
        **({"detours": detours} if detours else {}),
        "routes": [route_document(each) for each in routes],
        "value": None if value is None else _value(value),
    }
    return {**document, "seal": seal(document)}


def seal(document: dict[str, Any]) -> str:
    """
    SHA-256, in hex, of the rest of a document with its keys sorted and no blanks.

    It shows a change by accident or by somebody who did not seal anew; who compares it with the seal that the answer
    printed sees the others.
    """
    rest = {key: value for key, value in document.items() if key != "seal"}
    plain = json.dumps(rest, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode("ascii")).hexdigest()


def _value(value: ValueCertificate) -> dict[str, Any]:
    return {
        "goal": value.goal,
        "unit": f"millionths of {value.unit}",
        "target": value.target,
        "highest": value.highest,
        "open": sorted(value.open),
        "ways": list(value.ways),
        "courses": [
            {"ways": list(each.ways), "needs": sorted(each.needs), "values": each.values.tolist()}
            for each in value.courses
        ],
        "classes": [list(each) for each in value.classes],
        "sufficient": [sorted(each) for each in value.sufficient],
        "blocking": [sorted(each) for each in value.blocking],
        "complete": value.complete,
        "absent": [
            {
                "way": each.way,
                "reason": each.reason,
                "needs": sorted(each.needs),
                "total": each.total,
                "course": each.course,
            }
            for each in value.absent
        ],
        "looked_for": list(value.looked_for),
    }
