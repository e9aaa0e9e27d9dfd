import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Annotated, Any, ClassVar, LiteralString

import pytest
from pydantic import ValidationError

from service.platform.fields import Integer
from service.platform.jobs import Job, JobContext, enqueue, job_worker
from service.platform.postgres import Postgres
from service.platform.work import Outcome, Work
from service.testing import Service
from service.testing.fixtures import MakeService

Handle = Callable[["Counted", JobContext], Awaitable[None]]


class Counted(Job):
    queue: ClassVar[str] = "counted"

    n: Annotated[int, Integer(ge=0)]


class Queue:
    """A queue of a service of its own, and a table for what was handled."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.query("create table handled (n integer not null)")

    def call[T](self, do: Callable[[], Coroutine[Any, Any, T]]) -> T:
        assert self.service.portal is not None
        found: T = self.service.portal.call(do)
        return found

    def query(self, sql: LiteralString, *values: object) -> Any:
        """The first value that a statement gives."""

        async def run() -> Any:
            async with self.service.service.of(Postgres).connection() as connection:
                cursor = await connection.execute(sql, values or None)
                return (await cursor.fetchone() or (None,))[0] if cursor.description else None

        return self.call(run)

    def add(self, n: int) -> int:
        async def run() -> int:
            async with self.service.service.of(Postgres).connection() as connection:
                return await enqueue(connection, Counted(n=n))

        return self.call(run)

    def worker(self, handle: Handle, **options: Any) -> Work:
        return job_worker(Counted, handle, **options)(self.service.service)


@pytest.fixture
def queue(make_service: MakeService) -> Queue:
    return Queue(make_service(DATABASE_TIMEOUT_MS="500"))


async def write(job: Counted, context: JobContext) -> None:
    await context.database.execute("insert into handled (n) values (%s)", (job.n,))


def test_each_of_many_jobs_is_done_once_by_two_workers(queue: Queue) -> None:
    for n in range(30):
        queue.add(n)

    async def work() -> None:
        do = queue.worker(write).do
        while await do() is not Outcome.IDLE:
            pass

    async def both() -> None:
        await asyncio.gather(work(), work())

    queue.call(both)
    assert queue.query("select count(distinct n) from handled having count(*) = 30") == 30


def test_a_failing_job_is_tried_again_later_and_leaves_nothing(queue: Queue) -> None:
    queue.add(1)

    async def handle(job: Counted, context: JobContext) -> None:
        await write(job, context)
        if context.attempt < 3:
            raise ValueError("not yet")

    do = queue.worker(handle, first_delay=0.5).do
    assert [queue.call(do), queue.call(do)] == [Outcome.RETRIED, Outcome.IDLE]
    time.sleep(0.55)
    assert queue.call(do) is Outcome.RETRIED
    wait = queue.query("select extract(epoch from run_at - now())::float from jobs")
    assert 0.5 < wait <= 1, "it doubles"
    time.sleep(1.05)
    assert queue.call(do) is Outcome.DONE
    assert queue.query("select count(*) from handled") == 1
    assert queue.query("select count(*) from jobs") == 0


def test_after_its_attempts_it_stays_with_the_error_but_no_secret(queue: Queue) -> None:
    queue.add(1)

    async def handle(*_: object) -> None:
        raise ValueError("no answer from https://me:hunter2@example.com")

    do = queue.worker(handle, attempts=1).do
    assert [queue.call(do), queue.call(do)] == [Outcome.FAILED, Outcome.IDLE]
    said = queue.query("select error from jobs where failed_at is not null")
    assert said == "no answer from https://***@example.com"
    line = next(line for line in queue.service.log() if line.get("event.name") == "job.failed")
    assert (line["queue"], line["attempt"], "hunter2" in str(line)) == ("counted", 1, False)


def test_a_job_that_ended_its_worker_each_time_is_not_tried_for_ever(queue: Queue) -> None:
    queue.query("update jobs set attempts = 5 where id = %s", queue.add(1))
    assert queue.call(queue.worker(write).do) is Outcome.FAILED
    assert "worker ended" in queue.query("select error from jobs")
    assert queue.query("select count(*) from handled") == 0


def test_a_job_may_take_longer_than_a_query_and_is_locked_meanwhile(queue: Queue) -> None:
    queue.add(1)
    found: list[Outcome] = []

    async def handle(job: Counted, context: JobContext) -> None:
        await asyncio.sleep(0.7)
        found.append(await queue.worker(write).do())
        await write(job, context)

    assert queue.call(queue.worker(handle, first_delay=0.001).do) is Outcome.DONE
    assert found == [Outcome.IDLE]
    assert queue.query("select count(*) from jobs") == 0


def test_a_job_that_is_broken_off_is_tried_again(queue: Queue) -> None:
    queue.add(1)
    begun = asyncio.Event()

    async def handle(job: Counted, context: JobContext) -> None:
        await write(job, context)
        begun.set()
        await context.database.execute("select pg_sleep(0.4)")

    work = queue.worker(handle, first_delay=0.01)

    async def broken_off() -> Outcome:
        unit = asyncio.create_task(work.do())
        await begun.wait()
        await asyncio.sleep(0.05)
        unit.cancel()
        return await unit

    assert queue.call(broken_off) is Outcome.RETRIED
    assert "longer" in queue.query("select error from jobs where failed_at is null and attempts = 1")
    time.sleep(0.05)
    assert queue.call(work.do) is Outcome.DONE
    assert queue.query("select count(*) from handled") == 1


def test_a_job_whose_connection_breaks_is_tried_again(queue: Queue) -> None:
    queue.add(1)

    async def handle(job: Counted, context: JobContext) -> None:
        await write(job, context)
        if context.attempt == 1:
            await context.database.execute("select pg_terminate_backend(pg_backend_pid())")

    work = queue.worker(handle, first_delay=0.01)
    assert queue.call(work.do) is Outcome.RETRIED
    time.sleep(0.05)
    assert queue.call(work.do) is Outcome.DONE
    assert queue.query("select count(*) from handled") == 1


def test_a_payload_that_nobody_can_read_fails(queue: Queue) -> None:
    queue.query("insert into jobs (queue, payload) values ('counted', '{\"n\": -1}')")
    assert queue.call(queue.worker(write, attempts=1).do) is Outcome.FAILED
    with pytest.raises(ValidationError):
        Counted(n=-1)
