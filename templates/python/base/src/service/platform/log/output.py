"""Keeps the service from waiting for whoever reads its log: one thread writes, all others leave their lines."""

import os
import select
import threading
import time
from collections.abc import Callable

# A megabyte of lines waits for a reader that stalls. What comes then is dropped and counted.
_MOST_WAITING = 1 << 20
# So long it waits between two writes: under load many lines share one.
_BREATH = 0.002


def to_stdout(lines: bytes) -> None:
    """Writes all of it, without a buffer of Python's."""
    while lines:
        try:
            lines = lines[os.write(1, lines) :]
        except BlockingIOError:  # Whoever started the process may have made it so.
            select.select([], [1], [])


class Output:
    """A queue of whole lines in front of standard output."""

    def __init__(self, write: Callable[[bytes], None] = to_stdout) -> None:
        self._write = write
        self._waiting = bytearray()
        self._is_writing = False
        self._wake = threading.Condition()
        self.dropped = 0
        self.tell: Callable[[int], None] = lambda _: None
        """Hears how many lines were dropped, as soon as lines are taken again."""
        threading.Thread(target=self._run, name="log", daemon=True).start()

    def put(self, line: bytes) -> None:
        """Takes a whole line. It never waits and never fails."""
        with self._wake:
            if len(self._waiting) > _MOST_WAITING:
                self.dropped += 1
                return
            self._waiting += line
            self._wake.notify()

    def flush(self, at_most: float) -> None:
        """Waits until every line is out, as many seconds as `at_most`."""
        until = time.monotonic() + at_most
        while (self._waiting or self._is_writing) and time.monotonic() < until:
            time.sleep(0.001)

    def _run(self) -> None:
        told = 0
        while True:
            with self._wake:
                while not self._waiting:
                    self._wake.wait()
                # In this order: flush looks at both, without the lock.
                self._is_writing, lines, self._waiting = True, bytes(self._waiting), bytearray()
            try:
                self._write(lines)
            except OSError:  # Nobody can read any more: nothing is left to be said.
                time.sleep(_BREATH)
            if self.dropped > told:
                dropped, told = self.dropped - told, self.dropped
                self.tell(dropped)
            self._is_writing = False
            time.sleep(_BREATH)
