"""The part of a rule file that is loaded."""

_EXAMPLES = b"\nexamples:"


def head_of(data: bytes) -> bytes:
    """What stands before the line `examples:`; the rest proves the rule and is read by tests alone."""
    at = data.find(_EXAMPLES)
    return data if at < 0 else data[: at + 1]
