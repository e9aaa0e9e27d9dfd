import asyncio
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from http.server import BaseHTTPRequestHandler

import pytest

from service.platform.httpclient import Kind
from service.testing.flaky import hang, reset, status
from service.testing.flaky_client import Stock, new_stock

OPEN_S = 0.2
LATER_S = 0.22


@pytest.fixture
def make_stock() -> Iterator[Callable[..., Stock]]:
    with ExitStack() as stack:
        yield partial(new_stock, stack, open_for=OPEN_S, retries=0)


def test_the_circuit_opens_tries_and_closes(make_stock: Callable[..., Stock], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "service")
    stock = make_stock(status(500), failure_threshold=3)
    assert stock.metric("http_client_circuit_state") == 0
    assert [stock.kind() for _ in range(5)] == [*[Kind.SERVER_ERROR] * 3, *[Kind.CIRCUIT_OPEN] * 2]
    assert len(stock.calls) == 3
    assert stock.metric("http_client_circuit_state") == 1
    assert stock.metric("http_client_rejections_total", error_type="circuit_open") == 2

    time.sleep(LATER_S)
    assert [stock.kind(), stock.kind()] == [Kind.SERVER_ERROR, Kind.CIRCUIT_OPEN]
    assert len(stock.calls) == 4

    stock.server.answer(status(200))
    time.sleep(LATER_S)
    assert [stock.kind(), stock.kind()] == [None, None]
    assert stock.metric("http_client_circuit_state") == 0
    events = [(vars(one).get("event.name"), one.levelname) for one in caplog.records]
    opened, closed = ("circuit.open", "WARNING"), ("circuit.closed", "INFO")
    assert [one for one in events if one in (opened, closed)] == [opened, opened, closed]


def test_one_call_tries_and_the_others_are_refused(make_stock: Callable[..., Stock]) -> None:
    stock = make_stock(reset, failure_threshold=1)
    assert stock.kind() == Kind.NETWORK
    stock.server.answer(status(200))
    time.sleep(LATER_S)

    async def together() -> list[Kind | None]:
        return await asyncio.gather(*(stock.kind_of() for _ in range(5)))

    assert sorted(stock.runner.run(together()), key=str) == [None, *[Kind.CIRCUIT_OPEN] * 4]
    assert len(stock.calls) == 2


def test_a_trial_that_was_given_up_does_not_close_the_circuit(make_stock: Callable[..., Stock]) -> None:
    stock = make_stock(reset, hang, failure_threshold=1)
    assert stock.kind() == Kind.NETWORK
    time.sleep(LATER_S)

    async def given_up() -> None:
        async with asyncio.timeout(0.5):
            await stock.kind_of()

    with pytest.raises(TimeoutError):
        stock.runner.run(given_up())
    assert stock.kind() == Kind.CIRCUIT_OPEN
    assert len(stock.calls) == 2


def test_an_answer_below_500_shows_that_it_is_there(make_stock: Callable[..., Stock]) -> None:
    stock = make_stock(status(500), status(404), status(500), failure_threshold=2)
    assert [stock.kind() for _ in range(3)] == [Kind.SERVER_ERROR, None, Kind.SERVER_ERROR]
    assert stock.metric("http_client_circuit_state") == 0


def test_an_open_circuit_ends_the_retries(make_stock: Callable[..., Stock]) -> None:
    stock = make_stock(status(503), failure_threshold=1, retries=5)
    assert stock.kind() == Kind.CIRCUIT_OPEN
    assert len(stock.calls) == 1
    assert stock.metric("http_client_retries_total") == 1


def test_what_exceeds_places_and_queue_is_refused_at_once(make_stock: Callable[..., Stock]) -> None:
    count = threading.Lock()
    busy, busiest = 0, 0

    def slow(request: BaseHTTPRequestHandler) -> None:
        nonlocal busy, busiest
        with count:
            busy += 1
            busiest = max(busiest, busy)
        time.sleep(0.1)
        with count:
            busy -= 1
        status(200)(request)

    stock = make_stock(slow, concurrency=2, queue=1)

    async def together() -> list[Kind | None]:
        return await asyncio.gather(*(stock.kind_of() for _ in range(6)))

    assert stock.runner.run(together()).count(Kind.BULKHEAD_FULL) == 3
    assert (len(stock.calls), busiest) == (3, 2)
    assert stock.metric("http_client_rejections_total", error_type="bulkhead_full") == 3
