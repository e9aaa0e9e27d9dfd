"""The life of a process that serves: parts are opened, requests answered, parts closed."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from service.config.http import Http
from service.config.shutdown import Shutdown
from service.platform.app import App
from service.platform.process import Exit, Failure, Process, Stop
from service.platform.server.server import Server

_log = logging.getLogger(__name__)

Work = Callable[[App], Coroutine[Any, Any, None]]


def run_app(process: Process, stop: Stop, work: Work | None = None) -> int:
    """Serves until the process is told to stop, and answers the exit code.

    :param work: what a worker does besides. It is cancelled at the stop, and ends what it has begun
    """
    app = App(process.load(), process.output)
    return asyncio.run(_run(app, stop, work))


async def _run(app: App, stop: Stop, work: Work | None) -> int:
    server = Server(app.asgi, app.config[Http])
    parts = contextlib.AsyncExitStack()
    await parts.enter_async_context(app.running())
    await server.listen()
    working = asyncio.create_task(work(app)) if work else None
    stopping = asyncio.create_task(stop.heard())
    await asyncio.wait({stopping, working} if working else {stopping}, return_when=asyncio.FIRST_COMPLETED)
    if working is not None and working.done() and not stopping.done():
        raise Failure(Exit.FAILED, "the worker ended", event="worker.stuck", err=repr(working.exception()))
    app.readiness.is_draining = True
    _log.info("stopping", extra={"event.name": "shutdown.started", "signal": await stopping})
    if working is not None:
        working.cancel()
    times = app.config[Shutdown]
    budget, delay = times.shutdown_timeout_ms / 1000, times.shutdown_delay_ms / 1000
    try:
        async with asyncio.timeout(budget):
            await asyncio.sleep(delay)
            await server.drain(budget - delay)
            if working is not None:
                await asyncio.wait([working])
            await parts.aclose()
    except TimeoutError:
        _log.error(
            "not drained within %d ms, exiting", times.shutdown_timeout_ms, extra={"event.name": "shutdown.timeout"}
        )
        return Exit.FAILED
    _log.info("stopped", extra={"event.name": "shutdown.done"})
    return Exit.DONE
