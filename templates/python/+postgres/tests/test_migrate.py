from pathlib import Path

import pytest

from service.platform.verbs import migrate
from service.testing import run_verb
from service.testing.backing.postgres import empty_database


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a migration: those of the service are its owner's."""
    (tmp_path / "0001_a.up.sql").write_text("create table a ()")
    (tmp_path / "0001_a.down.sql").write_text("drop table a")
    monkeypatch.setattr(migrate, "FOLDER", tmp_path)
    return tmp_path


@pytest.mark.usefixtures("folder")
def test_the_verb() -> None:
    with empty_database() as url:
        steps: list[tuple[list[str], int, dict[str, object]]] = [
            (["--status"], 3, {"applied": [], "pending": ["0001_a"]}),
            ([], 0, {"event.name": "migrate.applied", "migrations": ["0001_a"]}),
            ([], 0, {"event.name": "migrate.applied", "migrations": []}),
            (["--status"], 0, {"applied": ["0001_a"], "pending": []}),
            (["--down", "0"], 0, {"event.name": "migrate.reverted", "migrations": []}),
            (["--down"], 0, {"event.name": "migrate.reverted", "migrations": ["0001_a"]}),
            (["--up"], 64, {"event.name": "usage", "msg": "usage: migrate [--status | --down [N]]"}),
            (["--down", "x"], 64, {"event.name": "usage"}),
            (["--status", "1"], 64, {"event.name": "usage"}),
        ]
        for args, code, said in steps:
            got, lines = run_verb("migrate", *args, DATABASE_URL=url)
            assert (got, lines[-1]) == (code, lines[-1] | said), args


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("url", "code", "said"),
    [
        ("postgres://nobody:s3cret@127.0.0.1:1/none", 69, {"event.name": "database.unavailable"}),
        ("postgres://127.0.0.1/none?nonsense=1", 78, {"event.name": "config.invalid"}),
    ],
)
def test_a_database_that_cannot_be_used(url: str, code: int, said: dict[str, str]) -> None:
    got, lines = run_verb("migrate", DATABASE_URL=url)
    assert (got, lines[-1]) == (code, lines[-1] | said)
    assert "s3cret" not in str(lines)


def test_a_failure_says_what_the_server_calls_it(folder: Path) -> None:
    (folder / "0001_a.up.sql").write_text("select 'S3cret'; select nothing")
    with empty_database() as url:
        code, lines = run_verb("migrate", DATABASE_URL=url)
    assert (code, lines[-1]["event.name"], lines[-1]["reverted"]) == (1, "migrate.failed", True)
    assert lines[-1]["err"] == {"type": "DatabaseError", "code": "42703"}
    assert "S3cret" not in str(lines)
