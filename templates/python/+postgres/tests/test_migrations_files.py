import hashlib
from pathlib import Path

import pytest

from service.platform.migrations.files import Script, read_migrations
from service.platform.process import Failure
from service.testing.migrations import OUTSIDE


def write(folder: Path, **files: bytes) -> Path:
    for name, content in files.items():
        (folder / f"{name.removeprefix('n').replace('__', '.')}.sql").write_bytes(content)
    return folder


def test_a_folder_is_read_in_the_order_of_its_numbers(tmp_path: Path) -> None:
    write(
        tmp_path,
        n00010_c__up=b"select 3",
        n00010_c__down=b"select 4",
        n0002_b__up=OUTSIDE.encode(),
        n0002_b__down=b"\xff",
    )
    second, tenth = read_migrations(tmp_path)
    assert (second.name, tenth.name) == ("0002_b", "00010_c")
    assert (tenth.up, tenth.down) == (Script("select 3"), Script("select 4"))
    assert second.up == Script(
        OUTSIDE, in_transaction=False, fault="the file has no statement yet (select 1; does nothing)"
    )
    assert second.down.fault == "the file is not UTF-8"
    (tmp_path / "00010_c.up.sql").write_bytes(b"\xef\xbb\xbfselect 3\r\n")
    assert read_migrations(tmp_path)[1].checksum == hashlib.sha256(b"select 3\n").hexdigest()
    assert read_migrations(tmp_path / "missing") == []


def test_a_folder_that_is_not_in_order_is_refused(tmp_path: Path) -> None:
    write(tmp_path, n0001_a__up=b"", n0001_b__up=b"", n0001_b__down=b"", x=b"")
    with pytest.raises(Failure) as refused:
        read_migrations(tmp_path)
    assert str(refused.value) == (
        "bad migrations: x.sql belongs to no migration; 0001_a.down.sql is missing; 0001_b has the number of another migration"
    )
