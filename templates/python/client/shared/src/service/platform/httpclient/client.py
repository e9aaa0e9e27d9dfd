"""A client of one other service: timeout, retry, circuit breaker and bulkhead."""

import asyncio
import json
import logging
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Literal

import httpx2
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, retry_if_result, stop_after_attempt

from service.platform.httpclient.breaker import Breaker, Circuit, CircuitOpen
from service.platform.httpclient.bulkhead import Bulkhead, BulkheadFull
from service.platform.httpclient.failures import HttpClientError, Kind, Outage
from service.platform.httpclient.metrics import HttpClientMetrics
from service.platform.httpclient.response import Response, retry_after
from service.platform.httpclient.target import Query, Target
from service.platform.request import pass_on

_log = logging.getLogger(__name__)

_SAFE = frozenset(("GET", "HEAD", "OPTIONS"))
_REPEATABLE = frozenset(("PUT", "DELETE"))
# These have done nothing; a 500 may have.
_RETRIED = frozenset((502, 503, 504))
_TOO_MANY = 429

Method = Literal["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Limits of a client. Times are in seconds."""

    timeout: float
    """For one attempt, its body included."""
    retries: int = 2
    """How often a request is repeated; together with the first attempt that makes one more."""
    first_backoff: float = 0.1
    """Before the first repetition; it doubles with each. `retries=4, first_backoff=1` waits 1, 2, 4 and 8 s."""
    longest_retry_after: float = 2.0
    """When a service that asks for more patience is asked again."""
    concurrency: int = 20
    """Attempts that are under way at once."""
    queue: int = 20
    """Attempts that may wait for a place."""
    failure_threshold: int = 5
    """Failures in a row that open the circuit."""
    open_for: float = 5.0
    """How long it stays open before one call tries."""
    body_limit: int = 1 << 20
    """Bytes of an answer that are read."""


class HttpClient:
    """Make one for each service, and keep it.

    :param name: of the other service in metrics, logs and problems
    """

    def __init__(self, name: str, base_url: str, settings: Settings, metrics: HttpClientMetrics) -> None:
        self._name, self._settings, self._metrics = name, settings, metrics
        self._target = Target(base_url)
        self._http = httpx2.AsyncClient(
            timeout=None,  # The whole attempt has one.
            limits=httpx2.Limits(max_connections=None, max_keepalive_connections=settings.concurrency),
            # What one caller was given is not for the next.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            # Followed, a redirect could take our headers to another host.
            follow_redirects=False,
            # What the service reads of the environment is declared in service.config.
            trust_env=False,
        )
        self._bulkhead = Bulkhead(settings.concurrency, settings.queue)
        self._breaker = Breaker(settings.failure_threshold, Outage, settings.open_for, self._circuit_changed)
        metrics.circuit.labels(name).set(Circuit.CLOSED)

    async def close(self) -> None:
        """Closes its connections."""
        await self._http.aclose()

    async def request(
        self,
        method: Method,
        path: str,
        *,
        query: Query | None = None,
        headers: Mapping[str, str] | None = None,
        body: object = None,
        idempotent: bool = False,
    ) -> Response:
        """Gives any answer below 500, whatever its status. A call is part of the request that the running code answers.

        :param path: below the base URL, its parameters encoded with `quote(text, safe="")`
        :param body: sent as JSON, unless it is None
        :param idempotent: says of a PUT or DELETE that doing it twice does no harm: it may then be retried
        :raises HttpClientError: for everything else
        """
        sent = httpx2.Headers({"Accept": "application/json", **self._target.headers, **pass_on()})
        if body is not None:
            sent["Content-Type"] = "application/json"
        sent.update(headers or {})
        content = None if body is None else json.dumps(body, allow_nan=False)
        request = (method, self._target.url(path, query or {}), sent, content)
        try:
            if method in _SAFE or (idempotent and method in _REPEATABLE):
                return await self._retrying()(self._attempt, *request)
            return await self._attempt(*request)
        except CircuitOpen:
            raise self._refused(Kind.CIRCUIT_OPEN) from None
        except BulkheadFull:
            raise self._refused(Kind.BULKHEAD_FULL) from None

    def _retrying(self) -> AsyncRetrying:
        return AsyncRetrying(
            retry=retry_if_exception(_is_passing) | retry_if_result(lambda answer: answer.status == _TOO_MANY),
            stop=stop_after_attempt(self._settings.retries + 1),
            wait=self._pause,
            before_sleep=lambda _: self._metrics.retries.labels(self._name).inc(),
            retry_error_callback=_last,
        )

    def _pause(self, state: RetryCallState) -> float:
        """Partly by chance, so that those who failed together do not come back together."""
        exponential = self._settings.first_backoff * (1 << state.attempt_number - 1)
        asked = min(_asked(state), self._settings.longest_retry_after)
        return asked + exponential * random.uniform(0.5, 1)  # noqa: S311

    async def _attempt(self, method: str, url: httpx2.URL, headers: httpx2.Headers, content: str | None) -> Response:
        async with self._bulkhead.place():
            with self._breaker.call():
                request = self._http.build_request(method, url, headers=headers, content=content)
                answer = await self._measured(request)
                if answer.status >= 500:
                    reason = f"answered with status {answer.status}"
                    raise Outage(self._name, Kind.SERVER_ERROR, reason, answer.status, retry_after(answer.headers))
                return answer

    async def _measured(self, request: httpx2.Request) -> Response:
        """Sends a request once, reads the answer to its end and measures both."""
        begun = time.perf_counter()
        status, error = "", "aborted"
        try:
            answer = await self._send(request)
            status, error = str(answer.status), ""
            return answer
        except HttpClientError as failed:
            error = failed.kind.value
            raise
        finally:
            duration = self._metrics.duration.labels(self._name, request.method, status, error)
            duration.observe(time.perf_counter() - begun)

    async def _send(self, request: httpx2.Request) -> Response:
        limit = self._settings.body_limit
        try:
            async with asyncio.timeout(self._settings.timeout):
                answer = await self._http.send(request, stream=True)
                try:
                    body = bytearray()
                    async for chunk in answer.aiter_bytes():
                        body += chunk
                        if len(body) > limit:
                            reason = f"answered more than {limit} bytes"
                            raise HttpClientError(self._name, Kind.INVALID_RESPONSE, reason)
                    return Response(self._name, answer, bytes(body))
                finally:
                    await answer.aclose()
        except TimeoutError:
            reason = f"no answer within {round(self._settings.timeout * 1000)} ms"
            raise Outage(self._name, Kind.TIMEOUT, reason) from None
        except httpx2.HTTPError as error:
            # Other texts may quote an answer.
            why = str(error) if isinstance(error, httpx2.ConnectError) else type(error).__name__
            raise Outage(self._name, Kind.NETWORK, f"the connection failed: {why}") from None

    def _refused(self, kind: Kind) -> HttpClientError:
        self._metrics.rejections.labels(self._name, kind.value).inc()
        return HttpClientError(self._name, kind, f"not called, {kind}")

    def _circuit_changed(self, state: Circuit) -> None:
        self._metrics.circuit.labels(self._name).set(state)
        if state is Circuit.OPEN:
            _log.warning("%s fails, not calling", self._name, extra={"event.name": "circuit.open"})
        elif state is Circuit.CLOSED:
            _log.info("%s is back", self._name, extra={"event.name": "circuit.closed"})


def _is_passing(error: BaseException) -> bool:
    """Whether a repetition may find it better, and does no harm."""
    return isinstance(error, Outage) and (error.kind is not Kind.SERVER_ERROR or error.status in _RETRIED)


def _asked(state: RetryCallState) -> float:
    """How long the other service asks to wait."""
    assert state.outcome is not None
    error = state.outcome.exception()
    if error is not None:
        return error.retry_after if isinstance(error, Outage) else 0
    return retry_after(state.outcome.result().headers)


def _last(state: RetryCallState) -> Response:
    """The last outcome is that of the call."""
    assert state.outcome is not None
    answer: Response = state.outcome.result()
    return answer
