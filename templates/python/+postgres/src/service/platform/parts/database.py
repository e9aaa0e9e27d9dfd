"""Connects the service to PostgreSQL, without which it is not ready."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from prometheus_client import Gauge

from service.config.database import Database
from service.platform.app import App, part
from service.platform.env import Invalid
from service.platform.postgres import Postgres, Probe, is_busy, is_unavailable
from service.platform.problem import Problem


@part
@asynccontextmanager
async def database(app: App) -> AsyncIterator[Postgres]:
    """The pool of connections that requests share."""
    settings = app.config[Database]

    def url() -> str:
        """What NAME_FILE says by now, or what it said at the start where that is not fit to be used."""
        try:
            return app.config.again(Database).database_url.get_secret_value()
        except Invalid:
            return settings.database_url.get_secret_value()

    postgres = Postgres(url, settings.database_pool_max, settings.database_timeout_ms / 1000)
    probe = Probe(url)
    app.readiness.require("database", probe.check)
    app.explain(_problem_of)
    _measure(app, postgres)
    await postgres.open()
    try:
        yield postgres
    finally:
        await postgres.close()
        await probe.close()


def _problem_of(error: Exception) -> Problem | None:
    if is_unavailable(error) or is_busy(error):
        return Problem(503, "The database does not answer in time.", {"Retry-After": "1"})
    return None


def _measure(app: App, postgres: Postgres) -> None:
    def gauge(name: str, help_text: str, read: Callable[[dict[str, int]], int]) -> None:
        Gauge(name, help_text, registry=app.metrics).set_function(lambda: read(postgres.pool.get_stats()))

    gauge("database_pool_open", "Open connections of the pool.", lambda stats: stats["pool_size"])
    gauge("database_pool_idle", "Connections that no query uses.", lambda stats: stats["pool_available"])
    gauge("database_pool_max", "Connections at most.", lambda stats: stats["pool_max"])
    gauge("database_pool_waiting", "Queries without a connection.", lambda stats: stats.get("requests_waiting", 0))
