"""Makes a problem of whatever a route raises."""

import logging
from collections.abc import Callable, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError, ResponseValidationError
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match

from service.platform.problem import Fault, Problem

_log = logging.getLogger(__name__)

# A request is judged by its first place that does not match.
_PLACES = {"path": "params", "body": "body", "query": "querystring", "header": "headers", "cookie": "cookies"}

Explanation = Callable[[Exception], Problem | None]


def answer_failures(web: FastAPI, explanations: Sequence[Explanation]) -> None:
    """Sets what answers an exception. What the service did not foresee is logged and told to nobody."""

    async def answer(request: Request, error: Exception) -> Response:
        problem = _problem_of(web, request, error, explanations)
        if problem.status_code >= 500:
            _log.error("request failed", exc_info=error, extra=_of_schema(error))
        return problem.response()

    for kind in (RequestValidationError, HTTPException, Exception):
        web.add_exception_handler(kind, answer)


def timed_out() -> Problem:
    """The handler took longer than it may."""
    return Problem(503, "The service did not answer in time.", {"Retry-After": "1"})


def _problem_of(web: FastAPI, request: Request, error: Exception, explanations: Sequence[Explanation]) -> Problem:
    if isinstance(error, Problem):
        return error
    if isinstance(error, RequestValidationError):
        return Problem(400, "The request does not match the schema.", errors=_faults(error.errors()))
    if isinstance(error, HTTPException):
        if error.status_code == 404 and request.scope.get("route") is None:
            return Problem(404, "/openapi.json has every path of this service.")
        if error.status_code == 405:
            return Problem(405, headers={"Allow": ", ".join(_allowed(web, request))})
        return Problem(error.status_code, error.detail, error.headers)
    return next((found for explain in explanations if (found := explain(error)) is not None), Problem(500))


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
            return [{"in": name, "path": _pointer(one), "message": _message(one)} for one in found]
    return []


def _of_schema(error: Exception) -> dict[str, object]:
    """Where an answer does not match its own schema, without its values."""
    if not isinstance(error, ResponseValidationError | ValidationError):
        return {}
    return {"errors": [{"path": "/".join(map(str, one["loc"])), "message": one["msg"]} for one in error.errors()]}


def _pointer(error: Any) -> str:
    """A JSON pointer; that of the whole is a slash. A member that may not be there is a fault of its object."""
    location = error["loc"][1:-1] if error["type"] == "extra_forbidden" else error["loc"][1:]
    return "/" + "/".join(str(one).replace("~", "~0").replace("/", "~1") for one in location)


def _message(error: Any) -> str:
    said = str(error["msg"])
    return said[:1].lower() + said[1:]
