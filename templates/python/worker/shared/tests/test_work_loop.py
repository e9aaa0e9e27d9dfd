import asyncio
import logging
import time

import pytest

from service.platform.work import Outcome, Stuck, Work, keep_working

Do = list[Outcome | Exception | float]


def work_through(units: Do, limit: float = 1, grace: float = 0.05) -> list[Outcome]:
    """Works until all units have begun, and gives what was reported: each ends as it says, or after so many seconds as done."""
    reported: list[Outcome] = []
    left = list(units)

    async def main() -> None:
        async def do() -> Outcome:
            unit = left.pop(0)
            if not left:
                working.cancel()
            if isinstance(unit, Exception):
                raise unit
            if isinstance(unit, Outcome):
                return unit
            await asyncio.sleep(unit)
            return Outcome.DONE

        work = Work(do=do, pause=0.001, limit=limit)
        working = asyncio.create_task(keep_working(work, lambda outcome, _: reported.append(outcome), grace))
        await working

    asyncio.run(main())
    assert left == []
    return reported


def test_a_unit_that_fails_does_not_end_the_loop(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR, "service")
    reported = work_through([ValueError("once"), Outcome.IDLE, Outcome.DONE, Outcome.RETRIED])
    assert reported == [Outcome.FAILED, Outcome.DONE, Outcome.RETRIED]
    assert [vars(line)["event.name"] for line in caplog.records] == ["worker.failed"]


def test_a_stop_finishes_the_unit_that_has_begun() -> None:
    assert work_through([0.1]) == [Outcome.DONE]


def test_a_unit_that_takes_too_long_is_told_so() -> None:
    begun = time.monotonic()
    assert work_through([60.0, Outcome.DONE], limit=0.02) == [Outcome.FAILED, Outcome.DONE]
    assert time.monotonic() - begun < 10


def test_one_that_does_not_listen_ends_the_worker() -> None:
    async def do() -> Outcome:
        try:
            await asyncio.sleep(1)
        finally:
            await asyncio.sleep(0.2)
        return Outcome.DONE

    async def main() -> None:
        with pytest.raises(Stuck, match="longer than 20 ms"):
            await keep_working(Work(do=do, pause=1, limit=0.02), lambda *_: None, 0.05)

    asyncio.run(main())


def test_a_stop_ends_a_pause() -> None:
    async def do() -> Outcome:
        return Outcome.IDLE

    async def main() -> None:
        working = asyncio.create_task(keep_working(Work(do=do, pause=60, limit=1), lambda *_: None))
        await asyncio.sleep(0.05)
        working.cancel()
        await asyncio.wait_for(working, 5)

    asyncio.run(main())
