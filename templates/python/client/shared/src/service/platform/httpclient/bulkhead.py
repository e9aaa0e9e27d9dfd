"""Keeps a slow service from taking all of this one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class BulkheadFull(Exception):
    """As many calls wait as may wait."""


class Bulkhead:
    """Places for calls.

    :param concurrency: how many are under way at once
    :param queue: how many may wait for a place
    """

    def __init__(self, concurrency: int, queue: int) -> None:
        self._free = concurrency + queue
        self._places = asyncio.Semaphore(concurrency)

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Waits for a place.

        :raises BulkheadFull: at once, where too many wait already
        """
        if self._free == 0:
            raise BulkheadFull
        self._free -= 1
        try:
            async with self._places:
                yield
        finally:
            self._free += 1
