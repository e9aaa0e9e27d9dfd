"""Applies migrations, takes them back, and tells which are pending."""

import logging
import time
from collections.abc import Callable
from typing import Literal

import psycopg
from psycopg.errors import DependentObjectsStillExist, LockNotAvailable

from service.platform.migrations.failures import failed
from service.platform.migrations.files import Migration
from service.platform.migrations.history import Entry, History, find_history
from service.platform.migrations.outside import apply_outside, reason_of, revert_outside
from service.platform.migrations.session import lock, open_session
from service.platform.postgres import is_unavailable
from service.platform.process import Exit, Failure

log = logging.getLogger(__name__)

# Who waits for a lock on a table makes everybody wait who comes after: never for longer than this, and then they get
# their turn.
LOCK_TIMEOUT = "500ms"
LOCK_PAUSE = 1.0
# What a script set must not decide who writes the history, and how.
AS_CONNECTED = "reset session authorization; reset role; reset all"

type Way = Literal["up", "down"]


class Runner:
    """Applies and takes back the migrations of a service.

    :param patience: how many seconds it waits for another process, and for locks on tables
    """

    def __init__(self, url: str, migrations: list[Migration], patience: float) -> None:
        self._url = url
        self._migrations = migrations
        self._patience = patience

    def up(self) -> list[str]:
        """Applies what is pending, and gives the names of what was applied."""

        def choose(entries: list[Entry], applied: list[str]) -> Migration | None:
            return next((one for one in self._pending(entries) if one.name not in applied), None)

        return self._one_by_one("up", choose)

    def down(self, steps: int) -> list[str]:
        """Takes back the last migrations, and gives their names."""

        def choose(entries: list[Entry], reverted: list[str]) -> Migration | None:
            if not entries or len(reverted) == steps:
                return None
            last = entries[-1].name
            for migration in self._migrations:
                if migration.name == last:
                    return migration
            raise Failure(Exit.FAILED, f"cannot revert {last}: this version has no such migration")

        return self._one_by_one("down", choose)

    def status(self) -> dict[str, list[str]]:
        """The names of what was applied, in that order, and of what is pending. It changes nothing."""
        with open_session(self._url) as session:
            entries = find_history(session, self._migrations).read()
        return {
            "applied": [entry.name for entry in entries if entry.finished],
            "pending": [migration.name for migration in self._pending(entries)],
        }

    def _pending(self, entries: list[Entry]) -> list[Migration]:
        # A migration that has no file is one of a newer version, which is being rolled back.
        applied = {entry.name: entry.checksum for entry in entries if entry.finished}
        edited = [one.name for one in self._migrations if applied.get(one.name, one.checksum) != one.checksum]
        if edited:
            raise Failure(
                Exit.FAILED, f"edited after it was applied: {', '.join(edited)}", "migrate.edited", migrations=edited
            )
        return [one for one in self._migrations if one.name not in applied]

    def _one_by_one(self, way: Way, choose: Callable[[list[Entry], list[str]], Migration | None]) -> list[str]:
        """Runs what `choose` gives until that is nothing, each in a new session: what one sets is gone for the next."""
        done: list[str] = []
        while True:
            with open_session(self._url) as session:
                lock(session, self._patience)
                history = find_history(session, self._migrations)
                entries = history.read()
                migration = choose(entries, done)
                if migration is None:
                    return done
                self._run(session, history, migration, way, entries)
                done.append(migration.name)

    def _run(
        self, session: psycopg.Connection, history: History, migration: Migration, way: Way, entries: list[Entry]
    ) -> None:
        script = migration.up if way == "up" else migration.down
        if script.fault is not None:
            raise failed(migration.name, script.fault)
        history.create()
        if script.in_transaction:
            self._in_transaction(session, history, migration, way)
        elif way == "up":
            begun = next((entry for entry in entries if entry.name == migration.name), None)
            apply_outside(session, history, migration, begun)
        else:
            revert_outside(session, history, migration)

    def _in_transaction(self, session: psycopg.Connection, history: History, migration: Migration, way: Way) -> None:
        """Runs a script and its record both or not at all; where others use its tables, again and again."""
        sql = migration.up.sql if way == "up" else migration.down.sql
        until = time.monotonic() + self._patience
        is_first = True
        while True:
            try:
                with session.transaction():
                    session.execute(f"set local lock_timeout = '{LOCK_TIMEOUT}'")
                    session.execute(_as_one_statement(sql))
                    session.execute(AS_CONNECTED)
                    if way == "up":
                        history.remember(migration, finished=True)
                    else:
                        history.forget(migration)
                return
            except psycopg.Error as error:
                if is_unavailable(error):  # Nobody knows: a commit may have arrived.
                    raise
                if not isinstance(error, LockNotAvailable) or time.monotonic() >= until:
                    raise failed(migration.name, _explain(error, sql), code=error.sqlstate) from error
            if is_first:
                is_first = False
                log.warning(
                    "others use a table of the migration: trying again until they let go of it",
                    extra={
                        "event.name": "migrate.waiting",
                        "migration": migration.name,
                        "patience_ms": round(self._patience * 1000),
                    },
                )
            time.sleep(LOCK_PAUSE)


def _as_one_statement(sql: str) -> bytes:
    """Inside a block of PL/pgSQL the server itself refuses whatever would end the transaction."""
    return f"do {_literal(f'begin execute {_literal(sql)}; end')}".encode()


def _literal(text: str) -> str:
    quoted = "'" + text.replace("'", "''") + "'"
    return " E" + quoted.replace("\\", "\\\\") if "\\" in text else quoted


def _explain(error: psycopg.Error, sql: str) -> str:
    """Adds what to do to an error whose words do not say it."""
    hint: str | None = None
    if isinstance(error, LockNotAvailable):
        hint = "others use its table: try again when they are done, or raise MIGRATE_LOCK_TIMEOUT_MS"
    elif error.diag.source_function == "exec_stmt_dynexecute":
        hint = "begin, commit, rollback, savepoint and a select into at its end do not belong in the file"
    elif isinstance(error, DependentObjectsStillExist):
        hint = error.diag.message_detail
    return reason_of(error, sql) + (f" ({hint})" if hint else "")
