"""The inbox as a duty officer reads it: first what to do, then where everything stands."""

from __future__ import annotations

from collections.abc import Iterator

from safeconduct.desk.inbox import Channel, Inbox
from safeconduct.exchange.items import RANK
from safeconduct.exchange.message import Message
from safeconduct.model.instants import iso
from safeconduct.report.exchange import NOTICE, gist, short, thread_lines

_ANSWER = "exchange answer {id} --accept | --decline | --provisional --reason ..."
_HOW = {
    "RequestClearance": "exchange clear {id} --grant --until T | --refuse",
    "ProposePublicStatement": "exchange statement {id} --agree | --decline",
    "RequestInformation": "exchange answer {id} --accept --says TEXT | --decline",
    "RequestResourceDeploymentStatus": "exchange report {id} --state ...",
}
_NEXT = {
    "select": "exchange select {id}, if it is to be taken up",
    "commit": "exchange commit {id}",
    "adhere": "exchange show {id}, then exchange terms {id} --until T | --decline",
    "reveal": "exchange terms {id} --reveal",
}


def inbox_lines(inbox: Inbox) -> Iterator[str]:
    """What to do, what came, where each case stands, what is under way, who is silent."""
    yield f"{inbox.party} at {iso(inbox.at)}"
    todo = list(_todo(inbox))
    yield "To do:" if todo else "Nothing waits for this party."
    yield from (f"  {each}" for each in todo)
    if inbox.latest:
        yield "Last to come in (exchange show ID):"
        yield from (f"  {short(each.id)}  {_came(each)}" for each in inbox.latest)
    for each in inbox.conversations:
        yield from thread_lines(each.case, each.thread, each.terms, each.statements, brief=True)
    if inbox.refused:
        yield f"Refused when they came in, and kept beside the record: {inbox.refused}"
    yield from (_channel(each) for each in inbox.channels)
    yield NOTICE


def _todo(inbox: Inbox) -> Iterator[str]:
    for message in inbox.to_answer:
        yield f"answer   {_came(message)}\n           {_how(inbox.party, message)}"
    for what, message in inbox.to_follow:
        yield f"{what:<8} {_came(message)}\n           {_NEXT[what].format(id=short(message.id))}"
    for origin, names in inbox.to_ask:
        yield f"ask      permissions still needed: {', '.join(names)}"
        yield f"           exchange clear {short(origin)} --ask ITEM:GATE --until T, once for each that it answers for;"
        yield "           what a state on the way gives, with --to XC,HOST"
    yield from _leaving(inbox)
    yield from _drafts(inbox)
    for party, names in inbox.owed:
        yield f"receipt  {len(names)} owed to {party}: exchange receipt"
    for party, count in inbox.waiting:
        yield f"send     {count} for {party}: exchange export FILE --to {party}"
    for name in inbox.to_pass:
        yield f"carry    parcel {short(name)}: exchange pass {short(name)} FILE"
    for each in inbox.channels:
        if each.late:
            yield f"call     {each.party} is silent: exchange check CASE --to {each.party}, or by another way"


def _leaving(inbox: Inbox) -> Iterator[str]:
    for origin, item, state, why in inbox.to_leave:
        inside = RANK[state] >= RANK["Entered"]
        yield f"{'leave' if inside else 'hold':<8} {item} is {state}: {why}"
        out = f"exchange report {short(origin)} --item {item} --state Exited once it has left" if inside else ""
        again = f"exchange clear {short(origin)} --ask {item}:GATE --until T asks anew" if state != "Released" else ""
        yield f"           {'; '.join(filter(None, (out, again)))}"


def _drafts(inbox: Inbox) -> Iterator[str]:
    for name in inbox.drafts:
        yield f"sign     draft {short(name)}: exchange show {short(name)}, then exchange sign {short(name)} --as OFFICE"
    for name, why in inbox.void:
        yield f"void     draft {short(name)}: {why}; exchange drop {short(name)}, and say it anew"


def _how(party: str, message: Message) -> str:
    how, first = _HOW.get(message.content, _ANSWER).format(id=short(message.id)), message.recipients[0]
    told = message.content == "RequestClearance" and first != party
    return f"{first} is asked first; only what is not {first}'s to give: {how}" if told else how


def _came(message: Message) -> str:
    status = "" if message.status == "Actual" else f"{message.status.upper()} "
    said = gist(message)
    what = f"{status}{message.content} of {message.sender}, {iso(message.sent.at)}, case {message.case}"
    return f"{what}: {said}" if said else what


def _channel(each: Channel) -> str:
    heard = f"last heard {iso(each.heard_at)}" if each.heard_at else "never heard"
    due = f", due by {iso(each.due_at)}{': LATE' if each.late else ''}" if each.due_at else ""
    return f"{each.party}: {heard}{due}"
