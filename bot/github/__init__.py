"""The only importer of PyGithub: authentication, gateway, reader (→ Snapshot), publisher (Publication → API)."""
