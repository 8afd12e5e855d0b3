"""The record on SQLite or PostgreSQL: deliveries, evaluations, publications, questions and answers. The only importer of SQLAlchemy."""

from bot.ledger.database import Database
from bot.ledger.decisions import Decisions, Given
from bot.ledger.deliveries import Deliveries, Delivery, Stored
from bot.ledger.evaluations import Evaluation, Evaluations
from bot.ledger.holds import Hold, Holds
from bot.ledger.leases import Leases
from bot.ledger.places import Places
from bot.ledger.plans import Plans, UploadedPlan
from bot.ledger.pushers import Pushers
from bot.ledger.questions import Question, Questions
from bot.ledger.requests import Requested, Requests
from bot.ledger.retention import Retention
from bot.ledger.runs import Run, Runs
from bot.ledger.turns import Turns


class Ledger:
    """All tables of one database, brought up to date."""

    def __init__(self, url: str) -> None:
        self.database = Database(url)
        self.database.migrate()
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
        self.turns = Turns(self.database)

    def close(self) -> None:
        """Closes every connection."""
        self.database.close()


__all__ = ["Database", "Delivery", "Evaluation", "Given", "Hold", "Ledger", "Question", "Requested", "Run", "Stored", "UploadedPlan"]
