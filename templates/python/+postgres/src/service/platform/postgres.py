"""Connects the service to PostgreSQL."""

import asyncio
import contextlib
import logging
import os
import select
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, LiteralString

from psycopg import AsyncConnection, Error, OperationalError
from psycopg.abc import PQGen
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.rows import class_row
from psycopg_pool import AsyncConnectionPool

# Below an error the pool says once more what each request is told.
logging.getLogger("psycopg.pool").setLevel(logging.ERROR)

WAIT_FOR_CONNECTION = 1.0
"""Seconds that a request waits for a connection that is free."""
GRACE = 0.5
"""Seconds that a server has beyond its own timeout to say that it gave up."""
PROBE_PATIENCE = 0.4
"""With the grace it is less than the second that readiness waits."""

# Class 08: connection; 28: a password that is no longer good; 53: resources; 57P: the operator stops the server.
UNAVAILABLE = ("08", "28", "53", "57P")
# A time limit of the statement or of a lock, a deadlock, a conflict of two transactions.
BUSY = ("57014", "55P03", "40P01", "40001")

# A statement that is prepared is lost behind most poolers, and fails once a migration changed its columns.
DRIVER: dict[str, Any] = {"autocommit": True, "prepare_threshold": None}


def is_unavailable(error: BaseException) -> bool:
    """Whether an error means that the server is away, or has no connection left, rather than that a query is wrong."""
    if not isinstance(error, Error):
        return False
    return isinstance(error, OperationalError) if error.sqlstate is None else error.sqlstate.startswith(UNAVAILABLE)


def is_busy(error: BaseException) -> bool:
    """Whether others were in the way, or it took too long: later the same query may succeed."""
    return isinstance(error, Error) and error.sqlstate in BUSY


class Connection(AsyncConnection[Any]):
    """A connection that is cut where the server does not answer in time.

    The driver has no such limit, and would ask a silent server to cancel the query.
    """

    patience = WAIT_FOR_CONNECTION

    async def wait[T](self, gen: PQGen[T], *args: Any, **options: Any) -> T:
        """Waits for the server, in all that is done on this connection."""
        timer = asyncio.get_running_loop().call_later(self.patience, self._cut)
        try:
            return await super().wait(gen, *args, **options)
        finally:
            timer.cancel()

    def _cut(self) -> None:
        with contextlib.suppress(OSError, OperationalError), socket.socket(fileno=os.dup(self.fileno())) as wire:
            wire.shutdown(socket.SHUT_RDWR)

    def is_cut(self) -> bool:
        """Whether the other side closed it while nobody used it: nothing else is sent unasked."""
        idle = select.poll()
        idle.register(self.fileno(), select.POLLIN)
        return bool(idle.poll(0))


async def connect(url: str, patience: float) -> Connection:
    """Opens a connection, each of whose statements the server gives up in time, and which is cut soon after."""
    connection = await Connection.connect(_limited(url, patience), **DRIVER)
    connection.patience = patience + GRACE
    return connection


def _limited(url: str, patience: float) -> str:
    given = conninfo_to_dict(url).get("options") or ""
    options = f"{given} -c statement_timeout={round(patience * 1000)}"
    return make_conninfo(url, options=options, client_encoding="utf8", connect_timeout=2)


class Postgres:
    """A pool of at most `most` connections. It heals by itself when the server was away.

    `url` is asked for each connection, so that a password may change.
    """

    def __init__(self, url: Callable[[], str], most: int, patience: float) -> None:
        async def configure(connection: Connection) -> None:
            connection.patience = patience + GRACE

        self.pool = AsyncConnectionPool(
            lambda: _limited(url(), patience),
            connection_class=Connection,
            kwargs=DRIVER,
            configure=configure,
            min_size=0,
            max_size=most,
            timeout=WAIT_FOR_CONNECTION,
            # The next request tries again, not a timer that waits longer each time.
            reconnect_timeout=0,
            open=False,
        )

    async def open(self) -> None:
        """Begins. It connects when it is asked."""
        await self.pool.open()

    async def close(self) -> None:
        """Closes its connections; who uses one closes it."""
        await self.pool.close(timeout=1)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """Lends a connection, each of whose statements is a transaction."""
        connection = await self.pool.getconn()
        while connection.is_cut():  # The pool's own `check` pauses between two tries for as long as a request waits.
            await connection.close()
            await self.pool.putconn(connection)
            connection = await self.pool.getconn()
        try:
            async with connection:
                yield connection
        finally:
            await self.pool.putconn(connection)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """Lends a connection for one transaction, which is committed at the end, and taken back after an error."""
        async with self.connection() as connection, connection.transaction():
            yield connection

    async def rows[Row](self, row: type[Row], sql: LiteralString, values: Mapping[str, object] = {}) -> list[Row]:
        """Runs a statement, and makes an object of each row: the names of its columns are those of the arguments."""
        async with self.connection() as connection, connection.cursor(row_factory=class_row(row)) as cursor:
            return await (await cursor.execute(sql, values)).fetchall()


class Probe:
    """A connection of its own, so that readiness does not queue behind requests. It is kept between two checks."""

    def __init__(self, url: Callable[[], str]) -> None:
        self._url = url
        self._one_at_a_time = asyncio.Lock()
        self._connection: Connection | None = None

    async def check(self) -> None:
        """Asks the server; it raises where that does not answer in time."""
        async with self._one_at_a_time:
            if self._connection is None or self._connection.closed:
                async with asyncio.timeout(PROBE_PATIENCE + GRACE):
                    self._connection = await connect(self._url(), PROBE_PATIENCE)
            await self._connection.execute("select 1")

    async def close(self) -> None:
        """Closes the connection."""
        if self._connection is not None:
            await self._connection.close()
