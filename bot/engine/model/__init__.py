"""Frozen values: span, value, resource, snapshot, rule, match, result, verdict.

No module here has `from __future__ import annotations`: msgspec would compile the text of each annotation before it decodes such a class,
7 ms of a command.
"""
