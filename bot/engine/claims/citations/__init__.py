"""Citations of controls: the identifiers that a text names, looked up by framework and edition in the table of controls."""
