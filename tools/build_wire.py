"""
A page for each type of message, example first: what a program on the other side must read and write.

    build_wire.py TYPE    print the page of one type
    build_wire.py --all   write every page under docs/wire
"""

import json
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from safeconduct.exchange.codec import to_json
from safeconduct.exchange.content import ANSWERS, CONTENT_TYPES, LEVEL_1_TYPES, NEEDS_RESOURCE, SCHEDULES, STARTS
from safeconduct.exchange.message import (
    Attachment,
    Contact,
    GateEntry,
    LineItem,
    Message,
    Moment,
    Resource,
    Response,
    Scheduled,
    Withheld,
    message_bytes,
    message_hash,
    read_message,
)
from safeconduct.exchange.terms import COMMITMENT
from safeconduct.model.instants import instant

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "wire"
AT = instant("2031-03-04T23:05:00Z")
HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
HELICOPTER = Resource("xa-rescue", "Rescue helicopter of the Upper River", "exercise-twin")
HOST, PROVIDER = "XB", "XA"

# What it is for; the command that says it; what it does to the state of an item, a permission, terms or a statement.
PAGES = {
    "RequestResource": ("Asks for resources, and begins a thread.", "request", "The item is Issued at each recipient."),
    "ResponseToRequestResource": (
        "Says yes, no, or a reasonable alternative.",
        "answer",
        "The item is Offered or Declined.",
    ),
    "RequisitionResource": ("Takes up what was offered, this much of it.", "select", "The item is Selected."),
    "CommitResource": (
        "Binds the provider to what was selected.",
        "commit",
        "The item is Committed. It also reports a departure.",
    ),
    "RequestInformation": (
        "Asks what must be known before an answer.",
        "write",
        "The item is InfoAsked at the one who asks.",
    ),
    "ResponseToRequestInformation": ("Says it.", "answer", "The item is Received again."),
    "OfferUnsolicitedResource": (
        "Offers without having been asked, and begins a thread.",
        "offer",
        "The item is Offered.",
    ),
    "ReleaseResource": ("Lets a resource go.", "release", "The item is Released."),
    "RequestReturn": (
        "The provider asks for its resource back.",
        "write",
        "Before entry: Withdrawn. Afterwards nothing until the answer.",
    ),
    "ResponseToRequestReturn": ("Says whether it may leave.", "answer", "With yes the item is Released."),
    "RequestQuote": (
        "Asks on what terms, and what it would cost.",
        "write",
        "The item is Issued: a quote is asked, nothing more.",
    ),
    "ResponseToRequestQuote": ("Says it.", "answer", "The item is Offered or Declined."),
    "RequestResourceDeploymentStatus": ("Asks where a resource is.", "write", "Nothing moves."),
    "ReportResourceDeploymentStatus": (
        "Says where a resource is.",
        "report",
        "Mobilising, Entered, OnTask, Exited or Closed. An entry is held against the permissions.",
    ),
    "RequestExtendedDeploymentDuration": ("Asks for a longer stay.", "extend", "Nothing moves until the answer."),
    "ResponseToRequestExtendedDeploymentDuration": ("Grants it or not.", "answer", "With yes the item is Extended."),
    "Acknowledge": (
        "The receipt: it arrived. It is no answer, and comes first.",
        "receipt",
        "The item is Received; a permission is Acknowledged.",
    ),
    "ResponseToOfferUnsolicitedResource": (
        "Answers an offer that nobody had asked for.",
        "answer",
        "The item is Selected or Declined. An offer without this answer is open, not refused.",
    ),
    "NotifyAuxiliaryRecipients": (
        "Tells others what was said; they answer nothing. It also records that a public statement went out.",
        "write",
        "Nothing moves; a statement whose hash it names is Released, or OneSided without every agreement.",
    ),
    "RequestClearance": (
        "Asks for permissions that an item needs, of the party that gives them.",
        "clear",
        "The permission is Asked; Silent once the hour passed.",
    ),
    "ResponseToRequestClearance": (
        "Grants with conditions and an end, or refuses.",
        "clear",
        "The permission is Granted or Refused.",
    ),
    "RevokeClearance": (
        "Takes a grant back from an hour on.",
        "revoke",
        "The permission is Revoked; until that hour it holds for those in flight.",
    ),
    "AdhereToTerms": (
        "Adheres to terms by hash: commits, and later reveals. Each party by its own act.",
        "terms",
        "In force once every party revealed in time; void otherwise.",
    ),
    "ProposePublicStatement": ("Proposes the words of a public statement.", "statement", "The statement is Proposed."),
    "RespondToPublicStatement": (
        "Agrees to them word for word, or not.",
        "statement",
        "Agreed once all recipients have; silence agrees to nothing.",
    ),
    "ChannelCheck": ("A drill: does this reach you? It asks for nothing else.", "check", "Nothing moves."),
}


_OURS = "Our extension, under a name the standard does not reserve"
_BEGUN = "urn:sc:xb:0a5b0c6e1d2f43f1b7c8d9e0f1a2b3c4"


