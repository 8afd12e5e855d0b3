"""Frozen values: span, value, resource, snapshot, rule, match, result, verdict.

What every command decodes (rules, signals, verdicts) has no `from __future__ import annotations`: msgspec would compile the text of each
annotation, 7 ms of a command.
"""
