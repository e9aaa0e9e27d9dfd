import asyncio
import time

from service.platform.health import Readiness


def test_a_service_is_ready_while_what_it_needs_answers() -> None:
    async def scenario() -> None:
        readiness, is_up, asked = Readiness(), True, 0

        async def check() -> None:
            nonlocal asked
            asked += 1
            if not is_up:
                raise ConnectionError("away")

        readiness.require("database", check)
        reports = await asyncio.gather(*(readiness.report() for _ in range(5)))
        assert reports == [{"status": "ready", "checks": {"database": "up"}}] * 5
        assert asked == 1
        is_up = False
        await asyncio.sleep(0.55)
        assert await readiness.report() == {"status": "not ready", "checks": {"database": "down"}}
        readiness.is_draining = True
        assert await readiness.report() == {"status": "not ready", "checks": {}}

    asyncio.run(scenario())


def test_what_is_silent_is_down_within_a_second() -> None:
    async def scenario() -> None:
        readiness, asked = Readiness(), asyncio.Event()

        async def check() -> None:
            while not asked.is_set():  # It does not end when it is told to.
                try:
                    await asyncio.sleep(0.1)
                except asyncio.CancelledError:
                    continue

        readiness.require("database", check)
        begun = time.monotonic()
        assert (await readiness.report())["status"] == "not ready"
        assert time.monotonic() - begun < 20
        asked.set()

    asyncio.run(scenario())
