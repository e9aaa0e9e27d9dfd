"""Serves requests."""

from service.platform.process import Process, Stop


def run(process: Process, args: list[str]) -> int:
    """See the module."""
    if args:
        raise process.usage("web takes no arguments")
    with Stop(process) as stop:
        # It takes a while to import, and a signal may come meanwhile.
        from service.platform.server.serve import run_app

        return run_app(process, stop)
