"""Routes whose requests are read as the contract says: strictly."""

import json
import re
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.requests import ClientDisconnect

from service.platform.problem import Problem

JSON = "application/json"

_CHARSET = re.compile(r';\s*charset\s*=\s*"?([^";]*)"?', re.IGNORECASE)
# Escapes of a text, in order: a whole surrogate pair, half of one, or anything else.
_ESCAPES = re.compile(r"\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]..|(u[dD][89a-fA-F]..)|.)", re.DOTALL)


class StrictRequest(Request):
    """Reads a body of one media type, in UTF-8, as it is."""

    accepted = JSON

    async def body(self) -> bytes:
        """The whole body.

        :raises Problem: 415 for another type, 400 for what cannot be read
        """
        try:
            body = await super().body()
        except ClientDisconnect:
            raise Problem(400, "The client closed the connection.") from None
        given = self.headers.get("content-type")
        if given is None and not body:
            return body
        media_type = (given or "").partition(";")[0].strip().lower()
        if media_type != self.accepted:
            raise Problem(415, "The content type is not supported.")
        charset = _CHARSET.search(given or "")
        if charset and charset[1].strip().lower() not in ("utf-8", "utf8"):
            raise Problem(415, "The charset is not UTF-8.")
        if "content-encoding" in self.headers:
            raise Problem(415, "The body may not be encoded.", {"Accept-Encoding": "identity"})
        if not body and media_type == JSON:
            raise Problem(400, "The body is empty, but its content type is JSON.")
        return body

    async def json(self) -> Any:
        """The body as JSON: numbers that are whole are integers, however they are written.

        :raises Problem: 400 for what is no JSON
        """
        try:
            text = (await self.body()).decode()
        except UnicodeDecodeError:
            raise Problem(400, "The body is not UTF-8.") from None
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


class Route(APIRoute):
    """A route that refuses a parameter which is given twice."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """See FastAPI: custom Request and APIRoute."""
        handle = super().get_route_handler()
        once = [one.alias for one in self.dependant.query_params if not _is_list(one.field_info.annotation)]

        async def strict(request: Request) -> Response:
            twice = [name for name in once if len(request.query_params.getlist(name)) > 1]
            if twice:
                raise RequestValidationError([{"loc": ("query", name), "msg": "Is given twice"} for name in twice])
            return await handle(StrictRequest(request.scope, request.receive))

        return strict


def _is_list(annotation: Any) -> bool:
    return getattr(annotation, "__origin__", annotation) in (list, set, tuple)


class Router(APIRouter):
    """The routes of a feature: `router = Router(tags=["products"])`."""

    def __init__(self, *, prefix: str = "", tags: list[str] | None = None) -> None:
        super().__init__(prefix=prefix, tags=list(tags or []), route_class=Route)
