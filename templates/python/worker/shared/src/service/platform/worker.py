"""Runs a worker of `service.workers`, beside the routes that operate the service."""

import importlib
from collections.abc import Callable

from prometheus_client import Histogram

from service.platform.app import App
from service.platform.env import Config
from service.platform.process import Process, Stop
from service.platform.server.serve import run_app
from service.platform.work import Outcome, Work, keep_working

CreateWorker = Callable[[App], Work]
"""Makes the work of an app, which has the parts of the web."""


def run_worker(process: Process, config: Config, stop: Stop, name: str) -> int:
    """Works until told to stop, and answers the exit code."""
    create: CreateWorker = importlib.import_module(f"service.workers.{name.replace('-', '_')}").worker

    async def work(app: App) -> None:
        duration = Histogram(
            "worker_work_duration_seconds",
            "Duration of units of work.",
            ("worker", "outcome"),
            buckets=(0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300),
            registry=app.metrics,
        )

        def report(outcome: Outcome, seconds: float) -> None:
            duration.labels(name, outcome.value).observe(seconds)

        await keep_working(create(app), report)

    return run_app(process, config, stop, work)
