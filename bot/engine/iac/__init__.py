"""Bytes to resources; one package per language, independent of each other."""
