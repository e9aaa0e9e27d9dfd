import asyncio
import os
import time
import uuid

import pytest
from prometheus_client import CollectorRegistry
from pydantic import BaseModel

from service.config.cache import CacheConfig
from service.platform.cache import Cache, opened
from service.platform.env import Invalid, read


class Kept(BaseModel):
    count: int


class Other(BaseModel):
    name: str


def counted(metrics: CollectorRegistry, name: str) -> float | None:
    return metrics.get_sample_value(f"cache_{name}_total")


def test_without_redis_reads_miss() -> None:
    async def scenario() -> None:
        metrics, begun = CollectorRegistry(), time.monotonic()
        async with opened("redis://127.0.0.1:1", 60, metrics) as cache:
            for _ in range(100):
                await cache.fill("a", Kept(count=1))
                await cache.change("b")
                assert await cache.read("a", Kept) is None
        assert counted(metrics, "misses") == 100
        assert counted(metrics, "failures")
        assert time.monotonic() - begun < 5

    asyncio.run(scenario())


def test_without_redis_it_says_so_before_the_first_request(caplog: pytest.LogCaptureFixture) -> None:
    async def scenario() -> None:
        async with opened("redis://127.0.0.1:1", 60, CollectorRegistry()):
            await asyncio.sleep(0.5)

    asyncio.run(scenario())
    assert [line.getMessage() for line in caplog.records] == ["the cache is unreachable, going on without it"]


def test_it_tries_again_whatever_goes_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [ValueError("nonsense"), OSError("away"), None]

    async def ping() -> None:
        if answer := answers.pop(0):
            raise answer

    async def scenario() -> None:
        cache = Cache("redis://127.0.0.1:1", 60, CollectorRegistry())
        monkeypatch.setattr("service.platform.cache._REST_S", 0.01)
        await cache.connect()
        assert not cache._is_readable("a")
        monkeypatch.setattr(cache._client, "ping", ping)
        assert cache._recovery
        await asyncio.wait_for(cache._recovery, 20)
        assert cache._is_readable("a")
        await cache.close()

    asyncio.run(scenario())


@pytest.mark.parametrize("options", ["socket_timeout=soon", "unknown=1"])
def test_an_address_that_the_driver_does_not_read_is_refused(options: str) -> None:
    with pytest.raises(Invalid) as raised:
        read(CacheConfig, {"REDIS_URL": f"redis://u:hunter2@a/0?{options}"})
    assert raised.value.errors == [{"name": "REDIS_URL", "reason": "cannot be used: the driver does not read it"}]


@pytest.fixture
def url() -> str:
    given = os.environ.get("REDIS_URL")
    if not given:
        pytest.skip("REDIS_URL is not set")
    return given


def test_nobody_reads_what_was_there_before_a_change(url: str) -> None:
    async def scenario() -> None:
        key = uuid.uuid4().hex
        async with opened(url, 60, CollectorRegistry()) as cache, opened(url, 60, CollectorRegistry()) as other:
            await cache.fill(key, Kept(count=1))
            await cache.fill(key, Kept(count=2))
            assert await both(cache, other, key) == [Kept(count=1)] * 2
            await other.change(key)
            await cache.fill(key, Kept(count=3))  # Read before the change, perhaps.
            assert await both(cache, other, key) == [None] * 2

    asyncio.run(scenario())


async def both(cache: Cache, other: Cache, key: str) -> list[Kept | None]:
    return [await cache.read(key, Kept), await other.read(key, Kept)]


def test_what_another_version_has_kept_is_not_read(url: str) -> None:
    async def scenario() -> None:
        key = uuid.uuid4().hex
        async with opened(url, 60, CollectorRegistry()) as cache:
            await cache.fill(key, Other(name="x"))
            assert await cache.read(key, Kept) is None

    asyncio.run(scenario())


def test_many_requests_at_once_are_no_failure(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.platform.cache._COMMAND_S", 10)  # They wait for one another.

    async def scenario() -> None:
        metrics = CollectorRegistry()
        async with opened(url, 60, metrics) as cache:
            await asyncio.gather(*(cache.read(uuid.uuid4().hex, Kept) for _ in range(200)))
        assert counted(metrics, "failures") == 0

    asyncio.run(scenario())
