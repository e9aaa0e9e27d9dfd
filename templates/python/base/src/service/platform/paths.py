"""Paths of requests: a slash that is percent-encoded is a part of a parameter, and separates nothing."""

import re
from urllib.parse import unquote_to_bytes

from service.platform.problem import Problem

# What a client sends to a proxy has it in front.
_ORIGIN = re.compile(rb"\Ahttps?://[^/]*", re.IGNORECASE)
_BROKEN = re.compile(rb"%(?![0-9a-fA-F]{2})")


def path_of(raw: bytes) -> str:
    """The decoded path, for routing: of its percent-encoded slashes `%2F` is left, and of percent signs `%25`.

    :raises Problem: 400 where it is not percent-encoded UTF-8
    """
    raw = _ORIGIN.sub(b"", raw) or b"/"
    try:
        parts = [unquote_to_bytes(part).decode() for part in raw.split(b"/")]
    except UnicodeDecodeError:
        raise Problem(400, "The URL is malformed.") from None
    if _BROKEN.search(raw):
        raise Problem(400, "The URL is malformed.")
    return "/".join(part.replace("%", "%25").replace("/", "%2F") for part in parts)


def parameter_of(part: str) -> str:
    """The text of a parameter in a path for routing."""
    return part.replace("%2F", "/").replace("%25", "%")
