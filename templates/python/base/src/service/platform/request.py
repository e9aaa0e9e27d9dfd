"""What the service knows of the request that it answers, for every line of the log about it."""

import re
import uuid
from contextvars import ContextVar
from dataclasses import dataclass, field

_WELL_FORMED = re.compile(rb"[A-Za-z0-9_.:~-]{1,128}")
# W3C Trace Context: version 00 ends after the flags, later ones may go on.
_TRACEPARENT = re.compile(rb"(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(-.*)?")

Headers = list[tuple[bytes, bytes]]


@dataclass
class CurrentRequest:
    """One request. Its `fields` are in each line of the log about it."""

    id: str
    fields: dict[str, object]
    passed_on: dict[str, str] = field(default_factory=dict)
    """Headers of calls to other services that are made for this request."""

    @classmethod
    def of(cls, headers: Headers) -> "CurrentRequest":
        """Takes over the caller's id and trace, where they are well-formed."""
        ids, parents, states = (
            [value for name, value in headers if name == wanted]
            for wanted in (b"x-request-id", b"traceparent", b"tracestate")
        )
        request_id = ids[0].decode() if len(ids) == 1 and _WELL_FORMED.fullmatch(ids[0]) else new_id()
        request = cls(request_id, {"request_id": request_id}, {"X-Request-Id": request_id})
        trace = _TRACEPARENT.fullmatch(parents[0]) if len(parents) == 1 else None
        if trace is not None and not (trace[1] == b"00" and trace[4]):
            # The trace finds our lines though we export no span.
            request.fields |= {"trace_id": trace[2].decode(), "span_id": trace[3].decode()}
            request.passed_on["traceparent"] = parents[0].decode("latin-1")
            if states:
                request.passed_on["tracestate"] = b",".join(states).decode("latin-1")
        return request


_current: ContextVar[CurrentRequest | None] = ContextVar("request", default=None)

begin = _current.set
end = _current.reset


def current() -> CurrentRequest | None:
    """The request that the running code answers, if it answers one."""
    return _current.get()


def add_field(name: str, value: object) -> None:
    """Puts a field into all further lines of this request, and into that of its answer. Outside of a request it does nothing."""
    request = _current.get()
    if request is not None:
        request.fields[name] = value


def pass_on() -> dict[str, str]:
    """Headers that give a call to another service the id and the trace of this request."""
    request = _current.get()
    return {} if request is None else dict(request.passed_on)


def new_id() -> str:
    """An id for a request whose caller gave none."""
    return uuid.uuid4().hex
