"""The text that Prometheus reads."""

from __future__ import annotations

from syrupy.assertion import SnapshotAssertion

from bot.web.metrics import Metrics, Sample


def test_the_whole_text(snapshot: SnapshotAssertion) -> None:
    metrics = Metrics([lambda: [Sample("queue_depth", "gauge", "Deliveries that wait.", 3.0)]])
    reviews = (("failure", 2.0), ("success", 0.5))
    metrics.collect(lambda: [Sample("reviews_total", "counter", "Reviews.", number, {"conclusion": name}) for name, number in reviews])
    for _ in range(2):
        metrics.count("deliveries_total", "Deliveries.", event="push", outcome='a"b\\c\nd')
    for seconds in (0.004, 0.005, 0.2, 99.0):
        metrics.observe("webhook_seconds", "Seconds.", seconds)
    assert metrics.text() == snapshot
