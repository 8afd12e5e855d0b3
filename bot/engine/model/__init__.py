"""Frozen values: span, value, resource, snapshot, rule, match, result, verdict."""
