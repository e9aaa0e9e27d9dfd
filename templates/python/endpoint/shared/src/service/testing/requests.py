"""What tests of endpoints share."""

from collections.abc import Mapping
from typing import Any

from httpx2 import Response
from pydantic import TypeAdapter


def without(members: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """The members, but for these."""
    return {name: value for name, value in members.items() if name not in names}


def is_promised(answer: object, of: Any) -> bool:
    """Whether an answer is of a type, as its client sees it."""
    TypeAdapter[Any](of).validate_python(answer, by_alias=True, by_name=False)
    return True


def is_refused(answer: Response, status: int) -> None:
    """Wants problem details (RFC 9457) of a status."""
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
