"""Listens, and stops as an orchestrator expects: no new connection, every request that has begun is answered, within a budget."""

import asyncio
import errno
import ipaddress
import logging
import socket
from email.utils import formatdate

import uvicorn
from starlette.types import ASGIApp
from uvicorn.server import ServerState

from service.config.http import Http
from service.platform.process import Exit, Failure
from service.platform.requests import IDLE_S, MOST_HEADERS
from service.platform.server.connection import Connection, Patience

_log = logging.getLogger(__name__)

# The most that a client is waited for, where no variable says less.
_PATIENCE_S = 10.0
# How long connections without a request stay once nothing listens: a client that is about to send one is told by
# `Connection: close`, instead of finding it reset.
_IDLE_GRACE_S = 0.25
_TICK_S = 0.1
_BACKLOG = 2048


class Server:
    """Serves an application. uvicorn reads and writes HTTP; what listens, watches and stops is here."""

    def __init__(self, app: ASGIApp, http: Http) -> None:
        self._http = http
        patience = min(_PATIENCE_S, http.request_timeout_ms / 1000)
        self._patience = Patience(patience, http.request_timeout_ms / 1000, patience)
        self._open: set[Connection] = set()
        self._state = ServerState()
        self._config = uvicorn.Config(
            app,
            interface="asgi3",
            http=Connection,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,  # Who is trusted says TRUSTED_PROXIES.
            server_header=False,
            timeout_keep_alive=IDLE_S,
            h11_max_incomplete_event_size=MOST_HEADERS,
        )
        self._listener: asyncio.Server | None = None

    async def listen(self) -> int:
        """Takes connections from now on, and answers the port.

        :raises Failure: where it cannot
        """
        self._config.load()
        loop, bound = asyncio.get_running_loop(), self._bind()
        self._listener = await loop.create_server(self._connection, sock=bound, backlog=_BACKLOG)
        host, port = bound.getsockname()[:2]
        fields = {"event.name": "listening", "server.address": host, "server.port": port}
        _log.info("listening on %s", _url_of(host, port), extra=fields)
        return int(port)

    def _bind(self) -> socket.socket:
        host, port = self._http.host, self._http.port
        try:
            family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
            takes_both = family == socket.AF_INET6 and socket.has_dualstack_ipv6()  # HOST=:: is reached by IPv4 too.
            bound = socket.create_server(address, family=family, backlog=_BACKLOG, dualstack_ipv6=takes_both)
        except OSError as error:
            raise Failure(Exit.FAILED, _why(error, host, port), event="listen.failed") from None
        # asyncio sends without delay only where a socket says that it is of TCP: else an answer may wait 40 ms.
        return socket.socket(bound.family, bound.type, socket.IPPROTO_TCP, fileno=bound.detach())

    def _connection(self) -> Connection:
        return Connection(self._config, self._state, self._patience, self._open)

    async def watch(self) -> None:
        """Ends connections whose client is too slow, and keeps the time of answers, for as long as the server is there."""
        loop = asyncio.get_running_loop()
        while True:
            self._state.default_headers = [(b"date", formatdate(usegmt=True).encode())]
            for connection in list(self._open):
                connection.check(loop.time())
            await asyncio.sleep(_TICK_S)

    async def drain(self, budget_s: float) -> None:
        """Takes no new connection, and waits until all that has begun is answered.

        :param budget_s: what is left for it: clients that are slow get a quarter
        """
        if self._listener is not None:
            self._listener.close()
        self._patience.stall = min(self._patience.stall, budget_s / 4)
        await asyncio.sleep(min(_IDLE_GRACE_S, budget_s / 2))
        loop = asyncio.get_running_loop()
        until = loop.time() + budget_s / 4
        while self._open:
            for connection in list(self._open):
                connection.close_unless_awaited(may_be_slow=loop.time() < until)
            await asyncio.sleep(_TICK_S / 10)


def _why(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} of {host} is already in use: stop what listens there, or set PORT"
    if error.errno == errno.EACCES:
        return f"port {port} needs a privilege that the process does not have"
    return f"cannot listen on port {port} of {host}: {error.strerror or error}"


def _url_of(host: str, port: int) -> str:
    """An address for a browser."""
    address = ipaddress.ip_address(host.partition("%")[0])
    if address.is_unspecified:
        return f"http://localhost:{port}"
    return f"http://[{host}]:{port}" if address.version == 6 else f"http://{host}:{port}"
