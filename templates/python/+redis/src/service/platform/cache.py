"""Keeps reads for a while in Redis. It may be away: then reads miss, and nobody notices but the database."""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator

from prometheus_client import CollectorRegistry, Counter
from pydantic import BaseModel, ValidationError
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from service.platform.service import NAME

_log = logging.getLogger(__name__)

_CONNECT_S = 1.0
_COMMAND_S = 0.25
_REST_S = 1.0
# Requests beyond wait for one another.
_CONNECTIONS = 20
# Stored in place of an entry that is old. Reads miss, since it is no JSON, and `fill` finds the key taken.
_MARK = "changed"


class Cache:
    """Promises that nobody reads an entry that was there before `change` returned. A key whose mark did not arrive is not read
    by this process until it has; another process may read the old entry until then, at most as long as entries are kept.
    """

    def __init__(self, url: str, kept_s: int, metrics: CollectorRegistry) -> None:
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=_CONNECTIONS,
            timeout=_COMMAND_S,
            socket_connect_timeout=_CONNECT_S,
            socket_timeout=_COMMAND_S,
            retry=Retry(NoBackoff(), 0),
        )
        self._client = Redis.from_pool(pool)
        self._kept_s = kept_s
        # Keys whose mark was not acknowledged, and since when.
        self._unmarked: dict[str, float] = {}
        self._recovery: asyncio.Task[None] | None = None
        self._hits = Counter("cache_hits_total", "Reads that the cache answered.", registry=metrics)
        self._misses = Counter("cache_misses_total", "Reads that it did not answer.", registry=metrics)
        self._failures = Counter("cache_failures_total", "Commands that it did not take.", registry=metrics)

    async def connect(self) -> None:
        """Asks whether Redis is there: who has none is told at the start, and not by the first request."""
        try:
            await self._client.ping()
        except (RedisError, OSError) as error:
            self._rest(error)

    async def read[M: BaseModel](self, key: str, model: type[M]) -> M | None:
        """The value of a key. What does not fit was kept by another version, and counts as not there."""
        value = await self._read(key, model) if self._is_readable(key) else None
        (self._misses if value is None else self._hits).inc()
        return value

    async def _read[M: BaseModel](self, key: str, model: type[M]) -> M | None:
        try:
            text = await self._client.get(_name(key))
        except (RedisError, OSError) as error:
            self._rest(error)
            return None
        if text is None or text == _MARK.encode():
            return None
        try:
            return model.model_validate_json(text, by_alias=True)
        except ValidationError:
            await self.change(key)  # It would be in the way of what is filled in, for ever if it never expires.
            return None

    async def fill(self, key: str, value: BaseModel) -> None:
        """Keeps a value that was read elsewhere, unless something is kept, or it changed since."""
        if not self._is_readable(key):
            return
        try:
            await self._client.set(_name(key), value.model_dump_json(by_alias=True), nx=True, ex=self._kept_s)
        except (RedisError, OSError) as error:
            self._rest(error)

    async def change(self, key: str) -> None:
        """Says that a value has changed: what is kept of it is read no more, and nothing is kept in its place for a while. It is
        done even if the request that asks for it is over.
        """
        now = time.monotonic()
        self._unmarked = {one: since for one, since in self._unmarked.items() if now - since <= self._kept_s}
        self._unmarked[key] = now
        await asyncio.shield(asyncio.ensure_future(self._change(key, now)))

    async def _change(self, key: str, since: float) -> None:
        try:
            await self._mark(key, since)
        except (RedisError, OSError) as error:
            self._rest(error)

    async def _mark(self, key: str, since: float) -> None:
        await self._client.set(_name(key), _MARK, ex=self._kept_s)
        if self._unmarked.get(key) == since:
            del self._unmarked[key]

    def _is_readable(self, key: str) -> bool:
        return key not in self._unmarked and self._recovery is None

    def _rest(self, error: Exception) -> None:
        """Leaves Redis alone for a second after a failure."""
        self._failures.inc()
        if self._recovery is None:
            _log.warning(
                "the cache is unreachable, going on without it",
                extra={"event.name": "cache.down", "err": f"{type(error).__name__}: {error}"},
            )
            self._recovery = asyncio.create_task(self._recover())

    async def _recover(self) -> None:
        """Waits until Redis answers, and has every mark."""
        while True:
            await asyncio.sleep(_REST_S)
            with contextlib.suppress(Exception):  # Whatever it was: without this task the cache would be read no more.
                await self._client.ping()
                for key, since in list(self._unmarked.items()):
                    await self._mark(key, since)
                break
        _log.info("the cache is reachable again", extra={"event.name": "cache.up"})
        self._recovery = None

    async def close(self) -> None:
        """Closes its connections."""
        if self._recovery is not None:
            self._recovery.cancel()
        await self._client.aclose()


@contextlib.asynccontextmanager
async def opened(url: str, kept_s: int, metrics: CollectorRegistry) -> AsyncIterator[Cache]:
    """A cache that connects in the background: the service starts, and is ready, without Redis as well."""
    cache = Cache(url, kept_s, metrics)
    connecting = asyncio.create_task(cache.connect())
    try:
        yield cache
    finally:
        connecting.cancel()
        await cache.close()


def _name(key: str) -> str:
    """Services may share a Redis."""
    return f"{NAME}:{key}"
