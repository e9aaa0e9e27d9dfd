"""A client of another service that does as it is told."""

import asyncio
from contextlib import ExitStack
from typing import Any

from prometheus_client import CollectorRegistry

from service.platform.httpclient import HttpClient, HttpClientError, Kind, Response, Settings
from service.platform.httpclient.metrics import HttpClientMetrics
from service.testing.flaky import Answer, Call, FlakyServer, flaky_server


class Stock:
    """A client with metrics and a server of its own."""

    def __init__(self, server: FlakyServer, runner: asyncio.Runner, settings: Settings) -> None:
        self.server, self.runner = server, runner
        self._registry = CollectorRegistry()
        self.client = HttpClient("stock", f"{server.url}/v1/", settings, HttpClientMetrics(self._registry))

    @property
    def calls(self) -> list[Call]:
        """What arrived so far."""
        return self.server.calls

    def ask(self, method: Any = "GET", path: str = "/items", **more: Any) -> Response:
        """Calls it."""
        return self.runner.run(self.client.request(method, path, **more))

    def kind(self, method: Any = "GET", **more: Any) -> Kind | None:
        """Why a call fails; None where it does not."""
        return self.runner.run(self.kind_of(method, **more))

    async def kind_of(self, method: Any = "GET", **more: Any) -> Kind | None:
        """The same for calls that are made together."""
        try:
            await self.client.request(method, "/items", **more)
        except HttpClientError as error:
            return error.kind
        return None

    def metric(self, name: str, **labels: str) -> float:
        """The value of a sample; 0 where nothing was counted."""
        return self._registry.get_sample_value(name, {"server": "stock", **labels}) or 0


def new_stock(stack: ExitStack, *answers: Answer, **settings: Any) -> Stock:
    """Makes one, which ends with the stack. Its server does these things, in this order; then the last of them for good."""
    server = stack.enter_context(flaky_server())
    server.answer(*answers)
    runner = stack.enter_context(asyncio.Runner())
    stock = Stock(server, runner, Settings(**{"timeout": 1.0, "first_backoff": 0.002, **settings}))
    stack.callback(lambda: runner.run(stock.client.close()))
    return stock
