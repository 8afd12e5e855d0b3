"""Untrusted bytes are evaluated in a child that can do nothing but compute; a dead child is a result.

`run` forks a child of a single-threaded process; `Supervisor` keeps an exec'ed process without secrets that forks the
children, for long-lived or threaded callers. `layers` says which protections this machine has.
"""

from bot.confine.child import CallerGone, Died, Layer, Limits, ThreadsRunning, layers, run
from bot.confine.supervisor import Supervisor

__all__ = ["CallerGone", "Died", "Layer", "Limits", "Supervisor", "ThreadsRunning", "layers", "run"]
