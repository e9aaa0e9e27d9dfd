"""Makes a service of the features and parts that it finds."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from fastapi import APIRouter, Request
from prometheus_client import CollectorRegistry
from starlette.types import ASGIApp

from service.platform import operations
from service.platform.env import Config
from service.platform.failures import Explanation, answer_failures
from service.platform.health import Readiness
from service.platform.log.output import Output
from service.platform.metrics import new_registry
from service.platform.modules import modules_of
from service.platform.openapi import Api
from service.platform.requests import Requests
from service.platform.routes import by_precedence

Opener = Callable[["App"], contextlib.AbstractAsyncContextManager[object]]


@dataclass(frozen=True)
class Part:
    """What features share, such as a pool or a client: each app has its own."""

    opened: Opener


def part(opener: Opener) -> Part:
    """Marks what opens a part: an async context manager that gives it."""
    return Part(opener)


class App:
    """What a feature works with: the whole service, ready to listen, but not listening."""

    def __init__(self, config: Config, output: Output, routers: Sequence[APIRouter] | None = None) -> None:
        """Without routers it has those of every feature."""
        self.config = config
        self.readiness = Readiness()
        self.metrics: CollectorRegistry = new_registry(output)
        self._explanations: list[Explanation] = []
        self._parts: dict[type, object] = {}
        self.web = Api(lifespan=lambda _: self.running())
        self.web.state.app = self
        self._found = list(_parts())
        operations.add_to(self.web, self.readiness, self.metrics)
        found = routers_of_features() if routers is None else routers
        self.web.router.routes += sorted((route for router in found for route in router.routes), key=by_precedence)
        answer_failures(self.web, self._explanations)
        self.asgi: ASGIApp = Requests(self.web, config, self.readiness, self.metrics)

    def of[T](self, kind: type[T]) -> T:
        """The part of this type."""
        return cast(T, self._parts[kind])

    def explain(self, explanation: Explanation) -> None:
        """Adds what makes a problem of an error that only a client or a database knows; None for any other."""
        self._explanations.append(explanation)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Opens every part, and closes them at the end, the last one first."""
        async with contextlib.AsyncExitStack() as stack:
            for found in self._found:
                value = await stack.enter_async_context(found.opened(self))
                self._parts[type(value)] = value
            yield


def _parts() -> Iterator[Part]:
    """Those of every module that has parts, in the order of their names: clients of other services may use the rest."""
    for package in ("service.platform.parts", "service.clients"):
        for module in modules_of(package):
            yield from (one for one in vars(module).values() if isinstance(one, Part))


def routers_of_features() -> list[APIRouter]:
    """That of each module in `service.features` that has one."""
    return [module.router for module in modules_of("service.features") if hasattr(module, "router")]


async def current_app(request: Request) -> App:
    """A dependency: `app: Annotated[App, Depends(current_app)]`."""
    return cast(App, request.app.state.app)


def of[T](kind: type[T]) -> Callable[[Request], Awaitable[T]]:
    """A dependency on a part: `cache: Annotated[Cache, Depends(of(Cache))]`."""

    async def find(request: Request) -> T:
        return (await current_app(request)).of(kind)

    return find
