import asyncio
import signal
import sys
import threading
import types

import pytest

from service.platform.process import Exit, Failure
from service.platform.task import Arguments, Run, Task, whole
from service.platform.verbs import run as verb
from service.testing import run_verb
from service.testing.fixtures import MakeService


async def works(_: Task) -> None:
    """It is done."""


async def fails(_: Task) -> None:
    raise ValueError("because")


async def foresees(_: Task) -> None:
    raise Failure(Exit.UNAVAILABLE, "so", event="stock.away", of="stock")


async def waits(_: Task) -> None:
    # To a thread that sleeps on: the system may choose any.
    threading.Timer(0.1, lambda: signal.pthread_kill(threading.get_ident(), signal.SIGTERM)).start()
    await asyncio.sleep(60)


async def does_not_listen(task: Task) -> None:
    try:
        await waits(task)
    finally:
        await asyncio.sleep(1)


@pytest.fixture
def task_of(monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    """A task that is there in this test alone."""
    module = types.ModuleType("service.tasks.sample")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(verb, "names_of", lambda _: ["sample"])
    return module


@pytest.mark.parametrize(
    ("run", "code", "level", "fields"),
    [
        (works, 0, "info", {"event.name": "task.done"}),
        (fails, 1, "fatal", {"event.name": "task.failed", "err": "ValueError: because"}),
        (foresees, 69, "fatal", {"event.name": "task.failed", "reason": "stock.away", "of": "stock", "msg": "so"}),
        (waits, 1, "warn", {"event.name": "task.stopped"}),
        (does_not_listen, 1, "error", {"event.name": "shutdown.timeout"}),
    ],
)
def test_how_a_task_ends(task_of: types.ModuleType, run: Run, code: int, level: str, fields: dict[str, str]) -> None:
    vars(task_of)["run"] = run
    found, lines = run_verb("run", "sample", SHUTDOWN_TIMEOUT_MS="200")
    last = next(line for line in lines if line.get("task") == "sample")
    assert (found, last["level"]) == (code, level)
    assert {name: last[name] for name in fields} == fields


def test_options_may_stand_among_the_arguments(make_service: MakeService) -> None:
    arguments = Arguments()
    arguments.add_argument("items", nargs="*")
    arguments.add_argument("--size", type=whole(1, 10), default=5)
    app = make_service().service
    read = Task(app, "sample", ["a", "--size", "7", "b", "--", "--c"]).parse(arguments)
    assert (read.items, read.size) == (["a", "b", "--c"], 7)
    for args in ("--size 11", "--size 0", "--size 1x", "--size 1_0", "--size", "--siz 7", "--dance"):
        with pytest.raises(Failure) as failure:
            Task(app, "sample", args.split()).parse(arguments)
        assert failure.value.code == Exit.USAGE
