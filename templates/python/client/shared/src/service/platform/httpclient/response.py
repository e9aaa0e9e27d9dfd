"""Answers of other services."""

import time
from email.utils import parsedate_to_datetime

import httpx2
from pydantic import TypeAdapter, ValidationError

from service.platform.httpclient.failures import HttpClientError, Kind


class Response:
    """An answer that was read to its end."""

    def __init__(self, server: str, answer: httpx2.Response, body: bytes) -> None:
        self._server = server
        self.status = answer.status_code
        self.headers = answer.headers
        self.body = body

    def read[T](self, kind: type[T]) -> T:
        """The JSON body of a success. Look at `status` first where another one is an answer as well.

        :raises HttpClientError: INVALID_RESPONSE for any other status and any other body
        """
        if not 200 <= self.status < 300:
            raise self._invalid(f"answered with status {self.status}")
        try:
            return TypeAdapter(kind).validate_json(self.body, strict=True, by_alias=True, by_name=False)
        except ValidationError as invalid:
            # Where it is wrong, not what is there: the body belongs to nobody's log.
            wrong = invalid.errors(include_url=False, include_context=False, include_input=False)
            places = [f"{one['type']} at /{'/'.join(map(str, one['loc']))}" for one in wrong]
            raise self._invalid(f"answered with a body that does not match: {', '.join(places)}") from None

    def _invalid(self, reason: str) -> HttpClientError:
        return HttpClientError(self._server, Kind.INVALID_RESPONSE, reason)


def retry_after(headers: httpx2.Headers) -> float:
    """How many seconds an answer asks to wait: Retry-After has seconds or a date."""
    value = headers.get("Retry-After", "")
    if value.isascii() and value.isdecimal():
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except ValueError:
        return 0.0
