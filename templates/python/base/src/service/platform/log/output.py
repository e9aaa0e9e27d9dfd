"""Keeps the service from waiting for whoever reads its log: one thread writes, all others leave their lines."""

import contextlib
import os
import queue
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
        self._lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        # Of those who leave lines. Whoever writes them takes no lock: a signal may be handled while this one is held.
        self._lock = threading.RLock()
        self._given = self._written = 0
        self.dropped = self._told = 0
        self.tell: Callable[[int], None] = lambda _: None
        """Hears how many lines were dropped, as soon as lines are taken again."""
        threading.Thread(target=self._run, name="log", daemon=True).start()

    def put(self, line: bytes) -> None:
        """Takes a whole line. It never waits and never fails."""
        with self._lock:
            if self._given - self._written > _MOST_WAITING:
                self.dropped += 1
                return
            self._given += len(line)
            self._lines.put(line)

    def flush(self, at_most: float) -> None:
        """Waits until every line is out, as many seconds as `at_most`."""
        until = time.monotonic() + at_most
        while (self._written < self._given or self._told < self.dropped) and time.monotonic() < until:
            time.sleep(0.001)

    def _run(self) -> None:
        while True:
            lines = self._lines.get() + b"".join(self._lines.get() for _ in range(self._lines.qsize()))
            with contextlib.suppress(OSError):  # Nobody can read any more: nothing is left to be said.
                self._write(lines)
            self._written += len(lines)
            dropped = self.dropped
            if dropped > self._told:
                self.tell(dropped - self._told)
                self._told = dropped
            time.sleep(_BREATH)
