"""The figures: what an operator's monitor reads of the house. docs/monitoring.md explains each one."""

from __future__ import annotations

import platform as machine
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Gauge
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector

from bot import __version__
from bot.delivery import Score
from bot.domain import Platform
from bot.domain.feeds import FeedState
from bot.worker import Worker


@dataclass(frozen=True, slots=True)
class Vitals:
    """The state of the house: its workers, and for how many seconds each account on a platform is held.

    `is_quiet`: nothing leaves to a platform for now, because it is held or in trouble. `refused`: how often each
    account was told to wait. `readers`: as counted last, by platform and language.
    """

    workers: Callable[[], Sequence[Worker]]
    held: Callable[[], Mapping[str, float]]
    is_quiet: Callable[[Platform], bool]
    scores: Callable[[], Mapping[Platform, Score]]
    refused: Callable[[], Mapping[str, int]]
    readers: Callable[[], Mapping[tuple[Platform, str], int]]


class Counts(Collector):
    """The counts that the house keeps for itself, read when somebody asks."""

    def __init__(self) -> None:
        self.vitals: Vitals | None = None

    def collect(self) -> Iterable[CounterMetricFamily]:
        endings = CounterMetricFamily(
            "visnyk_deliveries", "Posts and messages by their end", labels=["platform", "to", "outcome"]
        )
        waits = CounterMetricFamily("visnyk_told_to_wait", "Answers “too many requests” (429)", labels=["account"])
        if self.vitals is not None:
            for platform, score in self.vitals.scores().items():
                for (to, ending), amount in score.endings.items():
                    endings.add_metric([platform, to, ending], amount)
            for account, amount in self.vitals.refused().items():
                waits.add_metric([account], amount)
        return endings, waits


class Figures:
    """The house's vitals as figures."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._counts = Counts()
        registry.register(self._counts)
        self._ages = Gauge("visnyk_oldest_seconds", "Age of the oldest that waits", ["what"], registry=registry)
        self._held = Gauge("visnyk_held_seconds", "For how long nothing may leave", ["account"], registry=registry)
        self._good = Gauge("visnyk_worker_good_seconds", "Since the last good step", ["worker"], registry=registry)
        self._failed = Gauge("visnyk_worker_failures", "Failed steps in a row", ["worker"], registry=registry)
        self._lag = Gauge(
            "visnyk_post_lag_seconds", "How late the latest post in a channel was", ["platform"], registry=registry
        )
        self._languages = Gauge(
            *("visnyk_readers_by_language", "Active direct readers by language", ["platform", "language"]),
            registry=registry,
        )
        self.feeds = Gauge("visnyk_feed_failures", "Failed looks in a row at a feed", ["feed"], registry=registry)
        self.refused = Gauge("visnyk_refused", "What strangers were refused", ["what"], registry=registry)
        self.backup_age = Gauge(
            "visnyk_backup_age_seconds", "Age of the latest backup, -1 without one", registry=registry
        )
        self.ready = Gauge("visnyk_ready", "1 if /readyz says so", registry=registry)
        self.halted = Gauge("visnyk_halted", "1 while the desk has halted everything", registry=registry)
        build = Gauge("visnyk_build_info", "Always 1", ["version", "python"], registry=registry)
        build.labels(__version__, machine.python_version()).set(1)

    def take_feeds(self, feeds: Iterable[FeedState]) -> None:
        """Take how the feeds of newsroom.toml are; one that an owner stopped fails nobody."""
        self.feeds.clear()  # the last start may have found another newsroom.toml
        for feed in feeds:
            self.feeds.labels(feed.key).set(0 if feed.is_stopped else feed.looked.failures)

    def take(self, ages: Mapping[str, float], vitals: Vitals) -> None:
        self._counts.vitals = vitals
        for what, age in ages.items():
            self._ages.labels(what).set(age)
        for account, seconds in vitals.held().items():
            self._held.labels(account).set(seconds)
        for worker in vitals.workers():
            self._good.labels(worker.name).set(worker.age)
            self._failed.labels(worker.name).set(worker.failures)
        for platform, score in vitals.scores().items():
            self._lag.labels(platform).set(score.lag.total_seconds())
        self._languages.clear()  # the last reader of a language may have left
        for (platform, language), amount in vitals.readers().items():
            self._languages.labels(platform, language or "unknown").set(amount)
