"""Migrations that PostgreSQL refuses inside a transaction."""

import re

import psycopg
from psycopg.errors import SyntaxError as PostgresSyntaxError

from service.platform.migrations.failures import failed
from service.platform.migrations.files import Migration
from service.platform.migrations.history import Entry, History
from service.platform.postgres import is_unavailable

IDENTIFIER = r'(?:"(?:[^"]|"")+"|[^\s".(;]+)'
CREATE_INDEX = re.compile(
    r"(?:\s|--.*\n)*create\s+(?:unique\s+)?index\s+concurrently\s+(?:if\s+not\s+exists\s+)?"
    rf"({IDENTIFIER})\s+on\s+(?:only\s+)?({IDENTIFIER}(?:\.{IDENTIFIER})?)",
    re.IGNORECASE,
)


def apply_outside(session: psycopg.Connection, history: History, migration: Migration, begun: Entry | None) -> None:
    """Applies it. The history knows that it has begun.

    So an index that a killed run left half made is dropped and made again, and one that was finished just before the
    kill is kept. Nothing else is dropped: what a migration did not make is not its to remove.
    """
    sql = migration.up.sql
    before = _drop_half(session, sql) if begun else _find_index(session, sql)
    if before is None or begun is None or begun.checksum != migration.checksum:
        history.remember(migration, finished=False)
        try:
            _run_alone(session, sql)
        except psycopg.Error as error:
            if is_unavailable(error):  # The next run looks.
                raise
            made = None if before else _drop_half(session, sql)
            left = _left_by(sql, made, error)
            if not left:
                history.forget(migration)
            raise failed(migration.name, reason_of(error, sql), left, error.sqlstate) from error
        made = _find_index(session, sql)
        if made is not None and not made[1]:
            history.forget(migration)
            raise failed(migration.name, f"{made[0]} was there already, and is not valid: drop it")
    history.remember(migration, finished=True)


def revert_outside(session: psycopg.Connection, history: History, migration: Migration) -> None:
    """Reverts it. Until that is done the history has it as begun, for the next run to finish."""
    history.remember(migration, finished=False)
    try:
        _run_alone(session, migration.down.sql)
    except psycopg.Error as error:
        if is_unavailable(error):
            raise
        left = "It is neither applied nor reverted: migrate up or down again"
        raise failed(migration.name, reason_of(error, migration.down.sql), left, error.sqlstate) from error
    history.forget(migration)


def reason_of(error: psycopg.Error, sql: str) -> str:
    """What the server says, without the text of the script, and the line of the script that it means."""
    if (error.diag.message_primary or "").startswith("cannot insert multiple commands"):
        return "a file without a transaction has one statement"
    reason = error.diag.message_primary or str(error)
    # Else it is a statement of a function that the script calls.
    position = error.diag.internal_position if error.diag.internal_query == sql else error.diag.statement_position
    return reason if position is None else f"{reason} (line {sql.count('\n', 0, int(position) - 1) + 1})"


def _run_alone(session: psycopg.Connection, sql: str) -> None:
    # Several statements in one simple query would be a transaction. Asked for binary results, the driver takes the
    # extended protocol, which refuses them.
    session.execute(sql.encode(), binary=True)


def _left_by(sql: str, made: tuple[str, bool] | None, error: psycopg.Error) -> str:
    if made is not None:
        return f"{made[0]} is there and stays"
    if isinstance(error, PostgresSyntaxError) or CREATE_INDEX.match(sql):
        return ""
    return "What it did until then stays, and the next run runs it again"


def _find_index(session: psycopg.Connection, sql: str) -> tuple[str, bool] | None:
    """The index that has the name which the script gives, whoever made it: its name, and whether it is valid.

    An interrupted CREATE INDEX CONCURRENTLY leaves one that is not.
    """
    match = CREATE_INDEX.match(sql)
    if match is None:
        return None
    found = session.execute(
        """
        select format('%%I.%%I', n.nspname, c.relname), i.indisvalid
        from pg_class t
        join pg_class c on c.relnamespace = t.relnamespace
        join pg_index i on i.indexrelid = c.oid
        join pg_namespace n on n.oid = c.relnamespace
        where t.oid = to_regclass(%s) and c.relname = (parse_ident(%s))[1]""",
        [match[2], match[1]],
    )
    return found.fetchone()


def _drop_half(session: psycopg.Connection, sql: str) -> tuple[str, bool] | None:
    """Drops that index if it is not valid, and else gives it."""
    index = _find_index(session, sql)
    if index is None or index[1]:
        return index
    session.execute(f"drop index concurrently {index[0]}")
    return None
