"""The database of `make dev`."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from service.dev.localdb import local_database


@contextmanager
def variables() -> Iterator[dict[str, str]]:
    """That of the environment, else one whose data are kept in `.local`."""
    if os.environ.get("DATABASE_URL_FILE"):
        yield {}
        return
    with local_database(Path(".local/postgres")) as database:
        sys.stderr.write(f"{database.how}\n")
        yield {"DATABASE_URL": database.url}
