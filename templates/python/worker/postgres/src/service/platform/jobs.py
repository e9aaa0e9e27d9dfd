"""Keeps jobs in a table of the service: a job commits with the rows that it is about."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import ClassVar

from service.platform.app import App
from service.platform.fields import Output
from service.platform.postgres import Connection, Postgres
from service.platform.work import Outcome, Work

Log = logging.LoggerAdapter[logging.Logger]

_LONGEST_ERROR = 500
_CLAIM = """
    update jobs set attempts = attempts + 1,
        run_at = now() + least(interval '1 hour', %(delay)s * interval '1 second' * 2 ^ least(attempts, 30))
    where id = (
        select id from jobs where queue = %(queue)s and failed_at is null and run_at <= now()
        order by run_at, id limit 1 for update skip locked
    )
    returning id, payload::text, attempts"""
_HOLD = "select true from jobs where id = %(id)s and attempts = %(attempts)s and failed_at is null for update"
_REMEMBER = """
    update jobs set error = %(error)s, failed_at = case when attempts >= %(most)s then now() end,
        run_at = clock_timestamp() + least(interval '1 hour', %(delay)s * interval '1 second' * 2 ^ least(attempts - 1, 30))
    where id = %(id)s and attempts = %(attempts)s and failed_at is null"""
# The server may be set to end transactions that take long or idle, as this one does while the handler works. Only PostgreSQL 17
# and later know the second setting.
_PATIENCE = """
    set local idle_in_transaction_session_timeout = 0;
    select set_config('transaction_timeout', '0', true) where current_setting('transaction_timeout', true) is not null"""


class Job(Output, frozen=True):
    """What a job says. It can only be made of what its worker can read."""

    queue: ClassVar[str]
    """Where jobs of this kind wait."""


@dataclass(frozen=True)
class JobContext:
    """What a handler works with. It is cancelled when the job takes too long."""

    database: Connection
    """The transaction of the job: what is written here is there when the job is done, or not at all."""
    log: Log
    attempt: int
    """1 the first time."""


async def enqueue(database: Connection, job: Job) -> int:
    """Adds a job to its queue, and gives its id. Within the transaction of a change it is there with the change, or not at all."""
    cursor = await database.execute(
        "insert into jobs (queue, payload) values (%s, %s::jsonb) returning id", (job.queue, job.model_dump_json())
    )
    (added,) = await cursor.fetchone() or (0,)
    return int(added)


def job_worker[J: Job](
    job: type[J],
    handle: Callable[[J, JobContext], Awaitable[None]],
    *,
    attempts: int = 5,
    first_delay: float = 1.0,
    pause: float = 1.0,
    limit: float = 300.0,
) -> Callable[[App], Work]:
    """Takes the jobs of a queue, one at a time; several processes share a queue. Times are in seconds.

    An attempt is counted first, in a transaction of its own, so that a job which kills its process does not do so for ever. Then the
    job is locked and handled inside another, and gone at its commit: it is done once, and what a killed worker leaves is free again
    after the delay.

    :param attempts: how often a job is tried before it stays as failed
    :param first_delay: the wait after the first attempt; it doubles with each, up to an hour
    :param pause: how long to wait when the queue is empty
    :param limit: how long one job may take
    """

    def worker(app: App) -> Work:
        return Work(do=_Worker(app, job, handle, attempts, first_delay).do, pause=pause, limit=limit)

    return worker


@dataclass
class _Claimed:
    id: int
    payload: str
    attempts: int


class _Worker[J: Job]:
    def __init__(
        self,
        app: App,
        job: type[J],
        handle: Callable[[J, JobContext], Awaitable[None]],
        attempts: int,
        first_delay: float,
    ) -> None:
        self._database, self._redactor = app.of(Postgres), app.config.redactor
        self._job, self._handle, self._attempts, self._first_delay = job, handle, attempts, first_delay

    async def do(self) -> Outcome:
        """See Work."""
        values = {"queue": self._job.queue, "delay": self._first_delay}
        claimed = await self._database.rows(_Claimed, _CLAIM, values)
        return await self._process(claimed[0]) if claimed else Outcome.IDLE

    async def _process(self, claimed: _Claimed) -> Outcome:
        """Handles a job that was claimed, unless another worker has it by now."""
        fields = {"queue": self._job.queue, "job_id": str(claimed.id), "attempt": claimed.attempts}
        log: Log = logging.LoggerAdapter(logging.getLogger(__name__), fields, merge_extra=True)
        async with self._database.connection() as connection:
            failed: BaseException | None = None
            try:
                async with connection.transaction():
                    await connection.execute(_PATIENCE)
                    held = await connection.execute(_HOLD, {"id": claimed.id, "attempts": claimed.attempts})
                    if await held.fetchone() is None:
                        return Outcome.IDLE
                    failed = await self._attempt(connection, claimed, log)
                    if failed is not None and not connection.closed:
                        await self._remember(connection, claimed, failed)
            except Exception:
                if failed is None or not connection.closed:
                    raise
        if failed is None:
            log.info("done", extra={"event.name": "job.done"})
            return Outcome.DONE
        if connection.closed:
            # With the connection went the lock: until here the claim has kept others away.
            async with self._database.connection() as another:
                await self._remember(another, claimed, failed)
        outcome = Outcome.FAILED if claimed.attempts >= self._attempts else Outcome.RETRIED
        log.error("the attempt failed: %s", outcome, exc_info=failed, extra={"event.name": f"job.{outcome}"})
        return outcome

    async def _attempt(self, connection: Connection, claimed: _Claimed, log: Log) -> BaseException | None:
        """Handles the job inside a savepoint: what fails leaves nothing."""
        if claimed.attempts > self._attempts:
            return RuntimeError("its worker ended before the job was done")
        try:
            async with connection.transaction():
                job = self._job.model_validate_json(claimed.payload, by_alias=True, by_name=False)
                await self._handle(job, JobContext(connection, log, claimed.attempts))
                await connection.execute("delete from jobs where id = %s", (claimed.id,))
        except asyncio.CancelledError:
            return TimeoutError("it took longer than a job may take")
        except Exception as error:
            return error
        return None

    async def _remember(self, connection: Connection, claimed: _Claimed, failed: BaseException) -> None:
        """Writes why it failed and when it is tried again."""
        values = {
            "id": claimed.id,
            "attempts": claimed.attempts,
            "most": self._attempts,
            "delay": self._first_delay,
            "error": self._redactor.text(str(failed))[:_LONGEST_ERROR],
        }
        await connection.execute(_REMEMBER, values)
