"""Where the data of the service are."""

import errno
import ssl
from pathlib import Path
from typing import Annotated

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict
from pydantic import AfterValidator, Field, SecretStr

from service.platform.env import MOST, Concern, SecretUrl, Whole, url_of


def _usable(url: SecretStr) -> SecretStr:
    """Asks the driver, whose own words repeat the URL."""
    try:
        given = conninfo_to_dict(url.get_secret_value())
    except ProgrammingError:
        raise ValueError("cannot be used: the driver does not read it") from None
    files = {name: str(given[name]) for name in ("sslrootcert", "sslcert", "sslkey") if given.get(name)}
    if files.get("sslrootcert") == "system":
        del files["sslrootcert"]
    try:
        for file in files.values():
            Path(file).read_bytes()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if "sslrootcert" in files:
            context.load_verify_locations(files["sslrootcert"])
        if "sslcert" in files:
            context.load_cert_chain(files["sslcert"], files.get("sslkey"), password=str(given.get("sslpassword", "")))
    except ssl.SSLError:
        raise ValueError("has a file in sslrootcert, sslcert or sslkey that is not PEM") from None
    except OSError as error:
        reason = errno.errorcode.get(error.errno or 0, "unknown")
        raise ValueError(f"has a file in sslrootcert, sslcert or sslkey that cannot be read ({reason})") from None
    return url


class Database(Concern):
    database_url: Annotated[SecretUrl, url_of("postgres", "postgresql"), AfterValidator(_usable)] = Field(
        description="PostgreSQL that holds the data of the service.",
        examples=["postgres://user:password@127.0.0.1:5432/database"],
    )
    database_pool_max: Whole = Field(
        default=10, ge=1, le=1000, description="Connections for requests that one process opens at most."
    )
    database_timeout_ms: Whole = Field(default=5000, ge=1, le=MOST, description="How long a query may take.")
    migrate_lock_timeout_ms: Whole = Field(
        default=60_000,
        ge=0,
        le=MOST,
        description="How long a migration waits for another to finish, and for locks on its tables.",
    )
