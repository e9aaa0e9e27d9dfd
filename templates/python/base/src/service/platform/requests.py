"""What stands around every route: ids, traces, a line in the log, metrics, limits."""

import asyncio
import logging
import time
from typing import Any

from prometheus_client import CollectorRegistry
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.config.http import Http
from service.platform import operations, request
from service.platform.env import Config
from service.platform.failures import timed_out
from service.platform.health import Readiness
from service.platform.limit import Limiter
from service.platform.metrics import durations_in, method_of
from service.platform.paths import path_of
from service.platform.problem import Problem

_log = logging.getLogger(__name__)

# Above the idle time of the usual load balancers (60 s): they close first, so no request is lost.
IDLE_S = 72
MOST_HEADERS = 16 << 10

# What helmet answers by default: none of it depends on the request.
_CONSTANT = [
    (name.encode(), value.encode())
    for name, value in {
        "content-security-policy": "default-src 'self';base-uri 'self';font-src 'self' https: data:;form-action 'self';"
        "frame-ancestors 'self';img-src 'self' data:;object-src 'none';script-src 'self';script-src-attr 'none';"
        "style-src 'self' https: 'unsafe-inline';upgrade-insecure-requests",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "origin-agent-cluster": "?1",
        "referrer-policy": "no-referrer",
        "strict-transport-security": "max-age=31536000; includeSubDomains",
        "x-content-type-options": "nosniff",
        "x-dns-prefetch-control": "off",
        "x-download-options": "noopen",
        "x-frame-options": "SAMEORIGIN",
        "x-permitted-cross-domain-policies": "none",
        "x-xss-protection": "0",
    }.items()
]
_GO_AWAY = [(b"connection", b"close")]
_GO_ON = [(b"connection", b"keep-alive"), (b"keep-alive", f"timeout={IDLE_S}".encode())]


class Requests:
    """Gives each answer its constant headers, its request's id and a line in the log, and holds a request to its limits."""

    def __init__(self, app: ASGIApp, config: Config, readiness: Readiness, metrics: CollectorRegistry) -> None:
        self._app = app
        self._config = config[Http]
        self._readiness = readiness
        self._durations = durations_in(metrics)
        self._limiter = Limiter(self._config.rate_limit_per_minute, self._config.trusted_proxies)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        answered = request.CurrentRequest.of(scope["headers"])
        token = request.begin(answered)
        # A route that is read is asked for its headers too. The server leaves out the body.
        inner = {**scope, "method": "GET" if scope["method"] == "HEAD" else scope["method"], "path": ""}
        exchange = _Exchange(self._config, self._readiness, answered.id, inner, receive, send)
        try:
            inner["path"] = path_of(scope["raw_path"])
            exchange.headers += self._limiter.admit(inner)
            _refuse(scope["headers"])
            await self._run(exchange)
        except Problem as problem:
            await problem.response()(inner, receive, exchange.send)
        finally:
            self._write(inner, scope["method"], exchange.status, time.perf_counter() - started)
            request.end(token)

    async def _run(self, exchange: "_Exchange") -> None:
        try:
            async with asyncio.timeout(self._config.handler_timeout_ms / 1000) as exchange.timeout:
                await self._app(exchange.scope, exchange.receive, exchange.send)
        except Exception as error:
            if exchange.is_complete:  # Whatever else was raised is logged.
                if exchange.timeout is not None and exchange.timeout.expired():
                    _log.error("what was left to do after the answer took too long", extra={"event.name": "http.late"})
                return
            if exchange.status:  # Of what was begun nobody knows the rest: the connection has to break.
                _log.warning("the answer is cut off", extra={"event.name": "http.aborted"})
                raise
            _log.error("request failed", exc_info=error)
            raise (timed_out() if isinstance(error, TimeoutError) else Problem(500)) from None

    def _write(self, scope: Scope, method: str, status: int, seconds: float) -> None:
        """The line of a request, with neither path nor query: callers put credentials there."""
        route = getattr(scope.get("route"), "path_format", "unmatched")
        method = method_of(method)
        self._durations.labels(method, route, status).observe(seconds)
        is_quiet = route in operations.QUIET and status != 405
        fields: dict[str, Any] = {
            "event.name": "http.request",
            "http.request.method": method,
            "http.route": route,
            "http.response.status_code": status,
            "duration_ms": round(seconds * 1000, 3),
        }
        _log.log(logging.DEBUG if is_quiet else logging.INFO, "request", extra=fields)


class _Exchange:
    """A request and its answer, as they pass between the server and the routes."""

    def __init__(
        self, config: Http, readiness: Readiness, request_id: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        self.scope = scope
        self.status = 0
        self.is_complete = False
        self.headers: list[tuple[bytes, bytes]] = [*_CONSTANT, (b"x-request-id", request_id.encode())]
        self.timeout: asyncio.Timeout | None = None
        self._config, self._readiness, self._receive, self._send = config, readiness, receive, send
        self._until = asyncio.get_running_loop().time() + config.request_timeout_ms / 1000
        self._size, self._is_whole = 0, False

    async def receive(self) -> Message:
        """The next piece of the body, within its limits. Its time is the client's, not the handler's."""
        if self._is_whole:  # What is asked now is whether the client is still there.
            return await self._receive()
        if self._size == 0 and self._announced() > self._config.body_limit_bytes:
            raise _too_large()
        loop = asyncio.get_running_loop()
        if self.timeout is not None:
            self.timeout.reschedule(None)
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError:
            raise Problem(408, headers={"Connection": "close"}) from None
        finally:
            if self.timeout is not None:
                self.timeout.reschedule(loop.time() + self._config.handler_timeout_ms / 1000)
        self._is_whole = not message.get("more_body", False)
        self._size += len(message.get("body", b""))
        if self._size > self._config.body_limit_bytes:
            raise _too_large()
        return message

    def _announced(self) -> int:
        return next((int(value) for name, value in self.scope["headers"] if name == b"content-length"), 0)

    async def send(self, message: Message) -> None:
        """Adds the headers that every answer has, but where a route has its own."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            own = message.get("headers", [])
            if self.status in (204, 304):  # What has no body has no type of it.
                own = [one for one in own if one[0] not in (b"content-type", b"content-length")]
            names = {name for name, _ in own}
            goes = [] if b"connection" in names else self._going()
            ours = [one for one in (*self.headers, *goes) if one[0] not in names]
            message = {**message, "headers": [*ours, *own]}
        await self._send(message)
        # Not before: whoever waits for a client that takes nothing may be cut off in the last piece too.
        if message["type"] == "http.response.body" and not message.get("more_body", False):
            self.is_complete = True

    def _going(self) -> list[tuple[bytes, bytes]]:
        headers = self.scope["headers"]
        # A client that waits for "100 Continue" and gets an answer instead may send its body or another request. The bytes do not tell.
        is_unasked = not self._is_whole and any(name == b"expect" for name, _ in headers)
        if self._readiness.is_draining or is_unasked or (b"connection", b"close") in headers:
            return _GO_AWAY
        return _GO_ON


def _too_large() -> Problem:
    return Problem(413, "The body is larger than the service accepts.")


def _refuse(headers: request.Headers) -> None:
    """Refuses what no route should see."""
    names = {name for name, _ in headers}
    if sum(len(name) + len(value) + 4 for name, value in headers) > MOST_HEADERS:
        raise Problem(431)
    if b"content-length" in names and b"transfer-encoding" in names:
        raise Problem(400, headers={"Connection": "close"})
    if any(name == b"expect" and value.lower() != b"100-continue" for name, value in headers):
        raise Problem(417, "Nothing but 100-continue may be expected.")