def example(content: str) -> Message:
    """One message of that type in a running example: a host asks a neighbour for a helicopter."""
    by_host = content in _BY_HOST
    sender, recipient = (HOST, PROVIDER) if by_host else (PROVIDER, HOST)
    begins = content in STARTS or content in ("ChannelCheck", "NotifyAuxiliaryRecipients")
    name = f"urn:sc:{sender.lower()}:4f1c6d1b3f0d4b7e9a52c1d8e07b3a66"
    message = Message(
        name,
        content,
        name if begins else _BEGUN,
        "exercise-two-rivers",
        sender,
        (recipient,),
        Moment(AT),
        "Ack" if content == "Acknowledge" else ("Request" if content.startswith("Request") else "Report"),
        "Exercise",
        "open",
        preceding=None if begins else _BEGUN,
        languages=("en",),
        previous=() if begins else (HASH,),
        contacts=(Contact("RCC", "RCC Lower River" if by_host else "RCC Upper River"),),
    )
    return replace(message, **_more(content))


def page(content: str) -> str:
    """The page."""
    what, command, moves = PAGES[content]
    message = example(content)
    if read_message(message_bytes(message)) != message:
        raise SystemExit(f"{content}: the example does not read back")
    shown = json.dumps(to_json(message), indent=1, ensure_ascii=False)
    lines = [
        f"# {content}",
        "",
        f"<!-- generated: python tools/build_wire.py {content} -->",
        "",
        "```json",
        shown,
        "```",
        "",
        what,
        f"Said with `safeconduct exchange {command}`.",
        moves,
        "",
        f"- {_OURS if content in LEVEL_1_TYPES else 'Type of EDXL-RM 1.0'}.",
        *_rules(content),
        f"- On the wire it is RFC 8785, no spaces, keys in order: {len(message_bytes(message))} bytes for this one,",
        f"  SHA-256 `{message_hash(message)}`.",
        "- Fields, signatures and what is wrong in a thread: [the exchange](../exchange.md).",
    ]
    return "\n".join(lines) + "\n"


def _rules(content: str) -> list[str]:
    found = []
    if content in STARTS:
        found.append("- It begins a thread: its id is the origin of the thread.")
    if content in ANSWERS:
        found.append("- It names what it answers, comes from one to whom that was addressed, after the receipt for it.")
    if content in NEEDS_RESOURCE:
        found.append("- Each line item says what the resource is: an id, a name or a type.")
    if content in SCHEDULES:
        found.append(f"- Its schedule may hold {', '.join(sorted(SCHEDULES[content]))}.")
    return found


_BY_HOST = frozenset(
    {
        *("RequestResource", "RequisitionResource", "ReleaseResource", "ResponseToRequestReturn", "RequestQuote"),
        *("RequestResourceDeploymentStatus", "RequestExtendedDeploymentDuration", "ResponseToRequestInformation"),
        *("ResponseToOfferUnsolicitedResource", "ResponseToRequestClearance", "RevokeClearance"),
        *("ProposePublicStatement", "AdhereToTerms", "NotifyAuxiliaryRecipients"),
    }
)


def _more(content: str) -> dict[str, object]:
    yes = Response("Accept")
    plain = LineItem("xa-rescue", HELICOPTER, 1.0)
    answered = LineItem("xa-rescue", None, 1.0, yes)
    end = AT + timedelta(hours=12)
    gate = GateEntry("xa-rescue", "XB-ENTRY-XA")
    found: dict[str, dict[str, object]] = {
        "RequestResource": {
            "items": (replace(plain, schedule=(Scheduled("RequestedArrival", Moment(AT + timedelta(hours=3))),)),),
            "gates": (gate,),
            "until_at": end,
            "attachments": (Attachment("situation report", "text/plain; charset=utf-8", HASH),),
            "withheld": (Withheld("place", "about 45.0 -40.0 (to 10 km)", HASH),),
        },
        "ResponseToRequestResource": {
            "items": (LineItem("xa-rescue", None, 1.0, Response("Provisional", "after first light")),),
            "until_at": end,
        },
        "RequestClearance": {"gates": (replace(gate, until_at=AT + timedelta(hours=1)),)},
        "ResponseToRequestClearance": {
            "gates": (GateEntry("xa-rescue", "XB-ENTRY-XA", "Granted", ("unarmed",), None, AT, end),)
        },
        "RevokeClearance": {
            "gates": (replace(gate, reason="the airfield closes", effective_at=AT + timedelta(hours=2)),)
        },
        "ReportResourceDeploymentStatus": {"items": (LineItem("xa-rescue", deployment="Entered"),)},
        "AdhereToTerms": {
            "digest": HASH,
            "until_at": end,
            "attachments": (Attachment(COMMITMENT, "application/octet-stream", HASH),),
        },
        "ProposePublicStatement": {"digest": HASH},
        "RespondToPublicStatement": {"digest": HASH, "response": yes},
        "RequestInformation": {"description": "Which fuel is at the landing place?"},
        "ResponseToRequestInformation": {"description": "Jet A-1, 4,000 litres."},
        "RequestExtendedDeploymentDuration": {"items": (plain,), "until_at": end},
        "OfferUnsolicitedResource": {"items": (plain,), "until_at": end},
    }
    if content in found:
        return found[content]
    if content in NEEDS_RESOURCE:
        return {"items": (plain,)}
    return {"items": (answered,)} if content in ANSWERS or content == "CommitResource" else {}


def main() -> None:
    """Print one page, or write all."""
    if sys.argv[1:] == ["--all"]:
        FOLDER.mkdir(exist_ok=True)
        for content in CONTENT_TYPES:
            (FOLDER / f"{content}.md").write_text(page(content), encoding="utf-8")
    else:
        sys.stdout.write(page(sys.argv[1]))


if __name__ == "__main__":
    main()
