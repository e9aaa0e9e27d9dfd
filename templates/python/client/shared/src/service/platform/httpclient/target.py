"""Where a client sends its requests."""

import re
from base64 import b64encode
from collections.abc import Mapping
from urllib.parse import unquote

import httpx2

Query = Mapping[str, str | int | float | bool | None]

# RFC 3986: segments of a path.
_PATH = re.compile(r"(?:/(?:[\w.~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})*)+", re.ASCII)


class Target:
    """A base URL. Its credentials go into a header."""

    def __init__(self, base_url: str) -> None:
        whole = httpx2.URL(base_url)
        path = whole.raw_path.decode().partition("?")[0].removesuffix("/")
        self.headers: dict[str, str] = {}
        if whole.userinfo:
            credentials = b64encode(f"{whole.username}:{whole.password}".encode()).decode()
            self.headers["Authorization"] = f"Basic {credentials}"
        self._path = path
        self._origin = f"{whole.scheme}://{whole.netloc.decode()}"

    def url(self, path: str, query: Query) -> httpx2.URL:
        """The whole URL of a path below the base.

        :raises ValueError: for a path that is not encoded: a parameter such as ".." would lead elsewhere
        """
        if not _PATH.fullmatch(path) or {".", ".."} & {unquote(segment) for segment in path.split("/")}:
            raise ValueError("the path of an outgoing request has to be encoded, without a query")
        url = httpx2.URL(self._origin + self._path + path)
        given = {name: value for name, value in query.items() if value is not None}
        return url.copy_merge_params(given) if given else url
