"""What all flags share."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from service.platform.app import App, part
from service.platform.flag import Evaluations


@part
@asynccontextmanager
async def flag_evaluations(app: App) -> AsyncIterator[Evaluations]:
    """Counts them."""
    yield Evaluations(app.metrics)
