"""The service under test."""

import contextlib
import json
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from fastapi import APIRouter
from starlette.testclient import TestClient

from service.platform.app import App
from service.platform.env_schema import examples
from service.platform.log.output import Output
from service.platform.modules import modules_of
from service.platform.process import Process

Line = dict[str, Any]


class Written:
    """The log of a process, kept in memory."""

    def __init__(self) -> None:
        self._text = b""
        self.output = Output(self._write)

    def _write(self, lines: bytes) -> None:
        self._text += lines

    def lines(self) -> list[Line]:
        """Every line so far."""
        self.output.flush(1)
        return [json.loads(line) for line in self._text.splitlines()]


class Service(TestClient):
    """One of its own, which ends with the test: `service.post("/slugs", json={...})`."""

    def __init__(self, app: App, written: Written) -> None:
        super().__init__(app.asgi, raise_server_exceptions=False)
        self.service = app
        self._written = written

    def log(self) -> list[Line]:
        """Every line of its log so far. Those about a cache are left out: whether there is a Redis depends on the machine."""
        return [line for line in self._written.lines() if not str(line.get("event.name")).startswith("cache.")]


@contextlib.contextmanager
def environment(overrides: dict[str, str]) -> Iterator[dict[str, str]]:
    """Variables of a service under test: others have the value that they have here, or their example."""
    with contextlib.ExitStack() as stack:
        values = {name: os.environ.get(name) or value for name, value in examples().items()}
        for module in modules_of("service.testing.backing"):
            values |= stack.enter_context(module.variables())
        yield {"LOG_LEVEL": "debug", **values, **overrides}


@contextlib.contextmanager
def running(overrides: dict[str, str], routers: Sequence[APIRouter] | None = None) -> Iterator[Service]:
    """The service with these variables, and with these routes instead of its own."""
    with environment(overrides) as values:
        written = Written()
        config = Process(written.output, values).load()
        with Service(App(config, written.output, routers), written) as service:
            yield service


def run_verb(*args: str, **overrides: str) -> tuple[int, list[Line]]:
    """Runs a verb to its end: its exit code, and its lines."""
    with environment(overrides) as values, _same_signals():
        written = Written()
        try:
            code = Process(written.output, values, sys.exit).run(list(args))
        except SystemExit as left:  # Where a process would end at once.
            code = int(left.code or 0)
        return code, written.lines()


@contextlib.contextmanager
def _same_signals() -> Iterator[None]:
    """A verb ends its process, and ignores what comes then; this process goes on."""
    handlers = {one: signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for one, handler in handlers.items():
            signal.signal(one, handler)
