"""Untrusted bytes are evaluated in a child that can do nothing but compute; a dead child is a result.

`run` forks a child of a single-threaded process; `Supervisor` keeps an exec'ed process without secrets that forks the
children, for long-lived or threaded callers, and `Supervisors` several of them. `layers` says which protections this machine has.
"""

from bot.confine.child import CallerGone, Died, Layer, Limits, ThreadsRunning, layers, run
from bot.confine.supervisor import Supervisor
from bot.confine.supervisors import Supervisors

__all__ = ["CallerGone", "Died", "Layer", "Limits", "Supervisor", "Supervisors", "ThreadsRunning", "layers", "run"]
