"""Verdict to text. Templates are passed in."""
