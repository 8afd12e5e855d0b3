"""Reads a local clone or directories into a snapshot."""
