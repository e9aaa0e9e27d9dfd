"""Runs a task of `service.tasks` to its end; a signal stops it, which is a failure: it is not done."""

from service.platform.modules import names_of
from service.platform.process import Process, Stop


def run(process: Process, args: list[str]) -> int:
    """See the module."""
    known = names_of("service.tasks")
    if not args or args[0] not in known:
        fault = f'unknown task "{args[0]}"' if args else "run takes the name of a task"
        raise process.usage(f"{fault}, expected one of: {', '.join(known)}")
    with Stop(process) as stop:
        config = process.load()  # Whoever made a mistake need not wait for what follows.
        from service.platform.task import run_task  # It takes a while to import, and a signal may come meanwhile.

        return run_task(process, config, stop, args[0], args[1:])
