"""Countersign: AI drafts, policy enforces, a person countersigns.

    delivery → snapshot → change set → resources → views → results → verdict → publication → ledger
      edge       edge       pure          pure      pure     pure      pure    text pure,      edge
                                                                               sending edge

`engine` decides and touches nothing; `report` turns a verdict into text with templates that are passed in; `confine` runs
the engine in a child with limits; `local` gathers a snapshot from a git clone or from directories; `cli` is the command.
"""

__version__ = "0.1.0"
