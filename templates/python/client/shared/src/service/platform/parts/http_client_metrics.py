"""What all clients of other services share."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from service.platform.app import App, part
from service.platform.httpclient.failures import problem_of
from service.platform.httpclient.metrics import HttpClientMetrics


@part
@asynccontextmanager
async def http_client_metrics(app: App) -> AsyncIterator[HttpClientMetrics]:
    """Measures their calls, and makes problems of those that fail."""
    app.explain(problem_of)
    yield HttpClientMetrics(app.metrics)
