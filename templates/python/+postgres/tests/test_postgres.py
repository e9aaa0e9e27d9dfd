import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from psycopg import Error, OperationalError
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.errors import DivisionByZero, UniqueViolation

from service.platform.postgres import Postgres, Probe, is_busy, is_unavailable
from service.testing.backing.postgres import empty_database, execute


@pytest.fixture
def url() -> Iterator[str]:
    with empty_database() as url:
        yield url


@dataclass
class One:
    n: int


class Cable:
    """Leads to the database until it is cut, or says nothing any more."""

    def __init__(self, url: str) -> None:
        self._to = conninfo_to_dict(url)
        self._ends: list[asyncio.StreamWriter] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._goes_on = asyncio.Event()
        self._goes_on.set()

    @asynccontextmanager
    async def plugged(self, url: str) -> AsyncIterator[str]:
        self._server = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        try:
            yield make_conninfo(url, host="127.0.0.1", port=port, sslmode="disable")
        finally:
            self.cut()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def silence(self) -> None:
        self._goes_on.clear()

    def cut(self) -> None:
        self._goes_on.set()
        self._server.close()
        for end in self._ends:
            end.transport.abort()

    async def _connect(self, near: asyncio.StreamReader, to_near: asyncio.StreamWriter) -> None:
        host, port = str(self._to.get("host")), str(self._to.get("port") or 5432)
        if host.startswith("/"):
            far, to_far = await asyncio.open_unix_connection(f"{host}/.s.PGSQL.{port}")
        else:
            far, to_far = await asyncio.open_connection(host, int(port))
        self._ends += [to_near, to_far]
        if not self._server.is_serving():  # It was cut meanwhile.
            self.cut()
        self._tasks += [asyncio.create_task(self._pump(*pair)) for pair in ((near, to_far), (far, to_near))]

    async def _pump(self, source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
        while data := await source.read(65536):
            await self._goes_on.wait()
            to.write(data)
        to.close()


@asynccontextmanager
async def opened(url: str, most: int = 2, patience: float = 5) -> AsyncIterator[Postgres]:
    postgres = Postgres(lambda: url, most, patience)
    await postgres.open()
    try:
        yield postgres
    finally:
        await postgres.close()


async def fail_in_the_middle(postgres: Postgres) -> None:
    async with postgres.transaction() as connection:
        await connection.execute("insert into a values (1)")
        await connection.execute("select 1 / 0")


async def error_of(question: Awaitable[object]) -> Error:
    with pytest.raises(Error) as caught:
        await question
    return caught.value


def cable(work: Callable[[Cable, str], Awaitable[None]], url: str) -> None:
    async def run() -> None:
        wire = Cable(url)
        async with wire.plugged(url) as plugged:
            await work(wire, plugged)

    asyncio.run(run())


def test_rows_are_objects_and_values_are_no_sql(url: str) -> None:
    async def run() -> None:
        async with opened(url) as postgres:
            assert await postgres.rows(One, "select length(%(a)s) as n", {"a": "'; drop"}) == [One(7)]
            async with postgres.transaction() as connection:
                await connection.execute("create table a (n int primary key)")
            with pytest.raises(DivisionByZero):
                await fail_in_the_middle(postgres)
            assert await postgres.rows(One, "insert into a values (1) returning n") == [One(1)]
            taken = await error_of(postgres.rows(One, "insert into a values (1) returning n"))
            assert (type(taken), is_unavailable(taken), is_busy(taken)) == (UniqueViolation, False, False)

    asyncio.run(run())


def test_what_the_database_is_to_blame_for(url: str) -> None:
    async def run() -> None:
        async with opened(url, most=1, patience=0.3) as postgres:
            late = await error_of(postgres.rows(One, "select 1 as n from pg_sleep(5)"))
            wrong = await error_of(postgres.rows(One, "select nonsense as n"))
            async with postgres.connection():
                crowded = await error_of(postgres.rows(One, "select 1 as n"))
        for error, unavailable, busy in [(late, False, True), (wrong, False, False), (crowded, True, False)]:
            assert (is_unavailable(error), is_busy(error)) == (unavailable, busy), repr(error)
        assert not is_unavailable(ConnectionResetError())
        assert not is_busy(TimeoutError())

    asyncio.run(run())


def test_it_heals_when_its_connections_were_closed_while_nobody_used_them(url: str) -> None:
    async def run() -> None:
        async with opened(url) as postgres:
            async with postgres.connection() as one, postgres.connection() as other:
                lost = [each.info.backend_pid for each in (one, other)]
            execute(url, "select pg_terminate_backend(pid, 5000) from unnest(%s::int[]) as pid", lost)
            assert await postgres.rows(One, "select 1 as n") == [One(1)]

    asyncio.run(run())


def test_a_server_that_went_away_is_unavailable_and_taken_again(url: str) -> None:
    async def run(wire: Cable, plugged: str) -> None:
        now = plugged
        postgres = Postgres(lambda: now, 1, 5)
        await postgres.open()
        asyncio.get_running_loop().call_later(0.2, wire.cut)
        assert is_unavailable(await error_of(postgres.rows(One, "select 1 as n from pg_sleep(5)")))
        assert is_unavailable(await error_of(postgres.rows(One, "select 1 as n")))
        now = url  # Asked again for each connection.
        assert await postgres.rows(One, "select 1 as n") == [One(1)]
        await postgres.close()

    cable(run, url)


def test_a_server_that_says_nothing_is_not_waited_for_long(url: str) -> None:
    async def run(wire: Cable, plugged: str) -> None:
        probe = Probe(lambda: plugged)
        await probe.check()
        async with opened(plugged, patience=0.3) as postgres:
            await postgres.rows(One, "select 1 as n")
            wire.silence()
            begun = time.monotonic()
            assert is_unavailable(await error_of(postgres.rows(One, "select 1 as n")))
            assert time.monotonic() - begun < 20
            for _ in range(2):
                begun = time.monotonic()
                with pytest.raises((TimeoutError, OperationalError)):
                    await probe.check()
                assert time.monotonic() - begun < 10
        await probe.close()

    cable(run, url)
