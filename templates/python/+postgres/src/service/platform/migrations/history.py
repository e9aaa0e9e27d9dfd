"""The table schema_migrations, which all languages share."""

# ruff: noqa: S608 - PostgreSQL has quoted the name of the table

from dataclasses import dataclass

from psycopg import Connection
from psycopg.rows import class_row

from service.platform.migrations.failures import bad_url
from service.platform.migrations.files import Migration

# The schemas of the search_path, of which the first is where new tables come into.
PLACES = """
select n.nspname as schema,
       format('%I.schema_migrations', n.nspname) as table,
       case when c.oid is not null then c.relkind in ('r', 'p') and 4 = (
         select count(*) from pg_attribute a
         where a.attrelid = c.oid and not a.attisdropped
           and (a.attname, format_type(a.atttypid, null)) in (
             ('name', 'text'), ('checksum', 'text'), ('finished', 'boolean'),
             ('applied_at', 'timestamp with time zone'))) end as is_history,
       has_table_privilege(c.oid, 'select') as is_readable
from unnest(current_schemas(false)) with ordinality as path(name, place)
join pg_namespace n on n.nspname = path.name
left join pg_class c on c.relnamespace = n.oid and c.relname = 'schema_migrations'
order by path.place"""


@dataclass(frozen=True)
class Entry:
    """A migration that was applied, or begun outside a transaction and not finished."""

    name: str
    checksum: str
    finished: bool


@dataclass(frozen=True)
class Place:
    """A schema. `is_history` is None where nothing in it has the name of the history."""

    schema: str
    table: str
    is_history: bool | None
    is_readable: bool | None


class History:
    """The history, as one session sees it. The name of its table means the same whatever a script does to the search_path."""

    def __init__(self, session: Connection, place: Place) -> None:
        self._session = session
        self._table = place.table
        self._is_there = bool(place.is_history)

    def create(self) -> None:
        """Makes the table on the first run; later ones need no right to do so."""
        if not self._is_there:
            self._session.execute(
                f"create table if not exists {self._table} (name text primary key, checksum text not null,"
                " finished boolean not null, applied_at timestamptz not null default now())"
            )

    def read(self) -> list[Entry]:
        """Everything that was applied, the oldest first."""
        if not self._is_there:
            return []
        with self._session.cursor(row_factory=class_row(Entry)) as cursor:
            return cursor.execute(
                f"select name, checksum, finished from {self._table} order by applied_at, name"
            ).fetchall()

    def remember(self, migration: Migration, *, finished: bool) -> None:
        """Records that it was applied, or that it has begun."""
        self._session.execute(
            f"insert into {self._table} (name, checksum, finished) values (%s, %s, %s)"
            " on conflict (name) do update set checksum = excluded.checksum, finished = excluded.finished",
            [migration.name, migration.checksum, finished],
        )

    def forget(self, migration: Migration) -> None:
        """Records that it was reverted."""
        self._session.execute(f"delete from {self._table} where name = %s", [migration.name])


def find_history(session: Connection, migrations: list[Migration]) -> History:
    """Finds it in the schema that new tables come into.

    :raises Failure: where there is no such schema, the table is somebody else's, or the history is in another schema of
        the search_path
    """
    with session.cursor(row_factory=class_row(Place)) as cursor:
        places = cursor.execute(PLACES).fetchall()
    if not places:
        path = session.execute("select current_setting('search_path')").fetchone() or ("",)
        raise bad_url(
            f"no schema of the search_path is there, or the role may use none of them: {path[0]}. "
            "Create the schema, or set another search_path in DATABASE_URL"
        )
    first, *others = places
    if first.is_history is False:
        raise bad_url(
            f"{first.table} is of another program. Set the search_path in DATABASE_URL to a schema of this service, as in "
            "?options=-c%20search_path%3Dorders"
        )
    for other in others:
        if first.is_history is None and other.is_history and other.is_readable and _is_ours(session, other, migrations):
            # The schema came later, such as one with the name of the role: all would be applied again.
            raise bad_url(
                f"{other.table} has the history, but new tables would come into {first.schema}. Set the search_path in "
                "DATABASE_URL to the one schema that is meant"
            )
    return History(session, first)


def _is_ours(session: Connection, place: Place, migrations: list[Migration]) -> bool:
    found = session.execute(
        f"select from {place.table} where (name, checksum) in (select * from unnest(%s::text[], %s::text[])) limit 1",
        [[one.name for one in migrations], [one.checksum for one in migrations]],
    )
    return found.rowcount > 0
