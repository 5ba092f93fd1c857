"""Sentences that the answer is told in: one place for the words of causes, changes and the first line."""

from __future__ import annotations

from safeconduct.assessment.board import Permit
from safeconduct.assessment.verdicts import Finding

DISCLAIMER = (
    "Not legal advice. Unknown is never permitted, silence is never consent, notice is not clearance. "
    "Figures marked ? are unverified. This answer is never a reason to end a search."
)

LIMIT_WORDS = {
    "weather": "weather below its minima",
    "light": "no daylight",
    "distance": "distance: too long on the way",
    "product": "its product takes too long",
    "readiness": "too long to get ready",
    "sensor": "its sensor cannot see through cloud",
    "range": "range: not there and back to fuel",
    "ceiling": "the site lies above its ceiling",
    "hover": "it cannot hover at the site's elevation",
    "effect": "what it does adds less than half a point, however early",
}

KIND_WORDS = {
    "request": "the host's request or consent",
    "entry": "entry of its airspace",
    "overflight": "overflight",
    "landing": "landing",
    "unmanned": "unmanned flight",
    "persons": "entry of persons",
    "customs": "customs",
    "frequency": "radio frequencies",
    "sensor": "use of sensors",
    "arms": "an arms waiver",
    "export": "an export licence",
    "sanctions": "a sanctions licence",
    "deploy": "its own approval to deploy",
    "guarantee": "a guarantee",
    "payment": "payment",
}


def cause_says(finding: Finding) -> str:
    """One sentence for a cause."""
    what = ", ".join(finding.what)
    words = {
        "useful": "As things stand it alone changes the outcome.",
        "red-line": f"Barred by {what}, which is never traded.",
        "physical": "Not even with everything granted at the incident: "
        + ", ".join(LIMIT_WORDS.get(w, w) for w in finding.what)
        + ".",
        "alarm": f"It became known to {what} too late: in time only with everything granted at the incident.",
        "time": "Too late now: it would have been in time with everything granted at the alarm.",
        "request": f"Nobody has asked: {what}.",
        "clearance": f"In time if granted now: {what}.",
        "superseded": "Others find or reach them first.",
        "unknown": f"Unknown: {what}.",
    }
    return words[finding.cause]


def also_says(finding: Finding) -> str:
    """One sentence for a further cause, which may delay without deciding."""
    what = ", ".join(LIMIT_WORDS.get(w, w) for w in finding.what)
    if finding.cause == "physical":
        return f"Holds it up too: {what}."
    words = {
        "alarm": f"{what} has not been told, or was told too late.",
        "request": f"Nobody has asked: {what}.",
        "clearance": f"Not granted: {what}.",
    }
    return words.get(finding.cause) or cause_says(finding)


def ask_says(permit: Permit, host: str) -> str:
    """What to ask, of whom, for what."""
    if permit.kind == "request":
        return f"{host} asks {permit.provider} for help (or accepts its offer)"
    who = permit.authority if permit.authority != permit.provider else f"{permit.provider} itself"
    return f"ask {who} for {KIND_WORDS.get(permit.kind, permit.kind)} for {permit.provider}"


def change_says(changes: tuple[str, ...], grants: tuple[str, ...]) -> str:
    """The smallest set of changes in one sentence."""
    parts = [*([f"granted: {', '.join(grants)}"] if grants else []), *changes]
    return "It would be useful with " + "; ".join(parts) + "." if parts else "Nothing needs to change."
