"""How a call to another service fails for good."""

from enum import StrEnum
from http import HTTPStatus

from service.platform.problem import Problem


class Kind(StrEnum):
    """Why a call failed. It is the label `error_type` of the metrics."""

    TIMEOUT = "timeout"
    NETWORK = "network"
    CIRCUIT_OPEN = "circuit_open"
    BULKHEAD_FULL = "bulkhead_full"
    SERVER_ERROR = "server_error"
    INVALID_RESPONSE = "invalid_response"


class HttpClientError(Exception):
    """A call to another service that has failed for good. Its text quotes nothing of the call.

    :param server: the name of the client, never its URL
    """

    def __init__(self, server: str, kind: Kind, reason: str) -> None:
        super().__init__(f"{server}: {reason}")
        self.server, self.kind = server, kind


class Outage(HttpClientError):
    """The other service is away or fails, rather than answering something.

    :param status: of its answer, where it gave one
    :param retry_after: seconds that it asks to wait
    """

    def __init__(self, server: str, kind: Kind, reason: str, status: int = 0, retry_after: float = 0) -> None:
        super().__init__(server, kind, reason)
        self.status, self.retry_after = status, retry_after


_UNAVAILABLE = (HTTPStatus.SERVICE_UNAVAILABLE, "is not available", {"Retry-After": "1"})
_ANSWERS: dict[Kind, tuple[HTTPStatus, str, dict[str, str]]] = {
    Kind.TIMEOUT: (HTTPStatus.GATEWAY_TIMEOUT, "did not answer in time", {}),
    Kind.NETWORK: _UNAVAILABLE,
    Kind.CIRCUIT_OPEN: _UNAVAILABLE,
    Kind.BULKHEAD_FULL: _UNAVAILABLE,
}
_FAILED: tuple[HTTPStatus, str, dict[str, str]] = (HTTPStatus.BAD_GATEWAY, "failed", {})


def problem_of(error: Exception) -> Problem | None:
    """Makes a problem of a failed call: whoever calls this service may try again later. Of another error it makes None."""
    if not isinstance(error, HttpClientError):
        return None
    status, what, headers = _ANSWERS.get(error.kind, _FAILED)
    return Problem(status, f'The backing service "{error.server}" {what}.', headers)
