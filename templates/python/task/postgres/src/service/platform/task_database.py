"""The database of tasks."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from service.platform.postgres import Postgres, is_unavailable
from service.platform.process import Exit, Failure
from service.platform.task import Task


@asynccontextmanager
async def database_of(task: Task) -> AsyncIterator[Postgres]:
    """Gives the pool of the service. As there a query may take DATABASE_TIMEOUT_MS: what takes longer holds locks for longer, so
    split it into batches.
    """
    try:
        yield task.app.of(Postgres)
    except Exception as error:
        if is_unavailable(error):
            words = f"the database is unavailable: {error}"
            raise Failure(Exit.UNAVAILABLE, words, "database.unavailable") from error
        raise
