"""What the commands that say something share: refuse, preview, sign, print."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from safeconduct.cli.console import dump, warn
from safeconduct.cli.console import say_foreign as say
from safeconduct.cli.keys import listed, read_file
from safeconduct.desk.checking import check_speech, noteworthy
from safeconduct.desk.speaking import Said, Speech, composed
from safeconduct.desk.speaking import say as say_it
from safeconduct.desk.voice import Voice
from safeconduct.exchange.codec import to_json
from safeconduct.exchange.message import Message, Response
from safeconduct.model.errors import InvalidInput
from safeconduct.report.exchange import NOTICE, message_lines, short


def speak(
    party: Voice,
    speech: Speech,
    signers: str | None,
    *,
    preview: bool = False,
    words: str | None = None,
    anyway: bool = True,
    as_json: bool = False,
) -> None:
    """
    Say something, or show it: what would be a breach is refused before it is signed, unless *anyway*.

    Args:
        words: With a preview: print in full the attached texts whose name holds this.

    Raises:
        InvalidInput: It goes to a party whose card is not trusted; no attached text is named so; as `check_speech` and
            `desk.speaking.say`.
    """
    for each in speech.recipients:
        party.card(each)  # a code mistyped would be logged, and wait for ever
    warn(noteworthy(party, speech))
    if preview:
        if not anyway:
            check_speech(party, speech)
        message = composed(party, speech)
        if as_json:
            dump({"message": to_json(message)})
            return
        texts = {each.key: each.data for each in speech.things if each.shelf == "enclosure"}
        sizes = {digest: len(data) for digest, data in texts.items()}
        say("\n".join(("PREVIEW, nothing was signed", *message_lines(message, sizes=sizes), NOTICE)))
        _say_words(message, texts, words)
        return
    told(say_it(party, speech, listed(signers), None if anyway else check_speech), as_json=as_json)


def _say_words(message: Message, texts: Mapping[str, bytes], words: str | None) -> None:
    """Print the attached texts that were asked for by name; else how to."""
    names = [each.name for each in message.attachments if each.digest in texts]
    if words is None:
        if names:
            say('An attachment in full: the same with --words NAME, such as --words "' + names[0] + '"')
        return
    chosen = tuple(each for each in message.attachments if words in each.name and each.digest in texts)
    if not chosen:
        expected = " | ".join(names) or "an attachment"
        raise InvalidInput("nothing attached is named so", where="--words", expected=expected, got=words)
    say_attached(replace(message, attachments=chosen), texts.get)


def told(said: Said, *, as_json: bool) -> None:
    """Print what was said, and what comes next."""
    message = said.signed.message
    offices = [each.office for each in said.signed.signatures]
    if as_json:
        found = {"id": message.id, "sent": said.sent, "signed": offices, "missing": said.missing}
        breaches = [{"code": each.code, "message": each.message} for each in said.violations]
        dump({**found, "violations": breaches, "message": to_json(message)})
        return
    say("\n".join(message_lines(message)))
    if said.sent:
        say(f"Signed by {', '.join(offices)} and logged; it goes out with:")
        for each in message.recipients:
            say(f"  safeconduct exchange export FILE --to {each}")
    else:
        say(f"A DRAFT, signed by {', '.join(offices) or 'nobody'}: {said.missing}")
        say(f"Next: safeconduct exchange sign {short(message.id)} --as OFFICE")
    for breach in said.violations:
        say(f"breach: {breach.code}: {breach.message}")


def say_attached(message: Message, held: Callable[[str], bytes | None]) -> None:
    """Print the texts attached to a message, as far as they are held; *held* finds one by its digest."""
    for each in message.attachments:
        data = held(each.digest)
        if data is not None and each.media.startswith("text/"):
            lines = data.decode("utf-8", "replace").splitlines()
            say("\n".join((f"attached: {each.name}", *(f"  | {line}" for line in lines))))


def attachments(said: Sequence[str] | None) -> dict[str, bytes]:
    """
    Files to attach, by name: ``NAME=FILE``, or a file under its own name.

    Raises:
        InvalidInput: One cannot be read.
    """
    found = {}
    for each in said or ():
        name, equals, file = each.rpartition("=")
        path = Path(file)
        found[name if equals else path.name] = read_file(path, "the attachment")
    return found


def one_answer(*, accept: bool, decline: bool, provisional: bool) -> str:
    """
    The one answer that was chosen.

    Raises:
        InvalidInput: None or several.
    """
    chosen = [name for name, on in (("Accept", accept), ("Decline", decline), ("Provisional", provisional)) if on]
    if len(chosen) != 1:
        expected = "one of --accept (--agree), --decline, --provisional"
        raise InvalidInput("not one answer", where="answer", expected=expected, got=" and ".join(chosen) or "none")
    return Response(chosen[0]).answer
