"""The life of a process that serves: parts are opened, requests answered, parts closed."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine
from typing import Any, NoReturn

from service.config.http import Http
from service.config.shutdown import Shutdown
from service.platform.app import App
from service.platform.env import Config
from service.platform.log.lines import FATAL
from service.platform.process import Exit, Process, Stop
from service.platform.server.server import Server

_log = logging.getLogger(__name__)

Work = Callable[[App], Coroutine[Any, Any, None]]


def run_app(process: Process, config: Config, stop: Stop, work: Work | None = None) -> NoReturn:
    """Serves until the process is told to stop, and ends it.

    :param work: what a worker does, without the routes of features. It is cancelled at the stop, and ends what it has begun
    """
    app = App(config, process.output, [] if work else None)
    asyncio.run(_run(process, app, stop, work))


async def _run(process: Process, app: App, stop: Stop, work: Work | None) -> NoReturn:
    server = Server(app.asgi, app.config[Http])
    parts = contextlib.AsyncExitStack()
    await parts.enter_async_context(app.running())
    await server.listen()
    working = asyncio.create_task(work(app)) if work else None
    watching = asyncio.create_task(server.watch())
    stopping = asyncio.create_task(stop.heard())
    lasting = [watching, working] if working else [watching]
    await asyncio.wait([stopping, *lasting], return_when=asyncio.FIRST_COMPLETED)
    if working is not None and working.done() and not stopping.done():
        _give_up(process, working, "the worker", "worker.stuck")
    if watching.done():
        _give_up(process, watching, "the watch over connections", "server.stuck")
    app.readiness.is_draining = True
    _log.info("stopping", extra={"event.name": "shutdown.started", "signal": await stopping})
    if working is not None:
        working.cancel()
    times = app.config[Shutdown]
    budget, delay = times.shutdown_timeout_ms / 1000, times.shutdown_delay_ms / 1000

    async def wind_down() -> None:
        await asyncio.sleep(delay)
        await server.drain(budget - delay)
        if working is not None:
            await asyncio.wait([working])
        await parts.aclose()

    ending = asyncio.create_task(wind_down())
    await asyncio.wait([ending, watching], timeout=budget, return_when=asyncio.FIRST_COMPLETED)
    if watching.done():
        _give_up(process, watching, "the watch over connections", "server.stuck")
    if not ending.done():
        fields = {"event.name": "shutdown.timeout"}
        _log.error("not drained within %d ms, exiting", times.shutdown_timeout_ms, extra=fields)
        process.end(Exit.FAILED)  # What hangs may not end when it is cancelled either.
    ending.result()
    _log.info("stopped", extra={"event.name": "shutdown.done"})
    process.end(Exit.DONE)  # The event loop would wait for threads, which may hang.


def _give_up(process: Process, task: asyncio.Task[None], what: str, event: str) -> NoReturn:
    """Ends the process, since something ended that should last as long."""
    _log.log(FATAL, "%s ended", what, exc_info=task.exception(), extra={"event.name": event})
    process.end(Exit.FAILED)
