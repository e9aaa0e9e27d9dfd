"""The description of the service: what FastAPI knows of it, and what follows from that."""

import re
from typing import Any

from fastapi import FastAPI

from service.platform.fields.several import without_null
from service.platform.identity import VERSION
from service.platform.problem import title_of
from service.platform.service import AUTHOR, DESCRIPTION, LICENSE, NAME

Described = dict[str, Any]

_TEXT = {"type": "string"}
_PROBLEMS = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": _TEXT,
        "title": _TEXT,
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": _TEXT,
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["in", "path", "message"],
                "properties": {"in": _TEXT, "path": _TEXT, "message": _TEXT},
            },
        },
        "request_id": _TEXT,
    },
    "additionalProperties": True,
}
# FastAPI's answer to a request that does not match. Here it is a Problem.
_NOT_OURS = ("HTTPValidationError", "ValidationError")


class Api(FastAPI):
    """Every route of the service, with a description of what stands around them."""

    def __init__(self, **settings: Any) -> None:
        # What is no licence has no identifier of SPDX.
        identifier = "LicenseRef-UNLICENSED" if LICENSE == "UNLICENSED" else LICENSE
        super().__init__(
            title=NAME,
            description=DESCRIPTION,
            version=VERSION,
            contact={"name": AUTHOR},
            license_info={"name": LICENSE, "identifier": identifier},
            servers=[{"url": "/"}],
            openapi_url=None,
            redirect_slashes=False,
            **settings,
        )

    def openapi(self) -> Described:
        """The description. No route is added after it was asked for."""
        if self.openapi_schema is None:
            self.openapi_schema = _completed(super().openapi())
        return self.openapi_schema


def operation_id(method: str, path: str) -> str:
    """`postOrdersByIdItems` of `POST /orders/{id}/items`."""
    words = re.findall(r"[A-Za-z0-9]+", path.replace("{", " by "))
    return method.lower() + "".join(word[0].upper() + word[1:] for word in words)


def _completed(document: Described) -> Described:
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for name in _NOT_OURS:
        schemas.pop(name, None)
    schemas["Problem"] = _PROBLEM
    taken: set[str] = set()
    tags: set[str] = set()
    for operations in document["paths"].values():
        for operation in operations.values():
            operation["operationId"] = _free(operation["operationId"], taken)
            operation.setdefault("description", operation["summary"])
            tags |= set(operation.get("tags", []))
            _complete(operation)
    _tell_where(document["paths"])
    document["tags"] = [{"name": tag, "description": f"Everything about {tag}"} for tag in sorted(tags)]
    return document


def _tell_where(paths: Described) -> None:
    """What creates something that can be read says where, and what its version is."""
    for path, operations in paths.items():
        place, _, last = path.rpartition("/")
        created = paths.get(place, {}).get("post", {}).get("responses", {}).get("201")
        if created and last.startswith("{") and "get" in operations:
            read: Described = operations["get"]["responses"].get("200", {})
            created["headers"] |= {**read.get("headers", {}), "Location": _header("Where it can be read")}


def _free(name: str, taken: set[str]) -> str:
    free, number = name, 2
    while free in taken:
        free, number = f"{name}{number}", number + 1
    taken.add(free)
    return free


def _complete(operation: Described) -> None:
    responses: Described = operation["responses"]
    if any(name in str(responses.get("422")) for name in _NOT_OURS):
        del responses["422"]
    parameters: list[Described] = operation.get("parameters", [])
    for one in parameters:
        _complete_parameter(one)
    headers = {one["name"].lower() for one in parameters if one["in"] == "header"}
    has_path = any(one["in"] == "path" for one in parameters)
    for number in _statuses(operation, headers, has_path):
        responses.setdefault(str(number), {})
    for status, response in responses.items():
        if response.get("description") in (None, "", "Successful Response"):
            response["description"] = title_of(int(status))
        if status >= "400":
            response.setdefault("content", _PROBLEMS)
        response["headers"] = {**_headers(status, headers), **response.get("headers", {})}
    responses["default"] = {
        "description": "Any other failure",
        "content": _PROBLEMS,
        "headers": _headers("default", headers),
    }


def _complete_parameter(parameter: Described) -> None:
    """One that may be left out is never null. Who leaves out If-Match gets 428, and not the 400 of a required parameter."""
    parameter["schema"] = without_null(parameter["schema"])
    parameter["required"] = parameter.get("required", False) or parameter["name"].lower() == "if-match"


def _statuses(operation: Described, headers: set[str], has_path: bool) -> list[int]:
    found = [400, 408, 431, 500]
    if has_path:
        found.append(404)
    if "requestBody" in operation:
        found += [413, 415]
    if "if-match" in headers:
        found += [412, 428]
    if "operations" not in operation.get("tags", []):  # The others are answered under load too.
        found += [429, 503]
    return found


def _headers(status: str, given: set[str]) -> Described:
    found = {"X-Request-Id": _header("What the log calls this request")}
    if status in ("429", "503"):
        found["Retry-After"] = _header("Seconds until it is worth trying again")
    if status in ("200", "304") and given & {"if-match", "if-none-match"}:
        found["ETag"] = _header("The version of the resource")
    return found


def _header(description: str) -> Described:
    return {"description": description, "schema": _TEXT}
