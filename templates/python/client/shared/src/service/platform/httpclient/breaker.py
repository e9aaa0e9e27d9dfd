"""Spares a service that fails: after some failures in a row nobody calls it for a while, and then one call tries."""

# The libraries let every call through once it is time to try, so that a service which comes back is overrun.

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import IntEnum


class Circuit(IntEnum):
    """States, as the metric has them."""

    CLOSED = 0
    OPEN = 1
    HALF_OPEN = 2


class CircuitOpen(Exception):
    """Nobody is called for now."""


class Breaker:
    """A circuit breaker.

    :param failure_threshold: failures in a row that open it
    :param expected_exception: what counts as a failure; whatever else is raised shows that the service is there
    :param open_for: seconds until one call tries
    :param changed: hears of each new state
    """

    def __init__(
        self,
        failure_threshold: int,
        expected_exception: type[Exception],
        open_for: float,
        changed: Callable[[Circuit], None],
    ) -> None:
        self._failure_threshold, self._expected_exception = failure_threshold, expected_exception
        self._open_for, self._changed = open_for, changed
        self._failures, self._opened_at = 0, 0.0
        self._state = Circuit.CLOSED

    @contextmanager
    def call(self) -> Iterator[None]:
        """Stands around a call.

        :raises CircuitOpen: where it may not be made
        """
        self._admit()
        begun_in = self._state
        try:
            yield
        except self._expected_exception:
            self._failed()
            raise
        except Exception:
            self._worked(begun_in)
            raise
        except BaseException:
            # A trial that its caller gave up has shown nothing, and must not close the circuit.
            if begun_in is Circuit.HALF_OPEN:
                self._open()
            raise
        self._worked(begun_in)

    def _admit(self) -> None:
        if self._state is Circuit.OPEN and time.monotonic() - self._opened_at >= self._open_for:
            self._become(Circuit.HALF_OPEN)
        elif self._state is not Circuit.CLOSED:
            raise CircuitOpen

    def _worked(self, begun_in: Circuit) -> None:
        """Does not close what others have opened meanwhile."""
        self._failures = 0
        if begun_in is Circuit.HALF_OPEN:
            self._become(Circuit.CLOSED)

    def _failed(self) -> None:
        self._failures += 1
        if self._state is Circuit.HALF_OPEN or (
            self._state is Circuit.CLOSED and self._failures >= self._failure_threshold
        ):
            self._open()

    def _open(self) -> None:
        self._failures, self._opened_at = 0, time.monotonic()
        self._become(Circuit.OPEN)

    def _become(self, state: Circuit) -> None:
        self._state = state
        self._changed(state)
