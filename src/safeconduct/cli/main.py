"""The command line: one module per command, one place where errors become exit statuses."""

from __future__ import annotations

import atexit
import gc
import sys
from collections.abc import Callable, Mapping

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
        application(words[0] if words else None)(args=words, standalone_mode=True)
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


if __name__ == "__main__":
    main()
