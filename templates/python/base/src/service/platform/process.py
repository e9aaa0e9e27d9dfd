"""One process: its log, its environment, and how it ends."""

import asyncio
import importlib
import json
import logging
import os
import signal
import socket
from collections.abc import Callable
from enum import IntEnum
from typing import NoReturn, Self

from service.config.log import Log
from service.platform.env import Config, Environment, Invalid
from service.platform.log.lines import FATAL, write_to
from service.platform.log.output import Output
from service.platform.log.redact import Redactor
from service.platform.modules import names_of

_log = logging.getLogger(__name__)
_VERBS = "service.platform.verbs"


class Exit(IntEnum):
    """Exit codes tell a supervisor what happened (sysexits.h)."""

    DONE = 0
    FAILED = 1
    PENDING = 3
    USAGE = 64
    UNAVAILABLE = 69
    CONFIG = 78


class Failure(Exception):
    """Ends a verb: with a line in the log, and an exit code."""

    def __init__(self, code: Exit, message: str, /, event: str = "failed", **fields: object) -> None:
        super().__init__(message)
        self.code = code
        self.fields = {"event.name": event, **fields}


class Process:
    """What a verb works with."""

    def __init__(self, output: Output, environment: Environment, leave: Callable[[int], NoReturn] = os._exit) -> None:
        self._leave = leave
        self.output = output
        self.environment = environment
        self._redactor = Redactor()
        output.tell = lambda dropped: _log.warning(
            "lines were dropped: nobody read the log", extra={"event.name": "log.dropped", "dropped": dropped}
        )
        write_to(output, self._redactor)

    def run(self, args: list[str]) -> int:
        """Runs a verb to its end, and answers the exit code."""
        name, rest = (args[0], args[1:]) if args else ("web", [])
        try:
            known = names_of(_VERBS)
            if name not in known:
                raise self.usage(f'unknown verb "{name}", expected one of: {", ".join(known)}')
            verb = importlib.import_module(f"{_VERBS}.{name}")
            return int(verb.run(self, rest))
        except Failure as failure:
            _log.log(FATAL, str(failure), extra=failure.fields)
            return failure.code
        except Invalid as invalid:
            _log.log(FATAL, str(invalid), extra={"event.name": "config.invalid", "errors": invalid.errors})
            return Exit.CONFIG
        except Exception:
            _log.log(FATAL, "the process crashed", exc_info=True, extra={"event.name": "crash"})
            return Exit.FAILED

    def load(self) -> Config:
        """Reads the environment, and sets the log up as it says.

        :raises Invalid: if a variable is bad
        """
        config = Config(self.environment, self._redactor)
        write_to(self.output, self._redactor, config[Log].log_level, config[Log].log_format)
        return config

    def usage(self, why: str) -> Failure:
        """Raise it where a verb was called in a wrong way."""
        return Failure(Exit.USAGE, why, event="usage")

    def end(self, code: int, flush_s: float = 1) -> NoReturn:
        """Ends the process once its lines are out. Nothing is waited for besides: threads may hang."""
        self.output.flush(flush_s)
        self._leave(code)

    def print(self, document: object) -> int:
        """Prints a result: one line of JSON."""
        self.output.put(json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
        return Exit.DONE


class Stop:
    """The first SIGTERM or SIGINT. Another one ends the process at once."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._signal: str | None = None
        self._tell: Callable[[], object] = lambda: None

    async def heard(self) -> str:
        """Waits for the first signal, and answers its name."""
        loop, event = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(self._awake, self._awake.recv, 64)
        self._tell = lambda: loop.call_soon_threadsafe(event.set)
        while self._signal is None:
            await event.wait()
        return self._signal

    def __enter__(self) -> Self:
        # The system may hand a signal to any thread: this wakes the main one, where Python handles it.
        self._awake, self._wake = socket.socketpair()
        self._awake.setblocking(False)
        self._wake.setblocking(False)
        signal.set_wakeup_fd(self._wake.fileno(), warn_on_full_buffer=False)
        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, self._hear)
        return self

    def __exit__(self, *_: object) -> None:
        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, signal.SIG_IGN)  # The process ends anyway.
        signal.set_wakeup_fd(-1)
        self._awake.close()
        self._wake.close()

    def _hear(self, number: int, _: object) -> None:
        name = signal.Signals(number).name
        if self._signal is None:
            self._signal = name
            self._tell()
            return
        _log.warning("%s again, exiting at once", name, extra={"event.name": "shutdown.forced"})
        self._process.end(Exit.FAILED, flush_s=0.5)


def main(args: list[str]) -> NoReturn:
    """The program."""
    process = Process(Output(), os.environ)
    process.end(process.run(args))
