"""The scripts in the folder of migrations."""

import hashlib
import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from service.platform.process import Exit, Failure

FOLDER = Path(__file__).parents[4] / "migrations"
"""That of the service: beside `src`, in the repository and in the image."""
UP_FILE = re.compile(r"(\d{4,}_[a-z0-9_]+)\.up\.sql", re.ASCII)
OUTSIDE = re.compile(r"--[ \t]*migrate:no-transaction[ \t]*(\n|\Z)")


@dataclass(frozen=True)
class Script:
    """One way of a migration."""

    sql: str
    in_transaction: bool = True
    """PostgreSQL refuses some statements there."""
    fault: str | None = None
    """Why it cannot be run. A migration that was applied already may have one."""


@dataclass(frozen=True)
class Migration:
    """A pair of files."""

    name: str
    """`0001_products`: number and name, the key in the history."""
    up: Script
    down: Script
    checksum: str
    """SHA-256 of the up script: it tells that the file was edited after it was applied."""


def read_migrations(folder: Path) -> list[Migration]:
    """Reads the migrations of a folder, in the order of their numbers.

    :raises Failure: for a file that is misnamed, a number that is taken twice and a missing way back
    """
    files = sorted(path.name for path in folder.iterdir() if path.suffix.lower() == ".sql") if folder.is_dir() else []
    names = sorted((match[1] for match in map(UP_FILE.fullmatch, files) if match), key=_number)
    expected = [f"{name}.{way}.sql" for name in names for way in ("up", "down")]
    faults = [f"{file} belongs to no migration" for file in files if file not in expected]
    faults += [f"{file} is missing" for file in expected if file not in files]
    faults += [
        f"{name} has the number of another migration"
        for before, name in pairwise(names)
        if _number(before) == _number(name)
    ]
    if faults:
        raise Failure(Exit.FAILED, f"bad migrations: {'; '.join(faults)}")
    return [_read(folder, name) for name in names]


def _number(name: str) -> int:
    return int(name.partition("_")[0])


def _read(folder: Path, name: str) -> Migration:
    up, down = (_read_script(folder / f"{name}.{way}.sql") for way in ("up", "down"))
    return Migration(name, up, down, hashlib.sha256(up.sql.encode()).hexdigest())


def _read_script(path: Path) -> Script:
    # Git may check out CRLF, and an editor may put a byte order mark in front: the same migration has to have the same
    # checksum on every machine.
    content = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    sql = content.decode(errors="replace").replace("\r\n", "\n")
    return Script(sql, OUTSIDE.match(sql) is None, _fault(content, sql))


def _fault(content: bytes, sql: str) -> str | None:
    try:
        content.decode()
    except UnicodeDecodeError:
        return "the file is not UTF-8"
    if re.sub("--.*", "", sql).strip() == "":
        return "the file has no statement yet (select 1; does nothing)"
    return None
