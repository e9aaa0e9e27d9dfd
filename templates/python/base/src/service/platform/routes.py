"""Routes that answer as the contract says."""

from collections.abc import Callable, Coroutine
from typing import Any, get_args, get_origin

from fastapi import APIRouter, Request, Response
from fastapi.dependencies.utils import get_flat_params
from fastapi.exceptions import RequestValidationError
from fastapi.params import Query
from fastapi.routing import APIRoute
from pydantic.fields import FieldInfo
from starlette.routing import BaseRoute

from service.platform.bodies import JSON, StrictRequest
from service.platform.openapi import operation_id
from service.platform.paths import parameter_of


class Route(APIRoute):
    """A route that reads bodies strictly, and refuses a parameter which is given twice."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """See FastAPI: custom Request and APIRoute."""
        handle = super().get_route_handler()
        body = None if self.body_field is None else self.body_field.field_info
        accepted = getattr(body, "media_type", JSON)
        once = [one.alias for one in get_flat_params(self.dependant) if _is_given_once(one.field_info)]

        async def strict(request: Request) -> Response:
            twice = [name for name in once if len(request.query_params.getlist(name)) > 1]
            if twice:
                raise RequestValidationError(
                    [{"type": "twice", "loc": ("query", name), "msg": "is given twice"} for name in twice]
                )
            given: dict[str, str] = request.scope["path_params"]
            request.scope["path_params"] = {name: parameter_of(part) for name, part in given.items()}
            return await handle(StrictRequest(request, accepted))

        return strict


class Router(APIRouter):
    """The routes of a feature: `router = Router(tags=["products"])`."""

    def __init__(self, *, prefix: str = "", tags: list[str] | None = None) -> None:
        super().__init__(prefix=prefix, tags=[*(tags or [])], route_class=Route, generate_unique_id_function=_unique_id)


def _is_given_once(parameter: FieldInfo) -> bool:
    return isinstance(parameter, Query) and not _is_list(parameter.annotation)


def _is_list(annotation: Any) -> bool:
    return get_origin(annotation) is list or any(_is_list(part) for part in get_args(annotation))


def by_precedence(route: BaseRoute) -> list[str]:
    """Sorts routes: a fixed part of a path wins over a parameter, in whatever order they are found."""
    path = getattr(route, "path_format", "")
    return [f"1{part}" if "{" in part else f"0{part}" for part in path.split("/")]


def _unique_id(route: APIRoute) -> str:
    return operation_id(min(route.methods or {"get"}), route.path_format)
