from collections.abc import Iterator

import pytest
from psycopg import errors

from service.platform.migrations.files import Migration, Script
from service.platform.process import Failure
from service.testing.backing.postgres import empty_database, execute
from service.testing.migrations import OUTSIDE, exists, migration, runner

A = migration("0001_a", "create table a (n int)", "drop table a")
INDEX = migration(
    "0002_a_n", OUTSIDE + "create index concurrently a_n on a (n)", OUTSIDE + "drop index concurrently a_n"
)
UNIQUE = migration("0002_unique", OUTSIDE + 'create unique index concurrently if not exists "A n" on a (n)')
BEGUN = "insert into schema_migrations (name, checksum, finished) values (%s, %s, false)"


@pytest.fixture
def table() -> Iterator[str]:
    with empty_database() as url:
        runner(url, A).up()
        yield url


def is_valid(url: str, name: str) -> bool:
    return execute(url, "select indisvalid from pg_index where indexrelid = to_regclass(%s)", name) == [(True,)]


def make_invalid(url: str, name: str) -> None:
    execute(url, "insert into a values (1), (1)")
    with pytest.raises(errors.UniqueViolation):
        execute(url, f"create unique index concurrently {name} on a (n)".encode())
    execute(url, "delete from a")


def test_an_index_is_made_and_dropped(table: str) -> None:
    assert runner(table, A, INDEX).up() == ["0002_a_n"]
    assert is_valid(table, "a_n")
    assert runner(table, A, INDEX).down(1) == ["0002_a_n"]
    assert not exists(table, "a_n")


def test_an_index_that_a_person_made_stays(table: str) -> None:
    execute(table, "create index a_n on a (n)")
    for _ in range(2):
        with pytest.raises(Failure, match=r'^0002_a_n failed: relation "a_n" already exists$'):
            runner(table, A, INDEX).up()
        assert is_valid(table, "a_n")
        assert runner(table, A, INDEX).status()["pending"] == ["0002_a_n"]


def test_what_a_failing_one_leaves_of_its_index_is_dropped(table: str) -> None:
    execute(table, "insert into a values (1), (1)")
    with pytest.raises(Failure, match=r'^0002_unique failed: could not create unique index "A n"$'):
        runner(table, A, UNIQUE).up()
    assert not exists(table, '"A n"')
    execute(table, "delete from a")
    assert runner(table, A, UNIQUE).up() == ["0002_unique"]


def test_an_index_of_somebody_else_that_is_not_valid_is_not_taken_for_it(table: str) -> None:
    make_invalid(table, '"A n"')
    with pytest.raises(Failure, match=r'"A n" was there already, and is not valid: drop it$'):
        runner(table, A, UNIQUE).up()
    assert exists(table, '"A n"')


def test_what_a_killed_run_left_half_made_is_made_again(table: str) -> None:
    make_invalid(table, "a_n")
    execute(table, BEGUN, INDEX.name, INDEX.checksum)
    assert runner(table, A, INDEX).up() == ["0002_a_n"]
    assert is_valid(table, "a_n")


def test_what_a_killed_run_had_just_finished_is_kept(table: str) -> None:
    execute(table, "create index a_n on a (n)")
    made = execute(table, "select to_regclass('a_n')::oid")
    execute(table, BEGUN, INDEX.name, INDEX.checksum)
    assert runner(table, A, INDEX).up() == ["0002_a_n"]
    assert execute(table, "select to_regclass('a_n')::oid") == made


def test_one_that_was_begun_and_never_finished_may_be_edited(table: str) -> None:
    execute(table, BEGUN, INDEX.name, "another")
    assert runner(table, A, INDEX).up() == ["0002_a_n"]
    assert runner(table, A, INDEX).up() == []


def test_what_stays_of_another_statement_is_told(table: str) -> None:
    with pytest.raises(Failure, match=r'^0002_v failed: relation "missing" does not exist\. What it did') as failed:
        runner(table, A, migration("0002_v", OUTSIDE + "vacuum missing")).up()
    assert failed.value.fields["reverted"] is False


def test_outside_a_transaction_there_is_one_statement(table: str) -> None:
    with pytest.raises(Failure, match=r"^0002_two failed: a file without a transaction has one statement$") as failed:
        runner(table, A, migration("0002_two", OUTSIDE + "vacuum; vacuum a")).up()
    assert failed.value.fields["reverted"] is True
    assert execute(table, "select 1 from schema_migrations where not finished") == []


def test_a_way_back_that_fails_can_be_taken_again(table: str) -> None:
    runner(table, A, INDEX).up()
    wrong = Migration(INDEX.name, INDEX.up, Script("drop index concurrently b_n", in_transaction=False), INDEX.checksum)
    with pytest.raises(Failure, match=r"neither applied nor reverted"):
        runner(table, A, wrong).down(1)
    assert runner(table, A, INDEX).status()["pending"] == ["0002_a_n"]
    assert runner(table, A, INDEX).down(1) == ["0002_a_n"]
