"""Knows whether this process should get traffic."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

_log = logging.getLogger(__name__)

# Together below the 2 s within which an outage has to show.
_TIMEOUT = 1.0
_KEPT = 0.5

Check = Callable[[], Awaitable[object]]


class Readiness:
    """Asks the backing services that the service cannot work without. All who ask within half a second share an answer."""

    def __init__(self) -> None:
        self.is_draining = False
        self._checks: dict[str, Check] = {}
        self._states: dict[str, str] = {}
        self._asked: asyncio.Task[None] | None = None
        self._until = float("-inf")

    def require(self, name: str, check: Check) -> None:
        """Adds a backing service without which no request can be answered: the check raises when it is away."""
        self._checks[name] = check

    async def report(self) -> dict[str, object]:
        """Asks, or repeats what was answered just now."""
        if not self.is_draining and time.monotonic() > self._until:
            if self._asked is None:
                self._asked = asyncio.create_task(self._ask())
            await asyncio.shield(self._asked)
        if self.is_draining:
            return {"status": "not ready", "checks": {}}
        is_ready = all(state == "up" for state in self._states.values())
        return {"status": "ready" if is_ready else "not ready", "checks": dict(self._states)}

    async def _ask(self) -> None:
        try:
            answers = [self._state_of(name, check) for name, check in self._checks.items()]
            self._states = dict(await asyncio.gather(*answers))
            self._until = time.monotonic() + _KEPT  # Monotonic: a clock that is set back changes nothing.
        finally:
            self._asked = None

    async def _state_of(self, name: str, check: Check) -> tuple[str, str]:
        """A check may not end when it is cancelled, where its server is silent: it is left to itself."""
        task = asyncio.ensure_future(check())
        await asyncio.wait([task], timeout=_TIMEOUT)
        error: BaseException | None = None
        if not task.done():
            task.cancel()
            task.add_done_callback(lambda late: late.cancelled() or late.exception())
            error = TimeoutError(f"no answer within {_TIMEOUT:g} s")
        elif task.cancelled():
            error = TimeoutError("the check was cancelled")
        else:
            error = task.exception()
        was_down = self._states.get(name) == "down"
        if error is None and was_down:
            _log.info("%s is back", name, extra={"event.name": "backing.up"})
        elif error is not None and not was_down:
            _log.warning(
                "%s is down", name, extra={"event.name": "backing.down", "err": f"{type(error).__name__}: {error}"}
            )
        return name, "up" if error is None else "down"
