"""What an installation has read once, so that no command reads it again: the shipped rules, the words, the signals and the patterns.

`make` writes them next to the package, and a wheel holds them. Each stands behind a digest of what it was made from: of the words
themselves, of the code that reads rules (the bytes of a policy say which rules it was), of the names, sizes and times of the rule files.
Where the digest is another one, or there is nothing, the files are read as before.
"""

from __future__ import annotations

import os
from os.path import dirname, join
from typing import TYPE_CHECKING

from bot.cli.resources import PACKAGE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.engine.model.signal import Signals

PLACE = join(PACKAGE, "resources", "prepared")
RULES, POLICY, PHRASES, SIGNALS = "rules.msgpack", "policy.msgpack", "phrases.json", "signals.msgpack"
PATTERNS = "patterns.marshal"
AUTHORSHIP = "authorship.yaml"
SIGNAL_READERS = ("documents.py", "model/signal.py", "authorship/table.py", "policy/forms.py", "policy/reading.py")
READERS = ("documents.py", "model/rule.py", "views/__init__.py", "judgment/__init__.py", "policy", "policy/predicates")
HEAD = "policy/head.py"
DIGEST = 64
State = tuple[dict[str, list[str]], list[str], list[tuple[int, int]]]


_digests: list[tuple[dict[str, bytes], str]] = []


def rules() -> dict[str, bytes]:
    """What `resources.rules` reads of the shipped files, without opening each of them (16 ms) while none was written since."""
    import msgspec

    from bot.cli import resources

    top = resources.directory("rules")
    if kept := _kept(RULES, _digest(_engine((HEAD,)))):
        state, digest, found = msgspec.msgpack.decode(kept, type=tuple[State, str, dict[str, bytes]])
        if _is_as_it_was(top, state):
            _digests[:] = [(found, digest)]
            return found
    return resources.rules()


def policy() -> bytes:
    """The shipped rules for `load_policy`; empty when they were read by other code."""
    return _kept(POLICY, _code())


def digest(rules: Mapping[str, bytes]) -> str:
    """The digest of the policy of these rules, if they are what `rules` has read of one file with it; else nothing."""
    return next((digest for found, digest in _digests if found is rules), "")


def phrases(data: bytes) -> bytes:
    """The catalogue of words `data` as JSON; empty when it is not the one that was read."""
    return _kept(PHRASES, _digest([data]))


def signals() -> Signals:
    """The shipped table of signals, read again only where it is not kept. Raises `PolicyError`."""
    import msgspec

    from bot.cli import resources
    from bot.engine.model.signal import Signals

    data = resources.facts(AUTHORSHIP)
    if kept := _kept(SIGNALS, _digest([data, *_engine(SIGNAL_READERS)])):
        return msgspec.msgpack.decode(kept, type=Signals)
    from bot.engine.authorship.table import load_signals

    return load_signals(data, f"bot/facts/{AUTHORSHIP}")


def keep_patterns() -> None:
    """From here on no regular expression is compiled that was compiled at installation. Without one all are, as before."""
    from bot.cli import pattern_codes
    from bot.engine import pattern

    if kept := _kept(PATTERNS, _digest([pattern_codes.interpreter()])):
        pattern.keep(pattern_codes.reader(kept))


def write() -> None:
    """Reads rules, words, signals and patterns and keeps them. Raises `PolicyError`."""
    import msgspec

    from bot.cli import pattern_codes, resources
    from bot.engine.authorship.table import load_signals
    from bot.engine.policy import load_policy
    from bot.engine.policy.compiled import pack
    from bot.report.phrases import load

    words = resources.template("phrases.yaml").encode()
    rules = resources.rules()
    policy = load_policy(rules)
    table = resources.facts(AUTHORSHIP)
    signals = load_signals(table, f"bot/facts/{AUTHORSHIP}")
    os.makedirs(PLACE, exist_ok=True)
    _keep(RULES, _digest(_engine((HEAD,))), msgspec.msgpack.encode((_state(resources.directory("rules")), policy.digest, rules)))
    _keep(POLICY, _code(), pack(policy))
    _keep(PHRASES, _digest([words]), msgspec.json.encode(load(words).texts))
    _keep(SIGNALS, _digest([table, *_engine(SIGNAL_READERS)]), msgspec.msgpack.encode(signals))
    _keep(PATTERNS, _digest([pattern_codes.interpreter()]), pattern_codes.pack(pattern_codes.shipped(policy, signals)))


def _keep(name: str, digest: str, data: bytes) -> None:
    with open(join(PLACE, name), "wb") as file:
        file.write(digest.encode() + data)


def _kept(name: str, digest: str) -> bytes:
    try:
        with open(join(PLACE, name), "rb", buffering=0) as file:  # a buffer would be copied once more
            return file.read() if file.read(DIGEST) == digest.encode() else b""
    except OSError:
        return b""


def _state(top: str) -> State:
    """What every directory below holds, and of every file its bytes and the second in which it was last written."""
    listed: dict[str, list[str]] = {}
    files: list[str] = []
    for path, inner, names in os.walk(top):
        below = path[len(top) :]
        listed[below] = sorted((*inner, *names))
        files += [f"{below}/{name}" for name in names]
    return listed, files, _written(top, files)


def _is_as_it_was(top: str, state: State) -> bool:
    listed, files, written = state
    try:
        same = all(sorted(os.listdir(top + below)) == names for below, names in listed.items())
        return same and _written(top, files) == written
    except OSError:
        return False


def _written(top: str, files: list[str]) -> list[tuple[int, int]]:
    return [(status.st_size, int(status.st_mtime)) for status in map(os.stat, [top + path for path in files])]


def _code() -> str:
    return _digest(_engine(READERS))


def _engine(names: tuple[str, ...]) -> list[bytes]:
    """The modules of the engine with these names, a directory for all that lie in it."""
    engine = join(dirname(dirname(__file__)), "engine")
    files: list[str] = []
    for name in names:
        found = join(engine, name)
        files += [found] if name.endswith(".py") else sorted(join(found, inner) for inner in os.listdir(found) if inner.endswith(".py"))
    return [_read(path) for path in files]


def _digest(parts: list[bytes]) -> str:
    from hashlib import sha256

    total = sha256()
    for part in parts:
        total.update(b"%d:" % len(part))
        total.update(part)
    return total.hexdigest()


def _read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


if __name__ == "__main__":
    from bot.cli import modules

    modules.write()
    write()
