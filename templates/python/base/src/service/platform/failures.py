"""Makes a problem of whatever a route raises."""

import logging
from collections.abc import Callable, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match

from service.platform.problem import Fault, Problem

_log = logging.getLogger(__name__)

# A request is judged by its first place that does not match.
_PLACES = {"path": "params", "body": "body", "query": "querystring", "header": "headers", "cookie": "cookies"}


def answer_failures(web: FastAPI, explanations: Sequence[Callable[[Exception], Problem | None]]) -> None:
    """Sets what answers an exception. What the service did not foresee is logged and told to nobody."""

    async def invalid(_: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return Problem(400, "The request does not match the schema.", errors=_faults(error.errors())).response()

    async def known(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        problem = error if isinstance(error, Problem) else _of_router(web, request, error)
        if problem.status_code >= 500:
            _log.error("request failed", exc_info=error)
        return problem.response()

    async def unknown(_: Request, error: Exception) -> Response:
        found = next((one for explain in explanations if (one := explain(error)) is not None), Problem(500))
        _log.error("request failed", exc_info=error)
        return found.response()

    web.add_exception_handler(RequestValidationError, invalid)
    web.add_exception_handler(HTTPException, known)
    web.add_exception_handler(Exception, unknown)


def timed_out() -> Problem:
    """The handler took longer than it may."""
    return Problem(503, "The service did not answer in time.", {"Retry-After": "1"})


def _of_router(web: FastAPI, request: Request, error: HTTPException) -> Problem:
    is_of_route = request.scope.get("route") is not None
    if error.status_code == 404 and not is_of_route:
        return Problem(404, "/openapi.json has every path of this service.")
    if error.status_code == 405:
        return Problem(405, headers={"Allow": ", ".join(_allowed(web, request))})
    return Problem(error.status_code, error.detail, error.headers)


def _allowed(web: FastAPI, request: Request) -> list[str]:
    """The methods of every route with this path: the router says those of the first."""
    found: set[str] = set()
    for route in web.routes:
        if route.matches(request.scope)[0] is not Match.NONE:
            found |= getattr(route, "methods", None) or set()
    return sorted(found | ({"HEAD"} if "GET" in found else set()))


def _faults(errors: Sequence[Any]) -> list[Fault]:
    """Those of the first place, in words that do not quote the request."""
    for place, name in _PLACES.items():
        found = [one for one in errors if one["loc"][0] == place]
        if found:
            return [{"in": name, "path": _pointer(one["loc"][1:]), "message": _message(one)} for one in found]
    return []


def _pointer(location: Sequence[object]) -> str:
    """A JSON pointer; that of the whole is a slash."""
    return "/" + "/".join(str(one).replace("~", "~0").replace("/", "~1") for one in location)


def _message(error: Any) -> str:
    said = str(error["msg"])
    return said[:1].lower() + said[1:]
