"""One-off tasks: what they work with, and how they end."""

import argparse
import asyncio
import importlib
import logging
import time
from collections.abc import Awaitable, Callable
from typing import NoReturn

from service.config.shutdown import Shutdown
from service.platform.app import App
from service.platform.env import Config
from service.platform.log.lines import FATAL
from service.platform.process import Exit, Failure, Process, Stop

Log = logging.LoggerAdapter[logging.Logger]


class Task:
    """What a task works with: the parts of the service, which serves nobody."""

    def __init__(self, app: App, name: str, args: list[str]) -> None:
        self.app = app
        self.args = args
        """What came after the name of the task on the command line."""
        self.log: Log = logging.LoggerAdapter(logging.getLogger("service.tasks"), {"task": name}, merge_extra=True)
        """Its lines say which task wrote them."""

    def parse(self, arguments: "Arguments") -> argparse.Namespace:
        """Reads the arguments. Options may stand among the others.

        :raises Failure: with the exit code of wrong usage
        """
        return arguments.parse_intermixed_args(self.args)


Run = Callable[[Task], Awaitable[None]]
"""A task is done when this returns, and whatever it raises is a failure. The first SIGTERM or SIGINT cancels it."""


class Arguments(argparse.ArgumentParser):
    """What the command line of a task may hold."""

    def __init__(self) -> None:
        super().__init__(add_help=False, allow_abbrev=False)

    def error(self, message: str) -> NoReturn:
        """See argparse, which would end the process."""
        raise Failure(Exit.USAGE, message, event="usage")


def whole(least: int, most: int) -> Callable[[str], int]:
    """The `type` of an argument that is a number within bounds."""

    def read(text: str) -> int:
        number = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1
        if not least <= number <= most:
            raise argparse.ArgumentTypeError(f"must be a whole number from {least} to {most}")
        return number

    return read


def run_task(process: Process, config: Config, stop: Stop, name: str, args: list[str]) -> int:
    """Runs a task to its end, and answers the exit code."""
    app = App(config, process.output, [])
    run: Run = importlib.import_module(f"service.tasks.{name.replace('-', '_')}").run
    return asyncio.run(_run(process, stop, run, Task(app, name, args)))


async def _run(process: Process, stop: Stop, run: Run, task: Task) -> int:
    running = asyncio.create_task(_to_its_end(run, task))
    stopping = asyncio.create_task(stop.heard())
    await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if not running.done():
        running.cancel()
        budget = task.app.config[Shutdown].shutdown_timeout_ms
        await asyncio.wait({running}, timeout=budget / 1000)
        if not running.done():
            task.log.error("not stopped within %d ms", budget, extra={"event.name": "shutdown.timeout"})
            process.end(Exit.FAILED)  # Who does not listen would keep the event loop from ending.
    stopping.cancel()
    return running.result()


async def _to_its_end(run: Run, task: Task) -> int:
    """Writes the one line that says how it ended, and gives the exit code."""
    begun = time.monotonic()

    def said(event: str, **fields: object) -> dict[str, object]:
        return {"event.name": f"task.{event}", **fields, "duration_ms": round((time.monotonic() - begun) * 1000)}

    try:
        async with task.app.running():
            await run(task)
    except asyncio.CancelledError:
        task.log.warning("stopped before the end", extra=said("stopped"))
        return Exit.FAILED
    except Failure as foreseen:
        fields = {**foreseen.fields, "reason": foreseen.fields["event.name"]}
        task.log.log(FATAL, str(foreseen), extra={**fields, **said("failed")})
        return foreseen.code
    except Exception:
        task.log.log(FATAL, "the task failed", exc_info=True, extra=said("failed"))
        return Exit.FAILED
    task.log.info("the task is done", extra=said("done"))
    return Exit.DONE
