"""The command line: one module per command, one place where errors become exit statuses."""

from __future__ import annotations

import sys

import typer

from safeconduct.cli import assess, case, entry, law, precedents, validate, ways
from safeconduct.cli.console import told
from safeconduct.model.errors import InvalidInput, SafeConductError

app = typer.Typer(
    name="safeconduct",
    help="Who could come in time, whose permission each of them needs and by when, and what each permission is worth.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("assess")(assess.command)
app.command("validate")(validate.command)
app.command("ways")(ways.command)
app.add_typer(case.app, name="case")
entry.add_to(law.app)
app.add_typer(law.app, name="law")
app.add_typer(precedents.app, name="precedents")


def main(arguments: list[str] | None = None) -> None:
    """
    Run one command and leave with its exit status.

    0: an answer was produced. 1: a command that tests found the thing wanting. 2: bad input. 3: a fault of ours or
    of the surroundings.
    """
    try:
        app(args=arguments, standalone_mode=True)
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
