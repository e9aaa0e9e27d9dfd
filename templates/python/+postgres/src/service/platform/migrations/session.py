"""Sessions in which migrations are run."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from service.platform.migrations.failures import bad_url
from service.platform.process import Exit, Failure

CONNECT_TIMEOUT = 5
POLL_EVERY = 0.2
TRY_LOCK = "select pg_try_advisory_lock(hashtextextended(concat('migrate ', current_schema()), 0))"


@contextmanager
def open_session(url: str) -> Iterator[psycopg.Connection]:
    """Opens a session, and closes it.

    :raises Failure: where the server refuses what the options of the URL set
    """
    try:
        session = _connect(url)
    except psycopg.OperationalError as error:
        if _connects_without_options(url):
            words = str(error).rpartition("FATAL:  ")[2]
            raise bad_url(f"the database refuses DATABASE_URL: {words}") from error
        raise
    with session:
        # A migration that was killed would otherwise keep its lock until the statement that it left is done.
        session.execute(
            "select set_config(name, '1s', false) from pg_settings where name = 'client_connection_check_interval'"
        )
        yield session


def _connect(url: str, **other: str) -> psycopg.Connection:
    conninfo = make_conninfo(url, connect_timeout=CONNECT_TIMEOUT, client_encoding="utf8", **other)
    return psycopg.connect(conninfo, autocommit=True)


def _connects_without_options(url: str) -> bool:
    """Whether it is they that the server refuses: the driver has no code of an error while it connects."""
    if "options" not in conninfo_to_dict(url):
        return False
    try:
        _connect(url, options="").close()
    except psycopg.OperationalError:
        return False
    return True


def lock(session: psycopg.Connection, patience: float) -> None:
    """Waits until no other process migrates this schema. The lock ends with the session.

    It polls: a session that blocks on the lock holds a snapshot, for which CREATE INDEX CONCURRENTLY of the lock's
    owner would wait in turn.
    """
    until = time.monotonic() + patience
    while session.execute(TRY_LOCK).fetchone() != (True,):
        if time.monotonic() >= until:
            raise Failure(
                Exit.FAILED, f"another migration did not finish within {round(patience * 1000)} ms", "migrate.locked"
            )
        time.sleep(POLL_EVERY)
