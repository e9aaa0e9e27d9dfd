"""Why nothing more is migrated."""

from service.platform.process import Exit, Failure


def bad_url(reason: str) -> Failure:
    """The server cannot do what DATABASE_URL asks for."""
    return Failure(Exit.CONFIG, reason, "config.invalid", errors=[{"name": "DATABASE_URL", "reason": reason}])


def failed(migration: str, reason: str, left: str = "", code: str | None = None) -> Failure:
    """One migration failed.

    :param left: what stays of it, and what to do about that; without it nothing stays
    :param code: what the server calls the error
    """
    message = f"{migration} failed: {reason}" + (f". {left}" if left else "")
    err = {"err": {"type": "DatabaseError", "code": code}} if code else {}
    return Failure(Exit.FAILED, message, "migrate.failed", migration=migration, reverted=not left, **err)
