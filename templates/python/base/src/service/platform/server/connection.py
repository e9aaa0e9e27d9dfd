"""One connection: uvicorn's, with limits for what a client may keep it waiting for."""

import asyncio
import json
import sys
from enum import Enum

import h11
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from service.platform.problem import title_of
from service.platform.request import new_id


class Part(Enum):
    """How far the client has come with a request."""

    SILENT = "nothing was sent yet"
    IN_HEAD = "a head is not whole"
    IN_BODY = "a body is not whole"
    SENT = "all was sent, and is being answered"
    UNREAD = "a request was answered before its body was whole"
    IDLE = "a request was answered"


class Patience:
    """Seconds that clients of a server are waited for."""

    def __init__(self, head: float, request: float, stall: float) -> None:
        self.head, self.request, self.stall = head, request, stall


class Connection(H11Protocol):
    """A connection that :meth:`check` ends once its client is too slow."""

    def __init__(self, config: Config, state: ServerState, patience: Patience, all_open: set["Connection"]) -> None:
        super().__init__(config, state, {})
        self._patience, self._all_open = patience, all_open
        self._begun_at: float | None = None
        self._opened_at = self.loop.time()
        self._unsent, self._unsent_since = 0, self._opened_at
        self._has_shut = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """See asyncio.Protocol."""
        super().connection_made(transport)
        self._all_open.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """See asyncio.Protocol."""
        self._all_open.discard(self)
        super().connection_lost(exc)

    @property
    def part(self) -> Part:
        """How far the client has come."""
        match self.conn.their_state:
            case h11.IDLE if self._begun_at is not None:
                return Part.IN_HEAD
            case h11.IDLE:
                return Part.SILENT if self.cycle is None else Part.IDLE
            case h11.SEND_BODY:
                return Part.UNREAD if self.cycle.response_complete else Part.IN_BODY
        return Part.SENT

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        if self._begun_at is None:
            self._begun_at = self.loop.time()
        super().data_received(data)
        self._note()

    def eof_received(self) -> bool:  # type: ignore[override]
        """See asyncio.Protocol. A client that has sent all may close its half, and wait for the answer: or it is gone."""
        self._has_shut = True
        is_waiting = self.part is Part.SENT and self.cycle is not None and not self.cycle.response_complete
        if is_waiting:
            self.cycle.keep_alive = False
        return is_waiting

    def on_response_complete(self) -> None:
        """Goes on with the next request."""
        super().on_response_complete()
        self._note()

    def _note(self) -> None:
        """Forgets when a request began, once all of it was sent."""
        if self.conn.their_state is h11.IDLE and not self.conn.trailing_data[0]:
            self._begun_at = None

    def check(self, now: float) -> None:
        """Ends the connection if its client is too slow."""
        unsent = self.transport.get_write_buffer_size()
        if unsent == 0 or unsent != self._unsent:
            self._unsent, self._unsent_since = unsent, now
        elif now - self._unsent_since >= self._patience.stall:
            self.transport.abort()
            return
        if self.transport.is_closing():
            return
        waited = now - (self._opened_at if self._begun_at is None else self._begun_at)
        match self.part:
            case Part.SILENT if waited >= self._patience.head:
                self.transport.close()
            case Part.IN_HEAD if waited >= self._patience.head:
                self.refuse(408)
            case Part.UNREAD if waited >= self._patience.request:
                self.transport.close()

    def send_400_response(self, msg: str) -> None:
        """Answers what has become no request, as a problem."""
        error = sys.exception()
        detail = "There has to be one Host." if "Host" in str(error or msg) else ""
        status = getattr(error, "error_status_hint", 400)
        self.refuse(status if status < 500 else 400, detail)  # h11 takes an unknown encoding for a fault of ours.

    def refuse(self, status: int, detail: str = "") -> None:
        """Answers without a handler, and hangs up. An answer that has begun is cut off."""
        if self.cycle is not None and not self.cycle.response_complete:
            if self.cycle.response_started:
                self.transport.abort()
                return
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        request_id, title = new_id(), title_of(status)
        body = {"type": "about:blank", "title": title, "status": status, **({"detail": detail} if detail else {})}
        text = json.dumps(body | {"request_id": request_id}).encode()
        head = (
            f"HTTP/1.1 {status} {title}\r\nConnection: close\r\nContent-Type: application/problem+json\r\n"
            f"Content-Length: {len(text)}\r\nX-Request-Id: {request_id}\r\n\r\n"
        )
        self.transport.write(head.encode() + text)
        self.transport.close()

    def close_unless_awaited(self, may_be_slow: bool) -> None:
        """Hangs up on a client that waits for no answer. One may be slow to send its head, or be gone without a word."""
        is_slow = self.part is Part.IN_HEAD or self._has_shut
        if self.part not in (Part.IN_HEAD, Part.IN_BODY, Part.SENT) or (is_slow and not may_be_slow):
            self.transport.close()
