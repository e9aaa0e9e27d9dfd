import asyncio
import contextlib
import socket
import time
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from service.config.http import Http
from service.platform.server.server import Server

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
QUICK = b"GET /quick HTTP/1.1\r\nHost: a\r\n\r\n"
SLOW = b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n"


class Served:
    """A server, and what its handlers wait for."""

    def __init__(self, **settings: int) -> None:
        self.goes_on = asyncio.Event()
        self.begun = asyncio.Semaphore(0)
        self.server = Server(self.app, Http.model_validate({"host": "127.0.0.1", "port": 0, **settings}))
        self.clients: list[asyncio.StreamWriter] = []
        self.port = 0

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        if request.url.path == "/slow":
            self.begun.release()
            await self.goes_on.wait()
        await self.answer(request)(scope, receive, send)

    def answer(self, request: Request) -> Response:
        if request.url.path == "/large":
            return PlainTextResponse(b"x" * 50_000_000)
        return PlainTextResponse("done")

    async def connect(self, said: bytes = b"") -> Streams:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.clients.append(writer)
        writer.write(said)
        await writer.drain()
        return reader, writer

    async def has_begun(self, count: int) -> None:
        for _ in range(count):
            await asyncio.wait_for(self.begun.acquire(), 3)


def serve(scenario: Callable[[Served], Coroutine[Any, Any, None]], **settings: int) -> None:
    async def run() -> None:
        served = Served(**settings)
        served.port = await served.server.listen()
        watching = asyncio.create_task(served.server.watch())
        async with asyncio.timeout(10):
            await scenario(served)
        served.goes_on.set()
        for client in served.clients:
            client.close()
            with contextlib.suppress(OSError):
                await client.wait_closed()
        await served.server.drain(0)
        watching.cancel()

    asyncio.run(run())


async def status_of(streams: Streams) -> int:
    head = await streams[0].readuntil(b"\r\n\r\n")
    return int(head.split()[1])


def test_what_has_begun_is_answered() -> None:
    async def scenario(served: Served) -> None:
        silent = await served.connect()
        half = await served.connect(SLOW[:20])
        later = await served.connect(QUICK)
        assert await status_of(later) == 200
        await later[0].readexactly(4)
        later[1].write(SLOW[:20])
        busy = await served.connect(SLOW)
        await served.has_begun(1)
        stopping = asyncio.create_task(served.server.drain(8))
        await asyncio.sleep(0.6)
        with pytest.raises(ConnectionRefusedError):
            await served.connect()
        assert await silent[0].read() == b""
        for _, writer in (half, later):
            writer.write(SLOW[20:])
        await served.has_begun(2)
        served.goes_on.set()
        for streams in (half, later, busy):
            assert await status_of(streams) == 200
        await stopping

    serve(scenario)


@pytest.mark.parametrize("said", [SLOW[:20], b"POST /quick HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{"])
def test_neither_half_a_head_nor_a_body_that_nobody_reads_holds_a_stop_up(said: bytes) -> None:
    async def scenario(served: Served) -> None:
        await served.connect(said)
        await asyncio.sleep(0.05)
        begun = time.monotonic()
        await served.server.drain(4)
        assert time.monotonic() - begun < 3.5

    serve(scenario)


def test_half_a_body_that_is_read_does() -> None:
    async def scenario(served: Served) -> None:
        await served.connect(b"POST /slow HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{")
        await served.has_begun(1)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(served.server.drain(1), 1.2)

    serve(scenario)


@pytest.mark.parametrize(
    ("said", "status", "detail"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", 400, "There has to be one Host."),
        (b"HELLO\r\n\r\n", 400, "about:blank"),
        (b"GET / HTTP/1.1\r\nA b: c\r\n\r\n", 400, "about:blank"),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: x\r\n\r\n", 400, "about:blank"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nA: " + b"a" * 20_000, 431, "about:blank"),
    ],
)
def test_what_is_no_request_is_answered_with_a_problem(said: bytes, status: int, detail: str) -> None:
    async def scenario(served: Served) -> None:
        reader, writer = await served.connect(said)
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        assert head.startswith(f"HTTP/1.1 {status} ")
        assert "Content-Type: application/problem+json" in head
        assert detail in (await reader.read()).decode()
        writer.close()

    serve(scenario)


def test_an_answer_is_sent_without_delay() -> None:
    async def scenario(served: Served) -> None:
        await served.connect(SLOW)
        await served.has_begun(1)
        [connection] = served.server._open
        wire = connection.transport.get_extra_info("socket")
        assert wire.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)

    serve(scenario)


def test_a_client_that_closes_its_half_is_answered() -> None:
    async def scenario(served: Served) -> None:
        reader, writer = await served.connect(SLOW)
        writer.write_eof()
        await served.has_begun(1)
        await asyncio.sleep(0.05)
        served.goes_on.set()
        assert (await reader.read()).endswith(b"\r\n\r\ndone")

    serve(scenario)


def test_a_client_that_is_gone_holds_no_stop_up() -> None:
    async def scenario(served: Served) -> None:
        _, gone = await served.connect(SLOW)
        waiting = await served.connect(SLOW)
        await served.has_begun(2)
        gone.close()
        waiting[1].write_eof()
        await asyncio.sleep(0.05)
        stopping = asyncio.create_task(served.server.drain(4))
        await asyncio.sleep(0.6)
        served.goes_on.set()
        assert await status_of(waiting) == 200
        await stopping

    serve(scenario)


def test_a_client_that_has_shut_its_half_gets_a_part_of_a_stop() -> None:
    async def scenario(served: Served) -> None:
        _, writer = await served.connect(SLOW)
        await served.has_begun(1)
        writer.write_eof()
        await asyncio.sleep(0.05)
        begun = time.monotonic()
        await served.server.drain(4)
        assert 0.8 < time.monotonic() - begun < 3.5

    serve(scenario)


def test_a_client_that_stops_in_the_middle_of_a_head_is_told() -> None:
    async def scenario(served: Served) -> None:
        half, silent = await served.connect(SLOW[:20]), await served.connect()
        assert await status_of(half) == 408
        assert await silent[0].read() == b""

    serve(scenario, request_timeout_ms=200)


def test_a_client_may_be_slow_but_not_stall() -> None:
    async def scenario(served: Served) -> None:
        reader, _ = await served.connect(b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n")
        for _ in range(16):
            await reader.readexactly(1_000_000)
            await asyncio.sleep(0.05)
        await asyncio.sleep(1.5)  # Nothing is taken meanwhile.
        with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
            await reader.readexactly(34_000_000)

    serve(scenario, request_timeout_ms=400)
