import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from service.platform.migrations.files import Migration
from service.platform.process import Failure
from service.testing.backing.postgres import PATIENCE, empty_database, execute
from service.testing.migrations import exists, migration, runner


@pytest.fixture
def url() -> Iterator[str]:
    with empty_database() as url:
        yield url


def appears(url: str, sql: str) -> None:
    until = time.monotonic() + PATIENCE
    while not execute(url, sql.encode()):
        assert time.monotonic() < until, sql


A = migration("0001_a", "create table a (n int)", "drop table a")
B = migration("0002_b", "create table b (n int)", "drop table b")
BROKEN = migration("0003_c", "create table c (n int); select 1 / 0", "drop table c")


def test_up_and_down_step_by_step(url: str) -> None:
    assert runner(url, A).status() == {"applied": [], "pending": ["0001_a"]}
    assert runner(url, A).up() == ["0001_a"]
    assert runner(url, A).up() == []
    assert runner(url, A, B).up() == ["0002_b"]
    assert runner(url, A, B).status() == {"applied": ["0001_a", "0002_b"], "pending": []}
    assert runner(url, A, B).down(1) == ["0002_b"]
    assert runner(url, A, B).down(5) == ["0001_a"]
    assert not exists(url, "a")


def test_one_that_fails_leaves_the_schema_and_the_history_as_they_were(url: str) -> None:
    with pytest.raises(Failure, match=r"^0003_c failed: division by zero$"):
        runner(url, A, BROKEN).up()
    assert not exists(url, "c")
    assert runner(url, A, BROKEN).status() == {"applied": ["0001_a"], "pending": ["0003_c"]}


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("insert into s values ('S3cret'); select nope", r'column "nope" does not exist \(line 3\)$'),
        ("insert into s values ('S3cret', 1 / 0)", "division by zero$"),
        ("insert into s values ('S3cret', 0)", 'violates check constraint "s_n_check"$'),
        ("create table t (n int unique deferrable initially deferred); insert into t values (1), (1)", "duplicate key"),
        ("drop table a", "other objects depend on it .*view v depends on table a"),
        *(
            (f"{word}; select 1", "do not belong in the file")
            for word in ("begin", "commit", "rollback", "savepoint a", "end")
        ),
    ],
)
def test_a_failure_says_why_and_no_value_of_the_script(url: str, statement: str, message: str) -> None:
    script = "create table s (word text not null, n int check (n > 0));\n-- ö𝒳\n"
    before = migration("0002_v", "create view v as select * from a")
    with pytest.raises(Failure, match=f"(?s)^0003_s failed: .*{message}") as failed:
        runner(url, A, before, migration("0003_s", script + statement)).up()
    assert failed.value.fields["reverted"] is True
    assert "S3cret" not in f"{failed.value} {failed.value.fields}"
    assert not exists(url, "s")


def test_the_words_of_a_transaction_in_a_text_or_a_body_are_none_of_its_own(url: str) -> None:
    script = r"""
    create function two() returns int language plpgsql as $$ begin return 2; end $$;
    create function one() returns int language sql begin atomic; select 1; end;
    -- commit;
    create table words as select ';commit;' as text, E'\\\'%s' as other"""
    assert runner(url, migration("0001_words", script)).up() == ["0001_words"]
    assert execute(url, "select text, other, one(), two() from words") == [(";commit;", r"\'%s", 1, 2)]


def test_what_a_script_sets_is_gone_for_the_next(url: str) -> None:
    path = migration("0001_path", "create schema if not exists other_path; set search_path = other_path")
    dump = migration("0002_dump", "select pg_catalog.set_config('search_path', '', false)")
    try:
        assert runner(url, path, dump, migration("0003_a", "create table a (n int)")).up() == [
            "0001_path",
            "0002_dump",
            "0003_a",
        ]
        assert exists(url, "a")
    finally:
        execute(url, "drop schema other_path cascade")


def test_an_applied_one_that_was_edited_is_refused(url: str) -> None:
    runner(url, A).up()
    edited = Migration("0001_a", A.up, A.down, "another")
    for run in (runner(url, edited).up, runner(url, edited).status):
        with pytest.raises(Failure, match=r"^edited after it was applied: 0001_a$"):
            run()


def test_an_older_version_goes_on_with_the_history_of_a_newer_one(url: str) -> None:
    runner(url, A, B).up()
    assert runner(url, A).up() == []
    with pytest.raises(Failure, match=r"^cannot revert 0002_b: this version has no such migration$"):
        runner(url, A).down(1)


def test_six_at_once_apply_each_once(url: str) -> None:
    with ThreadPoolExecutor(6) as threads:
        applied = threads.map(lambda _: runner(url, A, B).up(), range(6))
    assert sorted(name for names in applied for name in names) == ["0001_a", "0002_b"]


def test_a_lock_that_nobody_frees_is_not_waited_for_for_ever(url: str) -> None:
    slow = migration("0001_slow", "select pg_sleep(1.5)")
    with ThreadPoolExecutor(1) as thread:
        first = thread.submit(runner(url, slow).up)
        appears(url, "select 1 from pg_stat_activity where wait_event = 'PgSleep'")
        with pytest.raises(Failure, match=r"^another migration did not finish within 300 ms$"):
            runner(url, slow, patience=0.3).up()
        assert first.result() == ["0001_slow"]


def test_a_table_is_waited_for_without_those_who_come_after(url: str) -> None:
    runner(url, A).up()
    alter = migration("0002_alter", "alter table a add column m int")
    with ThreadPoolExecutor(1) as thread, psycopg.connect(url) as reader:
        reader.execute("select from a")
        migrating = thread.submit(runner(url, A, alter).up)
        appears(url, "select 1 from pg_locks where relation = 'a'::regclass and not granted")
        execute(url, "set statement_timeout = 5000; select from a")
        reader.rollback()
        assert migrating.result() == ["0002_alter"]


def test_a_table_that_nobody_lets_go_of_is_told_and_nothing_stays(url: str) -> None:
    runner(url, A).up()
    with psycopg.connect(url) as reader:
        reader.execute("select from a")
        with pytest.raises(Failure, match=r"^0002_drop failed: .*lock timeout \(others use its table"):
            runner(url, A, migration("0002_drop", "drop table a"), patience=0).up()
    assert exists(url, "a")


def test_a_database_that_cannot_be_used_as_asked(url: str) -> None:
    for options, message in [
        ("%20-c%20unheard_of%3D1", 'the database refuses DATABASE_URL: .*"unheard_of"'),
        ("%20-c%20search_path%3Dmissing", r"no schema of the search_path .*: missing\."),
    ]:
        with pytest.raises(Failure, match=message):
            runner(url + options, A).up()
    execute(url, "create table schema_migrations (version text)")
    with pytest.raises(Failure, match=r"is of another program"):
        runner(url, A).status()


def test_a_history_in_another_schema_is_not_begun_again(url: str) -> None:
    runner(url, A).up()
    schema = f"{execute(url, 'select current_schema()')[0][0]}_b"
    execute(url, f"create schema {schema}".encode())
    try:
        with pytest.raises(Failure, match=r"has the history, but new tables would come into"):
            runner(url.replace("search_path%3D", f"search_path%3D{schema}%2C"), A).up()
    finally:
        execute(url, f"drop schema {schema} cascade".encode())
