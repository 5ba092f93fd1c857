"""The command line: one module per command, one place where errors become exit statuses."""

from __future__ import annotations

import atexit
import gc
import sys
from collections.abc import Callable, Mapping
from typing import Any, cast

import typer

from safeconduct.cli.console import told
from safeconduct.model.errors import InvalidInput, SafeConductError


def _assess(app: typer.Typer) -> None:
    from safeconduct.cli import assess  # lazy: one command loads one module

    app.command("assess")(assess.command)


def _validate(app: typer.Typer) -> None:
    from safeconduct.cli import validate  # lazy: as above

    app.command("validate")(validate.command)


def _ways(app: typer.Typer) -> None:
    from safeconduct.cli import ways  # lazy: as above

    app.command("ways")(ways.command)


def _case(app: typer.Typer) -> None:
    from safeconduct.cli import case  # lazy: as above

    app.add_typer(case.app, name="case")


def _law(app: typer.Typer) -> None:
    from safeconduct.cli import entry, law  # lazy: as above

    entry.add_to(law.app)
    app.add_typer(law.app, name="law")


def _precedents(app: typer.Typer) -> None:
    from safeconduct.cli import precedents  # lazy: as above

    app.add_typer(precedents.app, name="precedents")


def _party(app: typer.Typer) -> None:
    from safeconduct.cli import party  # lazy: as above

    app.add_typer(party.app, name="party")


def _exchange(app: typer.Typer) -> None:
    from safeconduct.cli import exchange  # lazy: as above

    app.add_typer(exchange.app, name="exchange")


def _verify(app: typer.Typer) -> None:
    from safeconduct.cli import verify  # lazy: as above

    app.command("verify")(verify.command)


def _data(app: typer.Typer) -> None:
    from safeconduct.cli import data  # lazy: as above

    app.add_typer(data.app, name="data")


def _search(app: typer.Typer) -> None:
    from safeconduct.cli import search  # lazy: as above

    app.add_typer(search.app, name="search")


CYCLES_LEFT = 200_000
"""Objects made before cycles are looked for: a command makes few and ends soon, so looking often only costs time."""

COMMANDS: Mapping[str, Callable[[typer.Typer], None]] = {
    "assess": _assess,
    "ways": _ways,
    "validate": _validate,
    "case": _case,
    "law": _law,
    "precedents": _precedents,
    "party": _party,
    "exchange": _exchange,
    "verify": _verify,
    "search": _search,
    "data": _data,
}
"""What adds each command; a call that names one loads no other, so that the hour's answer does not wait for them."""


_MISUSED = cast("type[Exception]", typer.BadParameter.__mro__[1])
"""What typer raises where a command is called with other words than it takes; it names only heirs of it."""


def application(named: str | None = None) -> typer.Typer:
    """
    The command line.

    Args:
        named: A command to load alone; None, or a name that is none, loads all.
    """
    app = typer.Typer(
        name="safeconduct",
        help="Who could come in time, whose permission each of them needs and by when, and what each one is worth.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"max_content_width": 120},  # as wide as the terminal, so that lists of commands stay whole
    )

    @app.callback()
    def _root() -> None:
        """Keep the name of the command, even where it is the only one loaded."""

    alone = COMMANDS.get(named or "")
    for add in [alone] if alone else COMMANDS.values():
        add(app)
    return app


def main(arguments: list[str] | None = None) -> None:
    """
    Run one command and leave with its exit status.

    0: an answer was produced. 1: a command that tests found the thing wanting. 2: bad input. 3: a fault of ours or
    of the surroundings.
    """
    gc.set_threshold(CYCLES_LEFT)
    atexit.register(gc.freeze)  # a process that ends looks for cycles once more: a tenth of a second for nothing
    try:
        words = sys.argv[1:] if arguments is None else arguments
        status = application(words[0] if words else None)(args=words, prog_name="safeconduct", standalone_mode=False)
        sys.exit(status if isinstance(status, int) else 0)
    except _MISUSED as fault:
        _misused(fault)
        sys.exit(2)
    except typer.Abort:
        sys.exit(1)
    except InvalidInput as fault:
        told(fault)
        sys.exit(2)
    except SafeConductError as fault:
        told(fault)
        sys.exit(3)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except OSError as fault:
        sys.stderr.write(f"error: {fault.filename or 'file'}: {fault.strerror or fault}\n")
        sys.exit(3)
    except (MemoryError, RecursionError, ArithmeticError, LookupError, TypeError, ValueError, AttributeError) as fault:
        sys.stderr.write(f"error: a fault of this program ({type(fault).__name__}: {fault}); please report it\n")
        sys.exit(3)


def _misused(fault: Any) -> None:
    """One line as for every error, with the command as its place; a group without a command shows its help."""
    if type(fault).__name__ == "NoArgsIsHelpError":
        fault.show()
        return
    command = fault.ctx.command_path.removeprefix("safeconduct").strip() if fault.ctx is not None else ""
    said = str(fault.format_message()).rstrip(".?")
    expected = " ".join(("as in: safeconduct", *filter(None, (command,)), "--help"))
    told(InvalidInput(said[:1].lower() + said[1:], where=command or "safeconduct", expected=expected))


if __name__ == "__main__":
    main()
