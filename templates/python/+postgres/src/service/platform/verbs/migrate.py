"""Applies what is pending; `--status` prints it instead, `--down [N]` reverts the last N (1)."""

import logging
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import psycopg

from service.config.database import Database
from service.platform.migrations.files import FOLDER, read_migrations
from service.platform.migrations.migrate import Runner
from service.platform.postgres import is_unavailable
from service.platform.process import Exit, Failure, Process

_log = logging.getLogger(__name__)


def run(process: Process, args: list[str]) -> int:
    """See the module."""
    match args:
        case [] | ["--status"] | ["--down"]:
            steps = 1
        case ["--down", text] if text.isascii() and text.isdecimal():
            steps = int(text)
        case _:
            raise process.usage("usage: migrate [--status | --down [N]]")
    settings = process.load()[Database]
    patience = settings.migrate_lock_timeout_ms / 1000
    runner = Runner(settings.database_url.get_secret_value(), read_migrations(FOLDER), patience)
    try:
        with _ended_by_signals(process):
            return _migrate(process, runner, args[:1], steps)
    except psycopg.Error as error:
        if is_unavailable(error):
            words = f"the database is unavailable: {error}"
            raise Failure(Exit.UNAVAILABLE, words, "database.unavailable") from error
        # Outside a migration, such as a right that the role lacks: the server's words say it all.
        words = f"the database refused to migrate: {error.diag.message_primary or error}"
        raise Failure(Exit.FAILED, words, "migrate.refused", code=error.sqlstate) from error


def _migrate(process: Process, runner: Runner, way: list[str], steps: int) -> int:
    if way == ["--status"]:
        status = runner.status()
        process.print(status)
        return Exit.PENDING if status["pending"] else Exit.DONE
    if way == ["--down"]:
        reverted = runner.down(steps)
        _log.info("reverted", extra={"event.name": "migrate.reverted", "migrations": reverted})
    else:
        applied = runner.up()
        _log.info("the schema is current", extra={"event.name": "migrate.applied", "migrations": applied})
    return Exit.DONE


@contextmanager
def _ended_by_signals(process: Process) -> Iterator[None]:
    def interrupted(number: int, _: FrameType | None) -> None:
        # The server rolls back what is under way.
        name = signal.Signals(number).name
        _log.warning("interrupted", extra={"event.name": "migrate.interrupted", "signal": name})
        process.end(Exit.FAILED)

    before = {one: signal.signal(one, interrupted) for one in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
