"""What somebody writes by hand around FastAPI: constant headers, and one JSON line a request."""

import json
import logging
import os
import sys
import time
import uuid
from collections.abc import Awaitable, Callable

import uvicorn
from fastapi import FastAPI
from starlette.types import Message, Receive, Scope, Send

HEADERS = {
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
}
RAW = [(name.encode(), value.encode()) for name, value in HEADERS.items()]

log = logging.getLogger("bare")
log.setLevel(logging.INFO)
handler = logging.StreamHandler(sys.stdout)
handler.setFormatter(logging.Formatter("%(message)s"))
log.addHandler(handler)


def with_lines(app: Callable[[Scope, Receive, Send], Awaitable[None]]) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    """The app with the headers, a request id, and a line a request."""

    async def call(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await app(scope, receive, send)
        begun = time.perf_counter()
        request_id = uuid.uuid4().hex
        status = 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], *RAW, (b"x-request-id", request_id.encode())]
            await send(message)

        await app(scope, receive, answer)
        line = {"request_id": request_id, "method": scope["method"], "path": scope["path"], "status": status}
        log.info(json.dumps({"level": "info", **line, "ms": round((time.perf_counter() - begun) * 1000, 3)}))

    return call


def serve(app: FastAPI) -> None:
    """Serves on PORT until a signal."""
    uvicorn.run(with_lines(app), host="127.0.0.1", port=int(os.environ["PORT"]), access_log=False, log_level="warning")
