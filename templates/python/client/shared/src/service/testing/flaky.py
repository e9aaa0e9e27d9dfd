"""Another service for tests: it does as it is told, and counts."""

import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Call:
    """A request that arrived."""

    method: str
    target: str
    headers: Message
    body: bytes


Answer = Callable[[BaseHTTPRequestHandler], None]
"""Answers a request, or leaves it."""


class FlakyServer:
    """On a port of its own. It does what it was told with the next requests, in this order; then the last of it for good."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.calls: list[Call] = []
        self._plan: list[Answer] = [status(200)]
        self._one_at_a_time = threading.Lock()

    def answer(self, *plan: Answer) -> None:
        """Tells it what to do."""
        self._plan = list(plan)

    def handle(self, request: BaseHTTPRequestHandler) -> None:
        """Does it."""
        body = request.rfile.read(int(request.headers.get("Content-Length", 0)))
        with self._one_at_a_time:
            self.calls.append(Call(request.command, request.path, request.headers, body))
            do = self._plan.pop(0) if len(self._plan) > 1 else self._plan[0]
        do(request)


@contextlib.contextmanager
def flaky_server() -> Iterator[FlakyServer]:
    """Starts one, which ends with the block."""
    ended = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

        def handle_any(self) -> None:
            """A request of any method."""
            flaky.handle(self)

    for method in ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"):
        setattr(Handler, f"do_{method}", Handler.handle_any)

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """A client that has gone is none."""

    with Server(("127.0.0.1", 0), Handler) as server:
        server.ended = ended  # type: ignore[attr-defined]
        flaky = FlakyServer(f"http://127.0.0.1:{server.server_port}")
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield flaky
        finally:
            ended.set()
            server.shutdown()


def status(code: int, **headers: str) -> Answer:
    """Answers with a status and headers, `Retry_After="1"`, and the body {"status":"ok"}."""
    return body(code, '{"status":"ok"}', **headers)


def body(code: int, text: str, **headers: str) -> Answer:
    """Answers with a status, a body of JSON and headers."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(code)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(text)), **headers}.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(text.encode() if request.command != "HEAD" else b"")

    return answer


def hang(request: BaseHTTPRequestHandler) -> None:
    """Never answers."""
    request.server.ended.wait()  # type: ignore[attr-defined]
    request.close_connection = True


def half(request: BaseHTTPRequestHandler) -> None:
    """Never ends an answer."""
    request.send_response(200)
    request.send_header("Content-Length", "100")
    request.end_headers()
    request.wfile.write(b"{")
    hang(request)


def reset(request: BaseHTTPRequestHandler) -> None:
    """Breaks the connection."""
    request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    request.close_connection = True
