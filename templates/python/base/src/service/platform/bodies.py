"""Bodies of requests, read as the contract says: strictly."""

import json
import re
from typing import Any
from urllib.parse import parse_qs

from fastapi import Request
from starlette.requests import ClientDisconnect

from service.platform.problem import Problem

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"

_CHARSET = re.compile(r';\s*charset\s*=\s*"?([^";]*)"?', re.IGNORECASE)
# Escapes of a text, in order: a whole surrogate pair, half of one, or anything else.
_ESCAPES = re.compile(r"\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]..|(u[dD][89a-fA-F]..)|.)", re.DOTALL)


class StrictRequest(Request):
    """Reads a body of one media type, in UTF-8, as it is."""

    def __init__(self, request: Request, accepted: str) -> None:
        super().__init__(request.scope, request.receive)
        self._accepted = accepted

    async def body(self) -> Any:
        """The body, which FastAPI takes as it is unless it is JSON: then it asks for :meth:`json`.

        :raises Problem: 415 for another type, 400 for what cannot be read
        """
        body = await self._read()
        if self._accepted == JSON or self._accepted.endswith("+json") or not body:
            return body
        if self._accepted == FORM:
            return _form_of(_text_of(body))
        return _text_of(body) if self._accepted.startswith("text/") else _json_of(_text_of(body))

    async def json(self) -> Any:
        """The body as JSON: numbers that are whole are integers, however they are written.

        :raises Problem: 400 for what is no JSON
        """
        return _json_of(_text_of(await self._read()))

    async def _read(self) -> bytes:
        try:
            body = await super().body()
        except ClientDisconnect:
            raise Problem(400, "The client closed the connection.") from None
        given = self.headers.get("content-type")
        if given is None and not body:
            return body
        if (given or "").partition(";")[0].strip().lower() != self._accepted:
            raise Problem(415, "The content type is not supported.")
        charset = _CHARSET.search(given or "")
        if charset and charset[1].strip().lower() not in ("utf-8", "utf8"):
            raise Problem(415, "The charset is not UTF-8.")
        if "content-encoding" in self.headers:
            raise Problem(415, "The body may not be encoded.", {"Accept-Encoding": "identity"})
        if not body and self._accepted == JSON:
            raise Problem(400, "The body is empty, but its content type is JSON.")
        return body


def _text_of(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise Problem(400, "The body is not UTF-8.") from None


def _form_of(text: str) -> dict[str, str | list[str]]:
    """The value of each name: a list where it is given several times."""
    try:
        fields = parse_qs(text, keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        raise Problem(400, "The body is not UTF-8.") from None
    return {name: values if len(values) > 1 else values[0] for name, values in fields.items()}


def _json_of(text: str) -> Any:
    try:
        value = json.loads(text, parse_float=_number, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Problem(400, "The body is not valid JSON.") from None
    if "\\u" in text and any(half[1] for half in _ESCAPES.finditer(text)):
        raise Problem(400, "The body has half of a surrogate pair.")
    return value


def _number(text: str) -> float | int:
    number = float(text)
    return int(number) if number.is_integer() else number


def _no_number(_: str) -> None:
    raise ValueError("NaN and Infinity are no JSON")
