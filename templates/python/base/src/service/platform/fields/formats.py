"""Texts of a form that has a name."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic.json_schema import JsonSchemaValue

from service.platform.fields.values import Check, wrong


@dataclass(frozen=True)
class Format(Check):
    """A text of a form that has a name."""

    name: str
    pattern: str
    takes: Callable[[str], object]

    def read(self, value: object) -> Any:
        if not isinstance(value, str) or not self.takes(value):
            raise wrong(f"must be of the format {self.name}")
        return value

    def describe(self) -> JsonSchemaValue:
        return {"type": "string", "format": self.name, **({"pattern": self.pattern} if self.pattern else {})}


def by_pattern(name: str, pattern: str) -> Format:
    """A format that its pattern says wholly."""
    return Format(name, f"^(?:{pattern})$", re.compile(pattern, re.ASCII).fullmatch)


DAY = (
    r"(?:(?:\d\d[2468][048]|\d\d[13579][26]|\d\d0[48]|[02468][048]00|[13579][26]00)-02-29|"
    r"\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|"
    r"02-(?:0[1-9]|1\d|2[0-8])))"
)
TIME = r"(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)"
UUID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
MAILBOX = r"[A-Za-z0-9_'+-]+(\.[A-Za-z0-9_'+-]+)*@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
# Narrower than what is taken, and plain enough for those who make values of it.
WEB_ADDRESS = r"https?://([A-Za-z0-9-]+\.)*[A-Za-z][A-Za-z0-9-]*(:\d{1,4})?([/?#][!-~]*)?"
ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[!-~]*")


def is_email(text: str) -> bool:
    """Whether it is the address of a mailbox, and as long as RFC 5321 lets it be."""
    return len(text) <= 254 and text.find("@") <= 64 and re.fullmatch(MAILBOX, text) is not None


def is_uri(text: str) -> bool:
    """Whether it is an absolute URI. One of the web has a host."""
    if not ABSOLUTE.fullmatch(text):
        return False
    try:
        parts = urlsplit(text)
        has_host = bool(parts.hostname) and (parts.port is None or parts.port >= 0)
    except ValueError:
        return False
    return has_host or parts.scheme not in {"http", "https", "ws", "wss", "ftp"}


def is_url(text: str) -> bool:
    """Whether a browser opens it: other schemes run code or read files."""
    return re.match(r"https?:", text, re.IGNORECASE) is not None and is_uri(text)


Date = Annotated[str, by_pattern("date", DAY)]
Moment = Annotated[str, by_pattern("date-time", f"{DAY}T{TIME}")]
Uuid = Annotated[str, by_pattern("uuid", UUID)]
Email = Annotated[str, Format("email", f"^{MAILBOX}$", is_email)]
Uri = Annotated[str, Format("uri", "", is_uri)]
Url = Annotated[str, Format("url", f"^{WEB_ADDRESS}$", is_url)]
