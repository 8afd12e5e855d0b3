"""What the text says, held against evidence: sentences → assertions → supported, contradicted, unverifiable; citations; authority."""
