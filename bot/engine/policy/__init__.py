"""Rules in, matches out."""
