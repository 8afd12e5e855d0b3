"""One text into one value, or the reason why not; a secret is never part of the reason."""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from bot.settings.problem import Wrong
from bot.settings.secret import Secret

_NUMBER = re.compile(r"[0-9]{1,18}\Z")
_SECONDS = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,6})?\Z")
_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}\Z")
_LISTEN = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9.-]+)):([0-9]{1,5})\Z")
_POSTGRESQL = ("postgres", "postgresql", "postgresql+psycopg")


def text(value: str) -> str:
    """As it is."""
    return value


def positive(value: str) -> int:
    """A whole number from 1."""
    return number(value, least=1, most=10**18)


def number(value: str, *, least: int, most: int) -> int:
    """A whole number within bounds."""
    if not _NUMBER.match(value) or not least <= int(value) <= most:
        raise Wrong("number" if most < 10**18 else "positive", value=value, least=least, most=most)
    return int(value)


def seconds(value: str, *, most: int) -> float:
    """Seconds, fractions allowed."""
    if not _SECONDS.match(value) or float(value) > most:
        raise Wrong("seconds", value=value, most=most)
    return float(value)


def choice(value: str, *, choices: tuple[str, ...]) -> str:
    """One of a few words, in any case."""
    if value.lower() not in choices:
        raise Wrong("choice", value=value, choices=", ".join(choices))
    return value.lower()


def identifier(value: str) -> str:
    """A short name."""
    if not _IDENTIFIER.match(value):
        raise Wrong("identifier", value=value)
    return value


def url(value: str) -> str:
    """An address without user, query or fragment; plain HTTP only on this machine."""
    found = _split(value)
    if not found.hostname or found.scheme not in ("http", "https") or found.query or found.fragment:
        raise Wrong("url")
    if found.username or found.password:
        raise Wrong("url-with-user")
    if found.scheme == "http" and not _is_loopback(found.hostname):
        raise Wrong("url-not-https", value=value)
    return value.rstrip("/")


def proxy(value: str) -> Secret:
    """The address of a proxy; it may hold a password."""
    found = _split(value)
    if not found.hostname or found.scheme not in ("http", "https"):
        raise Wrong("proxy")
    return Secret(value)


def database(value: str) -> Secret:
    """SQLite or PostgreSQL, in SQLAlchemy's form with the driver that is installed."""
    scheme, separator, rest = value.partition("://")
    if separator and rest and scheme in _POSTGRESQL:
        return Secret(f"postgresql+psycopg://{rest}")
    if scheme != "sqlite" or not rest.startswith("/") or rest == "/" or rest.startswith("/:memory:"):
        raise Wrong("database")
    return Secret(value)


def listen(value: str) -> str:
    """ADDRESS:PORT."""
    found = _LISTEN.match(value)
    if not found or int(found[3]) > 65535:
        raise Wrong("listen", value=value)
    return value


def listening(value: str) -> tuple[str, int]:
    """The two parts of a valid `listen`."""
    address, _, port = value.rpartition(":")
    return address.strip("[]"), int(port)


def readable(value: str) -> str:
    """The path of a file that can be read."""
    if value:
        content(Path(value))
    return value


def content(path: Path) -> bytes:
    """The bytes of a file."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise Wrong("file", path=str(path), detail=str(error.strerror)) from None


def private_key(value: str) -> Secret:
    """A PEM of an RSA key, as GitHub gives it; line ends may be written as \\n where a variable cannot hold them."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey  # noqa: PLC0415 - 60 ms, and most commands have no key
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415

    pem = value.replace("\\n", "\n").strip() + "\n"
    if "-----BEGIN " not in pem:
        raise Wrong("private-key-no-pem")
    try:
        key = load_pem_private_key(pem.encode(), None)
    except (ValueError, TypeError, UnicodeEncodeError):
        raise Wrong("private-key-broken") from None
    if not isinstance(key, RSAPrivateKey):
        raise Wrong("private-key-kind")
    return Secret(pem)


def _split(value: str) -> SplitResult:
    try:
        found = urlsplit(value)
        _ = found.port
    except ValueError:
        raise Wrong("url") from None
    return found


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
