"""The command `dedup`: arguments in, exit status out. Every way to end is decided here.

Exit status: 0 done, or the reader of our output closed the pipe; 2 usage, nothing done; 3 finished,
some inputs skipped; 4 reading, writing or integrity failed; 70 our bug; 130 interrupted. Of SIGTERM and SIGHUP the
process dies, when it has taken away what was half written.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from contextlib import suppress

from dedup.cli.process import (
    Ended,
    clean_up_on_signals,
    end_at_once_on_signals,
    end_by,
    hold_standard_streams,
    leave,
)
from dedup.errors import OUR_BUG, DedupError, Interrupted, ReaderGone, UsageError, WriteError, write_error
from dedup.sources.arrow import own_process

_DEBUG = "--debug"
_TURN_SECONDS = 0.0005
"""How long a thread may keep the interpreter's lock while another waits for it."""
_UNWRITABLE = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EBADF)
"""What writing to standard output ends with: a full disk, a broken one, a closed stream."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit status; nothing is raised.

    Args:
        arguments: without the program's name; those of the process if None.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    if arguments is None:
        own_process()
        hold_standard_streams()
        clean_up_on_signals()
    try:
        try:
            return _run(_without_debug(given))
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()  # help and version go through Python's buffer: see its errors here
    except BaseException as error:
        status = _end(error, debug=len(_without_debug(given)) < len(given))
        if arguments is None and status == Interrupted.exit_status:
            leave(status)
        return status
    finally:
        if arguments is None:
            end_at_once_on_signals()


def say(line: str) -> None:
    """Print one line on standard error, whatever state that is in."""
    if sys.stderr is None:
        return  # closed: `print` would take standard output for it
    with suppress(OSError, ValueError):  # nobody can be told that nobody can be told
        print(_inert(safe(line)), file=sys.stderr, flush=True)


def safe(text: str) -> str:
    r"""A text with control characters spelled out: the name of a file must not steer the terminal.

    >>> safe("a\x1b[2Jb\udcff")
    'a\\x1b[2Jb\\udcff'
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def _inert(line: str) -> str:
    """A line that is no command to the runner of GitHub Actions, which reads standard error as well.

    It takes `::` at the beginning for one, behind white space too, and `##[`, an older form, anywhere.
    """
    if not os.environ.get("GITHUB_ACTIONS"):
        return line
    line = line.replace("##[", "# #[")
    return f"- {line}" if line.lstrip().startswith("::") else line


def _run(arguments: list[str]) -> int:
    import atexit
    import gc

    import typer

    from dedup.cli.app import build

    # Findings are many, and none is part of a cycle: to look for cycles took a third of the time of a report.
    gc.set_threshold(200_000, 50, 100)
    # At the end all of it goes, and there is nothing to look for.
    atexit.register(gc.freeze)
    # The usual 5 ms are the time of a batch: two threads took a twentieth longer with them.
    sys.setswitchinterval(_TURN_SECONDS)

    command = build(arguments)
    # Not command.main(): it turns Ctrl-C, a closed pipe and crashes into exit statuses of its own.
    with command.make_context("dedup", arguments) as context:
        try:
            status = command.invoke(context)
        except UsageError as error:
            if context.obj is not None:  # the configuration
                error.message = context.obj.placed(error.message, context.invoked_subcommand, arguments)
            raise
        except typer.TyperException as error:
            if getattr(error, "ctx", error) is None:  # a word that cannot be parsed does not know its command
                error.ctx = typer.Context(command, parent=context, info_name=context.invoked_subcommand)  # type: ignore[attr-defined]
            raise
    return status if isinstance(status, int) else 0


def _without_debug(arguments: list[str]) -> list[str]:
    """Take `--debug` out wherever it stands before `--`, so that it may follow the command as well."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    return [one for one in arguments[:end] if one != _DEBUG] + arguments[end:]


def _end(error: BaseException, *, debug: bool) -> int:
    """Say what happened and give the exit status for it."""
    if debug and not isinstance(error, SystemExit):
        import traceback

        for line in "".join(traceback.format_exception(error)).splitlines():
            print(_inert(line), file=sys.stderr)
    known = _as_known(error)
    if isinstance(error, Ended):
        from dedup.sinks.atomic import remove_left

        remove_left()  # nothing else runs when a signal ends the process
        return end_by(error.number)
    if isinstance(known, int):
        return known
    if isinstance(known, ReaderGone):
        _forget_stdout()
    elif isinstance(error, OSError) and isinstance(known, WriteError):
        _forget_stdout()
        _say_known(known)
    elif known is None:
        _say_bug(error)
        return OUR_BUG
    else:
        _say_known(known)
    return known.exit_status


def _as_known(error: BaseException) -> DedupError | int | None:
    """The error in terms of our tree, a bare exit status, or None for a bug."""
    if isinstance(error, DedupError):
        return error
    if isinstance(error, KeyboardInterrupt):
        return Interrupted("interrupted")
    if isinstance(error, BrokenPipeError) or isinstance(error.__context__, BrokenPipeError):
        return ReaderGone()  # Rich turns it into SystemExit(1)
    if isinstance(error, OSError) and error.errno in _UNWRITABLE:
        return write_error("standard output", error)  # help or version: the text has a sink that knows its name
    if isinstance(error, MemoryError):
        return DedupError("out of memory", "Use fewer --threads or a smaller input.")
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else int(error.code is not None)
    return _as_typer(error)


_BEFORE_THE_COMMAND = {"--config": "--config FILE check articles", "--no-config": "--no-config check articles"}
"""Options of all commands, by an example."""


def _as_typer(error: BaseException) -> DedupError | int | None:
    import typer

    if isinstance(error, typer.Exit):
        return error.exit_code
    if not isinstance(error, typer.TyperException):
        return None
    context = getattr(error, "ctx", None)
    where = context.command_path if context is not None else "dedup"
    message = error.format_message().rstrip(".")
    option = getattr(error, "option_name", "")
    if option in _BEFORE_THE_COMMAND and where != "dedup":
        return UsageError(f"{option} stands before the command", f"For example: dedup {_BEFORE_THE_COMMAND[option]}")
    return UsageError(message[:1].lower() + message[1:], f"See: {where} --help")


def _say_known(error: DedupError) -> None:
    say(f"dedup: {error.message}")
    if error.remedy:
        say(f"       {error.remedy}")


def _say_bug(error: BaseException) -> None:
    text = str(error).splitlines()
    what = f"{type(error).__name__}: {text[0]}" if text else type(error).__name__
    say(f"dedup: a bug in dedup ({what}); run it again with {_DEBUG} and report what that prints")


def _forget_stdout() -> None:
    """Point descriptor 1 at nothing, so that the interpreter can flush it at exit without a word."""
    try:
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.close(nothing)
    except OSError:
        pass
