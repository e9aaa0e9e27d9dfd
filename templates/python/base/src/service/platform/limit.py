"""Bounds how many requests one client address may make in a minute."""

import logging
import math
import time

from starlette.types import Scope

from service.platform.operations import ALL
from service.platform.problem import Problem

_log = logging.getLogger(__name__)

_WINDOW_S = 60


class Limiter:
    """Counts requests by the address of the client.

    :param most: how many are answered; 0 sets no limit
    :param proxies: how many proxies in front are trusted to say the address
    """

    def __init__(self, most: int, proxies: int) -> None:
        self._most, self._proxies = most, proxies
        self._since = float("-inf")
        self._seen: dict[str, int] = {}
        self._has_warned = False

    def admit(self, scope: Scope) -> list[tuple[bytes, bytes]]:
        """Headers that say how many requests are left.

        :raises Problem: 429 for one too many
        """
        if self._most == 0 or scope["path"] in ALL:  # Probes have to be answered under load, of all times.
            return []
        count, left = self._count(self.client_of(scope))
        if count > self._most:
            raise Problem(429, f"Rate limit exceeded, retry in {left} seconds", self._headers(count, left, retry=True))
        return [(name.lower().encode(), value.encode()) for name, value in self._headers(count, left).items()]

    def _headers(self, count: int, left: int, retry: bool = False) -> dict[str, str]:
        return {
            "X-RateLimit-Limit": str(self._most),
            "X-RateLimit-Remaining": str(max(0, self._most - count)),
            "X-RateLimit-Reset": str(left),
            **({"Retry-After": str(left)} if retry else {}),
        }

    def _count(self, client: str) -> tuple[int, int]:
        """How many requests a client made in this minute, and how many seconds of it are left."""
        now = time.monotonic()
        if now - self._since >= _WINDOW_S:
            # All windows begin together: what is kept is bounded by the requests of a minute.
            self._since, self._seen = now, {}
        self._seen[client] = self._seen.get(client, 0) + 1
        return self._seen[client], math.ceil(_WINDOW_S - (now - self._since))

    def client_of(self, scope: Scope) -> str:
        """The address that the farthest of the trusted proxies saw."""
        client = scope["client"][0] if scope.get("client") else ""
        forwarded = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for"]
        if not self._proxies:
            if forwarded and not self._has_warned:
                self._has_warned = True
                _log.warning(
                    "X-Forwarded-For came, but TRUSTED_PROXIES is 0: all clients of a proxy share one rate limit",
                    extra={"event.name": "proxy.untrusted"},
                )
            return client
        hops = ",".join(forwarded).split(",")
        return hops[max(0, len(hops) - self._proxies)].strip() or client
