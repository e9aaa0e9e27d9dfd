"""A loop that finishes at SIGTERM what has begun, and begins nothing after it."""

import asyncio
import contextlib
import logging
import random
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

_log = logging.getLogger(__name__)

# What is told to stop gets a moment to do so.
_GRACE = 5.0
_LONGEST_PAUSE = 30.0


class Outcome(StrEnum):
    """How a unit of work ended. IDLE says that there was nothing to do."""

    IDLE = "idle"
    DONE = "done"
    RETRIED = "retried"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Work:
    """Worked through one unit after the other. Times are in seconds."""

    do: Callable[[], Coroutine[Any, Any, Outcome]]
    """Does one unit. It is cancelled when that takes longer than the limit; a stop lets it come to its end."""
    pause: float
    """How long to wait when there was nothing to do."""
    limit: float
    """How long one unit may take."""


class Stuck(Exception):
    """A unit does not end: a new process can do what this one hangs in."""


Report = Callable[[Outcome, float], None]


async def keep_working(work: Work, report: Report, grace: float = _GRACE) -> None:
    """Works until it is cancelled. What fails is logged, and waited for longer each time.

    :param report: hears of each unit, and how many seconds it took
    :raises Stuck: where a unit does not end after its limit
    """
    stopping = asyncio.Event()
    running = asyncio.create_task(_loop(work, report, grace, stopping))
    try:
        await asyncio.shield(running)
    except asyncio.CancelledError:
        stopping.set()
        await running


async def _loop(work: Work, report: Report, grace: float, stopping: asyncio.Event) -> None:
    failures = 0
    while not stopping.is_set():
        begun = time.monotonic()
        try:
            outcome = await _unit(work, grace)
            failures = 0
        except Stuck:
            raise
        except Exception:
            outcome = Outcome.FAILED
            failures += 1
            _log.exception("a unit of work failed", extra={"event.name": "worker.failed"})
        if outcome is not Outcome.IDLE:
            report(outcome, time.monotonic() - begun)
        if outcome is Outcome.IDLE or failures:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), _pause(work, failures))


async def _unit(work: Work, grace: float) -> Outcome:
    """Does one."""
    unit = asyncio.create_task(work.do())
    await asyncio.wait({unit}, timeout=work.limit)
    if not unit.done():
        unit.cancel()
        await asyncio.wait({unit}, timeout=grace)
    too_long = f"a unit of work took longer than {round(work.limit * 1000)} ms"
    if not unit.done():
        raise Stuck(too_long)
    if unit.cancelled():
        raise TimeoutError(too_long)
    return unit.result()


def _pause(work: Work, failures: int) -> float:
    """Not the same for all, where several processes wait."""
    longest = max(work.pause, _LONGEST_PAUSE)
    return min(work.pause * (1 << min(failures, 20)), longest) * random.uniform(0.75, 1.25)  # noqa: S311
