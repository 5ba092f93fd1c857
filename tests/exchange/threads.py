"""Conversations to test with: a builder that fills in what a test does not care about, and random ones."""

import random
from datetime import timedelta

from safeconduct.exchange.content import ANSWERS, CONTENT_TYPES
from safeconduct.exchange.message import (
    Attachment,
    Contact,
    GateEntry,
    LineItem,
    Message,
    Moment,
    Recall,
    Resource,
    Response,
    Scheduled,
    Withheld,
    message_hash,
)
from safeconduct.exchange.terms import COMMITMENT, OPENING, commitment_to
from safeconduct.model.instants import instant

START = instant("2030-03-01T06:00Z")
HELICOPTER = Resource(name="helicopter")


def message(name, content, minute, sender="XA", to=("XB",), *, origin="1", preceding=None, **more):
    """A message sent *minute* minutes after the start, by default from XA to XB in the exercise's thread 1."""
    usual = {"case": "c", "distribution": "Report", "status": "Exercise", "confidentiality": "open"}
    usual["contacts"] = (Contact(role="Requester"),)
    sent = Moment(START + timedelta(minutes=minute))
    return Message(name, content, origin, sender=sender, recipients=to, sent=sent, preceding=preceding, **usual | more)


def item(name="a", resource=HELICOPTER, **more):
    return LineItem(name, resource, **more)


def accepted(**more):
    return item(response=Response("Accept"), **more)


def conversation():
    """From request to closing, without a breach; XA is the host, XB the provider, gate *entry* is XA's."""
    gate = GateEntry("a", "entry")
    grant = GateEntry("a", "entry", "Granted", ("unarmed",), None, START, START + timedelta(days=1))
    back = {"sender": "XB", "to": ("XA",)}
    return [
        message("1", "RequestResource", 0, items=(item(quantity=2.0),)),
        message("2", "Acknowledge", 1, **back, preceding="1"),
        message("3", "ResponseToRequestResource", 2, **back, preceding="1", items=(accepted(quantity=1.0),)),
        message("4", "RequisitionResource", 3, preceding="3", items=(item(quantity=1.0),)),
        message("5", "Acknowledge", 4, **back, preceding="4"),
        message("6", "RequestClearance", 5, **back, preceding="4", gates=(gate,)),
        message("7", "Acknowledge", 6, preceding="6"),
        message("8", "ResponseToRequestClearance", 7, preceding="6", gates=(grant,)),
        message("9", "CommitResource", 8, **back, preceding="4", items=(accepted(quantity=1.0),)),
        message("10", "ReportResourceDeploymentStatus", 60, **back, items=(item(deployment="Mobilising"),)),
        message("11", "ReportResourceDeploymentStatus", 120, **back, items=(item(deployment="Entered"),)),
        message("12", "ReleaseResource", 600, items=(item(),)),
        message("13", "ReportResourceDeploymentStatus", 700, **back, items=(item(deployment="Closed"),)),
    ]


def random_thread(seed):
    """Up to 25 messages among three parties, sensible or not: lost, forked, recalled, in circles, clocks astray."""
    draw = random.Random(seed)
    parties = ["XA", "XB", "XC"]
    made = []
    for number in range(draw.randint(1, 25)):
        sender = draw.choice(parties)
        others = [each for each in parties if each != sender]
        answered = draw.choice(made) if made and draw.random() < 0.8 else None
        content = draw.choice(CONTENT_TYPES) if made else draw.choice(["RequestResource", "OfferUnsolicitedResource"])
        if answered is not None and content in ANSWERS and draw.random() < 0.7:
            sender = draw.choice(answered.recipients)
            others = [answered.sender] if answered.sender != sender else others
        name = draw.choice(made).id if made and draw.random() < 0.05 else f"m{number}"  # an id used again
        made.append(
            message(
                name,
                content,
                number + draw.randint(-30, 30) * draw.choice([0, 0, 1]),
                sender=sender,
                to=tuple(draw.sample(others, draw.randint(1, len(others)))),
                origin=answered.origin if answered is not None and draw.random() < 0.95 else name,
                preceding=answered.id if answered else draw.choice([None, f"m{number + 1}", "nowhere"]),
                status=draw.choice(["Exercise"] * 15 + ["Actual"]),
                until_at=draw.choice([None, START + timedelta(minutes=draw.randint(0, 60))]),
                previous=tuple(sorted({message_hash(each) for each in draw.sample(made, min(len(made), 2))})),
                recall=Recall(draw.choice(made).id, draw.choice(["Update", "Cancel"]))
                if made and draw.random() < 0.1
                else None,
                items=tuple(random_item(draw) for _ in range(draw.randint(0, 2))),
                gates=tuple(random_gate(draw) for _ in range(draw.randint(0, 2))),
                **agreement(random.Random(f"{seed} {number}")),
            )
        )
    return made


def agreement(draw):
    """What a message says of terms and statements, what is attached to it and what it withholds."""
    if draw.random() < 0.5:
        return {}
    digest = draw.choice(["aa" * 32, "bb" * 32])
    attached = draw.choice(
        [
            (),
            (Attachment(COMMITMENT, "m", commitment_to("XA", digest, "cc" * 32)),),
            (Attachment(OPENING, "m", "cc" * 32),),
        ]
    )
    return {
        "digest": draw.choice([None, digest, digest]),
        "response": draw.choice([None, Response("Accept"), Response("Accept"), Response("Decline")]),
        "attachments": attached,
        "withheld": draw.choice([(), (Withheld("place", None, digest),)]),
    }


def random_item(draw):
    return LineItem(
        draw.choice("ab"),
        draw.choice([None, Resource(), HELICOPTER]),
        draw.choice([None, 1.0, 2.0, 3.0]),
        draw.choice([None, Response("Accept"), Response("Decline"), Response("Provisional")]),
        draw.choice([(), (Scheduled("ActualArrival", Moment(START, draw.random() < 0.5)),)]),
        draw.choice([None, None, "Mobilising", "Entered", "OnTask", "Closed"]),
    )


def random_gate(draw):
    item, gate = draw.choice("ab"), draw.choice(["entry", "landing"])
    answer = draw.choice([None, "Granted", "Granted", "Refused"])
    until = draw.choice([None, START + timedelta(minutes=draw.randint(0, 60))])
    return GateEntry(item, gate, answer, until_at=until, effective_at=START if until is None else None)
