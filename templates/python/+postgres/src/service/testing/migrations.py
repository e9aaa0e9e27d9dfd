"""Migrations that no file has."""

from service.platform.migrations.files import Migration, Script
from service.platform.migrations.migrate import Runner
from service.testing.backing.postgres import PATIENCE, execute

OUTSIDE = "-- migrate:no-transaction\n"


def migration(name: str, up: str, down: str = "select 1") -> Migration:
    """One with these scripts. Its checksum is the script itself."""
    in_transaction = not up.startswith(OUTSIDE)
    return Migration(name, Script(up, in_transaction), Script(down, in_transaction), up)


def runner(url: str, *migrations: Migration, patience: float = PATIENCE) -> Runner:
    """Runs these on a database."""
    return Runner(url, list(migrations), patience)


def exists(url: str, name: str) -> bool:
    """Whether a table or an index is there."""
    return execute(url, "select to_regclass(%s) is not null", name) == [(True,)]
