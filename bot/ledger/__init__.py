"""The record on SQLite or PostgreSQL: deliveries, evaluations, publications, questions and answers, and one chain for each repository that
tells whether anything of it was altered. The only importer of SQLAlchemy."""

from bot.ledger.alteration import Alteration
from bot.ledger.arriving import Delivery
from bot.ledger.chain import Chain
from bot.ledger.database import Database
from bot.ledger.decisions import Decisions, Given
from bot.ledger.deliveries import Deliveries, Stored
from bot.ledger.entry import Entry, Event, Head
from bot.ledger.evaluations import Evaluation, Evaluations, Grounds, Shown
from bot.ledger.holds import Hold, Holds
from bot.ledger.leases import Leases
from bot.ledger.packing import Packed, Unreadable, pack
from bot.ledger.places import Places
from bot.ledger.plans import Plans, UploadedPlan
from bot.ledger.pushers import Pushers
from bot.ledger.questions import Question, Questions
from bot.ledger.requests import Requested, Requests
from bot.ledger.retention import Retention
from bot.ledger.runs import Run, Runs
from bot.ledger.snapshots import Snapshots
from bot.ledger.turns import Turns
from bot.ledger.verification import Verification, Verified


class Outdated(Exception):  # noqa: N818 - what the database is, not an error of the caller
    """The schema is not the one that this program knows, and nobody asked to change it."""


class Ledger:
    """All tables of one database. `examined`: they are only read, as they stand; raises `Outdated` where they are of another form.
    Otherwise they are brought up to date."""

    def __init__(self, url: str, *, examined: bool = False) -> None:
        self.database = Database(url)
        if not examined:
            self.database.migrate()
        elif not self.database.current():
            self.database.close()
            raise Outdated
        self.chain = Chain(self.database)
        self.decisions = Decisions(self.database)
        self.deliveries = Deliveries(self.database)
        self.evaluations = Evaluations(self.database)
        self.holds = Holds(self.database)
        self.leases = Leases(self.database)
        self.places = Places(self.database)
        self.pushers = Pushers(self.database)
        self.questions = Questions(self.database)
        self.requests = Requests(self.database)
        self.plans = Plans(self.database)
        self.retention = Retention(self.database)
        self.runs = Runs(self.database)
        self.snapshots = Snapshots(self.database)
        self.turns = Turns(self.database)
        self.verification = Verification(self.database)

    def close(self) -> None:
        """Closes every connection."""
        self.database.close()


__all__ = [
    "Alteration",
    "Database",
    "Delivery",
    "Entry",
    "Evaluation",
    "Event",
    "Given",
    "Grounds",
    "Head",
    "Hold",
    "Ledger",
    "Outdated",
    "Packed",
    "Question",
    "Requested",
    "Run",
    "Shown",
    "Stored",
    "Unreadable",
    "UploadedPlan",
    "Verified",
    "pack",
]
