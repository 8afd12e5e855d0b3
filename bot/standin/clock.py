"""The time as the stand-in sees it: real time plus what a test has moved it by."""

import time
from datetime import UTC, datetime, timedelta


class Clock:
    """`advance` ages tokens, rate-limit windows and manifest codes; the check of an App's JWT uses real time plus `skew`."""

    def __init__(self) -> None:
        self._offset = 0.0
        self.skew = 0.0

    def advance(self, seconds: float) -> None:
        self._offset += seconds

    def now(self) -> float:
        """Seconds since the epoch."""
        return time.time() + self._offset

    def jwt_now(self) -> float:
        return time.time() + self.skew

    def moment(self) -> datetime:
        return datetime.fromtimestamp(int(self.now()), UTC)

    def after(self, seconds: float) -> datetime:
        return self.moment() + timedelta(seconds=seconds)


def iso(moment: datetime | None) -> str | None:
    """GitHub's form of a time: UTC, whole seconds, `Z`."""
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%SZ")
