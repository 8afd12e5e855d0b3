"""The command `countersign`: finds the command's module, runs it, and turns every ending into a message and an exit code."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

from bot.cli import modules
from bot.cli.status import INTERRUPTED, NOT_EVALUATED, USAGE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.cli.options import Spec, Usage

LASTING = ("backtest", "demo", "serve")
COMMANDS = ("review", "backtest", "scan", "authorship", "rules", "config", "demo", "setup", "serve", "doctor", "decisions", "ledger")

UNREAD = ("git-failed", "unreadable-directory", "ledger-outdated", "ledger-unreadable")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; the exit code of PRODUCT §9 (0 clean, 1 violations, 2 open decisions, 3 not evaluated, 64 usage)."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = _dispatch(words)
        sys.stdout.flush()
    except BrokenPipeError:
        return _broken_pipe()
    except KeyboardInterrupt:
        _complain("interrupted")
        return INTERRUPTED
    except Exception:  # noqa: BLE001 - Python's own exit code for it would be 1, which means violations
        return _fault()
    return code


def _dispatch(words: list[str]) -> int:
    if not words or words[0] in ("--help", "-h", "help"):
        return _help("countersign", 0 if words else USAGE)
    if words[0] == "--version":
        from bot import __version__

        return _print(f"countersign {__version__}\n")
    if words[0] not in LASTING:
        gc.disable()  # it ends before there is anything to collect, and looking costs a seventh of it
    modules.install()
    _import_msgspec()
    from bot.cli import prepared
    from bot.cli.options import Usage
    from bot.engine.policy.problem import PolicyError
    from bot.local.problem import Problem
    from bot.report.clean import line

    prepared.keep_patterns()
    try:
        return _run(words[0], words[1:])
    except (Usage, Problem) as problem:
        _complain(problem.key, **problem.fields)
        return NOT_EVALUATED if problem.key in UNREAD else USAGE
    except PolicyError as error:
        _complain("policy-invalid")
        sys.stderr.write("".join(f"  {line(str(problem))}\n" for problem in error.problems))
        return USAGE


def _run(name: str, words: list[str]) -> int:
    if name not in COMMANDS:
        raise _unknown(name)
    from importlib import import_module

    from bot.cli.options import parse

    command = import_module(f"bot.cli.{name}")
    spec: Spec = command.SPEC
    options = parse(spec, words)
    if options.has("--help"):
        return _help(name, 0)
    code: int = command.run(options)
    gc.freeze()  # or the interpreter looks through everything once more when it ends
    return code


def _import_msgspec() -> None:
    """Imports msgspec without what it takes along and a command has no use for: typing_extensions where that happens to be installed,
    and `inspect` with it (8 ms for what Python 3.11 has itself), `platform` for the name of the system, and `textwrap` for schemas."""
    from bot.cli.later import Later

    put = {name: Later(name) for name in ("platform", "textwrap") if name not in sys.modules}
    absent = sys.modules.setdefault("typing_extensions", None) is None  # type: ignore[arg-type]  # None refuses an import
    sys.modules.update(put)
    import msgspec  # noqa: F401

    for name, later in put.items():
        if sys.modules.get(name) is later:
            del sys.modules[name]
    if absent:
        del sys.modules["typing_extensions"]


def _unknown(name: str) -> Usage:
    from bot.cli.options import Usage, nearest

    commands = ", ".join(COMMANDS)
    if near := nearest(name, COMMANDS):
        return Usage("unknown-command-near", word=name, near=near, commands=commands)
    return Usage("unknown-command", word=name, commands=commands)


def _help(name: str, code: int) -> int:
    from bot.cli.resources import template

    stream = sys.stderr if code else sys.stdout
    stream.write(template(f"help/{name}.txt"))
    return code


def _print(text: str) -> int:
    sys.stdout.write(text)
    return 0


def _complain(key: str, **fields: str | int) -> None:
    from bot.cli.output import phrases, said

    words = phrases()
    sys.stderr.write(words.say("usage.prefix", text=said(key, fields, words)) + "\n")


def _fault() -> int:
    from traceback import print_exc

    print_exc()
    _complain("fault")
    return NOT_EVALUATED


def _broken_pipe() -> int:
    """The reader has left: nothing more can be said to it, and nothing went wrong. The descriptor is replaced so that the
    interpreter's own flush at exit finds no broken pipe (https://docs.python.org/3/library/signal.html#note-on-sigpipe)."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 141


if __name__ == "__main__":
    sys.exit(main())
