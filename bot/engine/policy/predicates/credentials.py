"""Secrets in code: only what stands in the tree counts. A reference is none, nor is a placeholder.

Forms of tokens: https://docs.github.com/code-security/secret-scanning/introduction/supported-secret-scanning-patterns and
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
"""

from __future__ import annotations

from bot.engine.model.value import Known, Unknown, Value
from bot.engine.pattern import Pattern
from bot.engine.policy.predicates.pieces import pieces
from bot.engine.policy.predicates.predicate import Args, Inputs, Predicate, Raw, no_args

MAX_TEXT = 20_000
ELSEWHERE = frozenset({"variable", "module-input", "module-source", "computed", "data-source", "environment", "sensitive"})

_TOKENS = Pattern(
    r"(?<![A-Za-z0-9])(?:"
    r"(?:AKIA|ASIA)[A-Z2-7]{16}"  # AWS access keys
    r"|gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{40,255}"
    r"|glpat-[A-Za-z0-9_-]{20,64}"
    r"|xox[abprs]-[A-Za-z0-9-]{10,250}"
    r"|AIza[A-Za-z0-9_-]{35}"
    r"|sk_live_[A-Za-z0-9]{16,200}|rk_live_[A-Za-z0-9]{16,200}"
    r"|SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{16,64}"
    r"|npm_[A-Za-z0-9]{36}|dckr_pat_[A-Za-z0-9_-]{20,64}|hv[sb]\.[A-Za-z0-9_-]{24,300}"
    r"|eyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10,4000}\.[A-Za-z0-9_-]{10,2000}"
    r"|AccountKey=[A-Za-z0-9+/]{60,100}={0,2}"
    r"|hooks\.slack\.com/services/T[A-Z0-9]{7,12}/B[A-Z0-9]{7,12}/[A-Za-z0-9]{20,32}"
    r"|SK[0-9a-f]{32}(?![0-9a-f])|key-[0-9a-f]{32}(?![0-9a-f])|[0-9a-f]{32}-us[0-9]{1,2}(?![0-9])"
    r"|sq0(?:atp|csp)-[A-Za-z0-9_-]{22,43}|ya29\.[A-Za-z0-9_-]{30,300}|GOCSPX-[A-Za-z0-9_-]{20,40}"
    r")"
)
_PRIVATE_KEY = Pattern(r"-----BEGIN (?:[A-Z]{2,10} ){0,2}PRIVATE KEY-----")
_KEY_IN_CONTEXT = Pattern(
    r"(?i)(?:secret|password|passwd|token|api_?key)[\w-]{0,20}[\"']?\s{0,3}[=:]\s{0,3}[\"']?([A-Za-z0-9+/_~.-]{16,200})"
)
_CHOSEN_IN_CONTEXT = Pattern(r"(?i)passw(?:or)?d[\"']?\s{0,3}[=:]\s{0,3}[\"']?([A-Za-z0-9+/_~.!@#%^*-]{8,200})")
_IN_ADDRESS = Pattern(r"[a-z][a-z0-9+.-]{1,20}://[^\s/:@\"'<>]{1,64}:([^\s/:@\"'<>${}]{4,128})@[A-Za-z0-9]")
_PLACEHOLDER = Pattern(
    r"(?i)example|change[-_ ]?me|placeholder|dummy|redacted|replace|your[-_ ]|insert|todo|fixme|xxxx|\.\.\.|<[^>]{1,40}>"
    r"|\$\{|\{\{|%\(|^\*+$|^x+$"
    r"|^(?:test|sample|none|null|n/?a|string|secret|password)$"
)
_REFERENCE = Pattern(
    r"(?i)^(?:arn:|https?://|/subscriptions/|projects/|vault:|ssm:|secretsmanager:|@microsoft\.keyvault|resolve:|file:|/[\w/.-]+$)"
)


def is_placeholder(text: str) -> bool:
    """An obvious stand-in, or one character repeated."""
    return bool(_PLACEHOLDER.search(text)) or len(set(text)) <= 2


def _is_secret(text: str) -> bool:
    if _PRIVATE_KEY.search(text):
        return True
    if any(not is_placeholder(found[0]) for found in _TOKENS.finditer(text)):
        return True
    if any(not is_placeholder(found[1]) for found in _IN_ADDRESS.finditer(text)):
        return True
    return any(_varied(found[1]) for form in (_KEY_IN_CONTEXT, _CHOSEN_IN_CONTEXT) for found in form.finditer(text))


def _varied(text: str) -> bool:
    """Letters of both cases and digits without a word's shape: no name, path or placeholder."""
    kinds = (any(map(str.isupper, text)), any(map(str.islower, text)), any(map(str.isdigit, text)))
    return all(kinds) and len(set(text)) >= len(text) // 3 and not is_placeholder(text) and not _REFERENCE.match(text)


def _texts(raw: Raw) -> list[str]:
    if isinstance(raw, dict):
        return [text for item in raw.values() for text in _texts(item)]
    if isinstance(raw, tuple):
        return [text for item in raw for text in _texts(item)]
    return [raw] if isinstance(raw, str) else []


def _secret_like(inputs: Inputs, _: Args) -> bool | None:
    texts = _texts(inputs[0])
    if any(_is_secret(text) for text in texts if len(text) <= MAX_TEXT):
        return True
    return None if any(len(text) > MAX_TEXT for text in texts) else False


def _hard_coded(inputs: Inputs, _: Args) -> bool | None:
    raw = inputs[0]
    if isinstance(raw, tuple | dict):
        return any(map(_written_out, _texts(raw)))
    return _written_out(raw) if isinstance(raw, str) else isinstance(raw, int | float) and not isinstance(raw, bool)


def _written_out(text: str) -> bool:
    return bool(text.strip()) and not is_placeholder(text) and not _REFERENCE.match(text)


def _not_in_the_tree(values: tuple[Value | None, ...], _: Args) -> bool | None:
    """A value that comes from elsewhere is no secret in the code, unless a known piece of it is one."""
    value = values[0]
    if not isinstance(value, Unknown):
        return _among(value) if isinstance(value, Known) else None
    if any(_is_secret(part) for part in pieces(value) if part):
        return True
    return False if value.reason in ELSEWHERE else None


def _among(value: Known) -> bool | None:
    """False when every unknown part of a collection comes from elsewhere and no known part decides."""
    items = value.raw.values() if isinstance(value.raw, dict) else value.raw if isinstance(value.raw, tuple) else ()
    found = [_part(item) for item in items]
    return True if True in found else None if None in found or not found else False


def _part(item: Value) -> bool | None:
    if isinstance(item, Unknown):
        return _not_in_the_tree((item,), ())
    if isinstance(item, Known) and isinstance(item.raw, tuple | dict):
        return _among(item) if item.raw else False
    return _secret_like((item.raw,), ()) if isinstance(item, Known) and not isinstance(item.raw, tuple | dict) else False


def _from_elsewhere(values: tuple[Value | None, ...], _: Args) -> bool | None:
    value = values[0]
    return False if isinstance(value, Unknown) and value.reason in ELSEWHERE else None


PREDICATES = (
    Predicate("secret_like", _secret_like, no_args, monotone="up", partly=_not_in_the_tree),
    Predicate("hard_coded", _hard_coded, no_args, monotone="up", partly=_from_elsewhere),
)
