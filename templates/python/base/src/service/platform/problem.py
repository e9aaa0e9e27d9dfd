"""Answers every error as RFC 9457 problem details."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from service.platform.request import current

Fault = Mapping[str, str]
"""Something in a request that does not match the schema: `in`, `path`, and a `message` that does not quote it."""

# Titles that services in other languages give, where Python has others.
_TITLES = {
    413: "Payload Too Large",
    414: "URI Too Long",
    416: "Range Not Satisfiable",
    418: "I'm a Teapot",
    422: "Unprocessable Entity",
}


class Problem(HTTPException):
    """An answer that a handler raises. What else it raises is a 500 that is logged and not told.

    :param detail: what went wrong this time, for the eyes of the caller
    """

    def __init__(
        self, status: int, detail: str = "", headers: Mapping[str, str] | None = None, errors: Sequence[Fault] = ()
    ) -> None:
        super().__init__(status, detail, headers)
        self.errors = errors

    def response(self) -> Response:
        """The answer to the request that is answered now."""
        body: dict[str, object] = {
            "type": "about:blank",
            "title": title_of(self.status_code),
            "status": self.status_code,
        }
        if self.detail:
            body["detail"] = self.detail
        if self.errors:
            body["errors"] = self.errors
        request = current()
        if request is not None:
            body["request_id"] = request.id
        return JSONResponse(body, self.status_code, self.headers, "application/problem+json")


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What a route says of problems that only it has: `responses=problems(404, 409)`."""
    return {status: {"description": title_of(status)} for status in statuses}


def title_of(status: int) -> str:
    """What a status means."""
    try:
        return _TITLES.get(status) or HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
