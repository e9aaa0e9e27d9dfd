import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
import pytest

from service.testing.service import environment

WITH_A_THREAD_THAT_HANGS = """
import asyncio, os, time
from service.platform.log.output import Output
from service.platform.process import Process, Stop
from service.platform.server.serve import run_app

async def work(_: object) -> None:
    await asyncio.to_thread(time.sleep, 60)

process = Process(Output(), os.environ)
with Stop(process) as stop:
    run_app(process, process.load(), stop, work)
"""

# A route of its own, since those of features come and go.
WITH_A_ROUTE_THAT_HANGS = """
import asyncio
from service.platform import app
from service.platform.process import main
from service.platform.routes import Router

router = Router()

@router.get("/hangs")
async def hang() -> None:
    await asyncio.sleep(60)

app.routers_of_features = lambda: [router]
main(["web"])
"""


WITHOUT_A_WATCH = """
from service.platform.process import main
from service.platform.server.connection import Connection

def fail(*_: object) -> None:
    raise RuntimeError("no watch")

Connection.check = fail
main(["web"])
"""


@contextmanager
def process(*args: str, **variables: str) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """The service as a process of its own, and its address."""
    with environment({"PORT": "0", "HOST": "127.0.0.1", "LOG_FORMAT": "pretty", **variables}) as values:
        started = subprocess.Popen(
            [sys.executable, *(args or ("-m", "service"))],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **values},
            stdout=subprocess.PIPE,
            text=True,
        )
        with started:
            try:
                yield started, said(started, "listening on ").split("listening on ")[1].split()[0]
            finally:
                started.kill()


def said(started: "subprocess.Popen[str]", text: str) -> str:
    assert started.stdout is not None
    return next(line for line in started.stdout if text in line)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it(number: signal.Signals) -> None:
    with process() as (started, url):
        assert httpx2.get(f"{url}/livez").status_code == 200
        started.send_signal(number)
        said(started, "stopped")
        assert started.wait(30) == 0


def test_a_second_signal_ends_it_at_once() -> None:
    with process(SHUTDOWN_DELAY_MS="60000", SHUTDOWN_TIMEOUT_MS="90000") as (started, url):
        started.send_signal(signal.SIGTERM)
        said(started, "stopping")
        assert httpx2.get(f"{url}/livez").headers["connection"] == "close"
        begun = time.monotonic()
        started.send_signal(signal.SIGTERM)
        said(started, "SIGTERM again, exiting at once")
        assert started.wait(30) == 1
        assert time.monotonic() - begun < 30


def test_a_mistake_is_said_before_what_serves_is_imported() -> None:
    with environment({"PORT": "eighty"}) as values:
        command = [sys.executable, "-X", "importtime", "-m", "service", "web"]
        variables = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **values}
        ended = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    assert ended.returncode == 78
    assert "service.platform.env" in ended.stderr
    assert "fastapi" not in ended.stderr


def test_a_thread_that_hangs_holds_no_stop_up() -> None:
    with process("-c", WITH_A_THREAD_THAT_HANGS) as (started, _):
        started.send_signal(signal.SIGTERM)
        said(started, "stopped")
        assert started.wait(30) == 0


@pytest.mark.parametrize("variables", [{}, {"SHUTDOWN_DELAY_MS": "5000"}])
def test_a_service_that_no_longer_watches_its_clients_ends(variables: dict[str, str]) -> None:
    with process("-c", WITHOUT_A_WATCH, **variables) as (started, url):
        if variables:
            started.send_signal(signal.SIGTERM)
            said(started, "stopping")
        with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2]))):
            line = said(started, "the watch over connections ended")
            assert "RuntimeError: no watch" in line
            assert started.wait(30) == 1


def test_a_stop_has_a_budget() -> None:
    with process("-c", WITH_A_ROUTE_THAT_HANGS, SHUTDOWN_TIMEOUT_MS="500") as (started, url):
        port = int(url.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(b"GET /hangs HTTP/1.1\r\nHost: a\r\n\r\n")
            assert httpx2.get(f"{url}/livez").status_code == 200  # What came before it was read by then.
            started.send_signal(signal.SIGTERM)
            said(started, "not drained within 500 ms, exiting")
            assert started.wait(30) == 1
