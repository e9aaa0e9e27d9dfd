import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from typing import Any

import pytest
from prometheus_client import CollectorRegistry
from pydantic import BaseModel

from service.platform.httpclient import HttpClient, HttpClientError, Kind, Settings
from service.platform.httpclient.failures import problem_of
from service.platform.httpclient.metrics import HttpClientMetrics
from service.platform.httpclient.target import Target
from service.testing.flaky import Answer, body, half, hang, reset, status
from service.testing.flaky_client import Stock, new_stock

MakeStock = Callable[..., Stock]


@pytest.fixture
def make_stock() -> Iterator[MakeStock]:
    with ExitStack() as stack:
        yield partial(new_stock, stack)


class State(BaseModel):
    status: str


def test_a_call_that_works(make_stock: MakeStock) -> None:
    stock = make_stock(status(200, Set_Cookie="a=b"))
    for _ in range(2):
        answer = stock.ask("PUT", "/items/a%2Fb", query={"q": "a b", "n": None}, headers={"x-more": "1"}, body={"n": 1})
    assert (answer.status, answer.read(State)) == (200, State(status="ok"))
    call = stock.calls[1]
    assert (call.target, call.headers["X-More"], call.body) == ("/v1/items/a%2Fb?q=a+b", "1", b'{"n": 1}')
    assert call.headers["Cookie"] is None, "another caller got it"
    labels = {"http_request_method": "PUT", "http_response_status_code": "200", "error_type": ""}
    assert stock.metric("http_client_request_duration_seconds_count", **labels) == 2


@pytest.mark.parametrize(
    ("method", "more", "answers", "calls", "kind"),
    [
        ("GET", {}, [status(503), status(503), status(200)], 3, None),
        ("GET", {}, [status(503)], 3, Kind.SERVER_ERROR),
        ("HEAD", {}, [status(502), status(200)], 2, None),
        ("GET", {}, [status(429)], 3, None),  # For good it is an answer.
        ("GET", {}, [status(500)], 1, Kind.SERVER_ERROR),  # It may have done something.
        ("GET", {}, [status(404)], 1, None),
        ("GET", {}, [status(302, Location="/")], 1, None),
        ("GET", {}, [reset, status(200)], 2, None),
        ("POST", {"body": 1}, [reset], 1, Kind.NETWORK),
        ("POST", {"body": 1}, [status(503)], 1, Kind.SERVER_ERROR),
        ("POST", {"idempotent": True}, [status(503)], 1, Kind.SERVER_ERROR),
        ("PUT", {"body": 1}, [status(503)], 1, Kind.SERVER_ERROR),
        ("PUT", {"body": 1, "idempotent": True}, [status(503)], 3, Kind.SERVER_ERROR),
        ("DELETE", {"idempotent": True}, [status(503)], 3, Kind.SERVER_ERROR),
        ("GET", {}, [status(429, Retry_After="3600"), status(503, Retry_After="3600"), status(200)], 3, None),
        ("GET", {}, [status(503, Retry_After="Fri, 31 Dec 2100 23:59:59 GMT"), status(200)], 2, None),
        ("GET", {}, [status(503, Retry_After="soon"), status(200)], 2, None),
    ],
)
def test_what_may_be_repeated_is_repeated(
    make_stock: MakeStock, method: str, more: dict[str, Any], answers: list[Answer], calls: int, kind: Kind | None
) -> None:
    stock = make_stock(*answers, longest_retry_after=0.02)
    assert stock.kind(method, **more) == kind
    assert len(stock.calls) == calls
    assert stock.metric("http_client_retries_total") == calls - 1


def test_retries_wait_longer_each_time(make_stock: MakeStock) -> None:
    stock = make_stock(status(503), retries=4, first_backoff=0.02, failure_threshold=9)
    begun = stock.runner.get_loop().time()
    assert stock.kind() == Kind.SERVER_ERROR
    took = stock.runner.get_loop().time() - begun
    assert len(stock.calls) == 5
    assert 0.5 * (0.02 + 0.04 + 0.08 + 0.16) <= took < 2


@pytest.mark.parametrize("answer", [hang, half])
def test_each_attempt_has_its_timeout(make_stock: MakeStock, answer: Answer) -> None:
    stock = make_stock(answer, timeout=0.3, retries=1)
    assert stock.kind() == Kind.TIMEOUT
    assert len(stock.calls) == 2


def test_a_caller_who_gives_up_ends_the_retries(make_stock: MakeStock) -> None:
    stock = make_stock(hang)

    async def given_up() -> None:
        async with asyncio.timeout(0.5):
            await stock.client.request("GET", "/items")

    with pytest.raises(TimeoutError):
        stock.runner.run(given_up())
    assert len(stock.calls) == 1
    labels = {"http_request_method": "GET", "http_response_status_code": "", "error_type": "aborted"}
    assert stock.metric("http_client_request_duration_seconds_count", **labels) == 1


def test_a_body_is_read_up_to_the_limit(make_stock: MakeStock) -> None:
    stock = make_stock(
        body(200, '{"status":12345}'), body(200, "x" * 17), body(200, "{"), body(404, "{}"), body_limit=16
    )
    with pytest.raises(HttpClientError, match="status") as mismatch:
        stock.ask().read(State)
    assert "12345" not in str(mismatch.value)
    assert stock.kind() == Kind.INVALID_RESPONSE
    for _ in range(2):
        with pytest.raises(HttpClientError, match="answered with") as other:
            stock.ask().read(State)
        assert other.value.kind is Kind.INVALID_RESPONSE
    assert len(stock.calls) == 4


def test_a_failed_call_is_a_problem() -> None:
    for kind in Kind:
        problem = problem_of(HttpClientError("stock", kind, "why"))
        assert problem is not None
        unavailable = {Kind.NETWORK, Kind.CIRCUIT_OPEN, Kind.BULKHEAD_FULL}
        status_code = 503 if kind in unavailable else 504 if kind is Kind.TIMEOUT else 502
        assert problem.status_code == status_code
        assert ((problem.headers or {}).get("Retry-After") == "1") == (status_code == 503)
        assert '"stock"' in problem.detail
    assert problem_of(ValueError()) is None


def test_credentials_leave_the_url_for_a_header() -> None:
    target = Target("https://app:p%40ss@stock:8443/v1/?a#b")
    assert str(target.url("/items/a%2Fb", {})) == "https://stock:8443/v1/items/a%2Fb"
    assert target.headers == {"Authorization": "Basic YXBwOnBAc3M="}
    assert Target("http://stock").headers == {}


@pytest.mark.parametrize(
    "path",
    ["", "items", "@other/", "/items/..", "/items/%2e%2e", "/./a", "/items?all=1", "/items#1", "/a b", "/%zz", "/é"],
)
def test_a_path_that_leads_elsewhere_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="has to be encoded"):
        Target("https://stock/v1").url(path, {})


def test_where_nothing_listens_it_says_so(make_stock: MakeStock) -> None:
    stock = make_stock(status(200))
    stock.client = HttpClient(
        "stock", "http://127.0.0.1:1", Settings(timeout=1), HttpClientMetrics(CollectorRegistry())
    )
    with pytest.raises(HttpClientError, match=r"stock: the connection failed: .+") as failed:
        stock.ask()
    assert failed.value.kind is Kind.NETWORK
