"""Databases of tests."""

import atexit
import secrets
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import LiteralString
from urllib.parse import quote

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from service.dev.localdb import local_database
from service.platform.migrations.files import FOLDER, read_migrations
from service.platform.migrations.migrate import Runner

PATIENCE = 10.0


@contextmanager
def variables() -> Iterator[dict[str, str]]:
    """Gives a service a schema of its own, with all migrations."""
    with empty_database() as url:
        Runner(url, read_migrations(FOLDER), PATIENCE).up()
        yield {"DATABASE_URL": url}


@contextmanager
def empty_database() -> Iterator[str]:
    """The URL of an empty schema, which is dropped at the end: tests find no data but theirs, and leave none."""
    url = _server()
    schema = f"test_{secrets.token_hex(6)}"
    execute(url, sql.SQL("create schema {}").format(sql.Identifier(schema)))
    try:
        given = conninfo_to_dict(url).get("options")
        yield f"{url}{'&' if '?' in url else '?'}options={quote(f'{given or ""} -c search_path={schema}')}"
    finally:
        execute(url, sql.SQL("drop schema {} cascade").format(sql.Identifier(schema)))


def execute(url: str, statement: LiteralString | bytes | sql.Composed, *values: object) -> list[tuple[object, ...]]:
    """Runs a statement on a connection of its own, and gives its rows."""
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else []


@cache
def _server() -> str:
    stack = ExitStack()
    database = stack.enter_context(local_database())
    atexit.register(stack.close)
    sys.stderr.write(f"{database.how}\n")
    return database.url
